// Names: hosts, networks, services and protocols from /etc. Linux counterpart: glibc's NSS "files" (hosts(5), networks(5), services(5), protocols(5)).
// Not modelled: DNS. A name that no file has ends as it does on a machine without a name server: TRY_AGAIN.
import type { Bytes } from '../lib/text';
import { inetAton } from '../wire/ipv4';
import { addressText, IP6_BASE, isIp6 } from '../wire/ipv6';
import type { Ip } from '../wire/packet';
import type { Process } from './process';
import { readFile } from './syscall';

/** One line of /etc/hosts. `ip` is null for an IPv6 address, whose text is `text`. */
export interface HostLine {
  text: Bytes;
  ip: Ip | null;
  names: Bytes[];
}

function lines(p: Process, path: string): Bytes[][] {
  let data: Bytes;
  try {
    data = readFile(p, path);
  } catch {
    return [];
  }
  const found: Bytes[][] = [];
  for (const line of data.split('\n')) {
    const words = line.replace(/#.*/, '').split(/[ \t]+/).filter((w) => w !== '');
    if (words.length >= 2) found.push(words);
  }
  return found;
}

/** /etc/hosts in file order; lines whose address is none are left out. */
export function hostLines(p: Process): HostLine[] {
  const found: HostLine[] = [];
  for (const words of lines(p, '/etc/hosts')) {
    const text = words[0]!;
    const ip = inetAton(text);
    if (ip === null && !text.includes(':')) continue;
    found.push({ text, ip, names: words.slice(1) });
  }
  return found;
}

const same = (a: Bytes, b: Bytes): boolean => a.toLowerCase() === b.toLowerCase();

/** gethostbyname(3) for IPv4: numbers-and-dots as inet_aton takes them, then /etc/hosts. Null when unknown. */
export function gethostbyname(p: Process, name: Bytes): Ip | null {
  const number = inetAton(name);
  if (number !== null) return number;
  for (const h of hostLines(p)) if (h.ip !== null && h.names.some((n) => same(n, name))) return h.ip;
  return ownAddress(p, name);
}

/** /etc/nsswitch.conf asks nss-myhostname(8) for hosts. */
const asksMyHostname = (p: Process): boolean => lines(p, '/etc/nsswitch.conf').some((w) => w[0] === 'hosts:' && w.includes('myhostname'));

/** What nss-myhostname answers: this host's own name is its first address, 127.0.0.2 when it has none. Not modelled: `gateway`, addresses to names. */
function ownAddress(p: Process, name: Bytes): Ip | null {
  const { kernel } = p.host;
  if (!same(name, kernel.hostname) || !asksMyHostname(p)) return null;
  for (const d of kernel.devs) if (d.kind !== 'loopback' && d.up) for (const a of d.addresses) return a.local;
  return inetAton('127.0.0.2');
}

/** getaddrinfo(3) of one family: numbers, then /etc/hosts. IPv6 is IP6_BASE + id; a name may have both. Null when unknown. */
export function lookupHost(p: Process, name: Bytes, family: 4 | 6): Ip | null {
  if (family === 4) return gethostbyname(p, name);
  const t = p.host.world.ip6;
  const number = name.includes(':') ? t.intern(name) : null;
  if (number !== null) return IP6_BASE + number;
  for (const h of hostLines(p)) {
    const id = h.ip === null && h.names.some((n) => same(n, name)) ? t.intern(h.text) : null;
    if (id !== null) return IP6_BASE + id;
  }
  return null;
}

/** getaddrinfo(3) of any family: what a number is, else IPv4 before IPv6 as /etc/hosts has them. */
export function lookupAny(p: Process, name: Bytes): Ip | null {
  return name.includes(':') ? lookupHost(p, name, 6) : gethostbyname(p, name) ?? lookupHost(p, name, 6);
}

/** gethostbyaddr(3): the canonical name of an address (IPv6: IP6_BASE + id) in /etc/hosts, or null. */
export function gethostbyaddr(p: Process, ip: Ip): Bytes | null {
  if (isIp6(ip)) return hostLines(p).find((h) => h.ip === null && p.host.world.ip6.intern(h.text) === ip - IP6_BASE)?.names[0] ?? null;
  for (const h of hostLines(p)) if (h.ip === ip) return h.names[0]!;
  return null;
}

/** What herror(3) says when gethostbyname fails: a malformed number is unknown at once, anything else had no server to ask. */
export function herrorText(name: Bytes): string {
  return /^[0-9.]+$/.test(name) && !name.endsWith('.') ? 'Unknown host' : 'Host name lookup failure';
}

/** getaddrinfo(3)'s text for a name that cannot be resolved here (EAI_AGAIN). */
export const EAI_AGAIN_TEXT = 'Temporary failure in name resolution';

/** getaddrinfo(3)'s text for an unknown name: nss-myhostname, asked last, answers for certain (EAI_NONAME); without it no server was there to ask. */
export const resolveError = (p: Process): string => (asksMyHostname(p) ? 'Name or service not known' : EAI_AGAIN_TEXT);

/** getservbyname(3): port number, or null. */
export function serviceByName(p: Process, name: Bytes, proto: string): number | null {
  for (const [canonical, portProto, ...aliases] of lines(p, '/etc/services')) {
    const [port, of] = portProto!.split('/');
    if (of !== proto) continue;
    if (canonical === name || aliases.includes(name)) return Number(port);
  }
  return null;
}

/** getservbyport(3): service name, or null. */
export function serviceByPort(p: Process, port: number, proto: string): Bytes | null {
  for (const [canonical, portProto] of lines(p, '/etc/services')) if (portProto === `${port}/${proto}`) return canonical!;
  return null;
}

/** getprotobyname(3): protocol number, or null. */
export function protocolByName(p: Process, name: Bytes): number | null {
  for (const [canonical, number, ...aliases] of lines(p, '/etc/protocols')) {
    if (canonical === name || aliases.includes(name)) return Number(number);
  }
  return null;
}

/** getprotobynumber(3): protocol name, or null. */
export function protocolNumberName(p: Process, number: number): Bytes | null {
  for (const [canonical, n] of lines(p, '/etc/protocols')) if (Number(n) === number) return canonical!;
  return null;
}

/** getnetbyname(3): network number as an address (e.g. loopback 127.0.0.0), or null. */
export function networkByName(p: Process, name: Bytes): Ip | null {
  for (const [canonical, number, ...aliases] of lines(p, '/etc/networks')) {
    if (canonical === name || aliases.includes(name)) return inetAton(number!);
  }
  return null;
}

/** getnetbyaddr(3): name of a network, or null. */
export function networkByAddr(p: Process, net: Ip): Bytes | null {
  for (const [canonical, number] of lines(p, '/etc/networks')) if (inetAton(number!) === net) return canonical!;
  return null;
}

/** All entries of a database, for getent(1): words of each line. */
export const databaseLines = lines;

/** An address as tools that resolve print it: its name, or its numbers. */
export function hostText(p: Process, ip: Ip, numeric: boolean): Bytes {
  return (numeric ? null : gethostbyaddr(p, ip)) ?? addressText(ip, p.host.world.ip6);
}
