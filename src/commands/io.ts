// What text commands share: reading lines as they come, writing, and wording errors as glibc's error(3) does. Counterpart: gnulib's error.c, closeout.c.
import { type Errno, strerror, SysError } from '../lib/errno';
import { type Bytes, utf8Chars } from '../lib/text';
import { PIPE_SIZE } from '../host/open_file';
import type { Op, Process, Run } from '../host/process';
import { closeFd, err, fileOf, open, read, spend, write } from '../host/syscall';
import { type Command, command, type Given } from './command';
import { helpText, languageOf } from './help';

/** Ends a command from anywhere with a message and a status; `define` prints it. */
export class Fatal extends Error {
  constructor(
    readonly text: Bytes,
    readonly status: number,
  ) {
    super(text);
  }
}

/** Declares a coreutils-like command: --help and --version from its data, failed writes worded, Fatal caught. */
export function define(given: Given & { suite?: string; writeErrorExit?: number }): Command {
  const { suite, writeErrorExit, ...rest } = given;
  const full: Given = { ...rest, help: given.help ?? ((p) => helpText(given, undefined, languageOf(p))), version: given.version ?? `${given.name} ${suite ?? '(GNU coreutils) 9.1'}\n` };
  const run = given.run;
  full.run = function* (p, opts, args): Run {
    try {
      return yield* run(p, opts, args);
    } catch (e) {
      if (e instanceof Fatal) {
        if (e.text !== '') yield* err(p, asCalled(p, given.name, e.text));
        return e.status;
      }
      if (e instanceof WriteError) {
        yield* say(p, given.name, `write error: ${strerror(e.errno)}`);
        return writeErrorExit ?? 1;
      }
      if (e instanceof SysError) {
        yield* say(p, given.name, e.message);
        return 1;
      }
      throw e;
    }
  };
  return command(full);
}

/** Standard output failed. */
export class WriteError extends Error {
  constructor(readonly errno: Errno) {
    super(errno);
  }
}

/** Writes to standard output; a failure becomes `NAME: write error: ...`. */
export function* put(p: Process, data: Bytes): Op<void> {
  if (data === '') return;
  try {
    yield* write(p, 1, data);
  } catch (e) {
    if (e instanceof SysError) throw new WriteError(e.errno);
    throw e;
  }
}

/** Prints `NAME: TEXT` on standard error. */
export function* say(p: Process, name: string, text: Bytes): Op<void> {
  yield* err(p, asCalled(p, name, `${name}: ${text}\n`));
}

/** Messages name the program as it was called: `/usr/bin/ls: ...` when called by its path. */
function asCalled(p: Process, name: string, text: Bytes): Bytes {
  const called = p.argv[0] ?? name;
  if (!called.endsWith(`/${name}`)) return text;
  return text.split('\n').map((l) => (l.startsWith(`${name}: `) ? called + l.slice(name.length) : l.replace(`Try '${name} --help'`, `Try '${called} --help'`))).join('\n');
}

/** Runs `f`; gives the errno of a failed system call, or null. */
export function attempt(f: () => void): Errno | null {
  try {
    f();
    return null;
  } catch (e) {
    if (e instanceof SysError) return e.errno;
    throw e;
  }
}

/** The value of `f`, or the errno it failed with. */
export function tryCall<T>(f: () => T): { ok: T; errno: null } | { ok: null; errno: Errno } {
  try {
    return { ok: f(), errno: null };
  } catch (e) {
    if (e instanceof SysError) return { ok: null, errno: e.errno };
    throw e;
  }
}

/** `NAME: REST` plus the invitation to --help, as coreutils' usage(EXIT) does. */
export function usageError(name: string, text: Bytes, status = 1): Fatal {
  return new Fatal(`${name}: ${text}\nTry '${name} --help' for more information.\n`, status);
}

/** Quotes a name as gnulib's quoteaf does in a UTF-8 locale: always in single quotes, `$'...'` around a run of what does not print. */
export function quote(name: Bytes): Bytes {
  let out = "'";
  let escaping = false;
  for (const c of utf8Chars(name)) {
    const code = c.charCodeAt(0);
    const prints = code >= 128 ? c.length > 1 : code >= 32 && code < 127;
    if (escaping === prints) {
      out += prints ? "''" : "'$'";
      escaping = !prints;
    }
    if (!prints) out += cEscape(code);
    else out += c === "'" ? "'\\''" : c;
  }
  return `${out}'`;
}

const cEscape = (code: number): string => {
  const named: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
  return named[code] ?? `\\${code.toString(8).padStart(3, '0')}`;
};

