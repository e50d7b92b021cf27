// Patterns: matching, and expansion to file names. Linux counterpart: glob(7), bash's lib/glob.
import { SysError } from '../lib/errno';
import { byBytes, type Bytes } from '../lib/text';
import type { Shell } from './shell';
import { getVar } from './vars';

/** A pattern keeps quoted characters behind a backslash. */
export function escapePattern(s: Bytes): Bytes {
  return /[*?[\]\\()|!+@^-]/.test(s) ? s.replace(/[*?[\]\\()|!+@^-]/g, '\\$&') : s;
}

/** Does a pattern hold characters that are special and unquoted? */
export function isPattern(p: Bytes, extglob: boolean): boolean {
  for (let i = 0; i < p.length; i++) {
    const c = p[i]!;
    if (c === '\\') i++;
    else if (c === '*' || c === '?') return true;
    else if (c === '[' && p.indexOf(']', i + 1) > 0) return true;
    else if (extglob && '+@!'.includes(c) && p[i + 1] === '(') return true;
  }
  return false;
}

/** The characters a pattern without specials stands for. */
export const unescapePattern = (p: Bytes): Bytes => (p.includes('\\') ? p.replace(/\\([\s\S])/g, '$1') : p);

export interface MatchOptions {
  extglob: boolean;
  nocase: boolean;
  /** `?` and brackets take whole UTF-8 characters. */
  utf8: boolean;
}

/** Matching options a shell's settings stand for. */
export function matchOptions(sh: Shell, utf8: boolean): MatchOptions {
  return { extglob: sh.shopts.has('extglob'), nocase: sh.shopts.has('nocasematch'), utf8 };
}

const sources = new Map<string, string>();
const regexes = new Map<string, RegExp>();

/** Regular expression source that matches what the pattern matches. `lazy`: stars as short as can be. */
export function patternSource(p: Bytes, o: MatchOptions, lazy = false): string {
  const key = `${o.extglob ? 1 : 0}${o.utf8 ? 1 : 0}${lazy ? 1 : 0}${p}`;
  const known = sources.get(key);
  if (known !== undefined) return known;
  const s = translate(p, o, lazy ? '?' : '');
  if (sources.size > 2000) sources.clear();
  sources.set(key, s);
  return s;
}

/** A cached regular expression. */
export function regex(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let r = regexes.get(key);
  if (r === undefined) {
    if (regexes.size > 2000) regexes.clear();
    r = new RegExp(source, flags);
    regexes.set(key, r);
  }
  r.lastIndex = 0;
  return r;
}

/** Does the whole text match? */
export function matches(text: Bytes, pattern: Bytes, o: MatchOptions): boolean {
  if (pattern === '*') return true;
  return regex(`^(?:${patternSource(pattern, o)})$`, o.nocase ? 'i' : '').test(text);
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: ' \\t\\n\\r\\f\\v', blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f', xdigit: '0-9A-Fa-f', word: 'A-Za-z0-9_',
};

const ANY_UTF8 = '(?:[\\x00-\\x7f]|[\\xc2-\\xf4][\\x80-\\xbf]+|[\\x80-\\xff])';

function translate(p: Bytes, o: MatchOptions, lazy: string): string {
  let out = '';
  for (let i = 0; i < p.length; i++) {
    const c = p[i]!;
    if (o.extglob && '?*+@!'.includes(c) && p[i + 1] === '(') {
      const end = closing(p, i + 1);
      if (end > 0) {
        const alts = split(p.slice(i + 2, end)).map((a) => translate(a, o, lazy)).join('|');
        if (c === '!') out += `(?:(?!(?:${alts})${translate(p.slice(end + 1), o, '')}$)[^]*${lazy})`;
        else out += `(?:${alts})${c === '@' ? '' : c === '?' ? '?' : c}${c === '@' ? '' : lazy}`;
        i = end;
        continue;
      }
    }
    if (c === '*') {
      while (p[i + 1] === '*') i++;
      out += `[^]*${lazy}`;
    } else if (c === '?') out += o.utf8 ? ANY_UTF8 : '[^]';
    else if (c === '[') {
      const b = bracket(p, i);
      if (b === null) out += '\\[';
      else {
        out += b.source;
        i = b.end;
      }
    } else if (c === '\\') {
      i++;
      out += literal(p[i] ?? '\\');
    } else out += literal(c);
  }
  return out;
}

const literal = (c: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(c) ? `\\${c}` : c);

