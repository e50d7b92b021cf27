// Counting packets of a connection for its server, its service and the whole. Linux counterpart: ip_vs_in_stats, ip_vs_out_stats in ip_vs_core.c.
import { DEST_F, type IpVs } from './ip_vs';

/** A packet of `bytes` (IP length) from the client. A server that was removed counts no more. */
export function inStats(v: IpVs, s: number, bytes: number): void {
  const d = v.dests[v.conns.dest[s]!];
  if (d === undefined || d === null || (d.flags & DEST_F.AVAILABLE) === 0) return;
  const a = d.stats;
  a.inPkts++;
  a.inBytes += bytes;
  const b = d.svc!.stats;
  b.inPkts++;
  b.inBytes += bytes;
  const c = v.stats;
  c.inPkts++;
  c.inBytes += bytes;
}

/** A packet of `bytes` to the client. */
export function outStats(v: IpVs, s: number, bytes: number): void {
  const d = v.dests[v.conns.dest[s]!];
  if (d === undefined || d === null || (d.flags & DEST_F.AVAILABLE) === 0) return;
  const a = d.stats;
  a.outPkts++;
  a.outBytes += bytes;
  const b = d.svc!.stats;
  b.outPkts++;
  b.outBytes += bytes;
  const c = v.stats;
  c.outPkts++;
  c.outBytes += bytes;
}
