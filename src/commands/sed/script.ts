// A sed script as data: commands with addresses, parsed as GNU sed does, errors in its words. Counterpart: sed/compile.c.
import type { Bytes } from '../../lib/text';
import { compilePosix, type PosixRegex, RegexError } from '../posix_regex';

export type Address =
  | { t: 'line'; n: number }
  | { t: 'step'; first: number; step: number }
  | { t: 'last' }
  | { t: 'zero' }
  | { t: 'regex'; re: PosixRegex | null }
  | { t: 'plus'; n: number }
  | { t: 'multiple'; n: number };

/** A piece of an s/// replacement: text, a group, or a change of case. */
export type Piece = { t: 'text'; text: Bytes } | { t: 'group'; n: number } | { t: 'case'; how: 'U' | 'L' | 'u' | 'l' | 'E' };

export interface SedCommand {
  a1: Address | null;
  a2: Address | null;
  negate: boolean;
  name: string;
  /** a i c: text; b t T : label; r R w W: file name; y: map; q Q L l: number. */
  text: Bytes;
  number: number | null;
  /** Where { jumps when not selected; where b t T go; index of command. */
  target: number;
  map: Map<string, string> | null;
  subst: Subst | null;
  /** State of a range: inside, and the line where it ends (for +N, ~N and numbers). */
  active: boolean;
  endLine: number;
}

export interface Subst {
  re: PosixRegex | null;
  pieces: Piece[];
  global: boolean;
  nth: number;
  print: number;
  evaluate: boolean;
  file: Bytes | null;
}

/** A script error; `where` and `at` make `-e expression #1, char 5: `. */
export class SedError extends Error {}

export interface Script {
  commands: SedCommand[];
  labels: Map<string, number>;
  /** First line was #n. */
  quiet: boolean;
  /** Files w commands write, opened at the start. */
  files: Set<Bytes>;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
const NUMERIC = /^(?:d\d{3}|o[0-7]{3}|x[0-9a-fA-F]{2})/;

/** Parses pieces given by -e and -f in order. Throws SedError. */
export function parseScript(pieces: readonly { text: Bytes; file: Bytes | null }[], extended: boolean, posix: boolean): Script {
  return new ScriptParser(extended, posix).parse(pieces);
}

class ScriptParser {
  private readonly commands: SedCommand[] = [];
  private readonly labels = new Map<string, number>();
  private readonly files = new Set<Bytes>();
  private readonly blocks: { index: number; where: string }[] = [];
  private s: Bytes = '';
  private i = 0;
  private where = '';
  private quiet = false;
  private fileName: Bytes | null = null;
  /** a, i or c ended its piece with a backslash: the next piece is its text. */
  private pendingText: SedCommand | null = null;
  constructor(
    private readonly extended: boolean,
    private readonly posix: boolean,
  ) {}

