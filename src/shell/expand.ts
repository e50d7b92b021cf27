// Word expansion: tilde, parameters, commands, arithmetic, splitting, file names, quote removal. Linux counterpart: bash's subst.c.
import { ifsOf, isUtf8, Out } from './fields';
import { late } from './late';
import type { Op } from '../host/process';
import { err } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { ArithError, evalArith, Unbound } from './arith';
import type { Assign, Part, Word } from './ast';
import { expandBraces, TooManyWords } from './expand_brace';
import { expandParam } from './expand_param';
import { globPaths, isPattern } from './glob';
import { reach } from '../host/nfs/reach';
import { complain } from './say';
import { Discard, type Shell } from './shell';
import { commandSubstitution, processSubstitution } from './substitution';
import { getVar, ReadonlyError } from './vars';
import { compileWord } from './word';

/** Words of a command line after all expansions. */
export function* expandWords(sh: Shell, words: readonly (Word | Assign)[]): Op<Bytes[]> {
  const out: Bytes[] = [];
  for (const w of words) {
    if ('t' in w) yield* expandWord(sh, compileWord(w.text), out);
    else if (w.lit !== null && !w.brace) out.push(w.lit);
    else yield* expandWord(sh, w, out);
  }
  return out;
}

/** A word that stands for itself. */
const PLAIN = /^[A-Za-z0-9_.,:/@%+-]+$/;

/** Brace expansion; a word that would become too many stays as it is, after a complaint. */
function* braces(sh: Shell, text: Bytes): Op<Bytes[]> {
  try {
    return expandBraces(text);
  } catch (e) {
    if (!(e instanceof TooManyWords)) throw e;
    yield* complain(sh, `brace expansion: failed to allocate memory for ${e.words} elements`);
    return [text];
  }
}

