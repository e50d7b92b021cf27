// ip tunnel: IPIP tunnels. Counterpart: iproute2's ip/iptunnel.c and net/ipv4/ip_tunnel.c (ioctls).
// Not modelled: GRE, SIT, VTI and ISATAP tunnels, keys, checksums.
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import { strerror } from '../../lib/errno';
import { type Dev, IFF } from '../../kernel/core/dev';
import { devAdd, devRemove } from '../../kernel/ipv4/devinet';
import { ipipLoad } from '../../kernel/ipv4/ipip';
import { ipText } from '../../wire/ipv4';
import { address, command, device, type IpCall, IpError, IpNotModelled, print, unsigned, wrong } from './args';
import { TUNNEL_USAGE } from './usage';

const COMMANDS = ['add', 'change', 'delete', 'show', 'list', 'lst', 'prl', '6rd', 'help'];

export function* ipTunnel(c: IpCall): Op<number> {
  if (!c.a.more) return yield* show(c);
  const word = c.a.take();
  switch (command(word, COMMANDS)) {
    case 'add':
      return add(c);
    case 'change':
      return change(c);
    case 'delete':
      return remove(c);
    case 'show':
    case 'list':
    case 'lst':
      return yield* show(c);
    case 'help':
      yield* err(c.p, TUNNEL_USAGE);
      return 255;
    case '':
      throw new IpError(`Command "${word}" is unknown, try "ip tunnel help".\n`, 255);
    default:
      throw new IpNotModelled(`'ip tunnel ${word}'`);
  }
}

interface Parms {
  name: string;
  remote: number | null;
  local: number | null;
  ttl: number | null;
  link: number | null;
}

function read(c: IpCall): Parms {
  const { a, k } = c;
  const t: Parms = { name: '', remote: null, local: null, ttl: null, link: null };
  while (a.more) {
    const word = a.take();
    if (word === 'mode') {
      const mode = a.next();
      if (/^(gre|ip\/gre|gre\/ip|sit|ipv6\/ip|isatap|vti|any|any\/ip)$/.test(mode)) throw new IpNotModelled(`tunnel mode ${mode}`);
      if (!/^(ipip|ip\/ip|ip4ip4)$/.test(mode)) throw new IpError(`Unknown tunnel mode "${mode}"\n`, 255);
    } else if (word === 'remote') t.remote = address(a.next());
    else if (word === 'local') t.local = address(a.next());
    else if (word === 'ttl' || word === 'hoplimit' || word === 'hlim') {
      const ttl = a.next();
      t.ttl = ttl === 'inherit' ? 0 : unsigned(ttl, 'invalid TTL\n');
      if (t.ttl > 255) throw wrong(ttl, 'TTL must be <= 255\n');
    } else if (word === 'dev') t.link = device(k, a.next()).index;
    else if (word === 'pmtudisc' || word === 'nopmtudisc') continue;
    else if (/^(key|ikey|okey|seq|iseq|oseq|csum|icsum|ocsum|tos|dsfield|tclass|prl-.*|6rd-.*|isatap)$/.test(word)) throw new IpNotModelled(`'${word}' of a tunnel`);
    else {
      const name = word === 'name' ? a.next() : word;
      if (t.name !== '') throw new IpError(`Error: duplicate "name": "${name}" is the second value.\n`, 255);
      t.name = name;
    }
  }
  return t;
}

const isTunnel = (d: Dev): boolean => d.kind === 'ipip';

function fail(what: string, name: string, e: 'EEXIST' | 'ENODEV' | 'EPERM' | 'ENOENT'): IpError {
  return new IpError(`${what} tunnel "${name}" failed: ${strerror(e)}\n`, 1);
}

function set(d: Dev, t: Parms): void {
  d.tunnelRemote = t.remote ?? d.tunnelRemote;
  d.tunnelLocal = t.local ?? d.tunnelLocal;
  d.tunnelTtl = t.ttl ?? d.tunnelTtl;
  d.link = t.link ?? d.link;
  if (d.tunnelRemote !== 0) d.flags |= IFF.POINTOPOINT;
  else d.flags &= ~IFF.POINTOPOINT;
}

function add(c: IpCall): number {
  const { k } = c;
  const t = read(c);
  ipipLoad(k);
  // The request goes through the fallback device, which is what the message names.
  const twin = k.devs.some((d) => isTunnel(d) && d.name !== 'tunl0' && d.tunnelRemote === (t.remote ?? 0) && d.tunnelLocal === (t.local ?? 0) && d.link === (t.link ?? 0));
  let name = t.name;
  for (let n = 1; name === ''; n++) if (k.devByName(`tunl${n}`) === undefined) name = `tunl${n}`;
  if (twin || k.devByName(name) !== undefined) throw fail('add', 'tunl0', 'EEXIST');
  const d = devAdd(k, name, 'ipip');
  if (typeof d !== 'string') set(d, t);
  return 0;
}

function change(c: IpCall): number {
  const t = read(c);
  const d = c.k.devByName(t.name);
  if (d === undefined || !isTunnel(d)) throw fail('change', t.name, 'ENODEV');
  set(d, t);
  return 0;
}

function remove(c: IpCall): number {
  const t = read(c);
  const d = c.k.devByName(t.name);
  if (d === undefined || !isTunnel(d)) throw fail('delete', t.name, 'ENODEV');
  if (d.name === 'tunl0') throw fail('delete', t.name, 'EPERM');
  devRemove(c.k, d);
  return 0;
}

function* show(c: IpCall): Op<number> {
  const { k } = c;
  const t = read(c);
  const any = (ip: number): string => (ip === 0 ? 'any' : ipText(ip));
  const lines = k.devs
    .filter((d) => isTunnel(d) && (t.name === '' || d.name === t.name))
    .map((d) => {
      const fallback = d.name === 'tunl0';
      const link = d.link === 0 ? '' : ` dev ${k.devByIndex(d.link)?.name ?? ''}`;
      return `${d.name}: ${fallback ? 'any' : 'ip'}/ip remote ${any(d.tunnelRemote)} local ${any(d.tunnelLocal)}${link} ttl ${d.tunnelTtl === 0 ? 'inherit' : d.tunnelTtl}${fallback ? ' nopmtudisc' : ''}\n`;
    });
  yield* print(c, lines);
  return 0;
}
