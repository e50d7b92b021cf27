// head: the first part of files. Counterpart: coreutils head.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { ByteSource, closeInput, define, errnoText, Fatal, LineSource, openInput, put, quote, say, unread } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

/** `-5`, `-5q`, `-3c` as `-n 5`, `-n 5 -q`, `-c 3`. */
export function oldCount(argv: Bytes[]): Bytes[] {
  const m = /^-(\d+)([bkmclqvz]*)$/.exec(argv[0] ?? '');
  if (m === null) return argv;
  const flags = m[2]!;
  const unit = /[bkmc]/.exec(flags)?.[0];
  const rest = [...flags].filter((c) => 'qvz'.includes(c)).map((c) => `-${c}`);
  return [unit === undefined || flags.includes('l') ? `-n${m[1]}` : `-c${m[1]}${unit === 'c' ? '' : unit}`, ...rest, ...argv.slice(1)];
}

export const head = define({
  name: 'head',
  summary: 'Print the first 10 lines of each FILE to standard output.',
  path: '/usr/bin/head',
  package: 'coreutils',
  options: table(
    '-c --bytes [-]NUM: print the first NUM bytes of each file; with a leading -, all but the last NUM',
    '-n --lines [-]NUM: print the first NUM lines instead of the first 10; with a leading -, all but the last NUM',
    '-q --quiet --silent: never print headers giving file names', '-v --verbose: always print headers giving file names', '-z --zero-terminated: line delimiter is NUL, not newline',
  ),
  getopt: { badExit: 1, prepare: oldCount },
  *run(p, opts, args) {
    const what = opts.last('-c', '-n') ?? '-n';
    const value = opts.value(what) ?? '10';
    const minus = value.startsWith('-');
    const count = parseSize(minus ? value.slice(1) : value);
    if (count === null) throw new Fatal(`head: invalid number of ${what === '-c' ? 'bytes' : 'lines'}: ${quote(minus ? value.slice(1) : value)}\n`, 1);
    const files = args.length > 0 ? args : ['-'];
    const loud = opts.last('-q', '-v');
    const headers = loud === '-v' || (loud !== '-q' && files.length > 1);
    const separator = opts.has('-z') ? '\0' : '\n';
    let status = 0;
    let first = true;
    for (const name of files) {
      const shown = name === '-' ? 'standard input' : name;
      let fd: number;
      try {
        fd = openInput(p, name);
      } catch (e) {
        yield* say(p, 'head', `cannot open ${quote(name)} for reading: ${errnoText(e)}`);
        status = 1;
        continue;
      }
      if (headers) yield* put(p, `${first ? '' : '\n'}==> ${shown} <==\n`);
      first = false;
      try {
        if (what === '-c') yield* headBytes(p, fd, count, minus);
        else yield* headLines(p, fd, count, minus, separator);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'head', `error reading ${quote(shown)}: ${errnoText(e)}`);
        status = 1;
      }
      closeInput(p, fd);
    }
    return status;
  },
});

function* headBytes(p: Process, fd: number, count: number, butLast: boolean): Op<void> {
  const src = new ByteSource(p, fd);
  let left = count;
  let held = '';
  while (butLast || left > 0) {
    const piece = yield* src.next();
    if (piece === '') return;
    if (butLast) {
      held += piece;
      if (held.length > count) {
        yield* put(p, held.slice(0, held.length - count));
        held = held.slice(held.length - count);
      }
      continue;
    }
    yield* put(p, piece.slice(0, left));
    if (piece.length > left) unread(p, fd, piece.length - left);
    left -= piece.length;
  }
}

function* headLines(p: Process, fd: number, count: number, butLast: boolean, separator: string): Op<void> {
  const src = new LineSource(p, fd, separator);
  let left = count;
  const held: Bytes[] = [];
  if (!butLast && left === 0) return;
  for (;;) {
    const lines = yield* src.batch();
    if (lines === null) return;
    if (butLast) {
      held.push(...lines);
      if (held.length > count) yield* put(p, held.splice(0, held.length - count).join(''));
      continue;
    }
    yield* put(p, lines.slice(0, left).join(''));
    if (lines.length >= left) {
      unread(p, fd, lines.slice(left).join('').length + src.pending.length);
      return;
    }
    left -= lines.length;
  }
}
