// The old interface to addresses and flags, used by ifconfig: ioctls on an interface or alias name. Linux counterpart: devinet_ioctl() in
// net/ipv4/devinet.c and dev_ifsioc() in net/core/dev_ioctl.c.
import type { Errno } from '../../lib/errno';
import { maskOf, prefixOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { type Address, type Dev, IFF } from '../core/dev';
import { neighbourFlush } from '../core/neighbour';
import type { Kernel } from '../kernel';
import { addressAdd, addressDelete, devDown, devUp } from './devinet';
import { ipipLoad } from './ipip';

/** dev_load: asking for a device by its name loads the module with the alias netdev-NAME. */
export function devLoad(k: Kernel, name: string): void {
  if (name === 'tunl0') ipipLoad(k);
}

/** The device a name or alias name (eth0:1) belongs to; dev_load comes first. */
export function ioctlDev(k: Kernel, name: string): Dev | undefined {
  const colon = name.indexOf(':');
  const device = colon < 0 ? name : name.slice(0, colon);
  devLoad(k, device);
  return k.devByName(device);
}

/** The address that carries a label, as SIOCGIFADDR finds it. */
export function labelled(dev: Dev, label: string): Address | undefined {
  return dev.addresses.find((a) => a.label === label);
}

/** inet_abc_len: classful prefix length; -1 for class D and E. */
export function classPrefix(ip: Ip): number {
  if (ip === -1 || ip >>> 24 === 0) return 0;
  const top = ip >>> 24;
  if (top < 128) return 8;
  if (top < 192) return 16;
  return top < 224 ? 24 : -1;
}

/** Takes an address out and puts a changed one in, as the ioctls do (inet_del_ifa with destroy=0, inet_insert_ifa). */
function change(k: Kernel, dev: Dev, old: Address, next: Address): Errno | null {
  addressDelete(k, dev, old.local, old.prefix, old.label);
  return put(k, dev, next);
}

function put(k: Kernel, dev: Dev, a: Address): Errno | null {
  if (a.local === 0) return null; // 0.0.0.0 only removes
  return addressAdd(k, dev, { local: a.local, prefix: a.prefix, label: a.label, scope: a.scope, broadcast: a.broadcast, peer: a.peer });
}

const hostPart = (prefix: number): Ip => ~maskOf(prefix);

/** SIOCSIFADDR: sets (or replaces) the address a name carries, with the mask of its class. Null, ENODEV, EINVAL, EEXIST. */
export function siocsifaddr(k: Kernel, name: string, ip: Ip): Errno | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return 'ENODEV';
  const prefix = classPrefix(ip);
  if (prefix < 0) return 'EINVAL';
  const old = labelled(dev, name);
  if (old !== undefined) {
    if (old.local === ip) return null;
    addressDelete(k, dev, old.local, old.prefix, old.label);
  }
  const ptp = (dev.flags & IFF.POINTOPOINT) !== 0;
  const brd = !ptp && (dev.flags & IFF.BROADCAST) !== 0 && prefix < 31 ? ip | hostPart(prefix) : 0;
  const scope = ip >>> 24 === 127 ? 254 : 0;
  return put(k, dev, { local: ip, peer: ip, prefix: ptp ? 32 : prefix, broadcast: brd, scope, label: name, secondary: false });
}

/** SIOCSIFNETMASK. Null, ENODEV, EADDRNOTAVAIL, EINVAL (a mask with holes). */
export function siocsifnetmask(k: Kernel, name: string, mask: Ip): Errno | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return 'ENODEV';
  const a = labelled(dev, name);
  if (a === undefined) return 'EADDRNOTAVAIL';
  const prefix = prefixOf(mask);
  if (prefix < 0) return 'EINVAL';
  if (prefix === a.prefix) return null;
  let broadcast = a.broadcast;
  if ((dev.flags & IFF.BROADCAST) !== 0 && prefix < 31 && broadcast === (a.local | hostPart(a.prefix))) broadcast = a.local | hostPart(prefix);
  return change(k, dev, a, { ...a, prefix, broadcast });
}

/** SIOCSIFBRDADDR. Null, ENODEV, EADDRNOTAVAIL. */
export function siocsifbrdaddr(k: Kernel, name: string, broadcast: Ip): Errno | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return 'ENODEV';
  const a = labelled(dev, name);
  if (a === undefined) return 'EADDRNOTAVAIL';
  return a.broadcast === broadcast ? null : change(k, dev, a, { ...a, broadcast });
}

/** SIOCSIFDSTADDR: the peer of a point-to-point address. Null, ENODEV, EADDRNOTAVAIL, EINVAL. */
export function siocsifdstaddr(k: Kernel, name: string, peer: Ip): Errno | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return 'ENODEV';
  const a = labelled(dev, name);
  if (a === undefined) return 'EADDRNOTAVAIL';
  if (classPrefix(peer) < 0) return 'EINVAL';
  return a.peer === peer ? null : change(k, dev, a, { ...a, peer });
}

/** Flags as the kernel reports them (dev_get_flags): RUNNING follows the carrier. */
export function devFlags(dev: Dev): number {
  return (dev.flags & ~IFF.RUNNING) | (dev.running ? IFF.RUNNING : 0);
}

/** Flags user space may set besides UP, PROMISC and ALLMULTI. */
const SETTABLE = IFF.DEBUG | IFF.NOTRAILERS | IFF.NOARP | IFF.MULTICAST;

/** dev_change_flags: opens or closes the device and sets what may be set; other bits are ignored. */
export function devChangeFlags(k: Kernel, dev: Dev, flags: number): Errno | null {
  const settable = SETTABLE | IFF.PROMISC | IFF.ALLMULTI;
  const noarp = (dev.flags ^ flags) & IFF.NOARP;
  dev.flags = (dev.flags & ~settable) | (flags & settable);
  if (noarp !== 0) neighbourFlush(k, dev);
  if (((dev.flags ^ flags) & IFF.UP) !== 0) {
    if ((flags & IFF.UP) === 0) devDown(k, dev);
    else return devUp(k, dev);
  }
  return null;
}

/** SIOCSIFFLAGS: on an alias, clearing UP deletes the alias. Null, ENODEV, EADDRNOTAVAIL. */
export function siocsifflags(k: Kernel, name: string, flags: number): Errno | null {
  const dev = ioctlDev(k, name);
  if (dev === undefined) return 'ENODEV';
  if (!name.includes(':')) return devChangeFlags(k, dev, flags);
  const a = labelled(dev, name);
  if (a === undefined) return 'EADDRNOTAVAIL';
  if ((flags & IFF.UP) === 0) addressDelete(k, dev, a.local, a.prefix, a.label);
  return null;
}
