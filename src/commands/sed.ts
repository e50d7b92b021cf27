// sed: a stream editor. Counterpart: GNU sed 4.9 (execute.c). The script's syntax is in sed/script.ts.
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { closeFd, readFile, write } from '../host/syscall';
import { dirPart, joinPath, lastPart, openWrite } from './files';
import { attempt, closeInput, define, errnoText, Fatal, LineSource, openInput, put, say, Steps, tryCall } from './io';
import { table } from './options';
import type { PosixMatch, PosixRegex } from './posix_regex';
import { parseScript, type Address, type Piece, type Script, SedError, type SedCommand, type Subst } from './sed/script';

const USAGE = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
                 suppress automatic printing of pattern space
      --debug
                 annotate program execution
  -e script, --expression=script
                 add the script to the commands to be executed
  -f script-file, --file=script-file
                 add the contents of script-file to the commands to be executed
  --follow-symlinks
                 follow symlinks when processing in place
  -i[SUFFIX], --in-place[=SUFFIX]
                 edit files in place (makes backup if SUFFIX supplied)
  -l N, --line-length=N
                 specify the desired line-wrap length for the \`l' command
  --posix
                 disable all GNU extensions.
  -E, -r, --regexp-extended
                 use extended regular expressions in the script
                 (for portability use POSIX -E).
  -s, --separate
                 consider files as separate rather than as a single,
                 continuous long stream.
      --sandbox
                 operate in sandbox mode (disable e/r/w commands).
  -u, --unbuffered
                 load minimal amounts of data from the input files and flush
                 the output buffers more often
  -z, --null-data
                 separate lines by NUL characters
      --help     display this help and exit
      --version  output version information and exit

If no -e, --expression, -f, or --file option is given, then the first
non-option argument is taken as the sed script to interpret.  All
remaining arguments are names of input files; if no input files are
specified, then the standard input is read.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
`;

export const sed = define({
  name: 'sed',
  summary: 'A stream editor.',
  path: '/usr/bin/sed',
  package: 'sed',
  suite: '(GNU sed) 4.9',
  writeErrorExit: 4,
  help: USAGE,
  options: table(
    '-n --quiet --silent: suppress automatic printing of pattern space', '!--debug: annotate program execution', '-e --expression SCRIPT: add the script to the commands to be executed', '-f --file FILE: add the contents of FILE to the commands to be executed',
    '--follow-symlinks: follow symlinks when processing in place', '-i [SUFFIX]: edit files in place', '--in-place [SUFFIX]: edit files in place', '-l --line-length N: specify the desired line-wrap length for the l command', '--posix: disable all GNU extensions',
    '-E -r --regexp-extended: use extended regular expressions in the script', '-s --separate: consider files as separate', '--sandbox: disable e, r and w commands', '-u --unbuffered: flush output often', '-z --null-data: separate lines by NUL characters', '-b --binary: does nothing',
  ),
  getopt: { badExit: 1, tryHelp: USAGE },
  *run(p, opts, given) {
    const args = [...given];
    const pieces: { text: Bytes; file: Bytes | null }[] = [];
    for (const g of opts.given) {
      if (g.key === '-e') pieces.push({ text: g.value!, file: null });
      if (g.key === '-f') {
        try {
          pieces.push({ text: readFile(p, g.value!), file: g.value! });
        } catch (e) {
          throw new Fatal(`sed: couldn't open file ${g.value}: ${errnoText(e)}\n`, 4);
        }
      }
    }
    if (pieces.length === 0) {
      if (args.length === 0) throw new Fatal(USAGE, 1);
      pieces.push({ text: args.shift()!, file: null });
    }
    let script: Script;
    try {
      script = parseScript(pieces, opts.has('-E'), opts.has('--posix'));
    } catch (e) {
      if (e instanceof SedError) throw new Fatal(`${e.message}\n`, e.message.includes('not modelled') ? 64 : e.message.startsWith("sed: can't find label") ? 4 : 1);
      throw e;
    }
    const inPlace = opts.last('-i', '--in-place');
    const run = new Runner(p, script, {
      quiet: opts.has('-n') || script.quiet,
      inPlace: inPlace !== null,
      suffix: inPlace === null ? '' : (opts.value(inPlace) ?? ''),
      separate: opts.has('-s') || inPlace !== null,
      separator: opts.has('-z') ? '\0' : '\n',
      wrap: opts.value('-l') === null ? 70 : Number(opts.value('-l')),
    });
    return yield* run.all(args.length > 0 ? args : ['-']);
  },
});

interface Settings {
  quiet: boolean;
  inPlace: boolean;
  suffix: Bytes;
  separate: boolean;
  separator: string;
  wrap: number;
}

/** A line and whether it ended with a newline. */
interface Line {
  text: Bytes;
  ended: boolean;
}

