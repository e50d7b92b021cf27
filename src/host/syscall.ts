// The calls a program makes: read, write, sleep, spawn, wait, and files by path. Linux counterpart: the system call table.
// Calls that may sleep are generators (`yield*`). Failures throw SysError; a caught signal during a sleep throws Interrupted.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { fileOf, installFd } from './descriptors';
import { EXEC_US, type Host } from './host';
import { arriving, refreshOpen } from './nfs/reach';
import { type OpenFile, PIPE_SIZE } from './open_file';
import { Killed, type Op, type Process, type Run, SIG } from './process';
import { socketRead, socketWrite } from './socket';
import { readCooked } from './tty_read';
import { waitOn } from './wait';

export { waitOn } from './wait';
export { closeFd, dup2, fileOf, installFd, makePipe, releaseFile, setFd } from './descriptors';

/** Terminals take this many bytes a microsecond, so that endless output cannot outrun time. */
const TTY_BYTES_PER_US = 4;

/** Current virtual time, us since the lab began. */
export const nowUs = (p: Process): number => p.host.world.clock.now;

/** Wall clock of the lab, seconds since 1970 (start time of the journal plus virtual time). */
export const wallSeconds = (p: Process): number => p.host.world.epoch + p.host.world.clock.now / 1e6;


/** Takes the oldest pending caught signal, or 0. */
export function takeSignal(p: Process): number {
  const i = p.pending.findIndex((s) => p.caught.has(s));
  return i < 0 ? 0 : p.pending.splice(i, 1)[0]!;
}

/** Sleeps `us` microseconds of virtual time. */
export function* sleep(p: Process, us: number): Op<void> {
  const until = nowUs(p) + us;
  while (nowUs(p) < until) yield* waitOn(p, [], until);
}

/** Gives way for `us` of virtual time without being interruptible in between; what a loop or a long computation costs. */
export function* spend(p: Process, us: number): Op<void> {
  yield { on: [], until: nowUs(p) + us };
}

/** read(2): up to `max` bytes; '' at end of file. */
export function* read(p: Process, fd: number, max = PIPE_SIZE): Op<Bytes> {
  const f = fileOf(p, fd);
  if (!f.readable) throw new SysError('EBADF');
  switch (f.kind) {
    case 'inode': {
      if (f.snapshot === null && p.host.vfs.isDirectory(f.ino)) throw new SysError('EISDIR');
      if (p.host.nfs !== null && f.snapshot === null) yield* refreshOpen(p, f.ino);
      const data = f.snapshot ?? p.host.vfs.data(f.ino);
      const out = data.slice(f.pos, f.pos + max);
      f.pos += out.length;
      return out;
    }
    case 'pipe':
      for (;;) {
        if (f.pipe.data !== '') {
          const out = f.pipe.data.slice(0, max);
          f.pipe.data = f.pipe.data.slice(max);
          p.host.wake(f.pipe.writeQueue);
          return out;
        }
        if (f.pipe.writers === 0) return '';
        yield* waitOn(p, [f.pipe.readQueue]);
      }
    case 'tty':
      return yield* readCooked(p, f.tty, max);
    case 'buffer': {
      const out = f.input.slice(0, max);
      f.input = f.input.slice(max);
      return out;
    }
    case 'socket':
      return yield* socketRead(p, f, max);
    case 'null':
      return '';
    case 'zero':
    case 'full':
      return '\0'.repeat(max);
    case 'random': {
      let out = '';
      for (let i = 0; i < max && i < 4096; i++) out += String.fromCharCode(p.host.world.rng.next(`urandom/${p.host.name}`) & 255);
      return out;
    }
  }
}

