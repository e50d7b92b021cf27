// Parameter expansion: $x, ${x:-y}, ${x#y}, ${x/y/z}, ${a[@]} and the rest. Linux counterpart: parameter_brace_expand in bash's subst.c.
import { emit, isUtf8, one, type Out, type Value } from './fields';
import { late } from './late';
import { attributes } from './param_attributes';
import { recase, replace, trim } from './param_ops';
import type { Op } from '../host/process';
import { err } from '../host/syscall';
import { type Bytes, utf8Chars } from '../lib/text';
import type { Param } from './ast';
import { matchOptions, unescapePattern } from './glob';
import { Discard, type Shell } from './shell';
import { findVar, getElement, getVar, hashOrder, keysOf, namesWith, ReadonlyError, setElement, setVar, target, valuesOf } from './vars';
import { compileParam } from './word';

/** Expands one parameter into `o`. */
export function* expandParam(sh: Shell, par: Param, o: Out, dq: boolean): Op<void> {
  if (par.op === '' && par.prefix === '' && par.index === null) {
    const c = par.name.charCodeAt(0);
    if (c > 64 || c === 63 || (c > 47 && c < 58)) {
      // The common case: a plain scalar.
      const v = special(sh, par.name);
      if (v === null && sh.flags.has('u')) yield* unbound(sh, par.name);
      if (dq) o.quoted(v ?? '');
      else o.result(v ?? '');
      return;
    }
  }
  if (par.op === 'bad') {
    yield* err(sh.p, `${sh.prefix()}${par.text}: bad substitution\n`);
    throw new Discard(1);
  }
  if (par.prefix === '!') {
    yield* indirect(sh, par, o, dq);
    return;
  }
  const key = yield* subscript(sh, par);
  const value = lookup(sh, par, key);
  if (par.prefix === '#') {
    const n = value.list !== null ? value.list.length : length(sh, yield* need(sh, par, value.one));
    emit(o, one(String(n)), dq, sh);
    return;
  }
  switch (par.op) {
    case ':-': case '-': case ':=': case '=': case ':?': case '?': case ':+': case '+':
      yield* defaults(sh, par, key, value, o, dq);
      return;
    case '':
      if (value.list === null) yield* need(sh, par, value.one);
      emit(o, value, dq, sh);
      return;
    case ':':
      emit(o, yield* slice(sh, par, value), dq, sh);
      return;
    default:
      yield* transform(sh, par, value, o, dq);
  }
}

/** Value under `set -u`, '' for unset otherwise. */
function* need(sh: Shell, par: Param, v: Bytes | null): Op<Bytes> {
  if (v === null && sh.flags.has('u')) yield* unbound(sh, par.index === null ? par.name : `${par.name}[${par.indexText}]`);
  return v ?? '';
}

function* unbound(sh: Shell, name: string): Op<never> {
  yield* err(sh.p, `${sh.prefix()}${/^\d/.test(name) ? `$${name}` : name}: unbound variable\n`);
  throw new Discard(127, true);
}

/** A scalar or special parameter by name. */
export function special(sh: Shell, name: string): Bytes | null {
  const c = name.charCodeAt(0);
  if (c > 64 && name !== '_') return getVar(sh, name);
  switch (name) {
    case '?': return String(sh.status);
    case '#': return String(sh.args.length);
    case '$': return String(sh.pid);
    case '!': return sh.bgPid === 0 ? null : String(sh.bgPid);
    case '-': return flagLetters(sh);
    case '0': return sh.name;
    case '_': return sh.lastArg;
  }
  return sh.args[Number(name) - 1] ?? null;
}

/** `$-`. */
export function flagLetters(sh: Shell): string {
  const order = 'abefhikmnprtuvxBCEHPT';
  let s = '';
  for (const c of order) if (sh.flags.has(c) || (c === 'i' && sh.interactive)) s += c;
  return s + (sh.mode === 'c' ? 'c' : sh.mode === 'stdin' || sh.mode === 'terminal' ? 's' : '');
}

