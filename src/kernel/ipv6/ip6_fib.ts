// IPv6 routes and which source address fits a destination. Linux counterpart: net/ipv6/ip6_fib.c, route.c, addrconf.c (ipv6_dev_get_saddr, RFC 6724).
// Routes have the shape of IPv4's (ipv4/fib.ts) with ids for addresses. Not modelled: policy rules, multipath, router preference.
import type { Errno } from '../../lib/errno';
import type { Ip } from '../../wire/packet';
import type { Ip6Table } from '../../wire/ip6_table';
import { isLinkLocal6, isMulticast6, scope6 } from '../../wire/ipv6';
import { type Dev, IFF } from '../core/dev';
import { PROTO, type Route, type RouteMatch, routeOf, SCOPE, TABLE } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import type { Address6 } from './inet6';

/** Metrics of routes the kernel makes for prefixes, and of those a person adds (IP6_RT_PRIO_*). */
export const PRIO = { ADDRCONF: 256, USER: 1024 } as const;

/** Walk order of the kernel's tree: what lies within a prefix comes before it, else by address. */
function before(t: Ip6Table, a: Route, b: Route): boolean {
  if (a.dst === b.dst && a.prefix === b.prefix) return a.metric < b.metric;
  if (t.samePrefix(a.dst, b.dst, Math.min(a.prefix, b.prefix))) return a.prefix > b.prefix;
  for (let i = 0; i < 4; i++) {
    const [x, y] = [t.word(a.dst, i) >>> 0, t.word(b.dst, i) >>> 0];
    if (x !== y) return x < y;
  }
  return false;
}

function usable(k: Kernel, r: Route): boolean {
  if (r.dev === 0) return true;
  return k.devByIndex(r.dev)?.up === true;
}

/** The route to `dst`, or null. `oif` restricts it to one device; only link-local destinations depend on it. */
export function fib6Lookup(k: Kernel, dst: Ip, oif = 0): Route | null {
  if (oif !== 0) return lookup(k, dst, oif);
  const known = k.ip6.cache.get(dst);
  if (known !== undefined) return known;
  const found = lookup(k, dst, 0);
  if (k.ip6.cache.size > 8192) k.ip6.cache.clear();
  k.ip6.cache.set(dst, found);
  return found;
}

function lookup(k: Kernel, dst: Ip, oif: number): Route | null {
  const t = k.world.ip6;
  for (const table of [TABLE.LOCAL, TABLE.MAIN]) {
    for (const r of k.ip6.tables.get(table) ?? []) {
      if (!t.samePrefix(dst, r.dst, r.prefix) || !usable(k, r)) continue;
      if (oif !== 0 && r.dev !== oif && r.type !== 'local') continue;
      return r;
    }
  }
  return null;
}

/** True for an address that this host receives itself. */
export const isLocal6 = (k: Kernel, ip: Ip): boolean => {
  const r = fib6Lookup(k, ip);
  return r !== null && r.type === 'local';
};

/** Forgets cached lookups after any change of routes, addresses or devices. */
export function fib6Changed(k: Kernel): void {
  k.ip6.cache.clear();
  k.routeGeneration++;
}

/** Routes of a table in the order they are listed. */
export const table6 = (k: Kernel, table: number): readonly Route[] => k.ip6.tables.get(table) ?? [];

/** Adds a route. Null, or EEXIST, EHOSTUNREACH (gateway not on-link), EINVAL, ENODEV, ENETDOWN. `replace` takes the place of one to the same prefix. */
export function route6Add(k: Kernel, given: Partial<Route> & { dst: Ip; prefix: number }, replace = false): Errno | null {
  const t = k.world.ip6;
  const r = routeOf({ metric: PRIO.USER, ...given, dst: t.masked(given.dst, given.prefix) });
  const bad = checkNextHop(k, r);
  if (bad !== null) return bad;
  const routes = k.ip6.tables.get(r.table) ?? [];
  const taken = routes.findIndex((x) => x.dst === r.dst && x.prefix === r.prefix && x.metric === r.metric && (replace || x.type !== 'unicast' || r.type !== 'unicast' || (x.dev === r.dev && x.gw === r.gw) || r.proto !== PROTO.KERNEL));
  if (taken >= 0) {
    if (!replace) {
      const same = routes[taken]!;
      if (same.proto !== PROTO.KERNEL || (same.dev === r.dev && same.type === r.type)) return 'EEXIST';
    } else routes.splice(taken, 1);
  }
  let i = 0;
  while (i < routes.length && !before(t, r, routes[i]!)) i++;
  routes.splice(i, 0, r);
  k.ip6.tables.set(r.table, routes);
  fib6Changed(k);
  return null;
}

