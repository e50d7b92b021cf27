// xargs: builds command lines from standard input. Counterpart: findutils 4.9 xargs.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { OpenFile } from '../host/open_file';
import type { Op, Process } from '../host/process';
import { err, spawn, waitpid } from '../host/syscall';
import { ByteSource, closeInput, define, errnoText, Fatal, LineSource, openInput, quote, quoteIfNeeded } from './io';
import { table } from './options';
import { findOnPath } from './path_search';

export const xargs = define({
  name: 'xargs',
  summary: 'Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.',
  path: '/usr/bin/xargs',
  package: 'findutils',
  suite: '(GNU findutils) 4.9.0',
  options: table(
    '-0 --null: items are separated by a null, not whitespace', '-a --arg-file FILE: read arguments from FILE, not standard input', '-d --delimiter CHARACTER: items in input stream are separated by CHARACTER', '-E END: set logical EOF string',
    '-e --eof [END]: equivalent to -E END if END is specified', '-I R: same as --replace=R', '-i --replace [R]: replace R in INITIAL-ARGS with names read from standard input', '-L --max-lines-old N: use at most N non-blank input lines per command line',
    '-l --max-lines [N]: similar to -L', '-n --max-args N: use at most N arguments per command line', '-o --open-tty: reopen stdin as /dev/tty in the child process', '-P --max-procs N: run at most N processes at a time', '-p --interactive: prompt before running commands',
    '--process-slot-var VAR: set environment variable VAR in child processes', '-r --no-run-if-empty: if there are no arguments, then do not run COMMAND', '-s --max-chars N: limit length of command line', '!--show-limits: show limits on command-line length', '-t --verbose: print commands before executing them', '-x --exit: exit if the size is exceeded',
  ),
  getopt: { badExit: 1, stopAtOperand: true },
  *run(p, opts, args) {
    const file = opts.value('-a');
    let fd = 0;
    if (file !== null) {
      try {
        fd = openInput(p, file);
      } catch (e) {
        throw new Fatal(`xargs: Cannot open input file ${quote(file)}: ${errnoText(e)}\n`, 1);
      }
    }
    const number = (key: string): number | null => {
      const v = opts.value(key);
      if (v === null) return null;
      if (!/^-?\d+$/.test(v)) throw new Fatal(`xargs: invalid number "${v}" for ${key} option\nTry 'xargs --help' for more information.\n`, 1);
      if (Number(v) < 1 && key !== '-P') throw new Fatal(`xargs: value ${v} for ${key} option should be >= 1\nTry 'xargs --help' for more information.\n`, 1);
      return Number(v);
    };
    const replace = opts.value('-I') ?? (opts.has('-i') ? (opts.value('-i') ?? '{}') : null);
    const perLine = number('-L') ?? (opts.has('-l') ? (number('-l') ?? 1) : null);
    // The last of -I, -L and -n wins.
    const last = opts.last('-I', '-i', '-L', '-l', '-n');
    const max = last === '-n' || (number('-n') !== null && replace === null && perLine === null) ? number('-n') : null;
    const byReplace = replace !== null && (last === '-I' || last === '-i' || (last === '-n' && number('-n') === 1));
    const byLines = perLine !== null && (last === '-L' || last === '-l');
    const both = replace !== null && opts.value('-n') !== null;
    const clash = (what: string): Op<void> => err(p, `xargs: warning: options ${what} value\n`);
    if (both && (last === '-I' || last === '-i')) yield* clash('--max-args and --replace/-I/-i are mutually exclusive, ignoring previous --max-args');
    else if (both && last === '-n' && !byReplace) yield* clash('--replace and --max-args/-n are mutually exclusive, ignoring previous --replace');
    const job = new Job(p, opts.has('-t'), opts.has('-p'), Math.max(0, number('-P') ?? 1), fd === 0);
    const initial = args.length > 0 ? args : ['echo'];
    const delimiterText = opts.value('-d');
    const delimiter = opts.has('-0') ? '\0' : delimiterText === null ? null : unescape(delimiterText);
    const chars = number('-s') ?? 131072;
    const eof = opts.value('-E') ?? opts.value('-e');
    const src = new ByteSource(p, fd);
    const reader = new Items(src, delimiter, byReplace, eof);
    let batch: Bytes[] = [];
    let size = 0;
    let lines = 0;
    let ran = false;
    const base = initial.reduce((n, a) => n + a.length + 1, 0);
    for (;;) {
      const item = yield* reader.next();
      if (item === null) break;
      if (byReplace) {
        ran = true;
        yield* job.run(initial.map((a, i) => (i === 0 ? a : a.split(replace!).join(item.text))));
        if (job.stop) break;
        continue;
      }
      if (batch.length > 0 && base + size + item.text.length + 1 > chars) {
        yield* job.run([...initial, ...batch]);
        ran = true;
        batch = [];
        size = 0;
        if (job.stop) break;
      }
      batch.push(item.text);
      size += item.text.length + 1;
      if (item.endsLine) lines++;
      if ((max !== null && batch.length >= max) || (byLines && item.endsLine && lines >= perLine!)) {
        yield* job.run([...initial, ...batch]);
        ran = true;
        batch = [];
        size = 0;
        lines = 0;
        if (job.stop) break;
      }
    }
    if (reader.error !== null) {
      // What was read before still runs.
      if (!job.stop && batch.length > 0) yield* job.run([...initial, ...batch]);
      yield* job.wait(0);
      throw new Fatal(`xargs: ${reader.error}\n`, 1);
    }
    if (!job.stop && (batch.length > 0 || (!ran && !byReplace && !opts.has('-r')))) yield* job.run([...initial, ...batch]);
    yield* job.wait(0);
    if (fd !== 0) closeInput(p, fd);
    return job.status;
  },
});

