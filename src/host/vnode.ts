// Nodes of virtual file systems (/proc, /sys, /dev/pts): made when looked up, never stored. Linux counterpart: fs/proc/generic.c.
import type { Errno } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { FileType } from './inode';
import type { OpenFile } from './open_file';

/** A node of a virtual mount. It holds closures, so it must never be kept in state. */
export interface VNode {
  readonly type: FileType;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  /** st_size; 0 as most of /proc, 4096 as sysfs files. */
  readonly size?: number;
  /** Device numbers of a chr node. */
  readonly rdev?: readonly [number, number];
  /** Content, made when the file is opened. */
  readonly read?: () => Bytes | Errno;
  /** Takes what was written; an errno refuses it. */
  readonly write?: (data: Bytes) => Errno | null;
  /** Names of a directory. */
  readonly list?: () => Bytes[];
  /** Target of a symbolic link. */
  readonly target?: () => Bytes;
  /** A magic link (/proc/PID/fd/N): opening it gives this open file again. */
  readonly magic?: () => OpenFile | null;
}

/** A virtual directory. */
export const vdir = (list: () => Bytes[], mode = 0o555): VNode => ({ type: 'dir', mode, list });
/** A virtual read-only file. */
export const vfile = (read: () => Bytes, mode = 0o444, size = 0): VNode => ({ type: 'file', mode, read, size });
/** A virtual symbolic link. */
export const vlink = (target: () => Bytes): VNode => ({ type: 'symlink', mode: 0o777, target });
