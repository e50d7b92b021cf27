// ICMP (RFC 792): echo, errors, redirects. Linux counterpart: net/ipv4/icmp.c.
// Not modelled: the global rate limit (icmp_msgs_per_sec), timestamp requests.
import { Conf } from '../core/dev';

import type { Kernel } from '../kernel';
import { ctAttach } from '../netfilter/nf_conntrack';
import { Step } from '../trace_step';
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, Packet } from '../../wire/packet';
import { acceptRedirect } from './redirect';
import { addressType, fibLookup, isLocal, type Route } from './fib';
import { routeSource } from './source';
import { ipLocalOut, routeOutput } from './ip_output';
import { rawError } from './raw';
import { tcpError } from './tcp_error';
import { udpError } from './udp';

export const ICMP = { ECHO_REPLY: 0, UNREACH: 3, REDIRECT: 5, ECHO: 8, TIME_EXCEEDED: 11, PARAMETER: 12 } as const;
const IP_HLEN = 20;
const ICMP_HLEN = 8;

/**
 * icmp_send: tells the sender of `orig` about an error. `rest` is the MTU of "fragmentation needed" or a redirect's gateway.
 * Silent for broadcasts, fragments other than the first, and ICMP errors. `orig` stays the caller's.
 */
export function icmpSend(k: Kernel, orig: Packet, type: number, code: number, rest: number): void {
  const w = k.world;
  if (orig.type !== 0x0800 || orig.pktType === 1 || orig.pktType === 2 || (orig.frag & 0x1fff) !== 0) return;
  if (orig.proto === IPPROTO_ICMP && orig.icmpType !== ICMP.ECHO && orig.icmpType !== ICMP.ECHO_REPLY) return;
  if (orig.src === 0 || orig.src === -1 || addressType(k, orig.dst) === 'broadcast' || addressType(k, orig.dst) === 'multicast') return;
  const r = routeOutput(k, orig.src, 0, 0, 0);
  if (r === null || (r.type !== 'unicast' && r.type !== 'local')) return;
  if (r.type === 'unicast' && !rateAllows(k, orig.src, type, code)) return;
  const quoted = new Packet();
  quoted.set(orig);
  const p = w.alloc();
  // The answer comes from the address that was asked, if that is ours; else from the interface it came in on.
  if (isLocal(k, orig.dst) && orig.iif !== 0) p.src = orig.dst;
  else if (r.type === 'local') p.src = orig.src;
  else p.src = orig.iif !== 0 && k.sysctls.get('net/ipv4/icmp_errors_use_inbound_ifaddr') === '1' ? (k.devByIndex(orig.iif)?.addresses[0]?.local ?? 0) : routeSource(k, r, orig.src);
  p.dst = orig.src;
  p.proto = IPPROTO_ICMP;
  p.tos = 0xc0;
  p.icmpType = type;
  p.icmpCode = code;
  p.icmpRest = rest;
  p.hlen = ICMP_HLEN;
  p.inner = quoted;
  p.len = Math.min(576, IP_HLEN + ICMP_HLEN + orig.len);
  ctAttach(p, orig);
  w.trace.step(w.clock.now, k.index, orig.frame, Step.icmpError, type, code, rest);
  k.count(`Icmp.Out${OUT_NAME[type] ?? 'Errors'}`);
  k.count('Icmp.OutMsgs');
  ipLocalOut(k, p, r);
}

/** icmpv4_xrlim_allow: errors to one peer come from a bucket of six, refilled one a second. Types by icmp_ratemask. */
function rateAllows(k: Kernel, dst: Ip, type: number, code: number): boolean {
  const mask = Number(k.sysctls.get('net/ipv4/icmp_ratemask') ?? 6168);
  if (((1 << type) & mask) === 0 || (type === ICMP.UNREACH && code === 4)) return true;
  const each = Number(k.sysctls.get('net/ipv4/icmp_ratelimit') ?? 1000) * 1000;
  if (each === 0) return true;
  const peer = peerOf(k, dst);
  const now = k.world.clock.now;
  peer.tokens = Math.min(6 * each, peer.tokens + now - peer.last);
  peer.last = now;
  if (peer.tokens < each) return false;
  peer.tokens -= each;
  return true;
}

