// Life of a connection: bound to a server, timed, controlled by a template, expired. Linux counterpart: net/netfilter/ipvs/ip_vs_conn.c.
// Timers are lazy: a packet only moves `expires`; the queued event finds out and is queued again.
import type { Kernel } from '../kernel';
import { Ev, type World } from '../world';
import { type Ip, IPPROTO_UDP } from '../../wire/packet';
import { AF_INET6, CONN_F, type Dest, DEST_F, type IpVs, totalConns } from './ip_vs';
import type { ConnTable } from './ip_vs_conn_tab';
import { destPut } from './ip_vs_dest';
import { ftpUnbind } from './ip_vs_ftp';
import { syncConn } from './ip_vs_sync';
import { Vs } from './ip_vs_settings';

const NEVER = Number.POSITIVE_INFINITY;
/** Timeout of a new entry until its first state, and of a template that still controls connections, ms. */
const NEW_MS = 3000;
const CONTROL_MS = 60_000;
/** Template state bit: a controlled connection was established (IP_VS_CTPL_S_ASSURED). */
export const ASSURED = 1;

/** ip_vs_conn_new: an entry bound to `dest`, hashed, without a timer until it is put. Returns its slot. */
export function connNew(
  v: IpVs, af: number, proto: number, caddr: Ip, cport: number, vaddr: Ip, vport: number, daddr: Ip, dport: number, flags: number, dest: Dest | null, fwmark: number, nfct = v.vs[Vs.conntrack] !== 0,
): number {
  const t = v.conns;
  const s = t.take(proto);
  t.caddr[s] = caddr;
  t.cport[s] = cport;
  t.vaddr[s] = vaddr;
  t.vport[s] = vport;
  t.daddr[s] = daddr;
  t.dport[s] = dport;
  t.flags[s] = flags | (af === AF_INET6 ? CONN_F.IPV6 : 0) | (nfct ? CONN_F.NFCT : 0);
  t.fwmark[s] = fwmark;
  t.state[s] = 0;
  t.oldState[s] = 0;
  t.control[s] = -1;
  t.nControl[s] = 0;
  t.inPkts[s] = 0;
  t.syncEnd[s] = 0;
  t.timeout[s] = NEW_MS;
  t.expires[s] = NEVER;
  t.dest[s] = -1;
  if (dest !== null) bindDest(t, s, dest);
  if ((flags & CONN_F.NO_CPORT) !== 0) t.noCport++;
  t.hash(s);
  return s;
}

/** ip_vs_bind_dest: the entry inherits the server's forwarding method and is counted; reaching the upper threshold overloads the server. */
export function bindDest(t: ConnTable, s: number, dest: Dest): void {
  let inherited = dest.connFlags;
  if (t.proto[s] !== IPPROTO_UDP) inherited &= ~CONN_F.ONE_PACKET;
  let flags = t.flags[s]!;
  if ((flags & CONN_F.SYNC) !== 0) {
    if ((flags & CONN_F.TEMPLATE) === 0) inherited &= ~CONN_F.INACTIVE;
    flags &= ~(CONN_F.FWD_MASK | CONN_F.NOOUTPUT);
  }
  flags |= inherited;
  t.flags[s] = flags;
  t.dest[s] = dest.slot;
  dest.refs++;
  if ((flags & CONN_F.TEMPLATE) !== 0) dest.persistConns++;
  else if ((flags & CONN_F.INACTIVE) === 0) dest.activeConns++;
  else dest.inactConns++;
  if (dest.uThreshold !== 0 && totalConns(dest) >= dest.uThreshold) dest.flags |= DEST_F.OVERLOAD;
}

/** ip_vs_unbind_dest: falling below the lower threshold (or three quarters of the upper) ends the overload. */
function unbindDest(v: IpVs, s: number): void {
  const t = v.conns;
  const dest = v.dests[t.dest[s]!];
  if (dest === undefined || dest === null) return;
  const flags = t.flags[s]!;
  if ((flags & CONN_F.TEMPLATE) !== 0) dest.persistConns--;
  else if ((flags & CONN_F.INACTIVE) === 0) dest.activeConns--;
  else dest.inactConns--;
  const total = totalConns(dest);
  if (dest.lThreshold !== 0 ? total < dest.lThreshold : dest.uThreshold !== 0 ? total * 4 < dest.uThreshold * 3 : true) dest.flags &= ~DEST_F.OVERLOAD;
  t.dest[s] = -1;
  destPut(v, dest);
}

