// Schedulers: the shape of one, what they share, how a service is bound to one. Linux counterpart: net/netfilter/ipvs/ip_vs_sched.c.
import type { Kernel } from '../kernel';
import { ipText } from '../../wire/ipv4';
import type { Ip, Packet } from '../../wire/packet';
import { type Dest, DEST_F, type Service } from './ip_vs';

/** What a hashing scheduler looks at; a `Packet` is one. */
export type Flow5 = Pick<Packet, 'src' | 'dst' | 'sport' | 'dport'>;

/** One server in the scheduler's eyes: the numbers its rule compares, and why it is passed over, if so. */
export interface Candidate {
  dest: Dest;
  numbers: Record<string, number>;
  /** weight0, overload, or a reason of the scheduler's own. */
  skipped?: string;
}

/** What a scheduler would pick next for `flow`, and why; nothing changes. */
export interface Explanation {
  candidates: Candidate[];
  pick: Dest | null;
  /** Numbers of the service's own state, such as wrr's current weight or a hash bucket. */
  state: Record<string, number>;
}

/** A scheduler. Records are static and frozen; what one remembers is `service.schedData`. */
export interface Scheduler {
  readonly name: string;
  /** A server for a new connection, or null. */
  readonly schedule: (k: Kernel, svc: Service, flow: Flow5) => Dest | null;
  /** Bound to a service: build `schedData`. */
  readonly init?: (k: Kernel, svc: Service) => void;
  /** A server was put at the head; it was taken out (of position `index`); its weight or flags changed. */
  readonly added?: (k: Kernel, svc: Service, dest: Dest) => void;
  readonly deleted?: (k: Kernel, svc: Service, dest: Dest, index: number) => void;
  readonly updated?: (k: Kernel, svc: Service, dest: Dest) => void;
  readonly explain: (k: Kernel, svc: Service, flow: Flow5) => Explanation;
}

/** ip_vs_bind_scheduler; null unbinds. What the old scheduler remembered is lost. */
export function bindScheduler(k: Kernel, svc: Service, s: Scheduler | null): void {
  svc.scheduler = s;
  svc.schedData = null;
  s?.init?.(k, svc);
}

/** ip_vs_scheduler_err: the line in the kernel log when nobody can serve. */
export function schedulerError(k: Kernel, svc: Service, text: string): null {
  const proto = svc.protocol === 6 ? 'TCP' : svc.protocol === 17 ? 'UDP' : 'SCTP';
  const what = svc.fwmark !== 0 ? `FWM ${svc.fwmark >>> 0} 0x${(svc.fwmark >>> 0).toString(16).toUpperCase().padStart(8, '0')}` : `${proto} ${ipText(svc.addr)}:${svc.port}`;
  k.printk(`IPVS: ${svc.schedName}: ${what} - ${text}`, 3);
  return null;
}

/** Weight above 0 and not overloaded. */
export const usable = (d: Dest): boolean => d.weight > 0 && (d.flags & DEST_F.OVERLOAD) === 0;

/** Why a server takes no new connection; undefined when it does. */
export const skipReason = (d: Dest): string | undefined => (d.overloaded ? 'overload' : d.weight <= 0 ? 'weight0' : undefined);

/** A candidate with its numbers and the common reasons to pass over it. */
export function candidate(dest: Dest, numbers: Record<string, number>, skipped = skipReason(dest)): Candidate {
  return skipped === undefined ? { dest, numbers } : { dest, numbers, skipped };
}

/** Cost of a server as lc, wlc and lblc see it: an active connection weighs 256 inactive ones. */
export const overhead = (d: Dest): number => d.activeConns * 256 + d.inactConns;

/** A flow with nothing known, for questions that do not depend on it. */
export const NO_FLOW: Flow5 = Object.freeze({ src: 0 as Ip, dst: 0 as Ip, sport: 0, dport: 0 });
