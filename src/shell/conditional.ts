// The grammar between [[ and ]], and what is said when a text does not follow it. Linux counterpart: cond_expr, cond_term in bash's parse.y.
import { Cursor } from './cursor';
import { Refused } from './token';

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = /^(==?|!=|=~|-(nt|ot|ef|eq|ne|lt|le|gt|ge))$/;

/** A cursor that also reads conditions. */
export abstract class Conditional extends Cursor {
  /** `[[ ... ]]`; the current token is the `[[`. */
  protected conditional(): void {
    const start = this.tok.pos;
    this.read();
    this.skip();
    this.or(start);
    if (!this.isWord(']]')) {
      if (this.at('eof')) this.unfinished(start);
      const what = this.named();
      this.refuse(start, `syntax error in conditional expression${what === '' ? '' : `: unexpected token \`${what}'`}`);
    }
    this.next();
  }

  /** Reads one token of a condition. */
  private read(): void {
    this.skipBlanks();
    this.condWord();
  }

  private skip(): void {
    while (this.tok.k === 'nl') this.read();
  }

  private or(start: number): void {
    for (;;) {
      this.term(start);
      if (!this.isOp('&&') && !this.isOp('||')) return;
      this.read();
      this.skip();
    }
  }

  private term(start: number): void {
    if (this.isOp('(')) {
      this.read();
      this.skip();
      this.or(start);
      if (!this.isOp(')')) {
        if (this.at('eof')) this.unfinished(start);
        const what = this.named();
        this.refuse(start, what === '' ? "expected `)'" : `unexpected token \`${what}', expected \`)'`);
      }
      this.read();
      this.skip();
      return;
    }
    if (this.isWord('!')) {
      this.read();
      this.term(start);
      return;
    }
    if (this.at('eof')) this.unfinished(start);
    if (this.tok.k !== 'word' || this.isWord(']]')) this.refuse(start, `unexpected token \`${this.named()}' in conditional command`);
    const unary = UNARY.test(this.tok.s);
    this.read();
    if (unary) {
      if (this.at('eof')) this.unfinished(start);
      if (this.tok.k !== 'word' || this.isWord(']]')) this.refuse(start, `unexpected argument \`${this.named()}' to conditional unary operator`);
      this.read();
      this.skip();
      return;
    }
    // A lone word is a test for text.
    if (this.isWord(']]') || this.isOp('&&') || this.isOp('||') || this.isOp(')')) return;
    if (this.at('eof')) this.unfinished(start);
    const compares = this.isOp('<') || this.isOp('>');
    if (!compares && !(this.tok.k === 'word' && BINARY.test(this.tok.s))) {
      const what = this.named();
      this.refuse(start, `${what === '' ? '' : `unexpected token \`${what}', `}conditional binary operator expected`);
    }
    const extglob = this.extglob;
    // The right side of == and != is a pattern, extended ones included.
    if (/^(==?|!=)$/.test(this.tok.s)) this.extglob = true;
    this.read();
    this.extglob = extglob;
    if (this.at('eof')) this.unfinished(start);
    if (this.tok.k !== 'word' || this.isWord(']]')) this.refuse(start, `unexpected argument \`${this.named()}' to conditional binary operator`);
    this.read();
    this.skip();
  }

  /** The current token as messages name it; '' for a plain word. */
  private named(): string {
    if (this.isWord(']]')) return ']]';
    return this.tok.k === 'word' ? '' : this.tok.k === 'nl' ? 'newline' : this.tok.s;
  }

  private refuse(at: number, says: string): never {
    throw new Refused('cond', says, at, false, 0);
  }

  private unfinished(start: number): never {
    if (/\]\s*$/.test(this.src)) this.refuse(start, 'syntax error in conditional expression');
    throw new Refused('eof', '', this.src.length, true);
  }
}
