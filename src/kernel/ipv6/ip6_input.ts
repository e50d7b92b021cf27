// IPv6 packets that arrive: for us, for others, for a group. Linux counterpart: net/ipv6/ip6_input.c, ip6_output.c (ip6_forward).
// Not modelled: extension headers, reassembly, UDP over IPv6 (answered as a closed port), redirects.
import type { Dev } from '../core/dev';
import { Drop } from '../drop_reason';
import { rawDeliver } from '../ipv4/raw';
import type { Route } from '../ipv4/fib';
import { tcpReceive } from '../ipv4/tcp_input';
import type { Kernel } from '../kernel';
import { HOOK } from '../netfilter/hooks_state';
import { Step } from '../trace_step';
import { isLinkLocal6, isMulticast6, solicitedNode } from '../../wire/ipv6';
import { type Ip, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';
import { ip6On } from './addrconf';
import { nfHook6 } from './hooks6';
import { icmp6Receive, icmp6Send } from './icmpv6';
import { Conf6 } from './inet6';
import { fib6Lookup, isLocal6 } from './ip6_fib';
import { ip6FinishOutput } from './ip6_output';

/** True when the device listens to a group: all nodes, all routers of a router, and its addresses' solicited-node groups. */
function joined(k: Kernel, dev: Dev, group: Ip): boolean {
  const t = k.world.ip6;
  const text = t.text(group);
  if (text === 'ff02::1' || text === 'ff01::1') return true;
  if (text === 'ff02::2') return dev.conf6[Conf6.forwarding] !== 0;
  return dev.addresses6.some((a) => solicitedNode(t, a.local) === group);
}

/** ipv6_rcv: an IPv6 packet has arrived on `dev`. */
export function ip6Receive(k: Kernel, dev: Dev, p: Packet): void {
  const w = k.world;
  const t = w.ip6;
  if (!ip6On(dev)) {
    dev.stats.rxDropped++;
    w.drop(k, p, Drop.UNHANDLED_PROTO);
    return;
  }
  k.ip6.inReceives++;
  const loop = dev.kind === 'loopback';
  if (isMulticast6(t, p.src) || (!loop && (t.text(p.src) === '::1' || t.text(p.dst) === '::1'))) {
    k.ip6.inHdrErrors++;
    w.drop(k, p, Drop.IP_INADDRERRORS);
    return;
  }
  if (!nfHook6(k, HOOK.PRE_ROUTING, p)) return;
  if (isMulticast6(t, p.dst)) {
    if (!joined(k, dev, p.dst)) w.drop(k, p, Drop.OTHERHOST);
    else if (nfHook6(k, HOOK.LOCAL_IN, p)) ip6Deliver(k, p);
    return;
  }
  const r = fib6Lookup(k, p.dst, isLinkLocal6(t, p.dst) && !loop ? dev.index : 0);
  if (r !== null && (r.type === 'local' || r.type === 'anycast')) {
    w.trace.step(w.clock.now, k.index, p.frame, Step.routeLocal, r.dst, r.prefix, r.dev);
    if (nfHook6(k, HOOK.LOCAL_IN, p)) ip6Deliver(k, p);
    return;
  }
  if (!k.ip6.forward) {
    k.ip6.inAddrErrors++;
    w.drop(k, p, Drop.FORWARDING_OFF);
    return;
  }
  if (r === null || r.type !== 'unicast') {
    w.trace.step(w.clock.now, k.index, p.frame, Step.routeNone, p.dst, 0, 0);
    k.ip6.inNoRoutes++;
    if (r === null || r.type !== 'blackhole') icmp6Send(k, p, 1, r?.type === 'prohibit' ? 1 : 0, 0);
    w.drop(k, p, Drop.IP_INNOROUTES);
    return;
  }
  w.trace.step(w.clock.now, k.index, p.frame, Step.routeForward, r.gw, r.dev, r.prefix);
  forward(k, p, r);
}

/** ip6_forward. */
function forward(k: Kernel, p: Packet, r: Route): void {
  const w = k.world;
  if (p.pktType !== 0) {
    w.drop(k, p, Drop.OTHERHOST);
    return;
  }
  if (p.ttl <= 1) {
    k.ip6.inHdrErrors++;
    icmp6Send(k, p, 3, 0, 0);
    w.drop(k, p, Drop.TTL_EXPIRED);
    return;
  }
  const out = k.devByIndex(r.dev);
  if (out === undefined || p.src === 0) {
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  if (isLinkLocal6(w.ip6, p.src)) {
    icmp6Send(k, p, 1, 2, 0);
    w.drop(k, p, Drop.IP_INADDRERRORS);
    return;
  }
  const mtu = r.mtu || out.mtu;
  if (p.len > mtu) {
    icmp6Send(k, p, 2, 0, mtu);
    w.drop(k, p, Drop.PKT_TOO_BIG);
    return;
  }
  p.ttl--;
  if (!nfHook6(k, HOOK.FORWARD, p)) return;
  k.ip6.forwDatagrams++;
  ip6FinishOutput(k, p, r);
}

/** ip6_protocol_deliver_rcu: hands a packet to raw sockets and its protocol. */
function ip6Deliver(k: Kernel, p: Packet): void {
  const w = k.world;
  const raw = k.rawSockets.length > 0 && rawDeliver(k, p);
  k.ip6.inDelivers++;
  switch (p.proto) {
    case IPPROTO_TCP:
      tcpReceive(k, p);
      return;
    case IPPROTO_ICMPV6:
      icmp6Receive(k, p);
      return;
  }
  if (raw) {
    w.consume(p);
    return;
  }
  const mine = p.pktType === 0 && isLocal6(k, p.dst);
  if (p.proto === IPPROTO_UDP) {
    w.trace.step(w.clock.now, k.index, p.frame, Step.noSocket, p.dst, p.dport, 0);
    if (mine) icmp6Send(k, p, 1, 4, 0);
    w.drop(k, p, Drop.NO_SOCKET);
    return;
  }
  if (mine) icmp6Send(k, p, 4, 1, 6);
  w.drop(k, p, Drop.IP_NOPROTO);
}
