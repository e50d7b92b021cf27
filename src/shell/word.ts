// Takes a word's source text apart: quotes, expansions, literal characters. Linux counterpart: what bash's subst.c finds while it walks a word.
import type { Bytes } from '../lib/text';
import type { Param, Part, Word } from './ast';
import { Recogniser } from './recognise';

/** word: unquoted; dq: inside double quotes; doc: here-document; arith: inside $(( )); regex: right side of =~. */
export type Mode = 'word' | 'dq' | 'doc' | 'arith';

const cache = new Map<string, Word>();

/** A word's pieces; cached by text (derived data). `line`: where it stands, for messages of commands inside it. */
export function compileWord(text: Bytes, line = 1, mode: Mode = 'word'): Word {
  const key = `${mode}${line} ${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parts = compileParts(text, line, mode);
  const plain = parts.length === 0 || (parts.length === 1 && parts[0]!.t === 'lit' && !parts[0]!.q);
  const s = plain ? ((parts[0] as { s: string } | undefined)?.s ?? '') : '';
  const lit = plain && s !== '' && s === text && !/[*?[\]~(]/.test(s) ? s : null;
  const w: Word = { text, parts, lit, brace: mode === 'word' && /\{[\s\S]*(,|\.\.)[\s\S]*\}/.test(text) };
  if (cache.size > 5000) cache.clear();
  if (text.length < 4000) cache.set(key, w);
  return w;
}

/** Pieces of a text in the given mode. */
export function compileParts(text: Bytes, line: number, mode: Mode): Part[] {
  const parts: Part[] = [];
  const scan = new Recogniser(text, 0, true);
  let lit = '';
  let litQ = false;
  const flush = (): void => {
    if (lit !== '') parts.push({ t: 'lit', s: lit, q: litQ });
    lit = '';
  };
  const add = (s: string, q: boolean): void => {
    if (q !== litQ) flush();
    litQ = q;
    lit += s;
  };
  const quotedMode = mode === 'dq' || mode === 'doc';
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === '\\') {
      const n = text[i + 1];
      if (n === undefined) add('\\', quotedMode);
      else if (n === '\n') {
        i += 2;
        continue;
      } else if (quotedMode || mode === 'arith') {
        if (n === '$' || n === '`' || n === '\\' || (n === '"' && mode !== 'doc')) add(n, true);
        else add(`\\${n}`, true);
      } else add(n, true);
      i += 2;
    } else if (c === "'" && mode === 'word') {
      const end = scan.quote(i);
      flush();
      parts.push({ t: 'lit', s: text.slice(i + 1, end - 1), q: true });
      i = end;
    } else if (c === '"' && mode !== 'doc') {
      const end = scan.quote(i);
      flush();
      if (mode === 'dq') parts.push(...compileParts(text.slice(i + 1, end - 1), line, 'dq'));
      else parts.push({ t: 'dq', parts: compileParts(text.slice(i + 1, end - 1), line, 'dq') });
      i = end;
    } else if (c === '`') {
      const end = scan.quote(i);
      flush();
      const body = text.slice(i + 1, end - 1);
      parts.push({ t: 'cmd', src: body.replace(mode === 'dq' ? /\\([$`\\"])/g : /\\([$`\\])/g, '$1'), line: line + newlines(text, i) });
      i = end;
    } else if (c === '$') {
      const part = dollar(text, i, line, mode, scan);
      if (part === null) {
        add('$', quotedMode);
        i++;
      } else {
        flush();
        if (part.part !== null) parts.push(part.part);
        i = part.end;
      }
    } else if ((c === '<' || c === '>') && text[i + 1] === '(' && mode === 'word') {
      const end = scan.nested(i + 2);
      flush();
      parts.push({ t: 'proc', op: c, src: text.slice(i + 2, end - 1), line: line + newlines(text, i) });
      i = end;
    } else {
      add(c, quotedMode);
      i++;
    }
  }
  flush();
  return parts;
}

function newlines(text: string, end: number): number {
  let n = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) n++;
  return n;
}

