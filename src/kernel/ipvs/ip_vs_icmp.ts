// ICMP errors about balanced connections, in both directions. Linux counterpart: ip_vs_in_icmp, ip_vs_out_icmp, ip_vs_nat_icmp in
// net/netfilter/ipvs/ip_vs_core.c, ip_vs_icmp_xmit in ip_vs_xmit.c.
import { IP_DF, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, Packet } from '../../wire/packet';
import { icmpSend, pathMtu } from '../ipv4/icmp';
import type { Kernel } from '../kernel';
import { HOOK } from '../netfilter/hooks';
import { NF_ACCEPT, NF_STOLEN } from '../netfilter/hooks_state';
import { CONN_F, type IpVs } from './ip_vs';
import { connPut } from './ip_vs_conn';
import { flowOfError, scheduled, trySchedule } from './ip_vs_schedule';
import { Vs } from './ip_vs_settings';
import { inStats, outStats } from './ip_vs_stats';
import { connXmit, icmpOutRoute, sendOrContinue } from './ip_vs_xmit';

/** Not an error about something of ours: the hooks go on with the packet as any other. */
export const UNRELATED = -1;

/** Destination unreachable, source quench, time exceeded: what IPVS follows up. */
const isError = (p: Packet): boolean => p.icmpType === 3 || p.icmpType === 4 || p.icmpType === 11;
const balanced = (q: Packet): boolean => q.proto === IPPROTO_TCP || q.proto === IPPROTO_UDP;

/** ip_vs_in_icmp: an error from the client's side about a reply, or from a tunnel about a request. UNRELATED, or a verdict. */
export function icmpIn(k: Kernel, v: IpVs, p: Packet, hook: number): number {
  if (!isError(p)) return UNRELATED;
  const q = p.inner;
  if (q === null) return NF_ACCEPT;
  if (q.proto === IPPROTO_IPIP) return tunnelError(k, v, p, q, hook);
  if (!balanced(q)) return NF_ACCEPT;
  // What is quoted is a reply: from the virtual address to the client.
  let s = v.conns.findIn(q.proto, q.dst, q.dport, q.src, q.sport, 0);
  const fresh = s < 0;
  if (fresh) {
    if (v.vs[Vs.schedule_icmp] === 0) return NF_ACCEPT;
    s = trySchedule(k, v, flowOfError(p, q), 0, true);
    if (s < 0) return scheduled.verdict;
  }
  inStats(v, s, p.len);
  const verdict = sendError(k, v, p, q, s, hook);
  if (fresh) connPut(k, v, s);
  return verdict;
}

/** ip_vs_icmp_xmit: an error on its way to the server of a connection. */
function sendError(k: Kernel, v: IpVs, p: Packet, q: Packet, s: number, hook: number): number {
  if ((v.conns.flags[s]! & CONN_F.FWD_MASK) !== CONN_F.MASQ) {
    const verdict = connXmit(k, v, p, s, hook);
    v.conns.inPkts[s] = v.conns.inPkts[s]! + 1;
    return verdict;
  }
  const r = icmpOutRoute(k, v, p, v.conns.daddr[s]!, hook);
  if (r === null) return NF_STOLEN;
  const quoted = rewritable(p, q);
  p.dst = v.conns.daddr[s]!;
  quoted.src = v.conns.daddr[s]!;
  quoted.sport = v.conns.dport[s]!;
  return sendOrContinue(k, p, r);
}

/** Quoted packets are shared, so one that is to change is copied first. */
function rewritable(p: Packet, q: Packet): Packet {
  const copy = new Packet();
  copy.set(q);
  p.inner = copy;
  return copy;
}

/** An error about our own tunnel packet: the client is told in its own terms. */
function tunnelError(k: Kernel, v: IpVs, p: Packet, outer: Packet, hook: number): number {
  if ((outer.frag & 0x1fff) !== 0 || hook !== HOOK.LOCAL_IN) return NF_ACCEPT;
  const q = outer.inner;
  if (q === null || !balanced(q)) return NF_ACCEPT;
  const s = v.conns.findIn(q.proto, q.src, q.sport, q.dst, q.dport, 0);
  if (s < 0) return NF_ACCEPT;
  let rest = p.icmpRest;
  if (p.icmpType === 3 && p.icmpCode === 4) {
    k.pathMtu.set(outer.dst, { mtu: Math.max(552, p.icmpRest), until: k.world.clock.now + 600_000_000 });
    if ((outer.frag & IP_DF) === 0) {
      k.world.consume(p); // the client does not look for the path MTU; the next packet is cut
      return NF_STOLEN;
    }
    const mtu = Math.min(p.icmpRest, pathMtu(k, outer.dst));
    rest = mtu > 88 ? mtu - 20 : mtu;
  }
  const original = new Packet();
  original.set(q);
  original.iif = p.iif;
  original.pktType = 0;
  original.frame = p.frame;
  icmpSend(k, original, p.icmpType, p.icmpCode, rest);
  outStats(v, s, original.len);
  k.world.consume(p);
  return NF_STOLEN;
}

/** ip_vs_out_icmp: an error from a server's side (or from this director) about a request. UNRELATED, or a verdict. */
export function icmpOut(_k: Kernel, v: IpVs, p: Packet): number {
  if (!isError(p)) return UNRELATED;
  const q = p.inner;
  if (q === null || !balanced(q)) return NF_ACCEPT;
  const t = v.conns;
  // What is quoted is a request: from the client to the server (NAT) or the virtual address.
  const s = t.findOut(q.proto, q.dst, q.dport, q.src, q.sport, 0);
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
