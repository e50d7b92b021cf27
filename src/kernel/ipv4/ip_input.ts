// IPv4 packets that arrive: routing decision, local delivery, reassembly. Linux counterpart: net/ipv4/ip_input.c, ip_fragment.c.
import { Conf, type Dev } from '../core/dev';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { HOOK, nfHook } from '../netfilter/hooks';
import { Step } from '../trace_step';
import { IP_MF, IPPROTO_ICMP, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';
import { fibLookup, TOS_RT_MASK } from './fib';
import { icmpReceive, icmpSend } from './icmp';
import { ipForward } from './ip_forward';
import { ipDefragment } from './ip_fragment';
import { ipipReceive } from './ipip';
import { rawDeliver } from './raw';
import { REFUSED, reportRefused, sourceImpossible, sourceRefused } from './route_input';
import { tcpReceive } from './tcp_input';
import { udpReceive } from './udp';

const FORWARDING = Conf.forwarding;

/** ip_rcv and ip_rcv_finish: an IP packet has arrived on `dev`. */
export function ipReceive(k: Kernel, dev: Dev, p: Packet): void {
  k.ip.inReceives++;
  if (!nfHook(k, HOOK.PRE_ROUTING, p)) return;
  const w = k.world;
  const { src, dst } = p;
  if (sourceImpossible(k, dev, src)) {
    k.ip.inAddrErrors++;
    w.drop(k, p, Drop.IP_INADDRERRORS);
    return;
  }
  if (dev.addresses.length === 0 && dev.kind !== 'loopback' && k.localIps.size === 0) {
    w.drop(k, p, Drop.IP_INADDRERRORS); // no in_device with an address: IP is off here
    return;
  }
  if (dst === -1 || (dst & 0xf0000000) === (0xe0000000 | 0)) {
    ipLocalIn(k, p, 0);
    return;
  }
  const r = k.policyRules || (p.tos & TOS_RT_MASK) !== 0 ? fibLookup(k, dst, { src, iif: dev.name, oif: 0, mark: p.mark, tos: p.tos & TOS_RT_MASK }) : fibLookup(k, dst);
  if (r === null) {
    w.trace.step(w.clock.now, k.index, p.frame, Step.routeNone, dst, 0, 0);
    if (dev.conf[FORWARDING] !== 0) {
      k.ip.inNoRoutes++;
      icmpSend(k, p, 3, 0, 0);
      w.drop(k, p, Drop.IP_INNOROUTES);
    } else {
      k.ip.inAddrErrors++;
      w.drop(k, p, Drop.IP_INADDRERRORS);
    }
    return;
  }
  if (r.type === 'local') {
    // Our own frames come back over lo with their route attached, so lo asks no questions about the source.
    const refused = dev.kind === 'loopback' ? REFUSED.NO : sourceRefused(k, dev, src, 0);
    if (refused !== REFUSED.NO) {
      reportRefused(k, dev, src, dst, p.frame, refused);
      w.drop(k, p, refused === REFUSED.RPF ? Drop.IP_RPFILTER : Drop.MARTIAN_SOURCE);
      return;
    }
    w.trace.step(w.clock.now, k.index, p.frame, Step.routeLocal, r.dst, r.prefix, r.dev);
    ipLocalIn(k, p, 1);
    return;
  }
  if (r.type === 'broadcast') {
    if (sourceRefused(k, dev, src, 0) !== REFUSED.NO && src !== 0) {
      reportRefused(k, dev, src, dst, p.frame, REFUSED.MARTIAN);
      w.drop(k, p, Drop.MARTIAN_SOURCE);
      return;
    }
    ipLocalIn(k, p, 0);
    return;
  }
  if (dev.conf[FORWARDING] === 0) {
    k.ip.inAddrErrors++;
    w.drop(k, p, Drop.FORWARDING_OFF);
    return;
  }
  if (r.type !== 'unicast') {
    if (r.type !== 'blackhole') icmpSend(k, p, 3, r.type === 'prohibit' ? 13 : 1, 0);
    w.drop(k, p, r.type === 'blackhole' ? Drop.IP_BLACKHOLE : Drop.IP_INNOROUTES);
    return;
  }
  const refused = sourceRefused(k, dev, src, r.dev);
  if (refused !== REFUSED.NO) {
    reportRefused(k, dev, src, dst, p.frame, refused);
    w.drop(k, p, refused === REFUSED.RPF ? Drop.IP_RPFILTER : Drop.MARTIAN_SOURCE);
    return;
  }
  w.trace.step(w.clock.now, k.index, p.frame, Step.routeForward, r.gw, r.dev, r.prefix);
  ipForward(k, dev, p, r);
}

/** ip_local_deliver: hook LOCAL_IN (where IPVS sits), then the transport. `unicast` 0 for broadcast and multicast. */
export function ipLocalIn(k: Kernel, p: Packet, unicast: number): void {
  let whole: Packet | null = p;
  if ((p.frag & (IP_MF | 0x1fff)) !== 0) {
    whole = ipDefragment(k, p);
    if (whole === null) return;
  }
  if ((unicast === 1 || k.netfilter.rulesLoaded) && !nfHook(k, HOOK.LOCAL_IN, whole)) return;
  ipLocalDeliver(k, whole);
}

/** ip_local_deliver_finish: hands a packet to raw sockets and its protocol, past every hook. */
export function ipLocalDeliver(k: Kernel, p: Packet): void {
  const w = k.world;
  const raw = k.rawSockets.length > 0 && rawDeliver(k, p);
  k.ip.inDelivers++;
  switch (p.proto) {
    case IPPROTO_TCP:
      tcpReceive(k, p);
      return;
    case IPPROTO_ICMP:
      icmpReceive(k, p);
      return;
    case IPPROTO_UDP:
      udpReceive(k, p);
      return;
    case IPPROTO_IPIP:
      if (ipipReceive(k, p)) return;
      if (raw || !k.modules.some((m) => m.name === 'tunnel4')) break;
      icmpSend(k, p, 3, 3, 0); // tunnel4_rcv: the protocol is known, but no tunnel that is up takes this packet
      w.drop(k, p, Drop.IP_NOPROTO);
      return;
  }
  if (!raw) {
    k.ip.inUnknownProtos++;
    if (p.pktType === 0) icmpSend(k, p, 3, 2, 0);
    w.drop(k, p, Drop.IP_NOPROTO);
  } else w.consume(p);
}

