// Every listing of ipvsadm -L. Counterpart: ipvsadm 1.31's print_title, print_service_entry, print_conn, list_*.
import type { Process } from '../../host/process';
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { ipText } from '../../wire/ipv4';
import { ip6Groups, parseIp6 } from '../../wire/ip6_text';
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, type Ip } from '../../wire/packet';
import { type DestEntry, FORWARD, type Forward, getDaemons, getDests, getService, getServices, getTimeouts, type Libipvs, type ServiceEntry, type ServiceKey, type Stats, SVC, tableSize } from './libipvs';
import { Names } from './names';
import { SCHED_FLAGS } from './parse';

/** What to print. `columns` when several were asked: stats, rate, thresholds, persistent-conn, tun-info, in this order. */
export interface Format {
  numeric: boolean;
  exact: boolean;
  nosort: boolean;
  columns: 'stats' | 'rate' | 'thresholds' | 'persistent-conn' | 'tun-info' | 'plain';
}

export const PROTOCOL_NAMES: Readonly<Record<number, string>> = Object.freeze({ [IPPROTO_TCP]: 'TCP', [IPPROTO_UDP]: 'UDP', [IPPROTO_SCTP]: 'SCTP' });
const FORWARD_NAMES: Readonly<Record<Forward, string>> = Object.freeze({
  [FORWARD.masq]: 'Masq', [FORWARD.local]: 'Local', [FORWARD.tunnel]: 'Tunnel', [FORWARD.route]: 'Route', [FORWARD.bypass]: 'Bypass',
});

/** "IP Virtual Server version 1.2.1 (size=4096)". */
export const versionLine = (l: Libipvs): Bytes => `IP Virtual Server version 1.2.1 (size=${tableSize(l)})\n`;

function title(f: Format): Bytes {
  const five = (a: string, b: string, c: string, d: string, e: string): string =>
    `${'Prot LocalAddress:Port'.padEnd(33)} ${[a, b, c, d, e].map((x) => x.padStart(8)).join(' ')}\n  -> RemoteAddress:Port\n`;
  switch (f.columns) {
    case 'stats':
      return five('Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes');
    case 'rate':
      return five('CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS');
    case 'thresholds':
      return `${'Prot LocalAddress:Port'.padEnd(33)} ${['Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn'].map((x) => x.padEnd(10)).join(' ')}\n  -> RemoteAddress:Port\n`;
    case 'persistent-conn':
      return `${'Prot LocalAddress:Port'.padEnd(33)} ${'Weight'.padEnd(9)} ${'PersistConn'} ${'ActiveConn'} ${'InActConn'.padEnd(10)}\n  -> RemoteAddress:Port\n`;
    case 'tun-info':
      return 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n';
    default:
      return 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
  }
}

/** A counter in nine columns: from 100 million on in thousands, and so on; `exact` as it is. */
export function largeNumber(n: number, exact: boolean): Bytes {
  const text = String(n);
  if (exact) return text.padStart(text.length <= 8 ? 9 : text.length + 1);
  if (n < 1e8) return text.padStart(9);
  const [unit, by] = n < 1e9 ? ['K', 1e3] : n < 1e11 ? ['M', 1e6] : n < 1e14 ? ['G', 1e9] : ['T', 1e12];
  return String(Math.floor(n / (by as number))).padStart(8) + (unit as string);
}

function counters(s: Stats, f: Format): Bytes {
  const row = f.columns === 'stats' ? [s.conns, s.inPkts, s.outPkts, s.inBytes, s.outBytes] : [s.cps, s.inPps, s.outPps, s.inBps, s.outBps];
  return row.map((n) => largeNumber(n, f.exact)).join('');
}

/** Scheduler flags by name: a scheduler with names of its own prints only those. */
export function schedFlagNames(sched: string, flags: number): Bytes | null {
  if ((flags & (SVC.SCHED1 | SVC.SCHED2 | SVC.SCHED3)) === 0) return null;
  const own = SCHED_FLAGS.some((x) => x.sched === sched) ? sched : null;
  return SCHED_FLAGS.filter((x) => x.sched === own && (flags & x.bit) !== 0).map((x) => x.name).join(',');
}

