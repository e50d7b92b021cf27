// A cable's way round what stands between its card and its switch: the shortest one along the corners of those boxes, with its own corners rounded.
import type { Box } from './layout';
import { lane, linkLine, type Point } from './paths';
import { LANE } from './ways';

/** Px between a cable that goes round and the boxes it passes: both lanes and some air. */
const AIR = 14;
const ROUND = 12;
/** With more boxes than this, cables run behind them: cards stand in several columns there, and the way round would be longer than the drawing. */
export const CROWD = 40;

const grown = (b: Box, by: number): Box => ({ x: b.x - by, y: b.y - by, w: b.w + 2 * by, h: b.h + 2 * by });
const inside = ([x, y]: Point, b: Box): boolean => x > b.x && x < b.x + b.w && y > b.y && y < b.y + b.h;

/** Does the straight line from `p` to `q` pass through a box? Touching its edge does not count. */
export function crosses(p: Point, q: Point, b: Box): boolean {
  let from = 0;
  let to = 1;
  for (const i of [0, 1] as const) {
    const lo = i === 0 ? b.x : b.y;
    const hi = lo + (i === 0 ? b.w : b.h);
    const d = q[i] - p[i];
    if (d === 0) {
      if (p[i] <= lo || p[i] >= hi) return false;
      continue;
    }
    const [near, far] = d > 0 ? [(lo - p[i]) / d, (hi - p[i]) / d] : [(hi - p[i]) / d, (lo - p[i]) / d];
    from = Math.max(from, near);
    to = Math.min(to, far);
  }
  return to - from > 1e-9;
}

const sides = (b: Box): Point[] => [[b.x + b.w, b.y + b.h / 2], [b.x, b.y + b.h / 2], [b.x + b.w / 2, b.y], [b.x + b.w / 2, b.y + b.h]];

/** Centre line of a link that keeps off `others`: the plain one where nothing stands in its way. */
export function routed(host: Box, pill: Box, others: readonly Box[]): Point[] {
  const plain = linkLine(host, pill);
  const lanes = [...plain, ...lane(plain, LANE), ...lane(plain, -LANE)];
  if (others.length > CROWD || !others.some((b) => lanes.some((p) => inside(p, b)))) return plain;
  const walls = [...others.map((b) => grown(b, AIR - 1)), grown(host, -1), grown(pill, -1)];
  const corners = others.flatMap((b): Point[] => {
    const g = grown(b, AIR);
    return [[g.x, g.y], [g.x + g.w, g.y], [g.x, g.y + g.h], [g.x + g.w, g.y + g.h]];
  }).filter((p) => p[0] > 4 && p[1] > 4 && !walls.some((w) => inside(p, w)));
  const goals = sides(pill);
  const nodes = [...sides(host), ...corners, ...goals];
  const far = nodes.map((_, i) => (i < 4 ? 0 : Infinity));
  const from = nodes.map(() => -1);
  const done = nodes.map(() => false);
  for (;;) {
    let at = -1;
    for (let i = 0; i < nodes.length; i++) if (!done[i] && far[i]! < Infinity && (at < 0 || far[i]! < far[at]!)) at = i;
    if (at < 0) return plain; // walled in
    if (at >= nodes.length - goals.length) return rounded([...way(at), [pill.x + pill.w / 2, pill.y + pill.h / 2]]);
    done[at] = true;
    const p = nodes[at]!;
    for (let i = 4; i < nodes.length; i++) {
      const q = nodes[i]!;
      const d = far[at]! + Math.hypot(q[0] - p[0], q[1] - p[1]);
      if (done[i] || d >= far[i]! || walls.some((w) => crosses(p, q, w))) continue;
      far[i] = d;
      from[i] = at;
    }
  }
  function way(end: number): Point[] {
    const out: Point[] = [];
    for (let i = end; i >= 0; i = from[i]!) out.unshift(nodes[i]!);
    return out;
  }
}

/** A line through these points with round corners, about one point every 8 px. */
function rounded(points: readonly Point[]): Point[] {
  const out: Point[] = [];
  const straight = (a: Point, b: Point): void => {
    const n = Math.max(1, Math.round(Math.hypot(b[0] - a[0], b[1] - a[1]) / 8));
    for (let i = 0; i < n; i++) out.push([a[0] + ((b[0] - a[0]) * i) / n, a[1] + ((b[1] - a[1]) * i) / n]);
  };
  let at = points[0]!;
  for (const [i, c] of points.entries()) {
    const next = points[i + 1];
    if (i === 0) continue;
    if (next === undefined) { straight(at, c); out.push(c); break; }
    const before = points[i - 1]!;
    const toward = (p: Point): Point => {
      const d = Math.hypot(p[0] - c[0], p[1] - c[1]);
      const r = Math.min(ROUND, d / 2);
      return d === 0 ? c : [c[0] + ((p[0] - c[0]) * r) / d, c[1] + ((p[1] - c[1]) * r) / d];
    };
    const [a, b] = [toward(before), toward(next)];
    straight(at, a);
    for (let k = 0; k < 4; k++) {
      const t = k / 4;
      out.push([(1 - t) * (1 - t) * a[0] + 2 * (1 - t) * t * c[0] + t * t * b[0], (1 - t) * (1 - t) * a[1] + 2 * (1 - t) * t * c[1] + t * t * b[1]]);
    }
    at = b;
  }
  return out;
}
