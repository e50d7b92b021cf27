// Inodes, and the two layers they live in: a shared frozen image below, a copy-on-write overlay above. Linux counterpart: ext4 on overlayfs.
import type { Bytes } from '../lib/text';

export type FileType = 'file' | 'dir' | 'symlink' | 'chr' | 'blk' | 'fifo' | 'socket';

/** One inode. Times are seconds since 1970 with a fraction. */
export interface Inode {
  readonly ino: number;
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: 07777. */
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  /** Content of a regular file; target of a symbolic link. */
  data: Bytes;
  /** Names of a directory in creation order; null for all else. */
  entries: Map<Bytes, number> | null;
  atime: number;
  mtime: number;
  ctime: number;
  /** ext4 attribute letters besides 'e' (extents, always there): 'i', 'a', ... in lsattr's order. */
  attrs: string;
  /** Program of this build that the file stands for; null for plain content. */
  program: string | null;
  /** Device numbers of chr and blk. */
  major: number;
  minor: number;
  /** A copy of a file on an NFS server: the mount, and its size while the content is not at hand (else -1). */
  nfs?: { readonly mount: number; readonly size: number };
}

/** The one disk: its size, what the system takes of it (1K blocks), and its inodes. */
export const DISK_KB = 20_511_312;
export const SYSTEM_KB = 1_843_200;
export const INODES = 1_310_720;

/** Number of the root directory (ext4). */
export const ROOT_INO = 2;

/** Files of an image: frozen as a whole and never changed, so hosts and forks share it. */
export interface Layer {
  readonly inodes: ReadonlyMap<number, Inode>;
  /** First inode number free for what a host creates. */
  readonly nextIno: number;
  /** Block size of the file system, bytes. */
  readonly blockSize: number;
}

/** A clean inode with one link (directories: two). */
export function newInode(ino: number, type: FileType, mode: number, uid: number, gid: number, now: number): Inode {
  return {
    ino, type, mode, uid, gid, nlink: type === 'dir' ? 2 : 1, data: '', entries: type === 'dir' ? new Map() : null,
    atime: now, mtime: now, ctime: now, attrs: '', program: null, major: 0, minor: 0,
  };
}

/** st_size: bytes of content, or whole blocks for a directory's names. */
export function sizeOf(inode: Inode, blockSize: number): number {
  if (inode.nfs !== undefined && inode.nfs.size >= 0) return inode.nfs.size;
  if (inode.entries === null) return inode.type === 'chr' || inode.type === 'blk' ? 0 : inode.program === null ? inode.data.length : programSize(inode.program);
  let used = 24;
  for (const name of inode.entries.keys()) used += 8 + ((name.length + 3) & ~3);
  return Math.max(1, Math.ceil(used / blockSize)) * blockSize;
}

/** A plausible, fixed size for an executable that has no bytes here. */
function programSize(program: string): number {
  let h = 7;
  for (let i = 0; i < program.length; i++) h = (h * 31 + program.charCodeAt(i)) >>> 0;
  return 14_456 + (h % 20_000) * 8;
}

/** st_blocks in units of 512 bytes; links of up to 59 bytes live in the inode. */
export function blocksOf(inode: Inode, blockSize: number): number {
  const size = sizeOf(inode, blockSize);
  if (inode.type === 'symlink' && size < 60) return 0;
  if (inode.type !== 'file' && inode.type !== 'dir' && inode.type !== 'symlink') return 0;
  return (Math.ceil(size / blockSize) * blockSize) / 512;
}
