// Real servers between services and connections: finding, holding, and the trash where a removed server waits while connections still name it.
// Linux counterpart: the ip_vs_dest part of net/netfilter/ipvs/ip_vs_ctl.c.
import type { Kernel } from '../kernel';
import { Ev } from '../world';
import type { Ip } from '../../wire/packet';
import { addressType } from '../ipv4/fib';
import { rulesChanged } from '../netfilter/x_tables';
import { AF_INET, CONN_F, Dest, DEST_F, FTPPORT, type IpVs, type Service } from './ip_vs';
import { estCatchUp, estStart, statsZero } from './ip_vs_est';
import { Vs } from './ip_vs_settings';
import { IPVS_TIMER } from './ip_vs_timer_ids';

/** A removed server stays findable this long after its last connection; the trash is looked through twice as often, us. */
const TRASH_US = 120_000_000;

/** ip_vs_lookup_dest: by address and port. */
export function lookupDest(svc: Service, af: number, addr: Ip, port: number): Dest | null {
  for (const d of svc.dests) if (d.af === af && d.addr === addr && d.port === port) return d;
  return null;
}

/** A new server with a slot of its own. */
export function destAlloc(v: IpVs, svc: Service, af: number, addr: Ip, port: number): Dest {
  const d = new Dest(af, addr, port, svc.protocol, svc.addr, svc.port, svc.fwmark);
  const free = v.freeDests.pop();
  d.slot = free ?? v.dests.length;
  v.dests[d.slot] = d;
  return d;
}

/** A connection (or a scheduler's cache) lets go of a server. */
export function destPut(_v: IpVs, d: Dest): void {
  d.refs--;
}

/** ip_vs_trash_get_dest: a removed server of an equal service comes back with its connections (and counters, if the service is the same). */
export function trashTake(v: IpVs, svc: Service, af: number, addr: Ip, port: number): Dest | null {
  const i = v.trash.findIndex(
    (d) =>
      d.af === af && d.addr === addr && d.port === port && d.vfwmark === svc.fwmark && d.protocol === svc.protocol &&
      (svc.fwmark !== 0 || (d.vaddr === svc.addr && d.vport === svc.port)),
  );
  return i < 0 ? null : v.trash.splice(i, 1)[0]!;
}

/** One tick of the kernel's clock (HZ 250). */
const JIFFY_US = 4000;

/** __ip_vs_del_dest: into the trash, at its head; with expire_nodest_conn its connections end a tick later. */
export function trashPut(k: Kernel, v: IpVs, d: Dest): void {
  if (v.trash.length === 0) armTrash(k, v);
  d.idleStart = 0;
  v.trash.unshift(d);
  if (v.vs[Vs.expire_nodest_conn] !== 0) k.world.clock.push(k.world.clock.now + JIFFY_US, Ev.ipvsEstimator, k.index, IPVS_TIMER.nodest, null);
}

function armTrash(k: Kernel, v: IpVs): void {
  v.trashAt = k.world.clock.now + TRASH_US / 2;
  k.world.clock.push(v.trashAt, Ev.ipvsEstimator, k.index, IPVS_TIMER.trash, null);
}

/** ip_vs_dest_trash_expire: an unused server is first noted, and freed two minutes later. */
export function trashExpire(k: Kernel, v: IpVs): void {
  const now = k.world.clock.now;
  if (v.trashAt !== now) return; // the trash was emptied and filled again meanwhile
  v.trashAt = Number.POSITIVE_INFINITY;
  v.trash = v.trash.filter((d) => {
    if (d.refs > 0) return true;
    if (d.idleStart === 0 || now < d.idleStart + TRASH_US) {
      if (d.idleStart === 0) d.idleStart = Math.max(1, now);
      return true;
    }
    v.dests[d.slot] = null;
    v.freeDests.push(d.slot);
    return false;
  });
  if (v.trash.length > 0) armTrash(k, v);
}

/** Everything else of a server. `forward`: CONN_F.MASQ, TUNNEL, DROUTE (or LOCALNODE); `tunType` indexes TUN_TYPES. */
export interface DestConf { forward: number; weight: number; uThreshold: number; lThreshold: number; tunType: number; tunPort: number; tunFlags: number }

/** A server must have an address that can be one host's: local or unicast for this machine. */
export function destUnicast(k: Kernel, af: number, addr: Ip): boolean {
  if (af === AF_INET) {
    const type = addressType(k, addr);
    return type === 'local' || type === 'unicast';
  }
  const w = k.world.ip6.word(addr, 0);
  if (w >>> 24 === 0xff || w >>> 22 === 0xfe80 >>> 6) return false;
  return k.world.ip6.text(addr) !== '::';
}

/** ip_vs_register_conntrack: FTP through NAT needs connections tracked. */
function track(k: Kernel, svc: Service): void {
  if (svc.tracks) return;
  svc.tracks = true;
  k.netfilter.trackers++;
  rulesChanged(k);
}

/** ip_vs_unregister_conntrack, of a service that goes. */
export function untrack(k: Kernel, svc: Service): void {
  if (!svc.tracks) return;
  svc.tracks = false;
  k.netfilter.trackers--;
  rulesChanged(k);
}

/** __ip_vs_update_dest: takes over what was asked; with `add` the server becomes the first of the list. */
export function destUpdate(k: Kernel, v: IpVs, svc: Service, dest: Dest, c: DestConf, add: boolean): void {
  estCatchUp(k, v);
  dest.weight = c.weight;
  if (c.weight !== 0) dest.lastWeight = c.weight;
  dest.connFlags = (c.forward & CONN_F.FWD_MASK) | CONN_F.INACTIVE | (c.forward === CONN_F.MASQ ? 0 : CONN_F.NOOUTPUT);
  if (c.forward === CONN_F.MASQ && svc.port === FTPPORT) track(k, svc);
  dest.tunType = c.tunType;
  dest.tunPort = c.tunPort;
  dest.tunFlags = c.tunFlags;
  if (dest.svc !== svc) {
    if (dest.svc !== null) statsZero(dest.stats);
    dest.svc = svc;
  }
  dest.flags |= DEST_F.AVAILABLE;
  if (c.uThreshold === 0 || c.uThreshold > dest.uThreshold) dest.flags &= ~DEST_F.OVERLOAD;
  dest.uThreshold = c.uThreshold;
  dest.lThreshold = c.lThreshold;
  if (add) {
    estStart(v, dest.stats);
    svc.dests.unshift(dest);
    svc.scheduler?.added?.(k, svc, dest);
  } else svc.scheduler?.updated?.(k, svc, dest);
}
