// ip neigh: the ARP cache. Counterpart: iproute2's ip/ipneigh.c, and neigh_add, neigh_delete of net/core/neighbour.c.
// Not modelled: proxy entries of IPv6; a prefix of IPv6 to show.
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import type { Dev } from '../../kernel/core/dev';
import { type Neighbour, NUD, neighbourRemove, neighbourSet, neighbourState } from '../../kernel/core/neighbour';
import { proxyAdd, proxyDelete, proxyList } from '../../kernel/ipv4/proxy_arp';
import { parseMac } from '../../wire/ether';
import { addressText, IP6_BASE } from '../../wire/ipv6';
import { readPrefix6, wants6 } from './inet6';
import { address, command, device, flushed, garbage, type IpCall, IpError, IpNotModelled, type Prefix, prefix, print, refused, within, wrong } from './args';
import { NEIGH_USAGE } from './usage';

const COMMANDS = ['add', 'change', 'replace', 'delete', 'get', 'show', 'lst', 'list', 'flush', 'help'];
const STATES: Readonly<Record<string, number>> = {
  permanent: NUD.PERMANENT, reachable: NUD.REACHABLE, noarp: NUD.NOARP, none: 0, stale: NUD.STALE, incomplete: NUD.INCOMPLETE, delay: NUD.DELAY, probe: NUD.PROBE, failed: NUD.FAILED,
};
const VALID = NUD.PERMANENT | NUD.NOARP | NUD.REACHABLE | NUD.PROBE | NUD.STALE | NUD.DELAY;

export function* ipNeigh(c: IpCall): Op<number> {
  if (!c.a.more) return yield* show(c, false);
  const word = c.a.take();
  const what = word === 'chg' ? 'change' : command(word, COMMANDS);
  switch (what) {
    case 'add':
    case 'change':
    case 'replace':
    case 'delete':
      return change(c, what);
    case 'get':
      return yield* get(c);
    case 'show':
    case 'lst':
    case 'list':
      return yield* show(c, false);
    case 'flush':
      return yield* show(c, true);
    case 'help':
      yield* err(c.p, NEIGH_USAGE);
      return 255;
    default:
      throw new IpError(`Command "${word}" is unknown, try "ip neighbour help".\n`, 255);
  }
}

function readState(word: string): number {
  const known = STATES[word];
  if (known !== undefined) return known;
  if (/^(0x[0-9a-fA-F]+|\d+)$/.test(word) && Number(word) <= 255) return Number(word);
  throw wrong(word, 'nud state is bad');
}

const stateName = (state: number): string => (Object.keys(STATES).find((s) => STATES[s] === state) ?? 'none').toUpperCase();

function line(c: IpCall, d: Dev, n: Neighbour, withDev: boolean): string {
  const { k } = c;
  const state = neighbourState(k, n);
  if (c.o.brief) return `${addressText(n.v6 ? IP6_BASE + n.ip : n.ip, k.world.ip6).padEnd(40)}${d.name.padEnd(16)} ${(state & VALID) !== 0 ? k.world.macs.text(n.mac) : ''}\n`;
  const now = k.world.clock.now;
  const age = (at: number): number => Math.floor((now - at) / 1e6);
  let text = `${addressText(n.v6 ? IP6_BASE + n.ip : n.ip, k.world.ip6)} `;
  if (withDev) text += `dev ${d.name} `;
  if ((state & VALID) !== 0) text += `lladdr ${k.world.macs.text(n.mac)} `;
  if (c.o.stats > 0) text += ` used ${age(n.used)}/${age(n.confirmed)}/${age(n.updated)}probes ${n.probes} `;
  return `${text}${n.router ? 'router ' : ''}${stateName(state)} \n`;
}

function* show(c: IpCall, flush: boolean): Op<number> {
  const { a, k } = c;
  if (flush && !a.more) throw new IpError('Flush requires arguments.\n', 1);
  let dev = '';
  let to: Prefix | null = null;
  let states = -1;
  let proxy = false;
  while (a.more) {
    const word = a.take();
    if (word === 'dev') dev = a.next();
    else if (word === 'nud') {
      const s = a.next();
      states = Math.max(states, 0) | (s === 'all' ? 255 : readState(s));
    } else if (word === 'unused') continue;
    else if (word === 'proxy' && c.o.family !== 'inet6') proxy = true;
    else if (word === 'proxy' || word === 'vrf' || word === 'nomaster' || word === 'master') throw new IpNotModelled(`'${word}' in ip neigh show`);
    else if (word === 'help') throw new IpError(NEIGH_USAGE, 255);
    else {
      const text = word === 'to' ? a.next() : word;
      if (to !== null) throw garbage('to', text);
      if (text !== 'all' || c.o.family !== 'inet6') to = prefix(text);
    }
  }
  const only = dev === '' ? null : device(k, dev);
  if (proxy) return yield* showProxies(c, flush, only, to);
  if (states < 0) states = flush ? 255 & ~(NUD.PERMANENT | NUD.NOARP) : 255 & ~NUD.NOARP;
  const lines: string[] = [];
  for (const d of k.devs) {
    if (dev !== '' && d.name !== dev) continue;
    for (const n of [...(c.o.family === 'inet6' ? [] : d.neighbours.values()), ...(c.o.family === 'inet' || to !== null ? [] : d.neighbours6.values())]) {
      const state = neighbourState(k, n);
      if ((state & states) === 0 || (to !== null && !within(n.ip, to))) continue;
      lines.push(line(c, d, n, dev === ''));
      if (flush) neighbourRemove(k, d, n);
    }
  }
  yield* flush ? flushed(c, lines) : print(c, lines);
  return 0;
}

