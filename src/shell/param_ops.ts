// What ${x#...}, ${x/.../...} and ${x^} do to a string. Linux counterpart: remove_pattern, pat_subst, sh_modcase in bash.
import type { Bytes } from '../lib/text';
import { matches, type matchOptions, patternSource, regex } from './glob';
type Opts = ReturnType<typeof matchOptions>;

/** # ## % %%. */
export function trim(s: Bytes, op: string, pattern: Bytes, o: Opts): Bytes {
  if (pattern === '') return s;
  const flags = o.nocase ? 'i' : '';
  const long = op.length === 2;
  if (op[0] === '#') {
    if (o.extglob && /[?*+@!]\(/.test(pattern)) {
      for (let k = 0; k <= s.length; k++) {
        const n = long ? s.length - k : k;
        if (matches(s.slice(0, n), pattern, o)) return s.slice(n);
      }
      return s;
    }
    const m = regex(`^(?:${patternSource(pattern, o, !long)})`, flags).exec(s);
    return m === null ? s : s.slice(m[0].length);
  }
  const m = regex(`^([^]*${long ? '?' : ''})(?:${patternSource(pattern, o)})$`, flags).exec(s);
  return m === null ? s : m[1]!;
}

/** / // /# /%. `to` makes the replacement of a match. */
export function replace(s: Bytes, op: string, pattern: Bytes, to: ((m: Bytes) => Bytes) | string, o: Opts): Bytes {
  if (pattern === '' && (op === '/' || op === '//')) return s;
  const by = typeof to === 'string' ? () => to : to;
  const src = patternSource(pattern, o);
  const flags = o.nocase ? 'i' : '';
  switch (op) {
    case '/#':
      return s.replace(regex(`^(?:${src})`, flags), (m) => by(m));
    case '/%': {
      const m = regex(`^([^]*?)(${src})$`, flags).exec(s);
      return m === null ? s : m[1]! + by(m[2]!);
    }
    default:
      return s.replace(regex(src, op === '//' ? `${flags}g` : flags), (m) => (m === '' ? '' : by(m)));
  }
}

/** ^ ^^ , ,, ~ ~~. */
export function recase(s: Bytes, op: string, pattern: Bytes, o: Opts): Bytes {
  const fits = (c: Bytes): boolean => pattern === '' || matches(c, pattern, o);
  const turn = (c: Bytes): Bytes => (!fits(c) ? c : op[0] === '^' || (op[0] === '~' && c >= 'a') ? upper(c) : lower(c));
  if (op.length === 1) return s === '' ? s : turn(s[0]!) + s.slice(1);
  return [...s].map(turn).join('');
}

export const upper = (c: Bytes): Bytes => (c >= 'a' && c <= 'z' ? c.toUpperCase() : c);
export const lower = (c: Bytes): Bytes => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c);
