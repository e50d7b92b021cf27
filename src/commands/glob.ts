// Shell patterns against names: * ? [...] and backslash. Counterpart: fnmatch(3). The shell's own expansion lives in shell/.
import type { Bytes } from '../lib/text';
import { CLASSES } from './posix_class';

/** Whether `name` matches. `*` also crosses slashes, as find -path and tar do. */
export function globMatch(pattern: Bytes, name: Bytes, icase = false): boolean {
  return icase ? match(pattern.toLowerCase(), 0, name.toLowerCase(), 0) : match(pattern, 0, name, 0);
}

function match(pat: Bytes, pi: number, s: Bytes, si: number): boolean {
  let p = pi;
  let i = si;
  while (p < pat.length) {
    const c = pat[p]!;
    if (c === '*') {
      while (pat[p] === '*') p++;
      if (p === pat.length) return true;
      for (let k = i; k <= s.length; k++) if (match(pat, p, s, k)) return true;
      return false;
    }
    if (i >= s.length) return false;
    if (c === '[') {
      const set = bracket(pat, p, s.charCodeAt(i));
      if (set !== null) {
        if (!set.hit) return false;
        p = set.end;
        i++;
        continue;
      }
    }
    if (c === '?') {
      p++;
      i++;
      continue;
    }
    const literal = c === '\\' && p + 1 < pat.length ? pat[++p]! : c;
    if (literal !== s[i]) return false;
    p++;
    i++;
  }
  return i === s.length;
}

function bracket(pat: Bytes, at: number, code: number): { hit: boolean; end: number } | null {
  let i = at + 1;
  const negate = pat[i] === '!' || pat[i] === '^';
  if (negate) i++;
  const first = i;
  let hit = false;
  for (;;) {
    if (i >= pat.length) return null;
    if (pat[i] === ']' && i > first) break;
    if (pat.startsWith('[:', i)) {
      const end = pat.indexOf(':]', i);
      const test = end < 0 ? undefined : CLASSES[pat.slice(i + 2, end)];
      if (test !== undefined) {
        hit ||= test(code);
        i = end + 2;
        continue;
      }
    }
    const one = (): number => {
      if (pat[i] === '\\' && i + 1 < pat.length) i++;
      return pat.charCodeAt(i++);
    };
    const lo = one();
    if (pat[i] === '-' && i + 1 < pat.length && pat[i + 1] !== ']') {
      i++;
      const hi = one();
      hit ||= code >= lo && code <= hi;
    } else hit ||= code === lo;
  }
  return { hit: hit !== negate, end: i + 1 };
}