class Runner {
  private status = 0;
  private lineNumber = 0;
  private space: Line = { text: '', ended: true };
  private hold: Bytes = '';
  private files: Bytes[] = [];
  private fileIndex = -1;
  private source: LineSource | null = null;
  private fd = -1;
  private queue: Bytes[] = [];
  private queueAt = 0;
  private lookahead: Line | null = null;
  private appended: { t: 'text' | 'file' | 'line'; text: Bytes }[] = [];
  private replaced = false;
  private quit = false;
  private lastRegex: PosixRegex | null = null;
  private out: Bytes = '';
  /** The last line written lacked its newline, which comes before anything more. */
  private owesNewline = false;
  private inPlaceOut: Bytes | null = null;
  private readonly writers = new Map<Bytes, number>();
  private readonly readers = new Map<Bytes, Bytes[]>();
  private readonly steps: Steps;

  constructor(
    private readonly p: Process,
    private readonly script: Script,
    private readonly o: Settings,
  ) {
    this.steps = new Steps(p);
  }

  *all(files: Bytes[]): Op<number> {
    this.files = files;
    for (const name of this.script.files) {
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
    while (!this.quit && (yield* this.nextLine())) {
      const end = yield* this.cycle();
      if (end === 'restart') continue;
    }
    if (this.quit) yield* this.finishInPlace(true);
    yield* this.flush();
    return this.status;
  }

  // Input

  private *readFrom(): Op<Line | null> {
    for (;;) {
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
        if (this.o.separate) return null;
      }
      if (!(yield* this.openNext())) return null;
    }
  }

  private *openNext(): Op<boolean> {
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
  private *take(): Op<Line | null> {
    if (this.lookahead !== null) {
      const line = this.lookahead;
      this.lookahead = null;
      return line;
    }
    for (;;) {
      const line = yield* this.readFrom();
      if (line !== null) return line;
      if (!this.o.separate) return null;
      yield* this.finishInPlace(false);
      this.lineNumber = 0;
      if (this.source === null && this.fileIndex + 1 >= this.files.length) return null;
    }
  }

  private *isLast(): Op<boolean> {
    if (this.lookahead !== null) return false;
    const line = yield* this.readFrom();
    if (line === null) return this.o.separate || true;
    this.lookahead = line;
    return false;
  }

  private *nextLine(): Op<boolean> {
    const line = yield* this.take();
    if (line === null) return false;
    this.space = line;
    this.lineNumber++;
    return true;
  }

  // Output

  private *emit(text: Bytes, ended = true): Op<void> {
    let piece = this.owesNewline ? this.o.separator : '';
    this.owesNewline = !ended;
    piece += ended ? text + this.o.separator : text;
    if (this.inPlaceOut !== null) this.inPlaceOut += piece;
    else {
      this.out += piece;
      if (this.out.length > 16384) yield* this.flush();
    }
  }

  private *flush(): Op<void> {
    const text = this.out;
    this.out = '';
    yield* put(this.p, text);
  }

  /** -i: the edited text takes the file's name; with `rest` the unread part is copied too. */
  private *finishInPlace(rest: boolean): Op<void> {
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
      throw new Fatal(`sed: cannot rename ${temp.startsWith('./') ? temp : dir === '.' ? `./${temp}` : temp}: ${strerror(e)}\n`.replace('././', './'), 4);
    }
  }

  // Execution

  private matches(re: PosixRegex | null, from = 0): PosixMatch | null {
    const use = re ?? this.lastRegex;
    if (use === null) throw new Fatal('sed: no previous regular expression\n', 1);
    this.lastRegex = use;
    return use.exec(this.space.text, from);
  }

  private *at(a: Address): Op<boolean> {
    switch (a.t) {
      case 'line':
        return this.lineNumber === a.n;
      case 'step':
        return a.step <= 0 ? this.lineNumber === a.first : this.lineNumber >= a.first && (this.lineNumber - a.first) % a.step === 0;
      case 'last':
        return yield* this.isLast();
      case 'regex':
        return this.matches(a.re) !== null;
      default:
        return false;
    }
  }

