// IPv6 packets that leave: hooks, MTU, next hop. Linux counterpart: net/ipv6/ip6_output.c.
// Not modelled: fragmentation by the sender (what does not fit is refused) and extension headers.
import { Drop } from '../drop_reason';
import { type Dev, IFF } from '../core/dev';
import { devXmit } from '../core/dev_queue';
import { neighbourOutput } from '../core/neighbour';
import type { Route } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import { HOOK } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { isMulticast6, multicastMac6 } from '../../wire/ipv6';
import { ETH_P_IPV6, type Packet } from '../../wire/packet';
import { nfHook6 } from './hooks6';
import { icmp6Send } from './icmpv6';
import { Conf6 } from './inet6';
import { fib6Lookup } from './ip6_fib';

/** Hop limit of what leaves by `r`. */
export const hopLimit = (k: Kernel, r: Route): number => k.devByIndex(r.dev)?.conf6[Conf6.hop_limit] || 64;

/** ip6_local_out: a complete packet made here goes through LOCAL_OUT and out by `r`. */
export function ip6LocalOut(k: Kernel, p: Packet, r: Route): void {
  const w = k.world;
  p.type = ETH_P_IPV6;
  p.iif = 0;
  p.pktType = 0;
  p.cause = w.causeFrame;
  if (p.ttl === 0) p.ttl = hopLimit(k, r);
  k.ip6.outRequests++;
  w.trace.step(w.clock.now, k.index, p.cause, Step.routeOutput, r.gw, r.dev, r.prefix);
  const dst = p.dst;
  if (!nfHook6(k, HOOK.LOCAL_OUT, p)) return;
  let way: Route | null = r;
  if (p.dst !== dst) way = fib6Lookup(k, p.dst);
  if (way === null) w.drop(k, p, Drop.IP_OUTNOROUTES);
  else ip6FinishOutput(k, p, way);
}

/** ip6_finish_output: POST_ROUTING, MTU, next hop. */
export function ip6FinishOutput(k: Kernel, p: Packet, r: Route): void {
  const w = k.world;
  if (!nfHook6(k, HOOK.POST_ROUTING, p)) return;
  const dev = r.type === 'local' ? k.devs[0]! : k.devByIndex(r.dev);
  if (dev === undefined || (r.type !== 'unicast' && r.type !== 'local' && r.type !== 'multicast')) {
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  const mtu = r.type === 'local' ? dev.mtu : r.mtu || dev.mtu;
  if (p.len > mtu) {
    icmp6Send(k, p, 2, 0, mtu);
    w.drop(k, p, Drop.PKT_TOO_BIG);
    return;
  }
  ip6NextHop(k, dev, r, p);
}

/** ip6_finish_output2: straight out, to a group's MAC, or by neighbour discovery. */
export function ip6NextHop(k: Kernel, dev: Dev, r: Route, p: Packet): void {
  if (dev.kind === 'loopback' || (dev.flags & IFF.NOARP) !== 0) {
    p.smac = dev.mac;
    p.dmac = dev.kind === 'loopback' ? 0 : dev.broadcastMac;
    devXmit(k, dev, p);
    return;
  }
  if (isMulticast6(k.world.ip6, p.dst)) {
    p.smac = dev.mac;
    p.dmac = k.world.macs.intern(multicastMac6(k.world.ip6, p.dst));
    devXmit(k, dev, p);
    return;
  }
  neighbourOutput(k, dev, r.gw !== 0 ? r.gw : p.dst, p);
}
