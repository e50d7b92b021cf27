// Settings from files at boot. Linux counterpart: systemd-sysctl(8), sysctl.d(5).
import type { Bytes } from '../lib/text';
import { sysctlList, sysctlWrite } from '../kernel/core/sysctl';
import { shellGlob } from './daemons/glob';
import type { Host } from './host';

const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/lib/sysctl.d'] as const;

/** Assignments of a file in order; comments and lines without `=` are left out. A leading `-` ignores errors. */
export function sysctlLines(text: Bytes): { key: Bytes; value: Bytes }[] {
  const found: { key: Bytes; value: Bytes }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const eq = line.indexOf('=');
    if (line === '' || line.startsWith('#') || line.startsWith(';') || eq < 0) continue;
    found.push({ key: line.slice(0, eq).trim().replace(/^-/, ''), value: line.slice(eq + 1).trim() });
  }
  return found;
}

/** Path below /proc/sys of a key: dots and slashes change places unless a slash comes first. */
export function sysctlPath(key: Bytes): Bytes {
  const firstDot = key.indexOf('.');
  const firstSlash = key.indexOf('/');
  if (firstSlash >= 0 && (firstDot < 0 || firstSlash < firstDot)) return key;
  return key.replace(/[./]/g, (c) => (c === '.' ? '/' : '.'));
}

/** Applies all files: sorted by name over all directories, a name in /etc hiding the same name elsewhere. /etc/sysctl.conf is read last where no link names it. */
export function applySysctls(host: Host): void {
  const files = new Map<Bytes, Bytes>();
  for (const dir of DIRECTORIES) for (const name of host.vfs.names(dir)) if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${dir}/${name}`);
  for (const name of [...files.keys()].sort()) apply(host, host.vfs.read(files.get(name)!) ?? '');
  if (host.image.packaging === 'dpkg' && !files.has('99-sysctl.conf')) apply(host, host.vfs.read('/etc/sysctl.conf') ?? '');
}

function apply(host: Host, text: Bytes): void {
  for (const { key, value } of sysctlLines(text)) {
    const path = sysctlPath(key);
    const paths = path.includes('*')
      ? (shellGlob({ names: (dir) => namesUnder(host, dir) }, `/${path}`) ?? []).map((f) => f.slice(1))
      : [path];
    for (const one of paths) sysctlWrite(host.kernel, one, `${value}\n`);
  }
}

const namesUnder = (host: Host, dir: Bytes): Bytes[] => {
  const under = dir === '/' ? '' : `${dir.slice(1)}/`;
  return [...new Set(sysctlList(host.kernel).filter((f) => f.startsWith(under)).map((f) => f.slice(under.length).split('/')[0]!))];
};
