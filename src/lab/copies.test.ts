// What a class gives out as a blank has the keys of its own objects in their order: only then have a lab and its forks the same hidden classes.
import { expect, test } from 'vitest';
import { type CopiedClass, cloneState } from '../lib/clone';
import { NatBench } from './bench_work';

/** Every object of a tree once. */
function reached(root: object, seen = new Set<object>()): Set<object> {
  if (seen.has(root)) return seen;
  seen.add(root);
  const inside = root instanceof Map ? [...root.keys(), ...root.values()] : ArrayBuffer.isView(root) ? [] : Object.values(root);
  for (const v of inside) if (typeof v === 'object' && v !== null) reached(v as object, seen);
  return seen;
}

test('keys and their order', () => {
  const lab = new NatBench(2);
  lab.run(20);
  const found = new Set<string>();
  for (const world of [lab.world, cloneState(lab.world)]) {
    for (const x of reached(world)) {
      const { blank } = x.constructor as CopiedClass;
      if (blank === undefined) continue;
      found.add(x.constructor.name);
      expect(Object.keys(blank(x as never)), x.constructor.name).toEqual(Object.keys(x));
    }
  }
  expect([...found].sort()).toEqual(['Dest', 'Dev', 'DevStats', 'IpStats', 'IpVs', 'Kernel', 'Neighbour', 'Netfilter', 'Segment', 'Service', 'Stats', 'Trace', 'World']);
});

test('a copy goes on as its original does', () => {
  const lab = new NatBench(2);
  lab.run(20);
  const fork = Object.assign(Object.create(NatBench.prototype) as NatBench, lab, { world: lab.fork() });
  const told = (b: NatBench): unknown => [b.run(30), b.world.clock.now, b.world.created, b.world.trace.frameCount, b.world.kernels.map((k) => [k.tcp.mib, k.ip, k.devs.map((d) => d.stats)])];
  expect(told(fork)).toEqual(told(lab));
});
