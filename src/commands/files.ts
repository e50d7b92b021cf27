// What file commands share: writing to a named file, types, mode strings, users and groups. Counterpart: gnulib filemode.c, idcache.c.
import type { Stat } from '../host/vfs';
import type { Bytes } from '../lib/text';
import type { Process } from '../host/process';
import { open, readFile } from '../host/syscall';
import { attempt } from './io';

/** Opens for writing as `>` does (or `>>`). Throws SysError. */
export function openWrite(p: Process, name: Bytes, append = false): number {
  return open(p, name, append ? { write: true, create: true, append: true } : { write: true, create: true, truncate: true });
}

/** `-rwxr-xr-x` of a stat. */
export function modeString(st: Stat): string {
  const type = { file: '-', dir: 'd', symlink: 'l', chr: 'c', blk: 'b', fifo: 'p', socket: 's' }[st.type];
  const m = st.mode;
  const rwx = (shift: number, special: number, letter: string): string => {
    const x = (m >> shift) & 1;
    const s = (m & special) !== 0;
    return `${(m >> shift) & 4 ? 'r' : '-'}${(m >> shift) & 2 ? 'w' : '-'}${s ? (x ? letter : letter.toUpperCase()) : x ? 'x' : '-'}`;
  };
  return `${type}${rwx(6, 0o4000, 's')}${rwx(3, 0o2000, 's')}${rwx(0, 0o1000, 't')}`;
}

/** The type in words, as stat's %F and cmp say it. */
export function typeName(st: Stat): string {
  if (st.type === 'file') return st.size === 0 ? 'regular empty file' : 'regular file';
  return { dir: 'directory', symlink: 'symbolic link', chr: 'character special file', blk: 'block special file', fifo: 'fifo', socket: 'socket' }[st.type];
}

/** Rows of a colon-separated file such as /etc/passwd; none when it cannot be read. */
export function colonRows(p: Process, path: string): string[][] {
  let text = '';
  attempt(() => {
    text = readFile(p, path);
  });
  return text.split('\n').filter((l) => l !== '').map((l) => l.split(':'));
}

/** A row of /etc/passwd. */
export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

export function users(p: Process): User[] {
  return colonRows(p, '/etc/passwd').filter((r) => r.length >= 7).map((r) => ({ name: r[0]!, uid: Number(r[2]), gid: Number(r[3]), home: r[5]!, shell: r[6]! }));
}

/** A row of /etc/group. */
export interface Group {
  name: string;
  gid: number;
  members: string[];
}

export function groups(p: Process): Group[] {
  return colonRows(p, '/etc/group').filter((r) => r.length >= 3).map((r) => ({ name: r[0]!, gid: Number(r[2]), members: (r[3] ?? '').split(',').filter((m) => m !== '') }));
}

export const userName = (p: Process, uid: number): string | null => users(p).find((u) => u.uid === uid)?.name ?? null;
export const groupName = (p: Process, gid: number): string | null => groups(p).find((g) => g.gid === gid)?.name ?? null;

/** Joins a directory and a name. */
export function joinPath(dir: Bytes, name: Bytes): Bytes {
  return dir.endsWith('/') ? `${dir}${name}` : `${dir}/${name}`;
}

/** Last component as basename(1) gives it. */
export function lastPart(path: Bytes): Bytes {
  const cut = path.replace(/\/+$/, '');
  if (cut === '') return path === '' ? '' : '/';
  return cut.slice(cut.lastIndexOf('/') + 1);
}

/** Everything before the last component, as dirname(1) gives it. */
export function dirPart(path: Bytes): Bytes {
  const cut = path.replace(/\/+$/, '');
  if (cut === '') return path.startsWith('/') ? '/' : '.';
  const slash = cut.lastIndexOf('/');
  if (slash < 0) return '.';
  return cut.slice(0, slash).replace(/\/+$/, '') || '/';
}
