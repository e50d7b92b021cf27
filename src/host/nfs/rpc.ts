// ONC RPC over TCP: record marks, the heads of calls and replies, AUTH_SYS. Counterpart: RFC 5531, net/sunrpc.
// Not modelled: XDR of what follows the heads (which are byte-true): each program codes it as a line of JSON, content of files as it is. Record fragments, RPCSEC_GSS.
import type { Bytes } from '../../lib/text';

/** RPC programs, as /etc/rpc numbers them. */
export const PROGRAM = { portmapper: 100000, nfs: 100003, mountd: 100005 } as const;
export const NFS_PORT = 2049;

/** Who calls, as AUTH_SYS tells it. */
export interface Credentials {
  readonly machine: Bytes;
  readonly uid: number;
  readonly gid: number;
}

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly who: Credentials;
  readonly body: Bytes;
}

/** How a call was taken; 'denied' for all that is not RFC 5531's SUCCESS. */
export interface RpcReply {
  readonly xid: number;
  readonly accepted: 'success' | 'unavailable' | 'denied';
  readonly body: Bytes;
}

const word = (n: number): Bytes => String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const opaque = (text: Bytes): Bytes => word(text.length) + text + '\0'.repeat(-text.length & 3);
const at = (data: Bytes, i: number): number => ((data.charCodeAt(i) << 24) | (data.charCodeAt(i + 1) << 16) | (data.charCodeAt(i + 2) << 8) | data.charCodeAt(i + 3)) >>> 0;
const record = (text: Bytes): Bytes => word(text.length + 0x80000000) + text;

/** A call with its record mark. */
export function callBytes(c: RpcCall): Bytes {
  const credentials = word(0) + opaque(c.who.machine) + word(c.who.uid) + word(c.who.gid) + word(0);
  return record(word(c.xid) + word(0) + word(2) + word(c.program) + word(c.version) + word(c.procedure) + word(1) + opaque(credentials) + word(0) + word(0) + c.body);
}

/** A reply with its record mark. */
export function replyBytes(r: RpcReply): Bytes {
  const state = r.accepted === 'success' ? 0 : 1;
  return record(word(r.xid) + word(1) + (r.accepted === 'denied' ? word(1) + word(1) + word(1) : word(0) + word(0) + word(0) + word(state)) + r.body);
}

/** Takes the first whole record off a stream; null while it has not all come. */
export function takeRecord(stream: Bytes): { record: Bytes; rest: Bytes } | null {
  if (stream.length < 4) return null;
  const size = at(stream, 0) & 0x7fffffff;
  return stream.length < 4 + size ? null : { record: stream.slice(4, 4 + size), rest: stream.slice(4 + size) };
}

/** A call read back; null for what is none. */
export function parseCall(r: Bytes): RpcCall | null {
  if (r.length < 32 || at(r, 4) !== 0 || at(r, 8) !== 2) return null;
  const end = 32 + at(r, 28);
  let who: Credentials = { machine: '', uid: 65534, gid: 65534 };
  if (at(r, 24) === 1) {
    const n = at(r, 36);
    const i = 40 + n + (-n & 3);
    who = { machine: r.slice(40, 40 + n), uid: at(r, i), gid: at(r, i + 4) };
  }
  return { xid: at(r, 0), program: at(r, 12), version: at(r, 16), procedure: at(r, 20), who, body: r.slice(end + 8) };
}

/** A reply read back; null for what is none. */
export function parseReply(r: Bytes): RpcReply | null {
  if (r.length < 12 || at(r, 4) !== 1) return null;
  if (at(r, 8) !== 0) return { xid: at(r, 0), accepted: 'denied', body: '' };
  return { xid: at(r, 0), accepted: at(r, 20) === 0 ? 'success' : 'unavailable', body: r.slice(24) };
}

/** What a segment's bytes say of RPC at its beginning: for lists of packets. Null when they begin no record. */
export function rpcGlance(data: Bytes): { call: boolean; xid: number; size: number; program: number; body: Bytes } | null {
  if (data.length < 28 || (at(data, 0) & 0x80000000) === 0) return null;
  const r = data.slice(4);
  const c = parseCall(r);
  if (c !== null && c.program >= 100000 && c.program < 101000) return { call: true, xid: c.xid, size: at(data, 0) & 0x7fffffff, program: c.program, body: c.body };
  const p = parseReply(r);
  return p === null ? null : { call: false, xid: p.xid, size: at(data, 0) & 0x7fffffff, program: 0, body: p.body };
}