/** ip_vs_control_add: `template` controls `s`. */
export function controlAdd(t: ConnTable, s: number, template: number): void {
  t.control[s] = template;
  t.nControl[template] = t.nControl[template]! + 1;
}

/** ip_vs_control_assure_ct: a template whose connection was established stays through memory pressure and shows as ASSURED. */
export function assureTemplate(t: ConnTable, s: number): void {
  const c = t.control[s]!;
  if (c >= 0 && (t.flags[c]! & CONN_F.TEMPLATE) !== 0) t.state[c] = t.state[c]! | ASSURED;
}

/** ip_vs_conn_put: the timer starts again with the current timeout; a one-packet entry is gone at once. */
export function connPut(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if ((t.flags[s]! & CONN_F.ONE_PACKET) !== 0) {
    connExpire(k, v, s);
    return;
  }
  const at = k.world.clock.now + t.timeout[s]! * 1000;
  t.expires[s] = at;
  if (at < t.eventAt[s]!) {
    t.eventAt[s] = at;
    k.world.clock.push(at, Ev.ipvsConn, k.index, s, null);
  }
}

/** ip_vs_conn_expire_now: the timer fires now (after what runs at present). */
export function connExpireNow(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (t.expires[s] === NEVER) return;
  t.expires[s] = k.world.clock.now;
  t.eventAt[s] = k.world.clock.now;
  k.world.clock.push(k.world.clock.now, Ev.ipvsConn, k.index, s, null);
}

/** ip_vs_conn_del: removed with what is left of a template that nobody uses any more (timeout 0). */
export function connDelete(k: Kernel, v: IpVs, s: number): void {
  v.conns.timeout[s] = 0;
  connExpire(k, v, s);
}

/** ip_vs_expire_nodest_conn_flush: ends all entries whose server is gone, and the templates nobody needs after that. */
export function expireNodest(k: Kernel, v: IpVs): void {
  const t = v.conns;
  for (let s = 0; s < t.used; s++) {
    if (!t.live(s)) continue;
    const dest = v.dests[t.dest[s]!];
    if (dest === undefined || dest === null || (dest.flags & DEST_F.AVAILABLE) !== 0 || t.nControl[s]! > 0) continue;
    const control = t.control[s]!;
    connExpire(k, v, s);
    if (control >= 0 && t.live(control) && t.nControl[control] === 0) connExpire(k, v, control);
  }
}

/** ip_vs_conn_expire: an entry that controls others lives on for 60 s; else it is unhashed, unbound and freed. */
function connExpire(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (t.nControl[s]! > 0) {
    t.timeout[s] = CONTROL_MS;
    if (v.master !== null) syncConn(k, v, s, v.syncThreshold[0]!);
    connPut(k, v, s);
    return;
  }
  t.unhash(s);
  const c = t.control[s]!;
  t.control[s] = -1;
  if (c >= 0) t.nControl[c] = t.nControl[c]! - 1;
  unbindDest(v, s);
  if ((t.flags[s]! & CONN_F.NO_CPORT) !== 0) t.noCport--;
  if (v.ftp.size > 0) ftpUnbind(k, v, s);
  const dropControl = c >= 0 && t.timeout[s] === 0 && t.nControl[c] === 0 && ((t.flags[c]! & CONN_F.TEMPLATE) === 0 || (t.state[c]! & ASSURED) === 0);
  t.release(s);
  if (dropControl) connDelete(k, v, c);
}

/** Handler of Ev.ipvsConn. An entry whose expiry moved is queued again; an event left over from an earlier one is ignored. */
export function ipvsConnTimer(w: World, host: number, s: number): void {
  const k = w.kernels[host]!;
  const v = k.ipvs;
  if (v === null) return;
  const t = v.conns;
  const now = w.clock.now;
  if (s >= t.used || t.eventAt[s] !== now) return;
  t.eventAt[s] = NEVER;
  if (!t.live(s)) return;
  const at = t.expires[s]!;
  if (at > now) {
    if (at === NEVER) return;
    t.eventAt[s] = at;
    w.clock.push(at, Ev.ipvsConn, host, s, null);
  } else connExpire(k, v, s);
}
