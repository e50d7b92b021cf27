// IPVS: power of two random choices, weighted. Linux counterpart: net/netfilter/ipvs/ip_vs_twos.c.
import type { Kernel } from '../kernel';
import type { Rng } from '../../lib/rng';
import type { Dest, Service } from './ip_vs';
import { candidate, overhead, type Scheduler, schedulerError, usable } from './ip_vs_sched';

const stream = (k: Kernel): string => `${k.hostname}/ipvs/twos`;

/** Draws two servers by weight and gives the one with less overhead / weight (the first drawn on a tie). */
function choose(svc: Service, rng: Rng, name: string): Dest | null {
  let total = 0;
  for (const d of svc.dests) if (usable(d)) total += d.weight;
  if (total === 0) return null;
  let left1 = rng.next(name) % (total + 1);
  let left2 = rng.next(name) % (total + 1);
  let one: Dest | null = null;
  let two: Dest | null = null;
  for (const d of svc.dests) {
    if (!usable(d)) continue;
    left1 -= d.weight;
    left2 -= d.weight;
    if (left1 <= 0) one ??= d;
    if (left2 <= 0) two ??= d;
    if (one !== null && two !== null) return two.weight * overhead(one) > one.weight * overhead(two) ? two : one;
  }
  return one ?? two;
}

export const twos = Object.freeze({
  name: 'twos',
  schedule: (k: Kernel, svc: Service) => choose(svc, k.world.rng, stream(k)) ?? schedulerError(k, svc, 'no destination available'),
  explain: (k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { active: d.activeConns, inactive: d.inactConns, weight: d.weight, overhead: overhead(d) })),
    pick: choose(svc, k.world.rng.clone(), stream(k)),
    state: {},
  }),
} as const satisfies Scheduler);
