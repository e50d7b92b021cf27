// test, [, getopts, umask, ulimit, history, caller. Linux counterpart: bash's builtins/*.def of those names.
import { notModelled } from '../../commands/command';
import type { Bytes } from '../../lib/text';
import { readWholeFile } from '../files';
import { expandHistory } from '../history';
import { complain, MAX_PROCS, print, raw } from '../say';
import { evalTest, TestError } from '../test_ops';
import { getVar, setVar, unsetVar } from '../vars';
import { writeFile } from '../../host/syscall';
import { type Builtin, isName, options, usage } from './builtin';

export const test: Builtin = function* (sh, argv) {
  let args = argv.slice(1);
  if (argv[0] === '[') {
    if (args.at(-1) !== ']') {
      yield* complain(sh, "[: missing `]'");
      return 2;
    }
    args = args.slice(0, -1);
  }
  try {
    return evalTest(sh, args) ? 0 : 1;
  } catch (e) {
    if (!(e instanceof TestError)) throw e;
    yield* complain(sh, `${argv[0]}: ${e.text}`);
    return 2;
  }
};

export const getopts: Builtin = function* (sh, argv) {
  const [, spec, name, ...rest] = argv;
  if (spec === undefined || name === undefined) return yield* usage(sh, 'getopts', null);
  if (!isName(name)) {
    yield* complain(sh, `getopts: \`${name}': not a valid identifier`);
    return 1;
  }
  const args = rest.length > 0 ? rest : sh.args;
  const silent = spec.startsWith(':');
  const loud = !silent && getVar(sh, 'OPTERR') !== '0';
  let index = Number(getVar(sh, 'OPTIND') ?? 1) || 1;
  let at = sh.optChar;
  const finish = (status: number): number => {
    const keep = at;
    setVar(sh, 'OPTIND', String(index));
    sh.optChar = keep;
    return status;
  };
  const word = args[index - 1];
  if (at === 1 && (word === undefined || word === '-' || !word.startsWith('-'))) {
    setVar(sh, name, '?');
    unsetVar(sh, 'OPTARG');
    return finish(1);
  }
  if (at === 1 && word === '--') {
    index++;
    setVar(sh, name, '?');
    unsetVar(sh, 'OPTARG');
    return finish(1);
  }
  const c = word![at]!;
  at++;
  const ends = at >= word!.length;
  const k = c === ':' ? -1 : spec.indexOf(c, silent ? 1 : 0);
  if (k < 0) {
    if (ends) {
      index++;
      at = 1;
    }
    setVar(sh, name, '?');
    if (silent) setVar(sh, 'OPTARG', c);
    else {
      unsetVar(sh, 'OPTARG');
      if (loud) yield* raw(sh, `${sh.name}: illegal option -- ${c}\n`);
    }
    return finish(0);
  }
  if (spec[k + 1] === ':') {
    let value: Bytes | undefined;
    if (!ends) value = word!.slice(at);
    else {
      index++;
      value = args[index - 1];
    }
    index++;
    at = 1;
    if (value === undefined) {
      index--;
      if (silent) {
        setVar(sh, name, ':');
        setVar(sh, 'OPTARG', c);
      } else {
        setVar(sh, name, '?');
        unsetVar(sh, 'OPTARG');
        if (loud) yield* raw(sh, `${sh.name}: option requires an argument -- ${c}\n`);
      }
      return finish(0);
    }
    setVar(sh, 'OPTARG', value);
  } else {
    if (ends) {
      index++;
      at = 1;
    }
    unsetVar(sh, 'OPTARG');
  }
  setVar(sh, name, c);
  return finish(0);
};

