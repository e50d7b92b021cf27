// shuf: a random permutation. Counterpart: coreutils shuf.c.
import type { Bytes } from '../lib/text';
import { closeFd, write } from '../host/syscall';
import { openWrite } from './files';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, quoteIfNeeded, usageError } from './io';
import { table } from './options';

export const shuf = define({
  name: 'shuf',
  summary: 'Write a random permutation of the input lines to standard output.',
  path: '/usr/bin/shuf',
  package: 'coreutils',
  options: table('-e --echo: treat each ARG as an input line', '-i --input-range LO-HI: treat each number LO through HI as an input line', '-n --head-count COUNT: output at most COUNT lines', '-o --output FILE: write result to FILE instead of standard output', '!--random-source FILE: get random bytes from FILE', '-r --repeat: output lines can be repeated', '-z --zero-terminated: line delimiter is NUL, not newline'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const z = opts.has('-z') ? '\0' : '\n';
    let lines: Bytes[];
    const range = opts.value('-i');
    if (opts.has('-e')) lines = [...args];
    else if (range !== null) {
      const m = /^(\d+)-(\d+)$/.exec(range);
      if (m === null || Number(m[2]) - Number(m[1]) < -1) throw new Fatal(`shuf: invalid input range: ${quote(range)}\n`, 1);
      if (args.length > 0) throw usageError('shuf', `extra operand ${quote(args[0]!)}`);
      lines = Array.from({ length: Math.min(1e6, Number(m[2]) - Number(m[1]) + 1) }, (_x, i) => String(Number(m[1]) + i));
    } else {
      if (args.length > 1) throw usageError('shuf', `extra operand ${quote(args[1]!)}`);
      try {
        const fd = openInput(p, args[0] ?? '-');
        const text = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
        lines = text.split(z);
        if (lines[lines.length - 1] === '') lines.pop();
      } catch (e) {
        throw new Fatal(`shuf: ${quoteIfNeeded(args[0] ?? '-')}: ${errnoText(e)}\n`, 1);
      }
    }
    const n = opts.value('-n');
    if (n !== null && !/^\d+$/.test(n)) throw new Fatal(`shuf: invalid line count: ${quote(n)}\n`, 1);
    const { rng } = p.host.world;
    const stream = `shuf/${p.host.name}`;
    const count = n === null ? lines.length : Number(n);
    const out: Bytes[] = [];
    if (opts.has('-r')) {
      if (lines.length === 0) throw new Fatal('shuf: no lines to repeat\n', 1);
      for (let i = 0; i < count; i++) out.push(lines[rng.below(stream, lines.length)]!);
    } else
      for (let i = 0; i < Math.min(count, lines.length); i++) {
        const j = i + rng.below(stream, lines.length - i);
        [lines[i], lines[j]] = [lines[j]!, lines[i]!];
        out.push(lines[i]!);
      }
    const text = out.map((l) => l + z).join('');
    const file = opts.value('-o');
    if (file === null) yield* put(p, text);
    else {
      const fd = openWrite(p, file);
      yield* write(p, fd, text);
      closeFd(p, fd);
    }
    return 0;
  },
});
