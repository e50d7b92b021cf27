// IPv4 packets that leave: route, LOCAL_OUT, fragmentation, next hop. Linux counterpart: net/ipv4/ip_output.c.
import { devXmit } from '../core/dev_queue';
import { neighbourOutput } from '../core/neighbour';
import { type Dev, IFF } from '../core/dev';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { HOOK, nfHook } from '../netfilter/hooks';
import { Step } from '../trace_step';
import { IP_DF, type Ip, type Packet } from '../../wire/packet';
import { fibLookup, PROTO, type Route, routeOf, SCOPE, TOS_RT_MASK } from './fib';
import { ipFragment } from './ip_fragment';
import { icmpSend } from './icmp';

/** Route for a packet made here; null means "Network is unreachable". */
export function routeOutput(k: Kernel, dst: Ip, src: Ip, oif: number, mark: number, tos = 0): Route | null {
  if (!k.policyRules && oif === 0 && tos === 0) return fibLookup(k, dst);
  const r = fibLookup(k, dst, { src, iif: 'lo', oif, mark, tos: tos & TOS_RT_MASK });
  if (r !== null || oif === 0) return r;
  // The sender named a device, so the destination is taken to be on its link.
  return routeOf({ dst, prefix: 32, dev: oif, scope: SCOPE.LINK, proto: PROTO.UNSPEC });
}

/** ip_local_out: a complete packet made here goes through LOCAL_OUT and out by `r`. False when a rule or the lack of a route stopped it (EPERM). */
export function ipLocalOut(k: Kernel, p: Packet, r: Route): boolean {
  const w = k.world;
  p.type = 0x0800;
  p.iif = 0;
  p.pktType = 0;
  p.cause = w.causeFrame;
  if (p.ttl === 0) p.ttl = k.defaultTtl;
  if ((p.frag & IP_DF) === 0) p.id = k.ipId++ & 0xffff;
  k.ip.outRequests++;
  w.trace.step(w.clock.now, k.index, p.cause, Step.routeOutput, r.gw, r.dev, r.prefix);
  const { dst, mark } = p;
  if (!nfHook(k, HOOK.LOCAL_OUT, p, r)) return false;
  // ip_route_me_harder: what a rule changed may lead another way.
  if (p.dst !== dst || (p.mark !== mark && k.policyRules)) {
    const again = routeOutput(k, p.dst, p.src, 0, p.mark);
    if (again === null || again.type === 'unreachable' || again.type === 'prohibit' || again.type === 'blackhole') {
      w.drop(k, p, Drop.IP_OUTNOROUTES);
      return false;
    }
    ipFinishOutput(k, p, again);
    return true;
  }
  ipFinishOutput(k, p, r);
  return true;
}

/** Sends a packet that IPVS or a tunnel has made ready, by a route, past LOCAL_OUT. */
export function ipOutputForwarded(k: Kernel, p: Packet, r: Route): void {
  ipFinishOutput(k, p, r);
}

/** ip_output and ip_finish_output: POST_ROUTING, fragments, next hop. */
export function ipFinishOutput(k: Kernel, p: Packet, r: Route): void {
  const w = k.world;
  if (!nfHook(k, HOOK.POST_ROUTING, p, r)) return;
  const dev = r.type === 'local' ? k.devs[0]! : k.devByIndex(r.dev);
  if (dev === undefined || (r.type !== 'unicast' && r.type !== 'local' && r.type !== 'broadcast')) {
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  const mtu = r.mtu || dev.mtu;
  if (p.len > mtu) {
    if ((p.frag & IP_DF) !== 0) {
      k.ip.fragFails++;
      icmpSend(k, p, 3, 4, mtu);
      w.drop(k, p, Drop.PKT_TOO_BIG);
      return;
    }
    piecesOutput(k, dev, r, p, mtu);
    return;
  }
  nextHopOutput(k, dev, r, p);
}

function piecesOutput(k: Kernel, dev: Dev, r: Route, p: Packet, mtu: number): void {
  ipFragment(k, p, mtu, (piece) => nextHopOutput(k, dev, r, piece));
}

function nextHopOutput(k: Kernel, dev: Dev, r: Route, p: Packet): void {
  if (dev.kind === 'loopback' || (dev.flags & IFF.NOARP) !== 0) {
    p.smac = dev.mac;
    p.dmac = dev.kind === 'loopback' ? 0 : dev.broadcastMac;
    devXmit(k, dev, p);
    return;
  }
  if (r.type === 'broadcast' || p.dst === -1) {
    p.smac = dev.mac;
    p.dmac = 1;
    devXmit(k, dev, p);
    return;
  }
  if ((p.dst & 0xf0000000) === (0xe0000000 | 0)) {
    p.smac = dev.mac;
    p.dmac = k.world.macs.intern(multicastMac(p.dst));
    devXmit(k, dev, p);
    return;
  }
  neighbourOutput(k, dev, r.gw !== 0 ? r.gw : p.dst, p);
}

/** 01:00:5e and the low 23 bits of the group (RFC 1112). */
function multicastMac(group: Ip): string {
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  return `01:00:5e:${hex((group >>> 16) & 0x7f)}:${hex((group >>> 8) & 255)}:${hex(group & 255)}`;
}
