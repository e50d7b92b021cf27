// Network devices. Linux counterpart: net/core/dev.c, struct net_device and struct in_device with its addresses (net/ipv4/devinet.c).
import type { Ip, Mac } from '../../wire/packet';
import type { Address6 } from '../ipv6/inet6';
import type { Neighbour } from './neighbour';

/** Interface flags (linux/if.h). */
export const IFF = {
  UP: 1, BROADCAST: 2, DEBUG: 4, LOOPBACK: 8, POINTOPOINT: 16, NOTRAILERS: 32, RUNNING: 64, NOARP: 128, PROMISC: 256, ALLMULTI: 512,
  MULTICAST: 4096,
} as const;

/** Per-interface IPv4 settings (net.ipv4.conf.IFACE.*): positions in `Dev.conf`, `Kernel.confAll`, `Kernel.confDefault`. */
export const CONF = [
  'accept_local', 'accept_redirects', 'accept_source_route', 'arp_accept', 'arp_announce', 'arp_evict_nocarrier', 'arp_filter', 'arp_ignore',
  'arp_notify', 'bc_forwarding', 'bootp_relay', 'disable_policy', 'disable_xfrm', 'drop_gratuitous_arp', 'drop_unicast_in_l2_multicast',
  'force_igmp_version', 'forwarding', 'igmpv2_unsolicited_report_interval', 'igmpv3_unsolicited_report_interval',
  'ignore_routes_with_linkdown', 'log_martians', 'mc_forwarding', 'medium_id', 'promote_secondaries', 'proxy_arp', 'proxy_arp_pvlan',
  'route_localnet', 'rp_filter', 'secure_redirects', 'send_redirects', 'shared_media', 'src_valid_mark', 'tag',
] as const;
export type ConfName = (typeof CONF)[number];
/** Position of a setting by name. */
export const Conf = Object.freeze(Object.fromEntries(CONF.map((n, i) => [n, i]))) as Readonly<Record<ConfName, number>>;

/** One IPv4 address of a device (struct in_ifaddr). */
export interface Address {
  local: Ip;
  /** Peer of a point-to-point address; equals `local` otherwise. */
  peer: Ip;
  /** Prefix length 0..32 of the mask. */
  prefix: number;
  /** Broadcast address; 0 when none is set. */
  broadcast: Ip;
  /** 'global' 0, 'link' 253, 'host' 254 or another number (rt_scope). */
  scope: number;
  /** Name shown by ifconfig: the device's own or an alias such as eth0:1. */
  label: string;
  /** IFA_F_SECONDARY: another primary address covers the same subnet. */
  secondary: boolean;
}

export type DevKind = 'ether' | 'loopback' | 'ipip' | 'dummy' | 'sit' | 'gre';

/** Counters of /proc/net/dev. */
export class DevStats {
  static readonly blank = (): DevStats => new DevStats();
  rxBytes = 0; rxPackets = 0; rxErrors = 0; rxDropped = 0; multicast = 0;
  txBytes = 0; txPackets = 0; txErrors = 0; txDropped = 0; txCarrier = 0; collisions = 0;
}

/** A network device. */
export class Dev {
  static readonly blank = (d: Dev): Dev => new Dev(d.index, d.name, d.kind, d.conf, d.conf6);
  // What every frame looks at stands first (as in Kernel).
  mac: Mac = 0;
  flags = 0;
  /** A cable is plugged in and the other end is there. */
  carrier = true;
  stats = new DevStats();
  /** Neighbour table of this device (ARP cache), by address; and IPv6's, by id. */
  neighbours = new Map<Ip, Neighbour>();
  neighbours6 = new Map<Ip, Neighbour>();
  /** net.ipv4.conf.IFACE.*, by `Conf`. */
  conf: Int32Array;
  broadcastMac: Mac = 1;
  mtu = 1500;
  txqueuelen = 1000;
  /** Queueing discipline: none until the device is first opened. */
  qdisc: 'noop' | 'noqueue' = 'noop';
  /** Segment it is plugged into, or -1, and the port there. */
  segment = -1;
  port = -1;
  addresses: Address[] = [];
  /** 1 where a setting no longer follows conf.default: it was written, or the device has had an address (ipv4_devconf.state). */
  confOwn = new Uint8Array(CONF.length);
  /** IPv6 addresses, and net.ipv6.conf.IFACE.* that the kernel acts on, by `Conf6` (ipv6/inet6.ts). */
  addresses6: Address6[] = [];
  conf6: Int32Array;
  /** Tunnel end points (ipip, gre); 0 is "any". */
  tunnelLocal: Ip = 0;
  tunnelRemote: Ip = 0;
  tunnelTtl = 0;
  /** Index of the lower device a tunnel is bound to, or 0. */
  link = 0;
  /** Lessons may make a link bad: share of frames lost (0..1) and extra one-way delay, us. */
  loss = 0;
  delayUs = 0;
  /** What the card sends at, bits a microsecond (Mbit/s); 0 is as fast as it likes. And when what it sends now is out, us. */
  rateMbit = 0;
  busyUntil = 0;

  constructor(
    /** ifindex, from 1 (lo). */
    readonly index: number,
    public name: string,
    readonly kind: DevKind,
    conf: Int32Array,
    conf6: Int32Array,
  ) {
    this.conf = conf;
    this.conf6 = conf6;
  }

  get up(): boolean {
    return (this.flags & IFF.UP) !== 0;
  }
  /** Up and with carrier: can carry traffic (IFF_RUNNING). */
  get running(): boolean {
    return (this.flags & IFF.UP) !== 0 && this.carrier;
  }
}
