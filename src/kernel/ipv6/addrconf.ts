// IPv6 addresses of devices: given by hand or made of the MAC, proven unique, with the routes that follow. Linux counterpart: net/ipv6/addrconf.c.
// Not modelled: autoconfiguration from routers, lifetimes, temporary and optimistic addresses; multicast listener reports.
import type { Errno } from '../../lib/errno';
import { type Dev, IFF } from '../core/dev';
import { neighbourFlush } from '../core/neighbour';
import { PROTO, SCOPE, TABLE } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import { Ev, type World } from '../world';
import { isMulticast6, linkLocalOf, scope6, solicitedNode } from '../../wire/ipv6';
import type { Ip } from '../../wire/packet';
import { type Address6, Conf6 } from './inet6';
import { fib6Changed, PRIO, route6Add, route6Delete, route6Purge } from './ip6_fib';
import { nsSend } from './ndisc';

/** Longest wait before the first probe, and between probes, us (MAX_RTR_SOLICITATION_DELAY, RETRANS_TIMER). */
const DAD_SPREAD_US = 1_000_000;
const DAD_RETRANS_US = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

/** IPv6 is enabled on a device. */
export const ip6On = (dev: Dev): boolean => dev.conf6[Conf6.disable_ipv6] === 0;

/** Scope as `ip` names it, by the kind of address. */
function rtScope(k: Kernel, ip: Ip): number {
  const s = scope6(k.world.ip6, ip);
  return k.world.ip6.text(ip) === '::1' ? SCOPE.HOST : s === 2 ? SCOPE.LINK : s === 5 ? SCOPE.SITE : SCOPE.UNIVERSE;
}

/** inet6_addr_add: null, or EACCES (IPv6 is off here), EEXIST, EADDRNOTAVAIL (a group or ::), EINVAL (prefix). */
export function address6Add(k: Kernel, dev: Dev, local: Ip, prefix: number, nodad = false): Errno | null {
  const t = k.world.ip6;
  if (prefix < 0 || prefix > 128) return 'EINVAL';
  if (!ip6On(dev)) return 'EACCES';
  if (local === 0 || isMulticast6(t, local) || (t.text(local) === '::1' && (dev.flags & IFF.LOOPBACK) === 0)) return 'EADDRNOTAVAIL';
  if (dev.addresses6.some((a) => a.local === local)) return 'EEXIST';
  const a: Address6 = { local, prefix, scope: rtScope(k, local), tentative: true, dadFailed: false, nodad, dadAt: NEVER, dadProbes: 0 };
  // The wider its scope the nearer the head; of one scope the newest is first.
  const wide = scope6(t, local);
  const at = dev.addresses6.findIndex((x) => wide >= scope6(t, x.local));
  dev.addresses6.splice(at < 0 ? dev.addresses6.length : at, 0, a);
  if (dev.up) {
    prefixRoute(k, dev, a);
    dadStart(k, dev, a);
  }
  fib6Changed(k);
  return null;
}

function prefixRoute(k: Kernel, dev: Dev, a: Address6): void {
  if (a.scope === SCOPE.HOST) return;
  route6Add(k, { dst: a.local, prefix: a.prefix, dev: dev.index, proto: PROTO.KERNEL, metric: PRIO.ADDRCONF });
}

/** inet6_addr_del: null, or EADDRNOTAVAIL. */
export function address6Delete(k: Kernel, dev: Dev, local: Ip, prefix: number): Errno | null {
  const t = k.world.ip6;
  const i = dev.addresses6.findIndex((a) => a.local === local && a.prefix === prefix);
  if (i < 0) return 'EADDRNOTAVAIL';
  const [gone] = dev.addresses6.splice(i, 1);
  route6Delete(k, { table: TABLE.LOCAL, dst: local, prefix: 128, dev: dev.index, type: 'local' });
  anycast(k, dev, gone!, false);
  if (!dev.addresses6.some((a) => a.prefix === prefix && t.samePrefix(a.local, local, prefix))) {
    route6Delete(k, { dst: local, prefix, dev: dev.index, metric: PRIO.ADDRCONF, type: 'unicast' });
  }
  fib6Changed(k);
  return null;
}

