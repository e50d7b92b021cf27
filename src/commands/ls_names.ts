// Names in listings: quoting, indicators, columns. Counterpart: coreutils ls.c, gnulib quotearg.c.
import type { Stat } from '../host/vfs';
import type { Bytes } from '../lib/text';
import type { Options } from './command';
import { quote, quoteIfNeeded } from './io';

/** A name as the quoting style asks; on a terminal only where it needs quotes. */
export function quotedName(opts: Options, onTty: boolean, name: Bytes): Bytes {
  const style = opts.last('-b', '-Q', '-N', '--quoting-style', '-q', '--show-control-chars');
  const word = opts.value('--quoting-style');
  const cEscapes = (s: Bytes, extra: RegExp): Bytes => {
    const named: Record<string, string> = { '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r' };
    let o = '';
    for (const c of s) o += named[c] ?? (extra.test(c) ? `\\${c}` : c.charCodeAt(0) < 32 || c.charCodeAt(0) > 126 ? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}` : c);
    return o;
  };
  if (style === '-Q' || word === 'c') return `"${cEscapes(name, /["\\]/)}"`;
  if (style === '-b' || word === 'escape') return cEscapes(name, /[\\ ]/);
  if (word === 'shell-escape' || word === 'shell') return quoteIfNeeded(name);
  if (word === 'shell-always' || word === 'shell-escape-always') return quote(name);
  if (style === '-q') return name.replace(/[^\x20-\x7e]/g, '?');
  if (style === null && onTty) return /[\x80-\xff]/.test(name) && !/[\s'"$`\\*?[;&|<>()!#~=^]/.test(name) ? name : quoteIfNeeded(name).replace(/^'([^']*:[^']*)'$/, (m, n: string) => (/[\s"$`\\*?[;&|<>()!=^]/.test(n) ? m : n));
  return name;
}

/** What -F, -p and --indicator-style put behind a name. */
export function indicator(opts: Options, onTty: boolean, e: { type: Stat['type']; mode: number }): string {
  const style = opts.last('-F', '--classify', '--file-type', '-p', '--indicator-style');
  const word = opts.value('--indicator-style');
  if (style === null || (style === '--indicator-style' && word === 'none') || (style === '--classify' && (opts.value('--classify') === 'never' || (opts.value('--classify') === 'auto' && !onTty)))) return '';
  if (e.type === 'dir') return '/';
  if (style === '-p' || word === 'slash') return '';
  if (e.type === 'symlink') return '@';
  if (e.type === 'fifo') return '|';
  if (e.type === 'socket') return '=';
  if (e.type === 'file' && (e.mode & 0o111) !== 0 && style !== '--file-type' && word !== 'file-type') return '*';
  return '';
}

/** Arranges cells in columns as wide as the page allows, padded with tabs where they reach. */
export function layout(cells: readonly Bytes[], width: number, across: boolean, tab: number): Bytes {
  const n = cells.length;
  const maxCols = Math.min(n, Math.max(1, Math.floor(width / 3)));
  let cols = 1;
  let widths: number[] = [0];
  for (let c = maxCols; c >= 1; c--) {
    const rows = Math.ceil(n / c);
    const w: number[] = new Array(c).fill(3);
    cells.forEach((cell, i) => {
      const col = across ? i % c : Math.floor(i / rows);
      const real = cell.length + (col === c - 1 ? 0 : 2);
      if (w[col]! < real) w[col] = real;
    });
    if (w.reduce((a, b) => a + b, 0) < width || c === 1) {
      cols = c;
      widths = w;
      break;
    }
  }
  const rows = Math.ceil(n / cols);
  let o = '';
  for (let r = 0; r < rows; r++) {
    let pos = 0;
    for (let c = 0; c < cols; c++) {
      const i = across ? r * cols + c : c * rows + r;
      if (i >= n) break;
      const cell = cells[i]!;
      o += cell;
      const next = across ? (c + 1 < cols && i + 1 < n) : i + rows < n;
      if (!next) break;
      let at = pos + cell.length;
      const to = pos + widths[c]!;
      while (at < to) {
        if (tab > 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
          o += '\t';
          at += tab - (at % tab);
        } else {
          o += ' ';
          at++;
        }
      }
      pos = to;
    }
    o += '\n';
  }
  return o;
}
