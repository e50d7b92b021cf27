// IPVS: destination hashing. Linux counterpart: net/netfilter/ipvs/ip_vs_dh.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { foldAddr, hash32Bits } from './ip_vs_hash';
import { candidate, type Explanation, type Flow5, type Scheduler, schedulerError, usable } from './ip_vs_sched';

const BITS = 8;

/** Buckets are dealt to the list in turn, so the table needs no memory: only its length at the last add or delete counts. */
const bucketOf = (k: Kernel, svc: Service, flow: Flow5): number => hash32Bits(foldAddr(k, svc.af, flow.dst), BITS);

function find(k: Kernel, svc: Service, flow: Flow5): Dest | null {
  const n = svc.dests.length;
  const d = n === 0 ? undefined : svc.dests[bucketOf(k, svc, flow) % n];
  return d !== undefined && usable(d) ? d : null;
}

function explain(k: Kernel, svc: Service, flow: Flow5): Explanation {
  const n = svc.dests.length;
  return {
    candidates: svc.dests.map((d, i) => candidate(d, { weight: d.weight, buckets: Math.ceil(((1 << BITS) - i) / n) })),
    pick: find(k, svc, flow),
    state: { bucket: bucketOf(k, svc, flow) },
  };
}

export const dh = Object.freeze({
  name: 'dh',
  schedule: (k: Kernel, svc: Service, flow: Flow5) => find(k, svc, flow) ?? schedulerError(k, svc, 'no destination available'),
  explain,
} as const satisfies Scheduler);
