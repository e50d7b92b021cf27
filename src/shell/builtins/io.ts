// echo, printf, read, mapfile. Linux counterpart: bash's builtins/echo.def, printf.def, read.def, mapfile.def.
import { echoEscapes, echoText } from '../../commands/echo';
import { formatPrintf } from '../../commands/printf';
import { SysError } from '../../lib/errno';
import { Interrupted, type Op } from '../../host/process';
import { socketReadable } from '../../host/socket';
import { fileOf, nowUs, takeSignal, wallSeconds } from '../../host/syscall';
import { fits } from '../../lib/exhausted';
import type { Bytes } from '../../lib/text';
import { ifsOf } from '../fields';
import { type Line, readLine } from '../read_line';
import { runText } from '../units';
import { again, complain, gotSignal, print, raw, step } from '../say';
import type { Shell } from '../shell';
import { strftime } from '../strftime';
import { ReadonlyError, setArray, setElement, setVar } from '../vars';
import { type Builtin, isName, options, usage } from './builtin';

export const echo: Builtin = function* (sh, argv) {
  if (sh.dash) {
    // dash takes -n alone and always reads escapes.
    const n = argv[1] === '-n';
    const e = echoEscapes(argv.slice(n ? 2 : 1).join(' '));
    return (yield* print(sh, 'echo', n || e.stop ? e.text : `${e.text}\n`)) ? 0 : 1;
  }
  const args = sh.shopts.has('xpg_echo') && !argv.includes('-E') ? ['-e', ...argv.slice(1)] : argv.slice(1);
  return (yield* print(sh, 'echo', echoText(args))) ? 0 : 1;
};

export const printf: Builtin = function* (sh, argv) {
  let i = 1;
  let into: Bytes | null = null;
  if (argv[i] === '-v') {
    into = argv[i + 1] ?? null;
    i += 2;
    if (into === null) return yield* usage(sh, 'printf', '-v: option requires an argument');
    if (!/^[A-Za-z_]\w*(\[.+\])?$/s.test(into)) {
      yield* complain(sh, `printf: \`${into}': not a valid identifier`);
      return 2;
    }
  } else if (argv[i]?.startsWith('-v') && argv[i]!.length > 2) into = argv[i++]!.slice(2);
  else if (argv[i] !== undefined && /^-[^-]/.test(argv[i]!)) return yield* usage(sh, 'printf', `${argv[i]!.slice(0, 2)}: invalid option`);
  if (argv[i] === '--') i++;
  const format = argv[i];
  if (format === undefined) return yield* usage(sh, 'printf', null);
  const done = formatPrintf(format, argv.slice(i + 1), 'bash', (f, arg) => {
    const at = arg === undefined || arg === '-1' ? wallSeconds(sh.p) : arg === '-2' ? wallSeconds(sh.p) - nowUs(sh.p) / 1e6 : Number(arg) || 0;
    return strftime(f === '' ? '%H:%M:%S' : f, Math.floor(at));
  });
  if (into !== null) {
    const m = /^(\w+)\[(.*)\]$/s.exec(into);
    if (m !== null) setElement(sh, m[1]!, m[2]!, done.text);
    else setVar(sh, into, done.text);
  }
  for (const e of done.errors) yield* complain(sh, `printf: ${e}`);
  if (into === null && !(yield* print(sh, 'printf', done.text))) return 1;
  return done.errors.some((e) => !e.startsWith('warning')) ? 1 : 0;
};