function serviceRow(s: ServiceEntry, f: Format, names: Names): Bytes {
  const mark = `FWM  ${s.fwmark | 0}${s.af === 6 ? ' IPv6' : ''}`;
  let name = s.fwmark !== 0 ? mark : `${(PROTOCOL_NAMES[s.protocol] ?? '').padEnd(4)} ${names.addrPort(s.ip, s.ip6, s.port, s.protocol)}`;
  if (s.fwmark === 0 && s.af === 4) name = name.slice(0, 33);
  if (f.columns === 'stats' || f.columns === 'rate') return `${name.padEnd(33)}${counters(s.stats, f)}\n`;
  let row = `${name} ${s.sched}`;
  const flags = schedFlagNames(s.sched, s.flags);
  if (flags !== null) row += ` (${flags})`;
  if ((s.flags & SVC.PERSISTENT) !== 0) row += ` persistent ${s.timeout}${maskText(s, ' mask ')}${s.pe === '' ? '' : ` pe ${s.pe}`}`;
  if ((s.flags & SVC.ONEPACKET) !== 0) row += ' ops';
  return `${row}\n`;
}

/** Persistence mask with `before`, '' for the widest. */
export function maskText(s: ServiceEntry, before: string): Bytes {
  if (s.af === 6) return s.netmask === 128 ? '' : `${before}${s.netmask}`;
  return s.netmask === -1 ? '' : `${before}${ipText(s.netmask)}`;
}

function tunnelInfo(d: DestEntry): Bytes {
  if (d.forward !== FORWARD.tunnel) return 'n/a';
  if (d.tunType === 'ipip') return 'ipip';
  const sum = (d.tunFlags & 2) !== 0 ? 'r+c' : (d.tunFlags & 1) !== 0 ? '+c' : '-c';
  return d.tunType === 'gue' ? `gue:${d.tunPort}:${sum}` : `gre:${sum}`;
}

function destRow(s: ServiceEntry, d: DestEntry, f: Format, names: Names): Bytes {
  let name = names.addrPort(d.ip, d.ip6, d.port, s.fwmark !== 0 ? 0 : s.protocol);
  if (d.af === 4) name = name.slice(0, 28);
  const start = `  -> ${name.padEnd(28)}`;
  const ten = (n: number): string => String(n).padEnd(10);
  switch (f.columns) {
    case 'stats':
    case 'rate':
      return `${start}${counters(d.stats, f)}\n`;
    case 'thresholds':
      return `${start} ${ten(d.upper)} ${ten(d.lower)} ${ten(d.active)} ${ten(d.inactive)}\n`;
    case 'persistent-conn':
      return `${start} ${String(d.weight).padEnd(9)} ${String(d.persistent).padEnd(11)} ${ten(d.active)} ${ten(d.inactive)}\n`;
    default: {
      const tun = f.columns === 'tun-info' ? `${tunnelInfo(d).padEnd(13)} ` : '';
      return `${start} ${FORWARD_NAMES[d.forward].padEnd(7)} ${tun}${String(d.weight).padEnd(6)} ${ten(d.active)} ${ten(d.inactive)}\n`;
    }
  }
}

/** glibc's qsort: a stable merge sort of halves. The order below is not transitive, so the way of sorting shows. */
export function mergeSort<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  if (items.length <= 1) return [...items];
  const half = items.length >> 1;
  const a = mergeSort(items.slice(0, half), compare);
  const b = mergeSort(items.slice(half), compare);
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) out.push(compare(a[i]!, b[j]!) <= 0 ? a[i++]! : b[j++]!);
  return out.concat(a.slice(i), b.slice(j));
}

