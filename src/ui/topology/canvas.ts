// The flight canvas: packets move in every frame, and as elements each would be styled, layered and painted anew each time, and all around them too.
import { PIECES, SHAPE_COLOR, type ShapeKind } from '../parts/glyphs';
import type { View } from './graph';
import type { Point } from './paths';

/** A mark with a number, in the drawing's coordinates. */
export interface Mark { at: Point; n: number }
/** A packet with its shape and the way that lies behind it. */
export interface Solo { at: Point; kind: ShapeKind; trail: readonly Point[] }

const RADIUS = 13;
/** A packet is this much larger than its shape, in a halo of this radius. */
const SIZE = 1.9;
const HALO = 18;

export class FlightCanvas {
  private drawn = false;
  private theme = '';
  private colours: { fill: string; line: string; ink: string; font: string; ground: string; own: Partial<Record<ShapeKind, string>> } = { fill: '', line: '', ink: '', font: '', ground: '', own: {} };
  private readonly paths = new Map<string, Path2D>();
  private readonly stamps = new Map<number, HTMLCanvasElement>();
  private stampScale = 0;

  constructor(private readonly canvas: () => HTMLCanvasElement | null, private readonly view: () => View, private readonly size: () => readonly [number, number]) {}

  /** Draws these packets and bundles in place of those before; none clears. */
  draw(solos: readonly Solo[], marks: readonly Mark[]): void {
    const some = solos.length + marks.length > 0;
    if (!some && !this.drawn) return;
    const c = this.canvas();
    const g = c?.getContext('2d');
    if (!c || !g) return;
    const { x, y, k } = this.view();
    const [w, h] = this.size();
    const sharp = window.devicePixelRatio;
    if (c.width !== Math.round(w * sharp) || c.height !== Math.round(h * sharp)) {
      c.width = Math.round(w * sharp);
      c.height = Math.round(h * sharp);
    }
    // It lies within the drawing, below the cards; so the drawing's own shift and scale are taken back.
    const place = `translate(${-x / k}px,${-y / k}px) scale(${1 / k})`;
    if (c.style.transform !== place) { c.style.transform = place; c.style.width = `${w}px`; c.style.height = `${h}px`; }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, c.width, c.height);
    this.drawn = some;
    // A canvas is a layer, and what lies above it another: while nothing flies there is none.
    c.style.display = some ? 'block' : '';
    if (!some) return;
    this.dress(c);
    g.setTransform(k * sharp, 0, 0, k * sharp, x * sharp, y * sharp);
    for (const s of solos) this.trail(g, s);
    for (const s of solos) this.solo(g, s);
    this.bundles(g, marks, k * sharp, x * sharp, y * sharp);
  }

  private trail(g: CanvasRenderingContext2D, s: Solo): void {
    g.beginPath();
    for (const [i, p] of s.trail.entries()) { if (i === 0) g.moveTo(p[0], p[1]); else g.lineTo(p[0], p[1]); }
    g.lineWidth = 2.5;
    g.lineCap = 'round';
    g.lineJoin = 'round';
    g.strokeStyle = this.own(s.kind);
    g.stroke();
  }

  private solo(g: CanvasRenderingContext2D, s: Solo): void {
    const own = this.own(s.kind);
    g.save();
    g.translate(s.at[0], s.at[1]);
    g.globalAlpha = 0.16;
    g.fillStyle = own;
    g.beginPath();
    g.arc(0, 0, HALO, 0, 2 * Math.PI);
    g.fill();
    g.globalAlpha = 1;
    g.lineCap = 'butt';
    g.lineJoin = 'miter';
    g.scale(SIZE, SIZE);
    for (const p of PIECES[s.kind]) {
      const path = this.path(p.d);
      if (p.fill) { g.fillStyle = p.fill === 'own' ? own : this.colours.ground; g.fill(path); }
      if (p.stroke) { g.strokeStyle = p.stroke === 'own' ? own : this.colours.ground; g.lineWidth = (p.width ?? 1) / SIZE; g.stroke(path); }
    }
    g.restore();
  }

  private bundles(g: CanvasRenderingContext2D, marks: readonly Mark[], scale: number, x: number, y: number): void {
    g.setTransform(1, 0, 0, 1, 0, 0);
    for (const { at, n } of marks) {
      const s = this.stamp(n, scale);
      g.drawImage(s, Math.round(at[0] * scale + x - s.width / 2), Math.round(at[1] * scale + y - s.height / 2));
    }
  }

  /** A bundle's mark, painted once: two hundred circles with numbers a frame take long. */
  private stamp(n: number, scale: number): HTMLCanvasElement {
    if (scale !== this.stampScale) { this.stampScale = scale; this.stamps.clear(); }
    let s = this.stamps.get(n);
    if (s !== undefined) return s;
    s = document.createElement('canvas');
    s.width = s.height = Math.max(1, Math.ceil(2 * (RADIUS + 2) * scale));
    const g = s.getContext('2d');
    if (g !== null) {
      g.setTransform(scale, 0, 0, scale, s.width / 2, s.height / 2);
      g.lineWidth = 2;
      g.font = this.colours.font;
      g.textAlign = 'center';
      g.strokeStyle = this.colours.line;
      g.beginPath();
      g.arc(0, 0, RADIUS, 0, 2 * Math.PI);
      g.fillStyle = this.colours.fill;
      g.fill();
      g.stroke();
      g.fillStyle = this.colours.ink;
      g.fillText(String(n), 0, 4);
    }
    this.stamps.set(n, s);
    return s;
  }

  private path(d: string): Path2D {
    let p = this.paths.get(d);
    if (p === undefined) { p = new Path2D(d); this.paths.set(d, p); }
    return p;
  }

  private own(kind: ShapeKind): string { return this.colours.own[kind] ?? this.colours.line; }

  /** Colours and face of the theme in force. */
  private dress(c: HTMLCanvasElement): void {
    const theme = `${document.documentElement.dataset['theme']}`;
    if (theme === this.theme) return;
    this.theme = theme;
    this.stamps.clear();
    const s = getComputedStyle(c);
    const token = (name: string): string => s.getPropertyValue(name).trim();
    const own = Object.fromEntries(Object.entries(SHAPE_COLOR).map(([kind, text]) => [kind, token(text.slice(4, -1))]));
    this.colours = { fill: token('--bg-2'), line: token('--p-tcp'), ink: token('--ink-1'), font: `600 11px ${token('--font-ui')}`, ground: token('--bg-1'), own };
  }
}
