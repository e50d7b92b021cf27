// Daemons: plain data on a host that events move, because they must go on in a fork, where no generator runs. Counterpart: a process that sits in epoll_wait(2).
import type { Host } from '../host';
import type { Process } from '../process';

/** State of a daemon. `kind` names its behaviour; `id` is what its sockets and processes carry. */
export interface Daemon {
  readonly kind: string;
  id: number;
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
