// Plain snapshots of hosts, links and the ledger, for components and checks. Nothing here changes a lab.
import { schedFlagNames } from '../commands/ipvsadm/list';
import type { Host } from '../host/host';
import { Conf, CONF, type Dev } from '../kernel/core/dev';
import { neighbourState, NUD } from '../kernel/core/neighbour';
import { sysctlList, sysctlRead } from '../kernel/core/sysctl';
import { arpIgnored } from '../kernel/ipv4/arp';
import { PROTO, type Route, SCOPE, TABLE } from '../kernel/ipv4/fib';
import { eachTcp } from '../kernel/ipv4/tcp';
import { TCP, TCP_STATE_NAMES } from '../kernel/ipv4/tcp_state';
import { AF_INET6, CONN_F, type Service, SVC_F } from '../kernel/ipvs/ip_vs';
import { ipVsServices, ipVsTimeouts } from '../kernel/ipvs/ip_vs_ctl';
import { statsShown } from '../kernel/ipvs/ip_vs_est';
import { TCP_STATES } from '../kernel/ipvs/ip_vs_proto_tcp';
import { NO_FLOW } from '../kernel/ipvs/ip_vs_sched';
import { confDefaults, type Kernel } from '../kernel/kernel';
import { addressText, IP6_BASE, isIp6 } from '../wire/ipv6';
import { ipText, maskOf, parseIp } from '../wire/ipv4';
import { IPPROTO_TCP, IPPROTO_UDP } from '../wire/packet';
import type { TopologyHost } from './topology';

export interface InterfaceView {
  name: string; up: boolean; running: boolean; carrier: boolean; mac: string; mtu: number; segment: string | null;
  addresses: { address: string; label: string; scope: string; secondary: boolean }[];
  rxPackets: number; txPackets: number; rxBytes: number; txBytes: number;
  /** Quality of its cable: share of frames lost, delay in ms, rate in Mbit/s (0: no limit). */
  loss: number; delayMs: number; rateMbit: number;
}
export interface RouteView { text: string; dst: string; gateway: string; dev: string; metric: number; scope: string; type: string; proto: string; table: string }
export type ForwardName = 'Route' | 'Masq' | 'Tunnel' | 'Local';
export interface ServerView {
  address: string; port: number; forward: ForwardName; weight: number; active: number; inactive: number;
  /** Connection thresholds; 0 is none. */
  upper?: number; lower?: number;
  conns: number; inPkts: number; outPkts: number; inBytes: number; outBytes: number;
}
export interface ServiceView {
  proto: string; address: string; port: number; fwmark: number; scheduler: string; flags: string; persistent: number; servers: ServerView[];
  conns: number; inPkts: number; outPkts: number; inBytes: number; outBytes: number;
  /** Server a new connection would get; null when none can be had. */
  next: { address: string; port: number } | null;
  /** How the scheduler comes to it: the numbers its rule compares for each server, why one is passed over, and what it remembers. */
  rule: { candidates: { address: string; port: number; numbers: Record<string, number>; skipped: string }[]; state: Record<string, number> };
}
export interface HostView {
  name: string; hostname: string; role: string; running: boolean;
  interfaces: InterfaceView[];
  routes: RouteView[];
  arp: { ip: string; mac: string; dev: string; state: string }[];
  sysctl: { key: string; value: string; default: string; effective?: string }[];
  ipvs: { services: ServiceView[]; connections: { proto: string; state: string; expiresMs: number; client: string; virtual: string; server: string }[]; timeouts?: { tcp: number; tcpfin: number; udp: number } | null };
  sockets: { proto: string; state: string; local: string; peer: string; process: string }[];
  units: { name: string; active: string; enabled: boolean }[];
  processes: { pid: number; command: string }[];
}
export interface LinkView { host: string; iface: string; segment: string; up: boolean; plugged: boolean }

