// Storage of waiting events for the clock: rows of columns, a ring of rows whose times never decrease, and a small heap of bucket numbers.

/** Columns of waiting events. */
export class Rows {
  at: Float64Array;
  order: Float64Array;
  kind: Int32Array;
  a: Int32Array;
  b: Int32Array;
  ref: (object | null)[] = [];

  constructor(cap: number) {
    this.at = new Float64Array(cap);
    this.order = new Float64Array(cap);
    this.kind = new Int32Array(cap);
    this.a = new Int32Array(cap);
    this.b = new Int32Array(cap);
  }

  set(i: number, at: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    this.at[i] = at;
    this.order[i] = order;
    this.kind[i] = kind;
    this.a[i] = a;
    this.b[i] = b;
    this.ref[i] = ref;
  }

  move(from: number, to: number): void {
    this.at[to] = this.at[from]!;
    this.order[to] = this.order[from]!;
    this.kind[to] = this.kind[from]!;
    this.a[to] = this.a[from]!;
    this.b[to] = this.b[from]!;
    this.ref[to] = this.ref[from]!;
  }

  /** The first `used` rows in `cap` places. */
  resized(cap: number, used: number, copyRef: (ref: object) => object = (r) => r): Rows {
    const r = new Rows(cap);
    r.at.set(this.at.subarray(0, used));
    r.order.set(this.order.subarray(0, used));
    r.kind.set(this.kind.subarray(0, used));
    r.a.set(this.a.subarray(0, used));
    r.b.set(this.b.subarray(0, used));
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
    let cap = this.rows.at.length;
    if (this.count === cap) {
      const r = new Rows(cap * 2);
      for (let i = 0; i < cap; i++) {
        const j = (this.head + i) & (cap - 1);
        const o = this.rows;
        r.set(i, o.at[j]!, o.order[j]!, o.kind[j]!, o.a[j]!, o.b[j]!, o.ref[j]!);
      }
      this.rows = r;
      this.head = 0;
      cap *= 2;
    }
    this.rows.set((this.head + this.count++) & (cap - 1), at, order, kind, a, b, ref);
    this.tail = at;
  }

  clone(copyRef: (ref: object) => object): Lane {
    let cap = LANE;
    while (cap < this.count) cap *= 2;
    const l = new Lane(cap);
    for (let i = 0; i < this.count; i++) {
      const o = this.rows;
      const j = (this.head + i) & (o.at.length - 1);
      const ref = o.ref[j]!;
      l.rows.set(i, o.at[j]!, o.order[j]!, o.kind[j]!, o.a[j]!, o.b[j]!, ref === null ? null : copyRef(ref));
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
