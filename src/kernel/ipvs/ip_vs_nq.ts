// IPVS: never queue. Linux counterpart: net/netfilter/ipvs/ip_vs_nq.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Scheduler, schedulerError, usable } from './ip_vs_sched';
import { expected, shortest } from './ip_vs_sed';

/** The first usable server without an active connection, else as sed. */
function idleOrShortest(svc: Service): Dest | null {
  for (const d of svc.dests) if (usable(d) && d.activeConns === 0) return d;
  return shortest(svc);
}

export const nq = Object.freeze({
  name: 'nq',
  schedule: (k: Kernel, svc: Service) => idleOrShortest(svc) ?? schedulerError(k, svc, 'no destination available'),
  explain: (_k, svc) => ({
    candidates: svc.dests.map((d) => candidate(d, { active: d.activeConns, weight: d.weight, expected: expected(d), delay: expected(d) / d.weight })),
    pick: idleOrShortest(svc),
    state: {},
  }),
} as const satisfies Scheduler);
