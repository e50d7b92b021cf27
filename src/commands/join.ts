// join: joins lines of two files on a common field. Counterpart: coreutils join.c.
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import { err } from '../host/syscall';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, usageError } from './io';
import { table } from './options';

export const join = define({
  name: 'join',
  summary: 'For each pair of input lines with identical join fields, write a line to standard output.',
  path: '/usr/bin/join',
  package: 'coreutils',
  options: table(
    '-a FILENUM: also print unpairable lines from file FILENUM', '-e STRING: replace missing input fields with STRING', '-i --ignore-case: ignore differences in case when comparing fields', '-j FIELD: equivalent to -1 FIELD -2 FIELD', '-o FORMAT: obey FORMAT while constructing output line',
    '-t CHAR: use CHAR as input and output field separator', '-v FILENUM: like -a FILENUM, but suppress joined output lines', '-1 FIELD: join on this FIELD of file 1', '-2 FIELD: join on this FIELD of file 2', '--check-order: check that the input is correctly sorted',
    '--nocheck-order: do not check that the input is correctly sorted', '--header: treat the first line in each file as field headers', '-z --zero-terminated: line delimiter is NUL, not newline',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('join', 'missing operand');
    if (args.length === 1) throw usageError('join', `missing operand after ${quote(args[0]!)}`);
    if (args.length > 2) throw usageError('join', `extra operand ${quote(args[2]!)}`);
    const fieldNumber = (key: string): number => {
      const v = opts.value(key) ?? opts.value('-j') ?? '1';
      if (!/^\d+$/.test(v) || Number(v) === 0) throw new Fatal(`join: invalid field number: ${quote(v)}\n`, 1);
      return Number(v) - 1;
    };
    const at = [fieldNumber('-1'), fieldNumber('-2')];
    const t = opts.value('-t');
    const z = opts.has('-z') ? '\0' : '\n';
    const fold = (k: Bytes): Bytes => (opts.has('-i') ? k.toLowerCase() : k);
    const sides: { fields: Bytes[]; key: Bytes; line: Bytes }[][] = [];
    for (const [k, name] of args.entries()) {
      try {
        const fd = openInput(p, name);
        const text = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
        const lines = text.split(z);
        if (lines[lines.length - 1] === '') lines.pop();
        sides.push(lines.map((line) => {
          const fields = t === null ? (line.match(/[^ \t]+/g) ?? []) : t === '' ? [line] : line.split(t);
          return { fields, key: fold(fields[at[k]!] ?? ''), line };
        }));
      } catch (e) {
        throw new Fatal(`join: ${quoteIfNeeded(name)}: ${errnoText(e)}\n`, 1);
      }
    }
    const [a, b] = sides as [typeof sides[0], typeof sides[0]];
    const d = t ?? ' ';
    const empty = opts.value('-e') ?? '';
    const formatText = opts.all('-o').join(',');
    const format = formatText === '' || formatText === 'auto' ? null : formatText.split(/[, \t]+/);
    const row = (x: (typeof a)[0] | null, y: (typeof a)[0] | null): Bytes => {
      const key = x?.fields[at[0]!] ?? y?.fields[at[1]!] ?? '';
      if (format !== null) return format.map((f) => (f === '0' ? key : ((f[0] === '1' ? x : y)?.fields[Number(f.slice(2)) - 1] ?? '') || empty)).join(d) + z;
      return [key, ...(x?.fields.filter((_f, i) => i !== at[0]) ?? []), ...(y?.fields.filter((_f, i) => i !== at[1]) ?? [])].join(d) + z;
    };
    const only = opts.all('-v');
    const also = new Set([...opts.all('-a'), ...only]);
    let o = '';
    let i = 0;
    let j = 0;
    if (opts.has('--header') && a.length > 0 && b.length > 0) o += row(a[i++]!, b[j++]!);
    let warned = false;
    const check = function* (list: typeof a, k: number, n: number) {
      if (warned || opts.has('--nocheck-order') || n === 0 || list[n] === undefined || list[n - 1]!.key <= list[n]!.key) return;
      warned = true;
      yield* err(p, `join: ${args[k]}:${n + 1}: is not sorted: ${list[n]!.line}\n`);
    };
    while (i < a.length || j < b.length) {
      const c = i >= a.length ? 1 : j >= b.length ? -1 : byBytes(a[i]!.key, b[j]!.key);
      if (c < 0) {
        if (also.has('1')) o += row(a[i]!, null);
        i++;
        yield* check(a, 0, i);
      } else if (c > 0) {
        if (also.has('2')) o += row(null, b[j]!);
        j++;
        yield* check(b, 1, j);
      } else {
        let i2 = i;
        while (i2 < a.length && a[i2]!.key === a[i]!.key) i2++;
        let j2 = j;
        while (j2 < b.length && b[j2]!.key === b[j]!.key) j2++;
        if (only.length === 0) for (let x = i; x < i2; x++) for (let y = j; y < j2; y++) o += row(a[x]!, b[y]!);
        i = i2;
        j = j2;
        yield* check(a, 0, i);
        yield* check(b, 1, j);
      }
    }
    yield* put(p, o);
    if (warned) throw new Fatal('join: input is not in sorted order\n', 1);
    return 0;
  },
});
