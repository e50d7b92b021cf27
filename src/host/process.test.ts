// A process row and its copy in a fork: every key is there, what one changes the other does not see, and a way back to the row leads to the copy.
import { expect, test } from 'vitest';
import { cloneState } from '../lib/clone';
import type { Host } from './host';
import { Process } from './process';

/** All a row asks of its host. */
const host = { name: 'box', queues: 0 } as unknown as Host;
const row = (): Process => {
  let n = 0;
  const p = new Process(Object.assign(Object.create({ newQueue: () => ++n }) as Host, host), 7);
  p.argv = ['sleep', '60'];
  p.env.set('HOME', '/root');
  p.caught.add(2);
  p.pending.push(15);
  p.shell = { p, vars: new Map([['x', '1']]) };
  p.run = (function* () { return 0; })();
  return p;
};

test('the copy has every key, with the same values save what runs', () => {
  const p = row();
  const c = cloneState(p);
  expect(Object.keys(c).sort()).toEqual(Object.keys(p).sort());
  expect(c).toBeInstanceOf(Process);
  expect(c.run).toBeNull();
  const { host: _, shell: s1, run: r1, ...was } = p;
  const { host: h, shell: s2, run: r2, ...is } = c;
  expect(is).toEqual(was);
  expect([h.name, r2, (s2 as { vars: unknown }).vars]).toEqual(['box', null, (s1 as { vars: unknown }).vars]);
  void r1;
});

test('the two live apart', () => {
  const p = row();
  const c = cloneState(p);
  expect((c.shell as { p: Process }).p).toBe(c);
  c.env.set('HOME', '/tmp');
  c.caught.add(9);
  c.ignored.add(1);
  c.pending.push(1);
  c.fds.set(0, { kind: 'null' } as never);
  expect([p.env.get('HOME'), [...p.caught], [...p.ignored], p.pending, p.fds.size]).toEqual(['/root', [2], [], [15], 0]);
});
