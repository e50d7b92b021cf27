// Waiting for children: the foreground's, and what background ones became. Linux counterpart: wait_for and waitchld in bash's jobs.c.
import { SysError } from '../lib/errno';
import { Interrupted, Killed, type Op, SIG } from '../host/process';
import { takeSignal, type Waited, waitpid } from '../host/syscall';
import { gotSignal } from './say';
import { Break, type Job, type Shell } from './shell';

/** What bash prints about a child killed by a signal. */
export const SIGNAL_TEXT: Readonly<Record<number, string>> = {
  [SIG.HUP]: 'Hangup', [SIG.INT]: 'Interrupt', [SIG.QUIT]: 'Quit', [SIG.ILL]: 'Illegal instruction', [SIG.TRAP]: 'Trace/breakpoint trap', [SIG.ABRT]: 'Aborted',
  [SIG.BUS]: 'Bus error', [SIG.FPE]: 'Floating point exception', [SIG.KILL]: 'Killed', [SIG.USR1]: 'User defined signal 1',
  [SIG.SEGV]: 'Segmentation fault', [SIG.USR2]: 'User defined signal 2', [SIG.PIPE]: 'Broken pipe', [SIG.ALRM]: 'Alarm clock',
  [SIG.TERM]: 'Terminated', [SIG.STOP]: 'Stopped (signal)', [SIG.TSTP]: 'Stopped', [SIG.TTIN]: 'Stopped (tty input)', [SIG.TTOU]: 'Stopped (tty output)',
};

/** Notes a child's change in the job table. */
export function note(sh: Shell, w: Waited): Job | null {
  for (const job of sh.jobs) {
    const at = job.pids.indexOf(w.pid);
    if (at < 0) continue;
    if (w.stopped) {
      job.state = 'stopped';
      job.signal = w.signal;
      job.notified = false;
    } else {
      job.statuses[at] = w.status;
      if (w.signal !== 0) job.signal = w.signal;
      if (job.statuses.every((s) => s !== null)) {
        job.state = 'done';
        job.notified = false;
      }
    }
    if (!w.stopped) sh.reaped.set(w.pid, w.status);
    return job;
  }
  if (!w.stopped) sh.reaped.set(w.pid, w.status);
  return null;
}

/** Takes note of every child that changed, without sleeping. */
export function* reap(sh: Shell): Op<void> {
  for (;;) {
    let w: Waited | null;
    try {
      w = yield* waitpid(sh.p, null, { nohang: true, untraced: true });
    } catch (e) {
      if (e instanceof SysError) return;
      throw e;
    }
    if (w === null) return;
    note(sh, w);
  }
}

/** Waits for the foreground's processes; their statuses in order, or -1 where one stopped. Traps run after the wait; ^C at a terminal ends the line after it. */
export function* waitForeground(sh: Shell, pids: readonly number[]): Op<number[]> {
  const result = new Map<number, number>();
  const later: number[] = [];
  let interrupted = 0;
  // A script's shell waits to see whether its child died of ^C before it dies of it too.
  const guards = !sh.p.caught.has(SIG.INT) && !sh.p.ignored.has(SIG.INT);
  if (guards) sh.p.caught.add(SIG.INT);
  while (result.size < pids.length) {
    const left = pids.filter((x) => !result.has(x));
    try {
      const w = (yield* waitpid(sh.p, left, { untraced: true }))!;
      result.set(w.pid, w.stopped ? -1 : w.status);
      if (w.stopped) note(sh, w);
      if (w.signal !== 0 && !w.stopped) interrupted = w.signal;
    } catch (e) {
      if (e instanceof Interrupted) {
        const n = takeSignal(sh.p);
        if (n !== 0) later.push(n);
        continue;
      }
      if (!(e instanceof SysError)) throw e;
      for (const x of left) result.set(x, sh.reaped.get(x) ?? 127);
    }
  }
  if (guards) {
    sh.p.caught.delete(SIG.INT);
    sh.p.pending = sh.p.pending.filter((n) => n !== SIG.INT || interrupted === SIG.INT);
    if (interrupted === SIG.INT && later.includes(SIG.INT)) throw new Killed(SIG.INT);
  }
  for (const n of later) yield* gotSignal(sh, n);
  lastSignal.value = interrupted;
  return pids.map((x) => result.get(x)!);
}

/** Signal that ended the last foreground child waited for (read at once by the caller; no state). */
export const lastSignal = { value: 0 };

/** A foreground child died of ^C: a terminal's shell gives up the rest of the line. */
export function brokenBy(sh: Shell, signal: number): void {
  if (signal === SIG.INT && sh.interactive && sh.subshell === 0 && !sh.traps.has('INT')) throw new Break(SIG.INT);
}

/** Waits for a foreground group with the terminal given to it. */
export function* foreground(sh: Shell, pgid: number, pids: readonly number[]): Op<number[]> {
  const tty = sh.flags.has('m') && sh.p.tty >= 0 ? sh.p.host.ttys[sh.p.tty]! : null;
  if (tty !== null) tty.foreground = pgid;
  try {
    const statuses = yield* waitForeground(sh, pids);
    const signal = lastSignal.value;
    if (tty !== null) tty.foreground = sh.p.pgid;
    brokenBy(sh, signal);
    return statuses;
  } finally {
    if (tty !== null) tty.foreground = sh.p.pgid;
  }
}
