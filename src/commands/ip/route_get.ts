// ip route get: what the kernel would do with one packet. Counterpart: iproute2's ip/iproute.c (iproute_get) and net/ipv4/route.c (inet_rtm_getroute).
import type { Op } from '../../host/process';
import { protocolByName } from '../../host/resolve';
import { err } from '../../host/syscall';
import { Conf } from '../../kernel/core/dev';
import { fibLookup, isLocal, type Route, TABLE, TOS_RT_MASK } from '../../kernel/ipv4/fib';
import { routeSource } from '../../kernel/ipv4/source';
import { redirects } from '../../kernel/ipv4/ip_forward';
import { routeOutput } from '../../kernel/ipv4/ip_output';
import { REFUSED, sourceRefused } from '../../kernel/ipv4/route_input';
import { ipText } from '../../wire/ipv4';
import { device, type IpCall, IpError, IpNotModelled, type Prefix, prefix, print, refused, unsigned, wrong } from './args';
import { tableName } from './names';
import { ROUTE_USAGE } from './usage';

/** `ip route get`; `shown` prints a route of the table (fibmatch). */
export function* routeGet(c: IpCall, shown: (r: Route) => string): Op<number> {
  const { a, k } = c;
  const asked: Asked = { uid: 0, mark: 0, from: 0, tos: 0 };
  let fibmatch = false;
  let dst: Prefix | null = null;
  let iif = '';
  let oif = '';
  while (a.more) {
    const word = a.take();
    if (word === 'from') asked.from = prefix(a.next()).ip;
    else if (word === 'iif') iif = a.next();
    else if (word === 'oif' || word === 'dev') oif = a.next();
    else if (word === 'mark') asked.mark = unsigned(a.next(), 'invalid mark');
    else if (word === 'uid') asked.uid = unsigned(a.next(), 'invalid UID\n');
    else if (word === 'fibmatch') fibmatch = true;
    else if (word === 'ipproto') readProtocol(c, a.next());
    else if (word === 'sport' || word === 'dport') unsigned(a.next(), `invalid ${word}\n`);
    else if (word === 'tos' || word === 'dsfield') asked.tos = Number.parseInt(a.next(), 16);
    else if (/^(notify|connected|vrf|as)$/.test(word)) throw new IpNotModelled(`'${word}' in ip route get`);
    else if (word === 'help') throw new IpError(ROUTE_USAGE, 255);
    else {
      dst = prefix(word === 'to' ? a.next() : word);
      if (dst.prefix !== 32) yield* err(c.p, `Warning: /${dst.prefix} as prefix is invalid, only /32 (or none) is supported.\n`);
    }
  }
  if (dst === null) throw new IpError('need at least a destination address\n', 1);
  if (fibmatch) {
    const r = fibLookup(k, dst.ip, { src: asked.from, iif, oif: oif === '' ? 0 : device(k, oif).index, mark: asked.mark, tos: asked.tos & TOS_RT_MASK });
    if (r === null) throw refused('ENETUNREACH');
    yield* print(c, [shown(r)]);
    return 0;
  }
  yield* print(c, [iif === '' ? output(c, dst.ip, oif, asked) : input(c, dst.ip, device(k, iif).index, asked)]);
  return 0;
}

/** What a packet would carry besides its destination. Ports and protocol decide nothing: no rule here looks at them. */
interface Asked {
  from: number;
  mark: number;
  uid: number;
  tos: number;
}

function readProtocol(c: IpCall, word: string): void {
  if (!/^\d+$/.test(word) && protocolByName(c.p, word) === null) throw wrong(word, 'Invalid "ipproto" value\n');
}

function refuse(r: Route | null): void {
  if (r === null) throw refused('ENETUNREACH');
  if (r.type === 'unreachable') throw refused('EHOSTUNREACH');
  if (r.type === 'prohibit') throw refused('EACCES');
  if (r.type === 'blackhole') throw refused('EINVAL');
}