  private *selected(c: SedCommand): Op<boolean> {
    if (c.a1 === null) return true;
    if (c.a2 === null) return yield* this.at(c.a1);
    const n = this.lineNumber;
    if (!c.active) {
      if (c.a1.t === 'zero' && n === 1 && c.endLine === 0) {
        c.endLine = -1;
        c.active = true;
        if (c.a2.t === 'regex' && this.matches(c.a2.re) !== null) c.active = false;
        return true;
      }
      if (!(yield* this.at(c.a1))) return false;
      c.active = true;
      if (c.a2.t === 'line' && c.a2.n <= n) c.active = false;
      if (c.a2.t === 'plus') {
        c.endLine = n + c.a2.n;
        if (c.a2.n === 0) c.active = false;
      }
      if (c.a2.t === 'multiple') {
        c.endLine = c.a2.n <= 0 ? n : Math.ceil(n / c.a2.n) * c.a2.n;
        if (c.endLine === n) c.active = false;
      }
      if (c.a2.t === 'last' && (yield* this.isLast())) c.active = false;
      return true;
    }
    switch (c.a2.t) {
      case 'line':
        if (n >= c.a2.n) c.active = false;
        return n <= c.a2.n;
      case 'plus':
      case 'multiple':
        if (n >= c.endLine) c.active = false;
        return n <= c.endLine;
      case 'last':
        if (yield* this.isLast()) c.active = false;
        return true;
      default:
        if (yield* this.at(c.a2)) c.active = false;
        return true;
    }
  }

  private *endCycle(): Op<void> {
    if (!this.o.quiet) yield* this.emit(this.space.text, this.space.ended);
    yield* this.dumpAppended();
  }

  private *dumpAppended(): Op<void> {
    for (const a of this.appended) {
      if (a.t === 'text') yield* this.emit(a.text.slice(0, -1));
      else if (a.t === 'line') yield* this.emit(a.text);
      else {
        const text = a.text === '/dev/stdin' ? '' : (tryCall(() => readFile(this.p, a.text)).ok ?? '');
        if (text === '') continue;
        const ended = text.endsWith('\n');
        yield* this.emit(ended ? text.slice(0, -1) : text, ended);
        this.owesNewline = false;
      }
    }
    this.appended = [];
  }

  private *cycle(): Op<'next' | 'restart'> {
    const list = this.script.commands;
    let pc = 0;
    while (pc < list.length) {
      if (this.steps.due) yield* this.steps.pay();
      const c = list[pc]!;
      if ((yield* this.selected(c)) === c.negate) {
        pc = c.name === '{' ? c.target : pc + 1;
        continue;
      }
      pc++;
      switch (c.name) {
        case '{':
          break;
        case '=':
          yield* this.emit(String(this.lineNumber));
          break;
        case 'a':
          this.appended.push({ t: 'text', text: c.text });
          break;
        case 'i':
          yield* this.emit(c.text.slice(0, -1));
          break;
        case 'c':
          if (c.a2 === null || !c.active || c.negate) yield* this.emit(c.text.slice(0, -1));
          yield* this.dumpAppended();
          return 'next';
        case 'd':
          yield* this.dumpAppended();
          return 'next';
        case 'D': {
          const nl = this.space.text.indexOf('\n');
          yield* this.dumpAppended();
          if (nl < 0) return 'next';
          this.space.text = this.space.text.slice(nl + 1);
          pc = 0;
          break;
        }
        case 'F':
          yield* this.emit(this.files[this.fileIndex] ?? '-');
          break;
        case 'g':
          this.space.text = this.hold;
          break;
        case 'G':
          this.space.text += `\n${this.hold}`;
          break;
        case 'h':
          this.hold = this.space.text;
          break;
        case 'H':
          this.hold += `\n${this.space.text}`;
          break;
        case 'x': {
          const t = this.hold;
          this.hold = this.space.text;
          this.space.text = t;
          break;
        }
        case 'l':
          yield* this.emit(unambiguous(this.space.text, c.number ?? this.o.wrap));
          break;
        case 'n':
          if (yield* this.noMore()) {
            yield* this.endCycle();
            return 'next';
          }
          if (!this.o.quiet) yield* this.emit(this.space.text, this.space.ended);
          yield* this.dumpAppended();
          yield* this.nextLine();
          break;
        case 'N': {
          if (yield* this.noMore()) {
            yield* this.endCycle();
            return 'next';
          }
          const before = this.space.text;
          yield* this.dumpAppended();
          yield* this.nextLine();
          this.space.text = `${before}\n${this.space.text}`;
          break;
        }
        case 'p':
          yield* this.emit(this.space.text, this.space.ended);
          break;
        case 'P': {
          const nl = this.space.text.indexOf('\n');
          yield* this.emit(nl < 0 ? this.space.text : this.space.text.slice(0, nl));
          break;
        }
        case 'q':
        case 'Q':
          if (c.name === 'q') yield* this.endCycle();
          if (c.number !== null) this.status = c.number;
          this.quit = true;
          return 'next';
        case 'r':
          this.appended.push({ t: 'file', text: c.text });
          break;
        case 'R': {
          let lines = this.readers.get(c.text);
          if (lines === undefined) {
            lines = (tryCall(() => readFile(this.p, c.text)).ok ?? '').replace(/\n$/, '').split('\n');
            if (lines.length === 1 && lines[0] === '') lines = [];
            this.readers.set(c.text, lines);
          }
          const line = lines.shift();
          if (line !== undefined) this.appended.push({ t: 'line', text: line });
          break;
        }
        case 's':
          if (yield* this.substitute(c.subst!)) this.replaced = true;
          break;
        case 'b':
          pc = c.target;
          break;
        case 't':
          if (this.replaced) {
            this.replaced = false;
            pc = c.target;
          }
          break;
        case 'T':
          if (this.replaced) this.replaced = false;
          else pc = c.target;
          break;
        case 'w':
          yield* this.writeTo(c.text, `${this.space.text}\n`);
          break;
        case 'W':
          yield* this.writeTo(c.text, `${this.space.text.split('\n')[0]}\n`);
          break;
        case 'y': {
          let o = '';
          for (const ch of this.space.text) o += c.map!.get(ch) ?? ch;
          this.space.text = o;
          break;
        }
        case 'z':
          this.space.text = '';
          break;
      }
    }
    this.replaced = false;
    yield* this.endCycle();
    return 'next';
  }

