// The one clock of a lab: virtual time in integer microseconds and events that are plain data, {at, kind, a, b, ref}: a number says
// which handler, two ids say whom it concerns, ref carries a frame.
// What is set for now, or for one link crossing from now, comes in order by itself and waits in a queue each. Other near events lie in a
// 4-ary heap; far ones (connection timers of minutes, by the hundred thousand) in buckets of 4 ms that are
// poured into the heap when their time comes, so that a packet in flight never sifts through timers.

import { Lane, popSlot, pushSlot, Rows } from './event_rows';

/** What is due; the world binds kinds to handlers. */
export interface Due {
  kind: number;
  a: number;
  b: number;
  ref: object | null;
}

const FIRST = 16;
/** Width of a far bucket, us. */
const SLOT = 4096;

/** Longest time ahead that the second lane takes, us: a crossing of a segment. */
const CROSSING = 100;

/** Virtual clock. Ties fire in the order set, so `advance(a + b)` equals `advance(a); advance(b)`. */
export class Clock {
  /** Now, in microseconds since the lab was created. */
  now = 0;
  private seq = 0;
  /** The heap, and how many rows of it are used. */
  private soon = new Lane();
  private crossing = new Lane();
  private near = new Rows(FIRST);
  private nearCount = 0;
  /** Everything before this time is in the heap. */
  private horizon = SLOT;
  /** Far rows, chained by `farNext`; `buckets` has the first of each slot, `slots` is a binary heap of slot numbers. */
  private far = new Rows(FIRST);
  private farNext = new Int32Array(FIRST);
  private farUsed = 0;
  private farFree = -1;
  private farCount = 0;
  private buckets = new Map<number, number>();
  private slots: number[] = [];
  /** The event last taken. */
  readonly due: Due = { kind: 0, a: 0, b: 0, ref: null };

  /** How many events wait. */
  get size(): number {
    return this.soon.count + this.crossing.count + this.nearCount + this.farCount;
  }

  /** How many events were ever set: a measure of what has happened. */
  get set(): number {
    return this.seq;
  }

  /** Sets an event at absolute time `at` (us; the past means now). */
  push(at: number, kind: number, a: number, b: number, ref: object | null): void {
    const t = at < this.now ? this.now : at;
    const order = this.seq++;
    if (t === this.now) this.soon.add(t, order, kind, a, b, ref);
    else if (t - this.now === CROSSING && t >= this.crossing.tail) this.crossing.add(t, order, kind, a, b, ref);
    else if (t < this.horizon) this.insert(t, order, kind, a, b, ref);
    else this.insertFar(t, order, kind, a, b, ref);
  }

