// The one clock of a lab: virtual time in integer microseconds and events that are plain data, {at, kind, a, b, ref}: a number says
// which handler, two ids say whom it concerns, ref carries a frame.
// What is set for now, or for one link crossing from now, comes in order by itself and waits in a queue each. Other near events lie in a
// 4-ary heap; far ones (connection timers of minutes, by the hundred thousand) in buckets of 4 ms that are
// poured into the heap when their time comes, so that a packet in flight never sifts through timers.

import { Lane, popSlot, pushSlot, Rows, WHAT, WHEN } from './event_rows';

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
  /** Far rows, chained; `buckets` has the first of each slot, `slots` is a binary heap of slot numbers. */
  private far = new Rows(FIRST);
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
    const lane = t === this.now ? this.soon : t - this.now === CROSSING && t >= this.crossing.tail ? this.crossing : null;
    if (lane !== null) lane.add(t, order, kind, a, b, ref);
    else if (t < this.horizon) this.insert(t, order, kind, a, b, ref);
    else this.insertFar(t, order, kind, a, b, ref);
  }

  private insert(t: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    let i = this.nearCount++;
    if (i === this.near.cap) this.near = this.near.resized(i * 2, i);
    const r = this.near;
    const { when } = r;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const pt = when[parent * WHEN]!;
      if (pt < t || (pt === t && when[parent * WHEN + 1]! < order)) break;
      r.take(r, parent, i);
      i = parent;
    }
    r.set(i, t, order, kind, a, b, ref);
  }

  private insertFar(t: number, order: number, kind: number, a: number, b: number, ref: object | null): void {
    let i = this.farFree;
    if (i >= 0) this.farFree = this.far.what[i * WHAT + 3]!;
    else {
      i = this.farUsed++;
      if (i === this.far.cap) this.far = this.far.resized(i * 2, i);
    }
    this.far.set(i, t, order, kind, a, b, ref);
    const slot = Math.floor(t / SLOT);
    const head = this.buckets.get(slot);
    if (head === undefined) pushSlot(this.slots, slot);
    this.far.what[i * WHAT + 3] = head ?? -1;
    this.buckets.set(slot, i);
    this.farCount++;
  }

  /** Moves the earliest bucket into the heap. */
  private pour(): void {
    const slot = popSlot(this.slots);
    this.horizon = (slot + 1) * SLOT;
    let i = this.buckets.get(slot)!;
    this.buckets.delete(slot);
    const { when, what, ref } = this.far;
    while (i >= 0) {
      this.insert(when[i * WHEN]!, when[i * WHEN + 1]!, what[i * WHAT]!, what[i * WHAT + 1]!, what[i * WHAT + 2]!, ref[i]!);
      ref[i] = null;
      this.farCount--;
      const next = what[i * WHAT + 3]!;
      what[i * WHAT + 3] = this.farFree;
      this.farFree = i;
      i = next;
    }
  }

  /** When the next event is due; Infinity when none waits. */
  next(): number {
    let at = Number.POSITIVE_INFINITY;
    if (this.soon.count > 0) at = this.soon.rows.when[this.soon.head * WHEN]!;
    if (this.crossing.count > 0) {
      const t = this.crossing.rows.when[this.crossing.head * WHEN]!;
      if (t < at) at = t;
    }
    // A far bucket matters only when nothing before its time waits here.
    while (this.farCount > 0 && this.nearCount === 0 && this.slots[0]! * SLOT <= at) this.pour();
    if (this.nearCount > 0 && this.near.when[0]! < at) at = this.near.when[0]!;
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
      const { when } = soon.rows;
      at = when[soon.head * WHEN]!;
      order = when[soon.head * WHEN + 1]!;
    }
    if (crossing.count > 0) {
      const { when } = crossing.rows;
      const t = when[crossing.head * WHEN]!;
      const o = when[crossing.head * WHEN + 1]!;
      if (t < at || (t === at && o < order)) {
        lane = crossing;
        at = t;
        order = o;
      }
    }
    while (this.farCount > 0 && this.nearCount === 0 && this.slots[0]! * SLOT <= at) this.pour();
    if (this.nearCount > 0) {
      const { when } = this.near;
      const t = when[0]!;
      if (t < at || (t === at && when[1]! < order)) {
        if (t > until) return null;
        this.now = t;
        return this.popNear();
      }
    }
    if (lane === null || at > until) return null;
    this.now = at;
    const h = lane.head;
    const r = lane.rows;
    lane.head = (h + 1) & (r.cap - 1);
    lane.count--;
    return this.taken(r, h);
  }

  /** Row `i`, which leaves its place, as `due`. */
  private taken(r: Rows, i: number): Due {
    const { due } = this;
    const { what } = r;
    due.kind = what[i * WHAT]!;
    due.a = what[i * WHAT + 1]!;
    due.b = what[i * WHAT + 2]!;
    due.ref = r.ref[i]!;
    r.ref[i] = null;
    return due;
  }

  private popNear(): Due {
    const r = this.near;
    const { when } = r;
    const due = this.taken(r, 0);
    const n = --this.nearCount;
    if (n === 0) return due;
    const t = when[n * WHEN]!;
    const s = when[n * WHEN + 1]!;
    let i = 0;
    for (;;) {
      const first = (i << 2) + 1;
      if (first >= n) break;
      const end = first + 4 < n ? first + 4 : n;
      let best = first;
      let bestAt = when[first * WHEN]!;
      let bestOrder = when[first * WHEN + 1]!;
      for (let c = first + 1; c < end; c++) {
        const at = when[c * WHEN]!;
        const order = when[c * WHEN + 1]!;
        if (at < bestAt || (at === bestAt && order < bestOrder)) {
          best = c;
          bestAt = at;
          bestOrder = order;
        }
      }
      if (t < bestAt || (t === bestAt && s < bestOrder)) break;
      r.take(r, best, i);
      i = best;
    }
    if (i !== n) r.take(r, n, i);
    r.ref[n] = null;
    return due;
  }

  /** Calls `visit` for every waiting event, in no particular order (for the ledger and for drawings). */
  forEach(visit: (kind: number, a: number, b: number, ref: object | null, at: number) => void): void {
    const row = ({ when, what, ref }: Rows, i: number): void => visit(what[i * WHAT]!, what[i * WHAT + 1]!, what[i * WHAT + 2]!, ref[i]!, when[i * WHEN]!);
    for (const l of [this.soon, this.crossing]) for (let i = 0; i < l.count; i++) row(l.rows, (l.head + i) & (l.rows.cap - 1));
    for (let i = 0; i < this.nearCount; i++) row(this.near, i);
    for (const head of this.buckets.values()) for (let i = head; i >= 0; i = this.far.what[i * WHAT + 3]!) row(this.far, i);
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
    c.far = this.far.resized(Math.max(FIRST, this.farUsed), this.farUsed, copyRef);
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
