// jobs, fg, bg, wait, kill, disown, trap, times, suspend. Linux counterpart: bash's builtins/jobs.def, fg_bg.def, wait.def, kill.def, trap.def.
import { notModelled } from '../../commands/command';
import { SysError } from '../../lib/errno';
import { Interrupted, type Op, SIG } from '../../host/process';
import { killGroup, takeSignal, waitOn, waitpid } from '../../host/syscall';
import type { Bytes } from '../../lib/text';
import { findJob, jobLine } from '../jobs';
import { foregroundJob } from '../pipeline';
import { complain, gotSignal, print, raw, signalName } from '../say';
import type { Job, Shell } from '../shell';
import { setVar } from '../vars';
import { note, reap, SIGNAL_TEXT } from '../wait';
import { type Builtin, options } from './builtin';

export function* jobOf(sh: Shell, who: string, spec: Bytes): Op<Job | null> {
  const j = findJob(sh, spec);
  if (j === 'many') {
    yield* complain(sh, `${who}: ${spec.replace(/^%/, '')}: ambiguous job spec`);
    return null;
  }
  if (j === null) yield* complain(sh, `${who}: ${spec === '' || spec === '%' || spec === '%%' || spec === '%+' ? 'current' : spec}: no such job`);
  return j;
}

export const jobs: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'lnprsx', 'x');
  if (o.bad !== null) return o.bad;
  yield* reap(sh);
  let status = 0;
  let list = sh.jobs;
  if (o.args.length > 0) {
    list = [];
    for (const a of o.args) {
      const j = yield* jobOf(sh, 'jobs', a);
      if (j === null) status = 1;
      else list.push(j);
    }
  }
  for (const j of list) {
    if (o.opts.has('r') && j.state !== 'running') continue;
    if (o.opts.has('s') && j.state !== 'stopped') continue;
    yield* print(sh, 'jobs', o.opts.has('p') ? `${j.pids[0]}\n` : `${jobLine(sh, j, o.opts.has('l'))}\n`);
    j.notified = true;
  }
  sh.jobs = sh.jobs.filter((j) => j.state !== 'done');
  return status;
};

export const fg: Builtin = function* (sh, argv) {
  if (!sh.flags.has('m')) {
    yield* complain(sh, 'fg: no job control');
    return 1;
  }
  const j = yield* jobOf(sh, 'fg', argv[1] ?? '');
  if (j === null) return 1;
  yield* print(sh, 'fg', `${j.text}\n`);
  j.state = 'running';
  if (sh.p.tty >= 0) sh.p.host.ttys[sh.p.tty]!.foreground = j.pgid;
  killGroup(sh.p.host, j.pgid, SIG.CONT);
  const live = j.pids.filter((_, i) => j.statuses[i] === null);
  const statuses = yield* foregroundJob(sh, j.pgid, live, j.text);
  if ((j.state as string) !== 'stopped') sh.jobs = sh.jobs.filter((x) => x !== j);
  return statuses.at(-1) ?? 0;
};

export const bg: Builtin = function* (sh, argv) {
  if (!sh.flags.has('m')) {
    yield* complain(sh, 'bg: no job control');
    return 1;
  }
  let status = 0;
  for (const spec of argv.length > 1 ? argv.slice(1) : ['']) {
    const j = yield* jobOf(sh, 'bg', spec);
    if (j === null) {
      status = 1;
      continue;
    }
    if (j.state === 'running') {
      yield* complain(sh, `bg: job ${j.id} already in background`);
      continue;
    }
    j.state = 'running';
    const mark = /^\[\d+\](.)/.exec(jobLine(sh, j, false))?.[1] ?? '+';
    yield* print(sh, 'bg', `[${j.id}]${mark} ${j.text} &\n`);
    killGroup(sh.p.host, j.pgid, SIG.CONT);
  }
  return status;
};