  parse(pieces: readonly { text: Bytes; file: Bytes | null }[]): Script {
    let expression = 0;
    let first = true;
    for (const piece of pieces) {
      this.s = piece.text;
      this.i = 0;
      this.fileName = piece.file;
      if (piece.file === null) this.where = `-e expression #${++expression}`;
      if (first && this.s.startsWith('#n') && (this.s.length === 2 || this.s[2] === '\n')) this.quiet = true;
      first = false;
      if (this.pendingText !== null) {
        const c = this.pendingText;
        this.pendingText = null;
        this.readText(c, true);
      }
      this.script();
    }
    if (this.pendingText !== null) this.fail('expected \\ after `a\', `c\' or `i\'');
    const open = this.blocks[this.blocks.length - 1];
    if (open !== undefined) {
      this.i = 0;
      this.fail('unmatched `{\'', open.where);
    }
    for (const c of this.commands) {
      if (!'btT'.includes(c.name)) continue;
      if (c.text === '') c.target = this.commands.length;
      else {
        const to = this.labels.get(c.text);
        if (to === undefined) throw new SedError(`sed: -e expression #1, char ${this.s.length}: can't find label for jump to \`${c.text}'`.replace(/-e expression #1, char \d+: /, ''));
        c.target = to;
      }
    }
    return { commands: this.commands, labels: this.labels, quiet: this.quiet, files: this.files };
  }

  private fail(text: string, where?: string): never {
    if (where !== undefined) throw new SedError(`sed: ${where}: ${text}`);
    if (this.fileName !== null) throw new SedError(`sed: file ${this.fileName} line ${this.s.slice(0, this.i).split('\n').length}: ${text}`);
    throw new SedError(`sed: ${this.where}, char ${this.i}: ${text}`);
  }

  private spaces(): void {
    while (this.i < this.s.length && /[ \t\r\v\f]/.test(this.s[this.i]!)) this.i++;
  }

  private script(): void {
    for (;;) {
      while (this.i < this.s.length && /[\s;]/.test(this.s[this.i]!)) this.i++;
      if (this.i >= this.s.length) return;
      this.command();
    }
  }

  private number(): number | null {
    const m = /^\d+/.exec(this.s.slice(this.i));
    if (m === null) return null;
    this.i += m[0].length;
    return Number(m[0]);
  }

  private address(): Address | null {
    const c = this.s[this.i];
    if (c === undefined) return null;
    if (c >= '0' && c <= '9') {
      const n = this.number()!;
      this.spaces();
      if (this.s[this.i] === '~') {
        this.i++;
        this.spaces();
        return { t: 'step', first: n, step: this.number() ?? 0 };
      }
      return n === 0 ? { t: 'zero' } : { t: 'line', n };
    }
    if (c === '$') {
      this.i++;
      return { t: 'last' };
    }
    if (c === '/' || c === '\\') {
      let delimiter = '/';
      this.i++;
      if (c === '\\') {
        delimiter = this.s[this.i++] ?? '';
        if (delimiter === '') this.fail('unexpected `,\''.replace('`,\'', "`,'"));
      }
      const pattern = this.delimited(delimiter, true);
      if (pattern === null) this.fail('unterminated address regex');
      let icase = false;
      let multiline = false;
      for (;;) {
        const f = this.s[this.i];
        if (f === 'I') icase = true;
        else if (f === 'M') multiline = true;
        else break;
        this.i++;
      }
      return { t: 'regex', re: this.regex(pattern, icase, multiline) };
    }
    return null;
  }

  private regex(pattern: Bytes, icase: boolean, multiline: boolean): PosixRegex | null {
    if (pattern === '') return null;
    try {
      return compilePosix(pattern, { extended: this.extended, icase, multiline, dialect: 'sed' });
    } catch (e) {
      if (!(e instanceof RegexError)) throw e;
      if (e.message.startsWith('character class syntax')) throw new SedError(`sed: ${e.message}`);
      return this.fail(e.message);
    }
  }

  /** Text up to the delimiter; null when it is missing. Inside a regex, \n is a newline, a bracket hides nothing from sed but the delimiter. */
  private delimited(delimiter: string, isRegex: boolean): Bytes | null {
    let o = '';
    for (;;) {
      const c = this.s[this.i];
      if (c === undefined) return null;
      this.i++;
      if (c === delimiter) return o;
      if (c === '\\') {
        const n = this.s[this.i];
        if (n === undefined) return null;
        this.i++;
        if (n === delimiter) {
          o += n === '\n' ? '\n' : !isRegex && n === '&' ? '\\&' : n;
        } else if (isRegex && ESCAPES[n] !== undefined) o += ESCAPES[n]!;
        else if (isRegex && /[dox]/.test(n) && NUMERIC.test(this.s.slice(this.i - 1))) {
          // \dNNN, \oNNN, \xHH stand for one literal byte.
          const m = NUMERIC.exec(this.s.slice(this.i - 1))!;
          const c2 = String.fromCharCode(Number.parseInt(m[0].slice(1), n === 'd' ? 10 : n === 'o' ? 8 : 16) & 255);
          this.i += m[0].length - 1;
          o += /[.*[\]\\^$+?(){}|]/.test(c2) ? `\\${c2}` : c2;
        }
        else if (n === '\n' && isRegex) o += '\n';
        else o += `\\${n}`;
        continue;
      }
      if (c === '\n' && isRegex) return null;
      o += c;
      if (isRegex && c === '[') {
        // A bracket expression hides the delimiter.
        const m = /^\^?\]?(?:\[[.:=][^\n]*?[.:=]\]|[^\]\n])*\]/.exec(this.s.slice(this.i));
        if (m !== null) {
          o += m[0].replaceAll('\\n', '\n');
          this.i += m[0].length;
        }
      }
    }
  }