/** What is remembered of a peer (struct inet_peer): tokens and redirects share the time of the last one. */
export function peerOf(k: Kernel, ip: Ip): { tokens: number; last: number; redirects: number } {
  let peer = k.peers.get(ip);
  if (peer === undefined) {
    peer = { tokens: 0, last: k.world.clock.now - 60_000_000, redirects: 0 };
    k.peers.set(ip, peer);
  }
  return peer;
}

const OUT_NAME: Record<number, string> = { 0: 'EchoReps', 3: 'DestUnreachs', 5: 'Redirects', 8: 'Echos', 11: 'TimeExcds' };
const IN_NAME = OUT_NAME;

/** icmp_rcv: answers echo, hands errors to the sockets they concern. */
export function icmpReceive(k: Kernel, p: Packet): void {
  const w = k.world;
  k.count('Icmp.InMsgs');
  k.count(`Icmp.In${IN_NAME[p.icmpType] ?? 'Errors'}`);
  switch (p.icmpType) {
    case ICMP.ECHO:
      echo(k, p);
      return;
    case ICMP.UNREACH:
    case ICMP.TIME_EXCEEDED:
    case ICMP.PARAMETER:
      if (p.inner !== null) icmpError(k, p, p.inner);
      break;
    case ICMP.REDIRECT:
      if (p.inner !== null) acceptRedirect(k, p, p.inner);
      break;
  }
  w.consume(p);
}

function echo(k: Kernel, p: Packet): void {
  const w = k.world;
  const ignored = k.sysctls.get('net/ipv4/icmp_echo_ignore_all') === '1' || p.pktType !== 0;
  const r = ignored ? null : routeOutput(k, p.src, p.dst, 0, 0);
  if (r === null) {
    w.consume(p);
    return;
  }
  const a = w.alloc();
  a.src = p.pktType === 0 ? p.dst : routeSource(k, r, p.src);
  a.dst = p.src;
  a.proto = IPPROTO_ICMP;
  a.icmpType = ICMP.ECHO_REPLY;
  a.icmpRest = p.icmpRest;
  a.hlen = ICMP_HLEN;
  a.tos = p.tos;
  a.data = p.data;
  a.len = p.len;
  a.tsVal = p.tsVal;
  a.cause = p.frame;
  w.consume(p);
  k.count('Icmp.OutMsgs');
  k.count('Icmp.OutEchoReps');
  ipLocalOut(k, a, r);
}

/** icmp_unreach: finds who sent the quoted packet. */
function icmpError(k: Kernel, p: Packet, quoted: Packet): void {
  if (p.icmpType === ICMP.UNREACH && p.icmpCode === 4) learnMtu(k, quoted.dst, p.icmpRest);
  if (quoted.proto === IPPROTO_TCP) tcpError(k, p, quoted);
  else if (quoted.proto === IPPROTO_UDP) udpError(k, p, quoted);
  rawError(k, p, quoted);
}

/** A path MTU heard of stays for ten minutes (ip_rt_update_pmtu). */
function learnMtu(k: Kernel, dst: Ip, mtu: number): void {
  k.pathMtu.set(dst, { mtu: mtu < 552 ? 552 : mtu, until: k.world.clock.now + 600_000_000 });
}

/** MTU towards `dst` by route `r`: what was learned from ICMP, or the route's or device's. */
export function pathMtu(k: Kernel, dst: Ip, r: Route | null = fibLookup(k, dst)): number {
  const learned = k.pathMtu.size === 0 ? undefined : k.pathMtu.get(dst);
  if (learned !== undefined && learned.until > k.world.clock.now) return learned.mtu;
  if (r === null) return 1500;
  if (r.type === 'local') return k.devs[0]!.mtu;
  return r.mtu || (k.devByIndex(r.dev)?.mtu ?? 1500);
}

export const takesRedirects = (k: Kernel, ifindex: number): boolean => {
  const dev = k.devByIndex(ifindex);
  if (dev === undefined) return false;
  const all = k.confAll[Conf.accept_redirects] !== 0;
  const own = dev.conf[Conf.accept_redirects] !== 0;
  return dev.conf[Conf.forwarding] !== 0 ? all && own : all || own;
};