/** Splits a line for `read`: `\` keeps the next character unless raw; the last name takes the rest. */
function splitLine(line: Bytes, ifs: Bytes, fields: number, rawMode: boolean): Bytes[] {
  const chars: { c: Bytes; q: boolean }[] = [];
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\' && !rawMode) {
      i++;
      if (i < line.length) chars.push({ c: line[i]!, q: true });
    } else chars.push({ c: line[i]!, q: false });
  }
  const isSep = (k: number): boolean => k < chars.length && !chars[k]!.q && ifs.includes(chars[k]!.c);
  const isBlank = (k: number): boolean => isSep(k) && ' \t\n'.includes(chars[k]!.c);
  const text = (from: number, to: number): Bytes => chars.slice(from, to).map((x) => x.c).join('');
  const out: Bytes[] = [];
  let i = 0;
  while (isBlank(i)) i++;
  while (i < chars.length) {
    if (out.length === fields - 1) {
      let end = chars.length;
      while (end > i && isBlank(end - 1)) end--;
      // One trailing delimiter is dropped when nothing else is in the rest.
      if (end > i && isSep(end - 1) && !chars.slice(i, end - 1).some((_, k) => isSep(i + k))) {
        end--;
        while (end > i && isBlank(end - 1)) end--;
      }
      out.push(text(i, end));
      return out;
    }
    const from = i;
    while (i < chars.length && !isSep(i)) i++;
    out.push(text(from, i));
    while (isBlank(i)) i++;
    if (isSep(i)) {
      i++;
      while (isBlank(i)) i++;
    }
  }
  return out;
}

export const read: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'rsea:d:i:n:N:p:t:u:');
  if (o.bad !== null) return o.bad;
  const fd = Number(o.opts.get('u') ?? 0);
  for (const name of o.args) {
    if (!isName(name) && !/^[A-Za-z_]\w*\[.+\]$/s.test(name)) {
      yield* complain(sh, `read: \`${name}': not a valid identifier`);
      return 1;
    }
  }
  const rawMode = o.opts.has('r');
  const exact = o.opts.get('N');
  const max = exact ?? o.opts.get('n');
  const delimiter = exact !== undefined ? '\x00\x00' : o.opts.has('d') ? (o.opts.get('d') === '' ? '\0' : o.opts.get('d')![0]!) : '\n';
  let line: Line = { text: '', eof: true, timedOut: false };
  try {
    const f = fileOf(sh.p, fd);
    const tty = f.kind === 'tty' ? sh.p.host.ttys[f.tty]! : null;
    if (o.opts.has('p') && tty !== null) yield* raw(sh, o.opts.get('p')!);
    const timeout = o.opts.get('t');
    if (timeout === '0') return f.kind === 'inode' || (f.kind === 'pipe' && (f.pipe.data !== '' || f.pipe.writers === 0)) ? 0 : 1;
    const echoWas = tty?.echo;
    const cookedWas = tty?.canonical;
    if (tty !== null && o.opts.has('s')) tty.echo = false;
    if (tty !== null && max !== undefined) tty.canonical = false;
    try {
      for (;;) {
        const piece = yield* readWithin(sh, fd, delimiter, max === undefined ? undefined : Number(max) - line.text.length, timeout);
        line = { ...piece, text: line.text + piece.text };
        if (!rawMode && !piece.eof && !piece.timedOut && delimiter === '\n' && /(^|[^\\])(\\\\)*\\$/.test(line.text)) {
          line.text = line.text.slice(0, -1);
          continue;
        }
        break;
      }
    } finally {
      if (tty !== null && echoWas !== undefined) tty.echo = echoWas;
      if (tty !== null && cookedWas !== undefined) tty.canonical = cookedWas;
    }
  } catch (e) {
    if (e instanceof Interrupted) {
      const n = takeSignal(sh.p);
      yield* gotSignal(sh, n);
      return 128 + n;
    }
    if (!(e instanceof SysError)) throw e;
    yield* complain(sh, `read: ${o.opts.has('u') && e.errno === 'EBADF' ? `${fd}: invalid file descriptor: ` : 'read error: 0: '}${e.message}`);
    return 1;
  }
  const status = line.timedOut ? 142 : line.eof && !(exact !== undefined && line.text.length === Number(exact)) ? 1 : 0;
  try {
    const array = o.opts.get('a');
    const text = line.text.includes('\0') ? line.text.replaceAll('\0', '') : line.text;
    if (array !== undefined) setArray(sh, array, splitLine(text, ifsOf(sh), Number.POSITIVE_INFINITY, rawMode));
    else if (o.args.length === 0) setVar(sh, 'REPLY', rawMode ? text : text.replace(/\\([\s\S])/g, '$1'));
    else {
      const parts = exact !== undefined ? [text] : splitLine(text, ifsOf(sh), o.args.length, rawMode);
      o.args.forEach((name, i) => {
        const m = /^(\w+)\[(.*)\]$/s.exec(name);
        if (m !== null) setElement(sh, m[1]!, m[2]!, parts[i] ?? '');
        else setVar(sh, name, parts[i] ?? '');
      });
    }
  } catch (e) {
    if (!(e instanceof ReadonlyError)) throw e;
    yield* complain(sh, `${e.varName}: readonly variable`);
    return 1;
  }
  return status;
};

