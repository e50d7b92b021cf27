// Shell variables: scopes, attributes, arrays, and the variables the shell computes. Linux counterpart: bash's variables.c, arrayfunc.c.
import { DYNAMIC, dynamicArray, dynamicScalar } from './dynamic_vars';
import { nowUs } from '../host/syscall';
import { fits } from '../lib/exhausted';
import type { Bytes } from '../lib/text';
import { Discard, type Scope, type Shell, type Var } from './shell';


export const newVar = (v: Bytes | null = null): Var => ({ v, arr: null, map: null, export: false, readonly: false, integer: false, lower: false, upper: false, nameref: false });

/** The variable of a name in scope (following no nameref), or undefined. */
export function rawVar(sh: Shell, name: string): Var | undefined {
  for (let i = sh.scopes.length - 1; i >= 0; i--) {
    const v = sh.scopes[i]!.vars.get(name);
    if (v !== undefined) return v;
  }
  return undefined;
}

/** Follows namerefs: the name meant. */
export function target(sh: Shell, name: string): string {
  let n = name;
  for (let i = 0; i < 8; i++) {
    const v = rawVar(sh, n);
    if (v === undefined || !v.nameref || v.v === null || v.v === '') return n;
    n = v.v;
  }
  return n;
}

export function findVar(sh: Shell, name: string): Var | undefined {
  const v = rawVar(sh, name);
  return v?.nameref ? rawVar(sh, target(sh, name)) : v;
}

/** The innermost function's scope, or the global one: where `local` and `declare` put names. */
export function localScope(sh: Shell): Scope {
  for (let i = sh.scopes.length - 1; i > 0; i--) if (sh.scopes[i]!.fn) return sh.scopes[i]!;
  return sh.scopes[0]!;
}

/** Scalar value of a variable (element 0 of an array); null when unset. */
export function getVar(sh: Shell, name: string): Bytes | null {
  const v = findVar(sh, name);
  if (v !== undefined) {
    if (v.nameref) return v.v;
    if (v.arr !== null) return v.arr.get(0) ?? null;
    if (v.map !== null) return v.map.get('0') ?? null;
    return v.v;
  }
  return DYNAMIC.has(name) ? dynamicScalar(sh, name) : null;
}

export const getOr = (sh: Shell, name: string, otherwise: Bytes): Bytes => getVar(sh, name) ?? otherwise;

/** Keys of an array in order; ['0'] for a set scalar; [] when unset. */
export function keysOf(sh: Shell, name: string): Bytes[] {
  const v = findVar(sh, name);
  if (v === undefined) {
    const d = dynamicArray(sh, name);
    if (d !== null) return d.map((_, i) => String(i));
    return DYNAMIC.has(name) && dynamicScalar(sh, name) !== null ? ['0'] : [];
  }
  if (v.arr !== null) return sortedKeys(v.arr).map(String);
  if (v.map !== null) return [...v.map.keys()];
  return v.v === null ? [] : ['0'];
}

export function sortedKeys(arr: Map<number, Bytes>): number[] {
  const keys = [...arr.keys()];
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) return keys.sort((a, b) => a - b);
  return keys;
}

/** All values of an array in order (a scalar is an array of one). */
export function valuesOf(sh: Shell, name: string): Bytes[] {
  const v = findVar(sh, name);
  if (v === undefined) {
    const d = dynamicArray(sh, name);
    if (d !== null) return d;
    const s = DYNAMIC.has(name) ? dynamicScalar(sh, name) : null;
    return s === null ? [] : [s];
  }
  if (v.arr !== null) return sortedKeys(v.arr).map((k) => v.arr!.get(k)!);
  if (v.map !== null) return hashOrder(v.map).map((k) => v.map!.get(k)!);
  return v.v === null ? [] : [v.v];
}

/** Keys of an associative array in the order bash's hash table (FNV-1, 1024 buckets, last put first) walks them. */
export function hashOrder(map: Map<Bytes, Bytes>): Bytes[] {
  const buckets = new Map<number, Bytes[]>();
  for (const k of map.keys()) {
    let h = 2166136261;
    for (let i = 0; i < k.length; i++) {
      h = Math.imul(h, 16777619);
      h = (h ^ k.charCodeAt(i)) >>> 0;
    }
    const b = (h >>> 0) & 1023;
    const list = buckets.get(b);
    if (list === undefined) buckets.set(b, [k]);
    else list.unshift(k);
  }
  return [...buckets.keys()].sort((a, b) => b - a).flatMap((b) => buckets.get(b)!.slice());
}

/** One element; null when unset. */
export function getElement(sh: Shell, name: string, key: Bytes | number): Bytes | null {
  const v = findVar(sh, name);
  if (v === undefined) {
    const d = dynamicArray(sh, name);
    return d === null ? null : (d.at(Number(key)) ?? null);
  }
  if (v.map !== null) return v.map.get(String(key)) ?? null;
  let k = Number(key);
  if (v.arr !== null) {
    if (k < 0) k += (sortedKeys(v.arr).at(-1) ?? -1) + 1;
    return v.arr.get(k) ?? null;
  }
  return k === 0 || k === -1 ? v.v : null;
}

/** Words a readonly refusal; the caller gives up the command line. */
export class ReadonlyError extends Error {
  constructor(readonly varName: string) {
    super(varName);
  }
}

