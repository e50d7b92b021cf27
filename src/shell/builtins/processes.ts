// jobs, fg, bg, wait, kill, disown, trap, times, suspend. Linux counterpart: bash's builtins/jobs.def, fg_bg.def, wait.def, kill.def, trap.def.
import { SysError } from '../../lib/errno';
import { Interrupted, type Op, SIG } from '../../host/process';
import { killGroup, takeSignal, waitOn, waitpid } from '../../host/syscall';
import type { Bytes } from '../../lib/text';
import { findJob, jobLine } from '../jobs';
import { foregroundJob } from '../pipeline';
import { shellQuote } from '../quote';
import { complain, gotSignal, print, raw, signalName, signalNumber } from '../say';
import type { Job, Shell } from '../shell';
import { setVar } from '../vars';
import { note, reap } from '../wait';
import { type Builtin, options, usage } from './builtin';

function* jobOf(sh: Shell, who: string, spec: Bytes): Op<Job | null> {
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
      note(sh, w);
      status = w.status;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* complain(sh, `wait: pid ${pid} is not a child of this shell`);
      return 127;
    }
  }
  sh.jobs = sh.jobs.filter((j) => !(j.state === 'done' && j.pids.some((x) => pids.includes(x))));
  return status;
}

const LISTED = ['HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM', 'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'IO', 'PWR', 'SYS'];

function signalTable(): Bytes {
  const cells: string[] = [];
  for (let n = 1; n <= 64; n++) {
    const name = n <= 31 ? `SIG${LISTED[n - 1]}` : n === 34 ? 'SIGRTMIN' : n === 64 ? 'SIGRTMAX' : n > 34 && n < 50 ? `SIGRTMIN+${n - 34}` : n >= 50 ? `SIGRTMAX-${64 - n}` : '';
    if (name !== '') cells.push(`${String(n).padStart(2)}) ${name}`);
  }
  let out = '';
  cells.forEach((c, i) => {
    out += c + (i % 5 === 4 || i === cells.length - 1 ? '\n' : '\t');
  });
  return out;
}

export const kill: Builtin = function* (sh, argv) {
  let signal: number = SIG.TERM;
  let i = 1;
  const a = argv[1];
  if (a === '-l' || a === '-L') {
    if (argv.length === 2) {
      yield* print(sh, 'kill', signalTable());
      return 0;
    }
    let status = 0;
    for (const s of argv.slice(2)) {
      const n = signalNumber(/^\d+$/.test(s) && Number(s) > 128 ? String(Number(s) - 128) : s);
      if (n < 0) {
        yield* complain(sh, `kill: ${s}: invalid signal specification`);
        status = 1;
      } else yield* print(sh, 'kill', `${/^\d+$/.test(s) ? signalName(n) : n}\n`);
    }
    return status;
  }
  if (a === undefined) return yield* usage(sh, 'kill', null);
  if (a === '-s' || a === '-n') {
    signal = signalNumber(argv[2] ?? '');
    if (signal < 0) {
      yield* complain(sh, `kill: ${argv[2] ?? ''}: invalid signal specification`);
      return 1;
    }
    i = 3;
  } else if (/^-./.test(a) && a !== '--') {
    signal = signalNumber(a.slice(1));
    if (signal < 0) {
      yield* complain(sh, `kill: ${a.slice(1)}: invalid signal specification`);
      return 1;
    }
    i = 2;
  }
  if (argv[i] === '--') i++;
  if (i >= argv.length) return yield* usage(sh, 'kill', null);
  let status = 0;
  for (const t of argv.slice(i)) {
    if (t.startsWith('%')) {
      const j = yield* jobOf(sh, 'kill', t);
      if (j === null) {
        status = 1;
        continue;
      }
      if (sh.flags.has('m')) killGroup(sh.p.host, j.pgid, signal);
      else for (const pid of j.pids) yield* send(sh, pid, signal);
      if (j.state === 'stopped' && (signal === SIG.TERM || signal === SIG.HUP)) killGroup(sh.p.host, j.pgid, SIG.CONT);
      continue;
    }
    if (!/^-?\d+$/.test(t)) {
      yield* complain(sh, `kill: ${t}: arguments must be process or job IDs`);
      status = 1;
      continue;
    }
    if (!(yield* send(sh, Number(t), signal))) status = 1;
  }
  return status;
};

function* send(sh: Shell, pid: number, signal: number): Op<boolean> {
  const { host } = sh.p;
  if (pid < 0) {
    if (killGroup(host, -pid, signal)) return true;
  } else if (pid === 0) return killGroup(host, sh.p.pgid, signal);
  else {
    const q = host.procs.get(pid);
    if (q !== undefined) {
      host.kill(q, signal);
      return true;
    }
  }
  yield* complain(sh, `kill: (${pid}) - No such process`);
  return false;
}

export const disown: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'har');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('a')) {
    sh.jobs = [];
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

const PSEUDO = new Set(['EXIT', 'DEBUG', 'ERR', 'RETURN']);

/** Name of a trap's condition; null when there is none such. */
function condition(s: Bytes): string | null {
  const up = s.toUpperCase();
  if (up === '0' || up === 'EXIT' || up === 'SIGEXIT') return 'EXIT';
  if (PSEUDO.has(up)) return up;
  const n = signalNumber(s);
  return n <= 0 ? null : signalName(n);
}

const shownName = (n: string): string => (PSEUDO.has(n) ? n : `SIG${n}`);

export const trap: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv[1] === '-' ? ['trap', '--', ...argv.slice(1)] : argv, 'lp');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('l')) {
    yield* print(sh, 'trap', signalTable());
    return 0;
  }
  if (o.opts.has('p') || o.args.length === 0) {
    const order = ['EXIT', ...LISTED, 'DEBUG', 'ERR', 'RETURN'];
    const wanted = o.args.length > 0 ? o.args.map((a) => condition(a)) : order.filter((n) => sh.traps.has(n));
    for (const n of wanted) {
      const action = n === null ? undefined : sh.traps.get(n);
      if (n !== null && action !== undefined) yield* print(sh, 'trap', `trap -- ${shellQuote(action)} ${shownName(n)}\n`);
    }
    return 0;
  }
  let [action, ...names] = o.args as [Bytes, ...Bytes[]];
  if (names.length === 0 || (/^\d+$/.test(action) && names.length > 0 && condition(action) !== null)) {
    if (names.length === 0 && condition(action) === null) return yield* usage(sh, 'trap', null);
    names = [action, ...names];
    action = '-';
  }
  let status = 0;
  for (const s of names) {
    const n = condition(s);
    if (n === null) {
      yield* complain(sh, `trap: ${s}: invalid signal specification`);
      status = 1;
      continue;
    }
    const number = PSEUDO.has(n) ? 0 : signalNumber(n);
    if (action === '-') {
      sh.traps.delete(n);
      if (number > 0) {
        sh.p.caught.delete(number);
        sh.p.ignored.delete(number);
        if (number === SIG.INT && sh.interactive && sh.subshell === 0) sh.p.caught.add(number);
      }
    } else {
      sh.traps.set(n, action);
      if (number > 0) {
        if (action === '') {
          sh.p.ignored.add(number);
          sh.p.caught.delete(number);
        } else {
          sh.p.ignored.delete(number);
          sh.p.caught.add(number);
        }
      }
    }
  }
  return status;
};

export const times: Builtin = function* (sh) {
  yield* print(sh, 'times', '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
};

export const suspend: Builtin = function* (sh) {
  yield* raw(sh, `${sh.prefix()}suspend: cannot suspend${sh.login ? ' a login shell' : ': no job control'}\n`);
  return 1;
};
