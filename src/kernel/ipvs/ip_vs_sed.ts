// IPVS: shortest expected delay. Linux counterpart: net/netfilter/ipvs/ip_vs_sed.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Scheduler, schedulerError, usable } from './ip_vs_sched';

/** Expected delay of a server before its weight divides it: the connections it would have with this one. Inactive ones do not count. */
export const expected = (d: Dest): number => d.activeConns + 1;

/** The usable server with the least (active + 1) / weight; the first in the list wins ties. */
export function shortest(svc: Service): Dest | null {
  let best: Dest | null = null;
  for (const d of svc.dests) {
    if (usable(d) && (best === null || expected(best) * d.weight > expected(d) * best.weight)) best = d;
  }
  return best;
}

export const sed = Object.freeze({
  name: 'sed',
  schedule: (k: Kernel, svc: Service) => shortest(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { active: d.activeConns, weight: d.weight, expected: expected(d), delay: expected(d) / d.weight })),
    pick: shortest(svc),
    state: {},
  }),
} as const satisfies Scheduler);
