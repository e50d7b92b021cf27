// Recognises bash's grammar token by token, as its LALR parser does: is a text complete, unfinished or wrong, and at which token.
// Linux counterpart: bash's parse.y. It builds no tree (parse.ts does that); it says where a unit ends and what went wrong.
import type { Bytes } from '../lib/text';

export interface Token {
  k: 'word' | 'op' | 'nl' | 'eof';
  s: Bytes;
  pos: number;
  end: number;
  /** Held quotes or expansions, so it is no reserved word. */
  quoted: boolean;
}

/** Why a text is refused. `eof`: it only lacks more text. */
export class Refused extends Error {
  constructor(
    readonly kind: 'token' | 'eof' | 'match' | 'cond',
    readonly token: Bytes,
    readonly pos: number,
    readonly eof: boolean,
    /** Status is 1 inside a compound assignment, as in bash. */
    readonly status = 2,
  ) {
    super(kind);
  }
}

const OPS = ['&>>', '<<<', '<<-', ';;&', '&&', '||', ';;', ';&', '<<', '>>', '<&', '>&', '<>', '>|', '&>', '|&', '|', '&', ';', '<', '>', '(', ')'];
const REDIR = new Set(['<', '>', '>>', '<<', '<<-', '<<<', '<&', '>&', '<>', '>|', '&>', '&>>']);
const RESERVED = new Set(['if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'for', 'while', 'until', 'case', 'esac', 'function', '{', '}', '!', '[[', 'time', 'select', 'coproc']);
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);
const META = ' \t\n;&|<>()';
const MAX_DEPTH = 300;

/** A here-document whose body has not been read yet, or that met the end of the text. */
export interface OpenDoc {
  wanted: Bytes;
  strip: boolean;
  pos: number;
}

export class Recogniser {
  i: number;
  tok: Token = { k: 'nl', s: '\n', pos: 0, end: 0, quoted: false };
  private docs: OpenDoc[] = [];
  /** Here-documents that reached the end of the text. */
  readonly unclosed: OpenDoc[] = [];
  /** Ends of complete top-level units (offset just after their newline). */
  readonly unitEnds: number[] = [];
  private depth = 0;
  private ended = false;
  private arithDead = Number.POSITIVE_INFINITY;
  /** First words of simple commands (where an alias may stand), by offset. */
  readonly commandWords: { pos: number; end: number }[] = [];

  constructor(
    private readonly src: Bytes,
    start = 0,
    private readonly extglob = false,
    depth = 0,
  ) {
    this.i = start;
    this.depth = depth;
  }

  /** Recognises the whole text. Throws Refused. */
  all(): void {
    this.next();
    while (this.tok.k !== 'eof') {
      if (this.tok.k === 'nl') {
        this.unitEnds.push(this.tok.end);
        this.next();
        continue;
      }
      this.simpleList();
      if (this.at('eof')) break;
      if (!this.at('nl')) this.bad();
    }
    this.unitEnds.push(this.src.length);
  }

  /** From just after `$(` or `<(`: the offset after the closing `)`. Throws Refused. */
  commandSub(): number {
    this.next();
    this.newlines();
    if (!this.isOp(')')) this.list(() => this.isOp(')'));
    if (this.tok.k === 'eof') throw new Refused('match', ')', this.src.length, true);
    if (!this.isOp(')')) this.bad();
    return this.tok.end;
  }

  private bad(): never {
    if (this.tok.k === 'eof') throw new Refused('eof', '', this.src.length, true);
    throw new Refused('token', this.tok.k === 'nl' ? 'newline' : this.tok.s, this.tok.pos, false);
  }

  private at(k: Token['k']): boolean {
    return this.tok.k === k;
  }
  private isOp(s: string): boolean {
    return this.tok.k === 'op' && this.tok.s === s;
  }
  private isWord(s: string): boolean {
    return this.tok.k === 'word' && !this.tok.quoted && this.tok.s === s;
  }
  private needWord(s: string): void {
    if (!this.isWord(s)) this.bad();
    this.next();
  }
  private newlines(): void {
    while (this.tok.k === 'nl') this.next();
  }

  // ---- grammar

  private simpleList(): void {
    this.andOr();
    while (this.isOp(';') || this.isOp('&')) {
      this.next();
      if (this.tok.k === 'nl' || this.tok.k === 'eof') return;
      this.andOr();
    }
  }

  private andOr(): void {
    this.pipeline();
    while (this.isOp('&&') || this.isOp('||')) {
      this.next();
      this.newlines();
      this.pipeline();
    }
  }

  private pipeline(): void {
    let prefix = false;
    for (;;) {
      if (this.isWord('!')) {
        prefix = true;
        this.next();
      } else if (this.isWord('time')) {
        prefix = true;
        this.next();
        if (this.isWord('-p')) this.next();
        if (this.isWord('--')) this.next();
      } else break;
    }
    if (prefix && (this.tok.k === 'nl' || this.tok.k === 'eof' || this.isOp(';') || this.isOp('&'))) return;
    this.command();
    while (this.isOp('|') || this.isOp('|&')) {
      this.next();
      this.newlines();
      while (this.isWord('!') || this.isWord('time')) this.next();
      this.command();
    }
  }

  /** A compound list: at least one command, up to a closing reserved word (left as the current token). */
  private list(atEnd: () => boolean): void {
    this.newlines();
    this.andOr();
    for (;;) {
      if (this.isOp(';') || this.isOp('&')) {
        this.next();
        this.newlines();
      } else if (this.tok.k === 'nl') this.newlines();
      else return;
      if (this.tok.k === 'eof' || atEnd() || (this.tok.k === 'word' && !this.tok.quoted && CLOSERS.has(this.tok.s))) return;
      if (this.tok.k === 'op' && (this.tok.s === ';;' || this.tok.s === ';&' || this.tok.s === ';;&' || this.tok.s === ')')) return;
      this.andOr();
    }
  }

  private command(): void {
    if (++this.depth > MAX_DEPTH) throw new Refused('token', this.tok.s, this.tok.pos, false);
    const t = this.tok;
    if (t.k === 'op' && t.s === '(') {
      if (!this.arithCommand()) {
        this.next();
        this.list(() => this.isOp(')'));
        if (!this.isOp(')')) this.bad();
        this.next();
      }
      this.redirections();
    } else if (t.k === 'word' && !t.quoted && RESERVED.has(t.s)) this.compound(t.s);
    else this.simple();
    this.depth--;
  }

  /** `((...))` when it closes with `))`; else false and nothing moved. */
  private arithCommand(): boolean {
    const at = this.tok.pos;
    if (this.src[at + 1] !== '(') return false;
    const end = this.arithEnd(at + 2);
    if (end < 0) return false;
    this.i = end;
    this.next();
    return true;
  }

  /** Offset after the `))` that closes arithmetic starting at `from`, or -1. */
  arithEnd(from: number): number {
    if (from >= this.arithDead) return -1;
    let depth = 0;
    for (let i = from; i < this.src.length; i++) {
      const c = this.src[i]!;
      if (c === '\\') i++;
      else if (c === "'" || c === '"' || c === '`') i = this.quote(i) - 1;
      else if (c === '$' && (this.src[i + 1] === '(' || this.src[i + 1] === '{')) i = this.dollar(i) - 1;
      else if (c === '(') depth++;
      else if (c === ')') {
        if (depth === 0) return this.src[i + 1] === ')' ? i + 2 : -1;
        depth--;
      }
    }
    // No text closes it; so none closes what starts further in.
    this.arithDead = from;
    return -1;
  }

  private compound(word: string): void {
    switch (word) {
      case 'if':
        this.next();
        for (;;) {
          this.list(() => false);
          this.needWord('then');
          this.list(() => false);
          if (!this.isWord('elif')) break;
          this.next();
        }
        if (this.isWord('else')) {
          this.next();
          this.list(() => false);
        }
        this.needWord('fi');
        break;
      case 'while':
      case 'until':
        this.next();
        this.list(() => false);
        this.doGroup();
        break;
      case 'for':
      case 'select':
        this.next();
        if (word === 'for' && this.isOp('(') && this.arithCommand()) {
          if (this.isOp(';')) this.next();
          this.newlines();
        } else {
          if (this.tok.k !== 'word') this.bad();
          this.next();
          const separated = this.at('nl') || this.isOp(';');
          if (this.isOp(';')) this.next();
          this.newlines();
          if (this.isWord('in') && !(separated && this.src[this.tok.pos - 1] === ';')) {
            this.next();
            while (this.tok.k === 'word') this.next();
            if (!this.isOp(';') && this.tok.k !== 'nl') this.bad();
            if (this.isOp(';')) this.next();
            this.newlines();
          }
        }
        if (this.isWord('{')) {
          this.next();
          this.list(() => false);
          this.needWord('}');
        } else this.doGroup();
        break;
      case 'case':
        this.caseCommand();
        break;
      case '{':
        this.next();
        this.list(() => false);
        this.needWord('}');
        break;
      case '[[':
        this.conditional();
        break;
      case 'function':
        this.next();
        if (this.tok.k !== 'word') this.bad();
        this.next();
        if (this.isOp('(')) {
          this.next();
          if (!this.isOp(')')) this.bad();
          this.next();
        }
        this.functionBody();
        return;
      case 'coproc':
        this.next();
        if (this.tok.k === 'word' && !RESERVED.has(this.tok.s) && /^\s*(\{|\()/.test(this.src.slice(this.tok.end, this.tok.end + 40))) this.next();
        this.command();
        return;
      default:
        this.bad();
    }
    this.redirections();
  }

  private doGroup(): void {
    this.needWord('do');
    this.list(() => false);
    this.needWord('done');
  }

  private caseCommand(): void {
    this.next();
    if (this.tok.k !== 'word') this.bad();
    this.next();
    this.newlines();
    if (!this.isWord('in')) this.bad();
    this.next();
    this.newlines();
    while (!this.isWord('esac')) {
      if (this.isOp('(')) this.next();
      for (;;) {
        if (this.tok.k !== 'word') this.bad();
        this.next();
        if (!this.isOp('|')) break;
        this.next();
      }
      if (!this.isOp(')')) this.bad();
      this.next();
      this.newlines();
      const ends = (): boolean => this.isOp(';;') || this.isOp(';&') || this.isOp(';;&');
      if (!ends() && !this.isWord('esac')) this.list(ends);
      if (ends()) {
        this.next();
        this.newlines();
      } else if (!this.isWord('esac')) this.bad();
    }
    this.next();
  }

  /** `[[ ... ]]`: words and operators up to `]]`. */
  private conditional(): void {
    const start = this.tok.pos;
    const m = /^\[\[\s+(\S+)\s+(==|=|!=|=~|-\w\w)\s+\]\]/.exec(this.src.slice(start, start + 400));
    if (m !== null) throw new Refused('cond', `unexpected argument \`]]' to conditional binary operator`, start, false, 0);
    for (;;) {
      this.skipBlanks();
      this.condWord();
      if (this.at('eof')) {
        const eofInside = /\]\s*$/.test(this.src);
        throw eofInside ? new Refused('cond', 'syntax error in conditional expression', start, false, 0) : new Refused('eof', '', this.src.length, true);
      }
      if (this.isWord(']]')) break;
    }
    this.next();
  }

  /** One token inside `[[ ]]`, where a regular expression may hold parentheses and bars. */
  private condWord(): void {
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

  private functionBody(): void {
    this.newlines();
    const t = this.tok;
    if (t.k === 'op' && t.s === '(') this.command();
    else if (t.k === 'word' && !t.quoted && ['{', 'if', 'while', 'until', 'for', 'case', 'select', '[['].includes(t.s)) this.command();
    else this.bad();
  }

  private redirections(): void {
    while (this.redirection());
  }

  /** One redirection, if the current token starts one. */
  private redirection(): boolean {
    let t = this.tok;
    if (t.k === 'word' && (this.src[t.end] === '<' || this.src[t.end] === '>') && /^(\d+|\{[A-Za-z_]\w*\})$/.test(t.s)) {
      this.next();
      t = this.tok;
    }
    if (t.k !== 'op' || !REDIR.has(t.s)) return false;
    this.next();
    const to = this.tok;
    if (to.k !== 'word') this.bad();
    if (t.s === '<<' || t.s === '<<-') this.docs.push({ wanted: unquote(to.s), strip: t.s === '<<-', pos: t.pos });
    this.next();
    return true;
  }

  private simple(): void {
    let words = 0;
    let any = false;
    for (;;) {
      if (this.redirection()) {
        any = true;
        continue;
      }
      if (this.tok.k !== 'word') break;
      words++;
      any = true;
      if (words === 1 && /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(this.tok.s)) words = 0;
      else if (words === 1 && !this.tok.quoted) this.commandWords.push({ pos: this.tok.pos, end: this.tok.end });
      this.next();
      if (this.isOp('(') && words === 1) {
        this.next();
        if (!this.isOp(')')) this.bad();
        this.next();
        this.functionBody();
        return;
      }
    }
    if (!any) this.bad();
    if (this.isOp('(')) this.bad();
  }

  // ---- tokens

  private skipBlanks(): void {
    for (;;) {
      const c = this.src[this.i];
      if (c === ' ' || c === '\t') this.i++;
      else if (c === '\\' && this.src[this.i + 1] === '\n') this.i += 2;
      else return;
    }
  }

  private next(): void {
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
    if ((c === '<' || c === '>') && this.src[pos + 1] === '(') return this.word(pos);
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
    const commandWord = true;
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
      } else if (c === '[' && commandWord && i > pos && /^[A-Za-z_]\w*$/.test(src.slice(pos, i))) {
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
    const inner = new Recogniser(this.src, from, this.extglob, this.depth + 1);
    for (;;) {
      inner.next();
      const t = inner.tok;
      if (t.k === 'word' || t.k === 'nl') continue;
      if (t.k === 'op' && t.s === ')') return t.end;
      if (t.k === 'eof') throw new Refused('match', ')', from - 1, true);
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
    return new Recogniser(this.src, from, this.extglob, this.depth + 1).commandSub();
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

/** A here-document's delimiter with its quotes removed. */
export function unquote(s: Bytes): Bytes {
  return s.replace(/\\(.)|'([^']*)'|"((?:\\.|[^"])*)"/gs, (_, esc?: string, single?: string, double?: string) => esc ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'));
}
