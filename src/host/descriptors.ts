// Descriptor tables: install, duplicate, close; pipes. Linux counterpart: fs/file.c, fs/pipe.c.
import { SysError } from '../lib/errno';
import type { OpenFile, Pipe } from './open_file';
import type { Process } from './process';
import { closeSocket } from './socket';

/** The open file behind `fd`. Throws EBADF. */
export function fileOf(p: Process, fd: number): OpenFile {
  const f = p.fds.get(fd);
  if (f === undefined) throw new SysError('EBADF');
  return f;
}

/** Gives `file` the lowest free descriptor from `min` on and counts the reference. */
export function installFd(p: Process, file: OpenFile, min = 0): number {
  let fd = min;
  while (p.fds.has(fd)) fd++;
  if (fd >= 1024) throw new SysError('EMFILE');
  file.refs++;
  p.fds.set(fd, file);
  return fd;
}

/** dup2(2): makes `to` point where `from` does. */
export function dup2(p: Process, from: number, to: number): void {
  const f = fileOf(p, from);
  if (from === to) return;
  if (p.fds.has(to)) closeFd(p, to);
  f.refs++;
  p.fds.set(to, f);
}

/** Puts an open file at descriptor `fd`, closing what was there. */
export function setFd(p: Process, fd: number, file: OpenFile): void {
  file.refs++;
  if (p.fds.has(fd)) closeFd(p, fd);
  p.fds.set(fd, file);
}

/** close(2). Throws EBADF. */
export function closeFd(p: Process, fd: number): void {
  const f = fileOf(p, fd);
  p.fds.delete(fd);
  releaseFile(p, f);
}

/** Drops one reference; the last one closes the pipe end or socket. */
export function releaseFile(p: Process, f: OpenFile): void {
  f.refs--;
  if (f.refs > 0) return;
  if (f.kind === 'pipe') {
    if (f.readable) {
      f.pipe.readers--;
      p.host.wake(f.pipe.writeQueue);
    }
    if (f.writable) {
      f.pipe.writers--;
      p.host.wake(f.pipe.readQueue);
    }
  } else if (f.kind === 'socket') closeSocket(p.host, f);
}

/** pipe(2): [read end, write end] as open files with no descriptor yet. */
export function makePipe(p: Process): [OpenFile, OpenFile] {
  const pipe: Pipe = { data: '', readers: 1, writers: 1, readQueue: p.host.newQueue(), writeQueue: p.host.newQueue() };
  return [
    { kind: 'pipe', refs: 0, readable: true, writable: false, pipe },
    { kind: 'pipe', refs: 0, readable: false, writable: true, pipe },
  ];
}
