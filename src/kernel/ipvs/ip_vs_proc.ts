// /proc/net/ip_vs, ip_vs_conn, ip_vs_conn_sync, ip_vs_app, ip_vs_stats, ip_vs_stats_percpu. Linux counterpart: the seq_file parts of ip_vs_ctl.c, ip_vs_conn.c, ip_vs_app.c.
import type { Bytes } from '../../lib/text';
import { type Ip, IPPROTO_IP, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { AF_INET6, CONN_F, CONN_TAB_SIZE, type Dest, type IpVs, type Service, SVC_F } from './ip_vs';
import { ASSURED } from './ip_vs_conn';
import { ipVsServices } from './ip_vs_ctl';
import { statsShown } from './ip_vs_est';
import { TCP_STATES } from './ip_vs_proto_tcp';

/** Jiffies a second (Debian's CONFIG_HZ). */
const HZ = 250;
const HEADER = `IP Virtual Server version 1.2.1 (size=${CONN_TAB_SIZE})\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n`;
const FORWARD: Readonly<Record<number, string>> = Object.freeze({
  [CONN_F.MASQ]: 'Masq', [CONN_F.LOCALNODE]: 'Local', [CONN_F.TUNNEL]: 'Tunnel', [CONN_F.DROUTE]: 'Route', [CONN_F.BYPASS]: 'Bypass',
});

const hex = (n: number, width: number): string => n.toString(16).toUpperCase().padStart(width, '0');
const hex32 = (n: number): string => hex(n >>> 0, 8);
/** %pI6: eight groups of four digits. */
function ip6Full(k: Kernel, a: Ip): string {
  const words = [0, 1, 2, 3].map((i) => (k.world.ip6.word(a, i) >>> 0).toString(16).padStart(8, '0'));
  return words.map((w) => `${w.slice(0, 4)}:${w.slice(4)}`).join(':');
}
const protoName = (p: number): string => (p === IPPROTO_TCP ? 'TCP' : p === IPPROTO_UDP ? 'UDP' : p === IPPROTO_SCTP ? 'SCTP' : p === IPPROTO_IP ? 'IP' : `IP_${p}`);

/** The netmask as ip_vs_info_seq_show prints it: host order of its 32 bits, an IPv6 prefix length byte-swapped. */
function maskText(svc: Service): string {
  if (svc.af !== AF_INET6) return hex32(svc.netmask);
  const n = svc.netmask;
  return hex32(((n & 255) << 24) | ((n & 0xff00) << 8));
}

function serviceLine(k: Kernel, s: Service): string {
  const ops = (s.flags & SVC_F.ONEPACKET) !== 0 ? 'ops ' : '';
  let line: string;
  if (s.fwmark !== 0) line = `FWM  ${hex32(s.fwmark)} ${s.schedName} ${ops}`;
  else if (s.af === AF_INET6) line = `${protoName(s.protocol)}  [${ip6Full(k, s.addr)}]:${hex(s.port, 4)} ${s.schedName} `;
  else line = `${protoName(s.protocol)}  ${hex32(s.addr)}:${hex(s.port, 4)} ${s.schedName} ${ops} `;
  return s.persistent ? `${line}persistent ${s.timeout * HZ} ${maskText(s)}\n` : `${line}\n`;
}

function destLine(k: Kernel, d: Dest): string {
  const where = d.af === AF_INET6 ? `[${ip6Full(k, d.addr)}]:${hex(d.port, 4)}      ` : `${hex32(d.addr)}:${hex(d.port, 4)}      `;
  return `  -> ${where}${(FORWARD[d.forward] ?? '').padEnd(7)} ${String(d.weight).padEnd(6)} ${String(d.activeConns).padEnd(10)} ${String(d.inactConns).padEnd(10)}\n`;
}

/** /proc/net/ip_vs: services in hash order, servers in the scheduler's order. */
export function ipVsProc(k: Kernel): Bytes {
  return HEADER + ipVsServices(k).map((s) => serviceLine(k, s) + s.dests.map((d) => destLine(k, d)).join('')).join('');
}

/** ip_vs_state_name. */
export function connStateName(v: IpVs, s: number): string {
  const t = v.conns;
  if ((t.flags[s]! & CONN_F.TEMPLATE) !== 0) return (t.state[s]! & ASSURED) !== 0 ? 'ASSURED' : 'NONE';
  const proto = t.proto[s];
  if (proto === IPPROTO_TCP) return TCP_STATES[t.state[s]!] ?? 'ERR!';
  return proto === IPPROTO_UDP ? 'UDP' : 'NONE';
}

/** Protocol name of a connection, as shown. */
export const connProtoName = (v: IpVs, s: number): string => protoName(v.conns.proto[s]!);

/** Whole seconds until an entry's timer fires. */
export function connSeconds(k: Kernel, s: number): number {
  const left = k.ipvs!.conns.expires[s]! - k.world.clock.now;
  return left > 0 && left !== Number.POSITIVE_INFINITY ? Math.floor(left / 1_000_000) : 0;
}

function connRow(k: Kernel, v: IpVs, s: number, tail: string): string {
  const t = v.conns;
  const v6 = (t.flags[s]! & CONN_F.IPV6) !== 0;
  const addr = (a: Ip): string => (v6 ? ip6Full(k, a) : hex32(a));
  const port = (n: number): string => hex(n, 4);
  const dest = v.dests[t.dest[s]!];
  const daddr = dest?.af === AF_INET6 ? ip6Full(k, t.daddr[s]!) : hex32(t.daddr[s]!);
  return (
    `${connProtoName(v, s).padEnd(3)} ${addr(t.caddr[s]!)} ${port(t.cport[s]!)} ${t.proto[s] === IPPROTO_IP ? hex32(t.vaddr[s]!) : addr(t.vaddr[s]!)} ${port(t.vport[s]!)} ` +
    `${daddr} ${port(t.dport[s]!)} ${connStateName(v, s).padEnd(11)} ${tail}\n`
  );
}

function eachConn(k: Kernel, row: (v: IpVs, s: number) => string): string {
  const v = k.ipvs;
  if (v === null) return '';
  const out: string[] = [];
  v.conns.forEach((s) => {
    if ((v.conns.flags[s]! & CONN_F.HASHED) !== 0) out.push(row(v, s));
  });
  return out.join('');
}

/** /proc/net/ip_vs_conn; the real order is that of a randomly seeded hash, here it is oldest slot first. */
export function ipVsConnProc(k: Kernel): Bytes {
  return `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n${eachConn(k, (v, s) => connRow(k, v, s, String(connSeconds(k, s)).padStart(7)))}`;
}

/** /proc/net/ip_vs_conn_sync: as ip_vs_conn, with who made the entry. */
export function ipVsConnSyncProc(k: Kernel): Bytes {
  const row = (v: IpVs, s: number): string =>
    connRow(k, v, s, `${((v.conns.flags[s]! & CONN_F.SYNC) !== 0 ? 'SYNC' : 'LOCAL').padEnd(6)} ${String(connSeconds(k, s)).padStart(7)}`);
  return `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n${eachConn(k, row)}`;
}

/** /proc/net/ip_vs_app: application helpers; ip_vs_ftp registers the only one. */
export const ipVsAppProc = (k: Kernel): Bytes =>
  `prot port    usecnt name\n${k.modules.some((m) => m.name === 'ip_vs_ftp') ? `TCP  ${'21'.padEnd(7)} ${String(k.ipvs?.ftp.size ?? 0).padEnd(6)} ${'ftp'.padEnd(17)}\n` : ''}`;

/** Five numbers in hexadecimal: three of width 8, two of width 16. */
const five = (a: number, b: number, c: number, d: number, e: number): string =>
  [a, b, c].map((n) => hex(n, 0).padStart(8)).join(' ') + [d, e].map((n) => ` ${hex(n, 0).padStart(16)}`).join('');

/** /proc/net/ip_vs_stats. */
export function ipVsStatsProc(k: Kernel): Bytes {
  if (k.ipvs === null) return '';
  const n = statsShown(k, k.ipvs.stats);
  return (
    '   Total Incoming Outgoing         Incoming         Outgoing\n   Conns  Packets  Packets            Bytes            Bytes\n' +
    `${five(n.conns, n.inPkts, n.outPkts, n.inBytes, n.outBytes)}\n\n` +
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n' +
    `${five(n.cps, n.inPps, n.outPps, n.inBps, n.outBps)}\n`
  );
}

/** /proc/net/ip_vs_stats_percpu: one CPU (its counters run with every packet), then all. */
export function ipVsStatsPercpuProc(k: Kernel): Bytes {
  if (k.ipvs === null) return '';
  const live = k.ipvs.stats;
  const n = statsShown(k, live);
  return (
    '       Total Incoming Outgoing         Incoming         Outgoing\nCPU    Conns  Packets  Packets            Bytes            Bytes\n' +
    `  0 ${five(live.conns, live.inPkts, live.outPkts, live.inBytes, live.outBytes)}\n` +
    `  ~ ${five(n.conns, n.inPkts, n.outPkts, n.inBytes, n.outBytes)}\n\n` +
    '     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n' +
    `    ${five(n.cps, n.inPps, n.outPps, n.inBps, n.outBps)}\n`
  );
}
