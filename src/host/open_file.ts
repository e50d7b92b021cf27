// Open files: what descriptors point at. Linux counterpart: struct file. Plain data, shared by the descriptors that were dup'ed from one another.
import type { Bytes } from '../lib/text';

/** A pipe's buffer (fs/pipe.c): 64 KiB, shared by its two ends. */
export interface Pipe {
  data: Bytes;
  readers: number;
  writers: number;
  /** Woken when data arrives or the last writer goes. */
  readQueue: number;
  /** Woken when room appears or the last reader goes. */
  writeQueue: number;
}

export const PIPE_SIZE = 65536;

interface Common {
  /** How many descriptors point here. */
  refs: number;
  readable: boolean;
  writable: boolean;
}

/** A regular file, directory or virtual file (/proc, /sys) by inode. */
export interface InodeFile extends Common {
  kind: 'inode';
  /** Path it was opened by (absolute, for /proc/PID/fd and messages). */
  path: string;
  ino: number;
  /** For a virtual file: what it held when opened; null for a real one. */
  snapshot: Bytes | null;
  pos: number;
  append: boolean;
}
export interface PipeFile extends Common {
  kind: 'pipe';
  pipe: Pipe;
}
export interface TtyFile extends Common {
  kind: 'tty';
  /** Index in host.ttys. */
  tty: number;
}
export interface NullFile extends Common {
  kind: 'null' | 'zero' | 'full' | 'random';
}
/** A kernel socket. */
export interface SocketFile extends Common {
  kind: 'socket';
  /** 'tcp' | 'udp' | 'icmp' | 'raw' | 'packet' slot in the kernel's tables. */
  family: 'tcp' | 'udp' | 'raw' | 'packet';
  sock: number;
  /** Wait queue woken when something happens to it. */
  queue: number;
}
/** What `lab.exec` reads: collects without limit or cost. */
export interface BufferFile extends Common {
  kind: 'buffer';
  /** Pieces written, in order. */
  parts: Bytes[];
  /** Pieces of several of them in the order they were written, for whoever shows both streams as a terminal would. */
  both?: Bytes[];
  /** Where this descriptor writes next, when the contents were cut off before that: the gap reads as NUL, as in a regular file. */
  lost?: number;
  /** What a reader gets (stdin given by the caller). */
  input: Bytes;
}

export type OpenFile = InodeFile | PipeFile | TtyFile | NullFile | SocketFile | BufferFile;
