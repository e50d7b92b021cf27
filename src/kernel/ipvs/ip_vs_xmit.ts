// How a packet leaves for its real server: NAT, direct routing, tunnel, or up this host's own stack. Linux counterpart: net/netfilter/ipvs/ip_vs_xmit.c.
// Not modelled: the data path of gue and gre tunnels (such a packet is dropped and the kernel log says so).
import { type Ip, IP_DF, type Packet } from '../../wire/packet';
import { type Dev, IFF } from '../core/dev';
import { neighbourOutput } from '../core/neighbour';
import { Drop } from '../drop_reason';
import { isLocal, type Route } from '../ipv4/fib';
import { routeSource } from '../ipv4/source';
import { icmpSend, pathMtu } from '../ipv4/icmp';
import { ipFragment } from '../ipv4/ip_fragment';
import { ipOutputForwarded, routeOutput } from '../ipv4/ip_output';
import { connXmit6 } from './ip_vs_xmit6';
import { encapsulate } from '../ipv4/ipip';
import type { Kernel } from '../kernel';
import { HOOK, nfHook } from '../netfilter/hooks';
import { NF_ACCEPT, NF_STOLEN } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { CONN_F, type IpVs, TUN_TYPES } from './ip_vs';
import { ftpIn } from './ip_vs_ftp';
import { trackOrNot, updateConntrack } from './ip_vs_nfct';
import { Vs } from './ip_vs_settings';

/** Which kinds of route a packet may take (IP_VS_RT_MODE_*). RDR: a packet that came for another host may be turned to this one. */
const MODE = { LOCAL: 1, NON_LOCAL: 2, RDR: 4, TUNNEL: 8 } as const;
const IPIP_HLEN = 20;

const frameOf = (p: Packet): number => (p.frame !== 0 ? p.frame : p.cause);

/** Sends `p` by connection `s`. NF_ACCEPT: it stays on this host (the caller goes on with it); NF_STOLEN: it is sent or dead. */
export function connXmit(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  if ((v.conns.flags[s]! & CONN_F.IPV6) !== 0) return connXmit6(k, v, p, s, hook);
  switch (v.conns.flags[s]! & CONN_F.FWD_MASK) {
    case CONN_F.MASQ:
      return natXmit(k, v, p, s, hook);
    case CONN_F.DROUTE:
      return drXmit(k, v, p, s, hook);
    case CONN_F.TUNNEL:
      return tunnelXmit(k, v, p, s, hook);
    case CONN_F.BYPASS:
      return bypassXmit(k, v, p, hook);
    default:
      return localXmit(v, s, p);
  }
}

/** Drops a packet that cannot be sent; the verdict is then NF_STOLEN. */
function dead(k: Kernel, p: Packet, reason: number): null {
  k.world.drop(k, p, reason);
  return null;
}

/**
 * __ip_vs_get_out_rt: the route to a server. Checks that local and remote do not mix against `mode`, takes one off the TTL and
 * refuses what is too big. Null: the packet is dead. `icmp`: errors are never answered with errors.
 */
function outRoute(k: Kernel, v: IpVs, p: Packet, daddr: Ip, mode: number, hook: number, icmp: boolean): Route | null {
  const r = routeOutput(k, daddr, 0, 0, 0);
  if (r === null || (r.type !== 'unicast' && r.type !== 'local')) {
    icmpSend(k, p, 3, 1, 0);
    return dead(k, p, Drop.IP_OUTNOROUTES);
  }
  if (r.type === 'local') {
    const cameLocal = hook === HOOK.LOCAL_IN || isLocal(k, p.dst);
    if ((mode & MODE.LOCAL) === 0 || ((mode & MODE.RDR) === 0 && !cameLocal)) return dead(k, p, Drop.IP_OUTNOROUTES);
    return r;
  }
  if (p.src >>> 24 === 127) return dead(k, p, Drop.IP_OUTNOROUTES);
  if (p.ttl <= 1) {
    k.ip.inHdrErrors++;
    icmpSend(k, p, 11, 0, 0);
    return dead(k, p, Drop.TTL_EXPIRED);
  }
  p.ttl--;
  const tunnel = (mode & MODE.TUNNEL) !== 0;
  if (tunnel && v.vs[Vs.pmtu_disc] === 0) return r;
  if ((p.frag & IP_DF) !== 0 && !icmp) {
    const mtu = pathMtu(k, daddr, r);
    const room = tunnel ? mtu - IPIP_HLEN : mtu;
    if (p.len > room) {
      icmpSend(k, p, 3, 4, room);
      return dead(k, p, Drop.PKT_TOO_BIG);
    }
  }
  return r;
}

