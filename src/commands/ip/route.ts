// ip route: routing tables. Counterpart: iproute2's ip/iproute.c.
// Not modelled: multipath, nexthop objects, encapsulation.
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import { fibChanged, PROTO, type Route, type RouteMatch, type RouteType, routeAdd, routeDelete, routePurge, SCOPE, TABLE, tableRoutes } from '../../kernel/ipv4/fib';
import { ipText, maskOf } from '../../wire/ipv4';
import { trieOrder } from '../net_tools/route_table';
import { address, command, device, flushed, garbage, type IpCall, IpError, IpNotModelled, type Prefix, prefix, print, refused, unsigned, within } from './args';
import { route6, wants6 } from './inet6';
import { protoName, readProto, readScope, readTable, scopeName, tableName } from './names';
import { routeGet } from './route_get';
import { ROUTE_USAGE } from './usage';

const COMMANDS = ['add', 'change', 'replace', 'prepend', 'append', 'test', 'delete', 'list', 'show', 'lst', 'get', 'flush', 'save', 'restore', 'showdump', 'help'];
const TYPES: readonly RouteType[] = ['unicast', 'local', 'broadcast', 'multicast', 'throw', 'unreachable', 'prohibit', 'blackhole'];

export function* ipRoute(c: IpCall): Op<number> {
  if (!c.a.more) return c.o.family === 'inet6' ? yield* route6(c, 'show') : yield* list(c, false);
  const word = c.a.take();
  const what = word === 'chg' ? 'change' : command(word, COMMANDS);
  if (wants6(c) && /^(add|change|replace|delete|list|show|lst|get|flush)$/.test(what)) return yield* route6(c, what === 'list' || what === 'lst' ? 'show' : what);
  switch (what) {
    case 'add':
    case 'change':
    case 'replace':
    case 'prepend':
    case 'append':
      return change(c, what);
    case 'delete':
      return remove(c);
    case 'list':
    case 'show':
    case 'lst':
      return yield* list(c, false);
    case 'flush':
      return yield* list(c, true);
    case 'get':
      return yield* routeGet(c, (r) => line(c, r, { table: TABLE.MAIN, dev: 0, via: null, proto: -1, scope: -1, type: '', src: null, metric: -1, root: null, match: null, exact: null, cache: false }));
    case 'help':
      yield* err(c.p, ROUTE_USAGE);
      return 255;
    case '':
      throw new IpError(`Command "${word}" is unknown, try "ip route help".\n`, 255);
    default:
      throw new IpNotModelled(`'ip route ${word}'`);
  }
}

interface Filter {
  /** null: all tables. */
  table: number | null;
  dev: number;
  via: number | null;
  proto: number;
  scope: number;
  type: string;
  src: number | null;
  metric: number;
  root: Prefix | null;
  match: Prefix | null;
  exact: Prefix | null;
  cache: boolean;
}

function readFilter(c: IpCall): Filter {
  const { a, k } = c;
  const f: Filter = { table: TABLE.MAIN, dev: 0, via: null, proto: -1, scope: -1, type: '', src: null, metric: -1, root: null, match: null, exact: null, cache: false };
  while (a.more) {
    const word = a.take();
    if (word === 'table') {
      const t = a.next();
      if (t === 'all') f.table = null;
      else if (t === 'cache') f.cache = true;
      else f.table = readTable(c.p, t);
    } else if (word === 'cached' || word === 'cloned' || word === 'cache') f.cache = true;
    else if (word === 'all') continue;
    else if (word === 'dev' || word === 'oif' || word === 'iif') f.dev = device(k, a.next()).index;
    else if (word === 'via') {
      const next = a.next();
      f.via = address(next === 'inet' ? a.next() : next);
    } else if (word === 'proto' || word === 'protocol') {
      const t = a.next();
      f.proto = t === 'all' ? -1 : readProto(t);
    } else if (word === 'scope') {
      const t = a.next();
      f.scope = t === 'all' ? -1 : readScope(t);
    } else if (word === 'type') f.type = a.next();
    else if (word === 'src') f.src = prefix(a.next()).ip;
    else if (word === 'metric' || word === 'priority' || word === 'preference') f.metric = unsigned(a.next(), 'invalid metric value');
    else if (word === 'root') f.root = prefix(a.next());
    else if (word === 'match') f.match = prefix(a.next());
    else if (word === 'exact') f.exact = prefix(a.next());
    else if (word === 'help') throw new IpError(ROUTE_USAGE, 255);
    else if ((TYPES as readonly string[]).includes(word)) f.type = word;
    else if (/^(from|tos|realms|vrf|mark|nhid|congctl)$/.test(word)) throw new IpNotModelled(`'${word}' in ip route show`);
    else {
      const text = word === 'to' ? a.next() : word;
      if (f.exact !== null) throw garbage('to', text);
      f.exact = text === 'root' || text === 'match' || text === 'exact' ? prefix(a.next()) : prefix(text);
    }
  }
  return f;
}

