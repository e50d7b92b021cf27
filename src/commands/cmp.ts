// cmp: compares two files byte by byte. Counterpart: diffutils 3.8 cmp.c.
import { err } from '../host/syscall';
import { showByte } from './cat';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote } from './io';
import { table } from './options';

const TRY = "cmp: Try 'cmp --help' for more information.\n";

export const cmp = define({
  name: 'cmp',
  summary: 'Compare two files byte by byte.',
  path: '/usr/bin/cmp',
  package: 'diffutils',
  suite: '(GNU diffutils) 3.8',
  writeErrorExit: 2,
  options: table('-b --print-bytes: print differing bytes', '-i --ignore-initial SKIP: skip first SKIP bytes of both inputs', '-l --verbose: output byte numbers and differing byte values', '-n --bytes LIMIT: compare at most LIMIT bytes', '-s --quiet --silent: suppress all normal output'),
  getopt: { badExit: 2, tryHelp: TRY },
  *run(p, opts, args) {
    if (args.length === 0) throw new Fatal(`cmp: missing operand after 'cmp'\n${TRY}`, 2);
    const names = [args[0]!, args[1] ?? '-'];
    if (args.length > 4) throw new Fatal(`cmp: extra operand ${quote(args[4]!)}\n${TRY}`, 2);
    const data: string[] = [];
    for (const [k, name] of names.entries()) {
      try {
        const fd = openInput(p, name);
        const text = yield* new ByteSource(p, fd).all();
        const skip = args[k + 2] ?? (opts.value('-i') ?? '0').split(':')[k] ?? (opts.value('-i') ?? '0').split(':')[0]!;
        const limit = opts.value('-n');
        data.push(text.slice(Number(skip), limit === null ? undefined : Number(skip) + Number(limit)));
        closeInput(p, fd);
      } catch (e) {
        throw new Fatal(`cmp: ${name}: ${errnoText(e)}\n`, 2);
      }
    }
    const [a, b] = data as [string, string];
    const n = Math.min(a.length, b.length);
    let line = 1;
    let differs = false;
    let o = '';
    for (let i = 0; i < n; i++) {
      if (a[i] !== b[i]) {
        if (opts.has('-s')) return 1;
        const x = a.charCodeAt(i);
        const y = b.charCodeAt(i);
        const oct = (v: number): string => v.toString(8).padStart(3);
        if (!opts.has('-l')) {
          yield* put(p, `${names[0]} ${names[1]} differ: ${opts.has('-b') ? 'byte' : 'char'} ${i + 1}, line ${line}${opts.has('-b') ? ` is ${oct(x)} ${showByte(x)} ${oct(y)} ${showByte(y)}` : ''}\n`);
          return 1;
        }
        differs = true;
        o += `${String(i + 1).padStart(String(Math.max(a.length, b.length)).length)} ${opts.has('-b') ? `${oct(x)} ${showByte(x).padEnd(4)} ${oct(y)} ${showByte(y)}` : `${oct(x)} ${oct(y)}`}\n`;
      }
      if (a[i] === '\n') line++;
    }
    yield* put(p, o);
    if (a.length !== b.length && opts.value('-n') === null) {
      if (!opts.has('-s')) {
        const short = a.length < b.length ? 0 : 1;
        const size = data[short]!.length;
        const last = data[short]!;
        yield* err(p, size === 0 ? `cmp: EOF on ${names[short]} which is empty\n` : `cmp: EOF on ${names[short]} after byte ${size}${opts.has('-l') ? '' : last.endsWith('\n') ? `, line ${line - 1}` : `, in line ${line}`}\n`);
      }
      return 1;
    }
    return differs ? 1 : 0;
  },
});
