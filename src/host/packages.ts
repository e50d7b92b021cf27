// Packages: what an image could install, what a host has, and putting one in or out. Linux counterpart: rpm's and dpkg's databases.
// Not modelled: versions to choose from, conflicts, scriptlets, configuration files kept as .rpmsave.
import type { Host } from './host';
import type { Bytes } from '../lib/text';
import type { ImageFiles, PackageSpec } from './images/image';
import { stopUnit, unitNames } from './unit';
import { disableUnit } from './unit_file';
import type { Op, Process } from './process';

/** All packages the image knows, by name: its own list, and one made up for each command's package it does not list. */
export function knownPackages(host: Host): Map<string, PackageSpec> {
  const found = new Map<string, PackageSpec>();
  for (const p of host.image.packages) found.set(p.name, p);
  const names = host.image.installsAll ? Object.keys(host.image.commandsOf).sort() : [];
  for (const name of names) {
    if (!found.has(name)) found.set(name, { name, version: '1.0', release: '1', arch: 'x86_64', summary: name, repo: 'base', size: 100_000 });
  }
  return found;
}

export const packageSpec = (host: Host, name: Bytes): PackageSpec | undefined => knownPackages(host).get(name.replace(/\.(x86_64|noarch)$/, ''));

/** True when a package is on the host. What the image puts on by itself without listing it counts, too. */
export function isInstalled(host: Host, name: string): boolean {
  if (host.packages.has(name)) return true;
  const listed = host.image.packages.some((p) => p.name === name);
  return !listed && host.image.installsAll && host.image.commandsOf[name] !== undefined && !host.packages.has(`-${name}`);
}

/** Name-version-release.arch. */
export const nevra = (p: PackageSpec): string => `${p.name}-${p.version}-${p.release}.${p.arch}`;

/** Packages that must come with `name`, itself last, without those installed. */
export function toInstall(host: Host, name: string): PackageSpec[] {
  const found: PackageSpec[] = [];
  const add = (n: string): void => {
    const spec = packageSpec(host, n);
    if (spec === undefined || isInstalled(host, n) || found.includes(spec)) return;
    for (const r of spec.requires ?? []) add(r);
    found.push(spec);
  };
  add(name);
  return found;
}

/** Paths of a package's files and executables. Red Hat's packages name them below /usr, where /bin and /sbin lead. */
export function packageFiles(host: Host, name: string): Bytes[] {
  const spec = packageSpec(host, name);
  const real = (path: Bytes): Bytes => (host.image.packaging === 'rpm' ? path.replace(/^\/s?bin\//, '/usr$&') : path);
  return [...(host.image.commandsOf[name] ?? []).map((c) => real(c.path)), ...Object.keys(spec?.files ?? {})].sort();
}

/** Puts a package's files on the disk. Configuration files that are there stay as they are. */
export function installPackage(host: Host, name: string): void {
  const spec = packageSpec(host, name);
  if (spec === undefined) return;
  for (const c of host.image.commandsOf[name] ?? []) host.vfs.putProgram(c.path, c.name);
  placeFiles(host, spec.files ?? {});
  addLines(host, '/etc/passwd', spec.accounts?.passwd ?? []);
  addLines(host, '/etc/group', spec.accounts?.group ?? []);
  host.packages.add(name);
  host.packages.delete(`-${name}`);
}

/** What a package's scriptlet does with useradd and groupadd: lines whose name is not there yet. */
function addLines(host: Host, path: Bytes, lines: readonly Bytes[]): void {
  const have = host.vfs.read(path) ?? '';
  const fresh = lines.filter((l) => !`\n${have}`.includes(`\n${l.slice(0, l.indexOf(':') + 1)}`));
  if (fresh.length > 0) host.vfs.put(path, fresh.map((l) => `${l}\n`).join(''), { append: true });
}

function placeFiles(host: Host, files: ImageFiles): void {
  for (const [path, given] of Object.entries(files)) {
    const f = typeof given === 'string' ? { text: given } : given;
    if ('type' in f && f.type === 'dir') {
      host.vfs.mkdirs(path, f.mode ?? 0o755);
      continue;
    }
    if (path.startsWith('/etc/') && host.vfs.exists(path)) continue;
    if ('to' in f && f.to !== undefined) {
      if (host.vfs.exists(path)) continue;
      host.vfs.mkdirs(path.slice(0, path.lastIndexOf('/')));
      host.vfs.symlink(null, f.to, path);
      continue;
    }
    host.vfs.put(path, f.text ?? '', { mode: ('mode' in f ? f.mode : undefined) ?? 0o644 });
  }
}

/** Takes a package off: its units are stopped and disabled, its files removed. */
export function* removePackage(p: Process, name: string): Op<void> {
  const host = p.host;
  for (const path of packageFiles(host, name)) {
    const unit = /^\/usr\/lib\/systemd\/system\/(.+\.service)$/.exec(path)?.[1];
    if (unit !== undefined && unitNames(host).includes(unit)) {
      yield* stopUnit(p, unit);
      disableUnit(host, unit);
    }
    if (host.vfs.exists(path) && host.vfs.stat(null, path).type !== 'dir') host.vfs.remove(path);
  }
  host.packages.delete(name);
  host.packages.add(`-${name}`);
}

/** The installed package that owns a path, or null. */
export function ownerOf(host: Host, path: Bytes): PackageSpec | null {
  for (const spec of knownPackages(host).values()) if (isInstalled(host, spec.name) && packageFiles(host, spec.name).includes(path)) return spec;
  return null;
}
