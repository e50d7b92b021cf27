// Packets on their way in a lab, as the topology draws them: collected from the trace as time passes. Those of a session somebody types into (ssh) hold no clock:
// they are drawn after the fact, by the wall's time, so that typing is never behind.
import type { FrameView, LabLike } from './engine';

/** What a hop takes in the engine when nothing was measured yet, us. */
const HOP_US = 100;

/** A hop that takes longer is on a cable with a delay: it flies as long as it takes and slows no clock down. */
const LONG_US = 2000;

/** How long a packet of a typed session is drawn, ms of the wall. */
export const AFTER_MS = 220;

/** A packet on its way. */
export interface Flight { frame: FrameView; endsAt: number; /** How often the frame had been met by a host when it was last looked at. */ touched: number; /** Drawn after the fact: when that began, ms of the wall; 0 for the others. */ after: number }

export class Flights {
  list: Flight[] = [];
  /** What the newest hop took, us. */
  hopUs = HOP_US;
  private seen: number;

  /** Conversations in which a key makes a segment leave at once. */
  private readonly typed = new Set<number>();

  constructor(private readonly lab: LabLike, private readonly wall: () => number = () => performance.now()) {
    this.seen = lab.trace().frameCount();
  }

  /** Packets that the eye could not follow at wall speed, and for which the clock is held. */
  get short(): number { return this.list.reduce((n, f) => n + (f.after === 0 && f.endsAt - f.frame.at <= LONG_US ? 1 : 0), 0); }

  /** A segment of a typed session is under way: no packet may hold the clock until it has arrived. */
  get typing(): boolean { const now = this.lab.now(); return this.list.some((f) => f.after > 0 && f.endsAt > now); }

  /** A key that ends no line was typed on `host` when the trace had `before` frames, and what is due at once has run: what left by it belongs to a typed session. */
  key(host: string, before: number): void {
    for (const f of this.lab.trace().frames(before + 1)) if (f.from === host && f.conversation >= 0 && f.len > 0) this.typed.add(f.conversation);
  }

  /** Takes up frames that have left since the last call (`draw` false: only counts them) and drops those that have arrived. */
  collect(draw: boolean): void {
    const trace = this.lab.trace();
    const count = trace.frameCount();
    const now = this.lab.now();
    if (count > this.seen) {
      if (count - this.seen <= 64 && draw) {
        for (const f of trace.frames(this.seen + 1, count)) if (f.segment !== '') this.list.push({ frame: f, endsAt: f.at + this.hopUs + this.lab.cableDelay(f.from, f.fromDev), touched: 0, after: this.typed.has(f.conversation) ? this.wall() : 0 });
      }
      this.seen = count;
    }
    for (const f of this.list) {
      if (f.frame.to.length > 0 || now <= f.frame.at) continue;
      const touched = trace.touched(f.frame.id);
      if (touched === f.touched) continue;
      f.touched = touched;
      const seen = trace.frame(f.frame.id);
      if (seen === null || (seen.to.length === 0 && seen.drop === null)) continue;
      f.frame = seen;
      const arrival = Math.max(...seen.to.map((x) => x.at), f.frame.at + 1);
      if (seen.to.length > 0) { if (arrival - seen.at <= LONG_US) this.hopUs = Math.max(10, arrival - seen.at); f.endsAt = Math.min(f.endsAt, arrival); }
    }
    this.expire();
  }

  /** Drops what has arrived. */
  expire(): void {
    const now = this.lab.now();
    const wall = this.wall();
    this.list = this.list.filter((f) => (f.after > 0 ? wall < f.after + AFTER_MS || f.endsAt > now : f.endsAt > now));
  }
}
