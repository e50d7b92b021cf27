// What NFS client and server say to each other: operations of a COMPOUND and its results. Counterpart: RFC 7530 (NFSv4), coded as a line of JSON instead of XDR.
// Not modelled: sessions, leases, OPEN state, locks, delegations, ACLs. A file handle is an inode number.
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { FileType } from '../inode';

/** Attributes of a file on the server. `change` differs whenever the file does. */
export interface Attributes {
  fh: number;
  type: FileType;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  size: number;
  atime: number;
  mtime: number;
  ctime: number;
  change: Bytes;
  /** Immutable and append-only (chattr), which NFS tells by refusing. */
  attrs: string;
  major: number;
  minor: number;
}

/** What is asked for. */
export type NfsArgs =
  | { op: 'MOUNT' }
  /** LOOKUP (when a name is given), GETATTR, and unless the client knows this change READ, READDIR or READLINK. */
  | { op: 'GET'; fh: number; name?: Bytes; known: Bytes; read: boolean }
  | { op: 'CREATE'; fh: number; name: Bytes; type: FileType; mode: number; target: Bytes }
  | { op: 'REMOVE'; fh: number; name: Bytes }
  | { op: 'RENAME'; fh: number; name: Bytes; toFh: number; toName: Bytes }
  | { op: 'LINK'; fh: number; toFh: number; toName: Bytes }
  | { op: 'SETATTR'; fh: number; mode?: number; uid?: number; gid?: number; size?: number; atime?: number; mtime?: number }
  | { op: 'WRITE'; fh: number; offset: number; data: Bytes };

/** A call's body: the mounted folder (the server looks each time whether that is still it, and still exported to the caller), and what is asked. */
export interface NfsRequest {
  path: Bytes;
  root: number;
  args: NfsArgs;
}

/** What the server answers. `as` is who it takes the caller for (root_squash), which ACCESS tells on Linux in other words. */
export interface NfsResult {
  error?: Errno;
  /** The operations it answers, as a COMPOUND's result names them. */
  ops?: string;
  as?: readonly [number, number];
  /** The export is read-only for this client. */
  ro?: boolean;
  at?: Attributes;
  /** READ of a file, READLINK. */
  data?: Bytes;
  /** READDIR with attributes. */
  entries?: readonly (readonly [Bytes, Attributes])[];
  /** Size, used and free KiB, inodes and free inodes of the server's file system. */
  space?: readonly [number, number, number, number, number];
}

/** A message as it travels: a line of JSON, and after it content of a file as it is. */
const bytes = (rest: object, data: Bytes | undefined): Bytes => JSON.stringify(rest) + (data === undefined ? '' : `\n${data}`);

/** The JSON of a message, and the content behind it. Throws SyntaxError for the beginning of one that goes on in the next segment. */
function parts(text: Bytes): { rest: unknown; data: Bytes | undefined } {
  const nl = text.indexOf('\n');
  return nl < 0 ? { rest: JSON.parse(text), data: undefined } : { rest: JSON.parse(text.slice(0, nl)), data: text.slice(nl + 1) };
}

export function requestBytes(r: NfsRequest): Bytes {
  if (r.args.op !== 'WRITE') return bytes(r, undefined);
  return bytes({ ...r, args: { ...r.args, data: '' } }, r.args.data);
}

export function parseRequest(text: Bytes): NfsRequest {
  const { rest, data } = parts(text);
  const r = rest as NfsRequest;
  return r.args.op === 'WRITE' ? { ...r, args: { ...r.args, data: data ?? '' } } : r;
}

export function resultBytes(r: NfsResult): Bytes {
  const { data, ...rest } = r;
  return bytes(rest, data);
}

export function parseResult(text: Bytes): NfsResult {
  const { rest, data } = parts(text);
  return data === undefined ? (rest as NfsResult) : { ...(rest as NfsResult), data };
}

/** Operations as tcpdump and packet lists name them. */
export function operations(a: NfsArgs): string {
  switch (a.op) {
    case 'MOUNT':
      return 'PUTROOTFH LOOKUP GETATTR';
    case 'GET':
      return `${a.name === undefined ? '' : `LOOKUP ${a.name} `}GETATTR${a.read ? ' READ' : ''}`;
    case 'RENAME':
      return `RENAME ${a.name} ${a.toName}`;
    case 'LINK':
      return `LINK ${a.toName}`;
    case 'CREATE':
    case 'REMOVE':
      return `${a.op} ${a.name}`;
    default:
      return a.op;
  }
}