/** Expands one word into `into`. */
export function* expandWord(sh: Shell, w: Word, into: Bytes[]): Op<void> {
  if (w.brace && sh.flags.has('B')) {
    const texts = yield* braces(sh, w.text);
    if (texts.length > 1 || texts[0] !== w.text) {
      for (const t of texts) {
        if (PLAIN.test(t)) into.push(t);
        else if (t !== '') yield* expandWord(sh, { ...compileWord(t), brace: false }, into);
      }
      return;
    }
  }
  const o = new Out(ifsOf(sh));
  yield* expandParts(sh, tilde(sh, w.parts, false), o, false);
  o.end();
  for (const f of o.fields) {
    if (sh.flags.has('f') || !isPattern(f.pat, sh.shopts.has('extglob'))) {
      into.push(f.s);
      continue;
    }
    if (sh.p.host.nfs !== null) yield* reach(sh.p, f.s.replace(/[*?[].*$/, '').replace(/[^/]*$/, '') || '.', { read: false, list: true, deep: true });
    const found = globPaths(sh, f.pat, isUtf8(sh));
    if (found.length > 0) into.push(...found);
    else if (sh.shopts.has('failglob')) {
      yield* err(sh.p, `${sh.prefix()}no match: ${f.s}\n`);
      throw new Discard(1);
    } else if (!sh.shopts.has('nullglob')) into.push(f.s);
  }
}

/** Expands without splitting or globbing (assignments, redirections' strings, `case` words). */
export function* expandString(sh: Shell, parts: readonly Part[]): Op<Bytes> {
  if (parts.length === 1 && parts[0]!.t === 'lit') return parts[0]!.s;
  const o = new Out(null);
  yield* expandParts(sh, parts, o, false);
  return o.s;
}

/** Value of an assignment: tildes after `=` and `:` too. */
export function* expandAssigned(sh: Shell, w: Word): Op<Bytes> {
  return yield* expandString(sh, tilde(sh, w.parts, true));
}

/** A word as a pattern: quoted characters escaped. */
export function* expandPattern(sh: Shell, w: Word): Op<Bytes> {
  if (w.lit !== null) return w.lit;
  const o = new Out(null);
  yield* expandParts(sh, tilde(sh, w.parts, false), o, false);
  return o.pat;
}

/** Walks a word's pieces. `dq`: inside double quotes. */
export function* expandParts(sh: Shell, parts: readonly Part[], o: Out, dq: boolean): Op<void> {
  for (const part of parts) {
    switch (part.t) {
      case 'lit':
        if (dq || part.q) o.quoted(part.s);
        else o.plain(part.s);
        break;
      case 'dq':
        if (part.parts.length === 0) o.has = true;
        else if (!(part.parts.length === 1 && isAt(part.parts[0]!))) {
          // `"$@"` alone may vanish; anything else makes a field.
          if (!part.parts.some(isAt)) o.has = true;
        }
        yield* expandParts(sh, part.parts, o, true);
        break;
      case 'par':
        yield* expandParam(sh, part.par, o, dq);
        break;
      case 'cmd': {
        const s = yield* commandSubstitution(sh, part.src, part.line);
        if (dq) o.quoted(s);
        else o.result(s);
        break;
      }
      case 'ari': {
        const s = String(yield* arithParts(sh, part.parts));
        if (dq) o.quoted(s);
        else o.result(s);
        break;
      }
      case 'proc':
        o.quoted(yield* processSubstitution(sh, part.op, part.src, part.line));
        break;
    }
  }
}

function isAt(p: Part): boolean {
  return p.t === 'par' && ((p.par.name === '@' && p.par.prefix !== '#') || p.par.indexText === '@') && p.par.prefix !== '#';
}

/** Expands and evaluates arithmetic; words its errors and gives up the line. */
export function* arithParts(sh: Shell, parts: readonly Part[]): Op<bigint> {
  const text = yield* expandString(sh, parts);
  return yield* arithText(sh, text);
}

export function* arithText(sh: Shell, text: Bytes, who = ''): Op<bigint> {
  try {
    return evalArith(sh, text);
  } catch (e) {
    yield* arithFailed(sh, e, who);
    throw new Discard(1);
  }
}

/** Prints what went wrong in an evaluation; rethrows what is not the user's error. */
export function* arithFailed(sh: Shell, e: unknown, who = ''): Op<void> {
  if (e instanceof ArithError) yield* err(sh.p, `${sh.prefix()}${who}${e.text}\n`);
  else if (e instanceof Unbound) {
    yield* err(sh.p, `${sh.prefix()}${e.varName}: unbound variable\n`);
    throw new Discard(127, true);
  } else if (e instanceof ReadonlyError) yield* err(sh.p, `${sh.prefix()}${e.varName}: readonly variable\n`);
  else throw e;
}

/** Replaces a leading ~ (and in assignments those after `:`). */
export function tilde(sh: Shell, parts: readonly Part[], assignment: boolean): readonly Part[] {
  const first = parts[0];
  if (first === undefined) return parts;
  const needs = (p: Part): boolean => p.t === 'lit' && !p.q && (assignment ? p.s.includes('~') : false);
  if (!(first.t === 'lit' && !first.q && first.s.startsWith('~')) && !parts.some(needs)) return parts;
  const out: Part[] = [];
  parts.forEach((p, i) => {
    if (p.t !== 'lit' || p.q || !p.s.includes('~')) {
      out.push(p);
      return;
    }
    const pieces = assignment ? p.s.split(/(:)/) : [p.s];
    pieces.forEach((piece, j) => {
      const starts = j > 0 ? pieces[j - 1] === ':' : i === 0;
      const m = starts ? /^~([^/:]*)(?=\/|$)/.exec(piece) : null;
      const next = j === pieces.length - 1 ? parts[i + 1] : undefined;
      if (m === null || (m[0] === piece && next !== undefined)) {
        if (piece !== '') out.push({ t: 'lit', s: piece, q: false });
        return;
      }
      const home = homeOf(sh, m[1]!);
      if (home === null) out.push({ t: 'lit', s: piece, q: false });
      else {
        out.push({ t: 'lit', s: home, q: true });
        if (piece.length > m[0].length) out.push({ t: 'lit', s: piece.slice(m[0].length), q: false });
      }
    });
  });
  return out;
}

/** Home directory of a user ('' the shell's own); null when unknown. */
export function homeOf(sh: Shell, user: Bytes): Bytes | null {
  if (user === '') return getVar(sh, 'HOME') ?? '/root';
  if (user === '+') return getVar(sh, 'PWD');
  if (user === '-') return getVar(sh, 'OLDPWD');
  for (const line of passwd(sh)) {
    const f = line.split(':');
    if (f[0] === user) return f[5] ?? null;
  }
  return null;
}

function passwd(sh: Shell): Bytes[] {
  try {
    const f = sh.p.host.vfs.open(sh.p, '/etc/passwd', { read: true }, 0);
    return f.kind === 'inode' ? sh.p.host.vfs.data(f.ino).split('\n') : [];
  } catch {
    return [];
  }
}

late.parts = expandParts;
late.string = expandString;
late.pattern = expandPattern;
late.arith = arithParts;
