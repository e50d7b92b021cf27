// The clock: events fire in order of time, ties in the order set, whatever the heap looked like.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from './clock';

/** Every event, one by one, and nothing before its time. */
const drain = (c: Clock): [number, number][] => {
  const out: [number, number][] = [];
  while (c.size > 0) {
    const due = c.take(Number.POSITIVE_INFINITY)!;
    out.push([c.now, due.a]);
    if (c.size > 0 && c.next() > c.now) expect(c.take(c.next() - 1)).toBeNull();
  }
  return out;
};

describe('Clock', () => {
  it('fires by time, then by the order set', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400000 })), { maxLength: 600 }), (times) => {
        const c = new Clock();
        times.forEach((t, i) => c.push(t, 0, i, 0, null));
        const sorted = times.map((t, i) => [t, i] as [number, number]).sort((x, y) => x[0] - y[0] || x[1] - y[1]);
        expect(drain(c)).toEqual(sorted);
      }),
    );
  });
  it('keeps ties in order while events come and go', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ dt: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(100), fc.integer({ min: 60000, max: 200000 })), pop: fc.boolean() }), { maxLength: 300 }), (ops) => {
        const c = new Clock();
        const model: [number, number][] = [];
        ops.forEach((op, i) => {
          if (op.pop && c.size > 0) {
            const due = c.take(Number.POSITIVE_INFINITY)!;
            model.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
            expect([c.now, due.a]).toEqual(model.shift());
          } else {
            c.push(c.now + op.dt, 0, i, 0, null);
            model.push([c.now + op.dt, i]);
          }
        });
      }),
    );
  });
  it('takes the past for now', () => {
    const c = new Clock();
    c.push(10, 0, 1, 0, null);
    c.take(Number.POSITIVE_INFINITY);
    c.push(3, 0, 2, 0, null);
    expect(drain(c)).toEqual([[10, 2]]);
  });
  it('clones apart', () => {
    const c = new Clock();
    c.push(5, 1, 2, 3, { x: 1 });
    const d = c.clone((r) => ({ ...r }));
    c.take(Number.POSITIVE_INFINITY);
    expect([d.size, d.next(), d.take(9)?.ref]).toEqual([1, 5, { x: 1 }]);
  });
});
