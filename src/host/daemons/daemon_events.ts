// Events that concern daemons and units: the table of kinds, and the handlers the lab binds. Counterpart: epoll_wait(2), sigaction(2) and SIGCHLD in init.
import { type Firewalld, firewalldEnded, firewalldSignal } from './firewalld';
import type { World } from '../../kernel/world';
import type { Ended, Host } from '../host';
import type { Process } from '../process';
import { unitProcessEnded } from '../unit';
import type { Daemon } from './daemon';
import { httpEnded, httpSignal } from './http_master';
import type { HttpDaemon } from './httpd';
import type { NfsClient } from '../nfs/client';
import { type RpcDaemon, rpcEnded, rpcSignal, rpcWake } from '../nfs/portmap';
import { nfsdEnded, nfsdWake, type NfsServer } from '../nfs/server';
import { type SshDaemon, sshEnded, sshSignal, sshWake } from './sshd';

/** What a kind of daemon does. Static. */
export interface DaemonKind {
  /** One of its sockets has a connection, data, room or an end. */
  readonly wake: (host: Host, d: Daemon, sock: number) => void;
  /** The timer it set by Ev.unit with its id. */
  readonly timer?: (host: Host, d: Daemon) => void;
  /** A signal that one of its processes catches. */
  readonly signal?: (host: Host, d: Daemon, p: Process, signal: number) => void;
  /** One of its processes has ended. */
  readonly ended?: (host: Host, d: Daemon, pid: number, how: Ended) => void;
}

/** Kinds by name. A new kind of daemon is a row here. */
const KINDS: Readonly<Record<string, DaemonKind>> = Object.freeze({
  http: {
    wake: (host: Host, d: Daemon, sock: number) => (d as HttpDaemon).wake(host, sock),
    timer: (host: Host, d: Daemon) => (d as HttpDaemon).timer(host),
    signal: (host: Host, d: Daemon, p: Process, signal: number) => httpSignal(host, d as HttpDaemon, p, signal),
    ended: (host: Host, d: Daemon, pid: number, how: Ended) => httpEnded(host, d as HttpDaemon, pid, how),
  },
  sshd: {
    wake: (host: Host, d: Daemon, sock: number) => sshWake(host, d as SshDaemon, sock),
    signal: (host: Host, d: Daemon, p: Process, signal: number) => sshSignal(host, d as SshDaemon, p, signal),
    ended: (host: Host, d: Daemon, pid: number) => sshEnded(host, d as SshDaemon, pid),
  },
  nfsd: {
    wake: (host: Host, d: Daemon, sock: number) => nfsdWake(host, d as NfsServer, sock),
    ended: (host: Host, d: Daemon, pid: number) => nfsdEnded(host, d as NfsServer, pid),
  },
  rpc: {
    wake: (host: Host, d: Daemon, sock: number) => rpcWake(host, d as RpcDaemon, sock),
    signal: (host: Host, d: Daemon, p: Process) => rpcSignal(host, d as RpcDaemon, p),
    ended: (host: Host, d: Daemon) => rpcEnded(host, d as RpcDaemon),
  },
  nfs: {
    wake: (_host: Host, d: Daemon, sock: number) => (d as NfsClient).wake(sock),
    timer: (_host: Host, d: Daemon) => (d as NfsClient).timer(),
  },
  firewalld: {
    wake: () => {},
    signal: (host: Host, d: Daemon, p: Process, signal: number) => firewalldSignal(host, d as Firewalld, p, signal),
    ended: (host: Host, d: Daemon, pid: number) => firewalldEnded(host, d as Firewalld, pid),
  },
});

/** Handler of Ev.daemon: socket `sock` of host `index`. */
export function daemonEvent(w: World, index: number, sock: number): void {
  const host = w.hosts[index] as Host;
  const d = host.daemons.get(host.kernel.tcp.owner[sock] ?? 0);
  if (d !== undefined) KINDS[d.kind]?.wake(host, d, sock);
}

/** Handler of Ev.unit: the timer of daemon `id`. */
export function daemonTimer(w: World, index: number, id: number): void {
  const host = w.hosts[index] as Host;
  const d = host.daemons.get(id);
  if (d !== undefined) KINDS[d.kind]?.timer?.(host, d);
}

/** Handler of Ev.processSignal: gives a daemon the signals its process `pid` catches. */
export function processSignal(w: World, index: number, pid: number): void {
  const host = w.hosts[index] as Host;
  const p = host.procs.get(pid);
  if (p === undefined) return;
  const d = host.daemons.get(p.daemon);
  for (const s of p.pending.filter((x) => p.caught.has(x))) {
    p.pending = p.pending.filter((x) => x !== s);
    if (d !== undefined && p.state !== 'Z') KINDS[d.kind]?.signal?.(host, d, p, s);
  }
}

/** Handler of Ev.processEnded. */
export function processEnded(w: World, index: number, pid: number, ref: object | null): void {
  const host = w.hosts[index] as Host;
  const how = ref as Ended;
  if (how.unit !== '') unitProcessEnded(host, pid, how);
  const d = host.daemons.get(how.daemon);
  if (d !== undefined) KINDS[d.kind]?.ended?.(host, d, pid, how);
}