function byAddress(a: { af: 4 | 6; ip: Ip; ip6: string }, b: { af: 4 | 6; ip: Ip; ip6: string }): number {
  // The C code subtracts unsigned words into an int, so half of the pairs compare the wrong way round.
  if (a.af === 4 && b.af === 4) return (a.ip - b.ip) | 0;
  const x = ip6Groups(a.ip6) ?? [];
  const y = ip6Groups(b.ip6) ?? [];
  for (let i = 0; i < 8; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return 0;
}

/** Order of -L: mark, family, protocol, address, port. */
export function compareServices(a: ServiceKey, b: ServiceKey): number {
  return ((a.fwmark - b.fwmark) | 0) || a.af - b.af || a.protocol - b.protocol || byAddress(a, b) || a.port - b.port;
}

/** Order of servers in -L: family, address, port. */
export function compareDests(a: DestEntry, b: DestEntry): number {
  return a.af - b.af || byAddress(a, b) || a.port - b.port;
}

/** Services and their servers in the order of the listing. */
export function sorted(l: Libipvs, nosort: boolean): { service: ServiceEntry; dests: DestEntry[] }[] {
  const services = getServices(l);
  const ordered = nosort ? services : mergeSort(services, compareServices);
  return ordered.map((service) => ({ service, dests: sortedDests(l, service, nosort) }));
}

function sortedDests(l: Libipvs, s: ServiceEntry, nosort: boolean): DestEntry[] {
  const dests = getDests(l, s);
  return nosort ? dests : mergeSort(dests, compareDests);
}

/** The whole table. */
export function listAll(p: Process, l: Libipvs, f: Format): Bytes {
  const names = new Names(p, f.numeric);
  const parts = [versionLine(l), title(f)];
  for (const { service, dests } of sorted(l, f.nosort)) {
    parts.push(serviceRow(service, f, names));
    for (const d of dests) parts.push(destRow(service, d, f, names));
  }
  return parts.join('');
}

/** One service, without the version line; ESRCH when there is none. */
export function listService(p: Process, l: Libipvs, key: ServiceKey, f: Format): Bytes | { errno: Errno } {
  const s = getService(l, key);
  if (s === null) return { errno: 'ESRCH' };
  const names = new Names(p, f.numeric);
  return title(f) + serviceRow(s, f, names) + sortedDests(l, s, f.nosort).map((d) => destRow(s, d, f, names)).join('');
}

/** --timeout. */
export const listTimeouts = (l: Libipvs): Bytes => `Timeout (tcp tcpfin udp): ${getTimeouts(l).join(' ')}\n`;

/** --daemon: a line for each state that runs. */
export function listDaemons(l: Libipvs): Bytes {
  return getDaemons(l)
    .map((d) => `${d.state} sync daemon (mcast=${d.interface}, syncid=${d.syncId}, maxlen=${d.maxLength}, group=${ipText(d.group)}, port=${d.port}, ttl=${d.ttl})\n`)
    .join('');
}

/** -c: /proc/net/ip_vs_conn, line by line. `pe` adds the persistence engine's columns. */
export function listConnections(p: Process, proc: Bytes, numeric: boolean, pe: boolean): Bytes {
  const names = new Names(p, numeric);
  const parts = [`IPVS connection entries\npro expire state       source             virtual            destination${pe ? '        pe name          pe_data' : ''}\n`];
  const lines = proc.split('\n');
  for (let i = 1; i < lines.length; i++) {
    const w = lines[i]!.split(/ +/);
    if (w.length < 9) continue;
    const protocol = w[0] === 'TCP' ? IPPROTO_TCP : w[0] === 'UDP' ? IPPROTO_UDP : 0;
    const end = (at: number): Bytes => connectionEnd(names, w[at]!, w[at + 1]!, protocol);
    const left = Number(w[8]);
    const two = (n: number): string => String(n).padStart(2, '0');
    let row = `${w[0]!.padEnd(3)} ${two(Math.floor(left / 60))}:${two(left % 60)}  ${w[7]!.padEnd(11)} ${end(1).padEnd(18)} ${end(3).padEnd(18)} `;
    row += pe && w[9] !== undefined && w[9] !== '' ? `${end(5).padEnd(18)} ${w[9].padEnd(16)} ${w[10] ?? ''}` : end(5);
    parts.push(`${row}\n`);
  }
  return parts.join('');
}

function connectionEnd(names: Names, address: Bytes, port: Bytes, protocol: number): Bytes {
  const n = Number.parseInt(port, 16);
  if (address.includes(':')) return names.addrPort(0, parseIp6(address) ?? '', n, protocol);
  return names.addrPort(Number.parseInt(address, 16) | 0, '', n, protocol);
}
