// Small things every part of the shell needs: messages, signals between commands, forks. Linux counterpart: bash's error.c, sig.c, make_child.
import { late } from './late';
import { SysError } from '../lib/errno';
import type { OpenFile } from '../host/open_file';
import { Interrupted, type Op, type Process, type Run, SIG } from '../host/process';
import { forkRun, sleep, spend, takeSignal, write } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { Break, Discard, Exit, type Shell } from './shell';

/** What a builtin or one round of a loop costs, us. */
export const STEP_US = 10;
/** Processes a host can have (what ulimit -u and the kernel's tables come to here). */
export const MAX_PROCS = 512;

/** Writes to standard error; a closed one is no error. */
export function* raw(sh: Shell, text: Bytes): Op<void> {
  try {
    yield* write(sh.p, 2, text);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
  }
}

/** An error message with the shell's prefix. */
export function* complain(sh: Shell, text: Bytes): Op<void> {
  yield* raw(sh, `${sh.prefix()}${text}\n`);
}

/** Standard output of a builtin; words a failed write. False when it failed. */
export function* print(sh: Shell, who: string, text: Bytes): Op<boolean> {
  try {
    yield* write(sh.p, 1, text);
    return true;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* complain(sh, `${who}: write error: ${e.message}`);
    return false;
  }
}

const NAMES = new Map<number, string>(Object.entries(SIG).map(([n, v]) => [v, n]));
/** Signal name without SIG, e.g. 'INT'. */
export const signalName = (n: number): string => NAMES.get(n) ?? String(n);
/** Number of a signal given as 15, TERM, SIGTERM (any case); -1 when unknown. */
export function signalNumber(s: string): number {
  if (/^\d+$/.test(s)) return Number(s) <= 64 ? Number(s) : -1;
  const name = s.toUpperCase().replace(/^SIG/, '');
  return (SIG as Record<string, number>)[name] ?? -1;
}

/** Handles signals that arrived: traps, and ^C at a terminal. */
export function* signals(sh: Shell): Op<void> {
  for (;;) {
    const n = takeSignal(sh.p);
    if (n === 0) return;
    yield* gotSignal(sh, n);
  }
}

/** One caught signal. */
export function* gotSignal(sh: Shell, n: number): Op<void> {
  const action = sh.traps.get(signalName(n));
  if (action !== undefined && action !== '') {
    const status = sh.status;
    yield* late.action(sh, action, signalName(n));
    sh.status = status;
    return;
  }
  if (n === SIG.INT && sh.interactive) throw new Break(n);
}

/** A system call of the shell's own, made again after a signal that did not end what the shell does. */
export function* again<T>(sh: Shell, call: () => Op<T>): Op<T> {
  for (;;) {
    try {
      return yield* call();
    } catch (e) {
      if (!(e instanceof Interrupted)) throw e;
      yield* signals(sh);
    }
  }
}

/** A step of the shell's own work: time passes, signals are seen. */
export function* step(sh: Shell): Op<void> {
  yield* spend(sh.p, STEP_US);
  if (sh.p.pending.length > 0) yield* signals(sh);
}

/** Bytes of every descriptor a child gets, with some replaced (null: closed). */
export function childFds(p: Process, changes: Iterable<[number, OpenFile | null]>): Map<number, OpenFile> {
  const fds = new Map(p.fds);
  for (const [fd, f] of changes) {
    if (f === null) fds.delete(fd);
    else fds.set(fd, f);
  }
  return fds;
}

/** Waits for room in the process table, as bash's make_child does; false when there never was any. */
export function* roomToFork(sh: Shell): Op<boolean> {
  for (let wait = 1; sh.p.host.procs.size >= MAX_PROCS; wait *= 2) {
    if (wait > 8) {
      yield* complain(sh, 'fork: Resource temporarily unavailable');
      return false;
    }
    yield* complain(sh, 'fork: retry: Resource temporarily unavailable');
    yield* again(sh, () => sleep(sh.p, wait * 1e6));
  }
  return true;
}

export interface ForkOptions {
  fds?: ReadonlyMap<number, OpenFile>;
  /** 0: a group of its own; absent: the parent's. */
  pgid?: number;
  /** A background job without job control ignores INT and QUIT. */
  background?: boolean;
}

/** Forks a subshell that runs `body`; its exit trap and errors are seen to. */
export function forkShell(sh: Shell, o: ForkOptions, body: (child: Shell) => Op<number>): Process {
  const child = forkRun(sh.p, { ...(o.fds === undefined ? {} : { fds: o.fds }), ...(o.pgid === undefined ? {} : { pgid: o.pgid }) }, (p) => main(p, body));
  child.shell = sh.copy(child);
  child.ignored = new Set();
  for (const [name, action] of sh.traps) if (action === '') child.ignored.add(signalNumber(name));
  if (o.background && !sh.flags.has('m')) {
    child.ignored.add(SIG.INT);
    child.ignored.add(SIG.QUIT);
  }
  return child;
}

function* main(p: Process, body: (child: Shell) => Op<number>): Run {
  const sh = p.shell as Shell;
  sh.flags.delete('m');
  return yield* toTheEnd(sh, body(sh));
}

/** Runs a shell's work to its end: exit, errors that end it, and the EXIT trap. */
export function* toTheEnd(sh: Shell, work: Op<number>): Op<number> {
  let status: number;
  try {
    status = yield* work;
  } catch (e) {
    // A subshell that gives up at an expansion fails; 127 is what the shell itself exits with.
    if (e instanceof Discard && e.fatal && sh.subshell > 0) status = 1;
    else if (e instanceof Exit || e instanceof Discard) status = e.status;
    else throw e;
  }
  const trap = sh.p.shell === sh ? sh.traps.get('EXIT') : undefined;
  if (trap !== undefined && trap !== '') {
    sh.traps.delete('EXIT');
    sh.status = status;
    try {
      yield* late.action(sh, trap, 'EXIT');
    } catch (e) {
      if (e instanceof Exit) status = e.status;
      else if (!(e instanceof Discard)) throw e;
    }
  }
  return status;
}
