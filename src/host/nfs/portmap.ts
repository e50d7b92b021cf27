// rpcbind and rpc.mountd: which RPC program listens where, and which folders are exported to whom. Plain data. Counterpart: rpcbind 0.2.0, nfs-utils' rpc.mountd; RFC 1833.
// Not modelled: UDP and IPv6, registering by other programs (rpcbind tells of the services that run), MNT calls of NFS 3, rmtab.
import type { Bytes } from '../../lib/text';
import { tcpClose, tcpListen, tcpSend } from '../../kernel/ipv4/tcp';
import { addDaemon, type Daemon, daemonProcess } from '../daemons/daemon';
import type { Host } from '../host';
import { type Process, SIG } from '../process';
import { exported } from './exports';
import { NFS_PORT, parseCall, PROGRAM, replyBytes, type RpcCall } from './rpc';
import { nfsServerOf } from './server';
import { svcWake } from './svc';

export const RPCBIND_PORT = 111;
export const MOUNTD_PORT = 20048;

export type RpcService = 'rpcbind' | 'rpc.mountd';

/** One of the two daemons. */
export interface RpcDaemon extends Daemon {
  readonly kind: 'rpc';
  readonly service: RpcService;
  pid: number;
  listener: number;
  conns: Map<number, Bytes>;
}

/** The running one, or null. */
export function rpcDaemonOf(host: Host, service: RpcService): RpcDaemon | null {
  for (const d of host.daemons.values()) if (d.kind === 'rpc' && (d as RpcDaemon).service === service) return d as RpcDaemon;
  return null;
}

/** Starts one. An errno when its port is taken; null too when it runs already. */
export function rpcLaunch(host: Host, service: RpcService, argv: Bytes[]): string | null {
  if (rpcDaemonOf(host, service) !== null) return null;
  const d: RpcDaemon = { kind: 'rpc', id: 0, service, pid: 0, listener: -1, conns: new Map() };
  addDaemon(host, d);
  const sock = tcpListen(host.kernel, 0, service === 'rpcbind' ? RPCBIND_PORT : MOUNTD_PORT, 128, d.id);
  if (typeof sock === 'string') {
    host.daemons.delete(d.id);
    return sock;
  }
  d.listener = sock;
  const p = daemonProcess(host, d, argv, service, 0, 0, 1);
  for (const s of [SIG.TERM, SIG.INT]) p.caught.add(s);
  d.pid = p.pid;
  return null;
}

/** TERM ends it. */
export function rpcSignal(host: Host, d: RpcDaemon, p: Process): void {
  rpcEnded(host, d);
  host.exit(p, 0);
}

/** It has ended: nobody listens any more. */
export function rpcEnded(host: Host, d: RpcDaemon): void {
  host.daemons.delete(d.id);
  tcpClose(host.kernel, d.listener);
  for (const c of d.conns.keys()) tcpClose(host.kernel, c);
}

/** What runs: program, version, port. */
export function registered(host: Host): [number, number, number][] {
  const rows: [number, number, number][] = [4, 3, 2].map((v) => [PROGRAM.portmapper, v, RPCBIND_PORT]);
  if (rpcDaemonOf(host, 'rpc.mountd') !== null) rows.push(...[1, 2, 3].map((v): [number, number, number] => [PROGRAM.mountd, v, MOUNTD_PORT]));
  if (nfsServerOf(host) !== null) rows.push([PROGRAM.nfs, 4, NFS_PORT]);
  return rows;
}

/** Procedures of these programs. */
export const PROCEDURE = { getport: 3, dump: 4, export: 5 } as const;

function answer(host: Host, d: RpcDaemon, c: RpcCall): unknown {
  if (d.service === 'rpcbind' && c.program === PROGRAM.portmapper) {
    if (c.procedure === PROCEDURE.dump) return registered(host);
    if (c.procedure === PROCEDURE.getport) {
      const want = JSON.parse(c.body) as { program: number };
      return registered(host).find(([program]) => program === want.program)?.[2] ?? 0;
    }
  }
  if (d.service === 'rpc.mountd' && c.program === PROGRAM.mountd && c.procedure === PROCEDURE.export) {
    const by = new Map<Bytes, Bytes[]>();
    for (const e of exported(host)) by.set(e.path, [...(by.get(e.path) ?? []), e.client]);
    return [...by];
  }
  return undefined;
}

/** A socket of rpcbind's or rpc.mountd's woke. */
export function rpcWake(host: Host, d: RpcDaemon, sock: number): void {
  svcWake(host, d, sock, (at, record) => {
    const c = parseCall(record);
    if (c === null) return;
    const said = answer(host, d, c);
    tcpSend(host.kernel, at, replyBytes({ xid: c.xid, accepted: said === undefined ? 'unavailable' : 'success', body: said === undefined ? '' : JSON.stringify(said) }));
  });
}
