// What happened to every packet: a bounded ring of frames on links and a ring of kernel decisions. Columns, because every hop writes here.
// The trace is not state: a fork starts with an empty one. `lab/trace.ts` turns it into objects for people.
import { ETH_P_ARP, type Packet } from '../wire/packet';
import { Step } from './trace_step';
import { hasData, LAST_VISIT, readRow, regrown, STRIDE, writeRow } from './trace_row';

/** Frames and decisions kept at most; the rings begin small, because many a fork sees few packets. */
export const FRAMES = 1 << 17;
const STEPS = 1 << 20;
const FIRST_FRAMES = 1 << 8;
const FIRST_STEPS = 1 << 10;
/** More decisions than most labs ever see, as a small integer: a ring of full size goes round. */
const NEVER = 0x7fffffff;
/**
 * Numbers a row of the decision ring takes. A packet's visit to a host begins with a row {flags, host, frame, the row + 1 where an earlier visit
 * of the same frame began}; the decisions of that visit follow, {code, a, b, c} each, so that nothing is written twice.
 */
const STEP_STRIDE = 4;
/** Flags of a visit's first row: it is one, and the frame was received: ifindex and packet type lie above. */
const VISIT = 1 << 8;
const RECEIVED = 1 << 9;
const IIF_SHIFT = 12;
const PKT_TYPE_SHIFT = 28;

/** Takes a decision: its number, virtual us, host (-1: the cable), frame, code and arguments. */
export type StepVisitor = (n: number, at: number, host: number, frame: number, code: number, a: number, b: number, c: number) => void;

/** No host at all: the next decision begins a visit. (-1 is the cable.) */
const NOWHERE = -2;

/** Rings of numbers; a frame's text and quoted packet lie beside them. */
export class Trace {
  /** Nothing of the rings goes into a fork; `begin` makes new ones when the first frame flies there. */
  static readonly transient = ['frames', 'steps', 'data', 'inner', 'sentAt', 'stepAt'] as const;
  static readonly blank = (): Trace => new Trace();
  /** Sizes of the rings less one (powers of two). */
  private frameMask = FIRST_FRAMES - 1;
  private stepMask = FIRST_STEPS - 1;
  /** Frames and decisions recorded before these rings began. */
  private frameBase = 0;
  private stepBase = 0;
  /** The number of decisions at which their ring grows. */
  private stepRoom = 0;
  /** Number of the last frame; frame numbers start at 1 and never repeat. */
  frameCount = 0;
  /** Number of decisions recorded so far. */
  stepCount = 0;
  /** Off in benchmarks of the engine without it, from the beginning; on everywhere else. */
  on = true;
  private sentAt = new Float64Array(0);
  private frames: Int32Array | null = null;
  private data: string[] = [];
  /** By row, for the few that have one. */
  private inner = new Map<number, Packet>();
  private steps: Int32Array | null = null;
  /** When a visit began, us; by the number of its first row. */
  private stepAt = new Float64Array(0);
  /** The visit that decisions are written to now. */
  private visitHost = NOWHERE;
  private visitFrame = 0;
  private visitAt = 0;

  /** Records that `p` leaves device `dev` of host `host` now; gives the frame its number. */
  frame(now: number, host: number, dev: number, p: Packet): void {
    if (!this.on) return;
    if (this.frames === null) this.begin();
    if (this.frameCount - this.frameBase > this.frameMask && this.frameMask < FRAMES - 1) this.growFrames();
    const id = ++this.frameCount;
    const i = id & this.frameMask;
    this.sentAt[i] = now;
    p.frame = id;
    writeRow(this.frames!, i * STRIDE, id, host, dev, p);
    if (p.type === ETH_P_ARP) return;
    if (p.data !== '') this.data[i] = p.data;
    if (p.inner !== null) this.inner.set(i, p.inner);
    else if (this.inner.size !== 0) this.inner.delete(i);
  }

  /** The headers of frame `id` as they left; null when the ring has lost it. */
  packet(id: number): Packet | null {
    const f = this.frames;
    const i = id & this.frameMask;
    if (f === null || id < 1 || f[i * STRIDE] !== id) return null;
    const p = readRow(f, i * STRIDE);
    p.frame = id;
    if (p.type === ETH_P_ARP) return p;
    if (hasData(f, i * STRIDE)) p.data = this.data[i]!;
    p.inner = this.inner.get(i) ?? null;
    return p;
  }

  /** A number that grows with each visit of frame `id` to a host (or to a cable that lost it); 0 before the first, or when the ring has lost the frame. */
  touched(id: number): number {
    const at = (id & this.frameMask) * STRIDE;
    return this.frames !== null && this.frames[at] === id ? this.frames[at + LAST_VISIT]! : 0;
  }

