// The TCP calls sockets make: connect, listen, accept, send, read, close. Linux counterpart: net/ipv4/tcp.c, inet_connection_sock.c.
import type { Errno } from '../../lib/errno';
import { canBind6, connect6 } from '../ipv6/tcp_ipv6';
import type { Kernel } from '../kernel';
import { IP6_BASE, isIp6 } from '../../wire/ipv6';
import { type Ip, SYN } from '../../wire/packet';
import { canBind } from './devinet';
import { routeSource } from './source';
import { routeOutput } from './ip_output';
import { RCVBUF, RTO_SYN_US, tcpAckNow, tcpArm, tcpDone, tcpPush, tcpSendRst, tcpTransmit, TIME_WAIT_US } from './tcp_output';
import { TCP, TF } from './tcp_state';

/** First ephemeral port of every freshly booted host. */
const FIRST_PORT = 40000;

/** Where to connect from. */
export interface ConnectFrom {
  src?: Ip;
  sport?: number;
  /** SO_REUSEADDR. */
  reuse?: boolean;
  /** Daemon that owns the socket; 0 for a process. */
  owner?: number;
  wait?: number;
}

/** Starts a connection (an IPv6 `dst` or `from.src` is IP6_BASE + id): a slot in SYN_SENT, or ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EADDRNOTAVAIL, EADDRINUSE. */
export function tcpConnect(k: Kernel, dst: Ip, dport: number, from: ConnectFrom = {}): number | Errno {
  if (isIp6(dst)) {
    const way = connect6(k, dst - IP6_BASE, from.src ? from.src - IP6_BASE : 0);
    return typeof way === 'string' ? way : start(k, way.src, way.dst, dport, from, TF.V6);
  }
  const target = dst === 0 ? 0x7f000001 : dst;
  const r = routeOutput(k, target, from.src ?? 0, 0, 0);
  if (r === null) return 'ENETUNREACH';
  if (r.type === 'unreachable') return 'EHOSTUNREACH';
  if (r.type === 'prohibit') return 'EACCES';
  if (r.type === 'blackhole') return 'EINVAL';
  if (r.type === 'broadcast' || r.type === 'multicast') return 'ENETUNREACH';
  if (from.src !== undefined && from.src !== 0 && !canBind(k, from.src)) return 'EADDRNOTAVAIL';
  return start(k, from.src || (r.type === 'local' ? target : routeSource(k, r, target)), target, dport, from, 0);
}

/** Both ends are known: takes a port and sends the SYN. `v6`: TF.V6 or 0. */
function start(k: Kernel, src: Ip, target: Ip, dport: number, from: ConnectFrom, v6: number): number | Errno {
  const t = k.tcp;
  if (from.sport && portTaken(k, from.src ?? 0, from.sport, v6, from.reuse === true)) return 'EADDRINUSE';
  const sport = from.sport ? from.sport : freePort(k, src, target, dport, v6);
  if (sport === 0) return 'EADDRNOTAVAIL';
  const known = t.find(src, sport, target, dport, v6);
  // A port bound with SO_REUSEADDR may follow a connection in TIME_WAIT (timestamps tell the two apart); one that is chosen never does.
  const follows = known >= 0 && (from.reuse === true || (from.sport !== undefined && (t.flags[known]! & TF.CHOSEN) !== 0)) && t.state[known] === TCP.TIME_WAIT;
  if (known >= 0 && !follows) return 'EADDRNOTAVAIL';
  const after = follows ? t.sndNxt[known]! + 65537 : 0;
  if (follows) tcpDone(k, known, '');
  const s = t.alloc();
  t.flags[s] = from.sport ? v6 : v6 | TF.CHOSEN;
  t.lip[s] = src;
  t.rip[s] = target;
  t.ports[s] = (sport << 16) | dport;
  t.owner[s] = from.owner ?? 0;
  t.wait[s] = from.wait ?? 0;
  t.isn = (Math.imul(t.isn, 1664525) + 1013904223) | 0;
  if (follows) t.isn = after | 0;
  t.sndUna[s] = t.isn;
  t.sndNxt[s] = (t.isn + 1) | 0;
  t.sndMax[s] = t.sndNxt[s]!;
  t.rcvNxt[s] = 0;
  t.state[s] = TCP.SYN_SENT;
  t.insert(s);
  t.mib.activeOpens++;
  t.rtoAt[s] = k.world.clock.now + RTO_SYN_US;
  t.synAt[s] = k.world.clock.now;
  tcpArm(k, s);
  tcpTransmit(k, s, SYN, t.sndUna[s]!, '');
  return s;
}

