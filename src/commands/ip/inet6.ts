// IPv6 in ip's addresses, routes and neighbours. Counterpart: iproute2's ipaddress.c, iproute.c, ipneigh.c with AF_INET6, and net/ipv6/addrconf.c, route.c.
// Not modelled: lifetimes, temporary addresses, multipath, router preferences other than medium.
import type { Op } from '../../host/process';
import type { Dev } from '../../kernel/core/dev';
import { PROTO, type Route, type RouteType, TABLE } from '../../kernel/ipv4/fib';
import { address6Add, address6Delete } from '../../kernel/ipv6/addrconf';
import type { Address6 } from '../../kernel/ipv6/inet6';
import { fib6Lookup, PRIO, route6Add, route6Delete, route6Purge, routeSource6, table6 } from '../../kernel/ipv6/ip6_fib';
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';
import { device, type IpCall, IpError, IpNotModelled, print, refused, unsigned } from './args';
import { protoName, readTable, scopeName, tableName } from './names';

const TYPES: readonly RouteType[] = ['unicast', 'local', 'broadcast', 'multicast', 'throw', 'unreachable', 'prohibit', 'blackhole', 'anycast'];

/** An IPv6 prefix a person wrote; null when it is none. */
export function readPrefix6(c: IpCall, word: Bytes): { ip: Ip; prefix: number } | null {
  if (word === 'default' || word === 'any' || word === 'all') return { ip: 0, prefix: 0 };
  const [text = '', bits, more] = word.split('/');
  const ip = text.includes(':') ? c.k.world.ip6.intern(text) : null;
  if (ip === null || more !== undefined || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > 128))) return null;
  return { ip, prefix: bits === undefined ? 128 : Number(bits) };
}

function prefix6(c: IpCall, word: Bytes): { ip: Ip; prefix: number } {
  const r = readPrefix6(c, word);
  if (r === null) throw new IpError(`Error: inet6 prefix is expected rather than "${word}".\n`, 1);
  return r;
}

function address6(c: IpCall, word: Bytes): Ip {
  const r = c.k.world.ip6.intern(word);
  if (r === null) throw new IpError(`Error: inet6 address is expected rather than "${word}".\n`, 1);
  return r;
}

/** True when a command line is about IPv6: -6, or a word that only IPv6 has. */
export const wants6 = (c: IpCall): boolean => c.o.family === 'inet6' || (c.o.family === '' && c.a.words.some((w) => w.includes(':') && readPrefix6(c, w) !== null));

/** `inet6 A/N scope S [flags]`, without the lifetimes. */
export function address6Text(c: IpCall, x: Address6): string {
  return `inet6 ${c.k.world.ip6.text(x.local)}/${x.prefix} scope ${scopeName(x.scope)} ${x.nodad ? 'nodad ' : ''}${x.dadFailed ? 'dadfailed ' : ''}${x.tentative ? 'tentative ' : ''}`;
}

/** ip -6 address add, replace, delete. */
export function change6(c: IpCall, what: 'add' | 'replace' | 'delete'): number {
  const { a, k } = c;
  let dev = '';
  let local: { ip: Ip; prefix: number } | null = null;
  let nodad = false;
  while (a.more) {
    const word = a.take();
    if (word === 'dev') dev = a.next();
    else if (word === 'nodad') nodad = true;
    else if (word === 'scope') a.next(); // an IPv6 address has the scope of its kind
    else if (/^(anycast|metric|valid_lft|preferred_lft|home|mngtmpaddr|noprefixroute|autojoin|proto|peer|broadcast|brd|label)$/.test(word)) throw new IpNotModelled(`'${word}' of an IPv6 address`);
    else local = prefix6(c, word === 'local' ? a.next() : word);
  }
  if (dev === '') throw new IpError('Not enough information: "dev" argument is required.\n', 1);
  const d = device(k, dev);
  if (local === null) throw refused('EOPNOTSUPP');
  if (what === 'replace' && d.addresses6.some((x) => x.local === local.ip)) return 0;
  const e = what === 'delete' ? address6Delete(k, d, local.ip, local.prefix) : address6Add(k, d, local.ip, local.prefix, nodad);
  if (e !== null) throw refused(e);
  return 0;
}

/** Addresses of a device that fit `scope` (-1: any); `flush` takes them away. */
export const addresses6 = (d: Dev, scope: number): Address6[] => d.addresses6.filter((x) => scope < 0 || x.scope === scope);

