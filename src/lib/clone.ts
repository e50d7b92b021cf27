// Copies a tree of plain state for a fork. Frozen objects are shared (images, records of behaviour); an object with its own
// `cloneWith` decides for itself; a class may have `static transient` and `static blank`; a function in mutable state is a defect and throws, because a closure cannot be forked.

/** Something that copies itself; `copy` copies what it holds. What it holds may lead back to it: then it says `known.set(this, its copy)` before it copies that. */
export interface Cloneable {
  cloneWith(copy: <T>(x: T) => T, known: Map<object, unknown>): unknown;
}

/**
 * What a class may say about copies of its objects: keys that become null in one; and how to make an object that is filled then, with the class's own `new`.
 * Only such a copy has the same hidden class as its original, and code that meets both in turn (a lab and its forks) runs at half its speed otherwise: so what
 * every packet touches has a `blank`.
 */
export interface CopiedClass {
  readonly transient?: readonly string[];
  readonly blank?: (x: never) => object;
}
const NOT_A_CLASS: CopiedClass = {};

/** The columns that most state has are copied faster by `set` than by `slice`, which asks for the array's species. */
function copyOfColumn(x: Int32Array | Uint8Array | Float64Array): ArrayBufferView {
  const c = x instanceof Int32Array ? new Int32Array(x.length) : x instanceof Uint8Array ? new Uint8Array(x.length) : x instanceof Float64Array ? new Float64Array(x.length) : null;
  if (c === null) return (x as Int32Array).slice();
  c.set(x);
  return c;
}

/** Deep copy of plain data that keeps shared references shared. Throws on functions. */
export function cloneState<T>(root: T, seen: Map<object, unknown> = new Map()): T {
  function copy<U>(x: U): U {
    if (typeof x === 'function') throw new Error(`state holds a function: ${String(x).slice(0, 60)}`);
    if (typeof x !== 'object' || x === null) return x;
    const known = seen.get(x);
    if (known !== undefined) return known as U;
    if (Object.isFrozen(x) && !(x instanceof Map) && !(x instanceof Set)) return x;
    if (ArrayBuffer.isView(x)) {
      const c = copyOfColumn(x as unknown as Int32Array);
      seen.set(x, c);
      return c as U;
    }
    if (typeof (x as unknown as Cloneable).cloneWith === 'function') {
      const c = (x as unknown as Cloneable).cloneWith(copy, seen);
      seen.set(x, c);
      return c as U;
    }
    if (Array.isArray(x)) {
      const c: unknown[] = new Array(x.length);
      seen.set(x, c);
      for (let i = 0; i < x.length; i++) c[i] = copy(x[i]);
      return c as U;
    }
    if (x instanceof Map) {
      const c = new Map<unknown, unknown>();
      seen.set(x, c);
      for (const [k, v] of x) c.set(copy(k), copy(v));
      return c as U;
    }
    if (x instanceof Set) {
      const c = new Set<unknown>();
      seen.set(x, c);
      for (const v of x) c.add(copy(v));
      return c as U;
    }
    // All numbers and texts are copied at once; only what can hold something is looked at again.
    const proto = Object.getPrototypeOf(x) as object | null;
    const { blank, transient }: CopiedClass = proto === Object.prototype ? NOT_A_CLASS : (x.constructor as CopiedClass);
    const c = (blank !== undefined ? Object.assign(blank(x as never), x) : proto === Object.prototype ? { ...x } : { __proto__: proto, ...x }) as Record<string, unknown>;
    seen.set(x, c);
    if (transient !== undefined) for (const key of transient) if (key in c) c[key] = null;
    for (const key in c) {
      const v = c[key];
      if ((typeof v === 'object' && v !== null) || typeof v === 'function') {
        if (Object.hasOwn(c, key)) c[key] = copy(v);
      }
    }
    return c as U;
  }
  return copy(root);
}

/** Freezes a tree of static data, so that forks share it. */
export function deepFreeze<T>(x: T): T {
  if (typeof x === 'object' && x !== null && !Object.isFrozen(x) && !ArrayBuffer.isView(x)) {
    Object.freeze(x);
    for (const v of Object.values(x)) deepFreeze(v);
  }
  return x;
}
