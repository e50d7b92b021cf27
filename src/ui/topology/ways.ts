// The way of a frame over the drawing: from its sender through the switch to each receiver, in its own lane.
import type { FrameView } from '../engine';
import { receivers, type TopoModel } from './model';
import { join, lane, lengthOf, type Point } from './paths';

export const LANE = 6;
export interface Lines { link(host: string, segment: string): Point[] | null }

/** Way of a frame from its sender to each receiver, in its own lane. */
export interface Way { host: string; line: Point[]; /** Share of the way at which a packet at rest is drawn: on the receiver's own link. */ rest: number }

export function ways(f: FrameView, m: TopoModel, lines: Lines): Way[] {
  const out = lines.link(f.from, f.segment);
  if (out === null) return [];
  const first = lane(out, LANE);
  return receivers(f, m).flatMap((host) => {
    const back = lines.link(host, f.segment);
    if (back === null) return [];
    const a = lengthOf(first);
    const b = lengthOf(back);
    return [{ host, line: join(first, lane([...back].reverse(), LANE)), rest: f.drop !== null ? 0.97 : (a + Math.max(b * 0.52, Math.min(b - 20, 110))) / (a + b) }];
  });
}
