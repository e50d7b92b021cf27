// Reads the parts of a sed script: numbers, delimited texts, regular expressions, the arguments of s and y. Counterpart: GNU sed 4.9 compile.c.
import type { Bytes } from '../../lib/text';
import { compilePosix, type PosixRegex, RegexError } from '../posix_regex';
import { type Piece, SedError, type Subst } from './tree';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
const NUMERIC = /^(?:d\d{3}|o[0-7]{3}|x[0-9a-fA-F]{2})/;

export class ScriptReader {
  protected s: Bytes = '';
  protected i = 0;
  protected where = '';
  protected fileName: Bytes | null = null;
  /** Files that w commands and flags write. */
  protected readonly files = new Set<Bytes>();
  constructor(
    private readonly extended: boolean,
    private readonly posix: boolean,
  ) {}

  protected fail(text: string, where?: string): never {
    if (where !== undefined) throw new SedError(`sed: ${where}: ${text}`);
    if (this.fileName !== null) throw new SedError(`sed: file ${this.fileName} line ${this.s.slice(0, this.i).split('\n').length}: ${text}`);
    throw new SedError(`sed: ${this.where}, char ${this.i}: ${text}`);
  }

  protected spaces(): void {
    while (this.i < this.s.length && /[ \t\r\v\f]/.test(this.s[this.i]!)) this.i++;
  }

  protected number(): number | null {
    const m = /^\d+/.exec(this.s.slice(this.i));
    if (m === null) return null;
    this.i += m[0].length;
    return Number(m[0]);
  }

  protected regex(pattern: Bytes, icase: boolean, multiline: boolean): PosixRegex | null {
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
  protected delimited(delimiter: string, isRegex: boolean): Bytes | null {
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

  protected substitution(): Subst {
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

  protected endOfCommandAfterFlags(): void {
    this.spaces();
    const c = this.s[this.i];
    if (c === undefined || c === '}' || c === '#') return;
    this.i++;
    if (c !== '\n' && c !== ';') this.fail("unknown option to `s'");
  }

  protected pieces(text: Bytes): Piece[] {
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

  protected transliteration(): Map<string, string> {
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
