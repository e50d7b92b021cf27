// UDP (RFC 768). Linux counterpart: net/ipv4/udp.c.
import type { Errno } from '../../lib/errno';
import { Drop } from '../drop_reason';
import { syncReceive } from '../ipvs/ip_vs_sync';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { Ev } from '../world';
import { IP_DF, IPPROTO_UDP, type Ip, type Packet } from '../../wire/packet';
import { icmpSend } from './icmp';
import { isLocal } from './fib';
import { routeSource } from './source';
import { ipLocalOut, routeOutput } from './ip_output';
import { errnoOfIcmp } from './tcp_error';
import type { Datagram, UdpSocket } from './udp_state';

/** Opens a socket; `lport` 0 takes a free one, `reuse` (SO_REUSEADDR) shares a taken one. Gives the slot, or EADDRINUSE, EADDRNOTAVAIL. */
export function udpOpen(k: Kernel, lip: Ip, lport: number, owner = 0, reuse = false): number | Errno {
  if (lip !== 0 && !isLocal(k, lip)) return 'EADDRNOTAVAIL';
  const u = k.udp;
  const taken = (port: number): boolean => u.sockets.some((s) => s !== null && s.lport === port && (s.lip === 0 || lip === 0 || s.lip === lip));
  let port = lport;
  if (port === 0) {
    port = udpFreePort(k, taken);
    if (port === 0) return 'EADDRINUSE';
  } else if (!reuse && taken(port)) return 'EADDRINUSE';
  const s: UdpSocket = { lip, lport: port, rip: 0, rport: 0, queue: [], error: '', wait: 0, owner };
  const free = u.sockets.indexOf(null);
  if (free >= 0) {
    u.sockets[free] = s;
    return free;
  }
  return u.sockets.push(s) - 1;
}

/** udp_lib_get_port: a free port of net.ipv4.ip_local_port_range, from a random one on. 0 when all are taken. */
export function udpFreePort(k: Kernel, taken: (port: number) => boolean = () => false): number {
  const [low, high] = (k.sysctls.get('net/ipv4/ip_local_port_range') ?? '32768\t60999').split(/\s+/).map(Number) as [number, number];
  const many = high - low + 1;
  const first = k.world.rng.below(`udp-port/${k.index}`, many);
  for (let i = 0; i < many; i++) {
    const port = low + ((first + i) % many);
    if (!taken(port)) return port;
  }
  return 0;
}

export function udpClose(k: Kernel, sock: number): void {
  k.udp.sockets[sock] = null;
}

/** connect(2): fixes the peer and picks the source address. */
export function udpConnect(k: Kernel, sock: number, rip: Ip, rport: number): Errno | null {
  const s = k.udp.sockets[sock];
  if (!s) return 'EBADF';
  const r = routeOutput(k, rip, s.lip, 0, 0);
  if (r === null) return 'ENETUNREACH';
  s.rip = rip;
  s.rport = rport;
  if (s.lip === 0) s.lip = r.type === 'local' ? rip : routeSource(k, r, rip);
  return null;
}

/** Sends one datagram (sendto). Null or an errno. */
export function udpSend(k: Kernel, sock: number, dst: Ip, dport: number, data: string, opts: { ttl?: number; df?: boolean; src?: Ip } = {}): Errno | null {
  const s = k.udp.sockets[sock];
  if (!s) return 'EBADF';
  if (s.error !== '') {
    const e = s.error as Errno;
    s.error = '';
    return e;
  }
  const r = routeOutput(k, dst, s.lip, 0, 0);
  if (r === null) return 'ENETUNREACH';
  if (r.type === 'unreachable') return 'EHOSTUNREACH';
  if (r.type === 'blackhole') return 'EINVAL';
  if (r.type === 'prohibit' || r.type === 'broadcast') return 'EACCES';
  if (data.length > 65507) return 'EMSGSIZE';
  const p = k.world.alloc();
  p.src = opts.src || s.lip || (r.type === 'local' ? dst : routeSource(k, r, dst));
  p.dst = dst;
  p.proto = IPPROTO_UDP;
  p.sport = s.lport;
  p.dport = dport;
  p.hlen = 8;
  p.data = data;
  p.len = 28 + data.length;
  p.ttl = opts.ttl ?? k.defaultTtl;
  const dev = k.devByIndex(r.dev);
  if (opts.df !== false && dev !== undefined && p.len <= dev.mtu) p.frag = IP_DF;
  k.udp.outDatagrams++;
  return ipLocalOut(k, p, r) ? null : 'EPERM';
}

/** The oldest datagram received; null when none. */
export function udpReceiveFrom(k: Kernel, sock: number): Datagram | null {
  return k.udp.sockets[sock]?.queue.shift() ?? null;
}

function lookup(k: Kernel, dst: Ip, dport: number, src: Ip, sport: number): number {
  let best = -1;
  let score = -1;
  k.udp.sockets.forEach((s, i) => {
    if (s === null || s.lport !== dport) return;
    if (s.lip !== 0 && s.lip !== dst) return;
    if (s.rport !== 0 && (s.rip !== src || s.rport !== sport)) return;
    const n = (s.lip !== 0 ? 1 : 0) + (s.rport !== 0 ? 2 : 0);
    if (n > score) {
      score = n;
      best = i;
    }
  });
  return best;
}

/** udp_rcv: to the socket that matches best, or ICMP port unreachable. */
export function udpReceive(k: Kernel, p: Packet): void {
  const w = k.world;
  const i = lookup(k, p.dst, p.dport, p.src, p.sport);
  if (i < 0) {
    if (k.ipvs !== null && syncReceive(k, p)) return;
    k.udp.noPorts++;
    w.trace.step(w.clock.now, k.index, p.frame, Step.noSocket, p.dst, p.dport, 0);
    if (p.pktType === 0) icmpSend(k, p, 3, 3, 0);
    w.drop(k, p, Drop.NO_SOCKET);
    return;
  }
  const s = k.udp.sockets[i]!;
  w.trace.step(w.clock.now, k.index, p.frame, Step.socket, i, 0, 0);
  k.udp.inDatagrams++;
  s.queue.push({ src: p.src, sport: p.sport, dst: p.dst, data: p.data });
  notify(k, i, s);
  w.consume(p);
}

/** udp_err: an ICMP error about a datagram of ours reaches a connected socket. */
export function udpError(k: Kernel, p: Packet, quoted: Packet): void {
  const i = lookup(k, quoted.src, quoted.sport, quoted.dst, quoted.dport);
  const s = i < 0 ? null : k.udp.sockets[i]!;
  if (s === null || s.rport === 0) return;
  const e = errnoOfIcmp(p.icmpType, p.icmpCode);
  if (e === null) return;
  s.error = e;
  notify(k, i, s);
}

function notify(k: Kernel, slot: number, s: UdpSocket): void {
  const now = k.world.clock.now;
  if (s.owner !== 0) k.world.clock.push(now, Ev.daemon, k.index, -1 - slot, null);
  else if (s.wait !== 0) k.world.clock.push(now, Ev.wake, k.index, s.wait, null);
}
