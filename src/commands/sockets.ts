// The sockets of a host as netstat and ss list them, with who holds them. Counterpart: /proc/net/tcp, /proc/net/udp, sock_diag(7), /proc/PID/fd.
import type { Host } from '../host/host';
import type { Process } from '../host/process';
import { tcpLocal, tcpRemote, tcpSendQueue } from '../kernel/ipv4/tcp';
import { TCP, TF } from '../kernel/ipv4/tcp_state';
import type { Ip } from '../wire/packet';

/** One socket. */
export interface SocketRow {
  proto: 'tcp' | 'udp' | 'raw';
  slot: number;
  /** Number of net/tcp_states.h; 7 (CLOSE) for unconnected datagram sockets. */
  state: number;
  /** IPv6 addresses are IP6_BASE + id. */
  lip: Ip;
  lport: number;
  rip: Ip;
  rport: number;
  recvQ: number;
  sendQ: number;
  /** Limit of a listener's queue; 0 otherwise. */
  backlog: number;
  /** An IPv6 wildcard that takes IPv4 too. */
  dual?: boolean;
  /** Microseconds until TIME_WAIT ends; 0 when that is not what it waits for. */
  timeWaitUs: number;
}

/** TCP sockets: listeners first, then connections, in order of creation. */
export function tcpRows(host: Host): SocketRow[] {
  const k = host.kernel;
  const t = k.tcp;
  const rows: SocketRow[] = [];
  for (let s = 0; s < t.used; s++) {
    const state = t.state[s]!;
    if (state === 0 || state === TCP.CLOSE) continue;
    const listen = state === TCP.LISTEN;
    const left = t.endAt[s]! - k.world.clock.now;
    rows.push({
      proto: 'tcp', slot: s, state, lip: tcpLocal(k, s), lport: t.ports[s]! >>> 16, rip: tcpRemote(k, s), rport: t.ports[s]! & 0xffff,
      recvQ: listen ? t.accept.get(s)?.length ?? 0 : t.rcv[s]?.length ?? 0, sendQ: listen ? 0 : tcpSendQueue(k, s), backlog: listen ? t.backlog.get(s) ?? 0 : 0,
      dual: listen && t.lip[s] === 0 && (t.flags[s]! & (TF.V6 | TF.V6ONLY)) === TF.V6,
      timeWaitUs: state === TCP.TIME_WAIT && Number.isFinite(left) ? Math.max(0, left) : 0,
    });
  }
  return rows.sort((a, b) => Number(b.state === TCP.LISTEN) - Number(a.state === TCP.LISTEN));
}

/** UDP sockets. */
export function udpRows(host: Host): SocketRow[] {
  const rows: SocketRow[] = [];
  host.kernel.udp.sockets.forEach((s, slot) => {
    if (s === null) return;
    const recvQ = s.queue.reduce((n, d) => n + d.data.length, 0);
    rows.push({ proto: 'udp', slot, state: s.rport === 0 ? TCP.CLOSE : TCP.ESTABLISHED, lip: s.lip, lport: s.lport, rip: s.rip, rport: s.rport, recvQ, sendQ: 0, backlog: 0, timeWaitUs: 0 });
  });
  return rows;
}

/** Raw sockets: the protocol stands where a port would. */
export function rawRows(host: Host): SocketRow[] {
  const rows: SocketRow[] = [];
  host.kernel.rawSockets.forEach((s, slot) => {
    if (s !== null) rows.push({ proto: 'raw', slot, state: TCP.CLOSE, lip: 0, lport: s.proto, rip: 0, rport: 0, recvQ: 0, sendQ: 0, backlog: 0, timeWaitUs: 0 });
  });
  return rows;
}

/** Who holds a socket: processes with the descriptor, or those of the daemon that owns it (workers first, as ss lists them). */
export function holders(host: Host, row: SocketRow): { p: Process; fd: number }[] {
  const found: { p: Process; fd: number }[] = [];
  for (const p of host.procs.values()) {
    for (const [fd, f] of p.fds) if (f.kind === 'socket' && f.family === row.proto && f.sock === row.slot) found.push({ p, fd });
  }
  const owner = row.proto === 'tcp' ? host.kernel.tcp.owner[row.slot] ?? 0 : row.proto === 'udp' ? host.kernel.udp.sockets[row.slot]?.owner ?? 0 : 0;
  if (owner !== 0 && row.state !== TCP.TIME_WAIT) {
    const own = [...host.procs.values()].filter((p) => p.daemon === owner && p.state !== 'Z');
    const listen = row.state === TCP.LISTEN;
    for (const p of own.reverse()) if (listen || p !== own.at(-1) || own.length === 1) found.push({ p, fd: 5 + (row.slot % 64) });
  }
  return found;
}
