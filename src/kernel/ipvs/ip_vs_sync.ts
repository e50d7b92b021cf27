// The synchronisation daemons: a master tells, a backup learns connections. Linux counterpart: net/netfilter/ipvs/ip_vs_sync.c.
// Not modelled: copies of connections between directors; the daemons run, are listed and stop.
import type { Kernel } from '../kernel';
import type { Errno } from '../../lib/errno';
import type { Ip } from '../../wire/packet';
import { type IpVs, type SyncDaemon } from './ip_vs';

/** What a start asks for; 0 and '' mean the kernel's default. */
export interface SyncConf { mcastIfn: string; syncid: number; maxlen: number; group: Ip; port: number; ttl: number }
export const SYNC_PORT = 8848;
export const SYNC_GROUP: Ip = (224 << 24) | 81;
const SYNC_HLEN = 28;

/** start_sync_thread: EEXIST when it runs, ENODEV without the interface, EINVAL for a group that is none. */
export function syncStart(k: Kernel, v: IpVs, role: 'master' | 'backup', c: SyncConf): Errno | null {
  if (v[role] !== null) return 'EEXIST';
  const dev = k.devByName(c.mcastIfn);
  if (dev === undefined) return 'ENODEV';
  const group = c.group === 0 ? SYNC_GROUP : c.group;
  if ((group & 0xf0000000) !== (0xe0000000 | 0)) return 'EADDRNOTAVAIL';
  const fit = Math.max(576, dev.mtu - SYNC_HLEN);
  const maxlen = c.maxlen === 0 ? Math.min(fit, 65535 - SYNC_HLEN) : Math.min(c.maxlen, 65535 - SYNC_HLEN);
  const d: SyncDaemon = { mcastIfn: c.mcastIfn, syncid: c.syncid, maxlen, group, port: c.port || SYNC_PORT, ttl: c.ttl || 1 };
  v[role] = d;
  return null;
}

/** stop_sync_thread: ESRCH when none runs. */
export function syncStop(v: IpVs, role: 'master' | 'backup'): Errno | null {
  if (v[role] === null) return 'ESRCH';
  v[role] = null;
  return null;
}

/** ip_vs_sync_conn: a connection of `pkts` packets may be due for the other director. */
export function syncConn(_k: Kernel, _s: number, _pkts: number): void {}

/** The master's send timer. */
export function syncTimer(_k: Kernel, _v: IpVs): void {}