/** Quotes a name only when it needs it (quotef): plain names stay as they are. */
export function quoteIfNeeded(name: Bytes): Bytes {
  if (name === '') return "''";
  return /^[#~]|[\s'"`$&()*;<=>?[\\^|!]|[\x00-\x1f\x7f]/.test(name) || name.includes(':') || utf8Chars(name).some((c) => c.length === 1 && c > '\x7f') ? quote(name) : name;
}

/** Reads a descriptor chunk by chunk and gives the lines each chunk completed, so that a filter writes as it reads. */
export class LineSource {
  private rest: Bytes = '';
  private ended = false;
  private unpaid = 0;
  /** Bytes read but not given out when the reader stops early. */
  get pending(): Bytes {
    return this.rest;
  }
  constructor(
    private readonly p: Process,
    readonly fd: number,
    private readonly separator = '\n',
  ) {}

  /** The next lines with their separators (the last may lack it); null at the end. Throws SysError. */
  *batch(): Op<Bytes[] | null> {
    for (;;) {
      if (this.ended) return null;
      const piece = yield* readPaid(this.p, this.fd, this);
      if (piece === '') {
        this.ended = true;
        if (this.rest === '') return null;
        const last = this.rest;
        this.rest = '';
        return [last];
      }
      const last = piece.lastIndexOf(this.separator);
      if (last < 0) {
        this.rest += piece;
        continue;
      }
      const text = this.rest + piece.slice(0, last + 1);
      this.rest = piece.slice(last + 1);
      const lines: Bytes[] = [];
      for (let i = 0; i < text.length; ) {
        const end = text.indexOf(this.separator, i) + 1;
        lines.push(text.slice(i, end));
        i = end;
      }
      return lines;
    }
  }

  /** Time that reading has cost and was not yet slept; see readPaid. */
  owe(us: number): number {
    this.unpaid += us;
    if (this.unpaid < 64) return 0;
    const due = this.unpaid;
    this.unpaid = 0;
    return due;
  }
}

/** Bytes a text tool handles in a microsecond; without a price, endless input would stop the clock. */
const BYTES_PER_US = 512;

/** read(2) whose bytes cost time; small inputs cost none. */
export function* readPaid(p: Process, fd: number, meter: { owe(us: number): number }): Op<Bytes> {
  const piece = yield* read(p, fd, PIPE_SIZE);
  const due = meter.owe(piece.length / BYTES_PER_US);
  if (due > 0) yield* spend(p, Math.ceil(due));
  return piece;
}

/** Reads raw pieces of a descriptor, paying for them. */
export class ByteSource {
  private unpaid = 0;
  constructor(
    private readonly p: Process,
    readonly fd: number,
  ) {}
  /** The next piece; '' at the end. */
  *next(): Op<Bytes> {
    return yield* readPaid(this.p, this.fd, this);
  }
  *all(): Op<Bytes> {
    const parts: Bytes[] = [];
    for (;;) {
      const piece = yield* this.next();
      if (piece === '') return parts.join('');
      parts.push(piece);
    }
  }
  owe(us: number): number {
    this.unpaid += us;
    if (this.unpaid < 64) return 0;
    const due = this.unpaid;
    this.unpaid = 0;
    return due;
  }
}

/** Counts steps of a computation and gives way now and then, so that ^C reaches an endless loop. */
export class Steps {
  private n = 0;
  constructor(private readonly p: Process) {}
  /** Call once a step; true when `pay` must be run now. */
  get due(): boolean {
    return ++this.n >= 4096;
  }
  *pay(): Op<void> {
    this.n = 0;
    yield* spend(this.p, 4000);
  }
}

/** Opens a file named on the command line for reading ('-' is standard input). Throws SysError. */
export function openInput(p: Process, name: Bytes): number {
  return name === '-' ? 0 : open(p, name, { read: true });
}

/** Closes what openInput opened. */
export function closeInput(p: Process, fd: number): void {
  if (fd !== 0 && p.fds.has(fd)) closeFd(p, fd);
}

/** True when a descriptor is a terminal. */
export function isTty(p: Process, fd: number): boolean {
  const f = p.fds.get(fd);
  return f !== undefined && f.kind === 'tty';
}

/** Gives unread bytes back to a seekable input, as exit does for a partly read stream. */
export function unread(p: Process, fd: number, count: number): void {
  const f = fileOf(p, fd);
  if (f.kind === 'inode') f.pos -= count;
}

/** Terminal width: COLUMNS, the terminal's size, or 80. */
export function columns(p: Process): number {
  const fromEnv = Number(p.env.get('COLUMNS') ?? '');
  if (Number.isInteger(fromEnv) && fromEnv > 0) return fromEnv;
  const f = p.fds.get(1);
  return f?.kind === 'tty' ? p.host.ttys[f.tty]!.cols : 80;
}

/** The message of a caught error of a system call; other errors go on. */
export function errnoText(e: unknown): string {
  if (e instanceof SysError) return e.message;
  throw e;
}