export const umask: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'pS');
  if (o.bad !== null) return o.bad;
  const mode = o.args[0];
  if (mode === undefined) {
    const octal = sh.p.umask.toString(8).padStart(4, '0');
    const rwx = (n: number): string => `${n & 4 ? 'r' : ''}${n & 2 ? 'w' : ''}${n & 1 ? 'x' : ''}`;
    const m = ~sh.p.umask & 0o777;
    const text = o.opts.has('S') ? `u=${rwx(m >> 6)},g=${rwx((m >> 3) & 7)},o=${rwx(m & 7)}` : octal;
    yield* print(sh, 'umask', `${o.opts.has('p') ? (o.opts.has('S') ? 'umask -S ' : 'umask ') : ''}${text}\n`);
    return 0;
  }
  if (/^\d+$/.test(mode)) {
    if (!/^[0-7]+$/.test(mode) || Number.parseInt(mode, 8) > 0o777) {
      yield* complain(sh, `umask: ${mode}: octal number out of range`);
      return 1;
    }
    sh.p.umask = Number.parseInt(mode, 8);
    return 0;
  }
  let allowed = ~sh.p.umask & 0o777;
  for (const clause of mode.split(',')) {
    const m = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (m === null) {
      yield* complain(sh, `umask: \`${clause.replace(/^[ugoa]*/, '')[0] ?? ''}': invalid symbolic mode ${/^[ugoa]*[-+=]/.test(clause) ? 'character' : 'operator'}`);
      return 1;
    }
    const who = m[1] === '' || m[1]!.includes('a') ? 'ugo' : m[1]!;
    const bits = [...m[3]!].reduce((b, c) => b | (c === 'r' ? 4 : c === 'w' ? 2 : 1), 0);
    for (const w of who) {
      const shift = w === 'u' ? 6 : w === 'g' ? 3 : 0;
      if (m[2] === '+') allowed |= bits << shift;
      else if (m[2] === '-') allowed &= ~(bits << shift);
      else allowed = (allowed & ~(7 << shift)) | (bits << shift);
    }
  }
  sh.p.umask = ~allowed & 0o777;
  return 0;
};

/** Limits as they are; setting one is accepted where nothing would change. Letter, text, unit, value. */
const LIMITS: readonly (readonly [string, string, string, string])[] = [
  ['R', 'real-time non-blocking time', '(microseconds, -R)', 'unlimited'], ['c', 'core file size', '(blocks, -c)', '0'], ['d', 'data seg size', '(kbytes, -d)', 'unlimited'],
  ['e', 'scheduling priority', '(-e)', '0'], ['f', 'file size', '(blocks, -f)', 'unlimited'], ['i', 'pending signals', '(-i)', '5833'],
  ['l', 'max locked memory', '(kbytes, -l)', '8192'], ['m', 'max memory size', '(kbytes, -m)', 'unlimited'], ['n', 'open files', '(-n)', '1024'],
  ['p', 'pipe size', '(512 bytes, -p)', '8'], ['q', 'POSIX message queues', '(bytes, -q)', '819200'], ['r', 'real-time priority', '(-r)', '0'],
  ['s', 'stack size', '(kbytes, -s)', '8192'], ['t', 'cpu time', '(seconds, -t)', 'unlimited'], ['u', 'max user processes', '(-u)', String(MAX_PROCS)],
  ['v', 'virtual memory', '(kbytes, -v)', 'unlimited'], ['x', 'file locks', '(-x)', 'unlimited'],
];

export const ulimit: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'SHacdefilmnpqrstuvxR');
  if (o.bad !== null) return o.bad;
  if (o.opts.has('a')) {
    yield* print(sh, 'ulimit', LIMITS.map(([, text, unit, value]) => `${text.padEnd(20)} ${unit.padStart(19)} ${value}\n`).join('').replace(/^(.{0,40}) (\S+)$/gm, '$1 $2'));
    return 0;
  }
  const letters = [...o.opts.keys()].filter((c) => c !== 'S' && c !== 'H');
  if (letters.length === 0) letters.push('f');
  for (const c of letters) {
    const value = LIMITS.find((l) => l[0] === c)?.[3] ?? 'unlimited';
    const want = o.args[0];
    if (want === undefined) yield* print(sh, 'ulimit', `${value}\n`);
    else if (!/^(\d+|hard|soft|unlimited)$/.test(want)) {
      yield* complain(sh, `ulimit: ${want}: invalid number`);
      return 1;
    } else if (want !== value && want !== 'hard' && want !== 'soft') return yield* notModelled(sh.p, 'ulimit', `setting -${c}`);
  }
  return 0;
};

