// How an IPv6 packet leaves for its real server: NAT, direct routing, or up this host's own stack. Linux counterpart: ip_vs_xmit.c (ip_vs_nat_xmit_v6, ip_vs_dr_xmit_v6).
// Not modelled: tunnels of IPv6 and services with servers of the other family (such a packet is dropped and the kernel log says so).
import type { Ip, Packet } from '../../wire/packet';
import { neighbourOutput } from '../core/neighbour';
import { Drop } from '../drop_reason';
import type { Route } from '../ipv4/fib';
import { nfHook6 } from '../ipv6/hooks6';
import { icmp6Send } from '../ipv6/icmpv6';
import { fib6Lookup, isLocal6 } from '../ipv6/ip6_fib';
import { ip6FinishOutput } from '../ipv6/ip6_output';
import type { Kernel } from '../kernel';
import { HOOK, NF_ACCEPT, NF_STOLEN } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { CONN_F, type IpVs } from './ip_vs';
import { ftpIn } from './ip_vs_ftp';

const frameOf = (p: Packet): number => (p.frame !== 0 ? p.frame : p.cause);

/** Sends `p` by connection `s`. NF_ACCEPT: it stays on this host; NF_STOLEN: it is sent or dead. */
export function connXmit6(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  switch (v.conns.flags[s]! & CONN_F.FWD_MASK) {
    case CONN_F.MASQ:
      return natXmit6(k, v, p, s, hook);
    case CONN_F.DROUTE:
      return drXmit6(k, v, p, s, hook);
    case CONN_F.TUNNEL:
      k.printk('IPVS: not modelled: tunnels of IPv6', 3);
      k.world.drop(k, p, Drop.UNHANDLED_PROTO);
      return NF_STOLEN;
    case CONN_F.BYPASS: {
      const r = outRoute6(k, p, p.dst, false, hook, false);
      return r === null ? NF_STOLEN : sendOrContinue6(k, p, r);
    }
    default:
      p.ipvs = 1;
      return NF_ACCEPT;
  }
}

function dead(k: Kernel, p: Packet, reason: number): null {
  k.world.drop(k, p, reason);
  return null;
}

/** __ip_vs_get_out_rt_v6: the route to a server, one off the hop limit, too big refused. Null: the packet is dead. `redirect`: it may turn to this host. */
export function outRoute6(k: Kernel, p: Packet, daddr: Ip, redirect: boolean, hook: number, icmp: boolean): Route | null {
  const r = fib6Lookup(k, daddr);
  if (r === null || (r.type !== 'unicast' && r.type !== 'local')) {
    icmp6Send(k, p, 1, 3, 0);
    return dead(k, p, Drop.IP_OUTNOROUTES);
  }
  if (r.type === 'local') return redirect || hook === HOOK.LOCAL_IN || isLocal6(k, p.dst) ? r : dead(k, p, Drop.IP_OUTNOROUTES);
  if (k.world.ip6.text(p.src) === '::1') return dead(k, p, Drop.IP_OUTNOROUTES);
  if (p.ttl <= 1) {
    k.ip6.inHdrErrors++;
    icmp6Send(k, p, 3, 0, 0);
    return dead(k, p, Drop.TTL_EXPIRED);
  }
  p.ttl--;
  const mtu = r.mtu || (k.devByIndex(r.dev)?.mtu ?? 1500);
  if (!icmp && p.len > mtu) {
    icmp6Send(k, p, 2, 0, mtu);
    return dead(k, p, Drop.PKT_TOO_BIG);
  }
  return r;
}

/** ip_vs_nat_xmit_v6: destination address and port become the server's; only then it is routed on. */
function natXmit6(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  const t = v.conns;
  const daddr = t.daddr[s]!;
  const r = outRoute6(k, p, daddr, true, hook, false);
  if (r === null) return NF_STOLEN;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, frameOf(p), Step.ipvsDnat, p.dst, p.dport, s);
  if ((t.flags[s]! & CONN_F.NO_CPORT) !== 0) t.fillCport(s, p.sport);
  const ftp = v.ftp.size > 0 ? v.ftp.get(s) : undefined;
  if (ftp !== undefined) ftpIn(k, v, ftp, s, p);
  p.dst = daddr;
  p.dport = t.dport[s]!;
  return sendOrContinue6(k, p, r);
}

/** Past IPVS's own hooks, and up if the server is this host. */
export function sendOrContinue6(k: Kernel, p: Packet, r: Route): number {
  p.ipvs = 1;
  if (r.type === 'local') return NF_ACCEPT;
  if (nfHook6(k, HOOK.LOCAL_OUT, p)) ip6FinishOutput(k, p, r);
  return NF_STOLEN;
}

/** ip_vs_dr_xmit_v6: the packet stays as it is; the next hop is the server (or the gateway towards it). */
function drXmit6(k: Kernel, v: IpVs, p: Packet, s: number, hook: number): number {
  const daddr = v.conns.daddr[s]!;
  const r = outRoute6(k, p, daddr, false, hook, false);
  if (r === null) return NF_STOLEN;
  p.ipvs = 1;
  if (r.type === 'local') return NF_ACCEPT;
  const w = k.world;
  const nextHop = r.gw !== 0 ? r.gw : daddr;
  w.trace.step(w.clock.now, k.index, frameOf(p), Step.ipvsDr, nextHop, r.dev, s);
  if (!nfHook6(k, HOOK.LOCAL_OUT, p)) return NF_STOLEN;
  neighbourOutput(k, k.devByIndex(r.dev)!, nextHop, p);
  return NF_STOLEN;
}
