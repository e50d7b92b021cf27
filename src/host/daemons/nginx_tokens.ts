// The lexer of nginx.conf: words, quotes, comments, and the line for messages. Counterpart: ngx_conf_read_token.
import type { Bytes } from '../../lib/text';
import { ConfigError } from './http_config';

/** A directive's words, and whether a block follows. */
export interface Directive {
  words: Bytes[];
  block: boolean;
}

/** The lexer of one file. */
export class Tokens {
  private pos = 0;
  private line = 1;
  constructor(
    private readonly path: Bytes,
    private readonly text: Bytes,
  ) {}

  error(text: Bytes): ConfigError {
    return new ConfigError(`${text} in ${this.path}:${this.line}`);
  }

  /** The next directive up to `;` or `{`; null at the end of the block (`}`) or, at top level, of the file. */
  directive(top: boolean): Directive | null {
    const words: Bytes[] = [];
    for (;;) {
      const ch = this.text[this.pos];
      if (ch === undefined) {
        if (words.length > 0) throw this.error('unexpected end of file, expecting ";" or "}"');
        if (!top) throw this.error('unexpected end of file, expecting "}"');
        return null;
      }
      this.pos++;
      if (ch === '\n') this.line++;
      else if (ch === ' ' || ch === '\t' || ch === '\r') continue;
      else if (ch === '#') {
        const nl = this.text.indexOf('\n', this.pos);
        this.pos = nl < 0 ? this.text.length : nl;
      } else if (ch === ';' || ch === '{') {
        if (words.length === 0) throw this.error(`unexpected "${ch}"`);
        return { words, block: ch === '{' };
      } else if (ch === '}') {
        if (words.length > 0 || top) throw this.error('unexpected "}"');
        return null;
      } else words.push(this.word(ch));
    }
  }

  private word(ch: Bytes): Bytes {
    const quote = ch === '"' || ch === "'" ? ch : '';
    let out = quote === '' ? ch : '';
    if (ch === '\\') out = escaped(this.text[this.pos++] ?? '');
    for (;;) {
      const c = this.text[this.pos];
      if (c === undefined) throw this.error('unexpected end of file, expecting ";" or "}"');
      if (c === '\n') {
        if (quote === '') return out;
        this.line++;
      }
      if (quote === '' && (c === ' ' || c === '\t' || c === '\r' || c === ';' || (c === '{' && !out.endsWith('$')))) return out;
      this.pos++;
      if (c === quote) return out;
      if (c === '\\' && this.pos < this.text.length) {
        out += escaped(this.text[this.pos++]!);
        continue;
      }
      out += c;
    }
  }
}

/** What a backslash and a letter mean; before most letters the backslash stays. */
const escaped = (c: Bytes): Bytes => (c === '"' || c === "'" || c === '\\' ? c : ({ n: '\n', r: '\r', t: '\t' })[c] ?? `\\${c}`);