/** ip -6 route. */
export function* route6(c: IpCall, what: string): Op<number> {
  if (what === 'get') return yield* get(c);
  const { a, k } = c;
  let table = -1;
  let all = false;
  let dev = '';
  let gw = 0;
  let metric = 0;
  let mtu = 0;
  let onlink = false;
  let type: RouteType | null = null;
  let dst: { ip: Ip; prefix: number } | null = null;
  while (a.more) {
    const word = a.take();
    if (word === 'table') {
      const t = a.next();
      if (t === 'all') all = true;
      else table = readTable(c.p, t);
    } else if (word === 'dev' || word === 'oif') dev = a.next();
    else if (word === 'via') {
      const next = a.next();
      gw = address6(c, next === 'inet6' ? a.next() : next);
    } else if (word === 'metric' || word === 'priority' || word === 'preference') metric = unsigned(a.next(), '"metric" value is invalid\n');
    else if (word === 'mtu') mtu = unsigned(a.next(), '"mtu" value is invalid\n');
    else if (word === 'onlink') onlink = true;
    else if (word === 'proto' || word === 'protocol') a.next();
    else if (/^(src|from|nexthop|nhid|encap|expires|pref|hoplimit|advmss|root|match|exact|type|scope|cache|cached)$/.test(word)) throw new IpNotModelled(`'${word}' of an IPv6 route`);
    else if ((TYPES as readonly string[]).includes(word)) type = word as RouteType;
    else dst = prefix6(c, word === 'to' ? a.next() : word);
  }
  const index = dev === '' ? 0 : device(k, dev).index;
  if (what === 'show' || what === 'flush') {
    const wanted = (r: Route): boolean => (all || r.table === (table < 0 ? TABLE.MAIN : table)) && (index === 0 || r.dev === index) && (gw === 0 || r.gw === gw) && (type === null || r.type === type) && (dst === null || (r.dst === dst.ip && r.prefix === dst.prefix));
    if (what === 'flush') route6Purge(k, wanted);
    else yield* print(c, [TABLE.MAIN, TABLE.LOCAL].flatMap((id) => table6(k, id).filter(wanted).map((r) => line(c, r, all, index === 0))));
    return 0;
  }
  const to = dst ?? { ip: 0, prefix: 0 };
  if (k.world.ip6.masked(to.ip, to.prefix) !== to.ip) throw refused('EINVAL', 'Invalid prefix for given prefix length.');
  const where = table > 0 ? table : TABLE.MAIN;
  if (what === 'delete') {
    const e = route6Delete(k, { table: where, dst: to.ip, prefix: to.prefix, ...(type === null ? {} : { type }), ...(gw === 0 ? {} : { gw }), ...(index === 0 ? {} : { dev: index }), ...(metric === 0 ? {} : { metric }) });
    if (e !== null) throw refused(e);
    return 0;
  }
  const exists = table6(k, where).some((r) => r.dst === to.ip && r.prefix === to.prefix);
  if (what === 'change' && !exists) throw refused('ENOENT');
  const e = route6Add(k, { table: where, type: type ?? 'unicast', dst: to.ip, prefix: to.prefix, gw, dev: index, metric: metric || PRIO.USER, proto: PROTO.BOOT, mtu, onlink }, what === 'replace' || what === 'change');
  if (e !== null) throw refused(e);
  return 0;
}

/** One route as a line. */
function line(c: IpCall, r: Route, withTable: boolean, withDev: boolean): string {
  const t = c.k.world.ip6;
  let text = r.type === 'unicast' && !c.o.details ? '' : `${r.type} `;
  text += r.prefix === 0 ? 'default ' : `${t.text(r.dst)}${r.prefix === 128 ? '' : `/${r.prefix}`} `;
  if (r.gw !== 0) text += `via ${t.text(r.gw)} `;
  const d = c.k.devByIndex(r.dev);
  if (d !== undefined && withDev) text += `dev ${d.name} `;
  else if (r.dev === 0) text += 'dev lo ';
  if (withTable && r.table !== TABLE.MAIN) text += `table ${tableName(c.p, r.table)} `;
  if (r.proto !== PROTO.BOOT || c.o.details) text += `proto ${protoName(r.proto)} `;
  text += `metric ${r.metric} `;
  if (r.mtu !== 0) text += `mtu ${r.mtu} `;
  return `${text}pref medium\n`;
}

function* get(c: IpCall): Op<number> {
  const { a, k } = c;
  let oif = 0;
  let dst: Ip | null = null;
  while (a.more) {
    const word = a.take();
    if (word === 'oif' || word === 'dev') oif = device(k, a.next()).index;
    else if (/^(from|iif|mark|tos|dsfield|notify|connected|vrf|uid|fibmatch|ipproto|sport|dport)$/.test(word)) throw new IpNotModelled(`'${word}' in ip -6 route get`);
    else dst = prefix6(c, word === 'to' ? a.next() : word).ip;
  }
  if (dst === null) throw new IpError('need at least a destination address\n', 1);
  const r = fib6Lookup(k, dst, oif);
  if (r === null) throw refused('ENETUNREACH');
  if (r.type === 'unreachable') throw refused('EHOSTUNREACH');
  if (r.type === 'prohibit') throw refused('EACCES');
  if (r.type === 'blackhole') throw refused('EINVAL');
  const t = k.world.ip6;
  let text = `${r.type === 'unicast' ? '' : `${r.type} `}${t.text(dst)} from :: `;
  if (r.gw !== 0) text += `via ${t.text(r.gw)} `;
  text += `dev ${r.type === 'local' ? 'lo' : k.devByIndex(r.dev)?.name ?? '*'} `;
  if (r.table !== TABLE.MAIN) text += `table ${tableName(c.p, r.table)} `;
  if (r.proto !== PROTO.BOOT) text += `proto ${protoName(r.proto)} `;
  yield* print(c, [`${text}src ${t.text(routeSource6(k, r, dst))} metric ${r.metric} pref medium\n`]);
  return 0;
}
