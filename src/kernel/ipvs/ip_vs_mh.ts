// IPVS: Maglev hashing (Eisenbud et al., NSDI 2016). Linux counterpart: net/netfilter/ipvs/ip_vs_mh.c with CONFIG_IP_VS_MH_TAB_INDEX=12.
import type { Kernel } from '../kernel';
import { type Dest, type Service, SVC_F } from './ip_vs';
import { foldAddr, hsiphash } from './ip_vs_hash';
import { candidate, type Explanation, type Flow5, type Scheduler, schedulerError, usable } from './ip_vs_sched';
import { gcd } from './ip_vs_wrr';

/** Size of the lookup table (a prime) and half the index, the room for weights. */
const MH_TAB_SIZE = 4093;
const TAB_BITS = 6;
const KEY1 = 2654435761 | 0;
const KEY2 = 2654446892 | 0;

/** Position in the list for each row; -1 when there is no server with a weight. */
interface MhState {
  lookup: Int32Array;
}
const lookup = (svc: Service): Int32Array => (svc.schedData as MhState).lookup;

const hash = (fold: number, port: number, key: number, offset: number): number => hsiphash((offset + port + fold) | 0, key);

/** Turns of each server a round: last weight over the common divisor, shifted so that the largest fits the table's room. */
export function mhTurns(weights: readonly number[]): number[] {
  let g = 0;
  for (const w of weights) if (w > 0) g = g > 0 ? gcd(w, g) : w;
  if (g < 1) return weights.map(() => 0);
  const most = Math.floor(Math.max(...weights) / g);
  const shift = Math.max(0, 32 - Math.clz32(most) - TAB_BITS);
  return weights.map((w) => Math.floor(w / g) >> shift || (w !== 0 ? 1 : 0));
}

/** ip_vs_mh_reassign: each server in turn takes the next free row of its own permutation, until the table is full. */
function reassign(k: Kernel, svc: Service): void {
  const table = new Int32Array(MH_TAB_SIZE).fill(-1);
  svc.schedData = { lookup: table } satisfies MhState;
  const list = svc.dests;
  const turns = mhTurns(list.map((d) => d.lastWeight));
  if (list.length === 0 || list.length > MH_TAB_SIZE || turns.every((t) => t === 0)) return;
  const perm = Int32Array.from(list, (d) => hash(foldAddr(k, d.af, d.addr), d.port, KEY1, 0) % MH_TAB_SIZE);
  const skip = Int32Array.from(list, (d) => (hash(foldAddr(k, d.af, d.addr), d.port, KEY2, 0) % (MH_TAB_SIZE - 1)) + 1);
  for (let filled = 0; ; ) {
    for (let i = 0; i < list.length; i++) {
      for (let turn = 0; turn < turns[i]!; turn++) {
        let row = perm[i]!;
        while (table[row] !== -1) {
          row += skip[i]!;
          if (row >= MH_TAB_SIZE) row -= MH_TAB_SIZE;
        }
        perm[i] = row;
        table[row] = i;
        if (++filled === MH_TAB_SIZE) return;
      }
    }
  }
}

function find(k: Kernel, svc: Service, flow: Flow5): { dest: Dest | null; row: number } {
  const port = (svc.flags & SVC_F.SCHED2) !== 0 ? flow.sport : 0;
  const fold = foldAddr(k, svc.af, flow.src);
  const table = lookup(svc);
  const first = hash(fold, port, KEY1, 0) % MH_TAB_SIZE;
  const d = svc.dests[table[first]!];
  if (d === undefined) return { dest: null, row: first };
  if (usable(d)) return { dest: d, row: first };
  if ((svc.flags & SVC_F.SCHED1) === 0) return { dest: null, row: first };
  for (let offset = 0; offset < MH_TAB_SIZE; offset++) {
    const row = hash(fold, port, KEY1, (offset + first) % MH_TAB_SIZE) % MH_TAB_SIZE;
    const other = svc.dests[table[row]!];
    if (other === undefined) break;
    if (usable(other)) return { dest: other, row };
  }
  return { dest: null, row: first };
}

function explain(k: Kernel, svc: Service, flow: Flow5): Explanation {
  const found = find(k, svc, flow);
  const rows = new Map<number, number>();
  for (const i of lookup(svc)) rows.set(i, (rows.get(i) ?? 0) + 1);
  return {
    candidates: svc.dests.map((d, i) => candidate(d, { weight: d.weight, rows: rows.get(i) ?? 0 })),
    pick: found.dest,
    state: { row: found.row },
  };
}

export const mh = Object.freeze({
  name: 'mh',
  init: reassign,
  schedule: (k: Kernel, svc: Service, flow: Flow5) => find(k, svc, flow).dest ?? schedulerError(k, svc, 'no destination available'),
  added: reassign,
  deleted: reassign,
  updated: reassign,
  explain,
} as const satisfies Scheduler);
