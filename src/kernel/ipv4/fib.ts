// Routing tables and the lookup: longest prefix, then lowest metric, over rules and tables. Linux counterpart: fib_trie.c, fib_rules.c, fib_frontend.c.
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import { isLoopback, maskOf } from '../../wire/ipv4';
import type { Errno } from '../../lib/errno';

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw' | 'multicast' | 'anycast';
export const TABLE = { LOCAL: 255, MAIN: 254, DEFAULT: 253 } as const;
export const SCOPE = { UNIVERSE: 0, SITE: 200, LINK: 253, HOST: 254, NOWHERE: 255 } as const;
/** Who put a route there (rt_protos). */
export const PROTO = { UNSPEC: 0, REDIRECT: 1, KERNEL: 2, BOOT: 3, STATIC: 4 } as const;

/** One route. Plain data; frozen once it is in a table, so that forks share it. */
export interface Route {
  table: number;
  type: RouteType;
  dst: Ip;
  prefix: number;
  /** Gateway or 0. */
  gw: Ip;
  /** Output ifindex; 0 for blackhole and friends. */
  dev: number;
  /** Preferred source (RTA_PREFSRC) or 0. */
  src: Ip;
  scope: number;
  proto: number;
  metric: number;
  tos: number;
  mtu: number;
  onlink: boolean;
  /** Other metrics (RTAX_ADVMSS, RTAX_WINDOW, RTAX_RTT in ms); shown, without effect. */
  advmss?: number;
  window?: number;
  rtt?: number;
}

/** One policy rule (ip rule). */
export interface Rule {
  pref: number;
  src: Ip;
  srcPrefix: number;
  dst: Ip;
  dstPrefix: number;
  iif: string;
  oif: string;
  mark: number;
  markMask: number;
  tos: number;
  not: boolean;
  action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit';
  table: number;
}

/** Default rules 0 local, 32766 main, 32767 default. */
export function defaultRules(): Rule[] {
  const rule = (pref: number, table: number): Rule => Object.freeze({
    pref, src: 0, srcPrefix: 0, dst: 0, dstPrefix: 0, iif: '', oif: '', mark: 0, markMask: 0, tos: 0, not: false, action: 'lookup', table,
  } satisfies Rule);
  return [rule(0, TABLE.LOCAL), rule(32766, TABLE.MAIN), rule(32767, TABLE.DEFAULT)];
}

/** What a lookup needs to know besides the destination. */
export interface Flow {
  src: Ip;
  iif: string;
  oif: number;
  mark: number;
  /** Type of service, if it takes part. */
  tos?: number;
}

const NO_FLOW: Flow = { src: 0, iif: '', oif: 0, mark: 0 };
/** IPTOS_RT_MASK: the bits of a packet's type of service that routing looks at. */
export const TOS_RT_MASK = 0x1c;

/** fib_lookup: the route for `dst`, or null (no route). The result may be of type blackhole, unreachable or prohibit. */
export function fibLookup(k: Kernel, dst: Ip, flow: Flow = NO_FLOW): Route | null {
  if (!k.policyRules && flow.oif === 0 && !flow.tos) {
    const slot = Math.imul(dst, 0x9e3779b1) >>> 24;
    const known = k.fibCache[slot];
    if (known !== undefined && k.fibCacheDst[slot] === dst) return known;
    const found = redirected(k, dst, lookupTables(k, dst, flow));
    k.fibCacheDst[slot] = dst;
    k.fibCache[slot] = found;
    return found;
  }
  return lookupTables(k, dst, flow);
}

function lookupTables(k: Kernel, dst: Ip, flow: Flow): Route | null {
  for (const rule of k.rules) {
    if (ruleMatches(rule, dst, flow) === rule.not) continue;
    if (rule.action === 'unreachable') return null; // FR_ACT_UNREACHABLE is ENETUNREACH, as if there were no route
    if (rule.action !== 'lookup') {
      return routeOf({ table: 0, type: rule.action, dst: 0, prefix: 0, proto: PROTO.UNSPEC });
    }
    const table = k.tables.get(rule.table);
    if (table === undefined) continue;
    const r = lookupTable(k, table, dst, flow.oif, flow.tos ?? 0);
    if (r === null) continue;
    if (r.type === 'throw') continue;
    return r;
  }
  return null;
}

/** A next-hop exception learned from an ICMP redirect takes the place of the gateway while it lasts. */
function redirected(k: Kernel, dst: Ip, r: Route | null): Route | null {
  if (k.redirected.size === 0 || r === null || r.gw === 0) return r;
  const x = k.redirected.get(dst);
  if (x === undefined || x.until <= k.world.clock.now) return r;
  return routeOf({ ...r, dst, prefix: 32, gw: x.gw, proto: PROTO.REDIRECT });
}