const kind = (c: IpCall, r: Route): string => (r.type === 'local' ? 'local ' : r.type === 'broadcast' ? 'broadcast ' : c.o.details ? `${r.type} ` : '');
const table = (c: IpCall, r: Route): string => ((r.table !== TABLE.MAIN && r.table !== TABLE.LOCAL) || c.o.details ? `table ${tableName(c.p, r.table)} ` : '');
const cacheFlags = (r: Route): string[] => (r.type === 'local' ? ['local'] : r.type === 'broadcast' ? ['local', 'brd'] : []);

function output(c: IpCall, dst: number, oif: string, { from, mark, uid, tos }: Asked): string {
  const { k } = c;
  if (from !== 0 && !isLocal(k, from)) throw refused('ENETUNREACH');
  const r = routeOutput(k, dst, from, oif === '' ? 0 : device(k, oif).index, mark, tos);
  refuse(r);
  const route = r!;
  const redirect = k.redirected.get(dst);
  const now = k.world.clock.now;
  const redirected = redirect !== undefined && redirect.until > now && route.type === 'unicast';
  const gw = redirected ? redirect.gw : route.gw;
  const dev = route.type === 'local' ? 'lo' : k.devByIndex(route.dev)?.name ?? '*';
  let text = `${kind(c, route)}${ipText(dst)} `;
  if (from !== 0) text += `from ${ipText(from)} `;
  if (gw !== 0) text += `via ${ipText(gw)} `;
  text += `dev ${dev} `;
  text += table(c, route);
  if (from === 0) text += `src ${ipText(route.type === 'local' ? route.src || dst : routeSource(k, route, dst))} `;
  if (mark !== 0) text += `mark ${mark} `;
  text += `uid ${uid} \n    cache `;
  const flags = cacheFlags(route);
  if (redirected) flags.push('redirected');
  if (flags.length > 0) text += `<${flags.join(',')}> `;
  if (c.o.stats > 0) text += 'users 2 age 0sec ';
  const pmtu = k.pathMtu.get(dst);
  const learned = pmtu !== undefined && pmtu.until > now && route.type === 'unicast';
  const until = learned ? pmtu.until : redirected ? redirect.until : 0;
  if (until > 0) text += `expires ${Math.floor((until - now) / 1e6)}sec `;
  if (learned) text += `mtu ${pmtu.mtu} `;
  else if (route.mtu !== 0) text += `mtu ${route.mtu} `;
  return `${text}\n`;
}

function input(c: IpCall, dst: number, ifindex: number, { from, mark, tos }: Asked): string {
  const { k } = c;
  if (from === 0) throw refused('EINVAL');
  const dev = k.devByIndex(ifindex)!;
  const r = fibLookup(k, dst, { src: from, iif: dev.name, oif: 0, mark, tos: tos & TOS_RT_MASK });
  if (r === null) throw refused(dev.conf[Conf.forwarding] === 0 ? 'EHOSTUNREACH' : 'ENETUNREACH');
  refuse(r);
  const here = r.type === 'local' || r.type === 'broadcast';
  if (!here && dev.conf[Conf.forwarding] === 0) throw refused('EHOSTUNREACH');
  const why = sourceRefused(k, dev, from, here ? 0 : r.dev);
  if (why !== REFUSED.NO) throw refused(why === REFUSED.RPF ? 'EXDEV' : 'EINVAL');
  let text = `${kind(c, r)}${ipText(dst)} from ${ipText(from)} `;
  if (!here && r.gw !== 0) text += `via ${ipText(r.gw)} `;
  text += `dev ${here ? 'lo' : k.devByIndex(r.dev)?.name ?? '*'} `;
  text += table(c, r);
  if (mark !== 0) text += `mark ${mark} `;
  const flags = cacheFlags(r);
  if (!here && redirects(k, dev, from, dst, r)) flags.push('redirect');
  return `${text}\n    cache ${flags.length > 0 ? `<${flags.join(',')}> ` : ''}${c.o.stats > 0 ? 'users 1 age 0sec ' : ''}iif ${dev.name} \n`;
}
