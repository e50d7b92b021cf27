// IPVS: round robin. Linux counterpart: net/netfilter/ipvs/ip_vs_rr.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Explanation, type Scheduler, schedulerError, usable } from './ip_vs_sched';

/** Position of the server picked last; -1 is the head of the list, before the first. */
interface RrState {
  at: number;
}
const state = (svc: Service): RrState => svc.schedData as RrState;

/** The next usable position after `at`, going round once; -1 for none. */
function next(svc: Service, at: number): number {
  const list = svc.dests;
  const n = list.length;
  for (let i = at + 1; i < n; i++) if (usable(list[i]!)) return i;
  for (let i = 0; i <= at && i < n; i++) if (usable(list[i]!)) return i;
  return -1;
}

function schedule(k: Kernel, svc: Service): Dest | null {
  const s = state(svc);
  const i = next(svc, s.at);
  if (i < 0) return schedulerError(k, svc, 'no destination available');
  s.at = i;
  return svc.dests[i]!;
}

function explain(_k: Kernel, svc: Service): Explanation {
  const { at } = state(svc);
  const i = next(svc, at);
  const n = svc.dests.length;
  return {
    candidates: svc.dests.map((d, j) => candidate(d, { order: n === 0 ? 0 : at < 0 ? j : (j - at - 1 + n) % n })),
    pick: svc.dests[i] ?? null,
    state: { position: at },
  };
}

export const rr = Object.freeze({
  name: 'rr',
  init: (_k, svc) => {
    svc.schedData = { at: -1 } satisfies RrState;
  },
  schedule,
  // The pointer is to a server, so it moves with it; when that server goes, the pointer steps back to the one before.
  added: (_k, svc) => {
    const s = state(svc);
    if (s.at >= 0) s.at++;
  },
  deleted: (_k, svc, _d, index) => {
    const s = state(svc);
    if (index <= s.at) s.at--;
  },
  explain,
} as const satisfies Scheduler);
