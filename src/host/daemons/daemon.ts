// Daemons: plain data on a host that events move, because they must go on in a fork, where no generator runs. Counterpart: a process that sits in epoll_wait(2).
import type { World } from '../../kernel/world';
import type { Host } from '../host';
import type { Process } from '../process';
import { httpKind } from './httpd';

/** State of a daemon. `kind` names its behaviour; `id` is what its sockets and processes carry. */
export interface Daemon {
  readonly kind: string;
  id: number;
}

/** What a kind of daemon does. Static. */
export interface DaemonKind {
  /** One of its sockets has a connection, data, room or an end. */
  readonly wake: (host: Host, d: Daemon, sock: number) => void;
  /** The timer it set by Ev.unit with its id. */
  readonly timer?: (host: Host, d: Daemon) => void;
  /** A signal that one of its processes catches. */
  readonly signal?: (host: Host, d: Daemon, p: Process, signal: number) => void;
  /** One of its processes has ended. */
  readonly ended?: (host: Host, d: Daemon, p: Process) => void;
}

function kindOf(d: Daemon): DaemonKind | undefined {
  return d.kind === 'http' ? httpKind : undefined;
}

/** Registers a daemon; its id is what tcpListen wants as owner. */
export function addDaemon(host: Host, d: Daemon): number {
  d.id = ++host.daemonIds;
  host.daemons.set(d.id, d);
  return d.id;
}

/** A process row of a daemon: nothing runs in it, signals go to the daemon. */
export function daemonProcess(host: Host, d: Daemon, argv: string[], comm: string, uid: number, gid: number, ppid: number): Process {
  const p = host.fork(null);
  p.ppid = ppid;
  p.pgid = p.sid = ppid === 1 ? p.pid : ppid;
  p.argv = argv;
  p.comm = comm;
  p.uid = uid;
  p.gid = gid;
  p.state = 'S';
  p.daemon = d.id;
  return p;
}

/** Handler of Ev.daemon: socket `sock` of host `index`. */
export function daemonEvent(w: World, index: number, sock: number): void {
  const host = w.hosts[index] as Host;
  const d = host.daemons.get(host.kernel.tcp.owner[sock] ?? 0);
  if (d !== undefined) kindOf(d)?.wake(host, d, sock);
}

/** Handler of Ev.unit: the timer of daemon `id`. */
export function daemonTimer(w: World, index: number, id: number): void {
  const host = w.hosts[index] as Host;
  const d = host.daemons.get(id);
  if (d !== undefined) kindOf(d)?.timer?.(host, d);
}

/** Gives a daemon the signals its process catches. */
export function daemonSignals(host: Host, p: Process): void {
  const d = host.daemons.get(p.daemon);
  for (const s of p.pending.filter((x) => p.caught.has(x))) {
    p.pending = p.pending.filter((x) => x !== s);
    if (d !== undefined) kindOf(d)?.signal?.(host, d, p, s);
  }
}

/** A process of a daemon has ended. */
export function daemonEnded(host: Host, p: Process): void {
  const d = host.daemons.get(p.daemon);
  if (d !== undefined) kindOf(d)?.ended?.(host, d, p);
}
