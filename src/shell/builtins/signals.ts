// kill, trap. Linux counterpart: bash's builtins/kill.def, trap.def.
import type { Shell } from '../shell';
import { killGroup } from '../../host/syscall';
import { shellQuote } from '../quote';
import { type Op, SIG } from '../../host/process';
import { jobOf } from './processes';
import type { Bytes } from '../../lib/text';
import { type Builtin, options, usage } from './builtin';
import { complain, print, signalName, signalNumber } from '../say';
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
    if (argv[2] === undefined) return yield* usage(sh, 'kill', `${a}: option requires an argument`);
    signal = signalNumber(argv[2]);
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
      yield* complain(sh, t === '' ? "kill: `': not a pid or valid job spec" : `kill: ${t}: arguments must be process or job IDs`);
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
    if (q !== undefined && (sh.p.uid === 0 || q.uid === sh.p.uid)) {
      host.kill(q, signal);
      return true;
    }
    if (q !== undefined) {
      yield* complain(sh, `kill: (${pid}) - Operation not permitted`);
      return false;
    }
  }
  yield* complain(sh, `kill: (${pid}) - No such process`);
  return false;
}

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
