// What sed reads and writes: lines over several files with one line of look-ahead, standard output, files of w, and -i. Counterpart: GNU sed 4.9 execute.c.
import { strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Op, Process } from '../../host/process';
import { closeFd, write } from '../../host/syscall';
import { dirPart, joinPath, lastPart, openWrite } from '../files';
import { attempt, closeInput, errnoText, Fatal, LineSource, openInput, put, say, tryCall } from '../io';

export interface Settings {
  quiet: boolean;
  inPlace: boolean;
  suffix: Bytes;
  separate: boolean;
  separator: string;
  wrap: number;
}

/** A line and whether it ended with a newline. */
export interface Line {
  text: Bytes;
  ended: boolean;
}

export class SedStreams {
  protected status = 0;
  protected lineNumber = 0;
  /** With -s and -i: a file has ended and the next is not begun. */
  protected atEnd = false;
  protected space: Line = { text: '', ended: true };
  protected files: Bytes[] = [];
  protected fileIndex = -1;
  protected source: LineSource | null = null;
  protected fd = -1;
  protected queue: Bytes[] = [];
  protected queueAt = 0;
  protected lookahead: Line | null = null;
  protected out: Bytes = '';
  /** The last line written lacked its newline, which comes before anything more. */
  protected owesNewline = false;
  protected inPlaceOut: Bytes | null = null;
  protected readonly writers = new Map<Bytes, number>();

  constructor(
    protected readonly p: Process,
    protected readonly o: Settings,
  ) {}

  /** Opens what w commands write, before the first line. */
  protected openWriters(names: Iterable<Bytes>): void {
    for (const name of names) {
      if (name === '/dev/stdout' || name === '/dev/stderr') {
        this.writers.set(name, name === '/dev/stdout' ? 1 : 2);
        continue;
      }
      try {
        this.writers.set(name, openWrite(this.p, name));
      } catch (e) {
        throw new Fatal(`sed: couldn't open file ${name}: ${errnoText(e)}\n`, 4);
      }
    }
  }

  // Input

  protected *readFrom(): Op<Line | null> {
    for (;;) {
      if (this.atEnd) return null;
      if (this.queueAt < this.queue.length) {
        const raw = this.queue[this.queueAt++]!;
        const ended = raw.endsWith(this.o.separator);
        return { text: ended ? raw.slice(0, -1) : raw, ended };
      }
      if (this.source !== null) {
        yield* this.flush();
        let batch: Bytes[] | null;
        try {
          batch = yield* this.source.batch();
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
          this.status = 2;
          yield* say(this.p, 'sed', e.errno === 'EISDIR' ? (this.o.inPlace ? `couldn't edit ${this.files[this.fileIndex]}: not a regular file` : `read error on ${this.files[this.fileIndex]}: Is a directory`) : `read error on ${this.files[this.fileIndex]}: ${e.message}`);
          batch = null;
        }
        if (batch !== null) {
          this.queue = batch;
          this.queueAt = 0;
          continue;
        }
        closeInput(this.p, this.fd);
        this.source = null;
        if (this.o.separate) {
          this.atEnd = true;
          return null;
        }
      }
      if (!(yield* this.openNext())) return null;
    }
  }

  protected *openNext(): Op<boolean> {
    while (this.fileIndex + 1 < this.files.length) {
      this.fileIndex++;
      const name = this.files[this.fileIndex]!;
      if (this.o.inPlace && name !== '-') {
        const st = tryCall(() => this.p.host.vfs.stat(this.p, name));
        if (st.errno === null && st.ok.type !== 'file') {
          this.status = 4;
          yield* say(this.p, 'sed', `couldn't edit ${name}: not a regular file`);
          continue;
        }
      }
      try {
        this.fd = openInput(this.p, name);
      } catch (e) {
        this.status = 2;
        yield* say(this.p, 'sed', `can't read ${name}: ${errnoText(e)}`);
        continue;
      }
      this.source = new LineSource(this.p, this.fd, this.o.separator);
      if (this.o.inPlace) this.inPlaceOut = '';
      return true;
    }
    return false;
  }