/** What a new route says, and the rest filled in. Written out field by field, so that all routes have one shape: every hop reads some. */
export function routeOf(g: Partial<Route> & { dst: Ip; prefix: number }): Route {
  const r: Route = {
    table: g.table ?? TABLE.MAIN, type: g.type ?? 'unicast', dst: g.dst, prefix: g.prefix, gw: g.gw ?? 0, dev: g.dev ?? 0, src: g.src ?? 0, scope: g.scope ?? 0,
    proto: g.proto ?? PROTO.BOOT, metric: g.metric ?? 0, tos: g.tos ?? 0, mtu: g.mtu ?? 0, onlink: g.onlink ?? false,
  };
  if (g.advmss !== undefined) r.advmss = g.advmss;
  if (g.window !== undefined) r.window = g.window;
  if (g.rtt !== undefined) r.rtt = g.rtt;
  return r;
}

function ruleMatches(r: Rule, dst: Ip, flow: Flow): boolean {
  return (
    (r.srcPrefix === 0 || ((flow.src ^ r.src) & maskOf(r.srcPrefix)) === 0) &&
    (r.dstPrefix === 0 || ((dst ^ r.dst) & maskOf(r.dstPrefix)) === 0) &&
    (r.iif === '' || r.iif === flow.iif) &&
    (r.oif === '' || flow.oif !== 0) &&
    (r.tos === 0 || r.tos === (flow.tos ?? 0)) &&
    ((r.mark === 0 && r.markMask === 0) || (flow.mark & r.markMask) === (r.mark & r.markMask))
  );
}

/** Tables are kept sorted: longest prefix first, then lowest metric, then order of adding. */
function lookupTable(k: Kernel, routes: readonly Route[], dst: Ip, oif: number, tos: number): Route | null {
  for (const r of routes) {
    if (((dst ^ r.dst) & maskOf(r.prefix)) !== 0) continue;
    if (r.tos !== 0 && r.tos !== tos) continue;
    if (oif !== 0 && r.dev !== oif) continue;
    if (r.dev !== 0 && !routeUsable(k, r)) continue;
    return r;
  }
  return null;
}

function routeUsable(k: Kernel, r: Route): boolean {
  if (r.type === 'local' || r.type === 'broadcast') return true;
  const dev = k.devByIndex(r.dev);
  return dev !== undefined && dev.up;
}

/** Routes of a table in kernel order (empty when it does not exist). */
export function tableRoutes(k: Kernel, table: number): readonly Route[] {
  return k.tables.get(table) ?? [];
}

const sameKey = (a: Route, b: Route): boolean => a.dst === b.dst && a.prefix === b.prefix && a.metric === b.metric && a.tos === b.tos;
const same = (a: Route, b: Route): boolean => sameKey(a, b) && a.type === b.type && a.gw === b.gw && a.dev === b.dev && a.scope === b.scope && a.src === b.src;

/** How a route is added: NLM_F_* flags of RTM_NEWROUTE. */
export interface AddFlags {
  /** Fails with EEXIST when destination, metric and tos are taken (default for `ip route add` and SIOCADDRT). */
  exclusive?: boolean;
  replace?: boolean;
  append?: boolean;
}

/** Adds a route (fib_table_insert). Null, or EEXIST, ENETUNREACH (gateway not on-link), ENODEV, ENETDOWN, EINVAL. */
export function routeAdd(k: Kernel, given: Partial<Route> & { dst: Ip; prefix: number }, flags: AddFlags = { exclusive: true }): Errno | null {
  const r = routeOf(given);
  const bad = checkNextHop(k, r, given.scope === undefined);
  if (bad !== null) return bad;
  Object.freeze(r);
  let routes = k.tables.get(r.table);
  if (routes === undefined) {
    routes = [];
    k.tables.set(r.table, routes);
  }
  const taken = routes.findIndex((x) => sameKey(x, r));
  if (taken >= 0) {
    if (flags.replace) {
      routes[taken] = r;
      fibChanged(k);
      return null;
    }
    if (flags.exclusive) return 'EEXIST';
    if (routes.some((x) => same(x, r))) return 'EEXIST';
  }
  insertSorted(routes, r, flags.append === true);
  fibChanged(k);
  return null;
}

