// Assignments: scalars, elements, whole arrays. Linux counterpart: do_assignment in bash's subst.c, assign_compound_array_list in arrayfunc.c.
import type { Op } from '../host/process';
import { ArithError } from './arith';
import type { Bytes } from '../lib/text';
import type { Assign } from './ast';
import { arithFailed, arithText, expandAssigned, expandString, expandWord } from './expand';
import { traceQuote } from './quote';
import { complain } from './say';
import { Discard, type Shell } from './shell';
import { trace } from './trace';
import { findVar, ReadonlyError, setElement, setVar, slot, sortedKeys, target } from './vars';

/** Carries out an assignment. Words refusals and throws Discard. `traced`: show it under set -x. */
export function* assign(sh: Shell, a: Assign, traced = true): Op<void> {
  try {
    yield* assignNow(sh, a, traced && sh.flags.has('x'));
  } catch (e) {
    if (e instanceof ReadonlyError) {
      yield* complain(sh, `${e.varName}: readonly variable`);
      throw new Discard(1);
    }
    if (e instanceof ArithError) {
      yield* arithFailed(sh, e);
      throw new Discard(1);
    }
    throw e;
  }
}

function* assignNow(sh: Shell, a: Assign, traced: boolean): Op<void> {
  if (a.elements !== null) {
    if (traced) yield* trace(sh, a.text);
    yield* assignElements(sh, a);
    return;
  }
  const value = yield* expandAssigned(sh, a.value!);
  if (traced) yield* trace(sh, `${a.name}${a.index === null ? '' : `[${a.indexText}]`}${a.append ? '+' : ''}=${value === '' ? '' : traceQuote(value)}`);
  if (a.index === null) {
    const meant = /^(\w+)\[(.*)\]$/s.exec(target(sh, a.name));
    if (meant !== null) setElement(sh, meant[1]!, meant[2]!, value, a.append);
    else setVar(sh, a.name, value, a.append);
    return;
  }
  const key = yield* elementKey(sh, a.name, a.index, a.indexText);
  if (key === '' && findVar(sh, a.name)?.map) {
    yield* complain(sh, `${a.name}[${a.indexText}]: bad array subscript`);
    throw new Discard(1);
  }
  try {
    setElement(sh, a.name, key, value, a.append);
  } catch (e) {
    if (e instanceof Discard) yield* complain(sh, `${a.name}[${a.indexText}]: bad array subscript`);
    throw e;
  }
}

/** A subscript's value: a key's text, or a number. */
export function* elementKey(sh: Shell, name: string, index: NonNullable<Assign['index']>, text: Bytes): Op<Bytes> {
  if (findVar(sh, name)?.map) return yield* expandString(sh, index);
  if (/^\d+$/.test(text)) return text;
  return String(yield* arithText(sh, yield* expandString(sh, index)));
}

function* assignElements(sh: Shell, a: Assign): Op<void> {
  const v = slot(sh, a.name);
  const assoc = v.map !== null;
  const values: { key: Bytes | null; value: Bytes; append: boolean }[] = [];
  const bare: Bytes[] = [];
  for (const e of a.elements!) {
    if (e.index !== null) {
      const key = assoc ? yield* expandString(sh, e.index) : String(yield* arithText(sh, yield* expandString(sh, e.index)));
      values.push({ key, value: yield* expandAssigned(sh, e.value), append: e.append });
    } else {
      const fields: Bytes[] = [];
      yield* expandWord(sh, e.value, fields);
      if (assoc) bare.push(...fields);
      else for (const f of fields) values.push({ key: null, value: f, append: false });
    }
  }
  if (assoc) {
    if (!a.append) v.map = new Map();
    for (let i = 0; i < bare.length; i += 2) v.map!.set(bare[i]!, bare[i + 1] ?? '');
    for (const { key, value, append } of values) setElement(sh, a.name, key!, value, append);
    return;
  }
  if (!a.append) v.arr = new Map();
  else if (v.arr === null) v.arr = new Map(v.v === null ? [] : [[0, v.v]]);
  v.v = null;
  let next = (sortedKeys(v.arr!).at(-1) ?? -1) + 1;
  for (const { key, value, append } of values) {
    if (key !== null) next = Number(key);
    setElement(sh, a.name, next, value, append);
    next++;
  }
}

/** `NAME=VALUE` or `NAME[SUB]=VALUE` given as text to declare and its kin: what is before the sign; null when it is no assignment. */
export function splitAssignment(text: Bytes): { name: string; sub: Bytes | null; append: boolean; value: Bytes } | null {
  const m = /^([A-Za-z_]\w*)(?:\[([^\]]*)\])?(\+?)=([\s\S]*)$/.exec(text);
  return m === null ? null : { name: m[1]!, sub: m[2] ?? null, append: m[3] === '+', value: m[4]! };
}

