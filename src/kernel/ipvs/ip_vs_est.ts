// Counters as tools see them: summed every 2 s, rates averaged. Linux counterpart: net/netfilter/ipvs/ip_vs_est.c, ip_vs_copy_stats in ip_vs_ctl.c.
// Ticks fall on multiples of 2 s since boot. No event is queued for them: whoever is about to change or read a counter first catches up, which gives the same numbers.
import type { Kernel } from '../kernel';
import type { IpVs, Stats } from './ip_vs';
import { Vs } from './ip_vs_settings';

const TICK_US = 2_000_000;
/** Rows of `Stats.est`. */
const SUM = 0;
const ZERO = 5;
const LAST = 10;
const RATE = 15;

/** Counters and rates for people: the sums at the last tick less the zero point; rates per second. */
export interface ShownStats {
  conns: number; inPkts: number; outPkts: number; inBytes: number; outBytes: number;
  cps: number; inPps: number; outPps: number; inBps: number; outBps: number;
}

/** First tick after `now` for a host booted at `bootedAt`. */
export const nextTick = (bootedAt: number, now: number): number => bootedAt + (Math.floor((now - bootedAt) / TICK_US) + 1) * TICK_US;

/** Runs the ticks that are due. Cheap when none is; call before counters change or are read. */
export function estCatchUp(k: Kernel, v: IpVs): void {
  const now = k.world.clock.now;
  if (now < v.estNext) return;
  const due = Math.floor((now - v.estNext) / TICK_US) + 1;
  v.estNext += due * TICK_US;
  if (v.vs[Vs.run_estimation] === 0) return;
  for (const s of v.estimated) {
    tick(s);
    decay(s, due - 1);
  }
}

/** estimation_timer for one set of counters: packets scaled by 2^10, bytes by 2^5, average moves a quarter of the way. */
function tick(s: Stats): void {
  const e = s.est;
  e[SUM] = s.conns;
  e[SUM + 1] = s.inPkts;
  e[SUM + 2] = s.outPkts;
  e[SUM + 3] = s.inBytes;
  e[SUM + 4] = s.outBytes;
  for (let i = 0; i < 5; i++) {
    const sum = e[SUM + i]!;
    const rate = (sum - e[LAST + i]!) * (i < 3 ? 512 : 16);
    e[LAST + i] = sum;
    e[RATE + i] = e[RATE + i]! + Math.floor((rate - e[RATE + i]!) / 4);
  }
}

/** `n` ticks in which nothing happened. */
function decay(s: Stats, n: number): void {
  const e = s.est;
  for (let i = RATE; i < RATE + 5; i++) {
    for (let left = n; left > 0 && e[i] !== 0; left--) e[i] = e[i]! + Math.floor(-e[i]! / 4);
  }
}

/** ip_vs_start_estimator. */
export function estStart(v: IpVs, s: Stats): void {
  v.estimated.push(s);
}

/** ip_vs_stop_estimator: what tools see stands still. */
export function estStop(v: IpVs, s: Stats): void {
  const i = v.estimated.indexOf(s);
  if (i >= 0) v.estimated.splice(i, 1);
}

/** ip_vs_zero_stats: what is shown now becomes the zero point; packets since the last tick will show. */
export function statsZero(s: Stats): void {
  const e = s.est;
  for (let i = 0; i < 5; i++) {
    e[ZERO + i] = e[SUM + i]!;
    e[LAST + i] = e[SUM + i]!;
    e[RATE + i] = 0;
  }
}

/** ip_vs_copy_stats and ip_vs_read_estimator. */
export function statsShown(k: Kernel, s: Stats): ShownStats {
  if (k.ipvs !== null) estCatchUp(k, k.ipvs);
  const e = s.est;
  const sum = (i: number): number => e[SUM + i]! - e[ZERO + i]!;
  const rate = (i: number): number => (i < 3 ? Math.floor((e[RATE + i]! + 511) / 1024) : Math.floor((e[RATE + i]! + 15) / 32));
  return {
    conns: sum(0), inPkts: sum(1), outPkts: sum(2), inBytes: sum(3), outBytes: sum(4),
    cps: rate(0), inPps: rate(1), outPps: rate(2), inBps: rate(3), outBps: rate(4),
  };
}
