// What ipvsadm sends to the kernel and gets back, in the tool's own records. Counterpart: libipvs 1.31 over generic netlink.
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../../kernel/kernel';
import { AF_INET, AF_INET6, CONN_F, CONN_TAB_SIZE, type Dest, type Service, SVC_F, TUN_TYPES } from '../../kernel/ipvs/ip_vs';
import {
  type DestConf, type DestKey, ipVsAddDest, ipVsAddService, ipVsDaemons, ipVsDelDest, ipVsDelService, ipVsEditDest, ipVsEditService, ipVsService, ipVsServices,
  ipVsSetTimeout, ipVsStartDaemon, ipVsTimeouts, ipVsZero, type ServiceConf, type ServiceKey as KernelKey,
} from '../../kernel/ipvs/ip_vs_ctl';
import { type ShownStats, statsShown } from '../../kernel/ipvs/ip_vs_est';
import { SYNC_GROUP, SYNC_PORT } from '../../kernel/ipvs/ip_vs_sync';
import type { Ip } from '../../wire/packet';
import type { TunnelType } from './options';
import type { Entry } from './parse';

/** The kernel of the host ipvsadm runs on. */
export type Libipvs = Kernel;

/** Service flags. */
export const SVC = SVC_F;
/** Forwarding methods. */
export const FORWARD = { masq: CONN_F.MASQ, local: CONN_F.LOCALNODE, tunnel: CONN_F.TUNNEL, route: CONN_F.DROUTE, bypass: CONN_F.BYPASS } as const;
export type Forward = (typeof FORWARD)[keyof typeof FORWARD];
export type Stats = ShownStats;

/** Names a service; `ip6` is '' for IPv4. */
export interface ServiceKey {
  af: 4 | 6;
  protocol: number;
  ip: Ip;
  ip6: string;
  port: number;
  fwmark: number;
}
export interface ServiceEntry extends ServiceKey {
  sched: string;
  flags: number;
  timeout: number;
  netmask: number;
  pe: string;
  stats: Stats;
  dests: readonly Dest[];
}
export interface DestEntry {
  af: 4 | 6;
  ip: Ip;
  ip6: string;
  port: number;
  forward: Forward;
  weight: number;
  upper: number;
  lower: number;
  active: number;
  inactive: number;
  persistent: number;
  tunType: TunnelType;
  tunPort: number;
  tunFlags: number;
  stats: Stats;
}

export const tableSize = (_k: Libipvs): number => CONN_TAB_SIZE;

const address = (k: Libipvs, a: { af: 4 | 6; ip: Ip; ip6: string }): Ip => (a.af === 6 ? (k.world.ip6.intern(a.ip6) ?? 0) : a.ip);
const family = (af: 4 | 6): number => (af === 6 ? AF_INET6 : AF_INET);

const keyOf = (k: Libipvs, s: ServiceKey): KernelKey => ({ af: family(s.af), protocol: s.protocol, addr: address(k, s), port: s.port, fwmark: s.fwmark });
const confOf = (e: Entry): ServiceConf => ({
  scheduler: e.service.sched, flags: e.service.flags, timeout: e.service.timeout, netmask: e.service.netmask, pe: e.service.pe,
});
const destKeyOf = (k: Libipvs, e: Entry): DestKey => ({ af: family(e.dest.af), addr: address(k, e.dest), port: e.dest.port });
const destConfOf = (e: Entry): DestConf => ({
  forward: e.dest.forward, weight: e.dest.weight, uThreshold: e.dest.upper, lThreshold: e.dest.lower,
  tunType: TUN_TYPES.indexOf(e.dest.tunType), tunPort: e.dest.tunPort, tunFlags: e.dest.tunFlags,
});

