// timeout: runs a command with a time limit. Counterpart: coreutils timeout.c.
import { SysError } from '../lib/errno';
import { SIG } from '../host/process';
import { err, nowUs, spawn, takeSignal, waitOn, waitpid } from '../host/syscall';
import { Interrupted, Killed } from '../host/process';
import { define, Fatal, quote, usageError } from './io';
import { table } from './options';
import { findOnPath } from './path_search';
import { parseSignal, signalName } from './signals';
import { parseInterval } from './sleep';

export const timeout = define({
  name: 'timeout',
  summary: 'Start COMMAND, and kill it if still running after DURATION.',
  path: '/usr/bin/timeout',
  package: 'coreutils',
  options: table('--preserve-status: exit with the same status as COMMAND, even when the command times out', '--foreground: allow COMMAND to read from the TTY and get TTY signals', '-k --kill-after DURATION: also send a KILL signal if COMMAND is still running', '-s --signal SIGNAL: specify the signal to be sent on timeout', '-v --verbose: diagnose to stderr any signal sent upon timeout'),
  getopt: { badExit: 125, stopAtOperand: true },
  *run(p, opts, args) {
    // Without operands only the invitation is printed.
    if (args.length < 2) throw new Fatal("Try 'timeout --help' for more information.\n", 125);
    const limit = parseInterval(args[0]!);
    if (limit === null) throw usageError('timeout', `invalid time interval ${quote(args[0]!)}`, 125);
    const killText = opts.value('-k');
    const killAfter = killText === null ? null : parseInterval(killText);
    if (killText !== null && killAfter === null) throw usageError('timeout', `invalid time interval ${quote(killText)}`, 125);
    const signalText = opts.value('-s');
    const signal = signalText === null ? SIG.TERM : parseSignal(signalText);
    if (signal === null) throw usageError('timeout', `${quote(signalText!)}: invalid signal`, 125);
    const command = args.slice(1);
    let pid: number;
    try {
      const path = findOnPath(p, command[0]!);
      if (path === null) throw new SysError('ENOENT');
      pid = spawn(p, { path, argv: command }).pid;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`timeout: failed to run command ${quote(command[0]!)}: ${e.message}\n`, e.errno === 'ENOENT' ? 127 : 126);
    }
    p.caught.add(SIG.TERM);
    p.caught.add(SIG.INT);
    const started = nowUs(p);
    let timedOut = false;
    let killed = false;
    const deadlines = limit === 0 ? [] : [started + limit * 1e6];
    const send = (s: number): void => {
      const child = p.host.procs.get(pid);
      if (child === undefined) return;
      p.host.kill(child, s);
      // The whole group gets it, except timeout itself.
      if (!opts.has('--foreground') && p.pgid === p.pid) for (const q of [...p.host.procs.values()]) if (q.pgid === p.pgid && q !== p && q !== child) p.host.kill(q, s);
      if (s !== SIG.KILL && s !== SIG.CONT) p.host.kill(child, SIG.CONT);
    };
    for (;;) {
      const w = yield* waitpid(p, [pid], { nohang: true });
      if (w !== null) {
        // The signal goes to timeout's whole group: KILL ends timeout, too; and a command that died by itself is followed.
        if (killed && !opts.has('--foreground')) throw new Killed(SIG.KILL);
        if (!timedOut && w.signal !== 0) throw new Killed(w.signal);
        if (timedOut && !opts.has('--preserve-status')) return killed ? 137 : 124;
        if (timedOut && killed) return 137;
        return w.status;
      }
      try {
        yield* waitOn(p, [p.childQueue], deadlines[0] ?? Number.POSITIVE_INFINITY);
      } catch (e) {
        if (!(e instanceof Interrupted)) throw e;
        const s = takeSignal(p);
        if (s !== 0) send(s);
        continue;
      }
      if (deadlines.length > 0 && nowUs(p) >= deadlines[0]!) {
        const s = timedOut ? SIG.KILL : signal;
        deadlines.shift();
        if (opts.has('-v')) yield* err(p, `timeout: sending signal ${signalName(s)} to command ${quote(command[0]!)}\n`);
        if (timedOut || s === SIG.KILL) killed = true;
        if (!timedOut && killAfter !== null && killAfter > 0) deadlines.push(nowUs(p) + killAfter * 1e6);
        timedOut = true;
        send(s);
      }
    }
  },
});
