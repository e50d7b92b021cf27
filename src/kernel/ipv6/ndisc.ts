// Neighbour discovery (RFC 4861): who has an address, and duplicate addresses (RFC 4862). Linux counterpart: net/ipv6/ndisc.c.
// States and timers are those of ARP (core/neighbour.ts). Not modelled: router and prefix discovery, redirects, proxies.
import { Drop } from '../drop_reason';
import type { Dev } from '../core/dev';
import { type Neighbour, neighbourOf, neighbourUpdate } from '../core/neighbour';
import { NUD, NUD_CONNECTED, NUD_VALID } from '../core/nud';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { ICMP6, NA_F, ND_HLEN, ND_OPTION } from '../../wire/icmpv6';
import { IP6_HLEN, isMulticast6, solicitedNode } from '../../wire/ipv6';
import { type Ip, IPPROTO_ICMPV6, type Mac, type Packet } from '../../wire/packet';
import { dadFailure } from './addrconf';
import { icmp6Send } from './icmpv6';
import { Conf6 } from './inet6';
import { linkLocal6 } from './ip6_fib';
import { ip6LocalOut } from './ip6_output';
import { PROTO, type Route, routeOf, SCOPE } from '../ipv4/fib';

/** A route that goes out of `dev` whatever the tables say. */
const straight = (dev: Dev, dst: Ip): Route => routeOf({ dst, prefix: 128, dev: dev.index, scope: SCOPE.LINK, proto: PROTO.UNSPEC });

function send(k: Kernel, dev: Dev, type: number, src: Ip, dst: Ip, target: Ip, flags: number, mac: Mac): void {
  const p = k.world.alloc();
  p.src = src;
  p.dst = dst;
  p.proto = IPPROTO_ICMPV6;
  p.ttl = 255;
  p.icmpType = type;
  p.icmpRest = flags;
  p.tpa = target;
  p.sha = mac;
  p.hlen = 8;
  p.len = IP6_HLEN + ND_HLEN + (mac === 0 ? 0 : ND_OPTION);
  ip6LocalOut(k, p, straight(dev, dst));
}

/** ndisc_send_ns. Without a source (duplicate address detection) it tells no MAC. */
export function nsSend(k: Kernel, dev: Dev, target: Ip, dst: Ip, src: Ip): void {
  send(k, dev, ICMP6.NS, src, dst, target, 0, src === 0 ? 0 : dev.mac);
}

/** ndisc_solicit: asks for a neighbour, the group while nothing is known, itself to probe. `from`: source of a packet that waits (0: none). */
export function ndiscSolicit(k: Kernel, dev: Dev, n: Neighbour, from: Ip): void {
  const own = from !== 0 && dev.addresses6.some((a) => a.local === from && !a.tentative);
  const src = own ? from : linkLocal6(dev);
  nsSend(k, dev, n.ip, n.state === NUD.PROBE ? n.ip : solicitedNode(k.world.ip6, n.ip), src);
}

/** ndisc_error_report: the next hop of a waiting packet never answered; its sender hears address unreachable. */
export function ndiscFailed(k: Kernel, p: Packet): void {
  icmp6Send(k, p, ICMP6.UNREACH, 3, 0);
  k.world.drop(k, p, Drop.NEIGH_FAILED);
}

/** ndisc_recv_ns: answers for an address of ours and learns the asker. */
export function nsReceive(k: Kernel, p: Packet): void {
  const w = k.world;
  const dev = k.devByIndex(p.iif);
  if (dev === undefined || p.ttl !== 255 || isMulticast6(w.ip6, p.tpa)) return;
  const dad = p.src === 0;
  const mine = dev.addresses6.find((a) => a.local === p.tpa);
  if (mine === undefined) {
    w.trace.step(w.clock.now, k.index, p.frame, Step.arpSilent, p.tpa, 1, 0);
    return;
  }
  if (mine.tentative) {
    if (dad && p.smac !== dev.mac) dadFailure(k, dev, mine);
    return;
  }
  const router = dev.conf6[Conf6.forwarding] !== 0 ? NA_F.ROUTER : 0;
  const asked = isMulticast6(w.ip6, p.dst);
  w.trace.step(w.clock.now, k.index, p.frame, Step.arpAnswer, p.tpa, dev.index, 0);
  if (dad) {
    send(k, dev, ICMP6.NA, p.tpa, w.ip6.intern('ff02::1')!, p.tpa, router | NA_F.OVERRIDE, dev.mac);
    return;
  }
  if (p.sha !== 0) neighbourUpdate(k, dev, neighbourOf(k, dev, p.src, true), p.sha, NUD.STALE, true);
  send(k, dev, ICMP6.NA, p.tpa, p.src, p.tpa, router | NA_F.SOLICITED | (asked ? NA_F.OVERRIDE : 0), asked ? dev.mac : 0);
}

/** ndisc_recv_na: an answer (or an unasked announcement) about a neighbour we know of. */
export function naReceive(k: Kernel, p: Packet): void {
  const w = k.world;
  const dev = k.devByIndex(p.iif);
  if (dev === undefined || p.ttl !== 255 || isMulticast6(w.ip6, p.tpa)) return;
  const solicited = (p.icmpRest & NA_F.SOLICITED) !== 0;
  if (solicited && isMulticast6(w.ip6, p.dst)) return;
  const mine = dev.addresses6.find((a) => a.local === p.tpa);
  if (mine !== undefined) {
    if (mine.tentative) dadFailure(k, dev, mine);
    return;
  }
  const n = dev.neighbours6.get(p.tpa);
  if (n === undefined || n.state === NUD.FAILED || (p.sha === 0 && (n.state & NUD_VALID) === 0)) return;
  const mac = p.sha !== 0 ? p.sha : n.mac;
  n.router = (p.icmpRest & NA_F.ROUTER) !== 0;
  if ((p.icmpRest & NA_F.OVERRIDE) === 0 && (n.state & NUD_VALID) !== 0 && mac !== n.mac) {
    // Another MAC, but no claim to replace what is known: it is only in doubt now.
    if ((n.state & NUD_CONNECTED) !== 0) neighbourUpdate(k, dev, n, n.mac, NUD.STALE, true, true);
    return;
  }
  neighbourUpdate(k, dev, n, mac, solicited ? NUD.REACHABLE : NUD.STALE, true);
}
