// sort: sorts lines. Counterpart: coreutils sort.c (LANG=C: by bytes; stable keys, then whole lines).
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import { closeFd, write } from '../host/syscall';
import { openWrite } from './files';
import { closeInput, define, errnoText, Fatal, LineSource, openInput, put, quote, quoteIfNeeded, Steps } from './io';
import { table } from './options';
import { compareVersions } from './version_sort';

interface Key {
  startField: number;
  startChar: number;
  endField: number;
  endChar: number;
  flags: string;
}

const fail = (text: Bytes): Fatal => new Fatal(`sort: ${text}\n`, 2);

function parseKey(text: Bytes): Key {
  const m = /^(\d+)(?:\.(\d+))?([bdfghinMRrV]*)(?:,(\d+)(?:\.(\d+))?([bdfghinMRrV]*))?(.*)$/s.exec(text);
  if (m === null) throw fail(`invalid number at field start: invalid count at start of ${quote(text)}`);
  if (m[7] !== '') throw fail(m[7] === ',' ? `invalid number after ',': invalid count at start of ${quote('')}` : `stray character in field spec: invalid field specification ${quote(text)}`);
  if (m[1] === '0') throw fail(`field number is zero: invalid field specification ${quote(text)}`);
  if (m[2] !== undefined && m[2] === '0') throw fail(`character offset is zero: invalid field specification ${quote(text)}`);
  if (m[4] === '0') throw fail(`field number is zero: invalid field specification ${quote(text)}`);
  return { startField: Number(m[1]), startChar: Number(m[2] ?? '1'), endField: Number(m[4] ?? '0'), endChar: Number(m[5] ?? '0'), flags: (m[3] ?? '') + (m[6] ?? '') };
}

/** Positions where fields start and end; blanks belong to the field after them when no separator is given. */
function fieldBounds(line: Bytes, separator: string | null): [number, number][] {
  const out: [number, number][] = [];
  if (separator !== null) {
    let at = 0;
    for (;;) {
      const end = line.indexOf(separator, at);
      if (end < 0) break;
      out.push([at, end]);
      at = end + 1;
    }
    out.push([at, line.length]);
    return out;
  }
  for (const m of line.matchAll(/[ \t\n]*[^ \t\n]+|[ \t\n]+$/g)) out.push([m.index, m.index + m[0].length]);
  return out;
}

const skipBlanks = (line: Bytes, at: number): number => {
  let i = at;
  while (i < line.length && (line[i] === ' ' || line[i] === '\t' || line[i] === '\n')) i++;
  return i;
};

function keyText(line: Bytes, key: Key, separator: string | null, blanksStart: boolean, blanksEnd: boolean): Bytes {
  const bounds = fieldBounds(line, separator);
  const startOf = (f: number): number => bounds[f - 1]?.[0] ?? line.length;
  let from = startOf(key.startField);
  if (blanksStart) from = skipBlanks(line, from);
  from = Math.min(line.length, from + key.startChar - 1);
  let to = line.length;
  if (key.endField > 0) {
    if (key.endChar === 0) to = bounds[key.endField - 1]?.[1] ?? line.length;
    else {
      let at = startOf(key.endField);
      if (blanksEnd) at = skipBlanks(line, at);
      to = Math.min(line.length, at + key.endChar);
    }
  }
  return to > from ? line.slice(from, to) : '';
}

const NUMBER = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?/;

/** Compares decimal strings of any length, as -n does. */
function compareNumeric(a: Bytes, b: Bytes): number {
  const x = NUMBER.exec(a)!;
  const y = NUMBER.exec(b)!;
  const nx = Number(`${x[2] || '0'}.${x[3] || '0'}`) * (x[1] === '-' ? -1 : 1);
  const ny = Number(`${y[2] || '0'}.${y[3] || '0'}`) * (y[1] === '-' ? -1 : 1);
  if (x[2]!.length < 15 && y[2]!.length < 15) return nx < ny ? -1 : nx > ny ? 1 : 0;
  const sx = nx < 0 ? -1 : nx > 0 ? 1 : 0;
  const sy = ny < 0 ? -1 : ny > 0 ? 1 : 0;
  if (sx !== sy) return sx - sy;
  const ix = x[2]!.replace(/^0+/, '');
  const iy = y[2]!.replace(/^0+/, '');
  const magnitude = ix.length - iy.length || byBytes(ix, iy) || byBytes((x[3] ?? '').replace(/0+$/, ''), (y[3] ?? '').replace(/0+$/, ''));
  return magnitude * (sx || 1);
}