  /** No next line: n and N then end the script (GNU prints the pattern space first). With -s and -i files do not run into one another. */
  private *noMore(): Op<boolean> {
    if (!(yield* this.isLast())) return false;
    return this.o.separate ? this.fileIndex + 1 >= this.files.length || this.o.inPlace : true;
  }

  private *writeTo(name: Bytes, text: Bytes): Op<void> {
    const fd = this.writers.get(name)!;
    if (fd === 1) {
      this.out += text;
      return;
    }
    yield* write(this.p, fd, text);
  }

  private *substitute(s: Subst): Op<boolean> {
    let o = '';
    let from = 0;
    let count = 0;
    let done = false;
    const text = this.space.text;
    let at = 0;
    let lastEnd = -1;
    while (at <= text.length) {
      if (this.steps.due) yield* this.steps.pay();
      const m = this.matches(s.re, at);
      if (m === null) break;
      if (m.end === m.index && m.index === lastEnd) {
        // An empty match right after the last one does not count.
        if (at >= text.length) break;
        o += text[at]!;
        at++;
        from = at;
        lastEnd = -1;
        continue;
      }
      count++;
      o += text.slice(from, m.index);
      if (count >= (s.nth || 1) && (!done || s.global)) {
        o += replacement(s.pieces, m);
        done = true;
      } else o += text.slice(m.index, m.end);
      from = m.end;
      lastEnd = m.end;
      if (m.end === m.index) {
        if (m.index >= text.length) {
          at = text.length + 1;
          break;
        }
        o += text[m.index]!;
        from = m.index + 1;
        lastEnd = -1;
        at = from;
      } else at = m.end;
      if (done && !s.global) break;
    }
    if (!done) return false;
    this.space.text = o + text.slice(Math.min(from, text.length));
    for (let i = 0; i < s.print; i++) yield* this.emit(this.space.text, this.space.ended);
    if (s.file !== null) yield* this.writeTo(s.file, `${this.space.text}\n`);
    return true;
  }
}

/** A name for sed's temporary file, as mkostemp makes them. */
function lastTemp(p: Process): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  let o = '';
  for (let i = 0; i < 6; i++) o += letters[p.host.world.rng.below(`mkstemp/${p.host.name}`, letters.length)]!;
  return o;
}

function replacement(pieces: readonly Piece[], m: PosixMatch): Bytes {
  let o = '';
  let mode: 'U' | 'L' | 'E' = 'E';
  let once: 'u' | 'l' | null = null;
  const add = (text: Bytes): void => {
    let t = mode === 'U' ? text.replace(/[a-z]/g, (c) => c.toUpperCase()) : mode === 'L' ? text.replace(/[A-Z]/g, (c) => c.toLowerCase()) : text;
    if (once !== null && t !== '') {
      t = (once === 'u' ? t[0]!.replace(/[a-z]/, (c) => c.toUpperCase()) : t[0]!.replace(/[A-Z]/, (c) => c.toLowerCase())) + t.slice(1);
      once = null;
    }
    o += t;
  };
  for (const x of pieces) {
    if (x.t === 'text') add(x.text);
    else if (x.t === 'group') add(m.groups[x.n] ?? '');
    else if (x.how === 'u' || x.how === 'l') once = x.how;
    else {
      mode = x.how;
      once = null;
    }
  }
  return o;
}

/** The l command: escapes, $ at the end, folded lines. */
function unambiguous(text: Bytes, wrap: number): Bytes {
  const named: Record<string, string> = { '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  let o = '';
  let column = 0;
  for (const c of text) {
    const code = c.charCodeAt(0);
    const shown = named[c] ?? (code < 32 || code > 126 ? `\\${code.toString(8).padStart(3, '0')}` : c);
    if (wrap > 1 && column + shown.length > wrap - 1) {
      o += '\\\n';
      column = 0;
    }
    o += shown;
    column += shown.length;
  }
  return `${o}$`;
}
