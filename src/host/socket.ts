// Sockets of processes: the kernel's sockets with the sleeping that userland does on them. Linux counterpart: net/socket.c, af_inet.c.
import { type Errno, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { packetClose, packetOpen, packetQueue, packetReceive, type Tapped } from '../kernel/core/packet_socket';
import { type RawMessage, rawClose, rawErrors, rawOpen, rawQueue, rawReceive, rawSend } from '../kernel/ipv4/raw';
import { type ConnectFrom, tcpAccept, tcpClose, tcpConnect, tcpEof, tcpListen, tcpLocal, tcpRead, tcpRemote, tcpSend, tcpShutdown, tcpTakeError, tcpUnsent } from '../kernel/ipv4/tcp';
import { SNDBUF } from '../kernel/ipv4/tcp_output';
import { TCP, TF } from '../kernel/ipv4/tcp_state';
import { udpClose, udpConnect, udpOpen, udpReceiveFrom, udpSend } from '../kernel/ipv4/udp';
import type { Datagram } from '../kernel/ipv4/udp_state';
import type { Ip, Packet } from '../wire/packet';
import type { Host } from './host';
import type { SocketFile } from './open_file';
import { Interrupted, type Op, type Process } from './process';

function* sleepOnSocket(p: Process, f: SocketFile, until = Number.POSITIVE_INFINITY): Op<void> {
  if (p.pending.some((s) => p.caught.has(s))) throw new Interrupted();
  yield { on: [f.queue], until };
  if (p.pending.some((s) => p.caught.has(s))) throw new Interrupted();
}

function file(p: Process, family: SocketFile['family'], sock: number, queue: number = p.host.newQueue()): SocketFile {
  return { kind: 'socket', refs: 0, readable: true, writable: true, family, sock, queue };
}

const now = (p: Process): number => p.host.world.clock.now;

/** Extra wishes for a connection. */
export interface TcpOptions extends Pick<ConnectFrom, 'src' | 'sport' | 'reuse'> {
  /** Gives up with ETIMEDOUT at this virtual time, us. */
  deadline?: number;
}

/** connect(2), sleeping until it is decided; an IPv6 address is IP6_BASE + id. Throws ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL. */
export function* openTcp(p: Process, ip: Ip, port: number, opts: TcpOptions = {}): Op<SocketFile> {
  const k = p.host.kernel;
  const queue = p.host.newQueue();
  const s = tcpConnect(k, ip, port, { ...opts, wait: queue });
  if (typeof s === 'string') throw new SysError(s);
  const f = file(p, 'tcp', s, queue);
  const deadline = opts.deadline ?? Number.POSITIVE_INFINITY;
  try {
    while (k.tcp.state[s] === TCP.SYN_SENT || k.tcp.state[s] === TCP.SYN_RECV) {
      if (now(p) >= deadline) throw new SysError('ETIMEDOUT');
      yield* sleepOnSocket(p, f, deadline);
    }
    const e = tcpTakeError(k, s);
    if (e !== null) throw new SysError(e);
  } catch (e) {
    tcpClose(k, s);
    throw e;
  }
  return f;
}

/** socket, bind, listen; an IPv6 address is IP6_BASE + id. Throws EADDRINUSE, EADDRNOTAVAIL. */
export function listenTcp(p: Process, ip: Ip, port: number, backlog = 128, v6only = false): SocketFile {
  const s = tcpListen(p.host.kernel, ip, port, backlog, 0, v6only);
  if (typeof s === 'string') throw new SysError(s);
  const f = file(p, 'tcp', s);
  p.host.kernel.tcp.wait[s] = f.queue;
  return f;
}

/** accept(2). */
export function* acceptTcp(p: Process, listener: SocketFile): Op<SocketFile> {
  for (;;) {
    const s = tcpAccept(p.host.kernel, listener.sock);
    if (s >= 0) {
      const f = file(p, 'tcp', s);
      p.host.kernel.tcp.wait[s] = f.queue;
      return f;
    }
    yield* sleepOnSocket(p, listener);
  }
}

/** Both ends of a TCP socket: [local ip, local port, remote ip, remote port]; IPv6 addresses are IP6_BASE + id. */
export function socketNames(p: Process, f: SocketFile): [Ip, number, Ip, number] {
  const k = p.host.kernel;
  const ports = k.tcp.ports[f.sock]!;
  return [tcpLocal(k, f.sock), ports >>> 16, tcpRemote(k, f.sock), ports & 0xffff];
}

/** shutdown(SHUT_WR). */
export function shutdownSocket(p: Process, f: SocketFile): void {
  if (f.family === 'tcp') tcpShutdown(p.host.kernel, f.sock);
}

/** read(2) on a socket; '' when the peer has closed. `deadline`: throws EAGAIN then. */
export function* socketRead(p: Process, f: SocketFile, max: number, deadline = Number.POSITIVE_INFINITY): Op<Bytes> {
  const k = p.host.kernel;
  if (f.family === 'udp') return (yield* receiveFrom(p, f, deadline)).data;
  if (f.family !== 'tcp') throw new SysError('EOPNOTSUPP');
  for (;;) {
    const data = tcpRead(k, f.sock, max);
    if (data !== '') return data;
    const e = tcpTakeError(k, f.sock);
    if (e !== null) throw new SysError(e);
    if (tcpEof(k, f.sock) || k.tcp.state[f.sock] === TCP.CLOSE) return '';
    if (k.tcp.state[f.sock] === TCP.LISTEN) throw new SysError('ENOTCONN');
    if (now(p) >= deadline) throw new SysError('EAGAIN');
    yield* sleepOnSocket(p, f, deadline);
  }
}

/** write(2) on a socket: sleeps while the send buffer is full. Throws EPIPE, ECONNRESET, ECONNREFUSED (connected UDP). */
export function* socketWrite(p: Process, f: SocketFile, data: Bytes): Op<void> {
  const k = p.host.kernel;
  if (f.family === 'udp') {
    const u = k.udp.sockets[f.sock];
    const e = u ? udpSend(k, f.sock, u.rip, u.rport, data) : 'EBADF';
    if (e !== null) throw new SysError(e);
    return;
  }
  if (f.family !== 'tcp') throw new SysError('EOPNOTSUPP');
  for (let i = 0; i < data.length; i += SNDBUF) {
    while (tcpUnsent(k, f.sock) >= SNDBUF && k.tcp.state[f.sock] !== TCP.CLOSE) yield* sleepOnSocket(p, f);
    const e = tcpSend(k, f.sock, data.length <= SNDBUF ? data : data.slice(i, i + SNDBUF));
    if (e !== null) throw new SysError(e);
  }
}

/** True when `read` would not sleep. */
export function socketReadable(p: Process, f: SocketFile): boolean {
  const k = p.host.kernel;
  if (f.family === 'udp') return (k.udp.sockets[f.sock]?.queue.length ?? 0) > 0;
  const t = k.tcp;
  return t.rcv[f.sock] !== '' || (t.flags[f.sock]! & TF.EOF) !== 0 || t.state[f.sock] === TCP.CLOSE || (t.accept.get(f.sock)?.length ?? 0) > 0;
}

/** Closes the kernel's socket (the last descriptor has gone). */
export function closeSocket(host: Host, f: SocketFile): void {
  const k = host.kernel;
  if (f.family === 'tcp') tcpClose(k, f.sock);
  else if (f.family === 'udp') udpClose(k, f.sock);
  else if (f.family === 'raw') rawClose(k, f.sock);
  else packetClose(k, f.sock);
}

/** A UDP socket bound to ip:port (0: any). Throws EADDRINUSE, EADDRNOTAVAIL. */
export function openUdp(p: Process, ip: Ip = 0, port = 0, reuse = false): SocketFile {
  const s = udpOpen(p.host.kernel, ip, port, 0, reuse);
  if (typeof s === 'string') throw new SysError(s);
  const f = file(p, 'udp', s);
  p.host.kernel.udp.sockets[s]!.wait = f.queue;
  return f;
}

/** connect(2) on UDP. */
export function connectUdp(p: Process, f: SocketFile, ip: Ip, port: number): void {
  const e = udpConnect(p.host.kernel, f.sock, ip, port);
  if (e !== null) throw new SysError(e);
}

/** sendto(2). `ttl` and `df` as IP_TTL and IP_MTU_DISCOVER would set them. */
export function sendTo(p: Process, f: SocketFile, ip: Ip, port: number, data: Bytes, opts: { ttl?: number; df?: boolean; src?: Ip } = {}): Errno | null {
  return udpSend(p.host.kernel, f.sock, ip, port, data, opts);
}

/** recvfrom(2). Throws EAGAIN at the deadline, ECONNREFUSED on a connected socket. */
export function* receiveFrom(p: Process, f: SocketFile, deadline = Number.POSITIVE_INFINITY): Op<Datagram> {
  const k = p.host.kernel;
  for (;;) {
    const d = udpReceiveFrom(k, f.sock);
    if (d !== null) return d;
    const u = k.udp.sockets[f.sock];
    if (u && u.error !== '') {
      const e = u.error as Errno;
      u.error = '';
      throw new SysError(e);
    }
    if (now(p) >= deadline) throw new SysError('EAGAIN');
    yield* sleepOnSocket(p, f, deadline);
  }
}

/** A raw socket of an IP protocol (ping, traceroute). */
export function openRaw(p: Process, proto: number): SocketFile {
  const f = file(p, 'raw', rawOpen(p.host.kernel, proto));
  rawQueue(p.host.kernel, f.sock, f.queue);
  return f;
}

/** Sends through a raw socket; an errno or null. */
export const sendRaw = (p: Process, f: SocketFile, m: RawMessage): Errno | null => rawSend(p.host.kernel, f.sock, m);

/** What a raw socket has received: a packet, or ICMP errors. Null at the deadline. */
export function* receiveRaw(p: Process, f: SocketFile, deadline: number): Op<{ packet: Packet; at: number; error: boolean } | null> {
  const k = p.host.kernel;
  const backlog: { packet: Packet; at: number }[] = rawErrors(k, f.sock);
  for (;;) {
    const first = backlog.shift();
    if (first !== undefined) {
      k.rawSockets[f.sock]?.errors.unshift(...backlog);
      return { ...first, error: true };
    }
    const m = rawReceive(k, f.sock);
    if (m !== null) return { ...m, error: false };
    if (now(p) >= deadline) return null;
    yield* sleepOnSocket(p, f, deadline);
    backlog.push(...rawErrors(k, f.sock));
  }
}

/** A packet socket on a device (0: all) for one EtherType (0: all). */
export function openPacket(p: Process, ifindex: number, ethType: number): SocketFile {
  const f = file(p, 'packet', packetOpen(p.host.kernel, ifindex, ethType));
  packetQueue(p.host.kernel, f.sock, f.queue);
  return f;
}

/** The next frame a packet socket saw; null at the deadline. */
export function* receivePacket(p: Process, f: SocketFile, deadline = Number.POSITIVE_INFINITY): Op<Tapped | null> {
  for (;;) {
    const t = packetReceive(p.host.kernel, f.sock);
    if (t !== null) return t;
    if (now(p) >= deadline) return null;
    yield* sleepOnSocket(p, f, deadline);
  }
}
