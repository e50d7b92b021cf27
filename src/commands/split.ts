// split: cuts a file into pieces. Counterpart: coreutils split.c.
import type { Bytes } from '../lib/text';
import { writeFile } from '../host/syscall';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, usageError } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

export const split = define({
  name: 'split',
  summary: 'Output pieces of FILE to PREFIXaa, PREFIXab, ...; default size is 1000 lines, and default PREFIX is x.',
  path: '/usr/bin/split',
  package: 'coreutils',
  options: table(
    '-a --suffix-length N: generate suffixes of length N (default 2)', '--additional-suffix SUFFIX: append an additional SUFFIX to file names', '-b --bytes SIZE: put SIZE bytes per output file', '-C --line-bytes SIZE: put at most SIZE bytes of records per output file',
    '-d: use numeric suffixes starting at 0, not alphabetic', '--numeric-suffixes [FROM]: same as -d, but allow setting the start value', '-x: use hex suffixes starting at 0, not alphabetic', '--hex-suffixes [FROM]: same as -x, but allow setting the start value', '-e --elide-empty-files: do not generate empty output files with -n',
    '!--filter COMMAND: write to shell COMMAND', '-l --lines NUMBER: put NUMBER lines per output file', '-n --number CHUNKS: generate CHUNKS output files', '!-t --separator SEP: use SEP instead of newline', '-u --unbuffered: immediately copy input to output', '--verbose: print a diagnostic before each output file is opened',
  ),
  getopt: { badExit: 1, prepare: (argv) => argv.map((a) => (/^-\d+$/.test(a) ? `-l${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    if (args.length > 2) throw usageError('split', `extra operand ${quote(args[2]!)}`);
    const size = (key: string, what: string): number | null => {
      const v = opts.value(key);
      if (v === null) return null;
      const n = parseSize(v);
      if (n === null || n === 0) throw new Fatal(`split: invalid number of ${what}: ${quote(v)}${n === 0 ? ': Numerical result out of range' : ''}\n`, 1);
      return n;
    };
    const lines = size('-l', 'lines');
    const bytes = size('-b', 'bytes');
    const lineBytes = size('-C', 'bytes');
    const chunks = opts.value('-n');
    if ([lines, bytes, lineBytes, chunks].filter((x) => x !== null).length > 1) throw usageError('split', 'cannot split in more than one way');
    const name = args[0] ?? '-';
    let text: Bytes;
    try {
      const fd = openInput(p, name);
      text = yield* new ByteSource(p, fd).all();
      closeInput(p, fd);
    } catch (e) {
      throw new Fatal(`split: cannot open ${quote(name)} for reading: ${errnoText(e)}\n`, 1);
    }
    const pieces: Bytes[] = [];
    if (bytes !== null) for (let i = 0; i < text.length; i += bytes) pieces.push(text.slice(i, i + bytes));
    else if (chunks !== null) {
      const m = /^(?:l\/)?(\d+)$/.exec(chunks);
      if (m === null || Number(m[1]) === 0) throw new Fatal(`split: invalid number of chunks: ${quote(chunks)}\n`, 1);
      const n = Number(m[1]);
      const each = Math.floor(text.length / n);
      let from = 0;
      for (let k = 1; k <= n; k++) {
        let to = k === n ? text.length : chunks.startsWith('l/') ? each * k : each * k;
        if (chunks.startsWith('l/') && k < n && to > 0) {
          const nl = text.indexOf('\n', Math.max(from, to) - 1);
          to = to <= from ? from : nl < 0 ? text.length : nl + 1;
        }
        pieces.push(text.slice(from, Math.max(from, to)));
        from = Math.max(from, to);
      }
      if (opts.has('-e')) pieces.splice(0, pieces.length, ...pieces.filter((x) => x !== ''));
    } else {
      const rows = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      if (lineBytes !== null) {
        let piece = '';
        for (const r of rows) {
          if (piece !== '' && piece.length + r.length > lineBytes) {
            pieces.push(piece);
            piece = '';
          }
          piece += r;
          while (piece.length > lineBytes) {
            pieces.push(piece.slice(0, lineBytes));
            piece = piece.slice(lineBytes);
          }
        }
        if (piece !== '') pieces.push(piece);
      } else for (let i = 0; i < rows.length; i += lines ?? 1000) pieces.push(rows.slice(i, i + (lines ?? 1000)).join(''));
    }
    const numeric = opts.has('-d') || opts.has('--numeric-suffixes');
    const hexadecimal = opts.has('-x') || opts.has('--hex-suffixes');
    const start = Number(opts.value('--numeric-suffixes') ?? opts.value('--hex-suffixes') ?? '0');
    const base = numeric ? 10 : hexadecimal ? 16 : 26;
    const length = opts.value('-a') === null ? 2 : Number(opts.value('-a'));
    const digits = numeric || hexadecimal ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz';
    const auto = opts.value('-a') === null && !opts.has('--numeric-suffixes');
    const suffix = (k: number): Bytes => {
      // When names run out, they grow by two: the last letter leads and a longer tail begins.
      let lead = '';
      let n = k;
      let width = length;
      while (auto) {
        const room = base ** width - base ** (width - 1);
        if (n < room) break;
        n -= room;
        lead += digits[base - 1];
        width++;
      }
      let o = '';
      for (let i = 0; i < width; i++) {
        o = digits[n % base]! + o;
        n = Math.floor(n / base);
      }
      if (n > 0) throw new Fatal('split: output file suffixes exhausted\n', 1);
      return lead + o;
    };
    for (const [k, piece] of pieces.entries()) {
      const file = `${args[1] ?? 'x'}${suffix(k + start)}${opts.value('--additional-suffix') ?? ''}`;
      if (opts.has('--verbose')) yield* put(p, `creating file ${quote(file)}\n`);
      try {
        writeFile(p, file, piece);
      } catch (e) {
        throw new Fatal(`split: ${file}: ${errnoText(e)}\n`, 1);
      }
    }
    return 0;
  },
});