/** ip6_route_check_nh: a gateway must be reached without another one. */
function checkNextHop(k: Kernel, r: Route): Errno | null {
  if (r.type !== 'unicast') return null;
  if (r.gw !== 0) {
    if (isLocal6(k, r.gw)) return 'EINVAL';
    if (isLinkLocal6(k.world.ip6, r.gw) && r.dev === 0) return 'EINVAL';
    const via = fib6Lookup(k, r.gw, r.dev);
    if (!r.onlink && (via === null || via.type !== 'unicast' || via.gw !== 0)) return 'EHOSTUNREACH';
    if (r.dev === 0) r.dev = via?.dev ?? 0;
  }
  const dev = k.devByIndex(r.dev);
  if (dev === undefined) return 'ENODEV';
  return dev.up ? null : 'ENETDOWN';
}

/** Deletes the first route that matches. Null, or ESRCH. */
export function route6Delete(k: Kernel, m: RouteMatch): Errno | null {
  const routes = k.ip6.tables.get(m.table ?? TABLE.MAIN) ?? [];
  const dst = k.world.ip6.masked(m.dst, m.prefix);
  const i = routes.findIndex(
    (r) => r.dst === dst && r.prefix === m.prefix && (m.type === undefined || r.type === m.type) && (m.gw === undefined || r.gw === m.gw) && (m.dev === undefined || r.dev === m.dev) && (m.metric === undefined || r.metric === m.metric),
  );
  if (i < 0) return 'ESRCH';
  routes.splice(i, 1);
  fib6Changed(k);
  return null;
}

/** Removes routes for which `gone` holds, in every table. */
export function route6Purge(k: Kernel, gone: (r: Route) => boolean): void {
  for (const [id, routes] of k.ip6.tables) k.ip6.tables.set(id, routes.filter((r) => !gone(r)));
  fib6Changed(k);
}

/** An address that may be used as a source now. */
const ready = (a: Address6): boolean => !a.tentative;

/** The link-local address of a device; 0 when it has none that is ready. */
export const linkLocal6 = (dev: Dev): Ip => dev.addresses6.find((a) => a.scope === SCOPE.LINK && ready(a))?.local ?? 0;

/** ipv6_dev_get_saddr: the source for `dst` out of `dev`: itself, then a fitting scope, then the device's own, then the longest common prefix. 0: none. */
export function source6(k: Kernel, dev: Dev | undefined, dst: Ip): Ip {
  const t = k.world.ip6;
  const near = isMulticast6(t, dst) || isLinkLocal6(t, dst);
  const wanted = scope6(t, dst);
  let best = 0;
  let bestScore = -1;
  for (const d of k.devs) {
    if ((near && d !== dev) || !d.up) continue;
    for (const a of d.addresses6) {
      if (!ready(a)) continue;
      const scope = scope6(t, a.local);
      // Rule 2: the smallest scope that is still large enough; failing that, the largest.
      const fits = scope >= wanted ? 40 - scope : scope;
      const score = (a.local === dst ? 1e6 : 0) + fits * 10_000 + (d === dev ? 1000 : 0) + common(t, a.local, dst);
      if (score > bestScore && ((d.flags & IFF.LOOPBACK) === 0 || d === dev || a.scope !== SCOPE.HOST)) {
        bestScore = score;
        best = a.local;
      }
    }
  }
  return best;
}

/** Length of the prefix two addresses share. */
function common(t: Ip6Table, a: Ip, b: Ip): number {
  for (let i = 0; i < 4; i++) {
    const x = t.word(a, i) ^ t.word(b, i);
    if (x !== 0) return i * 32 + Math.clz32(x);
  }
  return 128;
}

/** Source address a packet to `dst` by route `r` gets. */
export function routeSource6(k: Kernel, r: Route, dst: Ip): Ip {
  if (r.type === 'local') return dst;
  return r.src !== 0 ? r.src : source6(k, k.devByIndex(r.dev), dst);
}