const unescape = (t: Bytes): Bytes => {
  if (/^\\x[0-9a-fA-F]+$/.test(t)) return String.fromCharCode(Number.parseInt(t.slice(2), 16));
  if (/^\\[0-7]+$/.test(t)) return String.fromCharCode(Number.parseInt(t.slice(1), 8));
  const named: Record<string, string> = { '\\n': '\n', '\\t': '\t', '\\r': '\r', '\\0': '\0', '\\\\': '\\', '\\a': '\x07', '\\b': '\b', '\\f': '\f', '\\v': '\v' };
  if (named[t] !== undefined) return named[t]!;
  if (t.length !== 1) throw new Fatal(t.startsWith('\\') ? `xargs: Invalid escape sequence ${t} in input delimiter specification.\n` : `xargs: Invalid input delimiter specification ${t}: the delimiter must be either a single character or an escape sequence starting with \\.\n`, 1);
  return t;
};

/** Splits input into items: by delimiter, by line (-I), or by blanks with quotes. */
class Items {
  error: string | null = null;
  private buffer: Bytes = '';
  private ended = false;
  constructor(
    private readonly src: ByteSource,
    private readonly delimiter: Bytes | null,
    private readonly wholeLines: boolean,
    private readonly eof: Bytes | null,
  ) {}

  private *fill(): Op<boolean> {
    if (this.ended) return false;
    const piece = yield* this.src.next();
    if (piece === '') this.ended = true;
    this.buffer += piece;
    return piece !== '';
  }

  *next(): Op<{ text: Bytes; endsLine: boolean } | null> {
    if (this.delimiter !== null) {
      for (;;) {
        const at = this.buffer.indexOf(this.delimiter);
        if (at >= 0) {
          const text = this.buffer.slice(0, at);
          this.buffer = this.buffer.slice(at + 1);
          return { text, endsLine: true };
        }
        if (!(yield* this.fill())) {
          const text = this.buffer;
          this.buffer = '';
          return text === '' ? null : { text, endsLine: true };
        }
      }
    }
    // One logical line at a time keeps quotes whole.
    for (;;) {
      const item = this.take();
      if (item !== 'more') {
        if (item !== null && this.eof !== null && this.eof !== '' && item.text === this.eof) {
          this.ended = true;
          this.buffer = '';
          return null;
        }
        return item;
      }
      if (!(yield* this.fill())) {
        this.buffer += this.buffer === '' || this.buffer.endsWith('\n') ? '' : '\n';
        if (this.buffer === '') return null;
        const item2 = this.take();
        return item2 === 'more' ? null : item2;
      }
    }
  }

