// A program asked for more memory than there is. Linux counterpart: the OOM killer and malloc's failures.

/** The most one program may hold in one string, bytes: far above what a lesson needs, far below what ends a page. */
export const MEMORY = 1 << 26;

/** A program needs more than MEMORY. */
export class OutOfMemory extends Error {
  constructor() {
    super('cannot allocate memory');
  }
}

/** Throws OutOfMemory for a string of more than MEMORY bytes. */
export function fits(bytes: number): void {
  if (bytes > MEMORY) throw new OutOfMemory();
}

/** True when a program failed because memory or stack ran out: by our own bound or by the JavaScript engine's. */
export const isExhausted = (e: unknown): boolean =>
  e instanceof OutOfMemory || (e instanceof Error && /^(RangeError|InternalError)$/.test(e.name) && /Invalid string length|Invalid array length|repeat count|Invalid count value|call stack|too much recursion|allocation size|out of memory/i.test(e.message));
