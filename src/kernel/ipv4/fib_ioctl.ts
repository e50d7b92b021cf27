// The old interface to the main routing table, used by route(8): SIOCADDRT and SIOCDELRT with a struct rtentry.
// Linux counterpart: rtentry_to_fib_config() and ip_rt_ioctl() in net/ipv4/fib_frontend.c.
import type { Errno } from '../../lib/errno';
import { maskOf, prefixOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { ioctlDev, labelled } from './devinet_ioctl';
import { addressType, type Route, type RouteMatch, routeAdd, routeDelete, SCOPE, TABLE } from './fib';

/** struct rtentry. */
export interface RtEntry {
  dst: Ip;
  mask: Ip;
  host: boolean;
  gateway: Ip;
  /** RTF_GATEWAY was said, even with a gateway 0.0.0.0. */
  viaGateway: boolean;
  reject: boolean;
  /** Interface or alias name; '' when none was said. */
  dev: string;
  metric: number;
  /** 0 when not said. */
  mss: number;
  window: number;
  irtt: number;
}

interface Config {
  prefix: number;
  dev: number;
  src: Ip;
  scope: number | null;
}

function config(k: Kernel, rt: RtEntry): Config | Errno {
  let prefix = 32;
  if (!rt.host) {
    prefix = prefixOf(rt.mask);
    if (prefix < 0 || (rt.dst & ~maskOf(prefix)) !== 0) return 'EINVAL';
  }
  if (rt.reject) return { prefix, dev: 0, src: 0, scope: SCOPE.HOST };
  let dev = 0;
  let src = 0;
  if (rt.dev !== '') {
    const d = ioctlDev(k, rt.dev);
    if (d === undefined) return 'ENODEV';
    dev = d.index;
    if (rt.dev.includes(':')) {
      const a = labelled(d, rt.dev);
      if (a === undefined) return 'ENODEV';
      src = a.local;
    }
  }
  const scope = rt.gateway !== 0 && rt.viaGateway && addressType(k, rt.gateway) === 'unicast' ? SCOPE.UNIVERSE : null;
  return { prefix, dev, src, scope };
}

/** SIOCADDRT. Null, EEXIST, ENETUNREACH, ENODEV, ENETDOWN, EINVAL. */
export function siocaddrt(k: Kernel, rt: RtEntry): Errno | null {
  const c = config(k, rt);
  if (typeof c === 'string') return c;
  const base: Partial<Route> & { dst: Ip; prefix: number } = { table: TABLE.MAIN, dst: rt.dst, prefix: c.prefix, metric: rt.metric };
  if (rt.reject) return routeAdd(k, { ...base, type: 'unreachable', scope: SCOPE.HOST }, {});
  if (rt.viaGateway && rt.gateway === 0) return 'EINVAL';
  if (rt.mss !== 0) base.advmss = rt.mss - 40;
  if (rt.window !== 0) base.window = rt.window;
  if (rt.irtt !== 0) base.rtt = rt.irtt;
  return routeAdd(k, { ...base, dev: c.dev, gw: rt.gateway, src: c.src, scope: c.scope ?? SCOPE.LINK }, {});
}

/** SIOCDELRT: deletes the first route of that destination, type, gateway and device. Null, ESRCH, EINVAL, ENODEV. */
export function siocdelrt(k: Kernel, rt: RtEntry): Errno | null {
  const c = config(k, rt);
  if (typeof c === 'string') return c;
  const m: RouteMatch = { table: TABLE.MAIN, dst: rt.dst, prefix: c.prefix, type: rt.reject ? 'unreachable' : 'unicast' };
  if (c.scope !== null) m.scope = c.scope;
  if (rt.metric !== 0) m.metric = rt.metric;
  if (rt.gateway !== 0) m.gw = rt.gateway;
  if (c.dev !== 0) m.dev = c.dev;
  if (c.src !== 0) m.src = c.src;
  return routeDelete(k, m);
}
