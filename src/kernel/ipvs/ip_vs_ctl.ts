// What ipvsadm asks of the kernel: services, servers, timeouts, counters, daemons; each refusal in the kernel's own order.
// Linux counterpart: net/netfilter/ipvs/ip_vs_ctl.c (ip_vs_genl_set_cmd and what it calls). Every function gives null or an errno name.
import type { Errno } from '../../lib/errno';
import { type Ip, IPPROTO_TCP } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { namespacesOf } from '../world';
import { AF_INET6, CONN_F, DEST_F, FTPPORT, IpVs, Service, serviceKey, SVC_F, type SyncDaemon } from './ip_vs';
import { ConnTable } from './ip_vs_conn_tab';
import { destAlloc, type DestConf, destUnicast, destUpdate, lookupDest, trashPut, trashTake, untrack } from './ip_vs_dest';
import { estCatchUp, estStart, estStop, nextTick, statsZero } from './ip_vs_est';
import { moduleLoad, moduleUse } from './ip_vs_modules';
import { tcpTimeoutDefaults, TCP_S } from './ip_vs_proto_tcp';
import { bindScheduler, type Scheduler } from './ip_vs_sched';
import { schedulerByName } from './ip_vs_schedulers';
import { exactService } from './ip_vs_service';
import { type SyncConf, syncStart, syncStop } from './ip_vs_sync';
import { vsDefaults } from './ip_vs_settings';

/** Names a service: by mark when `fwmark` is not 0, else by protocol, address and port. `af` is AF_INET or AF_INET6 (an `Ip6Table` id then). */
export interface ServiceKey { af: number; protocol: number; addr: Ip; port: number; fwmark: number }

/** Everything else of a service. `flags`: SVC_F bits; `timeout` s; `netmask`: mask bits (IPv4) or prefix length (IPv6); `pe` '' for none. */
export interface ServiceConf { scheduler: string; flags: number; timeout: number; netmask: number; pe: string }

/** Names a server. */
export interface DestKey { af: number; addr: Ip; port: number }

export type { DestConf };

const TUN_GUE = 1;

/** Loads the module ip_vs (what `modprobe ip_vs` and the first ipvsadm do); nothing when it is there. */
export function ipVsLoad(k: Kernel): IpVs {
  if (k.ipvs !== null) return k.ipvs;
  moduleLoad(k, 'ip_vs');
  for (const n of namespacesOf(k)) {
    if (n.ipvs !== null) continue;
    n.ipvs = new IpVs(new ConnTable(), tcpTimeoutDefaults(), vsDefaults());
    n.ipvs.estNext = nextTick(n.bootedAt, n.world.clock.now);
  }
  return k.ipvs!;
}

/** The service of exactly this name, or null. */
export function ipVsService(k: Kernel, key: ServiceKey): Service | null {
  const v = k.ipvs;
  if (v === null) return null;
  if (key.fwmark !== 0) return v.fwmServices.get(key.fwmark)?.find((s) => s.af === key.af) ?? null;
  return exactService(v, key.af, key.protocol, key.addr, key.port);
}

/**
 * All services in the order of the kernel's dump: hash table of addresses, then of marks (ip_vs_genl_dump_services).
 * The kernel mixes a pointer into both hashes, so that the order differs from boot to boot: `hash` is that part of it.
 */
export function ipVsServices(k: Kernel, hash = k.serviceHash): readonly Service[] {
  const v = k.ipvs;
  if (v === null) return [];
  return [
    ...dumpOrder(v.services, (s) => (s.protocol ^ fold(k, s) ^ hash ^ (s.port >> 8) ^ s.port) & 255),
    ...dumpOrder(v.fwmServices, (s) => (s.fwmark ^ hash) & 255),
  ];
}

/** The values of `Kernel.serviceHash` in groups: those of one group list the present services in one order. */
export function ipVsServiceOrders(k: Kernel): number[][] {
  const groups = new Map<string, number[]>();
  for (let hash = 0; hash < 256; hash++) {
    const order = ipVsServices(k, hash).map((s) => s.born).join(' ');
    const group = groups.get(order);
    if (group === undefined) groups.set(order, [hash]);
    else group.push(hash);
  }
  return [...groups.values()];
}

const fold = (k: Kernel, s: Service): number => (s.af === AF_INET6 ? k.world.ip6.fold(s.addr) : s.addr);

/** Bucket by bucket, in each the newest first. */
function dumpOrder(map: Map<number, Service[]>, bucket: (s: Service) => number): Service[] {
  const all = [...map.values()].flat().reverse().map((s) => ({ s, b: bucket(s) }));
  return all.sort((x, y) => x.b - y.b || y.s.born - x.s.born).map((x) => x.s);
}

function schedulerFor(k: Kernel, name: string): Scheduler | null | 'ENOENT' {
  if (name === 'none') return null;
  const s = schedulerByName(name);
  if (s === null) {
    k.printk(`IPVS: Scheduler module ip_vs_${name} not found`);
    return 'ENOENT';
  }
  moduleLoad(k, `ip_vs_${name}`);
  return s;
}

