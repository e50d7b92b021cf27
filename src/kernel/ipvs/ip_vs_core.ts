// The three hooks of IPVS: requests in, replies out, ICMP passing through. Linux counterpart: net/netfilter/ipvs/ip_vs_core.c (ip_vs_in_hook, ip_vs_out_hook, ip_vs_forward_icmp).
import { ETH_P_IPV6, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, type Packet, RST, SYN } from '../../wire/packet';
import { Drop } from '../drop_reason';
import { ipFinishOutput, routeOutput } from '../ipv4/ip_output';
import type { Kernel } from '../kernel';
import { HOOK } from '../netfilter/hooks';
import { NF_ACCEPT, NF_DROP, NF_STOLEN } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { AF_INET6, CONN_F, DEST_F, type IpVs } from './ip_vs';
import { connExpireNow, connPut } from './ip_vs_conn';
import { estCatchUp } from './ip_vs_est';
import { ftpOut } from './ip_vs_ftp';
import { icmpIn, icmpOut, UNRELATED } from './ip_vs_icmp';
import { icmpIn6, icmpOut6, portUnreachable } from './ip_vs_icmp6';
import { updateConntrack } from './ip_vs_nfct';
import { DIR, TCP_S, tcpStateTransition } from './ip_vs_proto_tcp';
import { udpStateTransition } from './ip_vs_proto_udp';
import { scheduled, trySchedule } from './ip_vs_schedule';
import { inStats, outStats } from './ip_vs_stats';
import { syncConn } from './ip_vs_sync';
import { Vs } from './ip_vs_settings';
import { connXmit } from './ip_vs_xmit';

/** A backup that must not balance itself (backup_only). */
const backupOnly = (v: IpVs): boolean => v.backup !== null && v.vs[Vs.backup_only] !== 0;

/** Are IPVS's hooks there for a packet's family? They come with its first service and go with its last. */
const hooked = (v: IpVs, p: Packet): boolean => (p.type === ETH_P_IPV6 ? v.served6 : v.served4) > 0;

/** The connection is tied to a conntrack entry that this packet already has. */
const oldConntrack = (v: IpVs, s: number, p: Packet): boolean => (v.conns.flags[s]! & CONN_F.NFCT) !== 0 && p.ct !== 0;

/** ip_vs_in_hook: a packet for a virtual service goes to its real server. Hooks LOCAL_IN and LOCAL_OUT. */
export function ipVsIn(k: Kernel, p: Packet, hook: number): number {
  const v = k.ipvs!;
  if (p.ipvs !== 0 || !hooked(v, p) || (p.pktType !== 0 && hook !== HOOK.LOCAL_OUT)) return NF_ACCEPT;
  if (backupOnly(v)) return NF_ACCEPT;
  if (k.world.clock.now >= v.estNext) estCatchUp(k, v);
  const proto = p.proto;
  if (proto !== IPPROTO_TCP && proto !== IPPROTO_UDP) {
    if (proto === IPPROTO_ICMP) {
      const verdict = icmpIn(k, v, p, hook);
      if (verdict !== UNRELATED) return verdict;
    } else if (proto === IPPROTO_ICMPV6) return icmpIn6(k, v, p, hook);
    if (v.vs[Vs.ignore_tunneled] !== 0) p.ipvs = 1;
    return NF_ACCEPT;
  }
  const t = v.conns;
  const v6 = p.type === ETH_P_IPV6 ? CONN_F.IPV6 : 0;
  let s = t.findIn(proto, p.src, p.sport, p.dst, p.dport, v6);
  if (s < 0) s = t.findNoCport(proto, p.src, p.dst, p.dport, v6);
  if (s >= 0) {
    if (proto === IPPROTO_TCP && (p.flags & SYN) !== 0 && mayReschedule(v, s)) {
      const old = oldConntrack(v, s, p);
      if (t.nControl[s] === 0 || !old) {
        if (!old) t.flags[s] = t.flags[s]! & ~CONN_F.NFCT;
        if (t.nControl[s] === 0) connExpireNow(k, v, s);
        if (old) return refuse(k, Drop.IPVS_CONN_NEW_DROP);
        s = -1;
      }
    }
    const dest = s < 0 ? undefined : v.dests[t.dest[s]!];
    if (dest !== undefined && dest !== null && (dest.flags & DEST_F.AVAILABLE) === 0) {
      if (v.vs[Vs.expire_nodest_conn] === 0) return refuse(k, Drop.IPVS_DEST_UNAVAILABLE);
      const old = oldConntrack(v, s, p);
      if (!old) t.flags[s] = t.flags[s]! & ~CONN_F.NFCT;
      connExpireNow(k, v, s);
      if (old) return refuse(k, Drop.IPVS_DEST_UNAVAILABLE);
      s = -1;
    }
  }
  if (s < 0) {
    s = trySchedule(k, v, p, v6);
    if (s < 0) return scheduled.verdict;
  } else {
    const w = k.world;
    w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsConn, t.daddr[s]!, t.dport[s]!, s);
  }
  inStats(v, s, p.len);
  if (proto === IPPROTO_TCP) tcpStateTransition(v, s, DIR.INPUT, p.flags);
  else udpStateTransition(v, s, DIR.INPUT);
  const verdict = connXmit(k, v, p, s, hook);
  const pkts = t.inPkts[s]! + 1;
  t.inPkts[s] = pkts;
  if (v.master !== null) syncConn(k, v, s, (t.flags[s]! & CONN_F.ONE_PACKET) !== 0 ? v.syncThreshold[0]! : pkts);
  connPut(k, v, s);
  return verdict;
}

