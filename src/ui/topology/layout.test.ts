// The drawing of the course's two labs: nothing overlaps, and the same lab is always drawn the same.
import { expect, test } from 'vitest';
import { type Box, place, type PlaceHost } from './layout';
import { along, lane, lengthOf, linkLine } from './paths';

const host = (name: string, role: string, segments: string[], rows = 1): PlaceHost => ({ name, role, segments, rows, lines: segments.length });
const dr = [host('client50', 'client', ['lan'], 0), host('lvs51', 'director', ['lan']), host('web52', 'real-server', ['lan']), host('web53', 'real-server', ['lan'])];
const nat = [host('client50', 'client', ['lan', 'wan'], 0), host('lvs51', 'director', ['lan', 'wan'], 0), host('web52', 'real-server', ['lan']), host('web53', 'real-server', ['lan'])];
const many = [...Array.from({ length: 4 }, (_, i) => host(`c${i}`, 'client', ['a'], 0)), host('d1', 'director', ['a', 'b']), host('d2', 'director', ['a', 'b']), ...Array.from({ length: 12 }, (_, i) => host(`w${i}`, 'real-server', ['b']))];
const apart = (a: Box, b: Box): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

test.each([['DR', dr, ['lan'], 640, 453], ['DR in a wide pane', dr, ['lan'], 1000, 700], ['NAT', nat, ['lan', 'wan'], 640, 453], ['18 hosts', many, ['a', 'b'], 640, 453]] as const)('%s: nothing overlaps', (_name, hosts, segments, w, h) => {
  const p = place([...hosts], [...segments], w, h, 152, 150);
  const boxes = [...p.hosts.values(), ...p.segments.values()];
  expect(boxes).toHaveLength(hosts.length + segments.length);
  const over = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a, b)));
  expect(over).toEqual([]);
  expect(place([...hosts], [...segments], w, h, 152, 150)).toEqual(p);
});

test('the two directions of a link never share a lane', () => {
  const line = linkLine({ x: 0, y: 0, w: 150, h: 50 }, { x: 200, y: 11, w: 120, h: 28 });
  const out = lane(line, 6);
  const back = lane([...line].reverse(), 6);
  expect(along(out, 0.5)[1] - along(back, 0.5)[1]).toBeCloseTo(-12);
  expect(lengthOf(line)).toBeCloseTo(110);
});

test('two hundred hosts stand side by side, about as wide as high', () => {
  const hosts = Array.from({ length: 200 }, (_, i) => ({ name: `h${i}`, role: i < 20 ? 'client' : i < 21 ? 'director' : 'real-server', segments: ['lan'], rows: 1, lines: 1 }));
  const p = place(hosts, ['lan'], 700, 500, 152, 150);
  const boxes = [...p.hosts.values(), ...p.segments.values()];
  expect(boxes).toHaveLength(201);
  expect(boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h))).toEqual([]);
  expect(p.width / p.height).toBeGreaterThan(0.5);
  expect(p.width / p.height).toBeLessThan(2.5);
});
