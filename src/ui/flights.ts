// Packets on their way in a lab, as the topology draws them: collected from the trace as time passes.
import type { FrameView, LabLike } from './engine';

/** What a hop takes in the engine when nothing was measured yet, us. */
const HOP_US = 100;

/** A hop that takes longer is on a cable with a delay: it flies as long as it takes and slows no clock down. */
const LONG_US = 2000;

/** A packet on its way. */
export interface Flight { frame: FrameView; endsAt: number; /** How often the frame had been met by a host when it was last looked at. */ touched: number }

export class Flights {
  list: Flight[] = [];
  /** What the newest hop took, us. */
  hopUs = HOP_US;
  private seen: number;

  constructor(private readonly lab: LabLike) {
    this.seen = lab.trace().frameCount();
  }

  /** Packets that the eye could not follow at wall speed. */
  get short(): number { return this.list.reduce((n, f) => n + (f.endsAt - f.frame.at <= LONG_US ? 1 : 0), 0); }

  /** Takes up frames that have left since the last call (`draw` false: only counts them) and drops those that have arrived. */
  collect(draw: boolean): void {
    const trace = this.lab.trace();
    const count = trace.frameCount();
    const now = this.lab.now();
    if (count > this.seen) {
      if (count - this.seen <= 64 && draw) {
        for (const f of trace.frames(this.seen + 1, count)) if (f.segment !== '') this.list.push({ frame: f, endsAt: f.at + this.hopUs + this.lab.cableDelay(f.from, f.fromDev), touched: 0 });
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
    this.list = this.list.filter((f) => f.endsAt > now);
  }
}
