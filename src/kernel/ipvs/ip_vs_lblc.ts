// IPVS: locality-based least connection. Linux counterpart: net/netfilter/ipvs/ip_vs_lblc.c.
// Not modelled: eviction of idle entries when more than 16,384 destinations are cached.
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import type { Dest, Service } from './ip_vs';
import { candidate, type Explanation, type Flow5, overhead, type Scheduler, schedulerError } from './ip_vs_sched';
import { Vs } from './ip_vs_settings';
import { leastWeighted } from './ip_vs_wlc';

/** Every half hour entries unused for lblc_expiration are thrown away, us. */
const FULL_CHECK_US = 1_800_000_000;

interface LblcState {
  since: number;
  cache: Map<Ip, { dest: Dest; lastUse: number }>;
}
const state = (svc: Service): LblcState => svc.schedData as LblcState;

/** True when a full check since `lastUse + expirationS` has thrown the entry away. */
export function goneByCheck(now: number, since: number, lastUse: number, expirationS: number): boolean {
  const lastCheck = since + Math.floor((now - since) / FULL_CHECK_US) * FULL_CHECK_US;
  return lastCheck > since && lastCheck >= lastUse + expirationS * 1_000_000;
}

/** More active connections than weight while another server is less than half loaded. */
export function isOverloaded(svc: Service, d: Dest): boolean {
  return d.activeConns > d.weight && svc.dests.some((x) => x.activeConns * 2 < x.weight);
}

/** The cached server of a destination if it may still be used. */
function cached(k: Kernel, svc: Service, dst: Ip): Dest | null {
  const s = state(svc);
  const e = s.cache.get(dst);
  if (e === undefined || goneByCheck(k.world.clock.now, s.since, e.lastUse, k.ipvs!.vs[Vs.lblc_expiration]!)) return null;
  return e.dest.available && e.dest.weight > 0 && !isOverloaded(svc, e.dest) ? e.dest : null;
}

function schedule(k: Kernel, svc: Service, flow: Flow5): Dest | null {
  const known = cached(k, svc, flow.dst);
  const dest = known ?? leastWeighted(svc);
  if (dest === null) return schedulerError(k, svc, 'no destination available');
  state(svc).cache.set(flow.dst, { dest, lastUse: k.world.clock.now });
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
    svc.schedData = { since: k.world.clock.now, cache: new Map() } satisfies LblcState;
  },
  schedule,
  explain,
} as const satisfies Scheduler);
