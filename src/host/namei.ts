// Path names to nodes: symbolic links, dot-dot, mounts, search permission. Linux counterpart: fs/namei.c.
import { type Errno, SysError } from '../lib/errno';
import { hash32 } from '../lib/rng';
import type { Bytes } from '../lib/text';
import type { Inode } from './inode';
import type { Process } from './process';
import { MOUNTS, virtualNode } from './proc';
import type { Vfs } from './vfs';
import type { VNode } from './vnode';

/** What a path names: a stored inode, or a node of a virtual mount. */
export interface Node {
  readonly inode: Inode | null;
  readonly virtual: VNode | null;
}

/** Result of a walk. `node` is null when the last name does not exist in `parent`. */
export interface Found {
  /** Canonical absolute path (all links resolved save, without follow, the last). */
  readonly path: Bytes;
  readonly node: Node | null;
  readonly parent: Node;
  readonly parentPath: Bytes;
  /** Last name; '.' or '..' when the path ended so, '' for the root. */
  readonly last: Bytes;
  /** The path ended in a slash. */
  readonly slash: boolean;
}

const MAX_LINKS = 40;

/** Inode number of a virtual node. */
export const virtualIno = (path: Bytes): number => 4_026_531_840 + (hash32(path) % 268_435_455);
/** True for inode numbers of virtual nodes. */
export const isVirtualIno = (ino: number): boolean => ino >= 4_026_531_840;

export const nodeType = (n: Node): string => (n.inode ?? n.virtual!).type;

/** The mount a canonical path lies in, or null for the stored file system. */
export function mountOf(path: Bytes): Bytes | null {
  if (path.startsWith('/proc') && (path.length === 5 || path[5] === '/')) return '/proc';
  if (path.startsWith('/sys') && (path.length === 4 || path[4] === '/')) return '/sys';
  if (path.startsWith('/dev/pts') && (path.length === 8 || path[8] === '/')) return '/dev/pts';
  return null;
}

/** True where something is mounted (cannot be removed or renamed). */
export const isMountPoint = (path: Bytes): boolean => path === '/' || MOUNTS[path] !== undefined;

const KERNEL = Object.freeze({ uid: 0, gid: 0 });

/** Who `p` is for a file: on an NFS mount, whom the server takes it for. */
export const actor = (p: Process | null, i: Inode | null): { readonly uid: number; readonly gid: number } =>
  p === null ? KERNEL : i?.nfs === undefined || p.host.nfs === null ? p : p.host.nfs.identity(i.nfs.mount, p);

/** True for a file on an NFS mount where nobody may write. */
export const readOnly = (vfs: Vfs, i: Inode | null): boolean => i?.nfs !== undefined && vfs.host.nfs !== null && vfs.host.nfs.readOnly(i.nfs.mount);

/** A file of a mount on which nothing may be run (path_noexec). */
export const noExec = (vfs: Vfs, i: Inode | null): boolean => i?.nfs !== undefined && i.type === 'file' && vfs.host.nfs !== null && vfs.host.nfs.noExec(i.nfs.mount);

/** May `p` do `want` (4 read, 2 write, 1 execute or search) to the node? Root may all but execute a file nobody may. */
export function permits(p: Process | null, n: Node, want: number): boolean {
  const i = n.inode;
  const v = n.virtual;
  const mode = i === null ? v!.mode : i.mode;
  const type = i === null ? v!.type : i.type;
  const who = actor(p, i);
  if (who.uid === 0) return (want & 1) === 0 || type === 'dir' || (mode & 0o111) !== 0;
  const shift = who.uid === (i === null ? (v!.uid ?? 0) : i.uid) ? 6 : who.gid === (i === null ? (v!.gid ?? 0) : i.gid) ? 3 : 0;
  return (((mode >> shift) & 7) & want) === want;
}

/** Walks a path. `follow` says whether a link in last place is followed. Throws ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG. */
export function walk(vfs: Vfs, p: Process | null, path: Bytes, follow: boolean): Found {
  const found = tryWalk(vfs, p, path, follow);
  if (typeof found === 'string') throw new SysError(found);
  return found;
}