/** A variable's own conversions (-i -l -u). `evaluate` computes arithmetic. */
function convert(v: Var, value: Bytes, evaluate: (text: Bytes) => Bytes): Bytes {
  let s = value;
  if (v.integer) s = evaluate(s);
  if (v.lower) s = s.toLowerCase();
  if (v.upper) s = s.toUpperCase();
  return s;
}

/** Arithmetic by text; set by arith.ts (which needs variables itself). */
export const hooks: { arith: (sh: Shell, text: Bytes) => bigint } = {
  arith: () => {
    throw new Error('arith.ts is not loaded');
  },
};

const evaluator = (sh: Shell) => (text: Bytes): Bytes => String(hooks.arith(sh, text));

/** The variable to assign to, made where it belongs. Throws ReadonlyError. */
export function slot(sh: Shell, name: string): Var {
  const n = target(sh, name);
  const known = rawVar(sh, n);
  if (known !== undefined) {
    if (known.readonly) throw new ReadonlyError(n);
    return known;
  }
  const v = newVar();
  if (sh.flags.has('a')) v.export = true;
  sh.scopes[0]!.vars.set(n, v);
  return v;
}

/** Assigns a scalar (element 0 of an array). Throws ReadonlyError. */
export function setVar(sh: Shell, name: string, value: Bytes, append = false): void {
  switch (name) {
    case 'RANDOM':
      sh.randomSeed = (Number.parseInt(value, 10) || 0) >>> 0;
      return;
    case 'SECONDS':
      sh.secondsFrom = nowUs(sh.p) - (Number.parseInt(value, 10) || 0) * 1e6;
      return;
    case 'LINENO': case 'BASHPID': case 'FUNCNAME': case 'PIPESTATUS': case 'EPOCHSECONDS': case 'BASH_SUBSHELL': case 'GROUPS':
      return;
    case 'UID': case 'EUID': case 'PPID': case 'SHELLOPTS': case 'BASHOPTS':
      throw new ReadonlyError(name);
    case 'OPTIND':
      sh.optChar = 1;
  }
  const v = slot(sh, name);
  let s = value;
  if (append) {
    const old = (v.arr !== null ? v.arr.get(0) : v.map !== null ? v.map.get('0') : v.v) ?? '';
    s = v.integer ? `${old === '' ? '0' : old}+(${value})` : old + value;
  }
  fits(s.length);
  s = convert(v, s, evaluator(sh));
  if (v.arr !== null) v.arr.set(0, s);
  else if (v.map !== null) v.map.set('0', s);
  else v.v = s;
  if (sh.flags.has('a')) v.export = true;
}

/** Assigns one element. A scalar becomes an indexed array. Throws ReadonlyError, Discard for a bad subscript (already worded). */
export function setElement(sh: Shell, name: string, key: Bytes | number, value: Bytes, append = false): void {
  const v = slot(sh, name);
  const conv = evaluator(sh);
  if (v.map !== null) {
    const k = String(key);
    const old = v.map.get(k) ?? '';
    v.map.set(k, convert(v, append ? (v.integer ? `${old || '0'}+(${value})` : old + value) : value, conv));
    return;
  }
  if (v.arr === null) {
    v.arr = new Map();
    if (v.v !== null) v.arr.set(0, v.v);
    v.v = null;
  }
  let k = Number(key);
  if (k < 0) {
    k += (sortedKeys(v.arr).at(-1) ?? -1) + 1;
    if (k < 0) throw new Discard(1);
  }
  const old = v.arr.get(k) ?? '';
  v.arr.set(k, convert(v, append ? (v.integer ? `${old || '0'}+(${value})` : old + value) : value, conv));
}

/** Replaces the whole variable by an indexed array. */
export function setArray(sh: Shell, name: string, values: readonly Bytes[]): void {
  const v = slot(sh, name);
  v.map = null;
  v.v = null;
  v.arr = new Map(values.map((s, i) => [i, s]));
}

/** Removes a variable from the innermost scope that has it. Throws ReadonlyError. */
export function unsetVar(sh: Shell, name: string): boolean {
  for (let i = sh.scopes.length - 1; i >= 0; i--) {
    const v = sh.scopes[i]!.vars.get(name);
    if (v === undefined) continue;
    if (v.readonly) throw new ReadonlyError(name);
    if (i > 0 && sh.scopes[i]!.fn && localScope(sh) === sh.scopes[i]) {
      // A local stays local, and unset, until the function returns.
      sh.scopes[i]!.vars.set(name, newVar());
    } else sh.scopes[i]!.vars.delete(name);
    return true;
  }
  return false;
}

/** Environment of the programs the shell starts: exported variables, innermost first. */
export function environment(sh: Shell): Map<string, string> {
  const env = new Map<string, string>();
  for (const scope of sh.scopes) {
    for (const [name, v] of scope.vars) {
      if (v.export && v.v !== null) env.set(name, v.v);
      else if (!v.export || v.arr === null) env.delete(name);
    }
  }
  for (const [name, f] of sh.functions) if (f.export) env.set(`BASH_FUNC_${name}%%`, `() ${f.src}`);
  return env;
}

/** All names in scope that begin with `prefix`, sorted. */
export function namesWith(sh: Shell, prefix: string): string[] {
  const names = new Set<string>();
  for (const s of sh.scopes) for (const [n, v] of s.vars) if (n.startsWith(prefix) && (v.v !== null || v.arr !== null || v.map !== null)) names.add(n);
  for (const n of DYNAMIC) if (n.startsWith(prefix)) names.add(n);
  return [...names].sort();
}
