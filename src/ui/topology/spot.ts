// Where something may float over the drawing: the free place nearest to a corner, smaller before it covers a host or a switch.
import type { Box } from './layout';
import type { Point } from './paths';

export interface Spot { x: number; y: number; /** Scale, at most 1. */ k: number; /** Square px of what is taken that it covers all the same. */ covers: number }

const EDGE = 12;
const STEP = 14;
const SCALES = [1, 0.86, 0.74] as const;
/** Covering a point of a line costs as much as this many square px of a host. */
const POINT = 120;
/** Px beside a cable's middle that belong to it: its lanes, and the numbers on them. */
const BESIDE = 15;
/** The lanes alone. */
const LANES = 8;

/** How many points of lines lie under a box, or so near that it would cover a lane. */
export const crossed = ({ x, y, w, h }: Box, lines: readonly Point[], beside = LANES): number => lines.reduce((n, p) => n + (p[0] > x - beside && p[0] < x + w + beside && p[1] > y - beside && p[1] < y + h + beside ? 1 : 0), 0);

const overlap = (a: Box, b: Box): number => Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));

/** Places `w` x `h` px in a pane: over none of `taken` if that is possible, over as few points of `lines` as possible, near a corner (the right one first) or beside `near`. */
export function spot(size: readonly [number, number], w: number, h: number, taken: readonly Box[], lines: readonly Point[] = [], near: Point | null = null): Spot {
  let best: Spot = { x: EDGE, y: EDGE, k: SCALES.at(-1)!, covers: 0 };
  let least = Infinity;
  for (const k of SCALES) {
    const cw = w * k;
    const ch = h * k;
    const maxX = Math.max(EDGE, size[0] - cw - EDGE);
    const maxY = Math.max(EDGE, size[1] - ch - EDGE);
    const steps = (max: number): number[] => [...Array.from({ length: Math.floor((max - EDGE) / STEP) + 1 }, (_, i) => EDGE + i * STEP), max];
    let covered = Infinity;
    for (const y of steps(maxY)) {
      for (const x of steps(maxX)) {
        const here = { x: x - 4, y: y - 4, w: cw + 8, h: ch + 8 };
        const over = taken.reduce((sum, b) => sum + overlap(here, b), 0);
        const corner = near !== null ? Math.hypot(...minus(edge({ x, y, w: cw, h: ch }, near), near)) : Math.min(Math.hypot(maxX - x, y - EDGE), Math.hypot(x - EDGE, y - EDGE) + 20, Math.hypot(maxX - x, maxY - y) + 30, Math.hypot(x - EDGE, maxY - y) + 40);
        // Lines are many: they are counted only where they can still decide something.
        if (over * 20 + corner + (1 - k) * 4000 >= least && (over > 0 || covered === 0)) continue;
        const under = crossed({ x, y, w: cw, h: ch }, lines, BESIDE);
        // What is smaller is worse than what crosses a line or two.
        const cost = over * 20 + under * POINT + corner + (1 - k) * 4000;
        if (cost < least) { least = cost; best = { x, y, k, covers: over }; }
        covered = Math.min(covered, over * 20 + under * POINT);
      }
    }
    if (covered === 0) break;
  }
  return best;
}

const minus = (a: Point, b: Point): [number, number] => [a[0] - b[0], a[1] - b[1]];

/** The point of a box that is nearest to `p`. */
export const edge = (b: Box, p: Point): Point => [Math.min(b.x + b.w, Math.max(b.x, p[0])), Math.min(b.y + b.h, Math.max(b.y, p[1]))];
