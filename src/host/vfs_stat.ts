// stat(2): what is told about stored inodes, virtual nodes and open files. Linux counterpart: fs/stat.c.
import type { Bytes } from '../lib/text';
import { blocksOf, type FileType, type Inode, sizeOf } from './inode';
import { mountOf, type Node, virtualIno } from './namei';
import type { OpenFile } from './open_file';
import { MOUNTS } from './proc';
import type { Vfs } from './vfs';

/** What stat(2) tells. Times are whole seconds since 1970 plus fraction. */
export interface Stat {
  ino: number; type: FileType; mode: number; nlink: number; uid: number; gid: number; size: number;
  atime: number; mtime: number; ctime: number; blocks: number; dev: number; rdevMajor: number; rdevMinor: number;
}

/** The number a file is told to have: on an NFS mount the server's. */
const fileId = (vfs: Vfs, i: Inode): number => (i.nfs === undefined ? i.ino : (vfs.host.nfs?.mountOf(i.nfs.mount)?.nodes.get(i.ino)?.fh ?? i.ino));

/** stat of a node found at a canonical path. */
export function statNode(vfs: Vfs, path: Bytes, node: Node): Stat {
  const i = node.inode;
  if (i !== null) {
    return {
      ino: fileId(vfs, i), type: i.type, mode: i.mode, nlink: i.nlink, uid: i.uid, gid: i.gid, size: sizeOf(i, vfs.blockSize), atime: i.atime, mtime: i.mtime,
      ctime: i.ctime, blocks: blocksOf(i, vfs.blockSize), dev: i.nfs === undefined ? 2049 : 40 + i.nfs.mount, rdevMajor: i.major, rdevMinor: i.minor,
    };
  }
  const v = node.virtual!;
  const t = vfs.now();
  return {
    ino: virtualIno(path), type: v.type, mode: v.mode, nlink: v.type === 'dir' ? 2 : 1, uid: v.uid ?? 0, gid: v.gid ?? 0, size: v.size ?? 0,
    atime: t, mtime: t, ctime: t, blocks: 0, dev: MOUNTS[mountOf(path) ?? '/proc'] ?? 0, rdevMajor: v.rdev?.[0] ?? 0, rdevMinor: v.rdev?.[1] ?? 0,
  };
}

/** fstat of what has no inode of its own: terminals, pipes, sockets, devices. */
export function statOpen(f: OpenFile, now: number): Stat {
  const s: Stat = {
    ino: 3, type: 'chr', mode: 0o666, nlink: 1, uid: 0, gid: 0, size: 0, atime: now, mtime: now, ctime: now, blocks: 0, dev: 5, rdevMajor: 1, rdevMinor: 3,
  };
  if (f.kind === 'tty') return { ...s, ino: 3 + f.tty, mode: 0o620, gid: 5, dev: 24, rdevMajor: 136, rdevMinor: f.tty };
  if (f.kind === 'pipe' || f.kind === 'buffer') return { ...s, type: 'fifo', mode: 0o600, dev: 12, rdevMajor: 0, rdevMinor: 0 };
  if (f.kind === 'socket') return { ...s, type: 'socket', mode: 0o777, dev: 8, rdevMajor: 0, rdevMinor: 0 };
  return { ...s, rdevMinor: f.kind === 'zero' ? 5 : f.kind === 'full' ? 7 : f.kind === 'random' ? 9 : 3 };
}