/**
 * inet_csk_bind_conflict: any socket that holds the port on this address, be it in TIME_WAIT; with SO_REUSEADDR only one that listens.
 * Linux strews the ports it chooses over the whole range, here they come in a row: one that is over and done with is not held against who binds.
 */
function portTaken(k: Kernel, src: Ip, port: number, v6: number, reuse: boolean): boolean {
  const t = k.tcp;
  for (let s = 0; s < t.used; s++) {
    const state = t.state[s]!;
    if (state === 0 || state === TCP.CLOSE || t.ports[s]! >>> 16 !== port || (t.flags[s]! & TF.V6) !== v6) continue;
    if (reuse ? state !== TCP.LISTEN : state === TCP.TIME_WAIT && (t.flags[s]! & TF.CHOSEN) !== 0) continue;
    if (src === 0 || t.lip[s] === 0 || t.lip[s] === src) return true;
  }
  return false;
}

/** The next free ephemeral port towards a peer; even numbers first, as connect(2) prefers. 0 when all are taken. */
function freePort(k: Kernel, src: Ip, dst: Ip, dport: number, v6: number): number {
  const t = k.tcp;
  const range = k.sysctls.get('net/ipv4/ip_local_port_range') ?? '32768\t60999';
  if (range !== t.portRange) {
    const cut = range.search(/\s/);
    t.portRange = range;
    t.lowPort = Number(range.slice(0, cut));
    t.highPort = Number(range.slice(cut));
  }
  const low = t.lowPort;
  const high = t.highPort;
  if (t.nextPort < low || t.nextPort > high) t.nextPort = Math.max(low, Math.min(FIRST_PORT, high));
  for (let i = 0; i <= high - low; i++) {
    const port = t.nextPort;
    t.nextPort += 2;
    if (t.nextPort > high) t.nextPort = t.nextPort % 2 === low % 2 ? low + 1 : low;
    if (t.find(src, port, dst, dport, v6) < 0 && !t.listeners.has(port)) return port;
  }
  return 0;
}

/**
 * Opens a listener on ip:port (ip 0: any; IPv6 is IP6_BASE + id). A slot, or EADDRINUSE, EADDRNOTAVAIL.
 * One on [::] takes IPv4 connections too unless `v6only`.
 */
export function tcpListen(k: Kernel, address: Ip, port: number, backlog: number, owner: number, v6only = false): number | Errno {
  const t = k.tcp;
  const v6 = isIp6(address) ? TF.V6 : 0;
  const ip = v6 === 0 ? address : address - IP6_BASE;
  if (v6 === 0 ? !canBind(k, ip) : !canBind6(k, ip)) return 'EADDRNOTAVAIL';
  const flags = v6 | (v6only ? TF.V6ONLY : 0);
  const others = t.listeners.get(port) ?? [];
  /** A wildcard of IPv6 that takes IPv4 too. */
  const dual = (f: number, lip: Ip): boolean => (f & (TF.V6 | TF.V6ONLY)) === TF.V6 && lip === 0;
  const clash = (o: number): boolean => {
    const [f, lip] = [t.flags[o]!, t.lip[o]!];
    return (f & TF.V6) === v6 ? lip === ip || lip === 0 || ip === 0 : dual(f, lip) || dual(flags, ip);
  };
  if (others.some(clash)) return 'EADDRINUSE';
  const s = t.alloc();
  t.flags[s] = flags;
  t.lip[s] = ip;
  t.rip[s] = 0;
  t.ports[s] = port << 16;
  t.state[s] = TCP.LISTEN;
  t.owner[s] = owner;
  t.listeners.set(port, [...others, s]);
  t.accept.set(s, []);
  t.backlog.set(s, backlog);
  return s;
}

