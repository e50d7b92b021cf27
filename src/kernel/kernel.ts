// One host's kernel: its state in one place. What boots is below; the packet path, with the why of each hook, is the table in netfilter/hooks.ts.
// Linux counterpart: struct net and what hangs on it.
import { CONF, Conf, Dev, IFF } from './core/dev';
import type { Neighbour } from './core/neighbour';
import { defaultRules, type Route, type Rule, TABLE } from './ipv4/fib';
import type { PacketSocket } from './core/packet_socket';
import type { ProxyNeighbour } from './ipv4/proxy_arp';
import type { RawSocket } from './ipv4/raw';
import type { Reassembly } from './ipv4/ip_fragment';
import { IpStats } from './ipv4/ip_stats';
import { Tcp } from './ipv4/tcp_state';
import { Udp } from './ipv4/udp_state';
import { Conf6, Inet6 } from './ipv6/inet6';
import type { IpVs } from './ipvs/ip_vs';
import { Netfilter } from './netfilter/hooks_state';
import type { World } from './world';

/** Default values of net.ipv4.conf.* on a freshly booted host (linux 6.1); conf.all alone refuses source routes. */
export function confDefaults(acceptSourceRoute = 0): Int32Array {
  const c = new Int32Array(CONF.length);
  c[Conf.accept_source_route] = acceptSourceRoute;
  c[Conf.accept_redirects] = 1;
  c[Conf.send_redirects] = 1;
  c[Conf.secure_redirects] = 1;
  c[Conf.shared_media] = 1;
  c[Conf.arp_evict_nocarrier] = 1;
  c[Conf.igmpv2_unsolicited_report_interval] = 10000;
  c[Conf.igmpv3_unsolicited_report_interval] = 1000;
  return c;
}

/** SNMP counters by name (/proc/net/snmp, /proc/net/netstat). */
export type Counters = Record<string, number>;

/** A kernel. Plain data; the files of this floor act on it. */
export class Kernel {
  static readonly blank = (k: Kernel): Kernel => new Kernel(k.world, k.index, k.hostname);
  // What every frame that reaches a host looks at stands first, together in memory: a broadcast goes to a thousand hosts.
  /** Devices in order of creation; index 1 is lo. */
  devs: Dev[] = [];
  /** How many packet sockets are open, so that nobody else pays for them. */
  taps = 0;
  /** Bits of a hash of this host's addresses and those in table local: most others are told from them without a lookup (ipv4/fib.ts maybeLocal). */
  localFilter = 0;
  netfilter = new Netfilter();

  hostname: string;
  domainname = '(none)';
  nextIfindex = 1;
  confAll = confDefaults();
  confDefault = confDefaults(1);
  /** Settings of conf.default that were written; a new device has them for its own. */
  confDefaultOwn = new Uint8Array(CONF.length);
  /** Other sysctls that differ from their defaults, by path (net/ipv4/tcp_syncookies). */
  sysctls = new Map<string, string>();
  /** net.ipv4.ip_forward (= conf.all.forwarding). */
  get ipForward(): boolean {
    return this.confAll[Conf.forwarding] !== 0;
  }
  defaultTtl = 64;

  // Routing
  tables = new Map<number, Route[]>([[TABLE.LOCAL, []], [TABLE.MAIN, []]]);
  rules: Rule[] = defaultRules();
  /** Rules differ from the default three, so lookups depend on more than the destination. */
  policyRules = false;
  /** Routes looked up lately: a slot by hash, the destination beside it. */
  fibCache: (Route | null)[] = [];
  fibCacheDst = new Int32Array(256);
  routeGeneration = 0;

  // Neighbours by slot, for their timers
  neighbours: (Neighbour | null)[] = [];
  freeNeighbours: number[] = [];
  /** Published addresses (ipv4/proxy_arp.ts), the newest first. */
  proxyNeighbours: ProxyNeighbour[] = [];

  /** Exact local addresses (inet_lookup_ifaddr), with how often each is configured. */
  localIps = new Map<number, number>();

  /** Packet sockets (tcpdump, arping). */
  packetSockets: (PacketSocket | null)[] = [];
  rawSockets: (RawSocket | null)[] = [];

  /** IPv6: settings, routes, counters. */
  ip6 = new Inet6();

  // Transports
  tcp = new Tcp();
  udp = new Udp();
  /** IPVS; null until the module ip_vs is loaded. */
  ipvs: IpVs | null = null;
  /** Mixed into the hash of IPVS services, 0..255: on Linux bits of a pointer, so an accident of each boot, as a MAC is of each card. */
  serviceHash = 0;

