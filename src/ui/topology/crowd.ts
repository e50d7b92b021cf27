// Packets on their way, drawn by hand each frame: each with its shape and trail in an SVG group, or bundles with a count above twelve.
import type { FrameView } from '../engine';
import type { Flight } from '../flights';
import { shapeMarkup, shapeOf, SHAPE_COLOR } from '../parts/glyphs';
import type { BundleCanvas } from './bundles';
import type { TopoModel } from './model';
import { along, pathText, type Point } from './paths';
import { type Lines, type Way, ways } from './ways';

/** More packets than this merge into bundles, one for each way. */
const BUNDLE = 12;

export class Crowd {
  private pool = new Map<string, { e: SVGGElement; round: number }>();
  private round = 0;
  /** Ways do not change while the drawing stands still. */
  private known = new WeakMap<FrameView, Way[]>();

  constructor(private readonly group: () => SVGGElement | null, private readonly model: TopoModel, private readonly lines: Lines, private readonly canvas: BundleCanvas) {}

  draw(now: number, flights: readonly Flight[]): void {
    const g = this.group();
    if (g === null) return;
    this.round++;
    if (flights.length > BUNDLE) this.bundles(now, flights);
    else {
      this.canvas.draw([]);
      for (const f of flights) this.one(g, now, f);
    }
    for (const [key, x] of this.pool) if (x.round !== this.round) { x.e.remove(); this.pool.delete(key); }
  }

  clear(): void {
    this.canvas.draw([]);
    for (const x of this.pool.values()) x.e.remove();
    this.pool.clear();
  }

  private waysOf(f: FrameView): Way[] {
    let w = this.known.get(f);
    if (w === undefined) { w = ways(f, this.model, this.lines); this.known.set(f, w); }
    return w;
  }

  private element(g: SVGGElement, key: string, markup: () => string, first = false): SVGGElement {
    let x = this.pool.get(key);
    if (x === undefined) {
      const e = document.createElementNS('http://www.w3.org/2000/svg', 'g');
      e.innerHTML = markup();
      if (first) g.prepend(e);
      else g.appendChild(e);
      x = { e, round: 0 };
      this.pool.set(key, x);
    }
    x.round = this.round;
    return x.e;
  }

  private one(g: SVGGElement, now: number, f: Flight): void {
    const p = Math.max(0, Math.min(1, (now - f.frame.at) / Math.max(1, f.endsAt - f.frame.at)));
    const kind = shapeOf(f.frame);
    for (const w of this.waysOf(f.frame)) {
      const key = `${f.frame.id}>${w.host}`;
      const trail = this.element(g, `t${key}`, () => `<path class="fl" pathLength="1" stroke="${SHAPE_COLOR[kind]}" d="${pathText(w.line)}"/>`, true);
      (trail.firstChild as SVGPathElement).style.strokeDasharray = `${p.toFixed(3)} 2`;
      move(this.element(g, key, () => `<circle r="18" fill="${SHAPE_COLOR[kind]}" opacity=".16"/>${shapeMarkup(kind, 1.9)}`), along(w.line, p));
    }
  }

  /** One mark a way, at the mean place of its packets, with their number. */
  private bundles(now: number, flights: readonly Flight[]): void {
    const all = new Map<string, { n: number; p: number; line: Point[] }>();
    for (const f of flights) {
      const p = Math.max(0, Math.min(1, (now - f.frame.at) / Math.max(1, f.endsAt - f.frame.at)));
      for (const w of this.waysOf(f.frame)) {
        const key = `${f.frame.from}>${w.host}`;
        const b = all.get(key);
        if (b === undefined) all.set(key, { n: 1, p, line: w.line });
        else { b.n++; b.p += p; }
      }
    }
    this.canvas.draw([...all.values()].map((b) => ({ at: along(b.line, b.p / b.n), n: b.n })));
  }
}

/** Where things stand, so that what does not move is not drawn again. */
const stands = new WeakMap<SVGGElement, string>();
function move(e: SVGGElement, at: Point): void {
  const to = `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})`;
  if (stands.get(e) === to) return;
  stands.set(e, to);
  e.setAttribute('transform', to);
}