  /** Records a decision of host `host` about the frame numbered `frame`. */
  step(now: number, host: number, frame: number, code: number, a: number, b: number, c: number): void {
    if (frame !== this.visitFrame || host !== this.visitHost || now !== this.visitAt || this.steps === null) {
      if (!this.on) return;
      this.visit(now, host, frame, VISIT);
    }
    const s = this.steps!;
    const at = (this.stepCount++ & this.stepMask) * STEP_STRIDE;
    s[at] = code;
    s[at + 1] = a;
    s[at + 2] = b;
    s[at + 3] = c;
    if (this.stepCount >= this.stepRoom) this.growSteps();
  }

  /** Records that a frame was accepted by device `dev` of a host, as a packet of that type (PACKET_HOST and so on). */
  receive(now: number, host: number, frame: number, dev: number, pktType: number): void {
    if (this.on) this.visit(now, host, frame, VISIT | RECEIVED | (dev << IIF_SHIFT) | (pktType << PKT_TYPE_SHIFT));
  }

  private visit(now: number, host: number, frame: number, flags: number): void {
    if (this.steps === null) this.begin(); // a fork has lost the rings
    const n = this.stepCount++;
    const i = n & this.stepMask;
    const s = this.steps!;
    const f = this.frames!;
    const of = (frame & this.frameMask) * STRIDE;
    const at = i * STEP_STRIDE;
    this.stepAt[i] = now;
    s[at] = flags;
    s[at + 1] = host;
    s[at + 2] = frame;
    if (frame !== 0 && f[of] === frame) {
      s[at + 3] = f[of + LAST_VISIT]!;
      f[of + LAST_VISIT] = n + 1;
    } else s[at + 3] = 0;
    this.visitFrame = frame;
    this.visitHost = host;
    this.visitAt = now;
    if (this.stepCount >= this.stepRoom) this.growSteps();
  }

  drop(now: number, host: number, p: Packet, reason: number): void {
    this.step(now, host, p.frame, Step.drop, reason, 0, 0);
  }

  /** Calls `visit` for every frame still in the ring, oldest first, from number `from` on (to number `to`). */
  eachFrame(from: number, visit: (id: number, at: number, host: number, dev: number, cause: number, p: Packet) => void, to = this.frameCount): void {
    const f = this.frames;
    if (f === null) return;
    for (let id = Math.max(from, 1, this.frameCount - this.frameMask); id <= to; id++) {
      const i = id & this.frameMask;
      const at = i * STRIDE;
      if (f[at] === id) visit(id, this.sentAt[i]!, f[at + 1]!, f[at + 2]!, f[at + 3]!, this.packet(id)!); // else made before this trace began
    }
  }

  /** Calls `visit` for every decision still in the ring from number `from` on, oldest first. */
  eachStep(from: number, visit: StepVisitor): void {
    const s = this.steps;
    if (s === null) return;
    const oldest = Math.max(this.stepBase, this.stepCount - this.stepMask - 1);
    const isVisit = (n: number): boolean => (s[(n & this.stepMask) * STEP_STRIDE]! & VISIT) !== 0;
    let n = Math.max(from, oldest);
    while (n > oldest && n < this.stepCount && !isVisit(n)) n--; // `from` may lie within a visit
    while (n < this.stepCount && !isVisit(n)) n++; // the ring has lost how the oldest began
    while (n < this.stepCount) n = this.visited(n, (k, ...rest) => k >= from && visit(k, ...rest));
  }

  /** Calls `visit` for every decision about one frame that is still kept, the newest visit to a host first and each in its own order. */
  eachStepOf(frame: number, visit: StepVisitor): void {
    const f = this.frames;
    const s = this.steps;
    if (f === null || s === null || frame === 0 || f[(frame & this.frameMask) * STRIDE] !== frame) return;
    let n = f[(frame & this.frameMask) * STRIDE + LAST_VISIT]! - 1;
    while (n >= this.stepBase && n >= this.stepCount - this.stepMask - 1) {
      const at = (n & this.stepMask) * STEP_STRIDE;
      if ((s[at]! & VISIT) === 0 || s[at + 2] !== frame) return;
      this.visited(n, visit);
      n = s[at + 3]! - 1;
    }
  }

