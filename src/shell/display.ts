// Shows the line being edited: wrapping, wide characters, the cursor. Linux counterpart: GNU readline's display.c.
import { type Bytes, charWidth, utf8Chars, utf8Decode } from '../lib/text';
import type { Edit } from './readline';

/** Where the cursor stands, counted from the prompt's last line; what is on the screen. */
export interface Shown {
  text: Bytes;
  point: number;
  row: number;
}

/** Visible text of a character: controls as ^X, tab as spaces up to the next stop. */
function visible(c: Bytes, column: number): Bytes {
  if (c === '\t') return ' '.repeat(8 - (column % 8));
  return c < ' ' || c === '\x7f' ? `^${String.fromCharCode(c.charCodeAt(0) ^ 64)}` : c;
}

const widthOf = (c: Bytes): number => (c.length === 1 ? 1 : charWidth(utf8Decode(c).codePointAt(0)!));

interface Place {
  row: number;
  col: number;
}

/** Walks text from a place; gives the bytes to print and the places before each byte offset. */
function lay(text: Bytes, from: Place, cols: number, point: number): { out: Bytes; at: Place; end: Place } {
  if (/^[\x20-\x7e]*$/.test(text)) return layPlain(text, from, cols, point);
  let { row, col } = from;
  let out = '';
  let offset = 0;
  let at: Place = { row, col };
  for (const c of utf8Chars(text)) {
    const v = visible(c, col);
    for (const piece of v.length > 1 && c.length === 1 ? [...v] : [v]) {
      const w = widthOf(piece);
      if (col + w > cols) {
        row++;
        col = 0;
      }
      if (offset === point && piece === v) at = { row, col };
      else if (offset === point) at = at.row === row && at.col <= col ? at : { row, col };
      col += w;
      out += piece;
    }
    offset += c.length;
  }
  let end: Place = { row, col };
  if (col >= cols) end = { row: row + 1, col: 0 };
  if (point >= offset) at = end;
  return { out, at, end };
}

/** The same for a text of one column a byte: no character needs a look. */
function layPlain(text: Bytes, from: Place, cols: number, point: number): { out: Bytes; at: Place; end: Place } {
  const before = (n: number): Place => ({ row: from.row + Math.floor((from.col + n) / cols), col: (from.col + n) % cols });
  const end = text === '' && from.col < cols ? { ...from } : before(text.length);
  return { out: text, at: point >= text.length ? end : before(point), end };
}

/** Columns a prompt's last line takes; marks of \[ \] and escape sequences take none. */
export function promptWidth(prompt: Bytes, cols: number): Place {
  const last = prompt.slice(prompt.lastIndexOf('\n') + 1).replace(/\x01[^\x02]*\x02/g, '').replace(/\x1b\[[0-9;?]*[@-~]|\x1b\][^\x07]*\x07/g, '');
  return lay(last, { row: 0, col: 0 }, cols, Number.POSITIVE_INFINITY).end;
}

export const printable = (prompt: Bytes): Bytes => prompt.replace(/[\x01\x02]/g, '');

const move = (n: number, letter: string): Bytes => (n <= 0 ? '' : `\x1b[${n}${letter}`);

/** Bytes that bring the screen from `shown` to the edit's state. */
export function redraw(prompt: Bytes, e: Edit, shown: Shown | null, cols: number): { out: Bytes; shown: Shown } {
  let head = prompt.slice(prompt.lastIndexOf('\n') + 1);
  if (e.search !== null) head = `(${e.search.failed ? 'failed ' : ''}reverse-i-search)\`${e.search.query}': `;
  const start = promptWidth(head, cols);
  const now = lay(e.line, start, cols, e.point);
  const text = head + e.line;
  // Typing at the end of the line: only the new characters.
  if (shown !== null && shown.point === shown.text.length && text.startsWith(shown.text) && e.point === e.line.length && now.end.col > 0 && now.end.row === shown.row) {
    const added = lay(e.line, start, cols, 0).out.slice(lay(shown.text.slice(head.length), start, cols, 0).out.length);
    return { out: added, shown: { text, point: text.length, row: now.end.row } };
  }
  if (shown !== null && shown.text === text && shown.row === now.at.row) {
    return { out: `\r${move(now.at.col, 'C')}`, shown: { text, point: head.length + e.point, row: now.at.row } };
  }
  let out = shown === null ? '' : `${move(shown.row, 'A')}\r\x1b[J`;
  out += printable(head) + now.out;
  if (now.end.col === 0 && now.end.row > 0) out += ' \r';
  if (now.at.row !== now.end.row || now.at.col !== now.end.col) out += `${move(now.end.row - now.at.row, 'A')}\r${move(now.at.col, 'C')}`;
  return { out, shown: { text, point: head.length + e.point, row: now.at.row } };
}

/** Bytes that put the cursor behind the whole line (before Enter's newline). */
export function leave(prompt: Bytes, e: Edit, shown: Shown | null, cols: number): Bytes {
  const done = redraw(prompt, { ...e, search: null, point: e.line.length }, shown, cols);
  return done.out;
}
