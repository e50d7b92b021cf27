// ICMPv6 errors about balanced connections, in both directions, and the one IPVS sends. Linux counterpart: ip_vs_in_icmp_v6, ip_vs_out_icmp_v6, ip_vs_nat_icmp_v6
// in net/netfilter/ipvs/ip_vs_core.c.
import { ICMP6 } from '../../wire/icmpv6';
import { ETH_P_IPV6, IPPROTO_TCP, IPPROTO_UDP, Packet } from '../../wire/packet';
import { icmpSend } from '../ipv4/icmp';
import { icmp6Send } from '../ipv6/icmpv6';
import type { Kernel } from '../kernel';
import { HOOK, NF_ACCEPT, NF_STOLEN } from '../netfilter/hooks_state';
import { CONN_F, type IpVs } from './ip_vs';
import { connPut } from './ip_vs_conn';
import { flowOfError, scheduled, trySchedule } from './ip_vs_schedule';
import { Vs } from './ip_vs_settings';
import { inStats, outStats } from './ip_vs_stats';
import { connXmit6, outRoute6, sendOrContinue6 } from './ip_vs_xmit6';

/** Tells the sender, in its family's words, that nobody listens on this port. */
export function portUnreachable(k: Kernel, p: Packet): void {
  if (p.type === ETH_P_IPV6) icmp6Send(k, p, ICMP6.UNREACH, 4, 0);
  else icmpSend(k, p, 3, 3, 0);
}

/** The packet of a balanced protocol that an error quotes, or null. */
function quotedIn(p: Packet): Packet | null {
  if (p.icmpType !== ICMP6.UNREACH && p.icmpType !== ICMP6.TOO_BIG && p.icmpType !== ICMP6.TIME_EXCEEDED) return null;
  const q = p.inner;
  return q !== null && (q.proto === IPPROTO_TCP || q.proto === IPPROTO_UDP) ? q : null;
}

/** Quoted packets are shared, so one that is to change is copied first. */
function rewritable(p: Packet, q: Packet): Packet {
  const copy = new Packet();
  copy.set(q);
  p.inner = copy;
  return copy;
}

/** An error from the client's side about a reply. A verdict; NF_ACCEPT also for what is none of ours. */
export function icmpIn6(k: Kernel, v: IpVs, p: Packet, hook: number): number {
  const q = quotedIn(p);
  if (q === null) return NF_ACCEPT;
  const t = v.conns;
  let s = t.findIn(q.proto, q.dst, q.dport, q.src, q.sport, CONN_F.IPV6);
  const fresh = s < 0;
  if (fresh) {
    if (v.vs[Vs.schedule_icmp] === 0) return NF_ACCEPT;
    s = trySchedule(k, v, flowOfError(p, q), CONN_F.IPV6, true);
    if (s < 0) return scheduled.verdict;
  }
  inStats(v, s, p.len);
  const verdict = sendError6(k, v, p, q, s, hook);
  if (fresh) connPut(k, v, s);
  return verdict;
}

/** An error on its way to the server of a connection. */
function sendError6(k: Kernel, v: IpVs, p: Packet, q: Packet, s: number, hook: number): number {
  const t = v.conns;
  if ((t.flags[s]! & CONN_F.FWD_MASK) !== CONN_F.MASQ) return connXmit6(k, v, p, s, hook);
  const r = outRoute6(k, p, t.daddr[s]!, hook !== HOOK.FORWARD, hook, true);
  if (r === null) return NF_STOLEN;
  const quoted = rewritable(p, q);
  p.dst = t.daddr[s]!;
  quoted.src = t.daddr[s]!;
  quoted.sport = t.dport[s]!;
  return sendOrContinue6(k, p, r);
}

/** An error from a server's side (or from this director) about a request. */
export function icmpOut6(v: IpVs, p: Packet): number {
  const q = quotedIn(p);
  if (q === null) return NF_ACCEPT;
  const t = v.conns;
  const s = t.findOut(q.proto, q.dst, q.dport, q.src, q.sport, CONN_F.IPV6);
  if (s < 0) return NF_ACCEPT;
  if ((t.flags[s]! & CONN_F.FWD_MASK) === CONN_F.MASQ) {
    const quoted = rewritable(p, q);
    p.src = t.vaddr[s]!;
    quoted.dst = t.vaddr[s]!;
    quoted.dport = t.vport[s]!;
  }
  outStats(v, s, p.len);
  p.ipvs = 1;
  return NF_ACCEPT;
}
