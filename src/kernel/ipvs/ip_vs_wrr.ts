// IPVS: weighted round robin by a sinking current weight. Linux counterpart: net/netfilter/ipvs/ip_vs_wrr.c.
import type { Kernel } from '../kernel';
import type { Dest, Service } from './ip_vs';
import { candidate, type Explanation, type Scheduler, schedulerError } from './ip_vs_sched';

/** Position of the last pick (-1: head of the list), current weight, maximum weight less (step - 1), step (gcd of weights). */
interface WrrState {
  at: number;
  cw: number;
  mw: number;
  di: number;
}
const state = (svc: Service): WrrState => svc.schedData as WrrState;

export function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function measure(svc: Service): { di: number; mw: number } {
  let g = 0;
  let max = 0;
  for (const d of svc.dests) {
    if (d.weight > 0) g = g === 0 ? d.weight : gcd(d.weight, g);
    if (d.weight > max) max = d.weight;
  }
  const di = g === 0 ? 1 : g;
  return { di, mw: max - (di - 1) };
}

/** Any change of the list or of a weight starts at the head again but keeps the current weight where it fits. */
function changed(svc: Service): void {
  const s = state(svc);
  const { di, mw } = measure(svc);
  s.at = -1;
  s.di = di;
  s.mw = mw;
  if (s.cw > mw || s.cw === 0) s.cw = mw;
  else if (di > 1) s.cw = Math.trunc(s.cw / di) * di + 1;
}

/** Moves `s` to the next pick and gives it; null when nobody can serve. The list is walked for weight >= cw, then cw sinks by a step. */
function walk(svc: Service, s: WrrState): Dest | null {
  const list = svc.dests;
  const n = list.length;
  if (s.mw === 0) return null;
  const last = s.at;
  let i = last;
  let lastPass = false;
  let restarted = false;
  for (;;) {
    for (i++; i < n; i++) {
      const d = list[i]!;
      if (!d.overloaded && d.weight >= s.cw) {
        s.at = i;
        return d;
      }
      if (lastPass && i === last) {
        s.at = i;
        return null;
      }
    }
    i = -1;
    s.cw -= s.di;
    if (s.cw <= 0) {
      s.cw = s.mw;
      // Every server was looked at for weight >= 1 and none would do.
      if (lastPass || last === -1) {
        s.at = -1;
        return null;
      }
      restarted = true;
    }
    lastPass = restarted && s.cw <= s.di;
  }
}

function schedule(k: Kernel, svc: Service): Dest | null {
  const s = state(svc);
  const d = walk(svc, s);
  if (d === null) schedulerError(k, svc, s.mw === 0 ? 'no destination available' : 'no destination available: all destinations are overloaded');
  return d;
}

function explain(_k: Kernel, svc: Service): Explanation {
  const s = state(svc);
  const after = { ...s };
  const pick = walk(svc, after);
  return {
    candidates: svc.dests.map((d) => candidate(d, { weight: d.weight, currentWeight: pick === null ? s.cw : after.cw })),
    pick,
    state: { position: s.at, currentWeight: s.cw, maxWeight: s.mw, step: s.di },
  };
}

export const wrr = Object.freeze({
  name: 'wrr',
  init: (_k, svc) => {
    const { di, mw } = measure(svc);
    svc.schedData = { at: -1, cw: mw, mw, di } satisfies WrrState;
  },
  schedule,
  added: (_k, svc) => changed(svc),
  deleted: (_k, svc) => changed(svc),
  updated: (_k, svc) => changed(svc),
  explain,
} as const satisfies Scheduler);
