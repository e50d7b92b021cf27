// A device as `ip` prints it: the head line, its hardware line, statistics. Counterpart: iproute2's ip/ipaddress.c (print_linkinfo).
import { type Dev, IFF } from '../../kernel/core/dev';
import type { Kernel } from '../../kernel/kernel';
import { ipText } from '../../wire/ipv4';
import type { IpOptions } from './args';

const FLAGS: readonly (readonly [number, string])[] = [
  [IFF.LOOPBACK, 'LOOPBACK'], [IFF.BROADCAST, 'BROADCAST'], [IFF.POINTOPOINT, 'POINTOPOINT'], [IFF.MULTICAST, 'MULTICAST'], [IFF.NOARP, 'NOARP'],
  [IFF.ALLMULTI, 'ALLMULTI'], [IFF.PROMISC, 'PROMISC'], [IFF.DEBUG, 'DEBUG'], [IFF.NOTRAILERS, 'NOTRAILERS'], [IFF.UP, 'UP'],
];

/** `<BROADCAST,MULTICAST,UP,LOWER_UP>`. */
export function linkFlags(d: Dev): string {
  const said = FLAGS.filter(([bit]) => (d.flags & bit) !== 0).map(([, word]) => word);
  if (d.up && !d.carrier) said.unshift('NO-CARRIER');
  if (d.running) said.push('LOWER_UP');
  return `<${said.join(',')}>`;
}

/** Operational state (RFC 2863): devices without link detection stay UNKNOWN while up. */
export function operState(d: Dev): string {
  if (!d.up || !d.carrier) return 'DOWN';
  return d.kind === 'ether' ? 'UP' : 'UNKNOWN';
}

const isTunnel = (d: Dev): boolean => d.kind === 'ipip' || d.kind === 'gre' || d.kind === 'sit';

/** Name with the lower device of a tunnel: tunl0@NONE, tun1@eth0. */
export function linkName(k: Kernel, d: Dev): string {
  return isTunnel(d) ? `${d.name}@${d.link === 0 ? 'NONE' : k.devByIndex(d.link)?.name ?? `if${d.link}`}` : d.name;
}

/** Hardware address and the broadcast or peer one. */
export function hardwareAddress(k: Kernel, d: Dev): string {
  return isTunnel(d) ? ipText(d.tunnelLocal) : k.world.macs.text(d.mac);
}

function linkLine(k: Kernel, d: Dev): string {
  const kind = d.kind === 'loopback' ? 'loopback' : isTunnel(d) ? d.kind : 'ether';
  const own = hardwareAddress(k, d);
  if (isTunnel(d)) return `    link/${kind} ${own} ${(d.flags & IFF.POINTOPOINT) !== 0 ? 'peer' : 'brd'} ${ipText(d.tunnelRemote)}`;
  return `    link/${kind} ${own} brd ${d.kind === 'loopback' ? '00:00:00:00:00:00' : k.world.macs.text(d.broadcastMac)}`;
}

/**
 * Head line, hardware line (unless an address family was asked for) and statistics; no newline at the end of the last line.
 * `short`: what IPv6's own list of devices tells (inet6_fill_ifinfo), which knows neither queueing discipline nor group.
 */
export function linkText(k: Kernel, d: Dev, o: IpOptions, mode: boolean, short = false): string {
  let text = `${d.index}: ${linkName(k, d)}: ${linkFlags(d)} mtu ${d.mtu} ${short ? '' : `qdisc ${d.qdisc} `}state ${operState(d)} ${mode ? 'mode DEFAULT ' : ''}${short ? '' : 'group default '}qlen ${d.txqueuelen}`;
  if (o.family === '' || o.family === 'link') text += `\n${linkLine(k, d)}`;
  if (o.details) text += detailText(d, mode);
  if (o.stats > 0) text += `\n${statsText(d, o.stats)}`;
  return text;
}

/** -d: limits, the kind of device, queues and offloads. A NIC that queues nothing is one end of a virtual cable (veth). */
function detailText(d: Dev, mode: boolean): string {
  const kind = d.kind === 'ether' ? (d.qdisc === 'noqueue' ? 'veth' : '') : d.kind === 'loopback' ? '' : d.kind;
  const bounds = d.kind === 'ether' ? 'minmtu 68 maxmtu 65535' : 'minmtu 0 maxmtu 0';
  const end = (ip: number): string => (ip === 0 ? 'any' : ipText(ip));
  const tunnel = `${d.tunnelRemote === 0 && d.tunnelLocal === 0 ? 'any' : d.kind} remote ${end(d.tunnelRemote)} local ${end(d.tunnelLocal)} ttl ${d.tunnelTtl === 0 ? 'inherit' : d.tunnelTtl} ${d.tunnelRemote === 0 ? 'no' : ''}pmtudisc `;
  const text = ` promiscuity ${(d.flags & IFF.PROMISC) === 0 ? 0 : 1}  allmulti ${(d.flags & IFF.ALLMULTI) === 0 ? 0 : 1} ${bounds} ${kind === '' ? '' : `\n    ${kind} `}${isTunnel(d) ? tunnel : ''}${mode && !isTunnel(d) ? 'addrgenmode eui64 ' : ''}`;
  return `${text}numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 tso_max_size ${kind === 'veth' || d.kind === 'loopback' ? 524280 : 65536} tso_max_segs 65535 gro_max_size 65536 `;
}

/** The RX and TX table of -s (and of -s -s, with the kinds of errors). */
export function statsText(d: Dev, level: number): string {
  const s = d.stats;
  const rx = [s.rxBytes, s.rxPackets, s.rxErrors, s.rxDropped, 0, s.multicast];
  const tx = [s.txBytes, s.txPackets, s.txErrors, s.txDropped, s.txCarrier, s.collisions];
  const width = [10, 7, 6, 7, 7, 7].map((w, i) => Math.max(w, String(rx[i]).length, String(tx[i]).length));
  const head = (side: string, names: readonly string[]): string => `    ${side}: ${names.map((n, i) => n.padStart(i === 0 ? width[0]! - 4 : width[i]!)).join(' ')} ${''.padStart(10)}`;
  const row = (values: readonly (number | '')[]): string => `    ${values.map((v, i) => String(v).padStart(width[i]!)).join(' ')} `;
  const errors = (side: string, names: readonly string[]): string => `    ${side} errors:${names.map((n, i) => ` ${n.padStart(width[i + 1]!)}`).join('')}`;
  const lines = [head('RX', ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast']), row(rx)];
  if (level > 1) lines.push(errors('RX', ['length', 'crc', 'frame', 'fifo', 'overrun']), row(['', 0, 0, 0, 0, 0]));
  lines.push(head('TX', ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns']), row(tx));
  if (level > 1) lines.push(errors('TX', ['aborted', 'fifo', 'window', 'heartbt', 'transns']), row(['', 0, 0, 0, 0, d.kind === 'ether' ? 2 : 0]));
  return lines.join('\n');
}

/** The columns that brief listings begin with. */
export function briefHead(k: Kernel, d: Dev): string {
  return `${linkName(k, d).padEnd(16)} ${operState(d).padEnd(14)} `;
}
