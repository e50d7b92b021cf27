// Raw and ping sockets: whole packets of one protocol in and out. Linux counterpart: net/ipv4/raw.c, ping.c.
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../kernel';
import { Ev } from '../world';
import { IP_DF, IPPROTO_ICMP, type Ip, Packet } from '../../wire/packet';
import { isIp6 } from '../../wire/ipv6';
import { raw6Send } from '../ipv6/raw6';
import { pathMtu } from './icmp';
import { routeSource } from './source';
import { ipLocalOut, routeOutput } from './ip_output';

/** A raw socket. */
export interface RawSocket {
  proto: number;
  queue: { packet: Packet; at: number }[];
  /** ICMP errors about what was sent: the error packet (its `inner` is what it is about). */
  errors: { packet: Packet; at: number }[];
  /** Wait queue woken on arrival; 0: nobody waits. */
  wait: number;
}

const LIMIT = 256;

/** Opens a socket for a protocol. */
export function rawOpen(k: Kernel, proto: number): number {
  const s: RawSocket = { proto, queue: [], errors: [], wait: 0 };
  const free = k.rawSockets.indexOf(null);
  if (free >= 0) {
    k.rawSockets[free] = s;
    return free;
  }
  return k.rawSockets.push(s) - 1;
}

export function rawClose(k: Kernel, sock: number): void {
  k.rawSockets[sock] = null;
  while (k.rawSockets.length > 0 && k.rawSockets[k.rawSockets.length - 1] === null) k.rawSockets.pop();
}

/** Names the wait queue to wake. */
export function rawQueue(k: Kernel, sock: number, wait: number): void {
  const s = k.rawSockets[sock];
  if (s) s.wait = wait;
}

/** What to send; an IPv6 `dst` or `src` is IP6_BASE + id. `len` is the payload length when it differs from data's (data need not be carried). */
export interface RawMessage {
  dst: Ip;
  src?: Ip;
  ttl?: number;
  tos?: number;
  df?: boolean;
  /** SO_BROADCAST: a broadcast address is allowed. */
  broadcast?: boolean;
  oif?: number;
  icmpType?: number;
  icmpCode?: number;
  icmpRest?: number;
  sport?: number;
  dport?: number;
  /** MSG_CONFIRM: an answer came, so the next hop lives. */
  confirm?: boolean;
  data: string;
}

/** Sends one message. Null, or ENETUNREACH, EINVAL (no usable route), EMSGSIZE (df and too big), EACCES (broadcast). */
export function rawSend(k: Kernel, sock: number, m: RawMessage): Errno | null {
  const s = k.rawSockets[sock];
  if (!s) return 'EBADF';
  if (isIp6(m.dst)) return raw6Send(k, s.proto, m);
  const w = k.world;
  const r = routeOutput(k, m.dst, m.src ?? 0, m.oif ?? 0, 0, m.tos ?? 0);
  if (r === null) return 'ENETUNREACH';
  if (r.type === 'blackhole') return 'EINVAL';
  if (r.type === 'unreachable') return 'EHOSTUNREACH';
  if (r.type === 'prohibit' || (r.type === 'broadcast' && !m.broadcast)) return 'EACCES';
  const p = w.alloc();
  p.src = m.src || (r.type === 'local' ? m.dst : routeSource(k, r, m.dst));
  p.dst = m.dst;
  p.proto = s.proto;
  p.ttl = m.ttl ?? k.defaultTtl;
  p.tos = m.tos ?? 0;
  p.confirm = m.confirm === true ? 1 : 0;
  p.icmpType = m.icmpType ?? 0;
  p.icmpCode = m.icmpCode ?? 0;
  p.icmpRest = m.icmpRest ?? 0;
  p.hlen = s.proto === IPPROTO_ICMP ? 8 : 0;
  p.data = m.data;
  p.len = 20 + p.hlen + m.data.length;
  if (m.df) p.frag = IP_DF;
  if (m.df && p.len > pathMtu(k, m.dst)) {
    w.consume(p);
    return 'EMSGSIZE';
  }
  if (s.proto === IPPROTO_ICMP) {
    k.count('Icmp.OutMsgs');
    if (p.icmpType === 8) k.count('Icmp.OutEchos');
  }
  return ipLocalOut(k, p, r) ? null : 'EPERM';
}

/** The oldest packet received, or null. */
export function rawReceive(k: Kernel, sock: number): { packet: Packet; at: number } | null {
  return k.rawSockets[sock]?.queue.shift() ?? null;
}

/** Takes the ICMP errors received since the last call. */
export function rawErrors(k: Kernel, sock: number): { packet: Packet; at: number }[] {
  const s = k.rawSockets[sock];
  return s ? s.errors.splice(0) : [];
}

/** Hands copies to every socket of the packet's protocol. True when there was one. */
export function rawDeliver(k: Kernel, p: Packet): boolean {
  let any = false;
  for (const s of k.rawSockets) {
    if (s === null || s.proto !== p.proto) continue;
    any = true;
    if (s.queue.length < LIMIT) s.queue.push({ packet: keep(p), at: k.world.clock.now });
    wake(k, s);
  }
  return any;
}

/** Hands an ICMP error to the sockets that may have sent what it quotes. */
export function rawError(k: Kernel, p: Packet, quoted: Packet): void {
  for (const s of k.rawSockets) {
    if (s === null || (s.proto !== quoted.proto && s.proto !== IPPROTO_ICMP)) continue;
    if (s.errors.length < LIMIT) s.errors.push({ packet: keep(p), at: k.world.clock.now });
    wake(k, s);
  }
}

function wake(k: Kernel, s: RawSocket): void {
  if (s.wait !== 0) k.world.clock.push(k.world.clock.now, Ev.wake, k.index, s.wait, null);
}

/** A copy outside the ledger: a socket's queue holds messages, not frames in flight. */
function keep(p: Packet): Packet {
  const c = new Packet();
  c.set(p);
  return c;
}
