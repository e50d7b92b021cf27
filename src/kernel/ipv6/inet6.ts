// IPv6's state of one host: settings, addresses, routing tables, counters. Linux counterpart: struct netns_ipv6, inet6_dev, inet6_ifaddr.
// Addresses are ids of the world's Ip6Table. A host starts with IPv6 off (disable_ipv6 1), as the labs want it.
import type { Route } from '../ipv4/fib';
import type { Ip } from '../../wire/packet';

/** Per-interface settings the kernel acts on (net.ipv6.conf.IFACE.*): positions in `Dev.conf6`, `Inet6.confAll`, `Inet6.confDefault`. */
export const CONF6 = ['accept_dad', 'addr_gen_mode', 'dad_transmits', 'disable_ipv6', 'forwarding', 'hop_limit', 'keep_addr_on_down'] as const;
export type Conf6Name = (typeof CONF6)[number];
/** Position of a setting by name. */
export const Conf6 = Object.freeze(Object.fromEntries(CONF6.map((n, i) => [n, i]))) as Readonly<Record<Conf6Name, number>>;

/** Values of a freshly booted host; `all` and devices without neighbour discovery differ in accept_dad. */
export function conf6Defaults(acceptDad = 1): Int32Array {
  const c = new Int32Array(CONF6.length);
  c[Conf6.accept_dad] = acceptDad;
  c[Conf6.dad_transmits] = 1;
  c[Conf6.disable_ipv6] = 1;
  c[Conf6.hop_limit] = 64;
  return c;
}

/** One IPv6 address of a device (struct inet6_ifaddr). */
export interface Address6 {
  local: Ip;
  /** Prefix length 0..128. */
  prefix: number;
  /** As rt_scope: 0 global, 200 site, 253 link, 254 host. */
  scope: number;
  /** Its uniqueness is not yet proven: it is neither source nor destination of anything. */
  tentative: boolean;
  /** Another host has it (IFA_F_DADFAILED). */
  dadFailed: boolean;
  /** IFA_F_NODAD: given without the proof. */
  nodad: boolean;
  /** Next step of duplicate address detection, us (Infinity: none); probes left. */
  dadAt: number;
  dadProbes: number;
}

/** IPv6 of a host. */
export class Inet6 {
  /** The kernel is booted with IPv6 on (without ipv6.disable_ipv6=1); it stays so over reboots. */
  atBoot = false;
  confAll = conf6Defaults(0);
  confDefault = conf6Defaults();
  /** Tables local and main, in the order `ip -6 route` lists them: what lies within a prefix before the prefix. */
  tables = new Map<number, Route[]>();
  cache = new Map<number, Route | null>();
  /** Errors sent lately, by peer. */
  peers = new Map<Ip, { tokens: number; last: number }>();
  /** Path MTUs learned, by destination. */
  pathMtu = new Map<Ip, { mtu: number; until: number }>();
  /** MIB counters (/proc/net/snmp6 Ip6). */
  inReceives = 0;
  inAddrErrors = 0;
  inHdrErrors = 0;
  inNoRoutes = 0;
  inDelivers = 0;
  outRequests = 0;
  forwDatagrams = 0;

  /** net.ipv6.conf.all.forwarding: what alone decides whether packets are forwarded. */
  get forward(): boolean {
    return this.confAll[Conf6.forwarding] !== 0;
  }
}
