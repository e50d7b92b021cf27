// IPVS: least connection. Linux counterpart: net/netfilter/ipvs/ip_vs_lc.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, overhead, type Scheduler, schedulerError, usable } from './ip_vs_sched';

/** The usable server with the least overhead; weights count only as zero or not, the first in the list wins ties. */
function least(svc: Service): Dest | null {
  let best: Dest | null = null;
  let bestCost = 0;
  for (const d of svc.dests) {
    if (!usable(d)) continue;
    const cost = overhead(d);
    if (best === null || cost < bestCost) {
      best = d;
      bestCost = cost;
    }
  }
  return best;
}

export const lc = Object.freeze({
  name: 'lc',
  schedule: (k: Kernel, svc: Service) => least(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { active: d.activeConns, inactive: d.inactConns, overhead: overhead(d) })),
    pick: least(svc),
    state: {},
  }),
} as const satisfies Scheduler);
