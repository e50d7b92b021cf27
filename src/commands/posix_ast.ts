// Syntax of POSIX regular expressions on byte strings: basic, extended and GNU's extensions become one tree.
// Counterpart: glibc posix/regcomp.c (sed, expr, bash) and gnulib dfa.c (grep), which differ in what they forgive; regex(7).
import type { Bytes } from '../lib/text';
import { CLASSES, isAlpha, isWordByte } from './posix_class';

/** Which tool's leniency and wording is wanted. */
export type Dialect = 'glibc' | 'sed' | 'grep' | 'awk';

export type Node =
  | { t: 'char'; c: number }
  | { t: 'any' }
  | { t: 'set'; set: Uint8Array }
  | { t: 'assert'; kind: Assertion }
  | { t: 'cat'; list: Node[] }
  | { t: 'alt'; list: Node[] }
  | { t: 'group'; n: number; body: Node }
  | { t: 'rep'; body: Node; min: number; max: number }
  | { t: 'backref'; n: number };

export type Assertion = 'bol' | 'eol' | 'wordStart' | 'wordEnd' | 'wordEdge' | 'notWordEdge' | 'bufStart' | 'bufEnd';

/** What is wrong with a pattern, in glibc's words. */
export class RegexError extends Error {}

const RE_DUP_MAX = 32767;

export interface Parsed {
  root: Node;
  groups: number;
  hasBackref: boolean;
  warnings: string[];
}

/** Parses a pattern. Throws RegexError. */
export function parsePosix(pattern: Bytes, extended: boolean, icase: boolean, dialect: Dialect): Parsed {
  return new Parser(pattern, extended, icase, dialect).parse();
}

class Parser {
  private i = 0;
  private groups = 0;
  private closed = new Set<number>();
  private hasBackref = false;
  private depth = 0;
  private warnings: string[] = [];
  private readonly grep: boolean;
  constructor(
    private readonly s: Bytes,
    private readonly ere: boolean,
    private readonly icase: boolean,
    private readonly dialect: Dialect,
  ) {
    this.grep = dialect === 'grep';
  }

  parse(): Parsed {
    const root = this.alternation();
    if (this.i < this.s.length) throw new RegexError('Unmatched ) or \\)');
    return { root, groups: this.groups, hasBackref: this.hasBackref, warnings: this.warnings };
  }

  private at(text: string): boolean {
    return this.s.startsWith(text, this.i);
  }
  private atAlt(): boolean {
    return this.at(this.ere ? '|' : '\\|');
  }
  private atClose(): boolean {
    if (!this.at(this.ere ? ')' : '\\)')) return false;
    // dfa.c takes a lone ) in an extended expression as itself.
    return this.depth > 0 || !(this.ere && this.grep);
  }

  private alternation(): Node {
    const list = [this.sequence()];
    while (this.atAlt()) {
      this.i += this.ere ? 1 : 2;
      list.push(this.sequence());
    }
    return list.length === 1 ? list[0]! : { t: 'alt', list };
  }

  private sequence(): Node {
    const list: Node[] = [];
    let start = true;
    while (this.i < this.s.length && !this.atAlt() && !this.atClose()) {
      const before = this.i;
      let atom = this.atom(start);
      if (atom === null) {
        start = true;
        continue;
      }
      const anchor = atom.t === 'assert' && (atom.kind === 'bol') && this.i - before === 1;
      start = false;
      if (anchor && !this.ere) {
        list.push(atom);
        start = true;
        continue;
      }
      let dups = 0;
      for (;;) {
        const rep = this.repeat(anchor);
        if (rep === null) break;
        if (this.dialect === 'sed' && !this.ere && dups++ > 0) throw new RegexError('Invalid preceding regular expression');
        atom = { t: 'rep', body: atom, min: rep[0], max: rep[1] };
      }
      list.push(atom);
    }
    return list.length === 1 ? list[0]! : { t: 'cat', list };
  }

