// IPVS: locality-based least connection with replication. Linux counterpart: net/netfilter/ipvs/ip_vs_lblcr.c.
// Not modelled: eviction of idle entries when more than 16,384 destinations are cached.
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import type { Dest, Service } from './ip_vs';
import { goneByCheck, isOverloaded } from './ip_vs_lblc';
import { candidate, type Explanation, type Flow5, overhead, type Scheduler, schedulerError, usable } from './ip_vs_sched';
import { Vs } from './ip_vs_settings';
import { leastWeighted } from './ip_vs_wlc';

/** Servers of one destination, the newest first, and when the set last changed, us. */
interface ServerSet {
  dests: Dest[];
  lastMod: number;
  lastUse: number;
}
interface LblcrState {
  since: number;
  cache: Map<Ip, ServerSet>;
}
const state = (svc: Service): LblcrState => svc.schedData as LblcrState;

/** ip_vs_dest_set_min: the least loaded usable server of a set. */
function setMin(set: ServerSet): Dest | null {
  let least: Dest | null = null;
  for (const d of set.dests) {
    if (d.overloaded || !d.available) continue;
    if (least === null ? usable(d) : overhead(least) * d.weight > overhead(d) * least.weight) least = d;
  }
  return least;
}

/** ip_vs_dest_set_max: the most loaded server of a set. */
function setMax(set: ServerSet): Dest | null {
  let most: Dest | null = null;
  for (const d of set.dests) {
    if (d.weight > 0 && (most === null || overhead(most) * d.weight < overhead(d) * most.weight)) most = d;
  }
  return most;
}

function setOf(k: Kernel, svc: Service, dst: Ip): ServerSet | null {
  const s = state(svc);
  const set = s.cache.get(dst);
  return set === undefined || goneByCheck(k.world.clock.now, s.since, set.lastUse, k.ipvs!.vs[Vs.lblcr_expiration]!) ? null : set;
}

function schedule(k: Kernel, svc: Service, flow: Flow5): Dest | null {
  const now = k.world.clock.now;
  const set = setOf(k, svc, flow.dst);
  if (set !== null) {
    set.lastUse = now;
    const least = setMin(set);
    // A set that nobody added to for long gives up its most loaded server.
    if (set.dests.length > 1 && now > set.lastMod + k.ipvs!.vs[Vs.lblcr_expiration]! * 1_000_000) {
      const most = setMax(set);
      if (most !== null) {
        set.dests = set.dests.filter((d) => d !== most);
        set.lastMod = now;
      }
    }
    if (least !== null && !isOverloaded(svc, least)) return least;
  }
  const dest = leastWeighted(svc);
  if (dest === null) return schedulerError(k, svc, 'no destination available');
  if (set === null) state(svc).cache.set(flow.dst, { dests: [dest], lastMod: now, lastUse: now });
  else if (!set.dests.includes(dest)) {
    set.dests.unshift(dest);
    set.lastMod = now;
  }
  return dest;
}

function explain(k: Kernel, svc: Service, flow: Flow5): Explanation {
  const set = setOf(k, svc, flow.dst);
  const least = set === null ? null : setMin(set);
  return {
    candidates: svc.dests.map((d) =>
      candidate(d, { active: d.activeConns, weight: d.weight, overhead: overhead(d), share: overhead(d) / d.weight, inSet: set?.dests.includes(d) === true ? 1 : 0 }),
    ),
    pick: least !== null && !isOverloaded(svc, least) ? least : leastWeighted(svc),
    state: { setSize: set?.dests.length ?? 0 },
  };
}

export const lblcr = Object.freeze({
  name: 'lblcr',
  init: (k, svc) => {
    svc.schedData = { since: k.world.clock.now, cache: new Map() } satisfies LblcrState;
  },
  schedule,
  explain,
} as const satisfies Scheduler);