export const addService = (k: Libipvs, e: Entry): Errno | null => ipVsAddService(k, keyOf(k, e.service), confOf(e));
export const updateService = (k: Libipvs, e: Entry): Errno | null => ipVsEditService(k, keyOf(k, e.service), confOf(e));
export const delService = (k: Libipvs, e: Entry): Errno | null => ipVsDelService(k, keyOf(k, e.service));
export const addDest = (k: Libipvs, e: Entry): Errno | null => ipVsAddDest(k, keyOf(k, e.service), destKeyOf(k, e), destConfOf(e));
export const updateDest = (k: Libipvs, e: Entry): Errno | null => ipVsEditDest(k, keyOf(k, e.service), destKeyOf(k, e), destConfOf(e));
export const delDest = (k: Libipvs, e: Entry): Errno | null => ipVsDelDest(k, keyOf(k, e.service), destKeyOf(k, e));
export const zeroService = (k: Libipvs, s: ServiceKey | null): Errno | null => ipVsZero(k, s === null ? null : keyOf(k, s));
export const setTimeouts = (k: Libipvs, e: Entry): Errno | null => ipVsSetTimeout(k, ...e.timeouts);
export { ipVsFlush as flush, ipVsStopDaemon as stopDaemon } from '../../kernel/ipvs/ip_vs_ctl';

/** Starts a synchronisation daemon; 0 in a field asks for the kernel's default. */
export const startDaemon = (k: Libipvs, d: Entry['daemon']): Errno | null =>
  ipVsStartDaemon(k, d.state, {
    mcastIfn: d.interface, syncid: d.syncId, maxlen: d.maxLength, group: d.group?.ip ?? SYNC_GROUP, port: d.port === 0 ? SYNC_PORT : d.port, ttl: d.ttl === 0 ? 1 : d.ttl,
  });

function serviceEntry(k: Libipvs, s: Service): ServiceEntry {
  const six = s.af === AF_INET6;
  return {
    af: six ? 6 : 4, protocol: s.protocol, ip: six ? 0 : s.addr, ip6: six ? k.world.ip6.text(s.addr) : '', port: s.port, fwmark: s.fwmark, sched: s.schedName, flags: s.flags,
    timeout: s.timeout, netmask: s.netmask, pe: s.pe, stats: statsShown(k, s.stats), dests: s.dests,
  };
}

/** All services in the kernel's order. */
export const getServices = (k: Libipvs): ServiceEntry[] => ipVsServices(k).map((s) => serviceEntry(k, s));

/** One service, or null. */
export function getService(k: Libipvs, key: ServiceKey): ServiceEntry | null {
  const s = ipVsService(k, keyOf(k, key));
  return s === null ? null : serviceEntry(k, s);
}

/** Servers of a service in the kernel's order. */
export const getDests = (k: Libipvs, s: ServiceEntry): DestEntry[] =>
  s.dests.map((d) => {
    const six = d.af === AF_INET6;
    return {
      af: six ? 6 : 4, ip: six ? 0 : d.addr, ip6: six ? k.world.ip6.text(d.addr) : '', port: d.port, forward: d.forward as Forward, weight: d.weight, upper: d.uThreshold,
      lower: d.lThreshold, active: d.activeConns, inactive: d.inactConns, persistent: d.persistConns, tunType: TUN_TYPES[d.tunType]!, tunPort: d.tunPort,
      tunFlags: d.tunFlags, stats: statsShown(k, d.stats),
    };
  });

/** [tcp, tcpfin, udp] in s. */
export function getTimeouts(k: Libipvs): number[] {
  const t = ipVsTimeouts(k);
  return [t.tcp, t.tcpFin, t.udp];
}

/** Running daemons, the master first. */
export function getDaemons(k: Libipvs): { state: string; interface: string; syncId: number; maxLength: number; group: Ip; port: number; ttl: number }[] {
  const { master, backup } = ipVsDaemons(k);
  return [['master', master] as const, ['backup', backup] as const].flatMap(([state, d]) =>
    d === null ? [] : [{ state, interface: d.mcastIfn, syncId: d.syncid, maxLength: d.maxlen, group: d.group, port: d.port, ttl: d.ttl }],
  );
}
