// ip route get: what the kernel would do with one packet. Counterpart: iproute2's ip/iproute.c (iproute_get) and net/ipv4/route.c (inet_rtm_getroute).
import type { Op } from '../../host/process';
import { Conf } from '../../kernel/core/dev';
import { fibLookup, isLocal, type Route, routeSource, TABLE } from '../../kernel/ipv4/fib';
import { routeOutput } from '../../kernel/ipv4/ip_output';
import { REFUSED, sourceRefused } from '../../kernel/ipv4/route_input';
import { ipText } from '../../wire/ipv4';
import { device, garbage, type IpCall, IpError, IpNotModelled, type Prefix, prefix, print, refused, unsigned } from './args';
import { tableName } from './names';
import { ROUTE_USAGE } from './usage';

export function* routeGet(c: IpCall): Op<number> {
  const { a, k } = c;
  let dst: Prefix | null = null;
  let from = 0;
  let iif = '';
  let oif = '';
  let mark = 0;
  while (a.more) {
    const word = a.take();
    if (word === 'from') from = prefix(a.next()).ip;
    else if (word === 'iif') iif = a.next();
    else if (word === 'oif' || word === 'dev') oif = a.next();
    else if (word === 'mark') mark = unsigned(a.next(), 'invalid mark');
    else if (/^(tos|dsfield|notify|connected|vrf|uid|fibmatch|ipproto|sport|dport|as)$/.test(word)) throw new IpNotModelled(`'${word}' in ip route get`);
    else if (word === 'help') throw new IpError(ROUTE_USAGE, 255);
    else {
      const text = word === 'to' ? a.next() : word;
      if (dst !== null) throw garbage('to', text);
      dst = prefix(text);
    }
  }
  if (dst === null) throw new IpError('need at least a destination address\n', 1);
  const text = iif === '' ? output(c, dst.ip, from, oif, mark) : input(c, dst.ip, from, device(k, iif).index, mark);
  yield* print(c, [text]);
  return 0;
}

function refuse(r: Route | null): void {
  if (r === null) throw refused('ENETUNREACH');
  if (r.type === 'unreachable') throw refused('EHOSTUNREACH');
  if (r.type === 'prohibit') throw refused('EACCES');
  if (r.type === 'blackhole') throw refused('EINVAL');
}

const kind = (r: Route): string => (r.type === 'local' ? 'local ' : r.type === 'broadcast' ? 'broadcast ' : '');
const cacheFlags = (r: Route): string[] => (r.type === 'local' ? ['local'] : r.type === 'broadcast' ? ['local', 'brd'] : []);

function output(c: IpCall, dst: number, from: number, oif: string, mark: number): string {
  const { k } = c;
  if (from !== 0 && !isLocal(k, from)) throw refused('ENETUNREACH');
  const r = routeOutput(k, dst, from, oif === '' ? 0 : device(k, oif).index, mark);
  refuse(r);
  const route = r!;
  const redirect = k.redirected.get(dst);
  const now = k.world.clock.now;
  const redirected = redirect !== undefined && redirect.until > now && route.type === 'unicast';
  const gw = redirected ? redirect.gw : route.gw;
  const dev = route.type === 'local' ? 'lo' : k.devByIndex(route.dev)?.name ?? '*';
  let text = `${kind(route)}${ipText(dst)} `;
  if (from !== 0) text += `from ${ipText(from)} `;
  if (gw !== 0) text += `via ${ipText(gw)} `;
  text += `dev ${dev} `;
  if (route.table !== TABLE.MAIN && route.table !== TABLE.LOCAL) text += `table ${tableName(c.p, route.table)} `;
  if (from === 0) text += `src ${ipText(route.type === 'local' ? route.src || dst : routeSource(k, route, dst))} `;
  if (mark !== 0) text += `mark ${mark} `;
  text += 'uid 0 \n    cache ';
  const flags = cacheFlags(route);
  if (redirected) flags.push('redirected');
  if (flags.length > 0) text += `<${flags.join(',')}> `;
  const pmtu = k.pathMtu.get(dst);
  const learned = pmtu !== undefined && pmtu.until > now && route.type === 'unicast';
  const until = learned ? pmtu.until : redirected ? redirect.until : 0;
  if (until > 0) text += `expires ${Math.floor((until - now) / 1e6)}sec `;
  if (learned) text += `mtu ${pmtu.mtu} `;
  else if (route.mtu !== 0) text += `mtu ${route.mtu} `;
  return `${text}\n`;
}

function input(c: IpCall, dst: number, from: number, ifindex: number, mark: number): string {
  const { k } = c;
  const dev = k.devByIndex(ifindex)!;
  const r = fibLookup(k, dst, { src: from, iif: dev.name, oif: 0, mark });
  if (r === null) throw refused(dev.conf[Conf.forwarding] === 0 ? 'EHOSTUNREACH' : 'ENETUNREACH');
  refuse(r);
  const here = r.type === 'local' || r.type === 'broadcast';
  if (!here && dev.conf[Conf.forwarding] === 0) throw refused('EHOSTUNREACH');
  const why = sourceRefused(k, dev, from, here ? 0 : r.dev);
  if (why !== REFUSED.NO) throw refused(why === REFUSED.RPF ? 'EXDEV' : 'EINVAL');
  let text = `${kind(r)}${ipText(dst)} from ${ipText(from)} `;
  if (!here && r.gw !== 0) text += `via ${ipText(r.gw)} `;
  text += `dev ${here ? 'lo' : k.devByIndex(r.dev)?.name ?? '*'} `;
  if (r.table !== TABLE.MAIN && r.table !== TABLE.LOCAL) text += `table ${tableName(c.p, r.table)} `;
  if (mark !== 0) text += `mark ${mark} `;
  const flags = cacheFlags(r);
  return `${text}\n    cache ${flags.length > 0 ? `<${flags.join(',')}> ` : ''}iif ${dev.name} \n`;
}
