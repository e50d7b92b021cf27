// Packets on their way, drawn by hand each frame on the flight canvas: each with its shape and trail, or bundles with a count above twelve.
import type { FrameView } from '../engine';
import { AFTER_MS, type Flight } from '../flights';
import { shapeOf } from '../parts/glyphs';
import type { FlightCanvas, Mark, Solo } from './canvas';
import type { TopoModel } from './model';
import { along, cut, type Point } from './paths';
import { type Lines, type Way, ways } from './ways';

/** More packets than this merge into bundles, one for each way. */
const BUNDLE = 12;

export class Crowd {
  /** Ways do not change while the drawing stands still. */
  private known = new WeakMap<FrameView, Way[]>();

  constructor(private readonly model: TopoModel, private readonly lines: Lines, private readonly canvas: FlightCanvas) {}

  draw(now: number, flights: readonly Flight[]): void {
    if (flights.length > BUNDLE) this.canvas.draw([], this.bundles(now, flights));
    else this.canvas.draw(flights.flatMap((f) => this.one(now, f)), []);
  }

  clear(): void {
    this.canvas.draw([], []);
  }

  private waysOf(f: FrameView): Way[] {
    let w = this.known.get(f);
    if (w === undefined) { w = ways(f, this.model, this.lines); this.known.set(f, w); }
    return w;
  }

  private one(now: number, f: Flight): Solo[] {
    const p = share(now, f);
    return this.waysOf(f.frame).map((w) => ({ at: along(w.line, p), kind: shapeOf(f.frame), trail: cut(w.line, p)[0] }));
  }

  /** One mark a way, at the mean place of its packets, with their number. */
  private bundles(now: number, flights: readonly Flight[]): Mark[] {
    const all = new Map<string, { n: number; p: number; line: Point[] }>();
    for (const f of flights) {
      const p = share(now, f);
      for (const w of this.waysOf(f.frame)) {
        const key = `${f.frame.from}>${w.host}`;
        const b = all.get(key);
        if (b === undefined) all.set(key, { n: 1, p, line: w.line });
        else { b.n++; b.p += p; }
      }
    }
    return [...all.values()].map((b) => ({ at: along(b.line, b.p / b.n), n: b.n }));
  }
}

/** How much of its way a packet has behind it. */
const share = (now: number, f: Flight): number => Math.max(0, Math.min(1, f.after > 0 ? (performance.now() - f.after) / AFTER_MS : (now - f.frame.at) / Math.max(1, f.endsAt - f.frame.at)));