/** Takes the oldest connection that waits on a listener; -1 when none does. */
export function tcpAccept(k: Kernel, listener: number): number {
  return k.tcp.accept.get(listener)?.shift() ?? -1;
}

/** Takes all bytes received so far (at most `max`); '' when there are none. */
export function tcpRead(k: Kernel, s: number, max = Number.POSITIVE_INFINITY): string {
  const t = k.tcp;
  const all = t.rcv[s] ?? '';
  if (all === '') return '';
  const out = all.length <= max ? all : all.slice(0, max);
  t.rcv[s] = all.length <= max ? '' : all.slice(max);
  if ((t.flags[s]! & TF.WINDOW_SHUT) !== 0 && RCVBUF - t.rcv[s]!.length >= RCVBUF / 2) {
    t.flags[s] = t.flags[s]! & ~TF.WINDOW_SHUT;
    if (t.state[s] === TCP.ESTABLISHED || t.state[s] === TCP.FIN_WAIT1 || t.state[s] === TCP.FIN_WAIT2) tcpAckNow(k, s);
  }
  return out;
}

/** Sends bytes (buffered without limit; `tcpUnsent` tells how much waits). Null, or EPIPE, ENOTCONN, or the connection's error. */
export function tcpSend(k: Kernel, s: number, data: string): Errno | null {
  const t = k.tcp;
  const state = t.state[s];
  const e = t.errors.get(s);
  if (e !== undefined) {
    t.errors.delete(s);
    return e as Errno;
  }
  if (state === TCP.SYN_SENT || state === TCP.SYN_RECV) return 'ENOTCONN';
  if (state !== TCP.ESTABLISHED && state !== TCP.CLOSE_WAIT) return 'EPIPE';
  if ((t.flags[s]! & TF.FIN_QUEUED) !== 0) return 'EPIPE';
  t.snd[s] = t.snd[s] === '' ? data : t.snd[s]! + data;
  tcpPush(k, s);
  return null;
}

/** Bytes that wait to be acknowledged. */
export const tcpUnsent = (k: Kernel, s: number): number => k.tcp.snd[s]?.length ?? 0;

/** Sequence numbers not acknowledged (write_seq - snd_una), as listings of sockets show them: data, and a SYN or FIN of its own. */
export function tcpSendQueue(k: Kernel, s: number): number {
  const state = k.tcp.state[s]!;
  return tcpUnsent(k, s) + (state === TCP.SYN_SENT || state === TCP.FIN_WAIT1 || state === TCP.LAST_ACK || state === TCP.CLOSING ? 1 : 0);
}

/** True when the peer has closed its side and everything was read. */
export const tcpEof = (k: Kernel, s: number): boolean => (k.tcp.flags[s]! & TF.EOF) !== 0 && k.tcp.rcv[s] === '';

/** State number (TCP.*). */
export const tcpState = (k: Kernel, s: number): number => k.tcp.state[s]!;

/** Takes the pending error; null when there is none. */
export function tcpTakeError(k: Kernel, s: number): Errno | null {
  const e = k.tcp.errors.get(s);
  if (e === undefined) return null;
  k.tcp.errors.delete(s);
  return e as Errno;
}

