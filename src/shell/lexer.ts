// Cuts shell text into tokens: words with their quotes and expansions, operators, here-documents. Linux counterpart: read_token in bash's parse.y.
import { MAX_DEPTH, META, type OpenDoc, OPS, Refused, type Token } from './token';
import type { Bytes } from '../lib/text';

/** The tokens of a text. Extended by the grammar, which alone knows where a command substitution ends. */
export abstract class Lexer {
  i: number;
  tok: Token = { k: 'nl', s: '\n', pos: 0, end: 0, quoted: false };
  protected docs: OpenDoc[] = [];
  /** Here-documents that reached the end of the text. */
  readonly unclosed: OpenDoc[] = [];
  protected depth = 0;
  private ended = false;
  private arithDead = Number.POSITIVE_INFINITY;

  constructor(
    protected readonly src: Bytes,
    start = 0,
    protected extglob = false,
    depth = 0,
  ) {
    this.i = start;
    this.depth = depth;
  }

  /** A recogniser of the same text from `from` on. */
  protected abstract inner(from: number): Lexer;
  /** From just after `$(`: the offset after its `)`. Throws Refused. */
  abstract commandSub(): number;

  /** One token inside `[[ ]]`, where a regular expression may hold parentheses and bars. */
  protected condWord(): void {
    const c = this.src[this.i];
    const before = this.tok;
    if (before.k === 'word' && before.s === '=~' && c !== undefined) {
      const pos = this.i;
      let depth = 0;
      while (this.i < this.src.length) {
        const d = this.src[this.i]!;
        if (d === '\\') this.i += 2;
        else if (d === "'" || d === '"' || d === '`') this.i = this.quote(this.i);
        else if (d === '$' && /[({]/.test(this.src[this.i + 1] ?? '')) this.i = this.dollar(this.i);
        else if (d === '[' && this.src.indexOf(']', this.i + 2) > 0 && !/\s/.test(this.src.slice(this.i, this.src.indexOf(']', this.i + 2)).replace(/\[:\w+:/g, ''))) {
          this.i++;
        } else if (d === '(') {
          depth++;
          this.i++;
        } else if (d === ')' && depth > 0) {
          depth--;
          this.i++;
        } else if (/\s/.test(d) && depth === 0) break;
        else this.i++;
      }
      this.tok = { k: 'word', s: this.src.slice(pos, this.i), pos, end: this.i, quoted: true };
      return;
    }
    this.next();
  }

  /** Offset after the `))` that closes arithmetic starting at `from`; -1 when it is none, -2 when nothing closes it. */
  arithEnd(from: number): number {
    if (from >= this.arithDead) return -2;
    for (let i = from, depth = 0; i < this.src.length; i++) {
      const c = this.src[i]!;
      if (c === '\\') i++;
      else if (c === "'" || c === '"' || c === '`') i = this.quote(i) - 1;
      else if (c === '$' && (this.src[i + 1] === '(' || this.src[i + 1] === '{')) i = this.dollar(i) - 1;
      else if (c === '(') depth++;
      else if (c === ')') {
        if (depth === 0) return this.src[i + 1] === ')' ? i + 2 : this.src.indexOf(')', i + 1) < 0 ? -2 : -1;
        depth--;
      }
    }
    // No text closes it; so none closes what starts further in.
    this.arithDead = from;
    return -2;
  }

  protected skipBlanks(): void {
    for (let c = this.src[this.i]; ; c = this.src[this.i]) {
      if (c === ' ' || c === '\t') this.i++;
      else if (c === '\\' && this.src[this.i + 1] === '\n') this.i += 2;
      else return;
    }
  }

  protected next(): void {
    this.skipBlanks();
    let pos = this.i;
    const c = this.src[pos];
    if (c === '#') {
      while (this.i < this.src.length && this.src[this.i] !== '\n') this.i++;
      pos = this.i;
    }
    if (pos >= this.src.length) {
      if (!this.ended && !this.src.endsWith('\n')) {
        // A text that lacks its last newline is read as if it had it.
        this.ended = true;
        this.unclosed.push(...this.docs);
        this.docs = [];
        this.tok = { k: 'nl', s: '\n', pos, end: pos, quoted: false };
        return;
      }
      this.unclosed.push(...this.docs);
      this.docs = [];
      this.tok = { k: 'eof', s: '', pos, end: pos, quoted: false };
      return;
    }
    if (this.src[pos] === '\n') {
      this.i = pos + 1;
      if (this.docs.length > 0) this.readDocs();
      this.tok = { k: 'nl', s: '\n', pos, end: this.i, quoted: false };
      return;
    }
    if ((c === '<' || c === '>') && this.src[pos + 1] === '(') {
      this.word(pos);
      return;
    }
    for (const op of OPS) {
      if (this.src.startsWith(op, pos)) {
        this.i = pos + op.length;
        this.tok = { k: 'op', s: op, pos, end: this.i, quoted: false };
        return;
      }
    }
    this.word(pos);
  }

  private word(pos: number): void {
    let i = pos;
    let quoted = false;
    const src = this.src;
    while (i < src.length) {
      const c = src[i]!;
      if (c === '\\') {
        quoted = true;
        i += 2;
      } else if (c === "'" || c === '"' || c === '`') {
        quoted = true;
        i = this.quote(i);
      } else if (c === '$' && i + 1 < src.length) {
        const n = src[i + 1]!;
        if (n === '(' || n === '{' || n === "'" || n === '"' || n === '[') {
          quoted = true;
          i = this.dollar(i);
        } else i++;
      } else if ((c === '<' || c === '>') && src[i + 1] === '(') {
        quoted = true;
        i = this.nested(i + 2);
      } else if (c === '(' && i > pos && this.extglob && '?*+@!'.includes(src[i - 1]!)) {
        quoted = true;
        i = this.paren(i + 1);
      } else if (c === '(' && i > pos && src[i - 1] === '=' && /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=$/.test(src.slice(pos, i))) {
        quoted = true;
        i = this.arrayEnd(i + 1);
      } else if (c === '[' && i > pos && /^[A-Za-z_]\w*$/.test(src.slice(pos, i))) {
        const end = this.subscriptEnd(i + 1);
        if (end > 0 && (src[end] === '=' || (src[end] === '+' && src[end + 1] === '='))) {
          i = end;
          quoted = true;
        } else i++;
      } else if (META.includes(c)) break;
      else i++;
    }
    this.i = Math.min(i, src.length);
    this.tok = { k: 'word', s: src.slice(pos, this.i), pos, end: this.i, quoted };
  }

  /** Offset after the `]` matching a `[` before `from`, on this line; -1 when there is none. */
  private subscriptEnd(from: number): number {
    let depth = 1;
    for (let i = from; i < this.src.length && this.src[i] !== '\n'; i++) {
      const c = this.src[i]!;
      if (c === '\\') i++;
      else if (c === "'" || c === '"' || c === '`') i = this.quote(i) - 1;
      else if (c === '$' && /[({]/.test(this.src[i + 1] ?? '')) i = this.dollar(i) - 1;
      else if (c === '[') depth++;
      else if (c === ']' && --depth === 0) return i + 1;
    }
    return -1;
  }

  /** From after `a=(`: words and newlines up to `)`. */
  private arrayEnd(from: number): number {
    const inner = this.inner(from);
    for (;;) {
      inner.next();
      const t: Token = inner.tok;
      if (t.k === 'word' || t.k === 'nl') continue;
      if (t.k === 'op' && t.s === ')') return t.end;
      if (t.k === 'eof') throw new Refused('match', ')', from - 1, true, 1);
      throw new Refused('token', t.s, t.pos, false, 1);
    }
  }

  /** Balanced parentheses of an extended pattern. */
  private paren(from: number): number {
    let depth = 1;
    for (let i = from; i < this.src.length; i++) {
      const c = this.src[i]!;
      if (c === '\\') i++;
      else if (c === "'" || c === '"' || c === '`') i = this.quote(i) - 1;
      else if (c === '$' && /[({]/.test(this.src[i + 1] ?? '')) i = this.dollar(i) - 1;
      else if (c === '(') depth++;
      else if (c === ')' && --depth === 0) return i + 1;
    }
    throw new Refused('match', ')', from - 1, true);
  }

  /** Offset after a command or process substitution whose inside starts at `from`. */
  nested(from: number): number {
    if (this.depth > MAX_DEPTH) throw new Refused('token', '(', from - 1, false);
    return this.inner(from).commandSub();
  }

  /** Offset after a quoted string that starts at `i` with ', " or `. */
  quote(i: number): number {
    const src = this.src;
    const q = src[i]!;
    if (q === "'") {
      const end = src.indexOf("'", i + 1);
      if (end < 0) throw new Refused('match', "'", i, true);
      return end + 1;
    }
    for (let j = i + 1; j < src.length; j++) {
      const c = src[j]!;
      if (c === '\\') j++;
      else if (c === q) return j + 1;
      else if (q === '"') {
        if (c === '`') j = this.quote(j) - 1;
        else if (c === '$' && (src[j + 1] === '(' || src[j + 1] === '{')) j = this.dollar(j, true) - 1;
      }
    }
    throw new Refused('match', q, i, true);
  }

  /** Offset after the expansion or $-quote that starts at `i`. */
  dollar(i: number, inDouble = false): number {
    const src = this.src;
    const n = src[i + 1];
    if (n === '(') {
      if (src[i + 2] === '(') {
        const end = this.arithEnd(i + 3);
        if (end > 0) return end;
        // Arithmetic that never closes is told by where it starts.
        if (end === -2) throw new Refused('match', ')', i, true);
      }
      return this.nested(i + 2);
    }
    if (n === '{') return this.brace(i + 2, inDouble, i);
    if (n === '[') {
      let depth = 1;
      for (let j = i + 2; j < src.length; j++) {
        if (src[j] === '[') depth++;
        else if (src[j] === ']' && --depth === 0) return j + 1;
      }
      throw new Refused('match', ']', i, true);
    }
    if (n === "'") {
      for (let j = i + 2; j < src.length; j++) {
        if (src[j] === '\\') j++;
        else if (src[j] === "'") return j + 1;
      }
      throw new Refused('match', "'", i, true);
    }
    return n === '"' ? this.quote(i + 1) : i + 1;
  }

  private brace(from: number, inDouble: boolean, at: number): number {
    const src = this.src;
    for (let j = from; j < src.length; j++) {
      const c = src[j]!;
      if (c === '\\') j++;
      else if (c === '}') return j + 1;
      else if (c === "'" && !inDouble) j = this.quote(j) - 1;
      else if (c === '"' || c === '`') j = this.quote(j) - 1;
      else if (c === '$' && (src[j + 1] === '(' || src[j + 1] === '{' || (src[j + 1] === "'" && !inDouble))) j = this.dollar(j, inDouble) - 1;
    }
    throw new Refused('match', '}', at, true);
  }

  private readDocs(): void {
    const docs = this.docs;
    this.docs = [];
    for (const d of docs) {
      for (;;) {
        if (this.i >= this.src.length) {
          this.unclosed.push(d);
          break;
        }
        let nl = this.src.indexOf('\n', this.i);
        if (nl < 0) nl = this.src.length;
        let line = this.src.slice(this.i, nl);
        if (d.strip) line = line.replace(/^\t+/, '');
        this.i = Math.min(nl + 1, this.src.length);
        if (line === d.wanted) break;
      }
    }
  }
}