function engineKnown(k: Kernel, name: string): boolean {
  if (name === '') return true;
  if (name === 'sip') {
    moduleLoad(k, 'ip_vs_pe_sip');
    return true;
  }
  k.printk(`IPVS: persistence engine module ip_vs_pe_${name} not found`);
  return false;
}

/** -A: EEXIST, ENOENT (scheduler or persistence engine), EINVAL (IPv6 prefix). */
export function ipVsAddService(k: Kernel, key: ServiceKey, c: ServiceConf): Errno | null {
  const v = ipVsLoad(k);
  if (ipVsService(k, key) !== null) return 'EEXIST';
  const sched = schedulerFor(k, c.scheduler);
  if (sched === 'ENOENT' || !engineKnown(k, c.pe)) return 'ENOENT';
  if (key.af === AF_INET6 && (c.netmask < 1 || c.netmask > 128)) return 'EINVAL';
  estCatchUp(k, v);
  const svc = new Service(key.af, key.fwmark !== 0 ? IPPROTO_TCP : key.protocol, key.fwmark !== 0 ? 0 : key.addr, key.fwmark !== 0 ? 0 : key.port, key.fwmark);
  svc.born = ++v.born;
  configure(svc, c);
  bindScheduler(k, svc, sched);
  useModules(k, svc, 1);
  estStart(v, svc.stats);
  countKinds(v, svc, 1);
  const map = svc.fwmark !== 0 ? v.fwmServices : v.services;
  const at = svc.fwmark !== 0 ? svc.fwmark : serviceKey(svc.addr, svc.port);
  const list = map.get(at);
  if (list === undefined) map.set(at, [svc]);
  else list.push(svc);
  v.numServices++;
  return null;
}

function configure(svc: Service, c: ServiceConf): void {
  svc.flags = c.flags | SVC_F.HASHED;
  svc.timeout = c.timeout;
  svc.netmask = c.netmask;
  svc.pe = c.pe;
}

function useModules(k: Kernel, svc: Service, by: number): void {
  moduleUse(k, 'ip_vs', by);
  if (svc.scheduler !== null) moduleUse(k, `ip_vs_${svc.schedName}`, by);
  if (svc.pe !== '') moduleUse(k, `ip_vs_pe_${svc.pe}`, by);
}

function countKinds(v: IpVs, svc: Service, by: number): void {
  v[svc.af === AF_INET6 ? 'served6' : 'served4'] += by;
  if (svc.port === FTPPORT) v.ftpServices += by;
  else if (svc.port === 0) v.nullServices += by;
}

/** -E: ESRCH, ENOENT, EINVAL. The same scheduler keeps what it remembers; another starts afresh. */
export function ipVsEditService(k: Kernel, key: ServiceKey, c: ServiceConf): Errno | null {
  const svc = ipVsService(k, key);
  if (svc === null) return 'ESRCH';
  const sched = schedulerFor(k, c.scheduler);
  if (sched === 'ENOENT' || !engineKnown(k, c.pe)) return 'ENOENT';
  if (svc.af === AF_INET6 && (c.netmask < 1 || c.netmask > 128)) return 'EINVAL';
  useModules(k, svc, -1);
  if (sched !== svc.scheduler) bindScheduler(k, svc, sched);
  configure(svc, c);
  useModules(k, svc, 1);
  return null;
}

/** -D: ESRCH. Connections stay and find their servers unavailable. */
export function ipVsDelService(k: Kernel, key: ServiceKey): Errno | null {
  const svc = ipVsService(k, key);
  if (svc === null) return 'ESRCH';
  unlinkService(k, k.ipvs!, svc);
  return null;
}

function unlinkService(k: Kernel, v: IpVs, svc: Service): void {
  const map = svc.fwmark !== 0 ? v.fwmServices : v.services;
  const at = svc.fwmark !== 0 ? svc.fwmark : serviceKey(svc.addr, svc.port);
  const left = (map.get(at) ?? []).filter((s) => s !== svc);
  if (left.length === 0) map.delete(at);
  else map.set(at, left);
  v.numServices--;
  estCatchUp(k, v);
  estStop(v, svc.stats);
  useModules(k, svc, -1);
  svc.scheduler = null;
  svc.schedData = null;
  for (const d of svc.dests.splice(0)) {
    d.flags &= ~DEST_F.AVAILABLE;
    estStop(v, d.stats);
    trashPut(k, v, d);
  }
  countKinds(v, svc, -1);
  untrack(k, svc);
}

/** -C: all services; the connection table stays. */
export function ipVsFlush(k: Kernel): Errno | null {
  const v = ipVsLoad(k);
  for (const svc of ipVsServices(k)) unlinkService(k, v, svc);
  return null;
}

function checkDest(svc: Service, d: DestKey, c: DestConf): Errno | null {
  if (d.af !== svc.af && c.forward !== CONN_F.TUNNEL) return 'EINVAL';
  if (c.weight < 0) return 'ERANGE';
  if (c.lThreshold > c.uThreshold) return 'ERANGE';
  if (c.tunType === TUN_GUE && c.tunPort === 0) return 'EINVAL';
  return null;
}