  /** A repetition operator here, as [min, max]; max -1 means no limit. */
  private repeat(afterAnchor: boolean): [number, number] | null {
    const c = this.s[this.i];
    const simple = (min: number, max: number, width: number): [number, number] => {
      if (afterAnchor && this.ere && !this.grep) throw new RegexError('Invalid preceding regular expression');
      if (afterAnchor && this.grep) this.warnings.push(`${c} at start of expression`);
      this.i += width;
      return [min, max];
    };
    if (c === '*') return simple(0, -1, 1);
    if (this.ere) {
      if (c === '+') return simple(1, -1, 1);
      if (c === '?') return simple(0, 1, 1);
      if (c === '{') return this.interval(1);
      return null;
    }
    if (this.at('\\+')) return simple(1, -1, 2);
    if (this.at('\\?')) return simple(0, 1, 2);
    if (this.at('\\{')) return this.interval(2);
    return null;
  }

  private interval(width: number): [number, number] | null {
    const from = this.i + width;
    const m = /^(\d*)(?:(,)(\d*))?/.exec(this.s.slice(from))!;
    const end = this.ere ? '}' : '\\}';
    const after = from + m[0].length;
    const closed = this.s.startsWith(end, after);
    if (!closed || m[0] === '') {
      if (this.ere && (this.grep || this.dialect === 'awk')) return null;
      if (after >= this.s.length || this.s.indexOf(end, after) < 0) throw new RegexError('Unmatched \\{');
      throw new RegexError('Invalid content of \\{\\}');
    }
    const min = m[1] === '' ? 0 : Number(m[1]);
    const max = m[2] === undefined ? min : m[3] === '' ? -1 : Number(m[3]);
    if (max >= 0 && min > max) throw new RegexError('Invalid content of \\{\\}');
    if (min > RE_DUP_MAX || max > RE_DUP_MAX) throw new RegexError('Regular expression too big');
    this.i = after + end.length;
    return [min, max];
  }

  /** One atom; null when an operator at the start was dropped as dfa.c does. */
  private atom(start: boolean): Node | null {
    const c = this.s[this.i]!;
    if (start && this.ere && this.dialect !== 'awk' && (c === '*' || c === '+' || c === '?' || (c === '{' && this.leadingInterval()))) {
      if (!this.grep) throw new RegexError('Invalid preceding regular expression');
      this.warnings.push(`${c === '{' ? '{...}' : c} at start of expression`);
      if (c !== '{') {
        this.i++;
        return null;
      }
    }
    if (c === '[') return this.bracket();
    if (c === '.') {
      this.i++;
      return { t: 'any' };
    }
    if (c === '\\') return this.escape();
    if (this.ere && c === '(') return this.group(1);
    if (c === '^' && (this.ere || start)) {
      this.i++;
      return { t: 'assert', kind: 'bol' };
    }
    if (c === '$' && (this.ere || this.dollarEnds())) {
      this.i++;
      return { t: 'assert', kind: 'eol' };
    }
    this.i++;
    return this.literal(c.charCodeAt(0));
  }

  private leadingInterval(): boolean {
    return !this.grep || /^\{\d*,?\d*\}/.test(this.s.slice(this.i));
  }

  private dollarEnds(): boolean {
    const rest = this.s.slice(this.i + 1);
    return rest === '' || rest.startsWith('\\|') || rest.startsWith('\\)');
  }

  private literal(c: number): Node {
    if (!this.icase || !isAlpha(c)) return { t: 'char', c };
    const set = new Uint8Array(256);
    set[c] = 1;
    set[c ^ 32] = 1;
    return { t: 'set', set };
  }

  private group(width: number): Node {
    this.i += width;
    const n = ++this.groups;
    this.depth++;
    const body = this.alternation();
    const end = this.ere ? ')' : '\\)';
    if (!this.at(end)) throw new RegexError('Unmatched ( or \\(');
    this.depth--;
    this.i += end.length;
    this.closed.add(n);
    return { t: 'group', n, body };
  }