function wanted(f: Filter, r: Route): boolean {
  return (
    (f.dev === 0 || r.dev === f.dev) && (f.via === null || r.gw === f.via) && (f.proto < 0 || r.proto === f.proto) && (f.scope < 0 || r.scope === f.scope) &&
    (f.type === '' || r.type === f.type) && (f.src === null || r.src === f.src) && (f.metric < 0 || r.metric === f.metric) &&
    (f.root === null || (r.prefix >= f.root.prefix && within(r.dst, f.root))) && (f.match === null || (r.prefix <= f.match.prefix && ((r.dst ^ f.match.ip) & maskOf(r.prefix)) === 0)) &&
    (f.exact === null || (r.prefix === f.exact.prefix && r.dst === f.exact.ip))
  );
}

/** One route as a line; what the filter fixed is left out. */
function line(c: IpCall, r: Route, f: Filter): string {
  const d = c.k.devByIndex(r.dev);
  let text = r.type === 'unicast' && !c.o.details ? '' : `${r.type} `;
  text += r.prefix === 0 ? 'default ' : `${ipText(r.dst)}${r.prefix === 32 ? '' : `/${r.prefix}`} `;
  if (r.gw !== 0 && f.via === null) text += `via ${ipText(r.gw)} `;
  if (d !== undefined && f.dev === 0) text += `dev ${d.name} `;
  if (f.table === null && r.table !== TABLE.MAIN) text += `table ${tableName(c.p, r.table)} `;
  if ((r.proto !== PROTO.BOOT || c.o.details) && f.proto < 0) text += `proto ${protoName(r.proto)} `;
  if ((r.scope !== SCOPE.UNIVERSE || c.o.details) && f.scope < 0) text += `scope ${scopeName(r.scope)} `;
  if (r.src !== 0 && f.src === null) text += `src ${ipText(r.src)} `;
  if (r.metric !== 0) text += `metric ${r.metric} `;
  if (r.onlink) text += 'onlink ';
  if (d !== undefined && d.up && !d.carrier && r.type === 'unicast') text += 'linkdown ';
  if (r.mtu !== 0) text += `mtu ${r.mtu} `;
  if (r.window !== undefined) text += `window ${r.window} `;
  if (r.rtt !== undefined) text += `rtt ${r.rtt}ms `;
  if (r.advmss !== undefined) text += `advmss ${r.advmss} `;
  return `${text}\n`;
}

function* list(c: IpCall, flush: boolean): Op<number> {
  const { k } = c;
  if (flush && !c.a.more) throw new IpError('"ip route flush" requires arguments.\n', 1);
  const f = readFilter(c);
  if (f.cache) {
    if (flush) {
      k.redirected.clear();
      k.pathMtu.clear();
      fibChanged(k);
    }
    return 0;
  }
  if (c.o.family === 'inet6') return 0;
  if (f.table !== null && !k.tables.has(f.table)) throw new IpError('Error: ipv4: FIB table does not exist.\nDump terminated\n', 2);
  const ids = f.table === null ? [...k.tables.keys()].sort((a, b) => a - b) : [f.table];
  const lines: string[] = [];
  for (const id of ids) for (const r of trieOrder(tableRoutes(k, id))) if (wanted(f, r)) lines.push(line(c, r, f));
  if (flush) routePurge(k, (r) => ids.includes(r.table) && wanted(f, r));
  yield* flush ? flushed(c, lines) : print(c, lines);
  return 0;
}

/** What a person wrote about one route; absent fields were not said. */
interface Written {
  type: RouteType | null;
  dst: Prefix | null;
  gw: number;
  dev: string;
  src: number;
  metric: number;
  scope: number;
  proto: number;
  table: number;
  mtu: number;
  window: number;
  rtt: number;
  advmss: number;
  onlink: boolean;
}

