// The recogniser's view of the current token: tests, newlines, redirections. Linux counterpart: the small rules of bash's parse.y.
import { Lexer } from './lexer';
import { Refused, type Token, unquote } from './token';

const REDIR = new Set(['<', '>', '>>', '<<', '<<-', '<<<', '<&', '>&', '<>', '>|', '&>', '&>>']);

/** A lexer with the questions a grammar asks. */
export abstract class Cursor extends Lexer {
  protected bad(): never {
    if (this.tok.k === 'eof') throw new Refused('eof', '', this.src.length, true);
    throw new Refused('token', this.tok.k === 'nl' ? 'newline' : this.tok.s, this.tok.pos, false);
  }

  protected at(k: Token['k']): boolean {
    return this.tok.k === k;
  }
  protected isOp(s: string): boolean {
    return this.tok.k === 'op' && this.tok.s === s;
  }
  protected isWord(s: string): boolean {
    return this.tok.k === 'word' && !this.tok.quoted && this.tok.s === s;
  }
  protected needWord(s: string): void {
    if (!this.isWord(s)) this.bad();
    this.next();
  }
  protected newlines(): void {
    while (this.tok.k === 'nl') this.next();
  }

  protected redirections(): void {
    while (this.redirection());
  }

  /** One redirection, if the current token starts one. */
  protected redirection(): boolean {
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
}
