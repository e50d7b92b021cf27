// One RPC call over a connection of its own, as showmount and rpcinfo make them. Counterpart: libtirpc's clnt_create(3), clnt_call(3).
import type { Errno } from '../lib/errno';
import { errnoNumber, strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { PROCEDURE, RPCBIND_PORT } from '../host/nfs/portmap';
import { callBytes, parseReply, PROGRAM, takeRecord } from '../host/nfs/rpc';
import type { Op, Process } from '../host/process';
import { openTcp, socketRead, socketWrite } from '../host/socket';
import { closeFd, installFd, nowUs } from '../host/syscall';
import type { Ip } from '../wire/packet';

/** Time for a call, us (libtirpc's TIMEOUT of 25 s). */
const PATIENCE_US = 25_000_000;

/** Calls a procedure. Throws SysError of the connection, ETIMEDOUT, EPROTONOSUPPORT when the program has no such procedure. */
export function* rpcCall(p: Process, server: Ip, port: number, program: number, version: number, procedure: number, args: unknown): Op<unknown> {
  const deadline = nowUs(p) + PATIENCE_US;
  const f = yield* openTcp(p, server, port, { deadline });
  const fd = installFd(p, f);
  try {
    yield* socketWrite(p, f, callBytes({ xid: p.host.world.rng.next(`rpc/${p.host.name}`), program, version, procedure, who: { machine: p.host.kernel.hostname, uid: p.uid, gid: p.gid }, body: JSON.stringify(args) }));
    let buf: Bytes = '';
    for (;;) {
      const piece = yield* socketRead(p, f, 65536, deadline);
      if (piece === '') throw new SysError('ECONNRESET');
      buf += piece;
      const got = takeRecord(buf);
      if (got === null) continue;
      const r = parseReply(got.record);
      if (r === null || r.accepted !== 'success') throw new SysError('EPROTONOSUPPORT');
      return JSON.parse(r.body);
    }
  } catch (e) {
    if (e instanceof SysError && e.errno === 'EAGAIN') throw new SysError('ETIMEDOUT');
    throw e;
  } finally {
    closeFd(p, fd);
  }
}

/** The port rpcbind names for a program; 0 when it does not know it. */
export function* portOf(p: Process, server: Ip, program: number): Op<number> {
  return (yield* rpcCall(p, server, RPCBIND_PORT, PROGRAM.portmapper, 2, PROCEDURE.getport, { program })) as number;
}

/** Why rpcbind could not be asked, in libtirpc's words. */
export const portmapperFailure = (e: Errno): Bytes => (e === 'ETIMEDOUT' ? 'RPC: Port mapper failure - Timed out' : `RPC: Port mapper failure - Unable to receive: errno ${errnoNumber(e)} (${strerror(e)})`);
