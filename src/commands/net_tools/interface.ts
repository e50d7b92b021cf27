// Interfaces as net-tools show them: names in natural order, the long block and the short row. Counterpart: net-tools' lib/interface.c.
import { type Dev, type DevStats, IFF } from '../../kernel/core/dev';
import { devFlags, ioctlDev, labelled } from '../../kernel/ipv4/devinet_ioctl';
import type { Kernel } from '../../kernel/kernel';
import { ipText, maskOf } from '../../wire/ipv4';

/** Compares names with their numbers by value (nstrcmp): eth2 before eth10, eth0 before eth0:1. */
export function byInterfaceName(a: string, b: string): number {
  const m = /\d+$/;
  const [pa, pb] = [a.replace(m, ''), b.replace(m, '')];
  if (pa === pb) return Number(a.slice(pa.length) || -1) - Number(b.slice(pb.length) || -1);
  return a < b ? -1 : 1;
}

/** Devices and alias labels in the order ifconfig lists them; without `all` only those that are up. */
export function interfaceNames(k: Kernel, all: boolean): string[] {
  const names: string[] = [];
  for (const d of k.devs) {
    if (!all && !d.up) continue;
    names.push(d.name);
    for (const a of d.addresses) if (a.label.startsWith(`${d.name}:`) && !names.includes(a.label)) names.push(a.label);
  }
  return names.sort(byInterfaceName);
}

/** Flags in the order of the long form. */
const LONG: readonly (readonly [number, string])[] = [
  [IFF.UP, 'UP'], [IFF.BROADCAST, 'BROADCAST'], [IFF.DEBUG, 'DEBUG'], [IFF.LOOPBACK, 'LOOPBACK'], [IFF.POINTOPOINT, 'POINTOPOINT'],
  [IFF.NOTRAILERS, 'NOTRAILERS'], [IFF.RUNNING, 'RUNNING'], [IFF.NOARP, 'NOARP'], [IFF.PROMISC, 'PROMISC'], [IFF.ALLMULTI, 'ALLMULTI'],
  [IFF.MULTICAST, 'MULTICAST'],
];

/** Letters of the short form (Flg). */
const SHORT: readonly (readonly [number, string])[] = [
  [IFF.ALLMULTI, 'A'], [IFF.BROADCAST, 'B'], [IFF.DEBUG, 'D'], [IFF.LOOPBACK, 'L'], [IFF.MULTICAST, 'M'], [IFF.PROMISC, 'P'],
  [IFF.NOTRAILERS, 'N'], [IFF.NOARP, 'O'], [IFF.POINTOPOINT, 'P'], [IFF.RUNNING, 'R'], [IFF.UP, 'U'],
];

/** Hardware class: name and title. */
export function hardware(dev: Dev): { name: string; title: string; address: string | null } {
  if (dev.kind === 'loopback') return { name: 'loop', title: 'Local Loopback', address: null };
  if (dev.kind === 'ipip') return { name: 'tunnel', title: 'IPIP Tunnel', address: '' };
  if (dev.kind === 'sit') return { name: 'sit', title: 'IPv6-in-IPv4', address: null };
  if (dev.kind === 'gre') return { name: 'unspec', title: 'UNSPEC', address: '00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00' };
  return { name: 'ether', title: 'Ethernet', address: null };
}

const UNITS: readonly (readonly [number, string])[] = [[1024 ** 5, 'PiB'], [1024 ** 4, 'TiB'], [1024 ** 3, 'GiB'], [1024 ** 2, 'MiB'], [1024, 'KiB']];

/** Bytes with one truncated decimal: "3.2 KiB". */
export function scaledBytes(n: number): string {
  for (const [size, unit] of UNITS) {
    if (n <= size) continue;
    const tenths = Math.floor((n * 10) / size);
    return `${Math.floor(tenths / 10)}.${tenths % 10} ${unit}`;
  }
  return `${n}.0 B`;
}

function statistics(s: DevStats): string {
  return (
    `        RX packets ${s.rxPackets}  bytes ${s.rxBytes} (${scaledBytes(s.rxBytes)})\n` +
    `        RX errors ${s.rxErrors}  dropped ${s.rxDropped}  overruns 0  frame 0\n` +
    `        TX packets ${s.txPackets}  bytes ${s.txBytes} (${scaledBytes(s.txBytes)})\n` +
    `        TX errors ${s.txErrors}  dropped ${s.txDropped} overruns 0  carrier ${s.txCarrier}  collisions ${s.collisions}\n`
  );
}

/** The long block of an interface or alias (ife_print_long), with its closing blank line. Null when there is no such device. */
export function longBlock(k: Kernel, name: string): string | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return null;
  const flags = devFlags(dev);
  const said = LONG.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word).join(',');
  let out = `${name}: flags=${flags}<${said}>  mtu ${dev.mtu}\n`;
  const a = labelled(dev, name);
  if (a !== undefined) {
    out += `        inet ${ipText(a.local)}  netmask ${ipText(maskOf(a.prefix))}`;
    if ((flags & IFF.BROADCAST) !== 0) out += `  broadcast ${ipText(a.broadcast)}`;
    if ((flags & IFF.POINTOPOINT) !== 0) out += `  destination ${ipText(a.peer)}`;
    out += '\n';
  }
  if (!name.includes(':')) {
    for (const x of dev.addresses6) {
      const [bits, word] = x.scope === 254 ? ['0x10', 'host'] : x.scope === 253 ? ['0x20', 'link'] : x.scope === 200 ? ['0x40', 'site'] : ['0x0', 'global'];
      out += `        inet6 ${k.world.ip6.text(x.local)}  prefixlen ${x.prefix}  scopeid ${bits}<${word}>\n`;
    }
  }
  const hw = hardware(dev);
  const address = hw.name === 'ether' ? k.world.macs.text(dev.mac) : hw.address;
  out += `        ${hw.name}${address === null ? '' : ` ${address}`}  txqueuelen ${dev.txqueuelen}  (${hw.title})\n`;
  if (!name.includes(':')) out += statistics(dev.stats);
  return `${out}\n`;
}

const num = (n: number, width: number): string => String(n).padStart(width);

/** One row of `ifconfig -s` and `netstat -i`. */
export function shortRow(k: Kernel, name: string): string | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return null;
  const flags = devFlags(dev);
  const letters = SHORT.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter).join('');
  const head = `${name.slice(0, 15).padEnd(15)} ${num(dev.mtu, 5)} `;
  if (name.includes(':')) return `${head}     - no statistics available -                        ${letters}\n`;
  const s = dev.stats;
  const rx = `${num(s.rxPackets, 8)} ${num(s.rxErrors, 6)} ${num(s.rxDropped, 6)} ${'0'.padEnd(6)}`;
  const tx = `${num(s.txPackets, 8)} ${num(s.txErrors, 6)} ${num(s.txDropped, 6)} ${num(0, 6)}`;
  return `${head}${rx} ${tx} ${letters}\n`;
}