const FORWARD: Record<number, ForwardName> = { [CONN_F.MASQ]: 'Masq', [CONN_F.LOCALNODE]: 'Local', [CONN_F.TUNNEL]: 'Tunnel', [CONN_F.DROUTE]: 'Route' };
const NUD_NAMES: readonly (readonly [number, string])[] = [
  [NUD.INCOMPLETE, 'INCOMPLETE'], [NUD.REACHABLE, 'REACHABLE'], [NUD.STALE, 'STALE'], [NUD.DELAY, 'DELAY'], [NUD.PROBE, 'PROBE'], [NUD.FAILED, 'FAILED'], [NUD.NOARP, 'NOARP'],
  [NUD.PERMANENT, 'PERMANENT'],
];
const scopeName = (s: number): string => (s === SCOPE.UNIVERSE ? 'global' : s === SCOPE.LINK ? 'link' : s === SCOPE.HOST ? 'host' : s === SCOPE.NOWHERE ? 'nowhere' : s === SCOPE.SITE ? 'site' : String(s));
const protoName = (p: number): string => (p === PROTO.KERNEL ? 'kernel' : p === PROTO.BOOT ? 'boot' : p === PROTO.STATIC ? 'static' : String(p));
const ipProto = (p: number): string => (p === IPPROTO_TCP ? 'TCP' : p === IPPROTO_UDP ? 'UDP' : 'SCTP');

export function interfaceView(k: Kernel, d: Dev): InterfaceView {
  return {
    name: d.name, up: d.up, running: d.running, carrier: d.carrier, mac: k.world.macs.text(d.mac), mtu: d.mtu, segment: k.world.segments[d.segment]?.name ?? null,
    addresses: d.addresses.map((a) => ({ address: `${ipText(a.local)}/${a.prefix}`, label: a.label, scope: scopeName(a.scope), secondary: a.secondary })).concat(d.addresses6.map((a) => ({ address: `${k.world.ip6.text(a.local)}/${a.prefix}`, label: d.name, scope: scopeName(a.scope), secondary: false }))),
    rxPackets: d.stats.rxPackets, txPackets: d.stats.txPackets, rxBytes: d.stats.rxBytes, txBytes: d.stats.txBytes, loss: d.loss, delayMs: d.delayUs / 1000, rateMbit: d.rateMbit,
  };
}

export function routeView(k: Kernel, r: Route, v6 = false): RouteView {
  const ip = (a: number): string => addressText(v6 ? IP6_BASE + a : a, k.world.ip6);
  const dst = r.prefix === 0 ? 'default' : `${ip(r.dst)}${r.prefix === (v6 ? 128 : 32) ? '' : `/${r.prefix}`}`;
  const dev = k.devByIndex(r.dev)?.name ?? '';
  const words = [r.type === 'unicast' ? dst : `${r.type} ${dst}`];
  if (r.gw !== 0) words.push(`via ${ip(r.gw)}`);
  if (dev !== '') words.push(`dev ${dev}`);
  if (r.proto !== PROTO.BOOT) words.push(`proto ${protoName(r.proto)}`);
  if (r.scope !== SCOPE.UNIVERSE) words.push(`scope ${scopeName(r.scope)}`);
  if (r.src !== 0) words.push(`src ${ip(r.src)}`);
  if (r.metric !== 0) words.push(`metric ${r.metric}`);
  return {
    text: words.join(' '), dst, gateway: r.gw === 0 ? '' : ip(r.gw), dev, metric: r.metric, scope: scopeName(r.scope), type: r.type, proto: protoName(r.proto),
    table: r.table === TABLE.LOCAL ? 'local' : r.table === TABLE.MAIN ? 'main' : String(r.table),
  };
}

/** Text of an address of an IPVS record. */
const ipvsText = (k: Kernel, v6: boolean, a: number): string => addressText(v6 ? IP6_BASE + a : a, k.world.ip6);

export function serviceView(k: Kernel, s: Service): ServiceView {
  const total = statsShown(k, s.stats);
  const flags = [schedFlagNames(s.schedName, s.flags) ?? '', s.flags & SVC_F.ONEPACKET ? 'ops' : ''].filter((f) => f !== '').join(' ');
  const rule = s.scheduler?.explain(k, s, NO_FLOW);
  const next = rule?.pick ?? null;
  return {
    proto: s.fwmark !== 0 ? 'FWM' : ipProto(s.protocol), address: s.fwmark !== 0 ? '' : ipvsText(k, s.af === AF_INET6, s.addr), port: s.port, fwmark: s.fwmark, scheduler: s.schedName, flags,
    persistent: s.persistent ? s.timeout : 0, conns: total.conns, inPkts: total.inPkts, outPkts: total.outPkts, inBytes: total.inBytes, outBytes: total.outBytes,
    next: next === null ? null : { address: ipvsText(k, next.af === AF_INET6, next.addr), port: next.port },
    rule: { candidates: (rule?.candidates ?? []).map((c) => ({ address: ipvsText(k, c.dest.af === AF_INET6, c.dest.addr), port: c.dest.port, numbers: c.numbers, skipped: c.skipped ?? '' })), state: rule?.state ?? {} },
    servers: s.dests.map((d) => {
      const n = statsShown(k, d.stats);
      return {
        address: ipvsText(k, d.af === AF_INET6, d.addr), port: d.port, forward: FORWARD[d.forward] ?? 'Masq', weight: d.weight, upper: d.uThreshold, lower: d.lThreshold, active: d.activeConns, inactive: d.inactConns, conns: n.conns, inPkts: n.inPkts,
        outPkts: n.outPkts, inBytes: n.inBytes, outBytes: n.outBytes,
      };
    }),
  };
}