/** write(2), all of it: sleeps while a pipe is full or the terminal is behind. Throws EPIPE after raising SIGPIPE. */
export function* write(p: Process, fd: number, data: Bytes): Op<void> {
  const f = fileOf(p, fd);
  if (!f.writable) throw new SysError('EBADF');
  if (data === '') return;
  switch (f.kind) {
    case 'inode':
      p.host.vfs.writeOpen(p, f, data);
      return;
    case 'pipe': {
      let rest = data;
      while (rest !== '') {
        if (f.pipe.readers === 0) {
          p.host.kill(p, SIG.PIPE);
          if (p.pending.includes(SIG.PIPE) && !p.caught.has(SIG.PIPE)) throw new Killed(SIG.PIPE);
          throw new SysError('EPIPE');
        }
        const room = PIPE_SIZE - f.pipe.data.length;
        if (room > 0) {
          f.pipe.data += rest.slice(0, room);
          rest = rest.slice(room);
          p.host.wake(f.pipe.readQueue);
        }
        if (rest !== '') yield* waitOn(p, [f.pipe.writeQueue]);
      }
      return;
    }
    case 'tty': {
      for (let i = 0; i < data.length; i += 4096) {
        const piece = data.slice(i, i + 4096);
        const tty = p.host.ttys[f.tty]!;
        while (tty.master !== null && tty.outputBytes >= PIPE_SIZE) yield* waitOn(p, [tty.roomQueue]);
        tty.show(piece);
        if (piece.length >= 64) yield* spend(p, Math.ceil(piece.length / TTY_BYTES_PER_US));
      }
      return;
    }
    case 'buffer':
      if ((f.lost ?? 0) > 0) {
        f.parts.push('\0'.repeat(Math.max(0, f.lost! - f.parts.reduce((n, part) => n + part.length, 0))));
        f.lost = 0;
      }
      f.parts.push(data);
      f.both?.push(data);
      return;
    case 'socket':
      yield* socketWrite(p, f, data);
      return;
    case 'full':
      throw new SysError('ENOSPC');
    default:
      return;
  }
}

/** Reads to the end of file. */
export function* readAll(p: Process, fd: number): Op<Bytes> {
  const parts: Bytes[] = [];
  for (;;) {
    const piece = yield* read(p, fd);
    if (piece === '') return parts.join('');
    parts.push(piece);
  }
}

/** Reads a descriptor line by line. `next()` gives a line with its newline (the last may lack it), or null at the end. */
export class LineReader {
  private rest: Bytes = '';
  private ended = false;
  constructor(
    private readonly p: Process,
    private readonly fd: number,
  ) {}
  *next(): Op<Bytes | null> {
    let from = 0;
    for (;;) {
      const nl = this.rest.indexOf('\n', from);
      if (nl >= 0) {
        const line = this.rest.slice(0, nl + 1);
        this.rest = this.rest.slice(nl + 1);
        return line;
      }
      if (this.ended) {
        const line = this.rest;
        this.rest = '';
        return line === '' ? null : line;
      }
      from = this.rest.length;
      const piece = yield* read(this.p, this.fd);
      if (piece === '') this.ended = true;
      else this.rest += piece;
    }
  }
}

/** Writes to standard output / standard error. */
export const out = (p: Process, data: Bytes): Op<void> => write(p, 1, data);
export const err = (p: Process, data: Bytes): Op<void> => write(p, 2, data);

/** Open flags (a subset of fcntl.h's). */
export interface OpenFlags {
  read?: boolean;
  write?: boolean;
  append?: boolean;
  create?: boolean;
  exclusive?: boolean;
  truncate?: boolean;
  directory?: boolean;
}

/** open(2): lowest free descriptor. Throws SysError. `mode` is cut by the umask. */
export function open(p: Process, path: Bytes, flags: OpenFlags, mode = 0o666): number {
  return installFd(p, p.host.vfs.open(p, path, flags, mode));
}

/** Whole content of a file. Throws SysError. */
export function readFile(p: Process, path: Bytes): Bytes {
  const f = p.host.vfs.open(p, path, { read: true }, 0);
  if (f.kind !== 'inode') return '';
  if (f.snapshot !== null) return f.snapshot;
  if (p.host.vfs.isDirectory(f.ino)) throw new SysError('EISDIR');
  return p.host.vfs.data(f.ino);
}

/** Replaces (or with append extends) a file as `>` and `>>` do. Throws SysError. */
export function writeFile(p: Process, path: Bytes, data: Bytes, append = false, mode = 0o666): void {
  const f = p.host.vfs.open(p, path, { write: true, create: true, truncate: !append, append }, mode);
  if (f.kind === 'inode') p.host.vfs.writeOpen(p, f, data);
}

/** How to start a program. */
export interface Spawn {
  /** Path to resolve (no PATH search). */
  path: Bytes;
  argv: Bytes[];
  env?: Map<string, string>;
  /** Descriptors of the child; inherits the parent's when absent. */
  fds?: ReadonlyMap<number, OpenFile>;
  /** Process group: a pgid, 0 for a new one, or absent for the parent's. */
  pgid?: number;
  cwd?: string;
}

