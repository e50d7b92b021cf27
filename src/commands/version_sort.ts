// Natural order of names with numbers. Counterpart: gnulib filevercmp.c (ls -v, sort -V).
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';

const order = (c: string | undefined): number => {
  if (c === undefined) return -1;
  if (c >= '0' && c <= '9') return 0;
  if (/[A-Za-z]/.test(c)) return c.charCodeAt(0);
  return c === '~' ? -2 : c.charCodeAt(0) + 256;
};

/** Compares the parts digit run by digit run. */
function compareParts(a: Bytes, b: Bytes): number {
  let i = 0;
  let j = 0;
  const digit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
  while (i < a.length || j < b.length) {
    let first = 0;
    while ((i < a.length && !digit(a[i])) || (j < b.length && !digit(b[j]))) {
      const x = order(a[i]);
      const y = order(b[j]);
      if (x !== y) return x - y;
      i++;
      j++;
    }
    while (a[i] === '0') i++;
    while (b[j] === '0') j++;
    while (digit(a[i]) && digit(b[j])) {
      if (first === 0) first = a.charCodeAt(i) - b.charCodeAt(j);
      i++;
      j++;
    }
    if (digit(a[i])) return 1;
    if (digit(b[j])) return -1;
    if (first !== 0) return first;
  }
  return 0;
}

/** Version order; equal versions fall back to byte order. */
export function compareVersions(a: Bytes, b: Bytes): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  for (const dot of ['.', '..']) {
    if (a === dot) return -1;
    if (b === dot) return 1;
  }
  if (a.startsWith('.') !== b.startsWith('.')) return a.startsWith('.') ? -1 : 1;
  const stem = (s: Bytes): Bytes => s.replace(/(\.[A-Za-z~][A-Za-z0-9~]*)*$/, '') || s;
  return compareParts(stem(a), stem(b)) || compareParts(a, b) || byBytes(a, b);
}
