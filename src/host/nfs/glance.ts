// What a segment to or from an NFS server says, for lists of packets. Counterpart: Wireshark's dissectors of RPC and NFS, tcpdump's print-nfs.c.
import type { Bytes } from '../../lib/text';
import type { Packet } from '../../wire/packet';
import { operations, parseRequest, parseResult } from './protocol';
import { NFS_PORT, PROGRAM, rpcGlance } from './rpc';

/** The first call or answer a segment of NFS holds; null when none begins in it. */
const glance = (p: Packet): ReturnType<typeof rpcGlance> => {
  if (p.data === '' || (p.dport !== NFS_PORT && p.sport !== NFS_PORT)) return null;
  const g = rpcGlance(p.data);
  return g === null || (g.call && g.program !== PROGRAM.nfs) || g.call !== (p.dport === NFS_PORT) ? null : g;
};

export const isNfs = (p: Packet): boolean => glance(p) !== null;

/** A body that has come whole with the segment. */
function whole<T>(body: Bytes, parse: (text: Bytes) => T): T | null {
  try {
    return parse(body);
  } catch (e) {
    if (e instanceof SyntaxError) return null;
    throw e;
  }
}

/** The Info column: 'V4 Call LOOKUP a.html GETATTR READ'. */
export function nfsInfo(p: Packet): string {
  const g = glance(p)!;
  if (g.call) {
    const r = whole(g.body, parseRequest);
    return `V4 Call${r === null ? '' : ` ${operations(r.args)}`}`;
  }
  const r = whole(g.body, parseResult);
  return `V4 Reply${r === null ? '' : `${r.ops === undefined ? '' : ` ${r.ops}`}${r.error === undefined ? '' : ` Status: NFS4ERR_${r.error.slice(1)}`}`}`;
}

/** What tcpdump says after the length. It takes version 4 for version 3 and prints nonsense about handles; that part is left out. */
export function nfsDump(p: Packet): string {
  const g = glance(p);
  return g === null ? '' : g.call ? `: NFS request xid ${g.xid} ${g.size}` : `: NFS reply xid ${g.xid} reply ok ${g.size}`;
}