/** What a path would execute: a program of this build and its argv (scripts resolve `#!`). Throws ENOENT, EACCES, EISDIR, ENOEXEC. */
export function resolveProgram(p: Process, path: Bytes, argv: Bytes[]): { main: (proc: Process) => Run; comm: string; argv: Bytes[] } {
  const exe = p.host.vfs.executable(p, path);
  if (exe.program !== null) {
    const program = p.host.program(exe.program);
    if (program === undefined) throw new SysError('ENOEXEC');
    return { main: (proc) => program.main(proc), comm: baseName(path).slice(0, 15), argv };
  }
  const first = /^#![ \t]*([^ \t\n]+)(?:[ \t]+([^\n]*?))?[ \t]*(?:\n|$)/.exec(exe.text);
  if (first === null) throw new SysError('ENOEXEC');
  const inner = resolveProgram(p, first[1]!, [first[1]!, ...(first[2] ? [first[2]] : []), path, ...argv.slice(1)]);
  return { ...inner, comm: baseName(path).slice(0, 15) };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** fork+exec: starts a program as a child; costs 1 ms of virtual time. Throws SysError as execve(2) would. */
export function spawn(p: Process, s: Spawn): Process {
  const exe = resolveProgram(p, s.path, s.argv);
  const child = forkWith(p, s);
  execInto(child, exe);
  return child;
}

/** Forks a child that runs `body` (a subshell, a pipeline part) without exec. */
export function forkRun(p: Process, s: Omit<Spawn, 'path' | 'argv'>, body: (child: Process) => Run, delay = EXEC_US / 2): Process {
  const child = forkWith(p, s);
  p.host.start(child, body(child), delay);
  return child;
}

function forkWith(p: Process, s: Omit<Spawn, 'path' | 'argv'>): Process {
  const child = p.host.fork(p);
  if (s.env !== undefined) child.env = new Map(s.env);
  if (s.cwd !== undefined) child.cwd = s.cwd;
  if (s.pgid !== undefined) child.pgid = s.pgid === 0 ? child.pid : s.pgid;
  if (s.fds !== undefined) {
    for (const f of child.fds.values()) f.refs--;
    child.fds = new Map();
    for (const [fd, f] of s.fds) {
      f.refs++;
      child.fds.set(fd, f);
    }
  }
  return child;
}

function execInto(child: Process, exe: { main: (proc: Process) => Run; comm: string; argv: Bytes[] }): void {
  child.comm = exe.comm;
  child.argv = exe.argv;
  child.shell = null;
  child.host.start(child, child.host.nfs === null ? exe.main(child) : arriving(child, exe.main(child)));
}

/** A child's change of state, as waitpid(2) reports it. */
export interface Waited {
  pid: number;
  /** Exit code, or 128 + signal. */
  status: number;
  /** Signal that ended or stopped it, or 0. */
  signal: number;
  stopped: boolean;
}

/** waitpid(2) for one of `pids` (null: any child). Sleeps unless `nohang`; null when nohang and nothing to report. Throws ECHILD. */
export function* waitpid(p: Process, pids: readonly number[] | null, opts: { nohang?: boolean; untraced?: boolean } = {}): Op<Waited | null> {
  for (;;) {
    let mine = false;
    for (const c of p.host.procs.values()) {
      if (c.ppid !== p.pid || (pids !== null && !pids.includes(c.pid))) continue;
      mine = true;
      if (c.state === 'Z') {
        p.host.procs.delete(c.pid);
        return { pid: c.pid, status: c.status, signal: c.signal, stopped: false };
      }
      if (opts.untraced && c.state === 'T' && !c.stopReported) {
        c.stopReported = true;
        return { pid: c.pid, status: 128 + c.signal, signal: c.signal, stopped: true };
      }
    }
    if (!mine) throw new SysError('ECHILD');
    if (opts.nohang) return null;
    yield* waitOn(p, [p.childQueue]);
  }
}

/** Runs a program to its end with the given descriptors; returns its exit status. */
export function* runProgram(p: Process, s: Spawn): Op<number> {
  const child = spawn(p, s);
  const w = yield* waitpid(p, [child.pid]);
  return w!.status;
}

/** Sends a signal to every process of a group. True when there was one. */
export function killGroup(host: Host, pgid: number, signal: number): boolean {
  const members = [...host.procs.values()].filter((q) => q.pgid === pgid && q.state !== 'Z');
  for (const q of members) host.kill(q, signal);
  return members.length > 0;
}
