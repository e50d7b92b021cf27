// Puts a topology's IPv6 settings on booted hosts. Linux counterpart: `ip -6 addr` and `ip -6 route`.
import { address6Add } from '../kernel/ipv6/addrconf';
import { route6Add } from '../kernel/ipv6/ip6_fib';
import type { Kernel } from '../kernel/kernel';

/** Gives a device an address written as `A/N`; what was wrong, or null. */
export function giveAddress6(k: Kernel, devName: string, text: string): string | null {
  const [ip, bits] = text.split('/');
  const dev = k.devByName(devName);
  const local = k.world.ip6.intern(ip ?? '');
  if (dev === undefined || local === null) return 'EINVAL';
  return address6Add(k, dev, local, bits === undefined ? 128 : Number(bits));
}

/** Adds a route to `dst` (`default` or A/N) by the keywords `value` knows: via, dev, metric. */
export function addRoute6(k: Kernel, dst: string, type: 'unreachable' | 'blackhole' | 'prohibit' | undefined, value: (key: string) => string | undefined): string | null {
  const [ip, bits] = dst === 'default' ? ['::', '0'] : dst.split('/');
  const to = k.world.ip6.intern(ip ?? '');
  const via = value('via');
  const gw = via === undefined ? 0 : k.world.ip6.intern(via);
  if (to === null || gw === null) return 'EINVAL';
  const devName = value('dev');
  const metric = value('metric');
  return route6Add(k, {
    dst: to, prefix: bits === undefined ? 128 : Number(bits), gw, dev: devName === undefined ? 0 : (k.devByName(devName)?.index ?? 0),
    ...(type === undefined ? {} : { type }), ...(metric === undefined ? {} : { metric: Number(metric) }),
  });
}
