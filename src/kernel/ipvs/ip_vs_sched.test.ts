// Pick sequences of every scheduler: the golden vectors confirmed on a real kernel, ties, weight 0, overload, and what a change of the list does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEST_F, SVC_F } from './ip_vs';
import { hsiphash } from './ip_vs_hash';
import { localityCatchUp, localityTable, MAX_ENTRIES } from './ip_vs_lblc_table';
import { mhTurns } from './ip_vs_mh';
import { SCHEDULERS } from './ip_vs_schedulers';
import { Rig } from './test_ipvs';

const three = { 52: 1, 53: 1, 54: 1 };
const rising = { 52: 1, 53: 2, 54: 3 };

describe('sequences', () => {
  const rows: [string, Record<number, number>, number, 'none' | 'held' | 'closed', string][] = [
    ['rr', three, 7, 'none', '54 53 52 54 53 52 54'],
    ['rr', { 52: 5, 53: 0, 54: 1 }, 4, 'none', '54 52 54 52'],
    ['wrr', { 52: 1, 53: 2 }, 6, 'none', '53 52 53 53 52 53'],
    ['wrr', { 52: 3, 53: 1 }, 8, 'none', '53 52 52 52 53 52 52 52'],
    ['wrr', { 52: 4, 53: 3, 54: 2 }, 9, 'none', '54 53 52 52 53 52 54 53 52'],
    ['wrr', { 52: 2, 53: 2 }, 4, 'none', '53 52 53 52'],
    ['wrr', { 52: 0, 53: 0 }, 2, 'none', '- -'],
    ['lc', rising, 6, 'held', '54 53 52 54 53 52'],
    ['wlc', rising, 9, 'held', '54 53 52 54 53 54 54 53 52'],
    ['wlc', rising, 9, 'closed', '54 53 52 54 53 54 54 53 52'],
    ['wlc', three, 3, 'none', '54 54 54'],
    ['sed', rising, 9, 'held', '54 53 54 54 53 52 54 53 54'],
    ['sed', rising, 4, 'closed', '54 54 54 54'],
    ['nq', rising, 9, 'held', '54 53 52 54 54 53 54 53 54'],
    ['nq', rising, 3, 'closed', '54 54 54'],
    ['fo', { 52: 1, 53: 3, 54: 3 }, 3, 'held', '54 54 54'],
    ['ovf', { 52: 1, 53: 2 }, 7, 'held', '53 53 53 52 52 - -'],
    ['lblc', three, 3, 'held', '54 54 53'],
    ['lblcr', three, 3, 'held', '54 54 53'],
  ];
  it.each(rows)('%s of %o, %i connections %s', (name, weights, n, load, want) => {
    expect(new Rig(name, weights).picks(n, load)).toBe(want);
  });
});

describe('changes', () => {
  it('rr: a new server goes before the pointer, a removed one moves it back', () => {
    const r = new Rig('rr', { 52: 1, 53: 1 });
    expect(r.picks(1)).toBe('53');
    r.add(54);
    expect(r.picks(3)).toBe('52 54 53');
    r.del(53);
    expect(r.picks(3)).toBe('52 54 52');
  });
  it('wrr: any change starts at the head again', () => {
    const r = new Rig('wrr', { 52: 1, 53: 1 });
    expect(r.picks(1)).toBe('53');
    r.edit(52, 1);
    expect(r.picks(2)).toBe('53 52');
  });
  it('overload excludes everywhere; nobody left is nobody', () => {
    for (const { name } of SCHEDULERS) {
      const r = new Rig(name, three);
      for (const d of r.svc.dests) d.flags |= DEST_F.OVERLOAD;
      expect([name, r.picks(2)]).toEqual([name, '- -']);
    }
  });
  it('weight 0 is never picked, by any scheduler', () => {
    for (const { name } of SCHEDULERS) {
      const r = new Rig(name, { 52: 2, 53: 0, 54: 1 }, { flags: SVC_F.SCHED1 });
      expect(r.picks(200, 'held', (i) => ({ src: `10.0.${i & 15}.${i}` }))).not.toContain('53');
    }
  });
  it('shares follow weights over a round', () => {
    const r = new Rig('wrr', { 52: 6, 53: 3, 54: 2 });
    const got = r.picks(110).split(' ');
    expect(['52', '53', '54'].map((o) => got.filter((x) => x === o).length)).toEqual([60, 30, 20]);
  });
});

