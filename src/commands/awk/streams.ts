// Files, pipes and commands an awk program reads and writes. Counterpart: mawk files.c.
import { strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { OpenFile } from '../../host/open_file';
import type { Op, Process } from '../../host/process';
import { closeFd, fileOf, installFd, makePipe, open, spawn, waitpid, write } from '../../host/syscall';
import { readPaid } from '../io';
import { compilePosix, type PosixRegex } from '../posix_regex';

/** Ends the program with a message and status 2. */
export class AwkFailure extends Error {}

/** Reads records from a descriptor by a changing separator. */
export class RecordReader {
  private rest: Bytes = '';
  private ended = false;
  private unpaid = 0;
  private separator: Bytes | null = null;
  private regex: PosixRegex | null = null;
  constructor(
    private readonly p: Process,
    readonly fd: number,
  ) {}

  owe(us: number): number {
    this.unpaid += us;
    if (this.unpaid < 64) return 0;
    const due = this.unpaid;
    this.unpaid = 0;
    return due;
  }

  /** True when the next record may have to be waited for. */
  get empty(): boolean {
    return !this.rest.includes('\n');
  }

  private *more(): Op<boolean> {
    if (this.ended) return false;
    const piece = yield* readPaid(this.p, this.fd, this);
    if (piece === '') {
      this.ended = true;
      return false;
    }
    this.rest += piece;
    return true;
  }

  /** The next record without its separator, or null at the end. */
  *next(rs: Bytes): Op<Bytes | null> {
    if (rs === '\n' || (rs.length === 1 && rs !== ' ')) {
      let from = 0;
      for (;;) {
        const at = this.rest.indexOf(rs, from);
        if (at >= 0) return this.cut(at, at + 1);
        from = this.rest.length;
        if (!(yield* this.more())) return this.last(false);
      }
    }
    if (rs === '') {
      for (;;) {
        this.rest = this.rest.replace(/^\n+/, '');
        if (this.rest !== '' || !(yield* this.more())) break;
      }
      for (;;) {
        const m = /\n\n+/.exec(this.rest);
        if (m !== null && (m.index + m[0].length < this.rest.length || this.ended)) return this.cut(m.index, m.index + m[0].length);
        if (!(yield* this.more())) {
          this.rest = this.rest.replace(/\n+$/, '');
          return this.last(false);
        }
      }
    }
    if (this.separator !== rs) {
      this.separator = rs;
      this.regex = compilePosix(rs, { extended: true, dialect: 'awk' });
    }
    for (;;) {
      const m = this.regex!.exec(this.rest);
      if (m !== null && m.end > m.index && (m.end < this.rest.length || this.ended)) return this.cut(m.index, m.end);
      if (!(yield* this.more())) {
        if (m !== null && m.end > m.index) return this.cut(m.index, m.end);
        return this.last(true);
      }
    }
  }

  private cut(end: number, next: number): Bytes {
    const record = this.rest.slice(0, end);
    this.rest = this.rest.slice(next);
    return record;
  }

  private last(chop: boolean): Bytes | null {
    const record = chop ? this.rest.replace(/\n$/, '') : this.rest;
    const none = this.rest === '';
    this.rest = '';
    return none ? null : record;
  }
}

interface Output {
  fd: number;
  text: Bytes;
  /** Of a pipe: the command's process. */
  pid: number;
}

/** All streams of one run. */
export class Streams {
  private readonly outputs = new Map<Bytes, Output>();
  private readonly inputs = new Map<Bytes, { reader: RecordReader; pid: number }>();
  private text: Bytes = '';
  constructor(
    private readonly p: Process,
    private readonly name: string,
  ) {}

  /** Queues text for standard output; true when it should be flushed. */
  print(text: Bytes): boolean {
    this.text += text;
    return this.text.length > 8192;
  }

  *flushStdout(): Op<void> {
    const text = this.text;
    if (text === '') return;
    this.text = '';
    try {
      yield* write(this.p, 1, text);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new AwkFailure(`${this.name}: write failure (${e.message})\n${this.name}: close failure (${e.message})\n`);
    }
  }

  *flushAll(): Op<void> {
    yield* this.flushStdout();
    for (const o of this.outputs.values()) yield* this.flushOne(o);
  }

  private *flushOne(o: Output): Op<void> {
    const text = o.text;
    o.text = '';
    if (text === '') return;
    try {
      yield* write(this.p, o.fd, text);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      if (e.errno !== 'EPIPE') throw new AwkFailure(`${this.name}: write failure (${e.message})\n`);
    }
  }

  private child(command: Bytes, fds: [number, OpenFile][]): number {
    const map = new Map<number, OpenFile>();
    for (const fd of [0, 1, 2]) {
      const f = this.p.fds.get(fd);
      if (f !== undefined) map.set(fd, f);
    }
    for (const [fd, f] of fds) map.set(fd, f);
    return spawn(this.p, { path: '/bin/sh', argv: ['sh', '-c', command], fds: map }).pid;
  }

  *write(op: '>' | '>>' | '|', to: Bytes, text: Bytes): Op<void> {
    if (op !== '|' && (to === '/dev/stdout' || to === '-')) {
      if (this.print(text)) yield* this.flushStdout();
      return;
    }
    let o = this.outputs.get(to);
    if (o === undefined) {
      if (op === '|') {
        yield* this.flushAll();
        const [r, w] = makePipe(this.p);
        const fd = installFd(this.p, w, 10);
        o = { fd, text: '', pid: this.child(to, [[0, r]]) };
      } else if (to === '/dev/stderr') o = { fd: 2, text: '', pid: 0 };
      else {
        try {
          o = { fd: open(this.p, to, op === '>' ? { write: true, create: true, truncate: true } : { write: true, create: true, append: true }), text: '', pid: 0 };
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
          throw new AwkFailure(`${this.name}: cannot open "${to}" for output (${strerror(e.errno)})\n`);
        }
      }
      this.outputs.set(to, o);
    }
    o.text += text;
    if (o.fd === 2 || o.text.length > 4096 || fileOf(this.p, o.fd).kind === 'tty') yield* this.flushOne(o);
  }

  /** The reader of `getline < file`; null when it cannot be opened. */
  file(name: Bytes): RecordReader | null {
    const known = this.inputs.get(name);
    if (known !== undefined) return known.reader;
    try {
      const fd = name === '-' || name === '/dev/stdin' ? 0 : open(this.p, name, { read: true });
      const reader = new RecordReader(this.p, fd);
      this.inputs.set(name, { reader, pid: 0 });
      return reader;
    } catch (e) {
      if (e instanceof SysError) return null;
      throw e;
    }
  }

  *command(command: Bytes): Op<RecordReader> {
    const known = this.inputs.get(command);
    if (known !== undefined) return known.reader;
    yield* this.flushAll();
    const [r, w] = makePipe(this.p);
    const fd = installFd(this.p, r, 10);
    w.refs++;
    const pid = this.child(command, [[1, w]]);
    w.refs--;
    const reader = new RecordReader(this.p, fd);
    this.inputs.set(command, { reader, pid });
    return reader;
  }

  *system(command: Bytes): Op<number> {
    yield* this.flushAll();
    const pid = this.child(command, []);
    const w = yield* waitpid(this.p, [pid]);
    return w!.signal !== 0 ? w!.signal + 256 : w!.status;
  }

  /** close(): exit status of a command, 0 for a file, -1 when nothing was open. */
  *close(name: Bytes): Op<number> {
    let status = -1;
    const o = this.outputs.get(name);
    if (o !== undefined) {
      this.outputs.delete(name);
      if (o.pid !== 0) yield* this.flushStdout();
      yield* this.flushOne(o);
      if (o.fd > 2) closeFd(this.p, o.fd);
      status = o.pid === 0 ? 0 : (yield* waitpid(this.p, [o.pid]))!.status;
    }
    const i = this.inputs.get(name);
    if (i !== undefined) {
      this.inputs.delete(name);
      if (i.reader.fd > 2) closeFd(this.p, i.reader.fd);
      status = i.pid === 0 ? 0 : (yield* waitpid(this.p, [i.pid]))!.status;
    }
    return status;
  }

  *closeAll(): Op<void> {
    yield* this.flushStdout();
    for (const name of [...this.outputs.keys()]) yield* this.close(name);
    for (const [name, i] of [...this.inputs]) {
      if (i.reader.fd > 2) closeFd(this.p, i.reader.fd);
      this.inputs.delete(name);
      if (i.pid !== 0) yield* waitpid(this.p, [i.pid]);
    }
  }
}