/** readLine with a deadline, by looking at the descriptor until then. */
function* readWithin(sh: Shell, fd: number, delimiter: Bytes, max: number | undefined, timeout: Bytes | undefined): Op<Line> {
  if (timeout === undefined) return yield* readLine(sh, fd, delimiter, max);
  const until = nowUs(sh.p) + Math.round(Number(timeout) * 1e6);
  const f = fileOf(sh.p, fd);
  const queue = f.kind === 'pipe' ? f.pipe.readQueue : f.kind === 'tty' ? sh.p.host.ttys[f.tty]!.readQueue : f.kind === 'socket' ? f.queue : null;
  if (queue === null) return yield* readLine(sh, fd, delimiter, max);
  let text = '';
  for (;;) {
    const ready = f.kind === 'socket' ? socketReadable(sh.p, f) : f.kind === 'pipe' ? f.pipe.data !== '' || f.pipe.writers === 0 : f.kind === 'tty' && (sh.p.host.ttys[f.tty]!.input !== '' || sh.p.host.ttys[f.tty]!.eof);
    if (ready) {
      const one = yield* readLine(sh, fd, delimiter, 1);
      if (one.eof || one.text === '') return { ...one, text: text + one.text };
      text += one.text;
      if (max !== undefined && text.length >= max) return { text, eof: false, timedOut: false };
      continue;
    }
    if (nowUs(sh.p) >= until) return { text, eof: false, timedOut: true };
    yield { on: [queue], until };
    if (sh.p.pending.length > 0) throw new Interrupted();
  }
}

export const mapfile: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'd:n:O:s:tu:C:c:');
  if (o.bad !== null) return o.bad;
  const name = o.args[0] ?? 'MAPFILE';
  if (!isName(name)) {
    yield* complain(sh, `${argv[0]}: \`${name}': not a valid identifier`);
    return 1;
  }
  const fd = Number(o.opts.get('u') ?? 0);
  const delimiter = o.opts.has('d') ? o.opts.get('d')![0] ?? '\0' : '\n';
  const count = Number(o.opts.get('n') ?? 0);
  let skip = Number(o.opts.get('s') ?? 0);
  let at = Number(o.opts.get('O') ?? 0);
  if (!o.opts.has('O')) setArray(sh, name, []);
  const callback = o.opts.get('C');
  const quantum = Number(o.opts.get('c') ?? 5000);
  let size = 0;
  let lines = 0;
  for (let n = 0; count === 0 || n < count; ) {
    const line = yield* again(sh, () => readLine(sh, fd, delimiter));
    if (line.eof && line.text === '') break;
    size += line.text.length + 8;
    fits(size);
    if (++lines % 256 === 0) yield* step(sh);
    if (skip > 0) {
      skip--;
      continue;
    }
    const text = o.opts.has('t') || line.eof ? line.text : line.text + delimiter;
    n++;
    if (callback !== undefined && n % quantum === 0) yield* runText(sh, `${callback} ${at} '${text.replaceAll("'", "'\\''")}'`, sh.line, false);
    setElement(sh, name, at++, text);
    if (line.eof) break;
  }
  return 0;
};

