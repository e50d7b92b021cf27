// Named, seeded random streams. A stream's numbers depend on the seed and its name only, so a new consumer shifts no other.

/** 32-bit FNV-1a of a string; also used to derive seeds. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** All random streams of a lab. */
export class Rng {
  private streams = new Map<string, number>();
  constructor(readonly seed: number) {}

  /** The next 32-bit unsigned number of the stream `name` (splitmix32). */
  next(name: string): number {
    let s = this.streams.get(name);
    if (s === undefined) s = hash32(`${this.seed}/${name}`);
    s = (s + 0x9e3779b9) | 0;
    this.streams.set(name, s);
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A whole number in [0, below). */
  below(name: string, below: number): number {
    return Math.floor((this.next(name) / 4294967296) * below);
  }

  clone(): Rng {
    const r = new Rng(this.seed);
    r.streams = new Map(this.streams);
    return r;
  }
}
