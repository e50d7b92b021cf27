// tail: the last part of files, and what is added to them. Counterpart: coreutils tail.c (without inotify: it looks every second).
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { fileOf, sleep } from '../host/syscall';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, quote, say, tryCall } from './io';
import { table } from './options';
import { parseSize } from './size_arg';

function oldForm(argv: Bytes[]): Bytes[] {
  const m = /^([-+])(\d*)([bcl]?)(f?)$/.exec(argv[0] ?? '');
  if (m === null || (m[2] === '' && m[3] === '' && (m[1] === '-' || m[4] === '')) || (m[1] === '-' && m[2] === '' )) return argv;
  if (argv.length > 2 && m[1] === '-') throw new Fatal(`tail: option used in invalid context -- ${m[2]![0]}\n`, 1);
  const sign = m[1] === '+' ? '+' : '';
  const n = m[2] === '' ? '10' : m[2]!;
  const head = m[3] === 'c' ? [`-c${sign}${n}`] : m[3] === 'b' ? [`-c${sign}${Number(n) * 512}`] : [`-n${sign}${n}`];
  return [...head, ...(m[4] === 'f' ? ['-f'] : []), ...argv.slice(1)];
}

interface Followed {
  name: Bytes;
  shown: Bytes;
  fd: number;
  ino: number;
}

export const tail = define({
  name: 'tail',
  summary: 'Print the last 10 lines of each FILE to standard output.',
  path: '/usr/bin/tail',
  package: 'coreutils',
  options: table(
    '-c --bytes [+]NUM: output the last NUM bytes; or use -c +NUM to start with byte NUM', '-f: output appended data as the file grows',
    '--follow [HOW]: output appended data, by descriptor or name', '-F: same as --follow=name --retry', '-n --lines [+]NUM: output the last NUM lines, instead of the last 10; or use -n +NUM to start with line NUM',
    '--pid PID: with -f, terminate after process ID, PID dies', '-q --quiet --silent: never output headers giving file names', '--retry: keep trying to open a file if it is inaccessible',
    '-s --sleep-interval N: with -f, sleep for approximately N seconds between iterations', '-v --verbose: always output headers giving file names', '-z --zero-terminated: line delimiter is NUL, not newline',
    '!--max-unchanged-stats N: see the manual', '!---disable-inotify: see the manual',
  ),
  getopt: { badExit: 1, prepare: oldForm },
  *run(p, opts, args) {
    const what = opts.last('-c', '-n') ?? '-n';
    const value = opts.value(what) ?? '10';
    const plus = value.startsWith('+');
    const count = parseSize(value.replace(/^[-+]/, ''));
    if (count === null) throw new Fatal(`tail: invalid number of ${what === '-c' ? 'bytes' : 'lines'}: ${quote(value.replace(/^-/, ''))}\n`, 1);
    const interval = opts.value('-s') ?? '1';
    if (!/^\d*\.?\d+$/.test(interval)) throw new Fatal(`tail: invalid number of seconds: ${quote(interval)}\n`, 1);
    const pid = opts.value('--pid');
    if (pid !== null && !/^\d+$/.test(pid)) throw new Fatal(`tail: invalid PID: ${quote(pid)}\n`, 1);
    const byName = opts.has('-F') || opts.value('--follow') === 'name';
    const follow = byName || opts.has('-f') || opts.has('--follow');
    const retry = opts.has('-F') || opts.has('--retry');
    const files = args.length > 0 ? args : ['-'];
    const loud = opts.last('-q', '-v');
    const headers = loud === '-v' || (loud !== '-q' && files.length > 1);
    const separator = opts.has('-z') ? '\0' : '\n';
    let status = 0;
    let last: string | null = null;
    const followed: Followed[] = [];
    for (const name of files) {
      const shown = name === '-' ? 'standard input' : name;
      const opened = tryCall(() => openInput(p, name));
      if (opened.errno !== null) {
        yield* say(p, 'tail', `cannot open ${quote(name)} for reading: ${new SysError(opened.errno).message}`);
        status = 1;
        if (follow && retry) followed.push({ name, shown, fd: -1, ino: -1 });
        continue;
      }
      const fd = opened.ok;
      if (headers) yield* put(p, `${last === null ? '' : '\n'}==> ${shown} <==\n`);
      last = shown;
      try {
        yield* lastPart(p, fd, what, count, plus, separator);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* say(p, 'tail', `error reading ${quote(shown)}: ${errnoText(e)}`);
        status = 1;
        if (follow && e.errno === 'EISDIR') yield* say(p, 'tail', `${shown}: cannot follow end of this type of file; giving up on this name`);
        closeInput(p, fd);
        continue;
      }
      const f = fileOf(p, fd);
      if (follow && f.kind !== 'pipe' && f.kind !== 'buffer') followed.push({ name, shown, fd, ino: f.kind === 'inode' ? f.ino : -1 });
      else closeInput(p, fd);
    }
    if (!follow || followed.length === 0) {
      if (follow && files.length > 0 && status !== 0) yield* say(p, 'tail', 'no files remaining');
      return status;
    }
    for (;;) {
      for (const f of followed) {
        const absent = f.fd < 0;
        if (byName) yield* reopen(p, f);
        // A file that has just appeared is read at the next look.
        if (f.fd < 0 || absent) continue;
        const file = fileOf(p, f.fd);
        if (file.kind === 'inode' && file.snapshot === null && p.host.vfs.data(file.ino).length < file.pos) {
          yield* say(p, 'tail', `${f.shown}: file truncated`);
          file.pos = 0;
        }
        const fresh = yield* new ByteSource(p, f.fd).all();
        if (fresh === '') continue;
        yield* put(p, `${headers && last !== f.shown ? `\n==> ${f.shown} <==\n` : ''}${fresh}`);
        last = f.shown;
      }
      if (pid !== null && (p.host.procs.get(Number(pid))?.state ?? 'Z') === 'Z') return status;
      yield* sleep(p, Number(interval) * 1e6);
    }
  },
});

