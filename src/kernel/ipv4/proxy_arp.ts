// Published addresses: what `arp -Ds ADDRESS IF pub` and `ip neigh add proxy` make, and the questions they let a forwarding host answer for others.
// Linux counterpart: pneigh_lookup, pneigh_delete in net/core/neighbour.c, arp_fwd_proxy in net/ipv4/arp.c.
import { Conf, type Dev } from '../core/dev';
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import { fibLookup } from './fib';

/** A published address; `dev` 0 answers on every device. */
export interface ProxyNeighbour { ip: Ip; dev: number }

/** pneigh_hash: one of sixteen chains by the bytes of the address. */
function chain(ip: Ip): number {
  let h = ((ip >>> 24) | ((ip >>> 8) & 0xff00) | ((ip << 8) & 0xff0000) | (ip << 24)) >>> 0;
  h ^= h >>> 16;
  h ^= h >>> 8;
  h ^= h >>> 4;
  return h & 15;
}

/** Publishes an address; nothing when it is already. */
export function proxyAdd(k: Kernel, ip: Ip, dev: number): void {
  if (!k.proxyNeighbours.some((p) => p.ip === ip && p.dev === dev)) k.proxyNeighbours.unshift({ ip, dev });
}

/** Takes an address back; false when it was not published. */
export function proxyDelete(k: Kernel, ip: Ip, dev: number): boolean {
  const left = k.proxyNeighbours.filter((p) => p.ip !== ip || p.dev !== dev);
  const found = left.length < k.proxyNeighbours.length;
  k.proxyNeighbours = left;
  return found;
}

/** Published addresses in the order of the kernel's dump: chain by chain, the newest first. */
export const proxyList = (k: Kernel): readonly ProxyNeighbour[] => [...k.proxyNeighbours].sort((a, b) => chain(a.ip) - chain(b.ip));

/** pneigh_lookup. */
const published = (k: Kernel, dev: Dev, ip: Ip): boolean => k.proxyNeighbours.some((p) => p.ip === ip && (p.dev === 0 || p.dev === dev.index));

/** True when a forwarding host answers for an address that lies behind another device: proxy_arp is on, or the address is published. */
export function proxies(k: Kernel, dev: Dev, sip: Ip, tip: Ip): boolean {
  if (dev.conf[Conf.forwarding] === 0) return false;
  if (!k.confOr(dev, Conf.proxy_arp) && !published(k, dev, tip)) return false;
  const r = fibLookup(k, tip, { src: sip, iif: dev.name, oif: 0, mark: 0 });
  return r !== null && r.type === 'unicast' && r.dev !== dev.index;
}