/** The subscript: '@', '*', a number's or key's text; null when there is none. */
function* subscript(sh: Shell, par: Param): Op<Bytes | null> {
  if (par.index === null) return null;
  if (par.indexText === '@' || par.indexText === '*') return par.indexText;
  if (findVar(sh, par.name)?.map) return yield* late.string(sh, par.index);
  return String(yield* late.arith(sh, par.index));
}

function lookup(sh: Shell, par: Param, key: Bytes | null): Value {
  if (par.name === '@' || par.name === '*') return { one: null, list: sh.args, star: par.name === '*' };
  if (key === '@' || key === '*') return { one: null, list: valuesOf(sh, par.name), star: key === '*' };
  if (key !== null) return one(getElement(sh, par.name, key));
  return one(special(sh, par.name));
}

/** ${!x}, ${!p*}, ${!a[@]}. */
function* indirect(sh: Shell, par: Param, o: Out, dq: boolean): Op<void> {
  if (par.op === 'names*' || par.op === 'names@') {
    emit(o, { one: null, list: namesWith(sh, par.name), star: par.op === 'names*' }, dq, sh);
    return;
  }
  if (par.indexText === '@' || par.indexText === '*') {
    const v = findVar(sh, par.name);
    const keys = v?.map ? hashOrder(v.map) : keysOf(sh, par.name);
    emit(o, { one: null, list: keys, star: par.indexText === '*' }, dq, sh);
    return;
  }
  const raw = sh.scopes.at(-1)?.vars.get(par.name) ?? sh.scopes[0]!.vars.get(par.name);
  if (raw?.nameref && par.op === '') {
    emit(o, one(target(sh, par.name)), dq, sh);
    return;
  }
  const name = lookup(sh, { ...par, prefix: '' }, yield* subscript(sh, par)).one;
  if (name === null || name === '') {
    if (par.op === '' || sh.flags.has('u')) {
      yield* err(sh.p, `${sh.prefix()}${name === null ? `${par.name}: invalid indirect expansion` : `${par.name}: invalid variable name`}\n`);
      throw new Discard(1);
    }
    yield* expandParam(sh, { ...par, prefix: '', name: '__unset__', index: null }, o, dq);
    return;
  }
  if (!/^([A-Za-z_]\w*(\[.*\])?|\d+|[@*#?$!-])$/s.test(name)) {
    yield* err(sh.p, `${sh.prefix()}${name}: invalid variable name\n`);
    throw new Discard(1);
  }
  const meant = compileParam(`\${${name}}`, sh.line, 'word');
  yield* expandParam(sh, { ...meant, op: par.op, a: par.a, b: par.b, text: par.text }, o, dq);
}

function* defaults(sh: Shell, par: Param, key: Bytes | null, value: Value, o: Out, dq: boolean): Op<void> {
  const colon = par.op.length === 2;
  const kind = par.op.at(-1);
  const text = value.list !== null ? (value.list.length === 0 ? null : value.list.join(' ')) : value.one;
  const unset = text === null || (colon && text === '');
  if (kind === '+') {
    if (!unset) yield* late.parts(sh, operand(par), o, dq);
    return;
  }
  if (!unset) {
    emit(o, value, dq, sh);
    return;
  }
  if (kind === '-') {
    yield* late.parts(sh, operand(par), o, dq);
    return;
  }
  const word = yield* late.string(sh, operand(par));
  if (kind === '=') {
    if (/^[\d@*#?$!-]/.test(par.name)) {
      yield* err(sh.p, `${sh.prefix()}$${par.name}: cannot assign in this way\n`);
      throw new Discard(1);
    }
    try {
      if (key !== null) setElement(sh, par.name, key, word);
      else setVar(sh, par.name, word);
    } catch (e) {
      if (!(e instanceof ReadonlyError)) throw e;
      yield* err(sh.p, `${sh.prefix()}${e.varName}: readonly variable\n`);
      throw new Discard(1);
    }
    emit(o, one(word), dq, sh);
    return;
  }
  const says = word !== '' ? word : par.a === null || par.a.text === '' ? `parameter ${colon ? 'null or ' : ''}not set` : '';
  yield* err(sh.p, `${sh.prefix()}${par.name}: ${says}\n`);
  throw new Discard(127, true);
}

const operand = (par: Param): Param['a'] extends null ? never : NonNullable<Param['a']>['parts'] => par.a?.parts ?? [];

function* slice(sh: Shell, par: Param, value: Value): Op<Value> {
  const offset = Number(yield* late.arith(sh, par.a!.parts));
  const count = par.b === null ? null : Number(yield* late.arith(sh, par.b.parts));
  if (value.list !== null) {
    const positional = par.name === '@' || par.name === '*';
    const all = positional ? [sh.name, ...sh.args] : value.list;
    let from = offset < 0 ? all.length + offset : offset;
    if (count !== null && count < 0) {
      yield* err(sh.p, `${sh.prefix()}${par.b!.text.trim()}: substring expression < 0\n`);
      throw new Discard(1);
    }
    if (from < 0) return { ...value, list: [] };
    if (!positional) {
      // Array offsets count indices, not elements.
      const keys = keysOf(sh, par.name).map(Number);
      if (findVar(sh, par.name)?.map === null || findVar(sh, par.name) === undefined) {
        if (offset < 0) from = (keys.at(-1) ?? -1) + 1 + offset;
        const at = keys.findIndex((k) => k >= from);
        from = at < 0 ? all.length : at;
      }
    }
    return { ...value, list: all.slice(from, count === null ? undefined : from + count) };
  }
  const text = yield* need(sh, par, value.one);
  const chars = isUtf8(sh) ? utf8Chars(text) : null;
  const n = chars === null ? text.length : chars.length;
  const from = offset < 0 ? n + offset : offset;
  if (from < 0 || from > n) return one('');
  let to = count === null ? n : count < 0 ? n + count : from + count;
  if (to < from) {
    if (count !== null && count < 0) {
      yield* err(sh.p, `${sh.prefix()}${par.b!.text.trim()}: substring expression < 0\n`);
      throw new Discard(1);
    }
    to = from;
  }
  return one(chars === null ? text.slice(from, to) : chars.slice(from, to).join(''));
}

/** Length in characters of the locale. */
function length(sh: Shell, s: Bytes): number {
  return isUtf8(sh) ? utf8Chars(s).length : s.length;
}

/** Operators that turn each value into another: # % / ^ , @. */
function* transform(sh: Shell, par: Param, value: Value, o: Out, dq: boolean): Op<void> {
  if (par.op === '@') {
    yield* attributes(sh, par, value, o, dq);
    return;
  }
  if (value.list === null) yield* need(sh, par, value.one);
  const opts = matchOptions(sh, isUtf8(sh));
  const pattern = par.a === null ? '' : yield* late.pattern(sh, par.a);
  let change: (s: Bytes) => Bytes;
  switch (par.op) {
    case '#': case '##': case '%': case '%%':
      change = (s) => trim(s, par.op, pattern, opts);
      break;
    case '/': case '//': case '/#': case '/%': {
      const to = par.b === null ? '' : yield* replacement(sh, par);
      change = (s) => replace(s, par.op, pattern, to, opts);
      break;
    }
    default:
      change = (s) => recase(s, par.op, pattern, opts);
  }
  emit(o, value.list === null ? one(change(value.one ?? '')) : { ...value, list: value.list.map(change) }, dq, sh);
}

/** The replacement as text where \x01& marks the match (an unquoted & under patsub_replacement). */
function* replacement(sh: Shell, par: Param): Op<(match: Bytes) => Bytes> {
  const pat = yield* late.pattern(sh, par.b!);
  if (!sh.shopts.has('patsub_replacement') || !pat.includes('&')) {
    const s = unescapePattern(pat);
    return () => s;
  }
  const raw = yield* late.string(sh, par.b!.parts);
  const quotedAmp = par.b!.parts.some((p) => (p.t === 'lit' && p.q && p.s.includes('&')) || p.t === 'dq');
  if (quotedAmp) return () => raw;
  return (m) => raw.replaceAll('&', () => m);
}
