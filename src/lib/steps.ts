// Work in steps: a generator that yields between small pieces, so that a page can do them between frames; others run it to its end.

/** Work that gives a T and may rest between two steps. */
export type Steps<T> = Generator<void, T, undefined>;

/** Does it all at once. */
export function toEnd<T>(work: Generator<unknown, T, undefined>): T {
  for (;;) {
    const r = work.next();
    if (r.done) return r.value;
  }
}
