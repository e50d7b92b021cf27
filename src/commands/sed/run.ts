// Runs a sed script. Counterpart: GNU sed 4.9 execute.c.
import type { Bytes } from '../../lib/text';
import type { Op, Process } from '../../host/process';
import { readFile } from '../../host/syscall';
import { Fatal, Steps, tryCall } from '../io';
import type { PosixMatch, PosixRegex } from '../posix_regex';
import { replacement, unambiguous } from './replace';
import type { Address, Script, SedCommand, Subst } from './script';
import { SedStreams, type Settings } from './streams';

export class Runner extends SedStreams {
  private hold: Bytes = '';
  private appended: { t: 'text' | 'file' | 'line'; text: Bytes }[] = [];
  private replaced = false;
  private quit = false;
  private lastRegex: PosixRegex | null = null;
  private readonly readers = new Map<Bytes, Bytes[]>();
  private readonly steps: Steps;

  constructor(
    p: Process,
    private readonly script: Script,
    o: Settings,
  ) {
    super(p, o);
    this.steps = new Steps(p);
  }

  *all(files: Bytes[]): Op<number> {
    this.files = files;
    this.openWriters(this.script.files);
    while (!this.quit && (yield* this.nextLine())) {
      const end = yield* this.cycle();
      if (end === 'restart') continue;
    }
    if (this.quit) yield* this.finishInPlace(true);
    yield* this.flush();
    return this.status;
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
