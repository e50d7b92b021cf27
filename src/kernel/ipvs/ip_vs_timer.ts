// The handler of IPVS's own timers (Ev.ipvsEstimator). The estimator itself needs none: it catches up when somebody looks (ip_vs_est.ts).
import type { World } from '../world';
import { defenceTimer } from './ip_vs_defence';
import { trashExpire } from './ip_vs_dest';
import { expireNodest } from './ip_vs_conn';
import { syncTimer } from './ip_vs_sync';
import { IPVS_TIMER } from './ip_vs_timer_ids';

/** Handler of Ev.ipvsEstimator: b says which timer. */
export function ipvsTimer(w: World, host: number, which: number): void {
  const k = w.kernels[host]!;
  const v = k.ipvs;
  if (v === null) return;
  if (which === IPVS_TIMER.trash) trashExpire(k, v);
  else if (which === IPVS_TIMER.defence) defenceTimer(k, v);
  else if (which === IPVS_TIMER.sync) syncTimer(k, v);
  else if (which === IPVS_TIMER.nodest) expireNodest(k, v);
}