function readRoute(c: IpCall): Written {
  const { a } = c;
  const w: Written = { type: null, dst: null, gw: 0, dev: '', src: 0, metric: 0, scope: -1, proto: -1, table: -1, mtu: 0, window: 0, rtt: 0, advmss: 0, onlink: false };
  const metric = (why: string): number => {
    const first = a.next();
    return unsigned(first === 'lock' ? a.next() : first, `"${why}" value is invalid\n`);
  };
  while (a.more) {
    const word = a.take();
    if (word === 'src') w.src = address(a.next());
    else if (word === 'via') {
      const next = a.next();
      if (next === 'inet6') throw new IpNotModelled('an IPv6 gateway of an IPv4 route');
      w.gw = address(next === 'inet' ? a.next() : next);
    } else if (word === 'from' || word === 'as' || word === 'tos' || word === 'dsfield' || word === 'realms' || word === 'nexthop' || word === 'nhid' || word === 'encap') {
      throw new IpNotModelled(`'${word}' of a route`);
    } else if (word === 'metric' || word === 'priority' || word === 'preference') w.metric = unsigned(a.next(), '"metric" value is invalid\n');
    else if (word === 'scope') w.scope = readScope(a.next());
    else if (word === 'mtu') w.mtu = metric('mtu');
    else if (word === 'advmss') w.advmss = metric('mss');
    else if (word === 'window') w.window = metric('window');
    else if (word === 'rtt') w.rtt = Number.parseInt(a.next(), 10);
    else if (/^(hoplimit|reordering|rto_min|rttvar|ssthresh|cwnd|initcwnd|initrwnd|features|quickack|congctl|expires|fastopen_no_cookie|pref|weight|ttl-propagate|pervasive)$/.test(word)) {
      throw new IpNotModelled(`'${word}' of a route`);
    } else if (word === 'onlink') w.onlink = true;
    else if (word === 'proto' || word === 'protocol') w.proto = readProto(a.next());
    else if (word === 'table') w.table = readTable(c.p, a.next());
    else if (word === 'dev' || word === 'oif') w.dev = a.next();
    else if (word === 'help') throw new IpError(ROUTE_USAGE, 255);
    else {
      let text = word === 'to' ? a.next() : word;
      if ((TYPES as readonly string[]).includes(text) && a.more) {
        w.type = text as RouteType;
        text = a.next();
      }
      if (w.dst !== null) throw garbage('to', text);
      w.dst = prefix(text);
    }
  }
  return w;
}

function tableOf(w: Written): number {
  if (w.table >= 0) return w.table === 0 ? TABLE.MAIN : w.table;
  return w.type === 'local' || w.type === 'broadcast' ? TABLE.LOCAL : TABLE.MAIN;
}

/** iproute_modify for the commands that add: scope as iproute2 fills it in, then RTM_NEWROUTE. */
function change(c: IpCall, what: 'add' | 'change' | 'replace' | 'prepend' | 'append'): number {
  const { k } = c;
  const w = readRoute(c);
  const dst = w.dst ?? { ip: 0, prefix: 0, given: true };
  const dev = w.dev === '' ? 0 : device(k, w.dev).index;
  if ((dst.ip & ~maskOf(dst.prefix)) !== 0) throw refused('EINVAL', 'Invalid prefix for given prefix length.');
  const type = w.type ?? 'unicast';
  let scope = w.scope;
  if (scope < 0) {
    if (type === 'local') scope = SCOPE.HOST;
    else if (type === 'broadcast' || type === 'multicast') scope = SCOPE.LINK;
    else scope = type === 'unicast' && w.gw === 0 ? SCOPE.LINK : SCOPE.UNIVERSE;
  }
  const table = tableOf(w);
  const exists = tableRoutes(k, table).some((r) => r.dst === dst.ip && r.prefix === dst.prefix && r.metric === w.metric && r.tos === 0);
  const given: Partial<Route> & { dst: number; prefix: number } = {
    table, type, dst: dst.ip, prefix: dst.prefix, gw: w.gw, dev, src: w.src, scope, metric: w.metric, proto: w.proto < 0 ? PROTO.BOOT : w.proto, mtu: w.mtu, onlink: w.onlink,
  };
  if (w.advmss !== 0) given.advmss = w.advmss;
  if (w.window !== 0) given.window = w.window;
  if (w.rtt !== 0) given.rtt = w.rtt;
  if (w.src !== 0 && !k.localIps.has(w.src)) throw refused('EINVAL', 'Invalid prefsrc address.');
  if (what === 'change' && !exists) throw refused('ENOENT');
  const e = routeAdd(k, given, what === 'add' ? { exclusive: true } : what === 'append' ? { append: true } : what === 'prepend' ? {} : { replace: true });
  if (e === 'ENETUNREACH') throw refused(e, 'Nexthop has invalid gateway.');
  if (e === 'ENETDOWN') throw refused(e, w.gw === 0 ? 'Device for nexthop is not up.' : undefined);
  if (e !== null) throw refused(e);
  return 0;
}

function remove(c: IpCall): number {
  const { k } = c;
  const w = readRoute(c);
  const dst = w.dst ?? { ip: 0, prefix: 0, given: true };
  const m: RouteMatch = { table: tableOf(w), dst: dst.ip, prefix: dst.prefix };
  if (w.type !== null) m.type = w.type;
  if (w.dev !== '') m.dev = device(k, w.dev).index;
  if (w.gw !== 0) m.gw = w.gw;
  if (w.metric !== 0) m.metric = w.metric;
  if (w.src !== 0) m.src = w.src;
  if (w.scope >= 0) m.scope = w.scope;
  if (w.proto >= 0) m.proto = w.proto;
  if ((dst.ip & ~maskOf(dst.prefix)) !== 0) throw refused('EINVAL', 'Invalid prefix for given prefix length.');
  const e = routeDelete(k, m);
  if (e !== null) throw refused(e);
  return 0;
}
