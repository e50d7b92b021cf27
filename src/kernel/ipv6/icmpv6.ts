// ICMPv6 (RFC 4443): echo, errors. Linux counterpart: net/ipv6/icmp.c. Neighbour discovery is in ndisc.ts.
// Not modelled: multicast listener discovery, router discovery, node information.
import type { Errno } from '../../lib/errno';
import { rawError } from '../ipv4/raw';
import { tcpError } from '../ipv4/tcp_error';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { ICMP6, quotes6 } from '../../wire/icmpv6';
import { IP6_HLEN, IPV6_MIN_MTU, isLinkLocal6, isMulticast6 } from '../../wire/ipv6';
import { ETH_P_IPV6, type Ip, IPPROTO_ICMPV6, IPPROTO_TCP, Packet } from '../../wire/packet';
import { fib6Lookup, isLocal6, routeSource6 } from './ip6_fib';
import { ip6LocalOut } from './ip6_output';
import { naReceive, nsReceive } from './ndisc';

/** Which errno an ICMPv6 error stands for (icmpv6_err_convert); null when it is none. */
export function errnoOfIcmp6(type: number, code: number): Errno | null {
  switch (type) {
    case ICMP6.UNREACH:
      return code === 0 ? 'ENETUNREACH' : code === 4 ? 'ECONNREFUSED' : code === 2 || code === 3 ? 'EHOSTUNREACH' : code <= 6 ? 'EACCES' : null;
    case ICMP6.TOO_BIG:
      return 'EMSGSIZE';
    case ICMP6.TIME_EXCEEDED:
      return 'EHOSTUNREACH';
    case ICMP6.PARAMETER:
      return 'EPROTO';
    default:
      return null;
  }
}

/** icmpv6_xrlim_allow: errors to one peer come from a bucket of six, refilled one a second; "packet too big" is never limited. */
function rateAllows(k: Kernel, dst: Ip, type: number): boolean {
  if (type === ICMP6.TOO_BIG) return true;
  const each = Number(k.sysctls.get('net/ipv6/icmp/ratelimit') ?? 1000) * 1000;
  if (each === 0) return true;
  const now = k.world.clock.now;
  const peer = k.ip6.peers.get(dst) ?? { tokens: 6 * each, last: now };
  peer.tokens = Math.min(6 * each, peer.tokens + now - peer.last);
  peer.last = now;
  k.ip6.peers.set(dst, peer);
  if (peer.tokens < each) return false;
  peer.tokens -= each;
  return true;
}

/**
 * icmpv6_send: tells the sender of `orig` about an error. `rest` is an MTU or the offset of what was not understood.
 * Silent for groups, nameless sources and ICMP errors. `orig` stays the caller's.
 */
export function icmp6Send(k: Kernel, orig: Packet, type: number, code: number, rest: number): void {
  const w = k.world;
  const t = w.ip6;
  if (orig.type !== ETH_P_IPV6 || orig.src === 0 || isMulticast6(t, orig.src)) return;
  if ((isMulticast6(t, orig.dst) || orig.pktType !== 0) && type !== ICMP6.TOO_BIG) return;
  if (orig.proto === IPPROTO_ICMPV6 && quotes6(orig.icmpType)) return;
  const r = fib6Lookup(k, orig.src, isLinkLocal6(t, orig.src) ? orig.iif : 0);
  if (r === null || (r.type !== 'unicast' && r.type !== 'local')) return;
  if (r.type === 'unicast' && !rateAllows(k, orig.src, type)) return;
  const quoted = new Packet();
  quoted.set(orig);
  const p = w.alloc();
  p.src = orig.iif !== 0 && isLocal6(k, orig.dst) ? orig.dst : routeSource6(k, r, orig.src);
  p.dst = orig.src;
  p.proto = IPPROTO_ICMPV6;
  p.icmpType = type;
  p.icmpCode = code;
  p.icmpRest = rest;
  p.hlen = 8;
  p.inner = quoted;
  p.len = Math.min(IPV6_MIN_MTU, IP6_HLEN + 8 + orig.len);
  w.trace.step(w.clock.now, k.index, orig.frame, Step.icmpError, type, code, rest);
  ip6LocalOut(k, p, r);
}

/** icmpv6_rcv. */
export function icmp6Receive(k: Kernel, p: Packet): void {
  switch (p.icmpType) {
    case ICMP6.ECHO:
      echo(k, p);
      return;
    case ICMP6.NS:
      nsReceive(k, p);
      break;
    case ICMP6.NA:
      naReceive(k, p);
      break;
    default:
      if (quotes6(p.icmpType) && p.inner !== null) about(k, p, p.inner);
  }
  k.world.consume(p);
}

function echo(k: Kernel, p: Packet): void {
  const t = k.world.ip6;
  const group = isMulticast6(t, p.dst);
  const off = k.sysctls.get('net/ipv6/icmp/echo_ignore_all') === '1' || (group && k.sysctls.get('net/ipv6/icmp/echo_ignore_multicast') === '1');
  const r = off ? null : fib6Lookup(k, p.src, isLinkLocal6(t, p.src) ? p.iif : 0);
  if (r === null) {
    k.world.consume(p);
    return;
  }
  const a = k.world.alloc();
  a.src = group || !isLocal6(k, p.dst) ? routeSource6(k, r, p.src) : p.dst;
  a.dst = p.src;
  a.proto = IPPROTO_ICMPV6;
  a.icmpType = ICMP6.ECHO_REPLY;
  a.icmpRest = p.icmpRest;
  a.hlen = 8;
  a.data = p.data;
  a.len = p.len;
  k.world.consume(p);
  ip6LocalOut(k, a, r);
}

/** icmpv6_notify: finds who sent the quoted packet. */
function about(k: Kernel, p: Packet, quoted: Packet): void {
  if (p.icmpType === ICMP6.TOO_BIG) {
    k.ip6.pathMtu.set(quoted.dst, { mtu: Math.max(IPV6_MIN_MTU, p.icmpRest), until: k.world.clock.now + 600_000_000 });
  }
  if (quoted.proto === IPPROTO_TCP) tcpError(k, p, quoted);
  rawError(k, p, quoted);
}

/** MTU towards `dst`: what was learned from ICMP, or the route's or device's. */
export function pathMtu6(k: Kernel, dst: Ip): number {
  const learned = k.ip6.pathMtu.get(dst);
  if (learned !== undefined && learned.until > k.world.clock.now) return learned.mtu;
  const r = fib6Lookup(k, dst);
  if (r === null) return 1500;
  if (r.type === 'local') return k.devs[0]!.mtu;
  return r.mtu || (k.devByIndex(r.dev)?.mtu ?? 1500);
}