  private escape(): Node {
    const c = this.s[this.i + 1];
    if (c === undefined) throw new RegexError('Trailing backslash');
    if (!this.ere && c === '(') return this.group(2);
    if (!this.ere && c === '{') {
      if (this.grep) {
        this.i += 2;
        return this.literal(0x7b);
      }
      throw new RegexError('Invalid preceding regular expression');
    }
    this.i += 2;
    if (c >= '1' && c <= '9' && this.dialect !== 'awk') {
      if (!this.closed.has(Number(c))) throw new RegexError('Invalid back reference');
      this.hasBackref = true;
      return { t: 'backref', n: Number(c) };
    }
    if (this.dialect === 'awk') return this.awkEscape(c);
    switch (c) {
      case 'w':
      case 'W':
      case 's':
      case 'S': {
        const set = new Uint8Array(256);
        const test = c === 'w' || c === 'W' ? isWordByte : CLASSES['space']!;
        const want = c === 'w' || c === 's';
        for (let b = 0; b < 256; b++) if (test(b) === want) set[b] = 1;
        return { t: 'set', set };
      }
      case 'b':
        return { t: 'assert', kind: 'wordEdge' };
      case 'B':
        return { t: 'assert', kind: 'notWordEdge' };
      case '<':
        return { t: 'assert', kind: 'wordStart' };
      case '>':
        return { t: 'assert', kind: 'wordEnd' };
      case '`':
        return { t: 'assert', kind: 'bufStart' };
      case "'":
        return { t: 'assert', kind: 'bufEnd' };
    }
    return this.literal(c.charCodeAt(0));
  }

  /** mawk reads C escapes in patterns. */
  private awkEscape(c: string): Node {
    const table: Record<string, number> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, b: 8, '"': 34, '/': 47 };
    if (c in table) return this.literal(table[c]!);
    if (c >= '0' && c <= '7') {
      const m = /^[0-7]{1,3}/.exec(this.s.slice(this.i - 1))!;
      this.i += m[0].length - 1;
      return this.literal(Number.parseInt(m[0], 8) & 255);
    }
    return this.literal(c.charCodeAt(0));
  }

  private bracket(): Node {
    const s = this.s;
    const open = this.i;
    const unmatched = (): never => {
      throw new RegexError(this.grep && this.i >= s.length && this.i === open + 1 ? 'Invalid regular expression' : 'Unmatched [, [^, [:, [., or [=');
    };
    let i = open + 1;
    const set = new Uint8Array(256);
    const negate = s[i] === '^';
    if (negate) i++;
    const first = i;
    /** One member as a byte, or -1 after a class was added. */
    const member = (): number => {
      const c = s[i]!;
      if (c === '[' && (s[i + 1] === ':' || s[i + 1] === '.' || s[i + 1] === '=')) {
        const kind = s[i + 1]!;
        const end = s.indexOf(`${kind}]`, i + 2);
        if (end >= 0) {
          const name = s.slice(i + 2, end);
          if (kind === ':') {
            const test = CLASSES[this.icase && (name === 'upper' || name === 'lower') ? 'alpha' : name];
            if (test === undefined) throw new RegexError('Invalid character class name');
            for (let b = 0; b < 256; b++) if (test(b)) set[b] = 1;
            i = end + 2;
            return -1;
          }
          if (name.length !== 1) throw new RegexError('Invalid collation character');
          i = end + 2;
          return name.charCodeAt(0);
        }
        if (kind !== ':' || /^\[:[a-z]*$/.test(s.slice(i))) {
          this.i = s.length;
          unmatched();
        }
      }
      if (c === '\\' && this.dialect === 'awk' && i + 1 < s.length) {
        const save = this.i;
        this.i = i + 2;
        const node = this.awkEscape(s[i + 1]!);
        i = this.i;
        this.i = save;
        return node.t === 'char' ? node.c : 0x5c;
      }
      i++;
      return c.charCodeAt(0);
    };
    for (;;) {
      if (i >= s.length) {
        this.i = i;
        unmatched();
      }
      if (s[i] === ']' && i > first) break;
      const lo = member();
      if (lo < 0) continue;
      if (s[i] === '-' && i + 1 < s.length && s[i + 1] !== ']') {
        i++;
        const hi = member();
        if (hi < lo) throw new RegexError('Invalid range end');
        for (let b = lo; b <= hi; b++) set[b] = 1;
      } else set[lo] = 1;
    }
    const text = s.slice(open, i + 1);
    if ((this.grep || this.dialect === 'sed') && /^\[:[^\]]*:\]$/.test(text)) throw new RegexError('character class syntax is [[:space:]], not [:space:]');
    if (this.icase) {
      for (let b = 65; b <= 90; b++) {
        if (set[b] || set[b + 32]) {
          set[b] = 1;
          set[b + 32] = 1;
        }
      }
    }
    if (negate) for (let b = 0; b < 256; b++) set[b] = set[b] ? 0 : 1;
    this.i = i + 1;
    return { t: 'set', set };
  }
}
