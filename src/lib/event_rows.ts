// Storage of waiting events for the clock: rows of columns, a ring of rows whose times never decrease, and a small heap of bucket numbers.

/** Numbers a row takes: time and order in `when`; kind, two ids and the next row of its chain in `what`. */
export const WHEN = 2;
export const WHAT = 4;

/** Rows of waiting events. The numbers of a row lie together in memory, because most rows are met twice only: when they are set and when they are due. */
export class Rows {
  when: Float64Array;
  what: Int32Array;
  ref: (object | null)[] = [];

  constructor(readonly cap: number) {
    this.when = new Float64Array(cap * WHEN);
    this.what = new Int32Array(cap * WHAT);
  }

  set(i: number, at: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    const { when, what } = this;
    when[i * WHEN] = at;
    when[i * WHEN + 1] = order;
    what[i * WHAT] = kind;
    what[i * WHAT + 1] = a;
    what[i * WHAT + 2] = b;
    this.ref[i] = ref;
  }

  /** Row `i` of another lot becomes row `to` here. */
  take(from: Rows, i: number, to: number, ref: object | null = from.ref[i]!): void {
    const { when, what } = from;
    this.set(to, when[i * WHEN]!, when[i * WHEN + 1]!, what[i * WHAT]!, what[i * WHAT + 1]!, what[i * WHAT + 2]!, ref);
  }

  /** The first `used` rows in `cap` places. */
  resized(cap: number, used: number, copyRef: (ref: object) => object = (r) => r): Rows {
    const r = new Rows(cap);
    r.when.set(this.when.subarray(0, used * WHEN));
    r.what.set(this.what.subarray(0, used * WHAT));
    for (let i = 0; i < used; i++) {
      const ref = this.ref[i]!;
      r.ref[i] = ref === null ? null : copyRef(ref);
    }
    return r;
  }
}

/** Places a queue begins with (a power of two). */
const LANE = 8;

/** A queue of events whose times never decrease: a ring of rows. */
export class Lane {
  rows: Rows;
  head = 0;
  count = 0;
  /** Time of the last one set. */
  tail = 0;

  constructor(cap = LANE) {
    this.rows = new Rows(cap);
  }

  add(at: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    if (this.count === this.rows.cap) this.grow();
    this.rows.set((this.head + this.count++) & (this.rows.cap - 1), at, order, kind, a, b, ref);
    this.tail = at;
  }

  private grow(): void {
    const { cap } = this.rows;
    const r = new Rows(cap * 2);
    for (let i = 0; i < cap; i++) r.take(this.rows, (this.head + i) & (cap - 1), i);
    this.rows = r;
    this.head = 0;
  }

  clone(copyRef: (ref: object) => object): Lane {
    let cap = LANE;
    while (cap < this.count) cap *= 2;
    const l = new Lane(cap);
    for (let i = 0; i < this.count; i++) {
      const j = (this.head + i) & (this.rows.cap - 1);
      const ref = this.rows.ref[j]!;
      l.rows.take(this.rows, j, i, ref === null ? null : copyRef(ref));
    }
    l.count = this.count;
    l.tail = this.tail;
    return l;
  }
}

/** Adds a slot number to a binary heap. */
export function pushSlot(heap: number[], slot: number): void {
  let i = heap.length;
  heap.push(slot);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]! <= slot) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = slot;
}

/** Takes the smallest slot number. */
export function popSlot(heap: number[]): number {
  const least = heap[0]!;
  const last = heap.pop()!;
  const n = heap.length;
  if (n > 0) {
    let i = 0;
    for (;;) {
      let c = 2 * i + 1;
      if (c >= n) break;
      if (c + 1 < n && heap[c + 1]! < heap[c]!) c++;
      if (heap[c]! >= last) break;
      heap[i] = heap[c]!;
      i = c;
    }
    heap[i] = last;
  }
  return least;
}
