// The file system of one host: inodes in a shared frozen image plus an overlay, and mounts (/proc, /sys). Linux counterpart: fs/namei.c, ext4.
// CONTRACT (being implemented): every name below is what others call.
import type { Bytes } from '../lib/text';
import type { InodeFile, OpenFile } from './open_file';
import type { Process } from './process';
import type { OpenFlags } from './syscall';

export type FileType = 'file' | 'dir' | 'symlink' | 'chr' | 'blk' | 'fifo' | 'socket';

/** What stat(2) tells. Times are whole seconds since 1970 plus fraction. */
export interface Stat {
  ino: number; type: FileType; mode: number; nlink: number; uid: number; gid: number; size: number;
  atime: number; mtime: number; ctime: number; blocks: number; dev: number; rdevMajor: number; rdevMinor: number;
}

export interface Vfs {
  /** open(2). Throws SysError (ENOENT, EISDIR, EACCES, EPERM for +i, ENOTDIR, EEXIST, ELOOP). */
  open(p: Process, path: Bytes, flags: OpenFlags, mode: number): OpenFile;
  /** Writes at the file's position (or the end when append). Virtual files pass the bytes to their handler, which may throw EINVAL and others. */
  writeOpen(p: Process, f: InodeFile, data: Bytes): void;
  /** Content of a regular file's inode. */
  data(ino: number): Bytes;
  isDirectory(ino: number): boolean;
  stat(p: Process, path: Bytes): Stat;
  lstat(p: Process, path: Bytes): Stat;
  fstat(p: Process, f: OpenFile): Stat;
  /** Names in a directory in creation order, without . and .. */
  readdir(p: Process, path: Bytes): Bytes[];
  readlink(p: Process, path: Bytes): Bytes;
  /** realpath(3). */
  realpath(p: Process, path: Bytes): Bytes;
  mkdir(p: Process, path: Bytes, mode: number): void;
  rmdir(p: Process, path: Bytes): void;
  unlink(p: Process, path: Bytes): void;
  rename(p: Process, from: Bytes, to: Bytes): void;
  link(p: Process, from: Bytes, to: Bytes): void;
  symlink(p: Process, target: Bytes, path: Bytes): void;
  mkfifo(p: Process, path: Bytes, mode: number): void;
  chmod(p: Process, path: Bytes, mode: number): void;
  chown(p: Process, path: Bytes, uid: number, gid: number, follow: boolean): void;
  truncate(p: Process, path: Bytes, size: number): void;
  /** Seconds since 1970; null keeps. */
  utimes(p: Process, path: Bytes, atime: number | null, mtime: number | null, follow?: boolean): void;
  /** ext4 attributes (lsattr letters such as 'i', 'a', 'e'). */
  getAttrs(p: Process, path: Bytes): string;
  setAttrs(p: Process, path: Bytes, attrs: string): void;
  /** access(2): mode bits 4 read, 2 write, 1 execute, 0 exists. */
  access(p: Process, path: Bytes, mode: number): boolean;
  /** What execve would run: a program name of this build, or the text of a script. Throws ENOENT, EACCES, EISDIR, ENOTDIR. */
  executable(p: Process, path: Bytes): { program: string | null; text: Bytes };
}
