// uniq: adjacent equal lines. Counterpart: coreutils uniq.c.
import type { Bytes } from '../lib/text';
import { openWrite } from './files';
import { closeInput, define, errnoText, Fatal, LineSource, openInput, put, quoteIfNeeded, quote, usageError } from './io';
import { table } from './options';
import { setFd, fileOf } from '../host/syscall';

export const uniq = define({
  name: 'uniq',
  summary: 'Filter adjacent matching lines from INPUT (or standard input), writing to OUTPUT (or standard output).',
  path: '/usr/bin/uniq',
  package: 'coreutils',
  options: table(
    '-c --count: prefix lines by the number of occurrences', '-d --repeated: only print duplicate lines, one for each group', '-D: print all duplicate lines', '--all-repeated [METHOD]: like -D, delimiting groups',
    '-f --skip-fields N: avoid comparing the first N fields', '--group [METHOD]: show all items, separating groups with an empty line', '-i --ignore-case: ignore differences in case when comparing',
    '-s --skip-chars N: avoid comparing the first N characters', '-u --unique: only print unique lines', '-z --zero-terminated: line delimiter is NUL, not newline', '-w --check-chars N: compare no more than N characters in lines',
  ),
  getopt: { badExit: 1, prepare: (argv) => argv.map((a) => (/^-\d+$/.test(a) ? `-f${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    if (args.length > 2) throw usageError('uniq', `extra operand ${quote(args[2]!)}`);
    const number = (key: string, what: string): number => {
      const v = opts.value(key);
      if (v === null) return 0;
      if (!/^\d+$/.test(v)) throw new Fatal(`uniq: ${v}: invalid number of ${what}\n`, 1);
      return Number(v);
    };
    const skipFields = number('-f', 'fields to skip');
    const skipChars = number('-s', 'bytes to skip');
    const limit = opts.has('-w') ? number('-w', 'bytes to compare') : Number.POSITIVE_INFINITY;
    const count = opts.has('-c');
    if (count && (opts.has('-D') || opts.has('--all-repeated'))) throw usageError('uniq', 'printing all duplicated lines and repeat counts is meaningless');
    const repeated = opts.has('-D') || opts.has('--all-repeated');
    const how = choice(opts.value('--all-repeated'), 'none', ['none', 'prepend', 'separate'], '--all-repeated');
    const group = opts.has('--group') ? choice(opts.value('--group'), 'separate', ['prepend', 'append', 'separate', 'both'], '--group') : null;
    if (group !== null && (count || repeated || opts.has('-d') || opts.has('-u'))) throw usageError('uniq', '--group is mutually exclusive with -c/-d/-D/-u');
    let groups = 0;
    const z = opts.has('-z') ? '\0' : '\n';
    const keyOf = (line: Bytes): Bytes => {
      let k = line;
      for (let i = 0; i < skipFields; i++) k = k.replace(/^[ \t\n]*[^ \t\n]*/, '');
      k = k.slice(skipChars, Number.isFinite(limit) ? skipChars + limit : undefined);
      return opts.has('-i') ? k.toUpperCase() : k;
    };
    let fd: number;
    try {
      fd = openInput(p, args[0] ?? '-');
      if (args[1] !== undefined && args[1] !== '-') setFd(p, 1, fileOf(p, openWrite(p, args[1])));
    } catch (e) {
      throw new Fatal(`uniq: ${quoteIfNeeded(args[0] ?? '-')}: ${errnoText(e)}\n`, 1);
    }
    const src = new LineSource(p, fd, z);
    let current: Bytes | null = null;
    let key = '';
    let times = 0;
    const finish = (): Bytes => {
      if (current === null) return '';
      if (group !== null) return group === 'append' || group === 'both' ? z : '';
      if (repeated) return '';
      if ((opts.has('-u') && times > 1) || (opts.has('-d') && times === 1)) return '';
      return `${count ? `${String(times).padStart(7)} ` : ''}${current}${z}`;
    };
    for (;;) {
      let lines: Bytes[] | null;
      try {
        lines = yield* src.batch();
      } catch (e) {
        throw new Fatal(`uniq: error reading ${quote(args[0] ?? '-')}: ${errnoText(e)}\n`, 1);
      }
      if (lines === null) break;
      let o = '';
      for (const raw of lines) {
        const line = raw.endsWith(z) ? raw.slice(0, -1) : raw;
        const k = keyOf(line);
        if (current !== null && k === key) {
          times++;
          if (group !== null) o += `${line}${z}`;
          else if (repeated) {
            if (times === 2) o += `${how === 'prepend' || (how === 'separate' && groups > 0) ? z : ''}${current}${z}`;
            if (times === 2) groups++;
            o += `${line}${z}`;
          }
          continue;
        }
        o += finish();
        if (group !== null) o += `${(current === null && (group === 'prepend' || group === 'both')) || (current !== null && (group === 'separate' || group === 'prepend')) ? z : ''}${line}${z}`;
        current = line;
        key = k;
        times = 1;
      }
      yield* put(p, o);
    }
    yield* put(p, finish());
    closeInput(p, fd);
    return 0;
  },
});

/** One of an option's words, which may be cut short. */
function choice(given: Bytes | null, fallback: string, words: readonly string[], option: string): string {
  if (given === null || given === '') return fallback;
  const fits = words.filter((w) => w.startsWith(given));
  if (fits.length === 1) return fits[0]!;
  throw new Fatal(`uniq: ${fits.length > 1 ? 'ambiguous' : 'invalid'} argument ${quote(given)} for '${option}'\nValid arguments are:\n${words.map((w) => `  - '${w}'\n`).join('')}Try 'uniq --help' for more information.\n`, 1);
}
