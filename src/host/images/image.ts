// What an installed system is: files, packages, defaults. An image is data and frozen, so that every host and fork shares it.
// Linux counterpart: the disk after an installation.
import { hash32 } from '../../lib/rng';
import type { Bytes } from '../../lib/text';
import { type Inode, type Layer, newInode, ROOT_INO } from '../inode';

/** A file of an image or package. `text` is content; `to` makes it a symbolic link; `program` an executable of this build. */
export interface ImageFile {
  readonly text?: Bytes;
  readonly to?: Bytes;
  readonly program?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly type?: 'dir' | 'chr' | 'blk';
  readonly rdev?: readonly [number, number];
}
/** Absolute path to file; a string is its content. */
export type ImageFiles = Readonly<Record<string, ImageFile | Bytes>>;

/** A package: what `yum install` or the installer brings. */
export interface PackageSpec {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly summary: string;
  /** Repository it comes from. */
  readonly repo: string;
  /** Installed size, bytes. */
  readonly size: number;
  readonly files?: ImageFiles;
  readonly requires?: readonly string[];
  /** Lines its installation adds to /etc/passwd and /etc/group. */
  readonly accounts?: { readonly passwd: readonly Bytes[]; readonly group: readonly Bytes[] };
  /** Units enabled when installed. */
  readonly enables?: readonly string[];
}

/** What the text of an image is, before commands are put in. */
export interface ImageSpec {
  readonly name: string;
  /** How people call it, e.g. 'Debian GNU/Linux 12 (bookworm)'. */
  readonly pretty: string;
  readonly blockSize: number;
  /** Where its package data come from: 'rpm' or 'dpkg'. */
  readonly packaging: 'rpm' | 'dpkg';
  readonly files: ImageFiles;
  readonly packages: readonly PackageSpec[];
  /** Names of packages installed from the start; all others can be installed. */
  readonly installed: readonly string[];
  /** Packages named by commands that the image treats as part of another of its own. */
  readonly packageOf: Readonly<Record<string, string>>;
  /** True: commands of packages the image does not list are there too. */
  readonly installsAll: boolean;
  /** Commands never installed on this image (by name). */
  readonly without: readonly string[];
  /** Environment of a login, in order. */
  readonly env: Readonly<Record<string, string>>;
  readonly prompt: Bytes;
  /** uname -r and /proc/version. */
  readonly kernelRelease: string;
  readonly kernelVersion: string;
  /** Who built it with which compiler, as /proc/version says. */
  readonly kernelBuilder: string;
  readonly machine: string;
  /** uname -p and -i: 'unknown' where coreutils is not patched to know. */
  readonly platform: string;
  /** Units enabled from the start. */
  readonly enabled: readonly string[];
  /** HTTP daemon's personality. */
  readonly httpd: 'nginx' | 'httpd';
}

/** What an image needs to know of a command. */
export interface CommandFile {
  readonly name: string;
  /** Absolute path of the executable; '' when there is none. */
  readonly path: string;
  readonly package: string;
}

/** A built image: the spec and its files as inodes, with the executables of installed packages. */
export interface Image extends ImageSpec, Layer {
  /** Commands by the package that brings them, for later installation. */
  readonly commandsOf: Readonly<Record<string, readonly CommandFile[]>>;
}

/** When the image's files were made, seconds since 1970 (2025-11-01 00:00 UTC). */
const MADE = 1_761_955_200;

/** Package a command belongs to on an image. */
export function packageFor(spec: ImageSpec, c: CommandFile): string {
  return spec.packageOf[c.name] ?? spec.packageOf[c.package] ?? c.package;
}

/** Builds an image. Costly (thousands of inodes): do it once per image and share the result. */
export function buildImage(spec: ImageSpec, commands: readonly CommandFile[]): Image {
  const inodes = new Map<number, Inode>();
  const root = newInode(ROOT_INO, 'dir', 0o755, 0, 0, MADE);
  inodes.set(ROOT_INO, root);
  let next = 11;
  const time = (path: string): number => MADE - (hash32(path) % 8_000_000);
  const dirAt = (path: string): Inode => {
    let dir = root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      const ino = dir.entries!.get(name);
      const node = ino === undefined ? undefined : inodes.get(ino)!;
      if (node?.type === 'symlink') {
        dir = dirAt(node.data.startsWith('/') ? node.data : `/${node.data}`);
        continue;
      }
      if (node !== undefined) {
        dir = node;
        continue;
      }
      const made = newInode(next++, 'dir', 0o755, 0, 0, time(`${path}/${name}`));
      inodes.set(made.ino, made);
      dir.entries!.set(name, made.ino);
      dir.nlink++;
      dir = made;
    }
    return dir;
  };
  const place = (path: string, given: ImageFile | Bytes): void => {
    const f: ImageFile = typeof given === 'string' ? { text: given } : given;
    if (f.type === 'dir') {
      const d = dirAt(path);
      if (f.mode !== undefined) d.mode = f.mode;
      if (f.uid !== undefined) d.uid = f.uid;
      if (f.gid !== undefined) d.gid = f.gid;
      return;
    }
    const slash = path.lastIndexOf('/');
    const dir = dirAt(path.slice(0, slash));
    const type = f.to !== undefined ? 'symlink' : (f.type ?? 'file');
    const mode = f.mode ?? (type === 'symlink' ? 0o777 : f.program !== undefined ? 0o755 : 0o644);
    const i = newInode(next++, type, mode, f.uid ?? 0, f.gid ?? 0, time(path));
    i.data = f.to ?? f.text ?? '';
    i.program = f.program ?? null;
    i.major = f.rdev?.[0] ?? 0;
    i.minor = f.rdev?.[1] ?? 0;
    inodes.set(i.ino, i);
    dir.entries!.set(path.slice(slash + 1), i.ino);
  };
  const placeAll = (files: ImageFiles): void => {
    for (const [path, f] of Object.entries(files)) place(path, f);
  };
  placeAll(spec.files);
  const known = new Set(spec.packages.map((p) => p.name));
  const commandsOf: Record<string, CommandFile[]> = {};
  for (const c of commands) {
    if (c.path === '' || spec.without.includes(c.name)) continue;
    const pkg = packageFor(spec, c);
    (commandsOf[pkg] ??= []).push(c);
    if (spec.installed.includes(pkg) || (!known.has(pkg) && spec.installsAll)) place(c.path, { program: c.name });
  }
  for (const p of spec.packages) if (spec.installed.includes(p.name) && p.files !== undefined) placeAll(p.files);
  return Object.freeze({ ...spec, inodes: Object.freeze(inodes), nextIno: 131_073, commandsOf: Object.freeze(commandsOf) });
}