describe('properties, for any weights', () => {
  const weights = fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 6, selector: (n) => n }).chain((octets) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: octets.length, maxLength: octets.length }).map((w) => Object.fromEntries(octets.map((o, i) => [o, w[i]!]))),
  );
  const sumOf = (w: Record<number, number>): number => Object.values(w).reduce((a, b) => a + b, 0);
  /** wrr gives each server its weight in every round; the least-loaded ones keep held connections within one of the weights' shares. */
  it('shares follow weights', () => {
    fc.assert(
      fc.property(weights, (w) => {
        const total = sumOf(w);
        fc.pre(total > 0);
        const rounds = 3;
        const divisor = Object.values(w).reduce((a, b) => gcd(a, b), 0);
        for (const [name, load] of [['wrr', 'none'], ['wlc', 'held'], ['sed', 'held']] as const) {
          const got = new Rig(name, w).picks((rounds * total) / divisor, load).split(' ');
          for (const [o, weight] of Object.entries(w)) {
            const want = (rounds * weight) / divisor;
            const n = got.filter((x) => x === o).length;
            expect([name, w, o, Math.abs(n - want) <= (name === 'wrr' ? 0 : 1)]).toEqual([name, w, o, true]);
          }
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });
  it('nobody of weight 0 and nobody overloaded is picked, by any scheduler', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 63 }), fc.boolean(), (w, over, fallback) => {
        for (const { name } of SCHEDULERS) {
          const r = new Rig(name, w, { flags: fallback ? SVC_F.SCHED1 : 0 });
          const bad = new Set<string>();
          r.svc.dests.forEach((d, i) => {
            if ((over >> i) & 1) d.flags |= DEST_F.OVERLOAD;
            if (d.weight === 0 || d.overloaded) bad.add(String(d.addr & 255));
          });
          const got = r.picks(20, 'held', (i) => ({ src: `10.0.0.${i}` })).split(' ');
          expect([name, w, got.filter((x) => bad.has(x))]).toEqual([name, w, []]);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

describe('hashing', () => {
  it('sh: bucket of the client address; a port only when asked', () => {
    const clients = ['192.168.2.50', '192.168.4.50'];
    expect(new Rig('sh', { 52: 1, 53: 1 }).picks(2, 'none', (i) => ({ src: clients[i]! }))).toBe('53 52');
    const byPort = new Rig('sh', { 52: 1, 53: 1 }, { flags: SVC_F.SCHED2 });
    expect(new Set(byPort.picks(40).split(' ')).size).toBe(2);
  });
  it('sh: a quiesced server keeps its bucket and refuses, unless told to fall back', () => {
    const refuse = new Rig('sh', { 52: 1, 53: 0 });
    expect(refuse.picks(2, 'none', (i) => ({ src: ['192.168.2.50', '192.168.4.50'][i]! }))).toBe('- 52');
    const fall = new Rig('sh', { 52: 1, 53: 0 }, { flags: SVC_F.SCHED1 });
    expect(fall.picks(2, 'none', (i) => ({ src: ['192.168.2.50', '192.168.4.50'][i]! }))).toBe('52 52');
  });
  it('dh: recorded with VIPs 51 and 201..203', () => {
    const r = new Rig('dh', three);
    const vips = ['192.168.2.51', '192.168.2.201', '192.168.2.202', '192.168.2.203'];
    expect(r.picks(4, 'none', (i) => ({ dst: vips[i]! }))).toBe('53 52 52 53');
  });
  const clients = [50, 60, 61, 62, 63, 64, 65, 66].map((o) => `192.168.2.${o}`);
  it.each([
    [{ 52: 1, 53: 1, 54: 1 }, '52 52 53 53 53 54 52 53'],
    [{ 52: 1, 53: 1 }, '52 52 53 53 53 53 52 53'],
    [{ 52: 1, 53: 3, 54: 2 }, '53 54 53 53 53 53 54 53'],
  ] as [Record<number, number>, string][])('mh of %o: recorded picks', (weights, want) => {
    expect(new Rig('mh', weights).picks(8, 'none', (i) => ({ src: clients[i]! }))).toBe(want);
  });
  it('mh: quiescing a server moves nobody else', () => {
    const r = new Rig('mh', three);
    r.edit(53, 0);
    expect(r.picks(8, 'none', (i) => ({ src: clients[i]! }))).toBe('52 52 - - - 54 52 -');
  });
  it('mh: turns are weights over their divisor, shifted into six bits', () => {
    expect(mhTurns([10, 20, 0])).toEqual([1, 2, 0]);
    expect(mhTurns([1, 1000])).toEqual([1, 62]);
    expect(mhTurns([0, 0])).toEqual([0, 0]);
  });
  it('hsiphash is SipHash-1-3 on 64 bits', () => {
    const M = (1n << 64n) - 1n;
    const rot = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & M;
    const plain = (value: number, key: number): number => {
      const K = BigInt(key >>> 0);
      let [a, b, c, d] = [0x736f6d6570736575n ^ K, 0x646f72616e646f6dn ^ K, 0x6c7967656e657261n ^ K, 0x7465646279746573n ^ K];
      const m = (4n << 56n) | BigInt(value >>> 0);
      const round = (): void => {
        a = (a + b) & M; b = rot(b, 13n) ^ a; a = rot(a, 32n);
        c = (c + d) & M; d = rot(d, 16n) ^ c;
        a = (a + d) & M; d = rot(d, 21n) ^ a;
        c = (c + b) & M; b = rot(b, 17n) ^ c; c = rot(c, 32n);
      };
      d ^= m; round(); a ^= m; c ^= 0xffn; round(); round(); round();
      return Number((a ^ b ^ c ^ d) & 0xffffffffn);
    };
    for (const v of [0, 1, -1, 0xc0a80232, 0x7fffffff]) expect(hsiphash(v, 2654435761 | 0)).toBe(plain(v, 2654435761));
  });
});

describe('lblc and lblcr', () => {
  it('lblc sticks to a destination until its server has more connections than weight and another is idle', () => {
    const r = new Rig('lblc', { 52: 4, 53: 4 });
    expect(r.picks(7, 'held')).toBe('53 53 53 53 53 52 52');
  });
  it('lblcr adds a server to the set instead', () => {
    const r = new Rig('lblcr', { 52: 4, 53: 4 });
    expect(r.picks(7, 'held')).toBe('53 53 53 53 53 52 52');
    expect(r.svc.scheduler!.explain(r.k, r.svc, { src: 0, dst: r.svc.addr, sport: 0, dport: 80 }).state).toEqual({ setSize: 2 });
  });
});

describe('what lblc remembers', () => {
  const table = (n: number, lastUse: number) => {
    const t = localityTable<{ lastUse: number }>(0);
    for (let i = 0; i < n; i++) t.cache.set(i, { lastUse });
    return t;
  };
  const minute = 60_000_000;
  const same = (addr: number): number => addr;
  it('a full check every half hour throws away what is old', () => {
    const t = table(3, 0);
    t.cache.get(1)!.lastUse = 29 * minute;
    localityCatchUp(t, 30 * minute - 1, 600, same);
    expect(t.cache.size).toBe(3);
    localityCatchUp(t, 30 * minute, 600, same);
    expect([...t.cache.keys()]).toEqual([1]);
  });
  it('more than 16384 entries: each minute a third more than the surplus goes, of those idle for six minutes', () => {
    const t = table(MAX_ENTRIES + 300, 0);
    localityCatchUp(t, 5 * minute, 86400, same);
    expect(t.cache.size).toBe(MAX_ENTRIES + 300);
    localityCatchUp(t, 6 * minute, 86400, same);
    const gone = MAX_ENTRIES + 300 - t.cache.size; // 400 are the goal; buckets hold 16 or 17 each and are emptied whole
    expect([gone >= 400, gone < 417]).toEqual([true, true]);
    localityCatchUp(t, 29 * minute, 86400, same);
    expect(t.cache.size).toBe(MAX_ENTRIES + 300 - gone);
  });
});
