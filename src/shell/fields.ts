// What expansion makes: fields split by IFS, each as text and as pattern. Linux counterpart: WORD_DESC flags and list_string in bash's subst.c.
import type { Bytes } from '../lib/text';
import { escapePattern } from './glob';
import type { Shell } from './shell';
import { getVar } from './vars';

/** Where expansion puts its result: fields, each as text and as pattern (quoted characters escaped). */
export class Out {
  fields: { s: Bytes; pat: Bytes }[] = [];
  s: Bytes = '';
  pat: Bytes = '';
  /** The current field exists, even if empty (it held quotes). */
  has = false;
  constructor(
    /** Characters that split unquoted results; null: no splitting (assignments, here-documents). */
    readonly ifs: Bytes | null,
  ) {}

  quoted(s: Bytes): void {
    this.s += s;
    this.pat += escapePattern(s);
    this.has = true;
  }
  /** Literal unquoted text of the word. */
  plain(s: Bytes): void {
    this.s += s;
    this.pat += s;
    if (s !== '') this.has = true;
  }
  /** An unquoted expansion's result. */
  result(s: Bytes): void {
    if (this.ifs === null) {
      this.plain(s);
      return;
    }
    const ifs = this.ifs;
    if (ifs === '' || s === '') {
      this.plain(s);
      return;
    }
    let from = 0;
    for (let i = 0; i < s.length; ) {
      if (!ifs.includes(s[i]!)) {
        i++;
        continue;
      }
      if (i > from) this.plain(s.slice(from, i));
      let hard = false;
      while (i < s.length && ifs.includes(s[i]!)) {
        const blank = ' \t\n'.includes(s[i]!);
        if (!blank) {
          if (hard) break;
          hard = true;
        }
        i++;
      }
      if (this.has) this.brk();
      else if (hard) {
        this.has = true;
        this.brk();
      }
      from = i;
    }
    if (from < s.length) this.plain(s.slice(from));
  }
  brk(): void {
    this.fields.push({ s: this.s, pat: this.pat });
    this.s = '';
    this.pat = '';
    this.has = false;
  }
  end(): void {
    if (this.has) this.brk();
  }
}

/** IFS in force. */
export const ifsOf = (sh: Shell): Bytes => getVar(sh, 'IFS') ?? ' \t\n';

/** True when the locale counts characters, not bytes. */
export function isUtf8(sh: Shell): boolean {
  const v = getVar(sh, 'LC_ALL') || getVar(sh, 'LC_CTYPE') || getVar(sh, 'LANG') || '';
  return /utf-?8/i.test(v);
}

/** What a parameter names: one value (null: unset) or a list (`$@`, `${a[*]}`). */
export interface Value {
  one: Bytes | null;
  list: Bytes[] | null;
  /** The list is a `*`: in double quotes it becomes one word. */
  star: boolean;
}

/** A single value. */
export const one = (s: Bytes | null): Value => ({ one: s, list: null, star: false });

/** Adds a value to the fields. */
export function emit(o: Out, v: Value, dq: boolean, sh: Shell): void {
  if (v.list === null) {
    if (dq) o.quoted(v.one ?? '');
    else o.result(v.one ?? '');
    return;
  }
  const ifs = ifsOf(sh);
  if (dq && v.star) {
    o.quoted(v.list.join(ifs.slice(0, 1)));
    return;
  }
  if (o.ifs === null) {
    const joined = v.list.join(v.star ? ifs.slice(0, 1) : ' ');
    if (dq) o.quoted(joined);
    else o.plain(joined);
    return;
  }
  v.list.forEach((s, i) => {
    if (i > 0 && (dq || o.has)) o.brk();
    if (dq) o.quoted(s);
    else o.result(s);
  });
}