function timeouts(k: Kernel): { tcp: number; tcpfin: number; udp: number } | null {
  if (k.ipvs === null) return null;
  const t = ipVsTimeouts(k);
  return { tcp: t.tcp, tcpfin: t.tcpFin, udp: t.udp };
}

function connections(k: Kernel): HostView['ipvs']['connections'] {
  const v = k.ipvs;
  if (v === null) return [];
  const out: HostView['ipvs']['connections'] = [];
  const t = v.conns;
  t.forEach((s) => {
    if (out.length >= 500) return;
    const tcp = t.proto[s] === IPPROTO_TCP;
    const v6 = (t.flags[s]! & CONN_F.IPV6) !== 0;
    const end = (a: number, port: number): string => (v6 ? `[${ipvsText(k, v6, a)}]:${port}` : `${ipText(a)}:${port}`);
    out.push({
      proto: ipProto(t.proto[s]!), state: tcp ? (TCP_STATES[t.state[s]!] ?? 'NONE') : 'UDP', expiresMs: Math.max(0, Math.round((t.expires[s]! - k.world.clock.now) / 1000)),
      client: end(t.caddr[s]!, t.cport[s]!), virtual: end(t.vaddr[s]!, t.vport[s]!), server: end(t.daddr[s]!, t.dport[s]!),
    });
  });
  return out;
}

