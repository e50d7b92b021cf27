// Bundles of packets on a canvas of their own: hundreds move in every frame, and as elements each would be styled and layered anew each time.
import type { View } from './graph';
import type { Point } from './paths';

/** A mark with a number, in the drawing's coordinates. */
export interface Mark { at: Point; n: number }

const RADIUS = 13;

export class BundleCanvas {
  private drawn = false;
  private theme = '';
  private colours = { fill: '', line: '', ink: '', font: '' };

  constructor(private readonly canvas: () => HTMLCanvasElement | null, private readonly view: () => View, private readonly size: () => readonly [number, number]) {}

  /** Draws these marks in place of those before; none clears. */
  draw(marks: readonly Mark[]): void {
    if (marks.length === 0 && !this.drawn) return;
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
    this.drawn = marks.length > 0;
    if (!this.drawn) return;
    this.dress(c);
    g.setTransform(k * sharp, 0, 0, k * sharp, x * sharp, y * sharp);
    g.lineWidth = 2;
    g.font = this.colours.font;
    g.textAlign = 'center';
    g.strokeStyle = this.colours.line;
    for (const { at, n } of marks) {
      g.beginPath();
      g.arc(at[0], at[1], RADIUS, 0, 2 * Math.PI);
      g.fillStyle = this.colours.fill;
      g.fill();
      g.stroke();
      g.fillStyle = this.colours.ink;
      g.fillText(String(n), at[0], at[1] + 4);
    }
  }

  /** Colours and face of the theme in force. */
  private dress(c: HTMLCanvasElement): void {
    const theme = `${document.documentElement.dataset['theme']}`;
    if (theme === this.theme) return;
    this.theme = theme;
    const s = getComputedStyle(c);
    this.colours = { fill: s.getPropertyValue('--bg-2').trim(), line: s.getPropertyValue('--p-tcp').trim(), ink: s.getPropertyValue('--ink-1').trim(), font: `600 11px ${s.getPropertyValue('--font-ui').trim()}` };
  }
}
