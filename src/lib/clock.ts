// The one clock of a lab: virtual time in integer microseconds and a 4-ary heap of events that are plain data.
// An event is {at, kind, a, b, ref}: a number says which handler, two ids say whom it concerns, ref carries a frame.

/** What is called when an event is due; the world binds kinds to handlers. */
export interface Due {
  kind: number;
  a: number;
  b: number;
  ref: object | null;
}

const FIRST = 256;

/** Virtual clock. Ties fire in the order set, so `advance(a + b)` equals `advance(a); advance(b)`. */
export class Clock {
  /** Now, in microseconds since the lab was created. */
  now = 0;
  /** How many events wait. */
  size = 0;
  private seq = 0;
  private at = new Float64Array(FIRST);
  private order = new Float64Array(FIRST);
  private kind = new Int32Array(FIRST);
  private a = new Int32Array(FIRST);
  private b = new Int32Array(FIRST);
  private ref: (object | null)[] = [];
  /** The event last taken by `pop`. */
  readonly due: Due = { kind: 0, a: 0, b: 0, ref: null };

  /** Sets an event at absolute time `at` (us; the past means now). */
  push(at: number, kind: number, a: number, b: number, ref: object | null): void {
    const n = this.size;
    if (n === this.at.length) this.grow();
    const t = at < this.now ? this.now : at;
    const seq = this.seq++;
    const ats = this.at;
    const refs = this.ref;
    let i = n;
    this.size = n + 1;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if (ats[parent]! <= t) break; // an equal time was set earlier, so it stays above
      this.move(parent, i);
      i = parent;
    }
    ats[i] = t;
    this.order[i] = seq;
    this.kind[i] = kind;
    this.a[i] = a;
    this.b[i] = b;
    refs[i] = ref;
  }

  /** When the next event is due; Infinity when none waits. */
  next(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.at[0]!;
  }

  /** Takes the next event into `due` and moves `now` to it. Call only when one waits. */
  pop(): Due {
    const ats = this.at;
    const order = this.order;
    const due = this.due;
    this.now = ats[0]!;
    due.kind = this.kind[0]!;
    due.a = this.a[0]!;
    due.b = this.b[0]!;
    due.ref = this.ref[0]!;
    const n = --this.size;
    if (n > 0) {
      const t = ats[n]!;
      const s = order[n]!;
      let i = 0;
      for (;;) {
        const first = (i << 2) + 1;
        if (first >= n) break;
        const end = first + 4 < n ? first + 4 : n;
        let best = first;
        let bestAt = ats[first]!;
        let bestSeq = order[first]!;
        for (let c = first + 1; c < end; c++) {
          const at = ats[c]!;
          if (at < bestAt || (at === bestAt && order[c]! < bestSeq)) {
            best = c;
            bestAt = at;
            bestSeq = order[c]!;
          }
        }
        if (t < bestAt || (t === bestAt && s < bestSeq)) break;
        this.move(best, i);
        i = best;
      }
      if (i !== n) this.move(n, i);
    }
    this.ref[n] = null;
    return due;
  }

  /** Calls `visit` for every waiting event, in no particular order (for the ledger and for drawings). */
  forEach(visit: (kind: number, a: number, b: number, ref: object | null, at: number) => void): void {
    for (let i = 0; i < this.size; i++) visit(this.kind[i]!, this.a[i]!, this.b[i]!, this.ref[i]!, this.at[i]!);
  }

  /** A copy that shares nothing; `copyRef` copies what events carry. */
  clone(copyRef: (ref: object) => object): Clock {
    const c = new Clock();
    c.now = this.now;
    c.size = this.size;
    c.seq = this.seq;
    const cap = Math.max(FIRST, this.size);
    c.at = sized(this.at, new Float64Array(cap), this.size);
    c.order = sized(this.order, new Float64Array(cap), this.size);
    c.kind = sized(this.kind, new Int32Array(cap), this.size);
    c.a = sized(this.a, new Int32Array(cap), this.size);
    c.b = sized(this.b, new Int32Array(cap), this.size);
    c.ref = this.ref.slice(0, this.size).map((r) => (r === null ? null : copyRef(r)));
    return c;
  }

  /** For `cloneState`. */
  cloneWith(copy: <T>(x: T) => T): Clock {
    return this.clone(copy);
  }

  private move(from: number, to: number): void {
    this.at[to] = this.at[from]!;
    this.order[to] = this.order[from]!;
    this.kind[to] = this.kind[from]!;
    this.a[to] = this.a[from]!;
    this.b[to] = this.b[from]!;
    this.ref[to] = this.ref[from]!;
  }

  private grow(): void {
    const cap = this.at.length * 2;
    this.at = sized(this.at, new Float64Array(cap), this.size);
    this.order = sized(this.order, new Float64Array(cap), this.size);
    this.kind = sized(this.kind, new Int32Array(cap), this.size);
    this.a = sized(this.a, new Int32Array(cap), this.size);
    this.b = sized(this.b, new Int32Array(cap), this.size);
  }
}

function sized<T extends Float64Array | Int32Array>(from: T, to: T, used: number): T {
  to.set(from.subarray(0, used));
  return to;
}
