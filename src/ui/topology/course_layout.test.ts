// The drawing of every lesson of the course, in panes from a projector's to a phone's: nothing overlaps, no cable runs behind a card or a switch that is
// not its own, and everything lies inside the canvas.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { instantiate } from '../../lesson/instantiate';
import { loadLesson } from '../../lesson/load';
import { sandbox } from '../../lesson/sandbox';
import { topologyOfLesson } from '../../lesson/topology_of';
import { type Box, place, type PlaceHost } from './layout';
import { LANE } from './ways';
import { lane, linkLine, type Point } from './paths';
import { arcOf } from './Instead';
import { crosses, routed } from './routes';

const folder = join(import.meta.dirname, '../../../lessons');
const PANES = [[1000, 700], [760, 520], [680, 446], [640, 453], [470, 340], [372, 300], [820, 432], [390, 200], [260, 260]] as const;

/** Hosts of a lab as the layout wants them, each with `rows` lines for virtual addresses if it forwards or serves. */
function hostsOf(t: ReturnType<typeof topologyOfLesson>, rows: number): PlaceHost[] {
  return t.hosts.map((h) => {
    const cards = Object.values(h.interfaces ?? {}).filter((i) => i.segment !== undefined && i.segment !== '');
    return { name: h.name, role: h.role ?? '', segments: [...new Set(cards.map((i) => i.segment!))], rows: h.role === 'client' ? 0 : rows, lines: cards.length };
  });
}

const shapes = new Map<string, { hosts: PlaceHost[]; segments: string[]; lessons: string[] }>();
for (const id of [...readdirSync(folder).filter((f) => !f.includes('.')), 'sandbox']) {
  const text = id === 'sandbox' ? sandbox : loadLesson(Object.fromEntries(['lesson.yaml', 'zh.md', 'en.md'].map((f) => [f, readFileSync(join(folder, id, f), 'utf8')])), id).lesson;
  if (text === null) throw new Error(`${id} does not load`);
  const topology = topologyOfLesson(instantiate(text, 1).lesson);
  for (const rows of [0, 1, 2]) {
    const hosts = hostsOf(topology, rows);
    const key = JSON.stringify([hosts, topology.segments.map((s) => s.name)]);
    const known = shapes.get(key);
    if (known === undefined) shapes.set(key, { hosts, segments: topology.segments.map((s) => s.name), lessons: [id] });
    else if (!known.lessons.includes(id)) known.lessons.push(id);
  }
}

const inside = ([x, y]: Point, b: Box): boolean => x > b.x && x < b.x + b.w && y > b.y && y < b.y + b.h;

/** What is wrong with a drawing, in words. */
function complaints(hosts: readonly PlaceHost[], segments: readonly string[], w: number, h: number, card = 152, pill = 150): string[] {
  const p = place([...hosts], [...segments], w, h, card, pill);
  const boxes = [...p.hosts, ...p.segments];
  const out = boxes.flatMap(([n, a], i) => boxes.slice(i + 1).flatMap(([m, b]) => (a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h ? [`${n} over ${m}`] : [])));
  out.push(...boxes.flatMap(([n, b]) => (b.x < 0 || b.y < 0 || b.x + b.w > p.width || b.y + b.h > p.height ? [`${n} outside`] : [])));
  for (const host of hosts) {
    for (const s of host.segments) {
      const line = routed(p.hosts.get(host.name)!, p.segments.get(s)!, boxes.filter(([n]) => n !== host.name && n !== s).map(([, b]) => b));
      // Packets fly in lanes on both sides of the cable.
      const points = [...line, ...lane(line, LANE), ...lane(line, -LANE)];
      out.push(...boxes.flatMap(([n, b]) => (n !== host.name && n !== s && points.some((q) => inside(q, b)) ? [`cable ${host.name}-${s} behind ${n}`] : [])));
      out.push(...(points.some(([x, y]) => x < 0 || y < 0 || x > p.width || y > p.height) ? [`cable ${host.name}-${s} outside`] : []));
    }
  }
  return out;
}

test('the course has labs of several shapes', () => {
  expect(shapes.size).toBeGreaterThan(20);
});

test.each([...shapes.values()].map((s) => [`${s.lessons.slice(0, 3).join(', ')}${s.lessons.length > 3 ? ` and ${s.lessons.length - 3} more` : ''}: ${s.hosts.length} hosts`, s] as const))('%s', (_name, s) => {
  expect(PANES.flatMap(([w, h]) => [[152, 150], [162, 146]].flatMap(([card, pill]) => complaints(s.hosts, s.segments, w, h, card, pill).map((c) => `${w}x${h}: ${c}`)))).toEqual([]);
});

test('a cable in whose way a card stands goes round it, and a fault would be found', () => {
  const [host, card, pill] = [{ x: 0, y: 0, w: 100, h: 50 }, { x: 140, y: 0, w: 100, h: 50 }, { x: 300, y: 11, w: 100, h: 28 }];
  expect(linkLine(host, pill).some((q) => inside(q, card))).toBe(true);
  const line = routed(host, pill, [card]);
  expect([line[0], line.at(-1), line.some((q) => inside(q, card))]).toEqual([[100, 25], [350, 25], false]);
  expect(routed(host, pill, [])).toEqual(linkLine(host, pill));
  expect([crosses([0, 25], [400, 25], card), crosses([0, 60], [400, 60], card), crosses([0, 50], [400, 50], card), crosses([100, 0], [180, 80], card)]).toEqual([true, false, false, true]);
});

test.each(PANES)('%i x %i: the dotted way a reply should have gone keeps off the cards between', (w, h) => {
  const hosts = [['client50', 'client', 0], ['lvs51', 'director', 1], ['web52', 'real-server', 1], ['web53', 'real-server', 1]].map(([name, role, rows]): PlaceHost => ({ name: String(name), role: String(role), segments: ['lan'], rows: Number(rows), lines: 1 }));
  const p = place(hosts, ['lan'], w, h, 152, 150);
  for (const server of ['web52', 'web53']) {
    const others = [...p.hosts].filter(([n]) => n !== server && n !== 'lvs51').map(([, b]) => b);
    const { line } = arcOf(p.hosts.get(server)!, p.hosts.get('lvs51')!, others, 2);
    expect(line.slice(1).filter((q, i) => others.some((b) => crosses(line[i]!, q, b)))).toEqual([]);
  }
});
