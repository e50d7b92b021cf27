// comm: compares two sorted files line by line. Counterpart: coreutils comm.c.
import type { Bytes } from '../lib/text';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, usageError } from './io';
import { err } from '../host/syscall';
import { table } from './options';

export const comm = define({
  name: 'comm',
  summary: 'Compare sorted files FILE1 and FILE2 line by line.',
  path: '/usr/bin/comm',
  package: 'coreutils',
  options: table(
    '-1: suppress column 1 (lines unique to FILE1)', '-2: suppress column 2 (lines unique to FILE2)', '-3: suppress column 3 (lines that appear in both files)', '--check-order: check that the input is correctly sorted',
    '--nocheck-order: do not check that the input is correctly sorted', '--output-delimiter STR: separate columns with STR', '--total: output a summary', '-z --zero-terminated: line delimiter is NUL, not newline',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('comm', 'missing operand');
    if (args.length === 1) throw usageError('comm', `missing operand after ${quote(args[0]!)}`);
    if (args.length > 2) throw usageError('comm', `extra operand ${quote(args[2]!)}`);
    const z = opts.has('-z') ? '\0' : '\n';
    const sides: Bytes[][] = [];
    for (const name of args) {
      try {
        const fd = openInput(p, name);
        const text = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
        const lines = text.split(z);
        if (lines[lines.length - 1] === '') lines.pop();
        sides.push(lines);
      } catch (e) {
        throw new Fatal(`comm: ${quoteIfNeeded(name)}: ${errnoText(e)}\n`, 1);
      }
    }
    const [a, b] = sides as [Bytes[], Bytes[]];
    const d = opts.value('--output-delimiter') ?? '\t';
    const tab2 = opts.has('-1') ? '' : d;
    const tab3 = tab2 + (opts.has('-2') ? '' : d);
    let i = 0;
    let j = 0;
    const counts = [0, 0, 0];
    const warned = [false, false];
    // Order is looked at from the first line on that only one file has.
    let unpaired = false;
    let o = '';
    const check = function* (side: 0 | 1) {
      const list = sides[side]!;
      const at = side === 0 ? i : j;
      if (warned[side] || (!unpaired && !opts.has('--check-order')) || opts.has('--nocheck-order') || at === 0 || list[at] === undefined || list[at - 1]! <= list[at]!) return;
      warned[side] = true;
      yield* put(p, o);
      o = '';
      yield* err(p, `comm: file ${side + 1} is not in sorted order\n`);
    };
    while (i < a.length || j < b.length) {
      const order = i >= a.length ? 1 : j >= b.length ? -1 : a[i]! < b[j]! ? -1 : a[i]! > b[j]! ? 1 : 0;
      if (order !== 0) unpaired = true;
      if (order < 0) {
        if (!opts.has('-1')) o += a[i]! + z;
        counts[0]!++;
        i++;
        yield* check(0);
      } else if (order > 0) {
        if (!opts.has('-2')) o += tab2 + b[j]! + z;
        counts[1]!++;
        j++;
        yield* check(1);
      } else {
        if (!opts.has('-3')) o += tab3 + a[i]! + z;
        counts[2]!++;
        i++;
        j++;
        yield* check(0);
        yield* check(1);
      }
    }
    if (opts.has('--total')) o += `${counts.join(d)}${d}total${z}`;
    yield* put(p, o);
    if (warned[0] || warned[1]) throw new Fatal('comm: input is not in sorted order\n', 1);
    return 0;
  },
});