function refuse(k: Kernel, reason: number): number {
  k.netfilter.dropReason = reason;
  return NF_DROP;
}

/** A SYN on a known connection starts a new one: its server is quiesced (expire_nodest_conn), or it had ended (conn_reuse_mode). */
function mayReschedule(v: IpVs, s: number): boolean {
  const t = v.conns;
  const dest = v.dests[t.dest[s]!];
  if (v.vs[Vs.expire_nodest_conn] !== 0 && dest !== undefined && dest !== null && dest.weight === 0) return true;
  const mode = v.vs[Vs.conn_reuse_mode]!;
  if (mode === 0 || t.control[s]! >= 0) return false;
  const state = t.state[s];
  return state === TCP_S.TIME_WAIT || state === TCP_S.CLOSE || ((mode & 2) !== 0 && state === TCP_S.FIN_WAIT && (t.flags[s]! & CONN_F.NOOUTPUT) !== 0);
}

/** ip_vs_out_hook: a reply of a NAT server gets the virtual address as its source. Hooks LOCAL_IN, FORWARD, LOCAL_OUT. */
export function ipVsOut(k: Kernel, p: Packet, hook: number): number {
  const v = k.ipvs!;
  if (p.ipvs !== 0 || !hooked(v, p)) return NF_ACCEPT;
  const proto = p.proto;
  if (proto !== IPPROTO_TCP && proto !== IPPROTO_UDP) {
    if (proto === IPPROTO_ICMPV6) return icmpOut6(v, p);
    if (proto !== IPPROTO_ICMP) return NF_ACCEPT;
    if (k.world.clock.now >= v.estNext) estCatchUp(k, v);
    const verdict = icmpOut(k, v, p);
    return verdict === UNRELATED ? NF_ACCEPT : verdict;
  }
  if (k.world.clock.now >= v.estNext) estCatchUp(k, v);
  const t = v.conns;
  const s = t.findOut(proto, p.src, p.sport, p.dst, p.dport, p.type === ETH_P_IPV6 ? CONN_F.IPV6 : 0);
  if (s < 0) return v.vs[Vs.nat_icmp_send] !== 0 ? notifyServer(k, v, p) : NF_ACCEPT;
  const w = k.world;
  if ((t.flags[s]! & CONN_F.FWD_MASK) === CONN_F.MASQ) {
    w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.ipvsSnat, p.src, p.sport, s);
  }
  const ftp = v.ftp.size > 0 ? v.ftp.get(s) : undefined;
  if (ftp !== undefined) ftpOut(k, v, ftp, s, p);
  p.src = t.vaddr[s]!;
  p.sport = t.vport[s]!;
  outStats(v, s, p.len);
  if (proto === IPPROTO_TCP) tcpStateTransition(v, s, DIR.OUTPUT, p.flags);
  else udpStateTransition(v, s, DIR.OUTPUT);
  p.ipvs = 1;
  updateConntrack(k, v, s, p, true);
  connPut(k, v, s);
  return hook === HOOK.FORWARD && k.policyRules && p.type !== ETH_P_IPV6 && v.vs[Vs.snat_reroute] !== 0 ? reroute(k, p) : NF_ACCEPT;
}

/** snat_reroute: with policy routing the reply leaves as a packet from the virtual address would. */
function reroute(k: Kernel, p: Packet): number {
  const r = routeOutput(k, p.dst, p.src, 0, p.mark);
  if (r === null) return refuse(k, Drop.IP_OUTNOROUTES);
  k.ip.forwDatagrams++;
  ipFinishOutput(k, p, r);
  return NF_STOLEN;
}

/** nat_icmp_send: a real server that goes on with a connection nobody knows is told so. */
function notifyServer(k: Kernel, v: IpVs, p: Packet): number {
  if (p.proto === IPPROTO_TCP && (p.flags & RST) !== 0) return NF_ACCEPT;
  const known = v.dests.some((d) => d !== null && d.available && d.protocol === p.proto && (d.af === AF_INET6) === (p.type === ETH_P_IPV6) && d.addr === p.src && d.port === p.sport);
  if (!known) return NF_ACCEPT;
  portUnreachable(k, p);
  return refuse(k, Drop.IPVS_NO_DEST);
}

/** ip_vs_forward_icmp: an error from a client that only passes through. Hook FORWARD. */
export function ipVsForwardIcmp(k: Kernel, p: Packet, hook: number): number {
  const v = k.ipvs!;
  if ((p.proto !== IPPROTO_ICMP && p.proto !== IPPROTO_ICMPV6) || p.ipvs !== 0 || !hooked(v, p) || backupOnly(v)) return NF_ACCEPT;
  if (p.proto === IPPROTO_ICMPV6) return icmpIn6(k, v, p, hook);
  const verdict = icmpIn(k, v, p, hook);
  return verdict === UNRELATED ? NF_ACCEPT : verdict;
}