  /** Loaded modules, in order of loading. */
  modules: { name: string; size: number; usedBy: string[]; refs: number }[] = [];
  counters: Counters = {};
  ip = new IpStats();
  /** Datagrams being reassembled, by source/destination/protocol/id. */
  fragments = new Map<string, Reassembly>();
  /** ICMP errors and redirects sent lately, by peer (ipv4/icmp.ts peerOf). */
  peers = new Map<number, { tokens: number; last: number; redirects: number }>();
  /** First hops learned from redirects, by destination. */
  redirected = new Map<number, { gw: number; until: number }>();
  /** Path MTUs learned from ICMP, by destination. */
  pathMtu = new Map<number, { mtu: number; until: number }>();
  /** Kernel log: text and time (us). */
  dmesg: { at: number; text: string; level: number }[] = [];
  /** Next IP identification. */
  ipId = 1;
  /** When it booted, virtual us. */
  bootedAt: number;

  constructor(readonly world: World, readonly index: number, hostname: string) {
    this.hostname = hostname;
    this.bootedAt = world.clock.now;
  }

  /** A kernel as it starts: what is an accident of each boot is drawn, and there is a loopback device. */
  static start(world: World, index: number, hostname: string): Kernel {
    const k = new Kernel(world, index, hostname);
    k.serviceHash = world.rng.below(`ipvs-service-hash/${index}`, 256);
    // Hosts count their initial sequence numbers from different places, or a SYN and its SYN-ACK would carry the same one.
    k.tcp.isn = world.rng.below(`tcp-isn/${index}`, 0x7fffffff);
    k.addDev('lo', 'loopback');
    return k;
  }

  /** Registers a device; it starts down (lo is brought up by whoever boots the host). */
  addDev(name: string, kind: Dev['kind']): Dev {
    const d = new Dev(this.nextIfindex++, name, kind, this.confDefault.slice(), this.ip6.confDefault.slice());
    d.confOwn.set(this.confDefaultOwn);
    if (kind === 'loopback') {
      d.flags = IFF.LOOPBACK;
      d.conf[Conf.disable_xfrm] = 1;
      d.conf[Conf.disable_policy] = 1;
      d.conf6[Conf6.accept_dad] = -1;
      d.mtu = 65536;
    } else if (kind === 'ether' || kind === 'dummy') d.flags = IFF.BROADCAST | IFF.MULTICAST;
    else {
      d.flags = IFF.NOARP;
      d.mtu = 1480;
    }
    if (kind === 'dummy') d.flags = IFF.BROADCAST | IFF.NOARP;
    this.devs.push(d);
    return d;
  }

  devByIndex(index: number): Dev | undefined {
    const d = this.devs[index - 1];
    return d !== undefined && d.index === index ? d : this.devFound(index);
  }

  /** Once devices have gone, an index no longer says where one stands. (Apart, because a closure costs a function memory at every call, made or not.) */
  private devFound(index: number): Dev | undefined {
    return this.devs.find((x) => x.index === index);
  }

  devByName(name: string): Dev | undefined {
    return this.devs.find((d) => d.name === name);
  }

  newNeighbourSlot(): number {
    const free = this.freeNeighbours.pop();
    if (free !== undefined) return free;
    this.neighbours.push(null);
    return this.neighbours.length - 1;
  }

  /** Adds to a SNMP counter such as 'Ip.InReceives' or 'TcpExt.IPReversePathFilter'. */
  count(name: string, by = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + by;
  }

  /** printk: a line for dmesg and /var/log/messages. */
  printk(text: string, level = 6): void {
    this.dmesg.push({ at: this.world.clock.now - this.bootedAt, text, level });
    if (this.dmesg.length > 1000) this.dmesg.shift();
  }

  /** Effective value of a setting whose rule is the maximum of conf.all and conf.IFACE (arp_ignore, arp_announce, rp_filter, arp_notify). */
  confMax(dev: Dev, key: number): number {
    const a = this.confAll[key]!;
    const d = dev.conf[key]!;
    return a > d ? a : d;
  }

  /** Effective value of a setting whose rule is OR (send_redirects, accept_local, log_martians, proxy_arp, arp_filter). */
  confOr(dev: Dev, key: number): boolean {
    return this.confAll[key] !== 0 || dev.conf[key] !== 0;
  }
}
