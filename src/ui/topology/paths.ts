// Lines of the drawing: a link as points from a host's card to the middle of a switch, lanes beside it, points along it.
import type { Box } from './layout';

export type Point = readonly [number, number];

/** Centre line of a link, from the card's edge to the switch's middle, about one point every 8 px. */
export function linkLine(host: Box, pill: Box): Point[] {
  const hx = host.x + host.w / 2;
  const hy = host.y + host.h / 2;
  const px = pill.x + pill.w / 2;
  const py = pill.y + pill.h / 2;
  const above = Math.abs(px - hx) < (host.w + pill.w) / 2 - 20;
  if (above) {
    const down = py > hy;
    const a: Point = [clamp(px, host.x + 24, host.x + host.w - 24), down ? host.y + host.h : host.y];
    return sample(a, [a[0], (a[1] + py) / 2], [px, (a[1] + py) / 2], [px, py]);
  }
  const right = px > hx;
  // Near the middle line a card is met straight, at its name row.
  const y = Math.abs(hy - py) < host.h / 2 - 8 ? py : clamp(py, host.y + 38, host.y + Math.max(38, Math.min(host.h - 14, 52)));
  const a: Point = [right ? host.x + host.w : host.x, Math.abs(hy - py) < host.h / 2 - 8 ? py : y];
  const edge: Point = [right ? pill.x : pill.x + pill.w, py];
  const mx = (a[0] + edge[0]) / 2;
  return [...sample(a, [mx, a[1]], [mx, py], edge), [px, py]];
}

function sample(a: Point, b: Point, c: Point, d: Point): Point[] {
  const n = Math.max(2, Math.min(40, Math.round(Math.hypot(d[0] - a[0], d[1] - a[1]) / 8)));
  const out: Point[] = [];
  for (let i = 0; i <= n; i++) {
    const t = i / n;
    const u = 1 - t;
    const f = (p: 0 | 1): number => u * u * u * a[p] + 3 * u * u * t * b[p] + 3 * u * t * t * c[p] + t * t * t * d[p];
    out.push([f(0), f(1)]);
  }
  return out;
}

const clamp = (n: number, lo: number, hi: number): number => Math.min(Math.max(n, lo), hi);

/** The same line moved `by` px to the left of its own direction: two directions never share a lane. */
export function lane(line: Point[], by: number): Point[] {
  return line.map((p, i) => {
    const a = line[Math.max(0, i - 1)]!;
    const b = line[Math.min(line.length - 1, i + 1)]!;
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const len = Math.hypot(dx, dy) || 1;
    return [p[0] + (dy / len) * by, p[1] - (dx / len) * by];
  });
}

/** How far each point lies along its line; lines never change, and packets ask every frame. */
const measured = new WeakMap<Point[], Float64Array>();
function measure(line: Point[]): Float64Array {
  let far = measured.get(line);
  if (far === undefined) {
    far = new Float64Array(line.length);
    for (let i = 1; i < line.length; i++) far[i] = far[i - 1]! + Math.hypot(line[i]![0] - line[i - 1]![0], line[i]![1] - line[i - 1]![1]);
    measured.set(line, far);
  }
  return far;
}

export const lengthOf = (line: Point[]): number => measure(line).at(-1) ?? 0;

/** Point a share `t` (0..1) along the line. */
export function along(line: Point[], t: number): Point {
  const far = measure(line);
  const want = (far.at(-1) ?? 0) * clamp(t, 0, 1);
  let i = 1;
  for (let hi = line.length - 1; i < hi; ) {
    const mid = (i + hi) >> 1;
    if (far[mid]! < want) i = mid + 1;
    else hi = mid;
  }
  const [a, b] = [line[i - 1], line[i]];
  if (a === undefined || b === undefined) return line.at(-1) ?? [0, 0];
  const d = far[i]! - far[i - 1]!;
  const share = d > 0 ? (want - far[i - 1]!) / d : 1;
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** First part of a line, up to a share `t` of its length, and the rest. */
export function cut(line: Point[], t: number): [Point[], Point[]] {
  const at = along(line, t);
  let left = lengthOf(line) * clamp(t, 0, 1);
  for (let i = 1; i < line.length; i++) {
    const d = Math.hypot(line[i]![0] - line[i - 1]![0], line[i]![1] - line[i - 1]![1]);
    if (left <= d) return [[...line.slice(0, i), at], [at, ...line.slice(i)]];
    left -= d;
  }
  return [line, []];
}

export const pathText = (line: Point[]): string => line.map((p, i) => `${i === 0 ? 'M' : 'L'}${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join('');

/** Two lanes joined inside a switch. */
export const join = (a: Point[], b: Point[]): Point[] => [...a, ...b];
