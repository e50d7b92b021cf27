// diff -y. Counterpart: diffutils 3.8 side.c.
import type { Bytes } from '../lib/text';
import type { Options } from './command';
import type { Hunk } from './diff_lines';

/** Both files side by side with |, < and > between. */
export function sideBySide(opts: Options, a: readonly Bytes[], b: readonly Bytes[], hunks: readonly Hunk[]): Bytes {
  const width = opts.value('-W') === null ? 130 : Number(opts.value('-W'));
  const tab = 8;
  // As side.c: both halves get the same width, the gutter is 3 wide, the right half starts at a tab stop.
  const t = opts.has('-t') ? 1 : tab;
  const off = Math.floor((width + t + 3) / (2 * t)) * t;
  const half = Math.max(0, Math.min(off - 3, width - off));
  const column2 = half === 0 ? width : off;
  const toColumn = (from: number, to: number): Bytes => {
    let o = '';
    let at = from;
    if (!opts.has('-t')) {
      while (at - (at % tab) + tab <= to) {
        o += '\t';
        at += tab - (at % tab);
      }
    }
    while (at < to) {
      o += ' ';
      at++;
    }
    return o;
  };
  const cut = (text: Bytes): { text: Bytes; width: number } => {
    let o = '';
    let w = 0;
    for (const c of text) {
      if (c === '\t') {
        const next = w + tab - (w % tab);
        if (next > half) break;
        o += opts.has('-t') ? ' '.repeat(next - w) : '\t';
        w = next;
      } else {
        if (w >= half) break;
        o += c;
        w++;
      }
    }
    return { text: o, width: w };
  };
  const row = (left: Bytes | null, mark: string, right: Bytes | null): Bytes => {
    let o = '';
    let at = 0;
    if (left !== null) {
      const l = cut(left);
      o += l.text;
      at = l.width;
    }
    if (mark !== ' ') {
      const gutter = Math.floor((half + column2 - 1) / 2);
      o += toColumn(at, gutter) + (mark === '|' && left !== null && right !== null ? '|' : mark);
      at = gutter + 1;
    }
    if (right !== null && right !== '') {
      o += toColumn(at, column2);
      o += cut(right).text;
    }
    return `${o}\n`;
  };
  let o = '';
  let i = 0;
  let j = 0;
  const common = (to: number): void => {
    for (; i < to; i++, j++) if (!opts.has('--suppress-common-lines')) o += opts.has('--left-column') ? row(a[i]!, '(', null) : row(a[i]!, ' ', b[j]!);
  };
  for (const h of hunks) {
    common(h.a0);
    while (i < h.a1 && j < h.b1) o += row(a[i++]!, '|', b[j++]!);
    while (i < h.a1) o += row(a[i++]!, '<', null);
    while (j < h.b1) o += row(null, '>', b[j++]!);
  }
  common(a.length);
  return o;
}
