// Processes: rows of plain data, and the generators that run them. Linux counterpart: kernel/fork.c, kernel/exit.c, kernel/signal.c.
// A process is resumed by the clock. It yields a Wait: the queues it sleeps on and until when. Generators cannot be copied, so
// a forked lab keeps the rows but nothing resumes them.
import type { Errno } from '../lib/errno';
import type { Host } from './host';
import type { OpenFile } from './open_file';

/** Why a process sleeps: any of these wait queues being woken, a signal, or time `until` (us; Infinity for never). */
export interface Wait {
  readonly on: readonly number[];
  readonly until: number;
}

/** A running program. Its return value is the exit status. */
export type Run = Generator<Wait, number, void>;
/** A system call that may sleep. */
export type Op<T> = Generator<Wait, T, void>;

/** A program: what a path in the VFS starts. Static data, one record a command. */
export interface Program {
  readonly name: string;
  main(proc: Process): Run;
}

/** Signal numbers (x86). */
export const SIG = {
  HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15,
  STKFLT: 16, CHLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25, VTALRM: 26, PROF: 27, WINCH: 28,
  IO: 29, PWR: 30, SYS: 31,
} as const;
export type Signal = (typeof SIG)[keyof typeof SIG];

/** Thrown into a generator that a signal kills; `finally` blocks run, nobody catches it on purpose. */
export class Killed extends Error {
  constructor(readonly signal: number) {
    super(`killed by signal ${signal}`);
  }
}

/** Thrown out of a sleeping system call when a signal the process catches has arrived (EINTR). */
export class Interrupted extends Error {
  readonly errno: Errno = 'EINTR';
}

/** One row of the process table. */
export class Process {
  ppid = 1;
  pgid: number;
  sid: number;
  uid = 0;
  gid = 0;
  /** File name of the program, at most 15 bytes. */
  comm = '';
  argv: string[] = [];
  env = new Map<string, string>();
  cwd = '/';
  umask = 0o022;
  fds = new Map<number, OpenFile>();
  /** Index in host.ttys of the controlling terminal, or -1. */
  tty = -1;
  /** R runs, S sleeps, T is stopped, Z has ended and waits for its parent. */
  state: 'R' | 'S' | 'T' | 'Z' = 'R';
  /** Sleeps in a call that no signal it catches ends (D). */
  uninterruptible = false;
  /** Wait status: exit code, or 128 + signal when killed by one (as bash shows it). */
  status = 0;
  /** Signal that killed or stopped it; 0 when none. */
  signal = 0;
  /** Set when a child stopped or continued, until the parent waits (WUNTRACED). */
  stopReported = true;
  pending: number[] = [];
  /** Signals with a handler (they interrupt sleeps and stay in `pending` until taken). */
  caught = new Set<number>();
  ignored = new Set<number>();
  /** Woken when a child changes state. */
  childQueue: number;
  /** Wait queues it sleeps on now. */
  waiting: readonly number[] = [];
  /** Counts sleeps, so that a stale timer wakes nobody. */
  sleepId = 0;
  /** Virtual time it was started, us. */
  startedAt = 0;
  /** True in a fork for a process whose generator stayed behind. */
  frozen = false;
  /** Unit whose main process it is; '' for none. */
  unit = '';
  /** Id of the daemon it belongs to (see host/daemons); 0 for none. */
  daemon = 0;
  /** A shell's own state (variables, functions as source text, history); plain data, owned by the shell floor. */
  shell: object | null = null;
  /** What runs; null when it has not started, has ended, or sits at a shell prompt. */
  run: Run | null = null;

  /**
   * A copy for a fork, key by key because a lab has dozens of processes (process.test.ts compares the keys): the arguments are never changed in place, and
   * what runs stays behind, for a generator cannot be copied.
   */
  cloneWith(copy: <T>(x: T) => T, known: Map<object, unknown>): Process {
    const p = Object.create(Process.prototype) as { -readonly [K in keyof Process]: Process[K] };
    known.set(this, p);
    p.host = copy(this.host);
    p.pid = this.pid;
    p.ppid = this.ppid;
    p.pgid = this.pgid;
    p.sid = this.sid;
    p.uid = this.uid;
    p.gid = this.gid;
    p.comm = this.comm;
    p.argv = this.argv;
    p.env = new Map(this.env);
    p.cwd = this.cwd;
    p.umask = this.umask;
    p.fds = new Map();
    for (const [fd, file] of this.fds) p.fds.set(fd, copy(file));
    p.tty = this.tty;
    p.state = this.state;
    p.uninterruptible = this.uninterruptible;
    p.status = this.status;
    p.signal = this.signal;
    p.stopReported = this.stopReported;
    p.pending = this.pending.slice();
    p.caught = new Set(this.caught);
    p.ignored = new Set(this.ignored);
    p.childQueue = this.childQueue;
    p.waiting = this.waiting;
    p.sleepId = this.sleepId;
    p.startedAt = this.startedAt;
    p.frozen = this.frozen;
    p.unit = this.unit;
    p.daemon = this.daemon;
    p.shell = copy(this.shell);
    p.run = null;
    return p;
  }

  /** The state as ps shows it: D for a sleep that only death ends. */
  get letter(): string {
    return this.state === 'S' && this.uninterruptible ? 'D' : this.state;
  }

  constructor(readonly host: Host, readonly pid: number) {
    this.pgid = pid;
    this.sid = pid;
    this.childQueue = host.newQueue();
  }
}
