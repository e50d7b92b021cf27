// Addresses on devices and what follows from them: local, broadcast and subnet routes; devices up and down.
// Linux counterpart: net/ipv4/devinet.c, fib_frontend.c (fib_add_ifaddr, fib_del_ifaddr).
import type { Errno } from '../../lib/errno';
import { type Address, Conf, type Dev, IFF } from '../core/dev';
import { neighbourFlush } from '../core/neighbour';
import { address6Delete, ip6DevDown, ip6DevUp } from '../ipv6/addrconf';
import type { Kernel } from '../kernel';
import { isGroupMac, parseMac } from '../../wire/ether';
import { maskOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { arpAnnounce } from './arp';
import { addressType, fibChanged, PROTO, type Route, routeAdd, routePurge, SCOPE, TABLE } from './fib';

/** What an address needs; the rest is derived. */
export type NewAddress = { local: Ip; prefix: number } & Partial<Address>;

const sameNet = (a: Address, b: { peer: Ip; prefix: number }): boolean => a.prefix === b.prefix && ((a.peer ^ b.peer) & maskOf(a.prefix)) === 0;

/** inet_insert_ifa: adds an address. Null, or EEXIST, EINVAL. Secondary when its subnet has a primary already. */
export function addressAdd(k: Kernel, dev: Dev, given: NewAddress): Errno | null {
  const a: Address = { peer: given.local, broadcast: 0, scope: SCOPE.UNIVERSE, label: dev.name, secondary: false, ...given };
  for (const x of dev.addresses) {
    if (!sameNet(x, a)) continue;
    if (x.local === a.local) return 'EEXIST';
    if (x.scope !== a.scope) return 'EINVAL';
    if (!x.secondary) a.secondary = true;
  }
  dev.confOwn.fill(1);
  const lastPrimary = dev.addresses.findLastIndex((x) => !x.secondary);
  if (a.secondary) dev.addresses.push(a);
  else dev.addresses.splice(lastPrimary + 1, 0, a);
  k.localIps.set(a.local, (k.localIps.get(a.local) ?? 0) + 1);
  addRoutes(k, dev, a); // on a device that is down only the local route: such an address still answers
  fibChanged(k);
  return null; // arp_notify speaks when a device comes up, not when it gets an address
}

/** fib_add_ifaddr: local and broadcast routes in table local, the subnet's in table main. */
function addRoutes(k: Kernel, dev: Dev, a: Address): void {
  let prefsrc = a.local;
  if (a.secondary) {
    const primary = dev.addresses.find((x) => !x.secondary && sameNet(x, a));
    if (primary === undefined) return;
    prefsrc = primary.local;
  }
  put(k, { table: TABLE.LOCAL, type: 'local', dst: a.local, prefix: 32, dev: dev.index, src: prefsrc, scope: SCOPE.HOST });
  if (!dev.up) return;
  if (a.broadcast !== 0 && a.broadcast !== -1) put(k, { table: TABLE.LOCAL, type: 'broadcast', dst: a.broadcast, prefix: 32, dev: dev.index, src: prefsrc, scope: SCOPE.LINK });
  const net = a.peer & maskOf(a.prefix);
  if (net !== 0 && !a.secondary && (net !== a.local || a.prefix < 32)) {
    const loop = (dev.flags & IFF.LOOPBACK) !== 0;
    put(k, { table: loop ? TABLE.LOCAL : TABLE.MAIN, type: loop ? 'local' : 'unicast', dst: net, prefix: a.prefix, dev: dev.index, src: prefsrc, scope: loop ? SCOPE.HOST : SCOPE.LINK });
    if (a.prefix < 31) {
      put(k, { table: TABLE.LOCAL, type: 'broadcast', dst: net | ~maskOf(a.prefix), prefix: 32, dev: dev.index, src: prefsrc, scope: SCOPE.LINK });
    }
  }
}

function put(k: Kernel, r: Partial<Route> & { dst: Ip; prefix: number }): void {
  // EEXIST only says that another address brought the same route already.
  routeAdd(k, { proto: PROTO.KERNEL, ...r }, { append: true });
}

/** inet_del_ifa: removes an address (with its secondaries unless promote_secondaries). Null, or EADDRNOTAVAIL. */
export function addressDelete(k: Kernel, dev: Dev, local: Ip, prefix?: number, label?: string): Errno | null {
  const i = dev.addresses.findIndex((a) => a.local === local && (prefix === undefined || a.prefix === prefix) && (label === undefined || a.label === label));
  if (i < 0) return 'EADDRNOTAVAIL';
  const gone = dev.addresses[i]!;
  const promote = k.confOr(dev, Conf.promote_secondaries);
  const removed: Address[] = [gone];
  dev.addresses.splice(i, 1);
  let promoted: Address | undefined;
  if (!gone.secondary) {
    const secondaries = dev.addresses.filter((a) => a.secondary && sameNet(a, gone));
    if (promote) {
      promoted = secondaries[0];
    } else {
      removed.push(...secondaries);
      dev.addresses = dev.addresses.filter((a) => !secondaries.includes(a));
    }
  }
  for (const a of removed) delRoutes(k, dev, a);
  if (promoted !== undefined) {
    const p = promoted;
    dev.addresses = dev.addresses.filter((a) => a !== p);
    p.secondary = false;
    dev.addresses.splice(dev.addresses.findLastIndex((x) => !x.secondary) + 1, 0, p);
    for (const a of dev.addresses) if (a === p || (a.secondary && sameNet(a, p))) if (dev.up) addRoutes(k, dev, a);
  }
  if (dev.addresses.length === 0) {
    // fib_disable_ip: with its last address a device stops speaking IP
    routePurge(k, (r) => r.dev === dev.index);
    neighbourFlush(k, dev, false);
  }
  fibChanged(k);
  return null;
}

/** fib_del_ifaddr: takes away what only this address justified. */
function delRoutes(k: Kernel, dev: Dev, a: Address): void {
  const left = (k.localIps.get(a.local) ?? 1) - 1;
  if (left === 0) k.localIps.delete(a.local);
  else k.localIps.set(a.local, left);
  const net = a.peer & maskOf(a.prefix);
  const netBroadcast = net | ~maskOf(a.prefix);
  const still = (ip: Ip): boolean => dev.addresses.some((x) => x.local === ip);
  const stillBroadcast = (ip: Ip): boolean => dev.addresses.some((x) => x.broadcast === ip || ((x.peer & maskOf(x.prefix)) | ~maskOf(x.prefix)) === ip);
  const subnetStays = dev.addresses.some((x) => !x.secondary && sameNet(x, a));
  const localGone = !k.localIps.has(a.local);
  routePurge(k, (r) => {
    if (r.table === TABLE.LOCAL && r.dev === dev.index && r.prefix === 32) {
      if (r.type === 'local' && r.dst === a.local) return !still(a.local);
      if (r.type === 'broadcast' && (r.dst === a.broadcast || r.dst === netBroadcast)) return !stillBroadcast(r.dst);
    }
    if (!a.secondary && !subnetStays && r.proto === PROTO.KERNEL && r.dev === dev.index && r.dst === net && r.prefix === a.prefix && r.src === a.local) return true;
    // fib_sync_down_addr: routes whose preferred source is no address of ours any more
    return localGone && r.src === a.local && r.src !== 0;
  });
}

/** dev_open: brings a device up; its addresses get their routes (not those a person added). */
export function devUp(k: Kernel, dev: Dev): Errno | null {
  if (dev.up) return null;
  dev.flags |= IFF.UP | (dev.carrier ? IFF.RUNNING : 0);
  dev.qdisc = 'noqueue';
  if (dev.kind === 'loopback' && dev.addresses.length === 0) addressAdd(k, dev, { local: 0x7f000001, prefix: 8, scope: SCOPE.HOST, label: 'lo' });
  for (const a of dev.addresses) addRoutes(k, dev, a);
  fibChanged(k);
  if (dev.kind === 'ether' && dev.running && k.confMax(dev, Conf.arp_notify) > 0) for (const a of dev.addresses) arpAnnounce(k, dev, a.local);
  ip6DevUp(k, dev);
  return null;
}

/** dev_close: takes a device down; every route by it and its neighbours go (fib_disable_ip). Local addresses stay configured. */
export function devDown(k: Kernel, dev: Dev): void {
  if (!dev.up) return;
  dev.flags &= ~(IFF.UP | IFF.RUNNING);
  // fib_disable_ip: routes of host scope stay, so the addresses of a closed device are still local
  routePurge(k, (r) => r.dev === dev.index && r.scope !== SCOPE.HOST);
  neighbourFlush(k, dev, false);
  ip6DevDown(k, dev);
  fibChanged(k);
}

/** A cable was plugged in or pulled: carrier changes (linkwatch). Neighbours go unless arp_evict_nocarrier is 0. */
export function setCarrier(k: Kernel, dev: Dev, on: boolean): void {
  if (dev.carrier === on) return;
  dev.carrier = on;
  if (on && dev.up) dev.flags |= IFF.RUNNING;
  else dev.flags &= ~IFF.RUNNING;
  if (!on && dev.conf[Conf.arp_evict_nocarrier] !== 0) neighbourFlush(k, dev, true);
  if (!on) neighbourFlush(k, dev, true, true);
  fibChanged(k);
}

/** Sets a hardware address. Null, or EINVAL / EADDRNOTAVAIL (a group address). */
export function devSetMac(k: Kernel, dev: Dev, text: string): Errno | null {
  const mac = parseMac(text);
  if (mac === null) return 'EINVAL';
  if (isGroupMac(mac)) return 'EADDRNOTAVAIL';
  dev.mac = k.world.macs.intern(mac);
  neighbourFlush(k, dev, true);
  neighbourFlush(k, dev, true, true);
  return null;
}

/** Sets an MTU. Null, or EINVAL outside what the device can do. */
export function devSetMtu(k: Kernel, dev: Dev, mtu: number): Errno | null {
  if (mtu < 68 || mtu > (dev.kind === 'loopback' ? 2147483647 : 65535)) return 'EINVAL';
  dev.mtu = mtu;
  fibChanged(k);
  return null;
}

/** Adds a device; EEXIST when the name is taken. */
export function devAdd(k: Kernel, name: string, kind: Dev['kind']): Dev | Errno {
  return k.devByName(name) !== undefined ? 'EEXIST' : k.addDev(name, kind);
}

/** Removes a device with all that hangs on it. */
export function devRemove(k: Kernel, dev: Dev): void {
  for (const a of [...dev.addresses]) addressDelete(k, dev, a.local, a.prefix);
  for (const a of [...dev.addresses6]) address6Delete(k, dev, a.local, a.prefix);
  devDown(k, dev);
  k.devs = k.devs.filter((d) => d !== dev);
  fibChanged(k);
}

/** True when `ip` may be a source here (bind). */
export const canBind = (k: Kernel, ip: Ip): boolean => ip === 0 || addressType(k, ip) === 'local' || k.sysctls.get('net/ipv4/ip_nonlocal_bind') === '1';

/** dev_change_name: renames a device and its labels. Null, or EINVAL, EEXIST, EBUSY (it is up). */
export function devSetName(k: Kernel, dev: Dev, name: string): Errno | null {
  if (dev.up) return 'EBUSY';
  if (name === '' || name.length > 15 || name === '.' || name === '..' || /[/:\s]/.test(name)) return 'EINVAL';
  if (name !== dev.name && k.devByName(name) !== undefined) return 'EEXIST';
  dev.name = name;
  dev.addresses.forEach((a, i) => {
    const colon = a.label.indexOf(':');
    a.label = i === 0 ? name : name + (colon < 0 ? `:${i + 1}` : a.label.slice(colon));
  });
  fibChanged(k);
  return null;
}