  /** Reads one line ahead, so that $ is known. With -s and -i each file has its own last line. */
  protected *take(): Op<Line | null> {
    if (this.lookahead !== null) {
      const line = this.lookahead;
      this.lookahead = null;
      return line;
    }
    for (;;) {
      const line = yield* this.readFrom();
      if (line !== null) return line;
      if (!this.o.separate) return null;
      this.atEnd = false;
      yield* this.finishInPlace(false);
      this.lineNumber = 0;
      if (this.source === null && this.fileIndex + 1 >= this.files.length) return null;
    }
  }

  protected *isLast(): Op<boolean> {
    if (this.lookahead !== null) return false;
    const line = yield* this.readFrom();
    if (line === null) return this.o.separate || true;
    this.lookahead = line;
    return false;
  }

  protected *nextLine(): Op<boolean> {
    const line = yield* this.take();
    if (line === null) return false;
    this.space = line;
    this.lineNumber++;
    return true;
  }

  // Output

  protected *emit(text: Bytes, ended = true): Op<void> {
    let piece = this.owesNewline ? this.o.separator : '';
    this.owesNewline = !ended;
    piece += ended ? text + this.o.separator : text;
    if (this.inPlaceOut !== null) this.inPlaceOut += piece;
    else {
      this.out += piece;
      if (this.out.length > 16384) yield* this.flush();
    }
  }

  protected *flush(): Op<void> {
    const text = this.out;
    this.out = '';
    yield* put(this.p, text);
  }

  /** -i: the edited text takes the file's name; with `rest` the unread part is copied too. */
  protected *finishInPlace(rest: boolean): Op<void> {
    if (this.inPlaceOut === null) return;
    if (rest) {
      if (this.lookahead !== null) {
        yield* this.emit(this.lookahead.text, this.lookahead.ended);
        this.lookahead = null;
      }
      for (;;) {
        const line = this.source === null && this.queueAt >= this.queue.length ? null : yield* this.readFrom();
        if (line === null) break;
        yield* this.emit(line.text, line.ended);
      }
    }
    const name = this.files[this.fileIndex]!;
    const text = this.inPlaceOut;
    this.inPlaceOut = null;
    this.owesNewline = false;
    const { vfs } = this.p.host;
    const st = vfs.stat(this.p, name);
    const dir = dirPart(name);
    const temp = joinPath(dir, `sed${lastTemp(this.p)}`);
    const make = tryCall(() => openWrite(this.p, temp));
    if (make.errno !== null) throw new Fatal(`sed: couldn't open temporary file ${dir === '.' ? './' : `${dir}/`}${lastPart(temp)}: ${strerror(make.errno)}\n`, 4);
    yield* write(this.p, make.ok, text);
    closeFd(this.p, make.ok);
    attempt(() => vfs.chown(this.p, temp, st.uid, st.gid, true));
    attempt(() => vfs.chmod(this.p, temp, st.mode & 0o7777));
    if (this.o.suffix !== '') {
      const backup = this.o.suffix.includes('*') ? this.o.suffix.replaceAll('*', lastPart(name)) : `${lastPart(name)}${this.o.suffix}`;
      const to = backup.includes('/') ? backup : joinPath(dir, backup);
      const e = attempt(() => vfs.rename(this.p, name, to));
      if (e !== null) {
        attempt(() => vfs.unlink(this.p, temp));
        throw new Fatal(`sed: cannot rename ${name}: ${strerror(e)}\n`, 4);
      }
    }
    const e = attempt(() => vfs.rename(this.p, temp, name));
    if (e !== null) {
      attempt(() => vfs.unlink(this.p, temp));
      throw new Fatal(`sed: cannot rename ${temp}: ${strerror(e)}\n`, 4);
    }
  }

  protected *writeTo(name: Bytes, text: Bytes): Op<void> {
    const fd = this.writers.get(name)!;
    if (fd === 1) {
      this.out += text;
      return;
    }
    yield* write(this.p, fd, text);
  }
}

/** A name for sed's temporary file, as mkostemp makes them. */
function lastTemp(p: Process): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  let o = '';
  for (let i = 0; i < 6; i++) o += letters[p.host.world.rng.below(`mkstemp/${p.host.name}`, letters.length)]!;
  return o;
}