/** ip_vs_nat_xmit: destination address and port become the server's; only then it is routed on. */
function natXmit(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  const t = v.conns;
  const daddr = t.daddr[s]!;
  const r = outRoute(k, v, p, daddr, MODE.LOCAL | MODE.NON_LOCAL | MODE.RDR, hook, false);
  if (r === null) return NF_STOLEN;
  const w = k.world;
  if (r.type === 'local' && daddr >>> 24 === 127 && p.iif > 1) {
    w.drop(k, p, Drop.IP_OUTNOROUTES); // nobody from outside reaches 127.0.0.1
    return NF_STOLEN;
  }
  w.trace.step(w.clock.now, k.index, frameOf(p), Step.ipvsDnat, p.dst, p.dport, s);
  if ((t.flags[s]! & CONN_F.NO_CPORT) !== 0) t.fillCport(s, p.sport);
  const ftp = v.ftp.size > 0 ? v.ftp.get(s) : undefined;
  if (ftp !== undefined) ftpIn(k, v, ftp, s, p);
  p.dst = daddr;
  p.dport = t.dport[s]!;
  updateConntrack(k, v, s, p);
  return sendOrContinue(k, p, r);
}

/** ip_vs_nat_send_or_cont: past IPVS's own hooks, and up if the server is this host. */
export function sendOrContinue(k: Kernel, p: Packet, r: Route): number {
  p.ipvs = 1;
  if (r.type === 'local') return NF_ACCEPT;
  if (nfHook(k, HOOK.LOCAL_OUT, p, r)) ipOutputForwarded(k, p, r);
  return NF_STOLEN;
}

/** ip_vs_bypass_xmit: nobody can serve, so the packet goes where it wanted to go (cache_bypass). */
function bypassXmit(k: Kernel, v: IpVs, p: Packet, hook: number): number {
  const r = outRoute(k, v, p, p.dst, MODE.NON_LOCAL, hook, false);
  return r === null ? NF_STOLEN : sendOrContinue(k, p, r);
}

/** ip_vs_dr_xmit: the packet stays as it is; the next hop is the server (or the gateway towards it). */
function drXmit(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  const daddr = v.conns.daddr[s]!;
  const r = outRoute(k, v, p, daddr, MODE.LOCAL | MODE.NON_LOCAL, hook, false);
  if (r === null) return NF_STOLEN;
  p.ipvs = 1;
  trackOrNot(v, s, p);
  if (r.type === 'local') return NF_ACCEPT;
  const w = k.world;
  const nextHop = r.gw !== 0 ? r.gw : daddr;
  w.trace.step(w.clock.now, k.index, frameOf(p), Step.ipvsDr, nextHop, r.dev, s);
  if (!nfHook(k, HOOK.LOCAL_OUT, p, r)) return NF_STOLEN;
  const dev = k.devByIndex(r.dev)!;
  if ((dev.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0) {
    ipOutputForwarded(k, p, r);
    return NF_STOLEN;
  }
  if (!nfHook(k, HOOK.POST_ROUTING, p, r)) return NF_STOLEN;
  const mtu = r.mtu || dev.mtu;
  if (p.len > mtu) drPieces(k, dev, nextHop, p, mtu);
  else neighbourOutput(k, dev, nextHop, p);
  return NF_STOLEN;
}

function drPieces(k: Kernel, dev: Dev, nextHop: Ip, p: Packet, mtu: number): void {
  ipFragment(k, p, mtu, (piece) => neighbourOutput(k, dev, nextHop, piece));
}

/** ip_vs_tunnel_xmit: the whole packet becomes the payload of one to the server; TTL, TOS and DF are copied outward. */
function tunnelXmit(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  const daddr = v.conns.daddr[s]!;
  const r = outRoute(k, v, p, daddr, MODE.LOCAL | MODE.NON_LOCAL | MODE.TUNNEL, hook, false);
  if (r === null) return NF_STOLEN;
  p.ipvs = 1;
  trackOrNot(v, s, p);
  if (r.type === 'local') return NF_ACCEPT;
  const w = k.world;
  const type = v.dests[v.conns.dest[s]!]?.tunType ?? 0;
  if (type !== 0) {
    k.printk(`IPVS: not modelled: ${TUN_TYPES[type]} tunnels`, 3);
    w.drop(k, p, Drop.UNHANDLED_PROTO);
    return NF_STOLEN;
  }
  w.trace.step(w.clock.now, k.index, frameOf(p), Step.ipvsTun, daddr, 0, s);
  encapsulate(k, p, routeSource(k, r, daddr), daddr, p.ttl, v.vs[Vs.pmtu_disc] !== 0 ? p.frag & IP_DF : 0);
  if (nfHook(k, HOOK.LOCAL_OUT, p, r)) ipOutputForwarded(k, p, r);
  return NF_STOLEN;
}

/** ip_vs_null_xmit: the server is this host (LOCALNODE). */
function localXmit(v: IpVs, s: number, p: Packet): number {
  p.ipvs = 1;
  trackOrNot(v, s, p);
  return NF_ACCEPT;
}

/** Route for an ICMP error to a NAT server; from FORWARD it may not turn to this host. */
export function icmpOutRoute(k: Kernel, v: IpVs, p: Packet, daddr: Ip, hook: number): Route | null {
  return outRoute(k, v, p, daddr, hook !== HOOK.FORWARD ? MODE.LOCAL | MODE.NON_LOCAL | MODE.RDR : MODE.NON_LOCAL, hook, true);
}
