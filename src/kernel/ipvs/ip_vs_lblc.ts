// IPVS: locality-based least connection. Linux counterpart: net/netfilter/ipvs/ip_vs_lblc.c.
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import type { Dest, Service } from './ip_vs';
import { foldAddr } from './ip_vs_hash';
import { localityCatchUp, type LocalityTable, localityTable } from './ip_vs_lblc_table';
import { candidate, type Explanation, type Flow5, overhead, type Scheduler, schedulerError } from './ip_vs_sched';
import { Vs } from './ip_vs_settings';
import { leastWeighted } from './ip_vs_wlc';

type LblcState = LocalityTable<{ dest: Dest; lastUse: number }>;

/** What is remembered now: what had to be forgotten meanwhile is gone. */
export function localityNow<E extends { lastUse: number }>(k: Kernel, svc: Service, expirationS: number): LocalityTable<E> {
  const t = svc.schedData as LocalityTable<E>;
  localityCatchUp(t, k.world.clock.now, expirationS, (addr) => foldAddr(k, svc.af, addr));
  return t;
}
const state = (k: Kernel, svc: Service): LblcState => localityNow(k, svc, k.ipvs!.vs[Vs.lblc_expiration]!);

/** More active connections than weight while another server is less than half loaded. */
export function isOverloaded(svc: Service, d: Dest): boolean {
  return d.activeConns > d.weight && svc.dests.some((x) => x.activeConns * 2 < x.weight);
}

/** The cached server of a destination if it may still be used. */
function cached(k: Kernel, svc: Service, dst: Ip): Dest | null {
  const e = state(k, svc).cache.get(dst);
  if (e === undefined) return null;
  return e.dest.available && e.dest.weight > 0 && !isOverloaded(svc, e.dest) ? e.dest : null;
}

function schedule(k: Kernel, svc: Service, flow: Flow5): Dest | null {
  const known = cached(k, svc, flow.dst);
  const dest = known ?? leastWeighted(svc);
  if (dest === null) return schedulerError(k, svc, 'no destination available');
  state(k, svc).cache.set(flow.dst, { dest, lastUse: k.world.clock.now });
  return dest;
}

function explain(k: Kernel, svc: Service, flow: Flow5): Explanation {
  const known = cached(k, svc, flow.dst);
  return {
    candidates: svc.dests.map((d) =>
      candidate(d, { active: d.activeConns, weight: d.weight, overhead: overhead(d), share: overhead(d) / d.weight, cached: d === known ? 1 : 0 }),
    ),
    pick: known ?? leastWeighted(svc),
    state: { cached: known === null ? 0 : 1 },
  };
}

export const lblc = Object.freeze({
  name: 'lblc',
  init: (k, svc) => {
    svc.schedData = localityTable(k.world.clock.now) satisfies LblcState;
  },
  schedule,
  explain,
} as const satisfies Scheduler);