function dollar(text: Bytes, i: number, line: number, mode: Mode, scan: Recogniser): { part: Part | null; end: number } | null {
  const n = text[i + 1];
  if (n === undefined) return null;
  const here = line + newlines(text, i);
  if (n === '(') {
    const end = scan.dollar(i);
    if (text[i + 2] === '(' && scan.arithEnd(i + 3) === end) return { part: { t: 'ari', parts: compileParts(text.slice(i + 3, end - 2), here, 'arith') }, end };
    return { part: { t: 'cmd', src: text.slice(i + 2, end - 1), line: here }, end };
  }
  if (n === '[') {
    const end = scan.dollar(i);
    return { part: { t: 'ari', parts: compileParts(text.slice(i + 2, end - 1), here, 'arith') }, end };
  }
  if (n === '{') {
    const end = scan.dollar(i, mode === 'dq' || mode === 'doc');
    return { part: { t: 'par', par: compileParam(text.slice(i, end), here, mode) }, end };
  }
  if (n === "'" && mode === 'word') {
    const end = scan.dollar(i);
    return { part: { t: 'lit', s: ansiC(text.slice(i + 2, end - 1)), q: true }, end };
  }
  if (n === '"' && mode === 'word') {
    const end = scan.quote(i + 1);
    return { part: { t: 'dq', parts: compileParts(text.slice(i + 2, end - 1), line, 'dq') }, end };
  }
  const m = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(text.slice(i + 1, i + 200));
  if (m === null) return null;
  return { part: { t: 'par', par: simple(m[0]) }, end: i + 1 + m[0].length };
}

function simple(name: string): Param {
  return { name, index: null, indexText: '', prefix: '', op: '', a: null, b: null, text: `$${name}` };
}

/** `${...}` with its operator and operands. */
export function compileParam(text: Bytes, line: number, mode: Mode): Param {
  const body = text.slice(2, -1);
  const bad: Param = { name: '', index: null, indexText: '', prefix: '', op: 'bad', a: null, b: null, text };
  let prefix: Param['prefix'] = '';
  let rest = body;
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])/;
  if (rest.startsWith('#') && rest !== '#' && name.test(rest.slice(1)) && !/^#[-?#]./.test(rest)) {
    prefix = '#';
    rest = rest.slice(1);
  } else if (rest.startsWith('!') && rest !== '!' && /^![A-Za-z_0-9@*#?]/.test(rest)) {
    prefix = '!';
    rest = rest.slice(1);
  }
  const m = name.exec(rest);
  if (m === null) return bad;
  const par: Param = { ...simple(m[0]), prefix, text };
  rest = rest.slice(m[0].length);
  if (rest.startsWith('[')) {
    const end = matching(rest);
    if (end < 0) return bad;
    par.indexText = rest.slice(1, end);
    par.index = compileParts(par.indexText, line, 'word');
    rest = rest.slice(end + 1);
  }
  if (rest === '') return par;
  if (prefix === '#') return bad;
  if (prefix === '!' && (rest === '*' || rest === '@') && par.index === null) return { ...par, op: `names${rest}` };
  const inner: Mode = mode === 'dq' || mode === 'doc' || mode === 'arith' ? 'dq' : 'word';
  const two = rest.slice(0, 2);
  if ([':-', ':=', ':?', ':+'].includes(two)) return { ...par, op: two, a: compileWord(rest.slice(2), line, inner) };
  if ('-=?+'.includes(rest[0]!)) return { ...par, op: rest[0]!, a: compileWord(rest.slice(1), line, inner) };
  if (two === '##' || two === '%%') return { ...par, op: two, a: compileWord(rest.slice(2), line, 'word') };
  if (rest[0] === '#' || rest[0] === '%') return { ...par, op: rest[0], a: compileWord(rest.slice(1), line, 'word') };
  if (rest[0] === '/') {
    const op = two === '//' || two === '/#' || two === '/%' ? two : '/';
    const arg = rest.slice(op.length);
    const cut = slashAt(arg, op === '/' && arg === '' ? 0 : 0);
    const pattern = cut < 0 ? arg : arg.slice(0, cut);
    return { ...par, op, a: compileWord(pattern, line, 'word'), b: cut < 0 ? null : compileWord(arg.slice(cut + 1), line, 'word') };
  }
  if (rest[0] === ':') {
    const arg = rest.slice(1);
    const cut = colonAt(arg);
    return { ...par, op: ':', a: compileWord(cut < 0 ? arg : arg.slice(0, cut), line, 'arith'), b: cut < 0 ? null : compileWord(arg.slice(cut + 1), line, 'arith') };
  }
  if (two === '^^' || two === ',,' || two === '~~') return { ...par, op: two, a: rest.length > 2 ? compileWord(rest.slice(2), line, 'word') : null };
  if (rest[0] === '^' || rest[0] === ',' || rest[0] === '~') return { ...par, op: rest[0], a: rest.length > 1 ? compileWord(rest.slice(1), line, 'word') : null };
  if (/^@[QEPAUuLaKk]$/.test(rest)) return { ...par, op: '@', a: compileWord(rest.slice(1), line, 'word') };
  return { ...bad, text };
}

