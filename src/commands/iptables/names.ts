// Protocol names and addresses as iptables reads and shows them. Counterpart: libxtables (xtables_parse_protocol, xtables_ipparse_multiple, xtables_ipmask_to_numeric).
// Not modelled: waiting for a name server in -L without -n; names come from /etc/hosts and /etc/networks alone.
import { databaseLines, gethostbyaddr, gethostbyname, networkByAddr, networkByName, protocolByName } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { inetAton, ipText, maskOf, prefixOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { strtoui } from './extension';
import { problem } from './problem';

/** Names libxtables knows without /etc/protocols. */
const KNOWN: Readonly<Record<string, number>> = { tcp: 6, sctp: 132, udp: 17, udplite: 136, icmp: 1, icmpv6: 58, 'ipv6-icmp': 58, esp: 50, ah: 51, 'ipv6-mh': 135, mh: 135, all: 0 };

export function protocolNumber(p: Process, text: Bytes): number {
  const name = text.toLowerCase();
  const n = strtoui(name, 255) ?? KNOWN[name] ?? protocolByName(p, name);
  if (n === null) throw problem(`unknown protocol "${name}" specified`);
  return n;
}

/** Name of a protocol; its number when it has none. */
export function protocolName(p: Process, proto: number): Bytes {
  if (proto === 0) return 'all';
  for (const [name, n] of Object.entries(KNOWN)) if (n === proto) return name;
  return databaseLines(p, '/etc/protocols').find((w) => Number(w[1]) === proto)?.[0] ?? String(proto);
}

export interface AddressMask {
  ip: Ip;
  mask: Ip;
}

/** "a[/mask][,b...]". */
export function parseAddresses(p: Process, text: Bytes): AddressMask[] {
  return text.split(',').map((part) => {
    const slash = part.indexOf('/');
    const mask = slash < 0 ? -1 : parseMask(part.slice(slash + 1));
    const host = (slash < 0 ? part : part.slice(0, slash)) || '0';
    // With a mask the missing octets are zeros: 10/8.
    const short = mask !== -1 && /^\d+(\.\d+){0,2}$/.test(host) ? inetAton([...host.split('.'), '0', '0', '0'].slice(0, 4).join('.')) : null;
    const ip = short ?? (/^[\d.]+$/.test(host) ? inetAton(host) : (networkByName(p, host) ?? gethostbyname(p, host)));
    if (ip === null) throw problem(`host/network \`${host}' not found`);
    return { ip: ip & mask, mask };
  });
}

function parseMask(text: Bytes): Ip {
  const dotted = /^\d+\.\d+\.\d+\.\d+$/.test(text) ? inetAton(text) : null;
  if (dotted !== null) return dotted;
  const n = strtoui(text, 32);
  if (n === null) throw problem(`invalid mask \`${text}' specified`);
  return maskOf(n);
}

function maskText(mask: Ip): Bytes {
  const prefix = prefixOf(mask);
  return prefix >= 0 ? `/${prefix}` : `/${ipText(mask)}`;
}

/** An address for -L: "anywhere", a name, or numbers; a host has no mask. */
export function showAddress(p: Process, a: AddressMask, numeric: boolean): Bytes {
  if (a.mask === 0 && !numeric) return 'anywhere';
  if (a.mask === 0) return '0.0.0.0/0';
  const name = numeric ? null : (gethostbyaddr(p, a.ip) ?? networkByAddr(p, a.ip));
  return `${name ?? ipText(a.ip)}${a.mask === -1 ? '' : maskText(a.mask)}`;
}

/** An address for -S. */
export const saveAddress = (a: AddressMask): Bytes => `${ipText(a.ip)}${maskText(a.mask)}`;