/** The same with the error as a value: who looks whether a file is there (every unit, every boot) has no use for an exception. */
export function tryWalk(vfs: Vfs, p: Process | null, path: Bytes, follow: boolean): Found | Errno {
  if (path === '') return 'ENOENT';
  if (path.length >= 4096) return 'ENAMETOOLONG';
  const absolute = path.charCodeAt(0) === 47 ? path : `${p === null ? '/' : p.cwd}/${path}`;
  // Names still to walk, next one last; a link's target is pushed on top of what follows it.
  const todo: Bytes[] = [];
  push(todo, absolute);
  const slash = path.endsWith('/');
  const nodes: Node[] = [{ inode: vfs.root(), virtual: null }];
  const paths: Bytes[] = ['/'];
  let links = 0;
  let last: Bytes = '';
  while (todo.length > 0) {
    const name = todo.pop()!;
    const dir = nodes[nodes.length - 1]!;
    const dirPath = paths[paths.length - 1]!;
    if (nodeType(dir) !== 'dir') return 'ENOTDIR';
    if (!permits(p, dir, 1)) return 'EACCES';
    last = name;
    if (name === '.') continue;
    if (name === '..') {
      if (nodes.length > 1) {
        nodes.pop();
        paths.pop();
      }
      continue;
    }
    if (name.length > 255) return 'ENAMETOOLONG';
    const full = dirPath === '/' ? `/${name}` : `${dirPath}/${name}`;
    const node = child(vfs, p, dir, name, full);
    if (typeof node === 'string') return node;
    if (node === null) {
      if (todo.length > 0) return 'ENOENT';
      return { path: full, node: null, parent: dir, parentPath: dirPath, last: name, slash };
    }
    if (nodeType(node) === 'symlink' && (follow || todo.length > 0 || slash)) {
      if (++links > MAX_LINKS) return 'ELOOP';
      if (node.virtual?.magic !== undefined && todo.length === 0) {
        return { path: full, node, parent: dir, parentPath: dirPath, last: name, slash };
      }
      const target = node.inode === null ? node.virtual!.target!() : node.inode.data;
      if (target === '') return 'ENOENT';
      if (target.charCodeAt(0) === 47) {
        nodes.length = 1;
        paths.length = 1;
      }
      push(todo, target);
      continue;
    }
    nodes.push(node);
    paths.push(full);
  }
  const node = nodes[nodes.length - 1]!;
  const at = paths[paths.length - 1]!;
  if (slash && nodeType(node) !== 'dir') return 'ENOTDIR';
  const up = Math.max(0, nodes.length - 2);
  return { path: at, node, parent: nodes[up]!, parentPath: paths[up]!, last: last === '.' || last === '..' ? last : at === '/' ? '' : at.slice(at.lastIndexOf('/') + 1), slash };
}

/** Pushes a path's names so that the first is popped first. */
function push(todo: Bytes[], path: Bytes): void {
  let end = path.length;
  while (end > 0) {
    const at = path.lastIndexOf('/', end - 1);
    if (at + 1 < end) todo.push(path.slice(at + 1, end));
    end = at;
  }
}

function child(vfs: Vfs, p: Process | null, dir: Node, name: Bytes, full: Bytes): Node | Errno | null {
  const mount = mountOf(full);
  if (mount !== null) {
    const v = virtualNode(vfs.host, p, mount, full);
    return v === null ? null : { inode: null, virtual: v };
  }
  const mounted = vfs.mounts.size === 0 ? undefined : vfs.mounts.get(full);
  const ino = mounted ?? dir.inode!.entries!.get(name);
  if (vfs.met !== null && (mounted !== undefined || dir.inode!.nfs !== undefined)) vfs.met.push({ dir: mounted === undefined ? dir.inode!.ino : 0, name, ino, list: false });
  if (ino === undefined) return null;
  const inode = vfs.inode(ino)!;
  if (inode.nfs !== undefined) {
    const refused = vfs.host.nfs?.errorOf(inode) ?? null;
    if (refused !== null) return refused;
  }
  return { inode, virtual: null };
}