/** fib_check_nh: fills device and scope of a next hop and verifies that a gateway is on-link. */
function checkNextHop(k: Kernel, r: Route, fillScope: boolean): Errno | null {
  if (r.type === 'local' || r.type === 'broadcast') return null;
  if (r.type !== 'unicast') {
    r.dev = 0;
    if (fillScope) r.scope = SCOPE.UNIVERSE;
    return null;
  }
  if (r.gw !== 0) {
    if (fillScope) r.scope = SCOPE.UNIVERSE;
    if (r.onlink) return r.dev === 0 ? 'ENODEV' : null;
    const via = lookupTables(k, r.gw, { src: 0, iif: '', oif: r.dev, mark: 0 });
    if (via === null || (via.type !== 'unicast' && via.type !== 'local')) return 'ENETUNREACH';
    if (via.scope < SCOPE.LINK && via.gw !== 0) return 'ENETUNREACH';
    if (r.dev === 0) r.dev = via.dev;
    const dev = k.devByIndex(r.dev);
    if (dev === undefined) return 'ENODEV';
    return dev.up ? null : 'ENETDOWN';
  }
  const dev = k.devByIndex(r.dev);
  if (dev === undefined) return 'ENODEV';
  if (!dev.up) return 'ENETDOWN';
  if (fillScope) r.scope = SCOPE.LINK;
  return null;
}

function insertSorted(routes: Route[], r: Route, append: boolean): void {
  let i = 0;
  while (i < routes.length) {
    const x = routes[i]!;
    if (x.prefix < r.prefix) break;
    if (x.prefix === r.prefix) {
      const order = (x.dst >>> 0) - (r.dst >>> 0);
      if (order > 0) break;
      if (order === 0 && (x.metric > r.metric || (x.metric === r.metric && !append))) break;
    }
    i++;
  }
  routes.splice(i, 0, r);
}

/** What identifies a route to delete; absent fields match anything. */
export type RouteMatch = Partial<Pick<Route, 'type' | 'gw' | 'dev' | 'metric' | 'src' | 'scope' | 'proto' | 'table'>> & { dst: Ip; prefix: number };

/** Deletes the first route that matches (fib_table_delete). Null, or ESRCH. */
export function routeDelete(k: Kernel, m: RouteMatch): Errno | null {
  const routes = k.tables.get(m.table ?? TABLE.MAIN) ?? [];
  const i = routes.findIndex(
    (r) =>
      r.dst === m.dst && r.prefix === m.prefix &&
      (m.type === undefined || r.type === m.type) && (m.gw === undefined || r.gw === m.gw) && (m.dev === undefined || r.dev === m.dev) &&
      (m.metric === undefined || r.metric === m.metric) && (m.src === undefined || r.src === m.src) &&
      (m.scope === undefined || r.scope === m.scope) && (m.proto === undefined || r.proto === m.proto),
  );
  if (i < 0) return 'ESRCH';
  routes.splice(i, 1);
  fibChanged(k);
  return null;
}

/** Forgets cached lookups after any change of routes, rules, addresses or devices. */
export function fibChanged(k: Kernel): void {
  if (k.fibCache.length > 0) k.fibCache = [];
  k.routeGeneration++;
  k.localFilter = 0;
  for (const ip of k.localIps.keys()) k.localFilter |= filterBits(ip);
  for (const r of tableRoutes(k, TABLE.LOCAL)) k.localFilter |= r.prefix === 32 ? filterBits(r.dst) : isLoopback(r.dst) && r.prefix >= 8 ? filterBits(LOOPBACK) : -1;
}

const LOOPBACK = 0x7f000001;

/** The two bits of `Kernel.localFilter` that an address of table local sets; all of 127.0.0.0/8 share theirs. */
function filterBits(ip: Ip): number {
  const h = Math.imul(isLoopback(ip) ? LOOPBACK : ip, 0x9e3779b1);
  return (1 << (h >>> 27)) | (1 << (h >>> 22));
}

/** Removes routes for which `gone` holds, in every table. */
export function routePurge(k: Kernel, gone: (r: Route) => boolean): void {
  for (const [id, routes] of k.tables) k.tables.set(id, routes.filter((r) => !gone(r)));
  fibChanged(k);
}

/** False when `ip` is neither configured here nor in table local; true says nothing. */
export function maybeLocal(k: Kernel, ip: Ip): boolean {
  const bits = filterBits(ip);
  return (k.localFilter & bits) === bits;
}

/** inet_addr_type: what kind of destination an address is for this host. */
export function addressType(k: Kernel, ip: Ip): RouteType {
  if (ip === 0 || ip === -1) return 'broadcast';
  if ((ip & 0xf0000000) === (0xe0000000 | 0)) return 'multicast';
  if (!maybeLocal(k, ip)) return 'unicast';
  const r = lookupTable(k, tableRoutes(k, TABLE.LOCAL), ip, 0, 0);
  return r === null ? 'unicast' : r.type;
}

/** True for an address that this host would receive itself. */
export const isLocal = (k: Kernel, ip: Ip): boolean => addressType(k, ip) === 'local';