export const history: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'cd:anrwps');
  if (o.bad !== null) return o.bad;
  const file = o.args[0] ?? getVar(sh, 'HISTFILE') ?? '/root/.bash_history';
  if (o.opts.has('c')) {
    sh.history = [];
    sh.historyFirst = 1;
    sh.historySaved = 1;
    return 0;
  }
  if (o.opts.has('d')) {
    const m = /^(-?\d+)(?:-(-?\d+))?$/.exec(o.opts.get('d')!);
    const at = (t: string): number => (Number(t) < 0 ? sh.history.length + Number(t) : Number(t) - sh.historyFirst);
    const from = m === null ? -1 : at(m[1]!);
    const to = m === null || m[2] === undefined ? from : at(m[2]);
    if (from < 0 || to >= sh.history.length || to < from) {
      yield* complain(sh, `history: ${o.opts.get('d')}: history position out of range`);
      return 1;
    }
    sh.history.splice(from, to - from + 1);
    return 0;
  }
  if (o.opts.has('w')) {
    writeFile(sh.p, file, sh.history.map((h) => `${h}\n`).join(''));
    sh.historySaved = sh.historyFirst + sh.history.length;
    return 0;
  }
  if (o.opts.has('a')) {
    const fresh = sh.history.slice(Math.max(0, sh.historySaved - sh.historyFirst));
    if (fresh.length > 0) writeFile(sh.p, file, fresh.map((h) => `${h}\n`).join(''), true);
    sh.historySaved = sh.historyFirst + sh.history.length;
    return 0;
  }
  if (o.opts.has('r') || o.opts.has('n')) {
    const text = readWholeFile(sh, file);
    if (text === null) {
      yield* complain(sh, `history: ${file}: cannot read: No such file or directory`);
      return 1;
    }
    sh.history.push(...text.split('\n').filter((l) => l !== ''));
    return 0;
  }
  if (o.opts.has('s')) {
    sh.history.pop();
    if (o.args.length > 0) sh.history.push(o.args.join(' '));
    return 0;
  }
  if (o.opts.has('p')) {
    // The command itself is no event to refer to, nor is it kept.
    sh.history.pop();
    for (const a of o.args) {
      const e = expandHistory(sh, a);
      if (e.error !== null) {
        yield* complain(sh, `history: ${a}: history expansion failed`);
        return 1;
      }
      yield* print(sh, 'history', `${e.line}\n`);
    }
    return 0;
  }
  let from = 0;
  if (o.args[0] !== undefined) {
    if (!/^\d+$/.test(o.args[0])) {
      yield* complain(sh, `history: ${o.args[0]}: numeric argument required`);
      return 1;
    }
    from = Math.max(0, sh.history.length - Number(o.args[0]));
  }
  yield* print(sh, 'history', sh.history.slice(from).map((h, i) => `${String(sh.historyFirst + from + i).padStart(5)}  ${h}\n`).join(''));
  return 0;
};

export const caller: Builtin = function* (sh, argv) {
  const frames = sh.frames.filter((f) => f.kind !== 'eval').reverse();
  const n = argv[1] === undefined ? 0 : Number(argv[1]);
  const f = frames[n];
  if (f === undefined) return 1;
  const up = frames[n + 1];
  const file = up?.file ?? (sh.mode === 'script' ? sh.name : 'NULL');
  yield* print(sh, 'caller', argv[1] === undefined ? `${f.line} ${file}\n` : `${f.line} ${up?.name ?? 'main'} ${up?.file ?? sh.name}\n`);
  return 0;
};