/** Follows a name: a new file under it is read from its start. */
function* reopen(p: Process, f: Followed): Op<void> {
  const st = tryCall(() => p.host.vfs.stat(p, f.name));
  if (st.errno !== null) {
    if (f.fd < 0) return;
    yield* say(p, 'tail', `${quote(f.name)} has become inaccessible: ${new SysError(st.errno).message}`);
    closeInput(p, f.fd);
    f.fd = -1;
    return;
  }
  if (f.fd >= 0 && st.ok.ino === f.ino) return;
  yield* say(p, 'tail', f.fd < 0 ? `${quote(f.name)} has appeared;  following new file` : `${quote(f.name)} has been replaced;  following new file`);
  if (f.fd >= 0) closeInput(p, f.fd);
  const opened = tryCall(() => openInput(p, f.name));
  f.fd = opened.errno === null ? opened.ok : -1;
  f.ino = st.ok.ino;
}

function* lastPart(p: Process, fd: number, what: string, count: number, plus: boolean, separator: string): Op<void> {
  const src = new ByteSource(p, fd);
  if (plus) {
    let skip = Math.max(0, count - 1);
    for (;;) {
      let piece = yield* src.next();
      if (piece === '') return;
      if (what === '-c') {
        const cut = Math.min(skip, piece.length);
        piece = piece.slice(cut);
        skip -= cut;
      } else {
        let at = 0;
        while (skip > 0) {
          const nl = piece.indexOf(separator, at);
          if (nl < 0) {
            at = piece.length;
            break;
          }
          at = nl + 1;
          skip--;
        }
        piece = piece.slice(at);
      }
      yield* put(p, piece);
    }
  }
  let kept = '';
  let whole: Bytes[] = [];
  let size = 0;
  for (;;) {
    const piece = yield* src.next();
    if (piece === '') break;
    whole.push(piece);
    size += piece.length;
    if (size > (1 << 20) + kept.length * 2) {
      kept = cutTo(whole.join(''), what, count, separator);
      whole = [kept];
      size = kept.length;
    }
  }
  yield* put(p, cutTo(whole.join(''), what, count, separator));
}

/** The last `count` bytes or lines. */
function cutTo(data: Bytes, what: string, count: number, separator: string): Bytes {
  if (count === 0) return '';
  if (what === '-c') return data.slice(Math.max(0, data.length - count));
  let at = data.endsWith(separator) ? data.length - 1 : data.length;
  for (let i = 0; i < count; i++) {
    if (at <= 0) return data;
    const nl = data.lastIndexOf(separator, at - 1);
    if (nl < 0) return data;
    at = nl;
  }
  return data.slice(at + 1);
}
