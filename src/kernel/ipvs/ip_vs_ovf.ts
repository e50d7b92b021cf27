// IPVS: overflow connection. Linux counterpart: net/netfilter/ipvs/ip_vs_ovf.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Scheduler, schedulerError, skipReason, usable } from './ip_vs_sched';

/** The highest weight among servers whose active connections do not exceed their weight; the first in the list wins ties. */
function highestWithRoom(svc: Service): Dest | null {
  let best: Dest | null = null;
  for (const d of svc.dests) if (usable(d) && d.activeConns <= d.weight && (best === null || d.weight > best.weight)) best = d;
  return best;
}

export const ovf = Object.freeze({
  name: 'ovf',
  schedule: (k: Kernel, svc: Service) => highestWithRoom(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { weight: d.weight, active: d.activeConns }, skipReason(d) ?? (d.activeConns > d.weight ? 'full' : undefined))),
    pick: highestWithRoom(svc),
    state: {},
  }),
} as const satisfies Scheduler);
