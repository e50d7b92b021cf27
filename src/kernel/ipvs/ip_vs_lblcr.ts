// IPVS: locality-based least connection with replication. Linux counterpart: net/netfilter/ipvs/ip_vs_lblcr.c.
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import type { Dest, Service } from './ip_vs';
import { isOverloaded, localityNow } from './ip_vs_lblc';
import { type LocalityTable, localityTable } from './ip_vs_lblc_table';
import { candidate, type Explanation, type Flow5, overhead, type Scheduler, schedulerError, usable } from './ip_vs_sched';
import { Vs } from './ip_vs_settings';
import { leastWeighted } from './ip_vs_wlc';

/** Servers of one destination, the newest first, and when the set last changed, us. */
interface ServerSet {
  dests: Dest[];
  lastMod: number;
  lastUse: number;
}
type LblcrState = LocalityTable<ServerSet>;
const state = (k: Kernel, svc: Service): LblcrState => localityNow(k, svc, k.ipvs!.vs[Vs.lblcr_expiration]!);

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

const setOf = (k: Kernel, svc: Service, dst: Ip): ServerSet | null => state(k, svc).cache.get(dst) ?? null;

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
  if (set === null) state(k, svc).cache.set(flow.dst, { dests: [dest], lastMod: now, lastUse: now });
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
    svc.schedData = localityTable(k.world.clock.now) satisfies LblcrState;
  },
  schedule,
  explain,
} as const satisfies Scheduler);
