// A call to an NFS server and the connection it travels by, as plain data. Counterpart: struct rpc_task, struct rpc_xprt (net/sunrpc).
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';
import type { NfsRequest, NfsResult } from './protocol';

/** How a call is made and who waits for it. */
export interface CallHow {
  server: Ip;
  /** As the user calls the server, for messages. */
  serverName: Bytes;
  uid: number;
  gid: number;
  /** Tenths of a second until it counts as overdue, and how often more. */
  timeo: number;
  retrans: number;
  /** Gives up with EIO when overdue. */
  soft: boolean;
  /** Gives up when the connection cannot be made (mount does). */
  once: boolean;
  resvport: boolean;
  mount: number;
  /** Socket of a daemon to be woken; -1 for processes. */
  sock: number;
  /** A change on its way, not a question. */
  owed: boolean;
}

/** A call on its way. */
export interface NfsCall extends CallHow {
  xid: number;
  request: NfsRequest;
  since: number;
  /** "not responding" was said. */
  said: boolean;
  result: NfsResult | null;
}

/** The connection to a server. */
export interface Link {
  sock: number;
  buf: Bytes;
  /** Calls sent on this connection. */
  sent: Set<number>;
  /** When it may try again, and how long it waits after the next failure. */
  retryAt: number;
  pause: number;
}

/** rpc_calc_majortimeo over TCP: the time-out grows by itself with each of `retrans` rounds, so all of them come to this, us. */
export const overdue = (c: NfsCall): number => c.timeo * 100_000 * (c.retrans + 1);
