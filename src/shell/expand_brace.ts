// Brace expansion: {a,b} and {1..5..2}, done on the text of a word before anything else. Linux counterpart: bash's braces.c.
import { MEMORY } from '../lib/exhausted';
import type { Bytes } from '../lib/text';
import { Recogniser } from './recognise';

/** Words one expansion may make (a word costs about 64 bytes until it is used). */
const MAX_WORDS = MEMORY >> 8;

/** An expansion that would make more than MAX_WORDS. */
export class TooManyWords extends Error {
  constructor(readonly words: number) {
    super('too many words');
  }
}

/** All words a word's text stands for; the text itself when nothing expands. */
export function expandBraces(text: Bytes): Bytes[] {
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    const skip = skipped(text, i);
    if (skip > i) {
      i = skip - 1;
      continue;
    }
    if (c !== '{') continue;
    const found = group(text, i);
    if (found === null) continue;
    const before = text.slice(0, i);
    const after = expandBraces(text.slice(found.end + 1));
    const out: Bytes[] = [];
    if (found.items.length * after.length > MAX_WORDS) throw new TooManyWords(found.items.length * after.length);
    for (const piece of found.items) for (const rest of after) out.push(before + piece + rest);
    return out;
  }
  return [text];
}

/** Offset after a quoted string or expansion at `i`; `i` when there is none. */
function skipped(text: Bytes, i: number): number {
  const c = text[i]!;
  if (c === '\\') return i + 2;
  const scan = new Recogniser(text, 0, true);
  if (c === "'" || c === '"' || c === '`') return scan.quote(i);
  if (c === '$' && /[({'"]/.test(text[i + 1] ?? '')) return scan.dollar(i);
  return i;
}

function group(text: Bytes, open: number): { items: Bytes[]; end: number } | null {
  let depth = 0;
  let from = open + 1;
  const pieces: Bytes[] = [];
  for (let i = open; i < text.length; i++) {
    const skip = skipped(text, i);
    if (skip > i) {
      i = skip - 1;
      continue;
    }
    const c = text[i]!;
    if (c === '{') depth++;
    else if (c === ',' && depth === 1) {
      pieces.push(text.slice(from, i));
      from = i + 1;
    } else if (c === '}' && --depth === 0) {
      if (pieces.length > 0) {
        pieces.push(text.slice(from, i));
        return { items: pieces.flatMap((p) => expandBraces(p)), end: i };
      }
      const items = sequence(text.slice(open + 1, i));
      return items === null ? null : { items, end: i };
    }
  }
  return null;
}

/** {x..y[..step]}; null when it is none. */
function sequence(s: Bytes): Bytes[] | null {
  const m = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(s);
  if (m === null) return null;
  const [, a, b] = m as unknown as [string, string, string];
  const letters = /[A-Za-z]/.test(a);
  if (letters !== /[A-Za-z]/.test(b)) return null;
  let step = Math.abs(Number(m[3] ?? 1));
  if (step === 0) step = 1;
  const from = letters ? a.charCodeAt(0) : Number(a);
  const to = letters ? b.charCodeAt(0) : Number(b);
  const zero = /^-?0\d/.test(a) || /^-?0\d/.test(b);
  const width = zero ? Math.max(a.length, b.length) : 0;
  const out: Bytes[] = [];
  const n = Math.floor(Math.abs(to - from) / step) + 1;
  if (n > MAX_WORDS) throw new TooManyWords(n);
  for (let i = 0; i < n; i++) {
    const v = from <= to ? from + i * step : from - i * step;
    if (letters) out.push(String.fromCharCode(v));
    else out.push(v < 0 ? `-${String(-v).padStart(width - 1, '0')}` : String(v).padStart(width, '0'));
  }
  return out;
}
