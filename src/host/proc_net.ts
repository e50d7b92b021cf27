// /proc/net: a table of file names and the kernel's printers. Linux counterpart: the proc_create_net calls all over net/.
// Not modelled: /proc/net files for protocols this kernel does not have (they are empty or absent).
import type { Bytes } from '../lib/text';
import { NUD, neighbourState } from '../kernel/core/neighbour';
import { TABLE } from '../kernel/ipv4/fib';
import { proxyList } from '../kernel/ipv4/proxy_arp';
import { ipVsAppProc, ipVsConnProc, ipVsConnSyncProc, ipVsProc, ipVsStatsPercpuProc, ipVsStatsProc } from '../kernel/ipvs/ip_vs_proc';
import type { Kernel } from '../kernel/kernel';
import { conntrackProc } from '../kernel/netfilter/nf_conntrack_proc';
import { ipText, maskOf } from '../wire/ipv4';
import type { Host } from './host';
import { netstat, snmp } from './proc_snmp';
import { hexIp, raw, sockstat, tcp, tcp6, udp } from './proc_sockets';
import { type VNode, vdir, vfile } from './vnode';

/** What prints a file; null: the file is not there (its module is not loaded). */
export type ProcNetPrinter = (k: Kernel) => Bytes | null;

function arp(k: Kernel): Bytes {
  let out = 'IP address       HW type     Flags       HW address            Mask     Device\n';
  for (const d of k.devs) {
    for (const n of d.neighbours.values()) {
      const state = neighbourState(k, n);
      if ((state & NUD.NOARP) !== 0) continue;
      const flags = (state & NUD.PERMANENT) !== 0 ? 6 : (state & (NUD.INCOMPLETE | NUD.FAILED)) !== 0 || state === 0 ? 0 : 2;
      out += `${ipText(n.ip).padEnd(16)} 0x1         0x${flags.toString(16).padEnd(10)}${k.world.macs.text(n.mac).padEnd(21)} *        ${d.name}\n`;
    }
  }
  for (const n of proxyList(k)) out += `${ipText(n.ip).padEnd(16)} 0x${n.dev === 0 ? '0' : '1'}         0xc         00:00:00:00:00:00     *        ${k.devByIndex(n.dev)?.name ?? '*'}\n`;
  return out;
}

function dev(k: Kernel): Bytes {
  let out =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
  const pad = (n: number, width: number): string => String(n).padStart(width);
  for (const d of k.devs) {
    const s = d.stats;
    out +=
      `${d.name.padStart(6)}: ${pad(s.rxBytes, 7)} ${pad(s.rxPackets, 7)} ${pad(s.rxErrors, 4)} ${pad(s.rxDropped, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 10)} ${pad(s.multicast, 9)} ` +
      `${pad(s.txBytes, 8)} ${pad(s.txPackets, 7)} ${pad(s.txErrors, 4)} ${pad(s.txDropped, 4)} ${pad(0, 4)} ${pad(s.collisions, 5)} ${pad(s.txCarrier, 7)} ${pad(0, 10)}\n`;
  }
  return out;
}

/** if6_seq_show: address, ifindex, prefix length, scope, flags, device; in the kernel by a hash, here by device. */
function ifInet6(k: Kernel): Bytes {
  const hex = (n: number, width: number): string => (n >>> 0).toString(16).padStart(width, '0');
  const scope = (s: number): number => (s === 254 ? 0x10 : s === 253 ? 0x20 : s === 200 ? 0x40 : 0);
  return k.devs
    .flatMap((d) => d.addresses6.map((a) => `${[0, 1, 2, 3].map((i) => hex(k.world.ip6.word(a.local, i), 8)).join('')} ${hex(d.index, 2)} ${hex(a.prefix, 2)} ${hex(scope(a.scope), 2)} ${hex(0x80 | (a.tentative ? 0x40 : 0) | (a.dadFailed ? 8 : 0) | (a.nodad ? 2 : 0), 2)} ${d.name.padStart(8)}\n`))
    .join('');
}

function route(k: Kernel): Bytes {
  const row = (text: string): Bytes => `${text.padEnd(127)}\n`;
  let out = row('Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT');
  // The kernel walks its trie in order of destination.
  const routes = [...(k.tables.get(TABLE.MAIN) ?? [])].sort((a, b) => (a.dst >>> 0) - (b.dst >>> 0) || b.prefix - a.prefix || a.metric - b.metric);
  for (const r of routes) {
    if (r.type === 'multicast' || r.type === 'broadcast' || r.type === 'local') continue;
    const flags = (r.type === 'unicast' ? 1 : 0x201) | (r.gw !== 0 ? 2 : 0) | (r.prefix === 32 ? 4 : 0);
    const name = r.dev === 0 ? '*' : (k.devByIndex(r.dev)?.name ?? '*');
    out += row(`${name}\t${hexIp(r.dst)}\t${hexIp(r.gw)}\t${flags.toString(16).toUpperCase().padStart(4, '0')}\t0\t0\t${r.metric}\t${hexIp(maskOf(r.prefix))}\t${r.mtu === 0 ? 0 : r.mtu - 40}\t0\t0`);
  }
  return out;
}

const ipvs = (print: ProcNetPrinter): ProcNetPrinter => (k) => (k.ipvs === null ? null : print(k));

/** Files by name. A function, because modules that print here import this one. */
function printer(name: string): ProcNetPrinter | undefined {
  switch (name) {
    case 'arp': return arp;
    case 'dev': return dev;
    case 'if_inet6': return ifInet6;
    case 'ip_vs': return ipvs(ipVsProc);
    case 'ip_vs_app': return ipvs(ipVsAppProc);
    case 'ip_vs_conn': return ipvs(ipVsConnProc);
    case 'ip_vs_conn_sync': return ipvs(ipVsConnSyncProc);
    case 'ip_vs_stats': return ipvs(ipVsStatsProc);
    case 'ip_vs_stats_percpu': return ipvs(ipVsStatsPercpuProc);
    case 'netstat': return netstat;
    case 'nf_conntrack': return conntrackProc;
    case 'raw': return raw;
    case 'route': return route;
    case 'snmp': return snmp;
    case 'sockstat': return sockstat;
    case 'tcp': return tcp;
    case 'tcp6': return tcp6;
    case 'udp': return udp;
    case 'unix': return () => 'Num       RefCount Protocol Flags    Type St Inode Path\n';
    default: return undefined;
  }
}
const NAMES = [
  'arp', 'dev', 'if_inet6', 'ip_vs', 'ip_vs_app', 'ip_vs_conn', 'ip_vs_conn_sync', 'ip_vs_stats', 'ip_vs_stats_percpu', 'netstat', 'nf_conntrack', 'raw', 'route', 'snmp', 'sockstat', 'tcp', 'tcp6', 'udp', 'unix',
];
const IPVS_NAMES = new Set(NAMES.filter((n) => n.startsWith('ip_vs')));

/** Is a name of the list there on this host? Some come with a module. */
const present = (k: Kernel, name: string): boolean =>
  IPVS_NAMES.has(name) ? k.ipvs !== null : name !== 'nf_conntrack' || k.modules.some((m) => m.name === 'nf_conntrack');

/** Node at `path` below /proc/net ('' is the directory). */
export function procNetNode(host: Host, path: Bytes): VNode | null {
  if (path === '') return vdir(() => NAMES.filter((n) => present(host.kernel, n)));
  const print = printer(path);
  if (print === undefined || !present(host.kernel, path)) return null;
  return vfile(() => print(host.kernel) ?? '');
}