/** Offset of the `]` matching the `[` at 0, or -1. */
function matching(s: string): number {
  let depth = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    if (c === '\\') i++;
    else if (c === '[') depth++;
    else if (c === ']' && --depth === 0) return i;
  }
  return -1;
}

/** Offset of the first `/` outside quotes and expansions, or -1. */
function slashAt(s: string, from: number): number {
  const scan = new Recogniser(s, 0, true);
  for (let i = from; i < s.length; i++) {
    const c = s[i]!;
    if (c === '\\') i++;
    else if (c === "'" || c === '"' || c === '`') i = scan.quote(i) - 1;
    else if (c === '$' && (s[i + 1] === '(' || s[i + 1] === '{')) i = scan.dollar(i) - 1;
    else if (c === '/') return i;
  }
  return -1;
}

/** Offset of the `:` between offset and length, outside ?: and parentheses, or -1. */
function colonAt(s: string): number {
  const scan = new Recogniser(s, 0, true);
  let depth = 0;
  let asks = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    if (c === '$' && (s[i + 1] === '(' || s[i + 1] === '{')) i = scan.dollar(i) - 1;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '?') asks++;
    else if (c === ':' && depth === 0) {
      if (asks === 0) return i;
      asks--;
    }
  }
  return -1;
}

/** `$'...'`: ANSI C escapes. */
export function ansiC(s: Bytes): Bytes {
  return s.replace(/\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|c(.)|(.))/gs, (all, hex?: string, oct?: string, u?: string, big?: string, ctl?: string, ch?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (oct !== undefined) return String.fromCharCode(Number.parseInt(oct, 8) & 255);
    if (u !== undefined || big !== undefined) return codePoint(Number.parseInt(u ?? big!, 16));
    if (ctl !== undefined) return String.fromCharCode(ctl.charCodeAt(0) & 31);
    const at = 'abeEfnrtv\\\'"?'.indexOf(ch!);
    return at < 0 ? all : '\x07\b\x1b\x1b\f\n\r\t\v\\\'"?'[at]!;
  });
}

/** UTF-8 bytes of a code point. */
export function codePoint(c: number): Bytes {
  if (c < 0x80) return String.fromCharCode(c);
  if (c < 0x800) return String.fromCharCode(0xc0 | (c >> 6), 0x80 | (c & 63));
  if (c < 0x10000) return String.fromCharCode(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  return String.fromCharCode(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
}

/** Offsets of start, the two semicolons and the closing `))` of a C-style for's head. */
export function headCuts(src: Bytes, from: number): number[] {
  const cuts = [from];
  let depth = 0;
  for (let i = from; i < src.length; i++) {
    const c = src[i]!;
    if (c === '\\') i++;
    else if (c === '(') depth++;
    else if (c === ')') {
      if (depth === 0) {
        cuts.push(i);
        break;
      }
      depth--;
    } else if (c === ';' && depth === 0) cuts.push(i);
  }
  while (cuts.length < 4) cuts.push(cuts.at(-1)!);
  return cuts;
}