const SUFFIX = 'KMGTPEZY';
function compareHuman(a: Bytes, b: Bytes): number {
  const order = (t: Bytes): number => {
    const m = /^[ \t]*(-?)[\d.]*([kKMGTPEZY])?/.exec(t)!;
    const n = Number(NUMBER.exec(t)![2] || '0') + Number(`0.${NUMBER.exec(t)![3] || '0'}`);
    if (n === 0) return 0;
    const rank = m[2] === undefined ? 1 : SUFFIX.indexOf(m[2].toUpperCase()) + 2;
    return m[1] === '-' ? -rank : rank;
  };
  return order(a) - order(b) || compareNumeric(a, b);
}

function compareGeneral(a: Bytes, b: Bytes): number {
  const value = (t: Bytes): number | null => {
    const m = /^[ \t\n]*([-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan|0[xX][\da-fA-F]+))/i.exec(t);
    if (m === null) return null;
    const w = m[1]!.toLowerCase();
    return w.includes('inf') ? (w.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number(w.replace(/^\+/, ''));
  };
  const x = value(a);
  const y = value(b);
  if (x === null || y === null) return (x === null ? 0 : 1) - (y === null ? 0 : 1);
  if (Number.isNaN(x) || Number.isNaN(y)) return (Number.isNaN(x) ? 0 : 1) - (Number.isNaN(y) ? 0 : 1);
  return x < y ? -1 : x > y ? 1 : 0;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const month = (t: Bytes): number => MONTHS.indexOf(t.trimStart().slice(0, 3).toUpperCase()) + 1;

function compareBy(flags: string, a: Bytes, b: Bytes): number {
  let c: number;
  if (flags.includes('n')) c = compareNumeric(a, b);
  else if (flags.includes('h')) c = compareHuman(a, b);
  else if (flags.includes('g')) c = compareGeneral(a, b);
  else if (flags.includes('M')) c = month(a) - month(b);
  else {
    const dress = (t: Bytes): Bytes => {
      let s = t;
      if (flags.includes('d')) s = s.replace(/[^A-Za-z0-9 \t]/g, '');
      if (flags.includes('i')) s = s.replace(/[^\x20-\x7e]/g, '');
      return flags.includes('f') ? s.replace(/[a-z]/g, (x) => x.toUpperCase()) : s;
    };
    c = flags.includes('V') ? compareVersions(dress(a), dress(b)) : byBytes(dress(a), dress(b));
  }
  return flags.includes('r') ? -c : c;
}

export const sort = define({
  name: 'sort',
  summary: 'Write sorted concatenation of all FILE(s) to standard output.',
  path: '/usr/bin/sort',
  package: 'coreutils',
  writeErrorExit: 2,
  options: table(
    '-b --ignore-leading-blanks: ignore leading blanks', '-d --dictionary-order: consider only blanks and alphanumeric characters', '-f --ignore-case: fold lower case to upper case characters',
    '-g --general-numeric-sort: compare according to general numerical value', '-i --ignore-nonprinting: consider only printable characters', '-M --month-sort: compare (unknown) < JAN < ... < DEC',
    '-h --human-numeric-sort: compare human readable numbers', '-n --numeric-sort: compare according to string numerical value', '-R --random-sort: shuffle, but group identical keys',
    '!--random-source FILE: get random bytes from FILE', '-r --reverse: reverse the result of comparisons', '--sort WORD: sort according to WORD', '-V --version-sort: natural sort of (version) numbers within text',
    '!--batch-size N: merge at most N inputs at once', '-c: check for sorted input; do not sort', '--check [HOW]: check for sorted input', '-C: like -c, but do not report first bad line',
    '!--compress-program PROG: compress temporaries with PROG', '!--debug: annotate the part of the line used to sort', '!--files0-from F: read input from the files named in F', '-k --key KEYDEF: sort via a key',
    '-m --merge: merge already sorted files; do not sort', '-o --output FILE: write result to FILE instead of standard output', '-s --stable: stabilize sort by disabling last-resort comparison',
    '-S --buffer-size SIZE: use SIZE for main memory buffer', '-t --field-separator SEP: use SEP instead of non-blank to blank transition', '-T --temporary-directory DIR: use DIR for temporaries',
    '--parallel N: change the number of sorts run concurrently', '-u --unique: output only the first of an equal run', '-z --zero-terminated: line delimiter is NUL, not newline',
  ),
  getopt: { badExit: 2 },
  *run(p, opts, args) {
    let global = '';
    for (const k of ['-b', '-d', '-f', '-g', '-i', '-M', '-h', '-n', '-R', '-r', '-V']) if (opts.has(k)) global += k[1];
    const word = opts.value('--sort');
    if (word !== null) {
      const letter = ({ 'general-numeric': 'g', 'human-numeric': 'h', month: 'M', numeric: 'n', random: 'R', version: 'V' } as Record<string, string>)[word];
      if (letter === undefined) throw new Fatal(`sort: invalid argument ${quote(word)} for '--sort'\nValid arguments are:\n  - 'general-numeric'\n  - 'human-numeric'\n  - 'month'\n  - 'numeric'\n  - 'random'\n  - 'version'\nTry 'sort --help' for more information.\n`, 2);
      global += letter;
    }
    const kinds = [...'nghMRV'].filter((c) => global.includes(c));
    if (kinds.length > 1 || (kinds.length === 1 && kinds[0] !== 'R' && kinds[0] !== 'V' && /[di]/.test(global))) throw fail(`options '-${[...global].filter((c) => 'dighMnRV'.includes(c)).join('')}' are incompatible`);
    const separatorText = opts.value('-t');
    const z = opts.has('-z') ? '\0' : '\n';
    let separator = separatorText;
    if (separatorText !== null) {
      if (separatorText === '') throw fail('empty tab');
      if (separatorText === '\\0') separator = '\0';
      else if (separatorText.length > 1) throw fail(`multi-character tab ${quote(separatorText)}`);
    }
    const keys = opts.all('-k').map(parseKey);
    const parts = keys.map((k) => {
      const own = k.flags.replace(/[b]/g, '') !== '' || k.flags.includes('b');
      const flags = own ? k.flags : global;
      return { key: k, flags, blanks: flags.includes('b') };
    });
    // A key without a letter of its own takes the global ones.
    const check = opts.has('-C') || /^(quiet|silent)$/.test(opts.value('--check') ?? '') ? 'quiet' : opts.has('-c') || opts.has('--check') ? 'loud' : null;
    const unique = opts.has('-u');
    const seed = p.host.world.rng;
    const random = new Map<Bytes, number>();
    const rank = (t: Bytes): number => {
      let r = random.get(t);
      if (r === undefined) random.set(t, (r = seed.next(`sort/${p.host.name}`)));
      return r;
    };
    const keyed = (line: Bytes): Bytes[] => (parts.length === 0 ? [global.includes('b') ? line.slice(skipBlanks(line, 0)) : line] : parts.map((x) => keyText(line, x.key, separator, x.blanks, x.blanks)));
    const compareKeys = (a: Bytes[], b: Bytes[]): number => {
      for (let i = 0; i < a.length; i++) {
        const flags = parts[i]?.flags ?? global;
        const c = flags.includes('R') ? rank(a[i]!) - rank(b[i]!) : compareBy(flags, a[i]!, b[i]!);
        if (c !== 0) return c;
      }
      return 0;
    };
    const lastResort = !opts.has('-s') && !unique;
    const compare = (a: { line: Bytes; keys: Bytes[] }, b: { line: Bytes; keys: Bytes[] }): number => {
      const c = compareKeys(a.keys, b.keys);
      if (c !== 0 || !lastResort) return c;
      return global.includes('r') ? byBytes(b.line, a.line) : byBytes(a.line, b.line);
    };
    const rows: { line: Bytes; keys: Bytes[] }[] = [];
    const files = args.length > 0 ? args : ['-'];
    if (check !== null && files.length > 1) throw new Fatal(`sort: extra operand ${quote(files[1]!)} not allowed with -c\nTry 'sort --help' for more information.\n`, 2);
    for (const name of files) {
      let fd = -1;
      try {
        fd = openInput(p, name);
      } catch (e) {
        throw fail(`cannot read: ${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
      try {
        const src = new LineSource(p, fd, z);
        let n = 0;
        for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
          for (const raw of lines) {
            const line = raw.endsWith(z) ? raw.slice(0, -1) : raw;
            const row = { line, keys: keyed(line) };
            n++;
            if (check !== null && rows.length > 0) {
              const c = compare(rows[0]!, row);
              if (c > 0 || (unique && c === 0)) {
                if (check === 'loud') throw new Fatal(`sort: ${name}:${n}: disorder: ${line}\n`, 1);
                return 1;
              }
              rows.length = 0;
            }
            rows.push(row);
          }
        }
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw fail(`read failed: ${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
      closeInput(p, fd);
    }
    if (check !== null) return 0;
    rows.sort(compare);
    const steps = new Steps(p);
    for (let i = 0; i < rows.length; i++) if (steps.due) yield* steps.pay();
    const target = opts.value('-o');
    let fd = 1;
    if (target !== null) {
      try {
        fd = openWrite(p, target);
      } catch (e) {
        throw fail(`open failed: ${quoteIfNeeded(target)}: ${errnoText(e)}`);
      }
    }
    let o = '';
    for (let i = 0; i < rows.length; i++) {
      if (unique && i > 0 && compareKeys(rows[i - 1]!.keys, rows[i]!.keys) === 0) continue;
      o += rows[i]!.line + z;
      if (o.length > 16384) {
        yield* fd === 1 ? put(p, o) : write(p, fd, o);
        o = '';
      }
    }
    yield* fd === 1 ? put(p, o) : write(p, fd, o);
    if (fd !== 1) closeFd(p, fd);
    return 0;
  },
});
