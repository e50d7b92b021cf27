// Recognises bash's grammar token by token, as its LALR parser does: is a text complete, unfinished or wrong, and at which token.
// Linux counterpart: bash's parse.y. It builds no tree (parse.ts does that); it says where a unit ends and what went wrong.
import { Conditional } from './conditional';
import { MAX_DEPTH, Refused } from './token';

const RESERVED = new Set(['if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'for', 'while', 'until', 'case', 'esac', 'function', '{', '}', '!', '[[', 'time', 'select', 'coproc']);
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);

export class Recogniser extends Conditional {
  /** Ends of complete top-level units (offset just after their newline). */
  readonly unitEnds: number[] = [];
  /** First words of simple commands (where an alias may stand), by offset. */
  readonly commandWords: { pos: number; end: number }[] = [];

  protected inner(from: number): Recogniser {
    return new Recogniser(this.src, from, this.extglob, this.depth + 1);
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

  private functionBody(): void {
    this.newlines();
    const t = this.tok;
    if (t.k === 'op' && t.s === '(') this.command();
    else if (t.k === 'word' && !t.quoted && ['{', 'if', 'while', 'until', 'for', 'case', 'select', '[['].includes(t.s)) this.command();
    else this.bad();
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
}
