// A value that is made when it is first asked for.

/** `make`'s value, made once, at the first call. */
export function later<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