  private command(): void {
    const a1 = this.address();
    let a2: Address | null = null;
    this.spaces();
    if (a1 !== null && this.s[this.i] === ',') {
      this.i++;
      this.spaces();
      const c = this.s[this.i];
      if (c === '+' || c === '~') {
        this.i++;
        const n = this.number();
        if (n === null) this.fail('expected number'.replace('expected number', 'unexpected `,\''));
        a2 = c === '+' ? { t: 'plus', n } : { t: 'multiple', n };
      } else {
        a2 = this.address();
        if (a2 === null) {
          this.i++;
          this.fail("unexpected `,'");
        }
      }
    }
    if (a1?.t === 'zero' && a2?.t !== 'regex') {
      this.i++;
      this.fail('invalid usage of line address 0');
    }
    this.spaces();
    let negate = false;
    while (this.s[this.i] === '!') {
      if (negate) {
        this.i++;
        this.fail("multiple `!'s");
      }
      negate = true;
      this.i++;
      this.spaces();
    }
    const name = this.s[this.i];
    if (name === undefined || name === '\n') {
      this.i = name === undefined ? this.s.length : this.i + 1;
      this.fail('missing command');
    }
    this.i++;
    const c: SedCommand = { a1, a2, negate, name, text: '', number: null, target: -1, map: null, subst: null, active: false, endLine: 0 };
    switch (name) {
      case '#':
        if (a1 !== null) this.fail('comments don\'t accept any addresses');
        while (this.i < this.s.length && this.s[this.i] !== '\n') this.i++;
        return;
      case '{':
        this.blocks.push({ index: this.commands.length, where: this.fileName === null ? `${this.where}, char 0` : `file ${this.fileName} line ${this.s.slice(0, this.i).split('\n').length}` });
        this.commands.push(c);
        return;
      case '}': {
        const open = this.blocks.pop();
        if (open === undefined) this.fail("unexpected `}'");
        if (a1 !== null) this.fail("unexpected `}'".replace('unexpected `}\'', '} doesn\'t want any addresses'.replace('} doesn\'t', '} doesn\'t')));
        this.commands[open.index]!.target = this.commands.length;
        this.endOfCommand();
        return;
      }
      case ':': {
        if (a1 !== null) this.fail(': doesn\'t want any addresses');
        this.spaces();
        const m = /^[^\s;]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        if (m === '') this.fail("\":\" lacks a label");
        this.labels.set(m, this.commands.length);
        this.endOfCommand();
        return;
      }
      case 'b':
      case 't':
      case 'T': {
        this.spaces();
        const m = /^[^\s;}]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        c.text = m;
        this.endOfCommand();
        break;
      }
      case 'a':
      case 'i':
      case 'c':
        this.spaces();
        if (this.i >= this.s.length) this.fail("expected \\ after `a', `c' or `i'");
        this.readText(c, false);
        break;
      case '=':
      case 'd':
      case 'D':
      case 'F':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        this.endOfCommand();
        break;
      case 'l':
      case 'L':
      case 'q':
      case 'Q':
        if ((name === 'q' || name === 'Q') && a2 !== null) this.fail('command only uses one address');
        this.spaces();
        c.number = this.number();
        this.endOfCommand();
        break;
      case 'e':
        throw new SedError('sed: command e exists on Linux but is not modelled in LVS Lab (see MODELLED.md)');
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        this.spaces();
        let end = this.s.indexOf('\n', this.i);
        if (end < 0) end = this.s.length;
        c.text = this.s.slice(this.i, end);
        this.i = end;
        if (c.text === '') this.fail('missing filename in r/R/w/W commands');
        if (name === 'w' || name === 'W') this.files.add(c.text);
        break;
      }
      case 's':
        c.subst = this.substitution();
        break;
      case 'y':
        c.map = this.transliteration();
        this.endOfCommand();
        break;
      case 'v':
        this.spaces();
        this.i += /^[^\s;}]*/.exec(this.s.slice(this.i))![0].length;
        this.endOfCommand();
        return;
      default:
        this.fail(`unknown command: \`${name}'`);
    }
    this.commands.push(c);
  }

  private endOfCommand(): void {
    this.spaces();
    const c = this.s[this.i];
    if (c === undefined || c === '\n' || c === ';') {
      if (c !== undefined) this.i++;
      return;
    }
    if (c === '}' || c === '#') return;
    this.i++;
    this.fail('extra characters after command');
  }

  /** Text of a, i, c: GNU's one-line form or lines after a backslash. */
  private readText(c: SedCommand, continued: boolean): void {
    if (!continued) {
      if (this.s[this.i] === '\\') {
        this.i++;
        const save = this.i;
        this.spaces();
        if (this.s[this.i] === '\n') this.i++;
        else if (this.i >= this.s.length) {
          this.pendingText = c;
          return;
        } else this.i = this.s[save] === undefined ? save : save;
        if (this.s[this.i] === '\n') this.i++;
      }
    }
    let o = '';
    for (;;) {
      const ch = this.s[this.i];
      if (ch === undefined || ch === '\n') {
        if (ch !== undefined) this.i++;
        break;
      }
      if (ch === '\\') {
        const n = this.s[this.i + 1];
        if (n === undefined) {
          this.i++;
          break;
        }
        o += n === 't' && o !== '' ? '\t' : n;
        this.i += 2;
        continue;
      }
      o += ch;
      this.i++;
    }
    c.text = `${o}\n`;
  }

  private substitution(): Subst {
    const delimiter = this.s[this.i++];
    if (delimiter === undefined || delimiter === '\n' || delimiter === '\\') {
      if (delimiter === undefined) this.i = this.s.length;
      this.fail("unterminated `s' command");
    }
    const pattern = this.delimited(delimiter, true);
    if (pattern === null) {
      this.i = this.s.length;
      this.fail("unterminated `s' command");
    }
    const replacement = this.delimited(delimiter, false);
    if (replacement === null) {
      this.i = this.s.length;
      this.fail("unterminated `s' command");
    }
    const out: Subst = { re: null, pieces: [], global: false, nth: 0, print: 0, evaluate: false, file: null };
    let icase = false;
    let multiline = false;
    for (;;) {
      const f = this.s[this.i];
      if (f === undefined) break;
      this.i++;
      if (f === 'i' || f === 'I') icase = true;
      else if (f === 'm' || f === 'M') multiline = true;
      else if (f === 'e') throw new SedError("sed: flag e of s exists on Linux but is not modelled in LVS Lab (see MODELLED.md)");
      else if (f === 'p') {
        if (out.print > 0) this.fail("multiple `p' options to `s' command");
        out.print++;
      } else if (f === 'g') {
        if (out.global) this.fail("multiple `g' options to `s' command");
        out.global = true;
      } else if (f >= '0' && f <= '9') {
        this.i--;
        if (out.nth > 0) {
          this.i++;
          this.fail("multiple number options to `s' command");
        }
        out.nth = this.number()!;
        if (out.nth === 0) this.fail("number option to `s' command may not be zero");
      } else if (f === 'w') {
        this.spaces();
        let end = this.s.indexOf('\n', this.i);
        if (end < 0) end = this.s.length;
        out.file = this.s.slice(this.i, end);
        if (out.file === '') this.fail('missing filename in r/R/w/W commands');
        this.files.add(out.file);
        this.i = end;
        break;
      } else if (f === '}' || f === '#') {
        this.i--;
        break;
      } else if (f === '\n' || f === ';') break;
      else if (/[ \t\r]/.test(f)) {
        this.i--;
        this.endOfCommandAfterFlags();
        break;
      } else this.fail("unknown option to `s'");
    }
    out.re = this.regex(pattern, icase, multiline);
    out.pieces = this.pieces(replacement);
    const highest = Math.max(0, ...out.pieces.map((x) => (x.t === 'group' ? x.n : 0)));
    if (out.re !== null && highest > out.re.groups) this.fail(`invalid reference \\${highest} on \`s' command's RHS`);
    return out;
  }

  private endOfCommandAfterFlags(): void {
    this.spaces();
    const c = this.s[this.i];
    if (c === undefined || c === '}' || c === '#') return;
    this.i++;
    if (c !== '\n' && c !== ';') this.fail("unknown option to `s'");
  }

  private pieces(text: Bytes): Piece[] {
    const out: Piece[] = [];
    let plain = '';
    const flush = (): void => {
      if (plain !== '') out.push({ t: 'text', text: plain });
      plain = '';
    };
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (c === '&') {
        flush();
        out.push({ t: 'group', n: 0 });
      } else if (c === '\\' && i + 1 < text.length) {
        const n = text[++i]!;
        if (n >= '0' && n <= '9') {
          flush();
          out.push({ t: 'group', n: Number(n) });
        } else if ('ULEul'.includes(n) && !this.posix) {
          flush();
          out.push({ t: 'case', how: n as 'U' });
        } else plain += { n: '\n', t: '\t', r: '\r', a: '\x07', f: '\f', v: '\v' }[n] ?? n;
      } else plain += c;
    }
    flush();
    return out;
  }

  private transliteration(): Map<string, string> {
    const delimiter = this.s[this.i++];
    if (delimiter === undefined) this.fail("unterminated `y' command");
    const raw = (): Bytes[] => {
      const out: Bytes[] = [];
      for (;;) {
        const c = this.s[this.i++];
        if (c === undefined) {
          this.i = this.s.length;
          this.fail("unterminated `y' command");
        }
        if (c === delimiter) return out;
        if (c === '\\') {
          const n = this.s[this.i++];
          if (n === undefined) this.fail("unterminated `y' command");
          out.push(n === 'n' ? '\n' : n === 't' ? '\t' : n === '\\' || n === delimiter ? n : `\\${n}`);
        } else out.push(c);
      }
    };
    const from = raw();
    const to = raw();
    if (from.length !== to.length) this.fail("strings for `y' command are different lengths");
    return new Map(from.map((c, i) => [c, to[i]!]));
  }
}