/** addrconf_dad_start: the address waits to be proven, unless the device or the settings ask for no proof. */
function dadStart(k: Kernel, dev: Dev, a: Address6): void {
  const off = (dev.conf6[Conf6.accept_dad]! < 1 && k.ip6.confAll[Conf6.accept_dad]! < 1) || dev.conf6[Conf6.dad_transmits]! < 1;
  if (off || a.nodad || (dev.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0) {
    dadDone(k, dev, a);
    return;
  }
  a.tentative = true;
  a.dadProbes = dev.conf6[Conf6.dad_transmits]!;
  a.dadAt = k.world.clock.now + k.world.rng.below(`dad/${k.index}`, DAD_SPREAD_US);
  k.world.clock.push(a.dadAt, Ev.addrconf, k.index, dev.index, null);
}

/** addrconf_dad_completed: the address is ours; its local route makes it answer. */
function dadDone(k: Kernel, dev: Dev, a: Address6): void {
  a.tentative = false;
  a.dadAt = NEVER;
  route6Add(k, { table: TABLE.LOCAL, type: 'local', dst: a.local, prefix: 128, dev: dev.index, proto: PROTO.KERNEL, metric: 0 });
  if (dev.conf6[Conf6.forwarding] !== 0) anycast(k, dev, a, true);
}

/** addrconf_dad_failure: somebody else has it. It stays, tentative for good. */
export function dadFailure(k: Kernel, dev: Dev, a: Address6): void {
  a.dadFailed = true;
  a.dadAt = NEVER;
  k.printk(`IPv6: ${dev.name}: IPv6 duplicate address ${k.world.ip6.text(a.local)} used by another host detected!`, 6);
}

/** Handler of Ev.addrconf: the next probe of a tentative address of device `ifindex`, or the end of the wait. */
export function addrconfTimer(w: World, host: number, ifindex: number): void {
  const k = w.kernels[host]!;
  const dev = k.devByIndex(ifindex);
  if (dev === undefined || !dev.up) return;
  for (const a of dev.addresses6) {
    if (!a.tentative || a.dadAt > w.clock.now) continue;
    if (a.dadProbes === 0) {
      dadDone(k, dev, a);
      continue;
    }
    a.dadProbes--;
    a.dadAt = w.clock.now + DAD_RETRANS_US;
    w.clock.push(a.dadAt, Ev.addrconf, host, ifindex, null);
    nsSend(k, dev, a.local, solicitedNode(w.ip6, a.local), 0);
  }
}

/** The subnet-router anycast address (RFC 4291, 2.6.1) that a router has for each prefix. */
function anycast(k: Kernel, dev: Dev, a: Address6, on: boolean): void {
  if (a.prefix >= 127 || a.scope === SCOPE.HOST) return;
  const dst = k.world.ip6.masked(a.local, a.prefix);
  if (on) route6Add(k, { table: TABLE.LOCAL, type: 'anycast', dst, prefix: 128, dev: dev.index, proto: PROTO.KERNEL, metric: 0 });
  else route6Delete(k, { table: TABLE.LOCAL, type: 'anycast', dst, prefix: 128, dev: dev.index });
}

/** addrconf_notify NETDEV_UP: link-local address, routes of all addresses, group route. */
export function ip6DevUp(k: Kernel, dev: Dev): void {
  if (!ip6On(dev) || !dev.up) return;
  if (dev.kind === 'loopback') {
    if (dev.addresses6.length === 0) address6Add(k, dev, k.world.ip6.intern('::1')!, 128);
    return;
  }
  if (dev.kind !== 'ether' && dev.kind !== 'dummy') return;
  for (const a of dev.addresses6) {
    prefixRoute(k, dev, a);
    dadStart(k, dev, a);
  }
  route6Add(k, { table: TABLE.LOCAL, type: 'multicast', dst: k.world.ip6.intern('ff00::')!, prefix: 8, dev: dev.index, proto: PROTO.KERNEL, metric: PRIO.ADDRCONF });
  if (dev.conf6[Conf6.addr_gen_mode] === 0 && dev.mac !== 0) address6Add(k, dev, linkLocalOf(k.world.ip6, k.world.macs, dev.mac), 64);
}

/** addrconf_ifdown: routes, neighbours and (unless keep_addr_on_down) addresses go. */
export function ip6DevDown(k: Kernel, dev: Dev): void {
  neighbourFlush(k, dev, false, true);
  const keep = dev.conf6[Conf6.keep_addr_on_down]! > 0 && ip6On(dev);
  dev.addresses6 = keep ? dev.addresses6.filter((a) => a.scope !== SCOPE.LINK) : [];
  for (const a of dev.addresses6) {
    a.tentative = true;
    a.dadAt = NEVER;
  }
  route6Purge(k, (r) => r.dev === dev.index);
}

/** Turns IPv6 on for all devices of a host, present and future, as a kernel booted with it has it. */
export function ip6Enable(k: Kernel): void {
  k.ip6.atBoot = true;
  k.ip6.confAll[Conf6.disable_ipv6] = 0;
  k.ip6.confDefault[Conf6.disable_ipv6] = 0;
  for (const d of k.devs) {
    d.conf6[Conf6.disable_ipv6] = 0;
    ip6DevUp(k, d);
  }
}

/** addrconf_disable_ipv6 for one device (dev_disable_change). */
export function ip6Disable(k: Kernel, dev: Dev, off: boolean): void {
  if (off) ip6DevDown(k, dev);
  else ip6DevUp(k, dev);
}

/** dev_forward_change: a router has the anycast addresses of its prefixes. */
export function forwarding6Changed(k: Kernel, dev: Dev): void {
  const on = dev.conf6[Conf6.forwarding] !== 0;
  for (const a of dev.addresses6) if (!a.tentative) anycast(k, dev, a, on);
}
