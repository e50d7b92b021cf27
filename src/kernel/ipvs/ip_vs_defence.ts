// Defence when memory runs low or on demand: drop_entry, drop_packet, secure_tcp. Linux counterpart: update_defense_level and
// defense_work_handler in ip_vs_ctl.c, ip_vs_random_dropentry in ip_vs_conn.c.
import type { Kernel } from '../kernel';
import { Ev } from '../world';
import { IPPROTO_TCP } from '../../wire/packet';
import { CONN_F, type IpVs } from './ip_vs';
import { ASSURED, connDelete } from './ip_vs_conn';
import { TCP_S } from './ip_vs_proto_tcp';
import { Vs } from './ip_vs_settings';
import { IPVS_TIMER } from './ip_vs_timer_ids';

/** Free and buffered pages of a lab machine (1.5 GB); amemthresh is compared with it. */
const FREE_PAGES = 250_000;
const PERIOD_US = 1_000_000;

/** True when the table of states with secure_tcp is in force. */
export const secureTcp = (v: IpVs): boolean => v.vs[Vs.secure_tcp] === 3 || (v.vs[Vs.secure_tcp] === 2 && short(v));
const short = (v: IpVs): boolean => FREE_PAGES < v.vs[Vs.amemthresh]!;
const dropsEntries = (v: IpVs): boolean => v.vs[Vs.drop_entry] === 3 || (v.vs[Vs.drop_entry] === 2 && short(v));

/** update_defense_level: automatic modes switch between 1 (waiting) and 2 (acting) by memory; 3 always acts. */
function updateLevel(v: IpVs): void {
  const vs = v.vs;
  const low = short(v);
  for (const at of [Vs.drop_entry, Vs.drop_packet, Vs.secure_tcp]) {
    if (vs[at] === 1 && low) vs[at] = 2;
    else if (vs[at] === 2 && !low) vs[at] = 1;
  }
  const mode = vs[Vs.drop_packet];
  if (mode === 3) v.dropRate = vs[Vs.am_droprate]!;
  else if (mode === 2) {
    const need = vs[Vs.amemthresh]!;
    v.dropRate = Math.trunc(need / (need - FREE_PAGES));
    v.dropCounter = v.dropRate;
  } else v.dropRate = 0;
}

/** A defence setting was written. */
export function defenceChanged(k: Kernel): void {
  const v = k.ipvs!;
  updateLevel(v);
  if (!v.defending && (v.vs[Vs.drop_entry] !== 0 || v.vs[Vs.drop_packet] !== 0)) {
    v.defending = true;
    k.world.clock.push(k.world.clock.now + PERIOD_US, Ev.ipvsEstimator, k.index, IPVS_TIMER.defence, null);
  }
}

/** Once a second while a defence is on. */
export function defenceTimer(k: Kernel, v: IpVs): void {
  updateLevel(v);
  if (dropsEntries(v)) randomDropEntry(k, v);
  v.defending = v.vs[Vs.drop_entry] !== 0 || v.vs[Vs.drop_packet] !== 0;
  if (v.defending) k.world.clock.push(k.world.clock.now + PERIOD_US, Ev.ipvsEstimator, k.index, IPVS_TIMER.defence, null);
}

/** ip_vs_todrop: every drop_rate-th new connection is refused. */
export function toDrop(v: IpVs): boolean {
  if (v.dropRate === 0) return false;
  if (--v.dropCounter > 0) return false;
  v.dropCounter = v.dropRate;
  return true;
}

/** todrop_entry: idle for a minute with at most eight packets, and then only every n-th of those with n packets. */
function toDropEntry(v: IpVs, s: number, now: number): boolean {
  const t = v.conns;
  if (now + t.timeout[s]! * 1000 < t.expires[s]! + 60_000_000) return false;
  const n = t.inPkts[s]!;
  if (n > 8 || n <= 0) return false;
  v.todropCounter[n] = v.todropCounter[n]! - 1;
  if (v.todropCounter[n]! > 0) return false;
  v.todropCounter[n] = n;
  return true;
}

/** ip_vs_random_dropentry: 1/32 of the table a second; half-open connections go, idle small ones may. */
function randomDropEntry(k: Kernel, v: IpVs): void {
  const t = v.conns;
  const now = k.world.clock.now;
  const rounds = Math.max(1, t.heads.length >> 5);
  for (let i = 0; i < rounds; i++) {
    const chain: number[] = [];
    for (let s = t.heads[k.world.rng.below(`${k.hostname}/ipvs/drop_entry`, t.heads.length)]!; s >= 0; s = t.next[s]!) chain.push(s);
    for (const s of chain) {
      if (!t.live(s) || t.nControl[s]! > 0) continue;
      const flags = t.flags[s]!;
      let drop: boolean;
      if ((flags & CONN_F.TEMPLATE) !== 0) drop = (t.state[s]! & ASSURED) === 0;
      else if (t.proto[s] === IPPROTO_TCP) {
        const st = t.state[s]!;
        drop = st === TCP_S.SYN_RECV || st === TCP_S.SYNACK || (st === TCP_S.ESTABLISHED && toDropEntry(v, s, now));
      } else drop = toDropEntry(v, s, now);
      if (drop) connDelete(k, v, s);
    }
  }
}