/** `[...]` from `at`: regular expression source and the offset of its `]`; null when it is no bracket expression. */
function bracket(p: Bytes, at: number): { source: string; end: number } | null {
  let i = at + 1;
  let not = false;
  if (p[i] === '!' || p[i] === '^') {
    not = true;
    i++;
  }
  let set = '';
  let first = true;
  for (; i < p.length; i++, first = false) {
    const c = p[i]!;
    if (c === ']' && !first) {
      if (set === '') return { source: not ? '[^]' : '[]', end: i };
      return { source: `[${not ? '^' : ''}${set}]`, end: i };
    }
    if (c === '[' && (p[i + 1] === ':' || p[i + 1] === '.' || p[i + 1] === '=')) {
      const kind = p[i + 1]!;
      const end = p.indexOf(`${kind}]`, i + 2);
      if (end > 0) {
        const name = p.slice(i + 2, end);
        set += kind === ':' ? (CLASSES[name] ?? '') : name.replace(/[\\\]^-]/g, '\\$&');
        i = end + 1;
        continue;
      }
    }
    let ch = c;
    if (c === '\\' && i + 1 < p.length) ch = p[++i]!;
    if (p[i + 1] === '-' && p[i + 2] !== undefined && p[i + 2] !== ']') {
      let hi = p[i + 2]!;
      i += 2;
      if (hi === '\\' && i + 1 < p.length) hi = p[++i]!;
      if (ch <= hi) set += `${inSet(ch)}-${inSet(hi)}`;
    } else set += inSet(ch);
  }
  return null;
}

const inSet = (c: string): string => (/[\\\]^[-]/.test(c) ? `\\${c}` : c);

function closing(p: Bytes, open: number): number {
  let depth = 0;
  for (let i = open; i < p.length; i++) {
    if (p[i] === '\\') i++;
    else if (p[i] === '(') depth++;
    else if (p[i] === ')' && --depth === 0) return i;
  }
  return -1;
}

function split(p: Bytes): Bytes[] {
  const out: Bytes[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === '\\') i++;
    else if (p[i] === '(') depth++;
    else if (p[i] === ')') depth--;
    else if (p[i] === '|' && depth === 0) {
      out.push(p.slice(from, i));
      from = i + 1;
    }
  }
  out.push(p.slice(from));
  return out;
}

/** Names that match a path pattern, sorted by bytes; [] when none does. */
export function globPaths(sh: Shell, pattern: Bytes, utf8: boolean): Bytes[] {
  const o: MatchOptions = { extglob: sh.shopts.has('extglob'), nocase: sh.shopts.has('nocaseglob'), utf8 };
  const ignored = (getVar(sh, 'GLOBIGNORE') ?? '').split(':').filter((x) => x !== '');
  const dots = sh.shopts.has('dotglob') || ignored.length > 0;
  const parts = pattern.split('/');
  let found: Bytes[] = [''];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const last = i === parts.length - 1;
    const next: Bytes[] = [];
    if (part === '**' && sh.shopts.has('globstar')) {
      for (const base of found) {
        if (!last || base !== '') next.push(base);
        walk(sh, base, last, next);
      }
      found = next;
      continue;
    }
    for (const base of found) {
      if (!isPattern(part, o.extglob)) {
        const path = base + unescapePattern(part);
        if (part === '' || !last || exists(sh, path)) next.push(last ? path : `${path}/`);
        continue;
      }
      for (const name of names(sh, base === '' ? '.' : base)) {
        if (name.startsWith('.') && !part.startsWith('.') && !part.startsWith('\\.') && !dots) continue;
        if (!matches(name, part, o)) continue;
        if (last) next.push(base + name);
        else if (isDirectory(sh, base + name)) next.push(`${base}${name}/`);
      }
    }
    found = next;
  }
  return found.filter((f) => f !== '' && !ignored.some((x) => matches(f, x, o))).sort(byBytes);
}

function walk(sh: Shell, base: Bytes, last: boolean, out: Bytes[]): void {
  for (const name of names(sh, base === '' ? '.' : base)) {
    if (name.startsWith('.') && !sh.shopts.has('dotglob')) continue;
    if (last) out.push(base + name);
    if (!isDirectory(sh, base + name, false)) continue;
    if (!last) out.push(`${base}${name}/`);
    walk(sh, `${base}${name}/`, last, out);
  }
}

function names(sh: Shell, dir: Bytes): Bytes[] {
  try {
    return sh.p.host.vfs.readdir(sh.p, dir);
  } catch (e) {
    if (e instanceof SysError) return [];
    throw e;
  }
}

function exists(sh: Shell, path: Bytes): boolean {
  try {
    sh.p.host.vfs.lstat(sh.p, path);
    return true;
  } catch (e) {
    if (e instanceof SysError) return false;
    throw e;
  }
}

function isDirectory(sh: Shell, path: Bytes, follow = true): boolean {
  try {
    return (follow ? sh.p.host.vfs.stat(sh.p, path) : sh.p.host.vfs.lstat(sh.p, path)).type === 'dir';
  } catch (e) {
    if (e instanceof SysError) return false;
    throw e;
  }
}
