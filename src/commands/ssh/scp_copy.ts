// The protocol scp speaks with its other half: records C, D, E and T, each answered by a zero byte or a message. Counterpart: OpenSSH 7.4 scp.c (source, sink), BSD rcp.
import type { Op, Process } from '../../host/process';
import { closeFd, err, open, read, write } from '../../host/syscall';
import type { Stat } from '../../host/vfs';
import { type Errno, strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { lastPart } from '../files';
import { Progress } from './progress';

/** Ends scp with a status. */
export class Quit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

export interface CopyFlags {
  recursive: boolean;
  preserve: boolean;
  /** It is the other half, started by sshd. */
  remote: boolean;
  /** Width of the terminal for the progress line; 0 for none. */
  meter: number;
}

/** One half of a copy on two descriptors. */
export class Copy {
  errors = 0;
  constructor(
    readonly p: Process,
    readonly flags: CopyFlags,
    public fdIn: number,
    public fdOut: number,
  ) {}

  /** Says what went wrong, here and to the other half. */
  *runErr(text: Bytes): Op<void> {
    this.errors++;
    if (this.fdOut >= 0) yield* this.put(`\x01scp: ${text}\n`);
    if (!this.flags.remote) yield* err(this.p, `${text}\n`);
  }

  private *put(bytes: Bytes): Op<void> {
    try {
      yield* write(this.p, this.fdOut, bytes);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* this.lost();
    }
  }

  private *lost(): Op<never> {
    if (!this.flags.remote) yield* err(this.p, 'lost connection\n');
    throw new Quit(1);
  }

  private *line(first: Bytes): Op<Bytes> {
    let text = first;
    while (!text.endsWith('\n') && text.length < 2047) {
      const c: Bytes = yield* read(this.p, this.fdIn, 1);
      if (c === '') return yield* this.lost();
      text += c;
    }
    return text;
  }

  /** The other half's answer; true when it agrees. */
  *response(): Op<boolean> {
    const c: Bytes = yield* read(this.p, this.fdIn, 1);
    if (c === '') return yield* this.lost();
    if (c === '\0') return true;
    const text = yield* this.line(c === '\x01' || c === '\x02' ? '' : c);
    if (!this.flags.remote) yield* err(this.p, text);
    this.errors++;
    if (c === '\x01') return false;
    throw new Quit(1);
  }

  private *times(st: Stat): Op<boolean> {
    yield* this.put(`T${Math.max(0, Math.floor(st.mtime))} 0 ${Math.max(0, Math.floor(st.atime))} 0\n`);
    return yield* this.response();
  }

  /** Sends files and, with -r, directories. */
  *source(names: readonly Bytes[]): Op<void> {
    for (const given of names) {
      const name = given.length > 1 ? given.replace(/\/+$/, '') || '/' : given;
      let fd = -1;
      let st: Stat;
      try {
        st = this.p.host.vfs.stat(this.p, name);
        if (st.type !== 'dir') fd = open(this.p, name, { read: true });
        else if (!this.p.host.vfs.access(this.p, name, 4)) throw new SysError('EACCES');
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* this.runErr(`${name}: ${strerror(e.errno)}`);
        continue;
      }
      if (st.type === 'dir' && this.flags.recursive) yield* this.directory(name, st);
      else if (st.type === 'file') yield* this.file(name, st, fd);
      else yield* this.runErr(`${name}: not a regular file`);
      if (fd >= 0) closeFd(this.p, fd);
    }
  }

  private *file(name: Bytes, st: Stat, fd: number): Op<void> {
    const last = lastPart(name);
    if (this.flags.preserve && !(yield* this.times(st))) return;
    yield* this.put(`C${(st.mode & 0o7777).toString(8).padStart(4, '0')} ${st.size} ${last}\n`);
    if (!(yield* this.response())) return;
    const meter = this.flags.meter > 0 ? new Progress(this.p, last, st.size, this.flags.meter) : null;
    if (meter !== null) yield* meter.draw(0);
    let done = 0;
    while (done < st.size) {
      const piece: Bytes = yield* read(this.p, fd, Math.min(16384, st.size - done));
      // A file that became shorter is filled up, so that both halves stay in step.
      const data = piece === '' ? '\0'.repeat(Math.min(16384, st.size - done)) : piece;
      yield* this.put(data);
      done += data.length;
      if (meter !== null) yield* meter.tick(done);
    }
    yield* this.put('\0');
    yield* this.response();
    if (meter !== null) yield* meter.stop(done);
  }

  private *directory(name: Bytes, st: Stat): Op<void> {
    const names = this.p.host.vfs.readdir(this.p, name);
    if (this.flags.preserve && !(yield* this.times(st))) return;
    yield* this.put(`D${(st.mode & 0o7777).toString(8).padStart(4, '0')} 0 ${lastPart(name)}\n`);
    if (!(yield* this.response())) return;
    for (const n of names) yield* this.source([`${name}/${n}`]);
    yield* this.put('E\n');
    yield* this.response();
  }

  /** The target must be a directory. */
  *verifyDirectory(path: Bytes): Op<void> {
    let why: Errno = 'ENOTDIR';
    try {
      if (this.p.host.vfs.stat(this.p, path).type === 'dir') return;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      why = e.errno;
    }
    yield* this.runErr(`${path}: ${strerror(why)}`);
    throw new Quit(1);
  }

  private *screwUp(why: Bytes): Op<never> {
    yield* this.runErr(`protocol error: ${why}`);
    throw new Quit(1);
  }

  /** Receives into `target` until the other half has no more. */
  *sink(target: Bytes, mustBeDirectory = false): Op<void> {
    const { p } = this;
    if (mustBeDirectory) yield* this.verifyDirectory(target);
    yield* this.put('\0');
    const isDir = this.statOr(target)?.type === 'dir';
    let times: [number, number] | null = null;
    for (let first = true; ; first = false) {
      const c: Bytes = yield* read(p, this.fdIn, 1);
      if (c === '') return;
      if (c === '\n') yield* this.screwUp('unexpected <newline>');
      const text = yield* this.line(c);
      if (c === '\x01' || c === '\x02') {
        if (!this.flags.remote) yield* err(p, text.slice(1));
        if (c === '\x02') throw new Quit(1);
        this.errors++;
        continue;
      }
      if (c === 'E') {
        yield* this.put('\0');
        return;
      }
      const t = /^T(\d+) 0 (\d+) 0\n$/.exec(text);
      if (t !== null) {
        times = [Number(t[2]), Number(t[1])];
        yield* this.put('\0');
        continue;
      }
      const m = /^([CD])([0-7]{4}) (\d+) ([^\n]*)\n$/.exec(text);
      if (m === null) {
        if (first && !/^[CD]/.test(text)) {
          // What a start file of the other side's shell printed comes here.
          yield* this.runErr(text.trimEnd());
          throw new Quit(1);
        }
        return yield* this.screwUp('expected control record');
      }
      const [, kind, modeText, sizeText, name] = m as unknown as [string, string, string, string, string];
      if (name.includes('/') || name === '..') {
        yield* this.runErr(`error: unexpected filename: ${name}`);
        throw new Quit(1);
      }
      const path = isDir ? `${target}${target === '/' ? '' : '/'}${name}` : target;
      const mode = Number.parseInt(modeText, 8);
      if (kind === 'D') yield* this.receiveDirectory(path, mode, times);
      else yield* this.receiveFile(path, name, mode, Number(sizeText), times);
      times = null;
    }
  }

  private statOr(path: Bytes): Stat | null {
    try {
      return this.p.host.vfs.stat(this.p, path);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      return null;
    }
  }

  private *receiveDirectory(path: Bytes, mode: number, times: [number, number] | null): Op<void> {
    const { vfs } = this.p.host;
    if (!this.flags.recursive) yield* this.screwUp('received directory without -r');
    const was = this.statOr(path);
    try {
      if (was !== null && was.type !== 'dir') throw new SysError('ENOTDIR');
      if (was === null) vfs.mkdir(this.p, path, mode | 0o700);
      else if (this.flags.preserve) vfs.chmod(this.p, path, mode);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* this.runErr(`${path}: ${strerror(e.errno)}`);
      return;
    }
    yield* this.sink(path);
    try {
      if (times !== null) vfs.utimes(this.p, path, times[0], times[1]);
      if (this.flags.preserve) vfs.chmod(this.p, path, mode);
      else if (was === null) vfs.chmod(this.p, path, mode & ~this.p.umask);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* this.runErr(`${path}: set times: ${strerror(e.errno)}`);
    }
  }

  private *receiveFile(path: Bytes, name: Bytes, mode: number, size: number, times: [number, number] | null): Op<void> {
    const { vfs } = this.p.host;
    const existed = this.statOr(path) !== null;
    let fd: number;
    try {
      fd = open(this.p, path, { write: true, create: true }, mode | 0o200);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* this.runErr(`${path}: ${strerror(e.errno)}`);
      return;
    }
    yield* this.put('\0');
    const meter = this.flags.meter > 0 ? new Progress(this.p, name, size, this.flags.meter) : null;
    if (meter !== null) yield* meter.draw(0);
    let failed: Errno | null = null;
    let done = 0;
    while (done < size) {
      const data: Bytes = yield* read(this.p, this.fdIn, Math.min(16384, size - done));
      if (data === '') {
        yield* this.runErr('dropped connection');
        throw new Quit(1);
      }
      done += data.length;
      try {
        if (failed === null) yield* write(this.p, fd, data);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        failed = e.errno;
      }
      if (meter !== null) yield* meter.tick(done);
    }
    closeFd(this.p, fd);
    try {
      if (failed === null && existed) vfs.truncate(this.p, path, size);
      if (this.flags.preserve) vfs.chmod(this.p, path, mode);
      else if (!existed && (mode & 0o200) === 0) vfs.chmod(this.p, path, mode & ~this.p.umask);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      failed ??= e.errno;
    }
    yield* this.response();
    if (meter !== null) yield* meter.stop(done);
    try {
      if (times !== null && failed === null) vfs.utimes(this.p, path, times[0], times[1]);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      failed = e.errno;
    }
    if (failed !== null) yield* this.runErr(`${path}: ${strerror(failed)}`);
    else yield* this.put('\0');
  }
}
