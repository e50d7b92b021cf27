// The current record and its fields, split when first needed, joined when a field has changed. Counterpart: mawk field.c.
import type { Bytes } from '../../lib/text';
import type { PosixRegex } from '../posix_regex';
import type { Evaluator } from './eval';
import { fromInput, type Scalar, toText, UNSET } from './value';

export class Record {
  private whole: Bytes = '';
  private fields: Scalar[] = [];
  private isSplit = true;
  private stale = false;
  /** FS when the record came: a later FS is for the next one. */
  private fs: Bytes = ' ';
  constructor(private readonly run: Evaluator) {}

  /** A new $0. */
  set(text: Bytes): void {
    this.whole = text;
    this.fs = this.run.text('FS');
    this.isSplit = false;
    this.stale = false;
  }

  text(): Bytes {
    if (this.stale) {
      this.whole = this.fields.map((f) => toText(f, this.run.text('CONVFMT'))).join(this.run.text('OFS'));
      this.stale = false;
    }
    return this.whole;
  }

  split(): void {
    if (this.isSplit) return;
    this.isSplit = true;
    this.fields = this.pieces(this.whole, this.fs).map(fromInput);
  }

  nf(): number {
    this.split();
    return this.fields.length;
  }

  field(n: number): Scalar {
    if (n === 0) return fromInput(this.text());
    this.split();
    return this.fields[n - 1] ?? UNSET;
  }

  setField(n: number, value: Scalar): void {
    if (n === 0) {
      this.set(toText(value, this.run.text('CONVFMT')));
      return;
    }
    this.split();
    while (this.fields.length < n) this.fields.push('');
    this.fields[n - 1] = value;
    this.stale = true;
  }

  setNF(n: number): void {
    this.split();
    if (n < 0) this.run.fail(`negative value assigned to NF`);
    this.fields.length = Math.min(this.fields.length, n);
    while (this.fields.length < n) this.fields.push('');
    this.stale = true;
  }

  /** Splits by a field separator: blank runs, one character, nothing, or a regular expression. */
  pieces(text: Bytes, fs: Bytes): Bytes[] {
    if (text === '') return [];
    if (fs === ' ') return text.match(/[^ \t\n\r\f\v]+/g) ?? [];
    if (fs === '') return [...text];
    const paragraph = this.run.text('RS') === '';
    if (fs.length === 1 && fs !== '\\' && !/[.^$*+?()[{|]/.test(fs)) return paragraph ? text.split(new RegExp(`[${fs === ']' || fs === '\\' || fs === '-' ? `\\${fs}` : fs}\\n]`)) : text.split(fs);
    if (fs.length === 1 && fs !== '\\') return fs === '.' || /[*+?()[{|^$]/.test(fs) ? text.split(fs) : this.piecesBy(text, this.run.regex(fs));
    return this.piecesBy(text, this.run.regex(paragraph ? `(${fs})|\n` : fs));
  }

  piecesBy(text: Bytes, re: PosixRegex): Bytes[] {
    if (text === '') return [];
    const out: Bytes[] = [];
    let from = 0;
    let at = 0;
    while (at <= text.length) {
      const m = re.exec(text, at);
      if (m === null) break;
      if (m.end === m.index) {
        at = m.index + 1;
        continue;
      }
      out.push(text.slice(from, m.index));
      from = at = m.end;
    }
    out.push(text.slice(from));
    return out;
  }
}