  private insert(t: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    let r = this.near;
    let i = this.nearCount++;
    if (i === r.at.length) {
      r = r.resized(i * 2, i);
      this.near = r;
    }
    const ats = r.at;
    const orders = r.order;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const pt = ats[parent]!;
      if (pt < t || (pt === t && orders[parent]! < order)) break;
      r.move(parent, i);
      i = parent;
    }
    r.set(i, t, order, kind, a, b, ref);
  }

  private insertFar(t: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    let i = this.farFree;
    if (i >= 0) this.farFree = this.farNext[i]!;
    else {
      i = this.farUsed++;
      if (i === this.far.at.length) {
        this.far = this.far.resized(i * 2, i);
        const next = new Int32Array(i * 2);
        next.set(this.farNext);
        this.farNext = next;
      }
    }
    this.far.set(i, t, order, kind, a, b, ref);
    const slot = Math.floor(t / SLOT);
    const head = this.buckets.get(slot);
    if (head === undefined) {
      this.farNext[i] = -1;
      pushSlot(this.slots, slot);
    } else this.farNext[i] = head;
    this.buckets.set(slot, i);
    this.farCount++;
  }

  /** Moves the earliest bucket into the heap. */
  private pour(): void {
    const slot = popSlot(this.slots);
    this.horizon = (slot + 1) * SLOT;
    let i = this.buckets.get(slot)!;
    this.buckets.delete(slot);
    const f = this.far;
    while (i >= 0) {
      this.insert(f.at[i]!, f.order[i]!, f.kind[i]!, f.a[i]!, f.b[i]!, f.ref[i]!);
      f.ref[i] = null;
      this.farCount--;
      const next = this.farNext[i]!;
      this.farNext[i] = this.farFree;
      this.farFree = i;
      i = next;
    }
  }

  /** When the next event is due; Infinity when none waits. */
  next(): number {
    let at = Number.POSITIVE_INFINITY;
    if (this.soon.count > 0) at = this.soon.rows.at[this.soon.head]!;
    if (this.crossing.count > 0) {
      const t = this.crossing.rows.at[this.crossing.head]!;
      if (t < at) at = t;
    }
    // A far bucket matters only when nothing before its time waits here.
    while (this.farCount > 0 && this.nearCount === 0 && this.slots[0]! * SLOT <= at) this.pour();
    if (this.nearCount > 0 && this.near.at[0]! < at) at = this.near.at[0]!;
    return at;
  }

  /** Takes the next event into `due` and moves `now` to it; null when none is due by `until` (us). */
  take(until: number): Due | null {
    const { soon, crossing } = this;
    let lane: Lane | null = null;
    let at = Number.POSITIVE_INFINITY;
    let order = 0;
    if (soon.count > 0) {
      lane = soon;
      at = soon.rows.at[soon.head]!;
      order = soon.rows.order[soon.head]!;
    }
    if (crossing.count > 0) {
      const t = crossing.rows.at[crossing.head]!;
      if (t < at || (t === at && crossing.rows.order[crossing.head]! < order)) {
        lane = crossing;
        at = t;
        order = crossing.rows.order[crossing.head]!;
      }
    }
    while (this.farCount > 0 && this.nearCount === 0 && this.slots[0]! * SLOT <= at) this.pour();
    if (this.nearCount > 0) {
      const t = this.near.at[0]!;
      if (t < at || (t === at && this.near.order[0]! < order)) {
        if (t > until) return null;
        this.now = t;
        return this.popNear();
      }
    }
    if (lane === null || at > until) return null;
    this.now = at;
    const { due } = this;
    const r = lane.rows;
    const h = lane.head;
    due.kind = r.kind[h]!;
    due.a = r.a[h]!;
    due.b = r.b[h]!;
    due.ref = r.ref[h]!;
    r.ref[h] = null;
    lane.head = (h + 1) & (r.at.length - 1);
    lane.count--;
    return due;
  }

  private popNear(): Due {
    const r = this.near;
    const ats = r.at;
    const orders = r.order;
    const due = this.due;
    due.kind = r.kind[0]!;
    due.a = r.a[0]!;
    due.b = r.b[0]!;
    due.ref = r.ref[0]!;
    const n = --this.nearCount;
    if (n > 0) {
      const t = ats[n]!;
      const s = orders[n]!;
      let i = 0;
      for (;;) {
        const first = (i << 2) + 1;
        if (first >= n) break;
        const end = first + 4 < n ? first + 4 : n;
        let best = first;
        let bestAt = ats[first]!;
        let bestSeq = orders[first]!;
        for (let c = first + 1; c < end; c++) {
          const at = ats[c]!;
          if (at < bestAt || (at === bestAt && orders[c]! < bestSeq)) {
            best = c;
            bestAt = at;
            bestSeq = orders[c]!;
          }
        }
        if (t < bestAt || (t === bestAt && s < bestSeq)) break;
        r.move(best, i);
        i = best;
      }
      if (i !== n) r.move(n, i);
    }
    r.ref[n] = null;
    return due;
  }

  /** Calls `visit` for every waiting event, in no particular order (for the ledger and for drawings). */
  forEach(visit: (kind: number, a: number, b: number, ref: object | null, at: number) => void): void {
    for (const l of [this.soon, this.crossing]) {
      const r = l.rows;
      for (let i = 0; i < l.count; i++) {
        const j = (l.head + i) & (r.at.length - 1);
        visit(r.kind[j]!, r.a[j]!, r.b[j]!, r.ref[j]!, r.at[j]!);
      }
    }
    const n = this.near;
    for (let i = 0; i < this.nearCount; i++) visit(n.kind[i]!, n.a[i]!, n.b[i]!, n.ref[i]!, n.at[i]!);
    const f = this.far;
    for (const head of this.buckets.values()) for (let i = head; i >= 0; i = this.farNext[i]!) visit(f.kind[i]!, f.a[i]!, f.b[i]!, f.ref[i]!, f.at[i]!);
  }

  /** A copy that shares nothing; `copyRef` copies what events carry. */
  clone(copyRef: (ref: object) => object): Clock {
    const c = new Clock();
    c.now = this.now;
    c.seq = this.seq;
    c.soon = this.soon.clone(copyRef);
    c.crossing = this.crossing.clone(copyRef);
    c.near = this.near.resized(Math.max(FIRST, this.nearCount), this.nearCount, copyRef);
    c.nearCount = this.nearCount;
    c.horizon = this.horizon;
    const cap = Math.max(FIRST, this.farUsed);
    c.far = this.far.resized(cap, this.farUsed, copyRef);
    c.farNext = new Int32Array(cap);
    c.farNext.set(this.farNext.subarray(0, this.farUsed));
    c.farUsed = this.farUsed;
    c.farFree = this.farFree;
    c.farCount = this.farCount;
    c.buckets = new Map(this.buckets);
    c.slots = this.slots.slice();
    return c;
  }

  /** For `cloneState`. */
  cloneWith(copy: <T>(x: T) => T): Clock {
    return this.clone(copy);
  }
}
