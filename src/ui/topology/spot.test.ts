// The envelope keeps off hosts and switches wherever there is room, in panes from a projector's to a phone's.
import { expect, test } from 'vitest';
import { type Box, place } from './layout';
import { edge, spot } from './spot';

const hosts = ['client50', 'lvs51', 'web52', 'web53'].map((name) => ({ name, role: name.startsWith('client') ? 'client' : name.startsWith('lvs') ? 'director' : 'real-server', segments: ['lan'], rows: name === 'client50' ? 0 : 1, lines: 1 }));
const W = 246;
const H = 172;

/** Square px of hosts and switches that lie under the envelope. */
function covered(w: number, h: number, list = hosts, segments = ['lan']): number {
  const p = place(list, segments, w, h, 152, 150);
  const k = Math.min(1, w / p.width, h / p.height);
  const taken = [...p.hosts.values(), ...p.segments.values()].map((b): Box => ({ x: b.x * k, y: b.y * k, w: b.w * k, h: b.h * k }));
  const s = spot([w, h], W, H, taken);
  expect(s.x >= 0 && s.y >= 0 && s.x + W * s.k <= w && s.y + H * s.k <= h).toBe(true);
  return taken.reduce((sum, b) => sum + Math.max(0, Math.min(s.x + W * s.k, b.x + b.w) - Math.max(s.x, b.x)) * Math.max(0, Math.min(s.y + H * s.k, b.y + b.h) - Math.max(s.y, b.y)), 0);
}

test.each([[640, 460], [660, 380], [480, 340], [560, 340], [760, 520], [1100, 700]])('%i x %i px: nothing is covered', (w, h) => {
  expect(covered(w, h)).toBe(0);
});

test.each([[660, 420], [480, 360]])('two networks, %i x %i px: nothing is covered', (w, h) => {
  expect(covered(w, h, hosts.map((p) => ({ ...p, segments: p.role === 'client' ? ['wan'] : p.role === 'director' ? ['wan', 'lan'] : ['lan'] })), ['wan', 'lan'])).toBe(0);
});

test('the right upper corner when it is free, another place when it is not', () => {
  expect(spot([800, 600], 200, 100, [])).toEqual({ x: 588, y: 12, k: 1, covers: 0 });
  expect(spot([800, 600], 200, 100, [{ x: 500, y: 0, w: 300, h: 300 }])).toEqual({ x: 12, y: 12, k: 1, covers: 0 });
  // Beside a point, clear of what stands there.
  const s = spot([800, 600], 200, 100, [{ x: 350, y: 250, w: 100, h: 60 }], [], [400, 280]);
  expect([s.covers, Math.abs(s.x + 100 - 400) < 160, Math.abs(s.y + 50 - 280) < 120]).toEqual([0, true, true]);
  expect(edge({ x: 10, y: 10, w: 20, h: 20 }, [50, 15])).toEqual([30, 15]);
});

test('beside a cable, not over its lanes nor the numbers on them', () => {
  const cable = Array.from({ length: 60 }, (_, i): [number, number] => [300, 20 + i * 8]);
  const s = spot([600, 520], 224, 58, [{ x: 430, y: 200, w: 150, h: 76 }], cable, [420, 238]);
  expect([s.covers, s.x - 300 >= 15 || s.x + 224 * s.k - 300 <= -15]).toEqual([0, true]);
});
