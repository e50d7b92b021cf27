// All schedulers. Linux counterpart: the list that register_ip_vs_scheduler keeps (net/netfilter/ipvs/ip_vs_sched.c).
import { dh } from './ip_vs_dh';
import { fo } from './ip_vs_fo';
import { lblc } from './ip_vs_lblc';
import { lblcr } from './ip_vs_lblcr';
import { lc } from './ip_vs_lc';
import { mh } from './ip_vs_mh';
import { nq } from './ip_vs_nq';
import { ovf } from './ip_vs_ovf';
import { rr } from './ip_vs_rr';
import type { Scheduler } from './ip_vs_sched';
import { sed } from './ip_vs_sed';
import { sh } from './ip_vs_sh';
import { twos } from './ip_vs_twos';
import { wlc } from './ip_vs_wlc';
import { wrr } from './ip_vs_wrr';

/** A new scheduler is one file and one line here. Not every distribution's kernel has twos. */
export const SCHEDULERS = Object.freeze([rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos] as const satisfies readonly Scheduler[]);
export type SchedulerName = (typeof SCHEDULERS)[number]['name'];

/** A scheduler by name (ip_vs_scheduler_get); null when there is no such module. */
export function schedulerByName(name: string): Scheduler | null {
  return (SCHEDULERS as readonly Scheduler[]).find((s) => s.name === name) ?? null;
}
