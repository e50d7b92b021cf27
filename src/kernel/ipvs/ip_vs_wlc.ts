// IPVS: weighted least connection. Linux counterpart: net/netfilter/ipvs/ip_vs_wlc.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, overhead, type Scheduler, schedulerError, usable } from './ip_vs_sched';

/** The usable server with the least overhead / weight, compared crosswise; the first in the list wins ties. */
export function leastWeighted(svc: Service): Dest | null {
  let best: Dest | null = null;
  let bestCost = 0;
  for (const d of svc.dests) {
    if (!usable(d)) continue;
    const cost = overhead(d);
    if (best === null || bestCost * d.weight > cost * best.weight) {
      best = d;
      bestCost = cost;
    }
  }
  return best;
}

export const wlc = Object.freeze({
  name: 'wlc',
  schedule: (k: Kernel, svc: Service) => leastWeighted(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { active: d.activeConns, inactive: d.inactConns, weight: d.weight, overhead: overhead(d), share: overhead(d) / d.weight })),
    pick: leastWeighted(svc),
    state: {},
  }),
} as const satisfies Scheduler);
