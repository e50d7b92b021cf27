// IPVS: source hashing. Linux counterpart: net/netfilter/ipvs/ip_vs_sh.c.
import type { Kernel } from '../kernel';
import { type Dest, type Service, SVC_F } from './ip_vs';
import { foldAddr, hash32Bits } from './ip_vs_hash';
import { candidate, type Explanation, type Flow5, type Scheduler, schedulerError, usable } from './ip_vs_sched';

const BITS = 8;
const SH_TAB_SIZE = 1 << BITS;

/** Position in the list for each bucket; -1 when there is no server. */
interface ShState {
  buckets: Int32Array;
}
const buckets = (svc: Service): Int32Array => (svc.schedData as ShState).buckets;

/** ip_vs_sh_reassign: walks the list round and round, each server taking `weight` buckets in a row, and one even with weight 0. */
function reassign(svc: Service): void {
  const table = new Int32Array(SH_TAB_SIZE).fill(-1);
  const n = svc.dests.length;
  let at = 0;
  let given = 0;
  for (let b = 0; b < SH_TAB_SIZE && n > 0; b++) {
    table[b] = at;
    if (++given >= svc.dests[at]!.weight) {
      at = (at + 1) % n;
      given = 0;
    }
  }
  svc.schedData = { buckets: table } satisfies ShState;
}

const bucket = (hash: number, offset: number): number => (offset + hash) & (SH_TAB_SIZE - 1);

/** Calls `look` for buckets in the order tried until it says stop (true). */
function probe(k: Kernel, svc: Service, flow: Flow5, look: (d: Dest, bucket: number) => boolean): void {
  const port = (svc.flags & SVC_F.SCHED2) !== 0 ? flow.sport : 0;
  const hash = hash32Bits(port + foldAddr(k, svc.af, flow.src), BITS);
  const table = buckets(svc);
  const first = bucket(hash, 0);
  const d = svc.dests[table[first]!];
  if (d === undefined || look(d, first) || (svc.flags & SVC_F.SCHED1) === 0) return;
  for (let offset = 0; offset < SH_TAB_SIZE; offset++) {
    const b = bucket(hash, (offset + first) % SH_TAB_SIZE);
    const other = svc.dests[table[b]!];
    if (other === undefined || look(other, b)) return;
  }
}

function find(k: Kernel, svc: Service, flow: Flow5): { dest: Dest | null; bucket: number } {
  const found: { dest: Dest | null; bucket: number } = { dest: null, bucket: -1 };
  probe(k, svc, flow, (d, b) => {
    if (found.bucket < 0) found.bucket = b;
    if (!usable(d)) return false;
    found.dest = d;
    found.bucket = b;
    return true;
  });
  return found;
}

function explain(k: Kernel, svc: Service, flow: Flow5): Explanation {
  const found = find(k, svc, flow);
  const share = new Map<number, number>();
  for (const i of buckets(svc)) share.set(i, (share.get(i) ?? 0) + 1);
  return {
    candidates: svc.dests.map((d, i) => candidate(d, { weight: d.weight, buckets: share.get(i) ?? 0 })),
    pick: found.dest,
    state: { bucket: found.bucket },
  };
}

export const sh = Object.freeze({
  name: 'sh',
  init: (_k, svc) => reassign(svc),
  schedule: (k: Kernel, svc: Service, flow: Flow5) => find(k, svc, flow).dest ?? schedulerError(k, svc, 'no destination available'),
  added: (_k, svc) => reassign(svc),
  deleted: (_k, svc) => reassign(svc),
  updated: (_k, svc) => reassign(svc),
  explain,
} as const satisfies Scheduler);