/** -a: ESRCH, EINVAL (families, address not unicast), ERANGE (thresholds), EEXIST. The newest server is first in the scheduler's list. */
export function ipVsAddDest(k: Kernel, key: ServiceKey, d: DestKey, c: DestConf): Errno | null {
  const svc = ipVsService(k, key);
  if (svc === null) return 'ESRCH';
  const v = k.ipvs!;
  if (d.af !== svc.af && (v.master !== null || v.backup !== null)) return 'EINVAL';
  const bad = checkDest(svc, d, c);
  if (bad !== null) return bad;
  if (lookupDest(svc, d.af, d.addr, d.port) !== null) return 'EEXIST';
  let dest = trashTake(v, svc, d.af, d.addr, d.port);
  if (dest === null) {
    if (!destUnicast(k, d.af, d.addr)) return 'EINVAL';
    dest = destAlloc(v, svc, d.af, d.addr, d.port);
  }
  destUpdate(k, v, svc, dest, c, true);
  return null;
}

/** -e: ESRCH, EINVAL, ERANGE, ENOENT. Its place in the list and its counters stay. */
export function ipVsEditDest(k: Kernel, key: ServiceKey, d: DestKey, c: DestConf): Errno | null {
  const svc = ipVsService(k, key);
  if (svc === null) return 'ESRCH';
  const bad = checkDest(svc, d, c);
  if (bad !== null) return bad;
  const dest = lookupDest(svc, d.af, d.addr, d.port);
  if (dest === null) return 'ENOENT';
  destUpdate(k, k.ipvs!, svc, dest, c, false);
  return null;
}

/** -d: ESRCH, ENOENT. The server goes to the trash, its connections stay. */
export function ipVsDelDest(k: Kernel, key: ServiceKey, d: DestKey): Errno | null {
  const svc = ipVsService(k, key);
  if (svc === null) return 'ESRCH';
  const dest = lookupDest(svc, d.af, d.addr, d.port);
  if (dest === null) return 'ENOENT';
  const v = k.ipvs!;
  const index = svc.dests.indexOf(dest);
  svc.dests.splice(index, 1);
  dest.flags &= ~DEST_F.AVAILABLE;
  svc.scheduler?.deleted?.(k, svc, dest, index);
  estCatchUp(k, v);
  estStop(v, dest.stats);
  trashPut(k, v, dest);
  return null;
}

/** -Z: counters of one service with its servers (ESRCH), or of all and the whole. */
export function ipVsZero(k: Kernel, key: ServiceKey | null): Errno | null {
  const v = ipVsLoad(k);
  estCatchUp(k, v);
  const one = key === null ? null : ipVsService(k, key);
  if (key !== null && one === null) return 'ESRCH';
  for (const svc of one === null ? ipVsServices(k) : [one]) {
    for (const d of svc.dests) statsZero(d.stats);
    statsZero(svc.stats);
  }
  if (key === null) statsZero(v.stats);
  return null;
}

/** --set, seconds; 0 keeps. EINVAL outside 0..2147483647 / HZ. */
export function ipVsSetTimeout(k: Kernel, tcp: number, tcpFin: number, udp: number): Errno | null {
  const v = ipVsLoad(k);
  for (const s of [tcp, tcpFin, udp]) if (s < 0 || s > 2147483647 / 250) return 'EINVAL';
  if (tcp !== 0) v.tcpTimeouts[TCP_S.ESTABLISHED] = tcp * 1000;
  if (tcpFin !== 0) v.tcpTimeouts[TCP_S.FIN_WAIT] = tcpFin * 1000;
  if (udp !== 0) v.udpTimeout = udp * 1000;
  return null;
}

/** Timeouts of established TCP, FIN_WAIT and UDP, s. */
export function ipVsTimeouts(k: Kernel): { tcp: number; tcpFin: number; udp: number } {
  const v = ipVsLoad(k);
  return { tcp: v.tcpTimeouts[TCP_S.ESTABLISHED]! / 1000, tcpFin: v.tcpTimeouts[TCP_S.FIN_WAIT]! / 1000, udp: v.udpTimeout / 1000 };
}

/** --start-daemon: EEXIST, ENODEV, EADDRNOTAVAIL, EINVAL (a service whose servers are of another family cannot be copied). */
export function ipVsStartDaemon(k: Kernel, role: 'master' | 'backup', c: SyncConf): Errno | null {
  const v = ipVsLoad(k);
  if (ipVsServices(k).some((s) => s.dests.some((d) => d.af !== s.af))) return 'EINVAL';
  return syncStart(k, v, role, c);
}

/** --stop-daemon: ESRCH. */
export function ipVsStopDaemon(k: Kernel, role: 'master' | 'backup'): Errno | null {
  return syncStop(ipVsLoad(k), role);
}

/** Running daemons, as --daemon lists them. */
export function ipVsDaemons(k: Kernel): { master: SyncDaemon | null; backup: SyncDaemon | null } {
  return { master: k.ipvs?.master ?? null, backup: k.ipvs?.backup ?? null };
}
