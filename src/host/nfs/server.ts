// The NFS server: a listener on TCP 2049 and the threads that answer, as plain data that goes on in a fork. Counterpart: net/sunrpc/svcsock.c, fs/nfsd/nfssvc.c.
// Not modelled: the grace period after a start (clients may open at once), UDP, NFS 2 and 3, threads that work side by side.
import type { Bytes } from '../../lib/text';
import { tcpClose, tcpListen, tcpRemote, tcpSend } from '../../kernel/ipv4/tcp';
import { addDaemon, type Daemon, daemonProcess } from '../daemons/daemon';
import type { Host } from '../host';
import { parseRequest, resultBytes } from './protocol';
import { NFS_PORT, parseCall, PROGRAM, replyBytes } from './rpc';
import { serveNfs } from './server_ops';
import { svcWake } from './svc';

/** The running server. */
export interface NfsServer extends Daemon {
  readonly kind: 'nfsd';
  threads: number[];
  listener: number;
  /** Bytes of unfinished calls by connection. */
  conns: Map<number, Bytes>;
}

/** The running NFS server of a host, or null. */
export function nfsServerOf(host: Host): NfsServer | null {
  for (const d of host.daemons.values()) if (d.kind === 'nfsd') return d as NfsServer;
  return null;
}

/** `rpc.nfsd N`: as many threads, none ends it. An errno when the port is taken. */
export function setNfsThreads(host: Host, count: number): string | null {
  let d = nfsServerOf(host);
  if (count === 0) {
    if (d !== null) stopNfs(host, d);
    return null;
  }
  if (d === null) {
    d = { kind: 'nfsd', id: 0, threads: [], listener: -1, conns: new Map() };
    addDaemon(host, d);
    const sock = tcpListen(host.kernel, 0, NFS_PORT, 64, d.id);
    if (typeof sock === 'string') {
      host.daemons.delete(d.id);
      return sock;
    }
    d.listener = sock;
  }
  while (d.threads.length < count) {
    const t = daemonProcess(host, d, [], 'nfsd', 0, 0, 1);
    t.ppid = 2;
    d.threads.push(t.pid);
  }
  while (d.threads.length > count) endThread(host, d.threads.pop()!);
  return null;
}

function endThread(host: Host, pid: number): void {
  const t = host.procs.get(pid);
  if (t !== undefined) host.exit(t, 0);
  host.procs.delete(pid);
}

function stopNfs(host: Host, d: NfsServer): void {
  host.daemons.delete(d.id);
  tcpClose(host.kernel, d.listener);
  for (const c of d.conns.keys()) tcpClose(host.kernel, c);
  for (const pid of d.threads) endThread(host, pid);
  host.kernel.printk('nfsd: last server has exited, flushing export cache');
}

/** One of its threads was killed; with the last one it ends. */
export function nfsdEnded(host: Host, d: NfsServer, pid: number): void {
  d.threads = d.threads.filter((t) => t !== pid);
  if (d.threads.length === 0) stopNfs(host, d);
}

/** A socket of nfsd's woke. */
export const nfsdWake = (host: Host, d: NfsServer, sock: number): void => svcWake(host, d, sock, (at, record) => answer(host, d, at, record));

function answer(host: Host, d: NfsServer, sock: number, record: Bytes): void {
  const k = host.kernel;
  const c = parseCall(record);
  const thread = host.procs.get(d.threads[0] ?? 0);
  if (c === null || thread === undefined) return;
  if (c.program !== PROGRAM.nfs || c.version !== 4) {
    tcpSend(k, sock, replyBytes({ xid: c.xid, accepted: 'unavailable', body: '' }));
    return;
  }
  // Procedure 0 is NULL: it answers and does nothing.
  const body = c.procedure === 0 ? '' : resultBytes(serveNfs(host, thread, tcpRemote(k, sock), k.tcp.ports[sock]! & 0xffff, c.who, parseRequest(c.body)));
  tcpSend(k, sock, replyBytes({ xid: c.xid, accepted: 'success', body }));
}