export const wait: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'fnp:');
  if (o.bad !== null) return o.bad;
  try {
    if (o.opts.has('n')) return yield* waitNext(sh, o.opts.get('p'));
    if (o.args.length === 0) {
      for (;;) {
        yield* reap(sh);
        const mine = [...sh.p.host.procs.values()].some((c) => c.ppid === sh.p.pid && c.state !== 'Z' && c.state !== 'T');
        if (!mine) break;
        yield* waitOn(sh.p, [sh.p.childQueue]);
      }
      if (!sh.interactive) sh.jobs = sh.jobs.filter((j) => j.state !== 'done');
      return 0;
    }
    let status = 0;
    for (const a of o.args) status = yield* waitOne(sh, a);
    return status;
  } catch (e) {
    if (!(e instanceof Interrupted)) throw e;
    const n = takeSignal(sh.p);
    yield* gotSignal(sh, n);
    return 128 + n;
  }
};

function* waitNext(sh: Shell, into: Bytes | undefined): Op<number> {
  for (;;) {
    const done = sh.jobs.find((j) => j.state === 'done');
    if (done !== undefined) {
      sh.jobs = sh.jobs.filter((j) => j !== done);
      if (into !== undefined) setVar(sh, into, String(done.pids.at(-1)));
      return done.statuses.at(-1) ?? 0;
    }
    if (!sh.jobs.some((j) => j.state === 'running')) return 127;
    const w = yield* waitpid(sh.p, null);
    if (w !== null) note(sh, w);
  }
}

function* waitOne(sh: Shell, a: Bytes): Op<number> {
  let pids: number[];
  if (a.startsWith('%')) {
    const j = yield* jobOf(sh, 'wait', a);
    if (j === null) return 127;
    pids = j.pids;
  } else if (/^\d+$/.test(a)) pids = [Number(a)];
  else {
    yield* complain(sh, `wait: \`${a}': not a pid or valid job spec`);
    return 1;
  }
  let status = 127;
  for (const pid of pids) {
    const known = sh.reaped.get(pid);
    if (known !== undefined) {
      status = known;
      continue;
    }
    try {
      const w = (yield* waitpid(sh.p, [pid]))!;
      const job = note(sh, w);
      status = w.status;
      // A script's shell tells of a background job that a signal killed, save INT, TERM and PIPE.
      const says = SIGNAL_TEXT[w.signal];
      if (job !== null && says !== undefined && !sh.interactive && w.signal !== SIG.INT && w.signal !== SIG.TERM && w.signal !== SIG.PIPE && !sh.traps.has(signalName(w.signal))) {
        yield* complain(sh, `${String(pid).padStart(5)} ${says.padEnd(23)} ${job.text}`);
      }
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* complain(sh, `wait: pid ${pid} is not a child of this shell`);
      return 127;
    }
  }
  sh.jobs = sh.jobs.filter((j) => !(j.state === 'done' && j.pids.some((x) => pids.includes(x))));
  return status;
}

export const disown: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'har');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('h') && o.args.length > 0) return yield* notModelled(sh.p, 'disown', 'option -h');
  if (o.args.length === 0 && (o.opts.has('a') || o.opts.has('r'))) {
    sh.jobs = o.opts.has('r') ? sh.jobs.filter((j) => j.state !== 'running') : [];
    return 0;
  }
  for (const spec of o.args.length > 0 ? o.args : ['']) {
    const byPid = /^\d+$/.test(spec) ? sh.jobs.find((j) => j.pids.includes(Number(spec))) : undefined;
    const j = byPid ?? (yield* jobOf(sh, 'disown', spec));
    if (j === null) return 1;
    if (!o.opts.has('h')) sh.jobs = sh.jobs.filter((x) => x !== j);
  }
  return 0;
};

export const times: Builtin = function* (sh) {
  yield* print(sh, 'times', '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
};

export const suspend: Builtin = function* (sh) {
  yield* raw(sh, `${sh.prefix()}suspend: cannot suspend${sh.login ? ' a login shell' : ': no job control'}\n`);
  return 1;
};
