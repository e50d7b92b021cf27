// IPVS: weighted failover. Linux counterpart: net/netfilter/ipvs/ip_vs_fo.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Scheduler, schedulerError, usable } from './ip_vs_sched';

/** The usable server with the highest weight; the first in the list wins ties. */
function highest(svc: Service): Dest | null {
  let best: Dest | null = null;
  for (const d of svc.dests) if (usable(d) && (best === null || d.weight > best.weight)) best = d;
  return best;
}

export const fo = Object.freeze({
  name: 'fo',
  schedule: (k: Kernel, svc: Service) => highest(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({ candidates: svc.dests.map((d) => candidate(d, { weight: d.weight })), pick: highest(svc), state: {} }),
} as const satisfies Scheduler);