/** `ip neigh show proxy`, `ip neigh flush proxy`. */
function* showProxies(c: IpCall, flush: boolean, dev: Dev | null, to: Prefix | null): Op<number> {
  const { k } = c;
  const found = proxyList(k).filter((p) => (dev === null || p.dev === dev.index) && (to === null || within(p.ip, to)));
  if (flush) for (const p of found) proxyDelete(k, p.ip, p.dev);
  else yield* print(c, found.map((p) => `${addressText(p.ip, k.world.ip6)} ${dev === null && p.dev !== 0 ? `dev ${k.devByIndex(p.dev)?.name ?? '?'} ` : ''}proxy \n`));
  return 0;
}

/** An address of either family; IPv6 as its id. */
const target = (c: IpCall, word: string): number => (word.includes(':') ? readPrefix6(c, word)?.ip : undefined) ?? address(word);

function* get(c: IpCall): Op<number> {
  const { a, k } = c;
  const six = wants6(c);
  let dev = '';
  let ip: number | null = null;
  while (a.more) {
    const word = a.take();
    if (word === 'dev') dev = a.next();
    else if (word === 'proxy') throw new IpNotModelled("'proxy' in ip neigh get");
    else ip = target(c, word === 'to' ? a.next() : word);
  }
  if (dev === '' || ip === null) throw new IpError('Device and address are required arguments.\n', 1);
  const d = device(k, dev);
  const n = (six ? d.neighbours6 : d.neighbours).get(ip);
  if (n === undefined) throw refused('ENOENT');
  yield* print(c, [line(c, d, n, true)]);
  return 0;
}

function change(c: IpCall, what: 'add' | 'change' | 'replace' | 'delete'): number {
  const { a, k } = c;
  const six = wants6(c);
  let dev = '';
  let mac = '';
  let state = -1;
  let ip: number | null = null;
  let proxy = false;
  while (a.more) {
    const word = a.take();
    if (word === 'lladdr') mac = a.next();
    else if (word === 'nud') state = readState(a.next());
    else if (word === 'dev') dev = a.next();
    else if (word === 'proxy') {
      if (ip !== null) throw garbage('to', word);
      ip = address(a.next());
      proxy = true;
    } else if (word === 'router' || word === 'use' || word === 'extern_learn' || word === 'managed' || word === 'protocol') throw new IpNotModelled(`'${word}' of a neighbour`);
    else if (word === 'help') throw new IpError(NEIGH_USAGE, 255);
    else {
      const text = word === 'to' ? a.next() : word;
      if (ip !== null) throw garbage('to', text);
      ip = target(c, text);
    }
  }
  if (proxy && ip !== null) {
    const at = dev === '' ? 0 : device(k, dev).index;
    if (what === 'delete' && !proxyDelete(k, ip, at)) throw refused('ENOENT');
    if (what !== 'delete') proxyAdd(k, ip, at);
    return 0;
  }
  if (dev === '' || ip === null) throw new IpError('Device and destination are required arguments.\n', 1);
  const parsed = mac === '' ? null : parseMac(mac);
  if (mac !== '' && parsed === null) throw new IpError(`"${mac}" is invalid lladdr.\n`, 1);
  const d = device(k, dev);
  const n = (six ? d.neighbours6 : d.neighbours).get(ip);
  if (what === 'delete') {
    if (n === undefined) throw refused('ENOENT');
    neighbourRemove(k, d, n);
    return 0;
  }
  if (n === undefined ? what === 'change' : what === 'add') throw refused(n === undefined ? 'ENOENT' : 'EEXIST');
  const next = state < 0 ? NUD.PERMANENT : state;
  if (parsed === null && (next & VALID) !== 0 && (n === undefined || (n.state & VALID) === 0)) throw refused('EINVAL', 'No link layer address given.');
  neighbourSet(k, d, ip, parsed === null ? n?.mac ?? 0 : k.world.macs.intern(parsed), next, six);
  return 0;
}