  /** One visit to a host, from its first row on; gives the row after it. */
  private visited(n: number, visit: StepVisitor): number {
    const s = this.steps!;
    const first = (n & this.stepMask) * STEP_STRIDE;
    const flags = s[first]!;
    const host = s[first + 1]!;
    const frame = s[first + 2]!;
    const at = this.stepAt[n & this.stepMask]!;
    if ((flags & RECEIVED) !== 0) visit(n, at, host, frame, Step.receive, (flags >>> IIF_SHIFT) & 0xffff, flags >>> PKT_TYPE_SHIFT, 0);
    let k = n + 1;
    for (; k < this.stepCount; k++) {
      const i = (k & this.stepMask) * STEP_STRIDE;
      if ((s[i]! & VISIT) !== 0) break;
      visit(k, at, host, frame, s[i]!, s[i + 1]!, s[i + 2]!, s[i + 3]!);
    }
    return k;
  }

  /** Takes over another trace's rings; the counts stay, so what that one recorded later is overwritten. */
  adopt(other: Trace): void {
    this.frames = other.frames;
    this.data = other.data;
    this.inner = other.inner;
    this.steps = other.steps;
    this.sentAt = other.sentAt;
    this.stepAt = other.stepAt;
    this.frameMask = other.frameMask;
    this.stepMask = other.stepMask;
    this.frameBase = other.frameBase;
    this.stepBase = other.stepBase;
    this.stepRoom = other.stepRoom;
    this.visitHost = NOWHERE;
    this.forgetLater();
  }

  /** Frames that were on their way: what was decided about them later has not happened here. */
  private forgetLater(): void {
    const f = this.frames;
    const s = this.steps;
    if (f === null || s === null) return;
    for (let id = Math.max(1, this.frameCount - this.frameMask); id <= this.frameCount; id++) {
      const at = (id & this.frameMask) * STRIDE;
      if (f[at] !== id) continue;
      let last = f[at + LAST_VISIT]!;
      while (last > this.stepCount) {
        const before = s[((last - 1) & this.stepMask) * STEP_STRIDE + 3]!;
        last = before < last ? before : 0;
      }
      f[at + LAST_VISIT] = last;
    }
  }

  /** The same rings once more. */
  copy(): Trace {
    const c = new Trace();
    c.adopt(this);
    c.frameCount = this.frameCount;
    c.stepCount = this.stepCount;
    c.frames = this.frames?.slice() ?? null;
    c.steps = this.steps?.slice() ?? null;
    c.sentAt = this.sentAt.slice();
    c.stepAt = this.stepAt.slice();
    c.data = this.data.slice();
    c.inner = new Map(this.inner);
    return c;
  }

  private begin(): void {
    this.frameMask = FIRST_FRAMES - 1;
    this.stepMask = FIRST_STEPS - 1;
    this.frameBase = this.frameCount;
    this.stepBase = this.stepCount;
    this.frames = new Int32Array(FIRST_FRAMES * STRIDE);
    this.sentAt = new Float64Array(FIRST_FRAMES);
    this.data = new Array<string>(FIRST_FRAMES).fill('');
    this.inner = new Map();
    this.stepRoom = this.stepBase + FIRST_STEPS;
    this.steps = new Int32Array(FIRST_STEPS * STEP_STRIDE);
    this.stepAt = new Float64Array(FIRST_STEPS);
    this.visitHost = NOWHERE;
  }

  private growFrames(): void {
    const was = this.frameMask;
    const mask = was * 2 + 1;
    const first = Math.max(1, this.frameCount - was);
    this.frames = regrown(this.frames!, new Int32Array((mask + 1) * STRIDE), STRIDE, was, mask, first, this.frameCount);
    this.sentAt = regrown(this.sentAt, new Float64Array(mask + 1), 1, was, mask, first, this.frameCount);
    const { data, inner } = this;
    this.data = new Array<string>(mask + 1).fill('');
    this.inner = new Map();
    for (let id = first; id <= this.frameCount; id++) {
      this.data[id & mask] = data[id & was] ?? '';
      const quoted = inner.get(id & was);
      if (quoted !== undefined) this.inner.set(id & mask, quoted);
    }
    this.frameMask = mask;
  }

  private growSteps(): void {
    if (this.stepMask === STEPS - 1) return; // NEVER has come
    const was = this.stepMask;
    const mask = was * 2 + 1;
    const first = Math.max(this.stepBase, this.stepCount - was - 1);
    this.steps = regrown(this.steps!, new Int32Array((mask + 1) * STEP_STRIDE), STEP_STRIDE, was, mask, first, this.stepCount - 1);
    this.stepAt = regrown(this.stepAt, new Float64Array(mask + 1), 1, was, mask, first, this.stepCount - 1);
    this.stepMask = mask;
    this.stepRoom = mask < STEPS - 1 ? this.stepBase + mask + 1 : NEVER;
  }
}