  /** An item of the buffer; 'more' when it may go on in what was not read yet. */
  private take(): { text: Bytes; endsLine: boolean } | null | 'more' {
    let i = 0;
    const s = this.buffer;
    while (i < s.length && (s[i] === ' ' || s[i] === '\t' || s[i] === '\n')) i++;
    let text = '';
    let any = false;
    for (;;) {
      const c = s[i];
      if (c === undefined) return 'more';
      if (c === '\n' || (!this.wholeLines && (c === ' ' || c === '\t'))) {
        if (!any) {
          i++;
          continue;
        }
        // A line that ends in a blank goes on in the next one for -L; the newline itself ends it.
        let k = i;
        while (s[k] === ' ' || s[k] === '\t') k++;
        if (k >= s.length && !this.ended && c !== '\n') return 'more';
        this.buffer = s.slice(i + 1);
        return { text, endsLine: c === '\n' };
      }
      any = true;
      if (c === '\\') {
        if (s[i + 1] === undefined) return 'more';
        text += s[i + 1]!;
        i += 2;
        continue;
      }
      if (c === "'" || c === '"') {
        const end = s.indexOf(c, i + 1);
        const nl = s.indexOf('\n', i + 1);
        if (nl >= 0 && (end < 0 || nl < end)) {
          this.error = `unmatched ${c === "'" ? 'single' : 'double'} quote; by default quotes are special to xargs unless you use the -0 option`;
          return null;
        }
        if (end < 0) return 'more';
        text += s.slice(i + 1, end);
        i = end + 1;
        continue;
      }
      text += c;
      i++;
    }
  }
}

class Job {
  status = 0;
  stop = false;
  private command: Bytes = '';
  private readonly running: number[] = [];
  constructor(
    private readonly p: Process,
    private readonly verbose: boolean,
    private readonly ask: boolean,
    private readonly slots: number,
    private readonly ownStdin: boolean,
  ) {}

  *run(argv: Bytes[]): Op<void> {
    const { p } = this;
    this.command = argv[0]!;
    if (this.verbose || this.ask) {
      yield* err(p, argv.map(quoteIfNeeded).join(' ') + (this.ask ? '?...' : '\n'));
      if (this.ask) {
        const tty = [...p.fds.entries()].find(([, f]) => f.kind === 'tty')?.[0] ?? 0;
        const a = yield* new LineSource(p, tty).batch();
        if (a === null || !/^[yY]/.test(a[0]!)) return;
      }
    }
    const fds = new Map(p.fds);
    if (this.ownStdin) fds.set(0, { kind: 'null', refs: 0, readable: true, writable: true } satisfies OpenFile);
    try {
      const path = findOnPath(p, argv[0]!);
      if (path === null) throw new SysError('ENOENT');
      this.running.push(spawn(p, { path, argv, fds }).pid);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* err(p, `xargs: ${argv[0]}: ${e.message}\n`);
      this.status = e.errno === 'ENOENT' ? 127 : 126;
      this.stop = true;
      return;
    }
    if (this.slots > 0) yield* this.wait(this.slots - 1);
  }

  /** Waits until at most `left` children run. */
  *wait(left: number): Op<void> {
    while (this.running.length > left) {
      const w = (yield* waitpid(this.p, this.running))!;
      this.running.splice(this.running.indexOf(w.pid), 1);
      if (w.signal !== 0) {
        yield* err(this.p, `xargs: ${this.command}: terminated by signal ${w.signal}\n`);
        this.status = 125;
        this.stop = true;
      } else if (w.status === 255) {
        yield* err(this.p, `xargs: ${this.command}: exited with status 255; aborting\n`);
        this.status = 124;
        this.stop = true;
      } else if (w.status !== 0) this.status = 123;
    }
  }
}
