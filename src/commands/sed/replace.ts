// Texts sed makes: replacements of s with their changes of case, and what l shows. Counterpart: GNU sed 4.9 execute.c.
import type { Bytes } from '../../lib/text';
import type { PosixMatch } from '../posix_regex';
import type { Piece } from './script';

/** The replacement text for one match. */
export function replacement(pieces: readonly Piece[], m: PosixMatch): Bytes {
  let o = '';
  let mode: 'U' | 'L' | 'E' = 'E';
  let once: 'u' | 'l' | null = null;
  const add = (text: Bytes): void => {
    let t = mode === 'U' ? text.replace(/[a-z]/g, (c) => c.toUpperCase()) : mode === 'L' ? text.replace(/[A-Z]/g, (c) => c.toLowerCase()) : text;
    if (once !== null && t !== '') {
      t = (once === 'u' ? t[0]!.replace(/[a-z]/, (c) => c.toUpperCase()) : t[0]!.replace(/[A-Z]/, (c) => c.toLowerCase())) + t.slice(1);
      once = null;
    }
    o += t;
  };
  for (const x of pieces) {
    if (x.t === 'text') add(x.text);
    else if (x.t === 'group') add(m.groups[x.n] ?? '');
    else if (x.how === 'u' || x.how === 'l') once = x.how;
    else {
      mode = x.how;
      once = null;
    }
  }
  return o;
}

/** The l command: escapes, $ at the end, folded lines. */
export function unambiguous(text: Bytes, wrap: number): Bytes {
  const named: Record<string, string> = { '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  let o = '';
  let column = 0;
  for (const c of text) {
    const code = c.charCodeAt(0);
    const shown = named[c] ?? (code < 32 || code > 126 ? `\\${code.toString(8).padStart(3, '0')}` : c);
    if (wrap > 1 && column + shown.length > wrap - 1) {
      o += '\\\n';
      column = 0;
    }
    o += shown;
    column += shown.length;
  }
  return `${o}$`;
}
