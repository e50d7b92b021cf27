// /sys: network devices as files. Linux counterpart: net/core/net-sysfs.c.
// Not modelled: all of sysfs besides /sys/class/net and the names on the way to it.
import type { Bytes } from '../lib/text';
import { type Dev, type DevStats, IFF } from '../kernel/core/dev';
import type { Host } from './host';
import { type VNode, vdir, vfile, vlink } from './vnode';

const STATS: Readonly<Record<string, (s: DevStats) => number>> = {
  collisions: (s) => s.collisions, multicast: (s) => s.multicast, rx_bytes: (s) => s.rxBytes, rx_compressed: () => 0, rx_crc_errors: () => 0,
  rx_dropped: (s) => s.rxDropped, rx_errors: (s) => s.rxErrors, rx_fifo_errors: () => 0, rx_frame_errors: () => 0, rx_length_errors: () => 0,
  rx_missed_errors: () => 0, rx_nohandler: () => 0, rx_over_errors: () => 0, rx_packets: (s) => s.rxPackets, tx_aborted_errors: () => 0,
  tx_bytes: (s) => s.txBytes, tx_carrier_errors: (s) => s.txCarrier, tx_compressed: () => 0, tx_dropped: (s) => s.txDropped, tx_errors: (s) => s.txErrors,
  tx_fifo_errors: () => 0, tx_heartbeat_errors: () => 0, tx_packets: (s) => s.txPackets, tx_window_errors: () => 0,
};

/** ARPHRD_* number of a device. */
const hardwareType = (d: Dev): number => (d.kind === 'loopback' ? 772 : d.kind === 'ipip' ? 768 : d.kind === 'sit' ? 776 : d.kind === 'gre' ? 778 : 1);

/** operstate: devices without carrier detection say unknown. */
export function operstate(d: Dev): string {
  if (d.kind !== 'ether') return d.up || d.kind === 'loopback' ? (d.up ? 'unknown' : 'down') : 'down';
  return d.up ? (d.carrier ? 'up' : 'lowerlayerdown') : 'down';
}

/** Files of a device; an errno says why a read fails. */
const FILES: Readonly<Record<string, (d: Dev, host: Host) => Bytes | 'EINVAL'>> = {
  addr_len: (d) => (d.kind === 'ipip' ? '4\n' : '6\n'),
  address: (d, h) => `${d.kind === 'loopback' || d.kind === 'ether' || d.kind === 'dummy' ? h.world.macs.text(d.mac) : '0.0.0.0'}\n`,
  broadcast: (d) => (d.kind === 'loopback' ? '00:00:00:00:00:00\n' : 'ff:ff:ff:ff:ff:ff\n'),
  carrier: (d) => (d.up ? `${d.carrier ? 1 : 0}\n` : 'EINVAL'),
  duplex: (d) => (d.kind === 'ether' && d.up ? 'full\n' : 'EINVAL'),
  flags: (d) => `0x${(d.flags & (IFF.UP | IFF.BROADCAST | IFF.LOOPBACK | IFF.POINTOPOINT | IFF.NOARP | IFF.PROMISC | IFF.ALLMULTI | IFF.MULTICAST)).toString(16)}\n`,
  ifalias: () => '',
  ifindex: (d) => `${d.index}\n`,
  iflink: (d) => `${d.link === 0 ? d.index : d.link}\n`,
  mtu: (d) => `${d.mtu}\n`,
  operstate: (d) => `${operstate(d)}\n`,
  speed: (d) => (d.kind === 'ether' && d.up ? '10000\n' : 'EINVAL'),
  tx_queue_len: (d) => `${d.txqueuelen}\n`,
  type: (d) => `${hardwareType(d)}\n`,
  uevent: (d) => `INTERFACE=${d.name}\nIFINDEX=${d.index}\n`,
};

const TOP = ['block', 'bus', 'class', 'dev', 'devices', 'firmware', 'fs', 'hypervisor', 'kernel', 'module', 'power'];

/** Node at `path` below /sys. */
export function sysNode(host: Host, path: Bytes): VNode | null {
  if (path === '') return vdir(() => TOP);
  const names = path.split('/');
  if (names.length === 1) {
    if (names[0] === 'class') return vdir(() => ['net']);
    if (names[0] === 'devices') return vdir(() => ['virtual']);
    if (names[0] === 'module') return vdir(() => host.kernel.modules.map((m) => m.name));
    return TOP.includes(names[0]!) ? vdir(() => []) : null;
  }
  if (path === 'devices/virtual') return vdir(() => ['net']);
  if (path === 'class/net' || path === 'devices/virtual/net') return vdir(() => host.kernel.devs.map((d) => d.name));
  if (names[0] === 'module') return names.length === 2 && host.kernel.modules.some((m) => m.name === names[1]) ? vdir(() => []) : null;
  // /sys/class/net/IFACE is a link to the device; both ways lead to the same files.
  if (names.length === 3 && names[0] === 'class' && names[1] === 'net') {
    return device(host, names[2]!) === undefined ? null : vlink(() => `../../devices/virtual/net/${names[2]}`);
  }
  if (names[0] !== 'devices' || names[1] !== 'virtual' || names[2] !== 'net') return null;
  const d = device(host, names[3]!);
  if (d === undefined) return null;
  const rest = names.slice(4);
  if (rest.length === 0) return vdir(() => [...Object.keys(FILES), 'statistics'].sort(), 0o755);
  if (rest.length === 1 && rest[0] === 'statistics') return vdir(() => Object.keys(STATS), 0o755);
  if (rest.length === 2 && rest[0] === 'statistics') {
    const stat = STATS[rest[1]!];
    return stat === undefined ? null : vfile(() => `${stat(d.stats)}\n`, 0o444, 4096);
  }
  const file = rest.length === 1 ? FILES[rest[0]!] : undefined;
  return file === undefined ? null : { type: 'file', mode: 0o444, size: 4096, read: () => file(d, host) };
}

const device = (host: Host, name: string): Dev | undefined => host.kernel.devByName(name);