/** Settings a learner of clusters looks at, with the value in force where conf.all and the interface combine. */
function sysctls(k: Kernel): HostView['sysctl'] {
  const watched = ['arp_ignore', 'arp_announce', 'rp_filter', 'send_redirects', 'accept_local', 'arp_filter', 'arp_notify'] as const;
  const maxed: readonly string[] = ['arp_ignore', 'arp_announce', 'rp_filter', 'arp_notify'];
  const out: HostView['sysctl'] = [{ key: 'net.ipv4.ip_forward', value: k.ipForward ? '1' : '0', default: '0' }];
  const defaults = confDefaults();
  for (const name of watched) {
    const at = CONF.indexOf(name);
    out.push({ key: `net.ipv4.conf.all.${name}`, value: String(k.confAll[at]), default: String(defaults[at]) });
    for (const d of k.devs) {
      const effective = maxed.includes(name) ? String(k.confMax(d, at)) : k.confOr(d, at) ? '1' : '0';
      out.push({ key: `net.ipv4.conf.${d.name}.${name}`, value: String(d.conf[at]), default: String(defaults[at]), effective });
    }
  }
  for (const path of sysctlList(k, 'net/ipv4/vs')) out.push({ key: path.replace(/\//g, '.'), value: (sysctlRead(k, path) ?? '').trim(), default: '' });
  return out;
}

/** Every setting whose name holds `text`, at most `limit`. */
export function sysctlFind(k: Kernel, text: string, limit: number): HostView['sysctl'] {
  const out: HostView['sysctl'] = [];
  const wanted = text.replace(/\./g, '/');
  for (const path of sysctlList(k, '')) {
    if (!path.includes(wanted)) continue;
    const value = sysctlRead(k, path);
    if (value !== null) out.push({ key: path.replace(/\//g, '.'), value: value.trim().replace(/\s+/g, ' '), default: '' });
    if (out.length >= limit) break;
  }
  return out;
}

function sockets(host: Host): HostView['sockets'] {
  const k = host.kernel;
  const owners = new Map<string, string>();
  for (const p of host.procs.values()) for (const f of p.fds.values()) if (f.kind === 'socket') owners.set(`${f.family} ${f.sock}`, p.comm);
  const out: HostView['sockets'] = [];
  const end = (ip: number, port: number): string => `${ip === 0 ? '*' : isIp6(ip) ? `[${addressText(ip, k.world.ip6)}]` : ipText(ip)}:${port === 0 ? '*' : port}`;
  eachTcp(k, (s, state, lip, lport, rip, rport) => {
    if (out.length < 500) out.push({ proto: 'tcp', state: state === TCP.LISTEN ? 'LISTEN' : (TCP_STATE_NAMES[state] ?? ''), local: end(lip, lport), peer: end(rip, rport), process: owners.get(`tcp ${s}`) ?? '' });
  });
  k.udp.sockets.forEach((s, n) => {
    if (s !== null) out.push({ proto: 'udp', state: s.rip === 0 ? 'UNCONN' : 'ESTAB', local: end(s.lip, s.lport), peer: end(s.rip, s.rport), process: owners.get(`udp ${n}`) ?? '' });
  });
  return out;
}

/** The parts of a host's view, each made when asked for, as the host stands then. */
export function hostParts(host: Host): Pick<HostView, 'name' | 'hostname' | 'running' | 'interfaces' | 'routes' | 'arp' | 'ipvs' | 'sockets' | 'processes'> & { readonly gateway: string | null } {
  const k = host.kernel;
  return {
    name: host.name, hostname: k.hostname, running: host.running,
    get interfaces() {
      return k.devs.map((d) => interfaceView(k, d));
    },
    get routes() {
      return [TABLE.MAIN, TABLE.LOCAL].flatMap((id) => [...(k.tables.get(id) ?? []).map((r) => routeView(k, r)), ...(k.ip6.tables.get(id) ?? []).map((r) => routeView(k, r, true))]);
    },
    get arp() {
      return k.devs.flatMap((d) =>
        [...d.neighbours.values(), ...d.neighbours6.values()].map((n) => {
          const state = neighbourState(k, n);
          return { ip: ipvsText(k, n.v6, n.ip), mac: state === NUD.INCOMPLETE || state === NUD.FAILED ? '' : k.world.macs.text(n.mac), dev: d.name, state: NUD_NAMES.find(([bit]) => bit === state)?.[1] ?? 'NONE' };
        }),
      );
    },
    get ipvs() {
      return {
        get services() {
          return ipVsServices(k).map((s) => serviceView(k, s));
        },
        get connections() {
          return connections(k);
        },
        get timeouts() {
          return timeouts(k);
        },
      };
    },
    get sockets() {
      return sockets(host);
    },
    get processes() {
      return [...host.procs.values()].filter((p) => p.state !== 'Z').map((p) => ({ pid: p.pid, command: p.argv.join(' ') || p.comm }));
    },
    /** Of the main table's first default route that has one. */
    get gateway() {
      const way = (list: readonly Route[] | undefined): Route | undefined => list?.find((r) => r.prefix === 0 && r.gw !== 0);
      const four = way(k.tables.get(TABLE.MAIN));
      const six = four === undefined ? way(k.ip6.tables.get(TABLE.MAIN)) : undefined;
      return four !== undefined ? ipText(four.gw) : six !== undefined ? addressText(IP6_BASE + six.gw, k.world.ip6) : null;
    },
  };
}

/** A host as the inspector shows it: a snapshot. */
export function hostView(host: Host, t: TopologyHost | undefined, units: HostView['units']): HostView {
  const { gateway: _, ...parts } = hostParts(host);
  return { ...parts, ipvs: { ...parts.ipvs }, role: t?.role ?? '', sysctl: sysctls(host.kernel), units };
}

/** Would this host answer a neighbour's ARP question for `ip` on one of its cables, as its settings stand? */
export function answersArpFor(k: Kernel, ip: string): boolean {
  const target = parseIp(ip);
  if (target === null || !k.localIps.has(target)) return false;
  return k.devs.some((d) => {
    if (d.kind !== 'ether' || !d.running) return false;
    const own = d.addresses.find((a) => !a.secondary);
    const asker = own === undefined ? 0 : (own.local & maskOf(own.prefix)) | 0xfe;
    return !arpIgnored(k, d, asker, target) && (d.flags & 128) === 0;
  });
}

/** The setting in force on an interface for questions about ARP. */
export const arpIgnoreOf = (k: Kernel, dev: string): number => {
  const d = k.devByName(dev);
  return d === undefined ? 0 : k.confMax(d, Conf.arp_ignore);
};
