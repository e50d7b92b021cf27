// Files as the shell itself uses them: whole content, existence, the search along PATH. Linux counterpart: bash's findcmd.c.
import { SysError } from '../lib/errno';
import { permits } from '../host/namei';
import type { Stat } from '../host/vfs';
import { readFile } from '../host/syscall';
import type { Bytes } from '../lib/text';
import type { Shell } from './shell';
import { getOr } from './vars';

/** Content of a file; null when it cannot be read. */
export function readWholeFile(sh: Shell, path: Bytes): Bytes | null {
  try {
    return readFile(sh.p, path);
  } catch (e) {
    if (e instanceof SysError) return null;
    throw e;
  }
}

export function statOf(sh: Shell, path: Bytes, follow = true): Stat | null {
  try {
    return follow ? sh.p.host.vfs.stat(sh.p, path) : sh.p.host.vfs.lstat(sh.p, path);
  } catch (e) {
    if (e instanceof SysError) return null;
    throw e;
  }
}

/** All executable files of a name along PATH, in order. */
export function pathMatches(sh: Shell, name: Bytes, path = getOr(sh, 'PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')): Bytes[] {
  if (name.includes('/')) return isExecutable(sh, name) ? [name] : [];
  const out: Bytes[] = [];
  for (const dir of path.split(':')) {
    const full = dir === '' ? `./${name}` : `${dir.replace(/\/$/, '')}/${name}`;
    if (isExecutable(sh, full)) out.push(full);
  }
  return out;
}

function isExecutable(sh: Shell, path: Bytes): boolean {
  const node = sh.p.host.vfs.find(sh.p, path);
  if (node?.inode) return node.inode.type === 'file' && (node.inode.mode & 0o111) !== 0 && permits(sh.p, node, 1);
  const s = node === null ? null : statOf(sh, path);
  return s !== null && s.type === 'file' && (s.mode & 0o111) !== 0 && sh.p.host.vfs.access(sh.p, path, 1);
}

/** The first of them; undefined when there is none. */
function firstMatch(sh: Shell, name: Bytes): Bytes | undefined {
  for (const dir of getOr(sh, 'PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin').split(':')) {
    const full = dir === '' ? `./${name}` : `${dir.replace(/\/$/, '')}/${name}`;
    if (isExecutable(sh, full)) return full;
  }
  return undefined;
}

/** The table of commands found before; a new PATH has emptied it. */
export function hashTable(sh: Shell): Shell['hash'] {
  const path = getOr(sh, 'PATH', '');
  if (path !== sh.hashedUnder) {
    sh.hash.clear();
    sh.hashedUnder = path;
  }
  return sh.hash;
}

/** Path of a command by the hash table and PATH; null when there is none. A remembered file is not looked at again unless `checkhash` is on. */
export function findCommand(sh: Shell, name: Bytes): Bytes | null {
  // Without a PATH the name itself is tried, in the current directory.
  if (name.includes('/') || (name !== '' && getOr(sh, 'PATH', '') === '')) return name;
  const table = hashTable(sh);
  const known = table.get(name);
  if (known !== undefined && (!sh.shopts.has('checkhash') || isExecutable(sh, known.path))) {
    known.hits++;
    return known.path;
  }
  const found = firstMatch(sh, name);
  if (found === undefined) {
    // A file that is there but cannot be executed is found last (and refused with 126).
    for (const dir of getOr(sh, 'PATH', '').split(':')) {
      const full = `${dir || '.'}/${name}`;
      if (name !== '' && statOf(sh, full)?.type === 'file') return full;
    }
    return null;
  }
  if (sh.flags.has('h') && found.startsWith('/')) table.set(name, { path: found, hits: 1 });
  return found;
}

/** Absolute, tidied path for `cd` and `pwd -L`: `.` and `..` taken away by text. */
export function logicalPath(cwd: Bytes, path: Bytes): Bytes {
  const parts: Bytes[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