/** shutdown(SHUT_WR): FIN after what is queued; reading goes on. */
export function tcpShutdown(k: Kernel, s: number): void {
  const t = k.tcp;
  if (t.state[s] === TCP.ESTABLISHED) t.state[s] = TCP.FIN_WAIT1;
  else if (t.state[s] === TCP.CLOSE_WAIT) t.state[s] = TCP.LAST_ACK;
  else return;
  t.flags[s] = t.flags[s]! | TF.FIN_QUEUED;
  tcpPush(k, s);
}

/** close(2): the application lets go. Unread data make it a RST, as in Linux. */
export function tcpClose(k: Kernel, s: number): void {
  const t = k.tcp;
  const state = t.state[s]!;
  if (state === TCP.LISTEN) {
    closeListener(k, s);
    return;
  }
  t.flags[s] = t.flags[s]! | TF.ORPHAN;
  t.owner[s] = 0;
  t.wait[s] = 0;
  switch (state) {
    case 0:
      return;
    case TCP.CLOSE:
      t.release(s);
      return;
    case TCP.SYN_SENT:
      tcpDone(k, s, '');
      return;
    case TCP.ESTABLISHED:
    case TCP.CLOSE_WAIT:
      if (t.rcv[s] !== '') {
        tcpSendRst(k, s);
        tcpDone(k, s, '');
        return;
      }
      t.state[s] = state === TCP.ESTABLISHED ? TCP.FIN_WAIT1 : TCP.LAST_ACK;
      t.flags[s] = t.flags[s]! | TF.FIN_QUEUED;
      tcpPush(k, s);
      return;
    case TCP.FIN_WAIT2:
      t.endAt[s] = k.world.clock.now + TIME_WAIT_US;
      tcpArm(k, s);
      return;
  }
}

/** tcp_abort: an administrator ends a connection; the peer gets a RST, the application ECONNABORTED. */
export function tcpAbort(k: Kernel, s: number): void {
  const t = k.tcp;
  switch (t.state[s]) {
    case TCP.LISTEN:
      closeListener(k, s);
      return;
    case TCP.ESTABLISHED:
    case TCP.SYN_RECV:
    case TCP.FIN_WAIT1:
    case TCP.FIN_WAIT2:
    case TCP.CLOSE_WAIT:
      tcpSendRst(k, s);
      break;
  }
  tcpDone(k, s, 'ECONNABORTED');
}

function closeListener(k: Kernel, s: number): void {
  const t = k.tcp;
  const port = t.ports[s]! >>> 16;
  const rest = (t.listeners.get(port) ?? []).filter((x) => x !== s);
  if (rest.length === 0) t.listeners.delete(port);
  else t.listeners.set(port, rest);
  for (const c of t.accept.get(s) ?? []) {
    tcpSendRst(k, c);
    t.flags[c] = t.flags[c]! | TF.ORPHAN;
    tcpDone(k, c, '');
  }
  t.accept.delete(s);
  t.backlog.delete(s);
  t.release(s);
}

/** Local and remote address of a socket, IPv6 as IP6_BASE + id. */
export const tcpLocal = (k: Kernel, s: number): Ip => ((k.tcp.flags[s]! & TF.V6) === 0 ? k.tcp.lip[s]! : IP6_BASE + k.tcp.lip[s]!);
export const tcpRemote = (k: Kernel, s: number): Ip => ((k.tcp.flags[s]! & TF.V6) === 0 ? k.tcp.rip[s]! : IP6_BASE + k.tcp.rip[s]!);

/** Calls `visit` for every socket in use, listeners included; IPv6 addresses are IP6_BASE + id. */
export function eachTcp(k: Kernel, visit: (s: number, state: number, lip: Ip, lport: number, rip: Ip, rport: number) => void): void {
  const t = k.tcp;
  for (let s = 0; s < t.used; s++) {
    const state = t.state[s]!;
    if (state !== 0) visit(s, state, tcpLocal(k, s), t.ports[s]! >>> 16, tcpRemote(k, s), t.ports[s]! & 0xffff);
  }
}
