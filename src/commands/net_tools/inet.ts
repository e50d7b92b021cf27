// What net-tools' inet family reads: addresses and names, `/prefix`, and what herror prints. Counterpart: lib/inet.c, lib/inet_gr.c.
import { gethostbyaddr, gethostbyname, herrorText, networkByAddr, networkByName } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { inetAton, ipText } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';

/** A resolved word: `net` is true when it named a network. */
export interface Resolved {
  ip: Ip;
  net: boolean;
}

/** INET_resolve: default, numbers and dots, network names, host names. The text of herror() when it fails. */
export function inetResolve(p: Process, word: Bytes, hostFirst: boolean): Resolved | string {
  if (word === 'default') return { ip: 0, net: true };
  const number = inetAton(word);
  if (number !== null) return { ip: number, net: false };
  if (hostFirst) {
    const host = gethostbyname(p, word);
    if (host !== null) return { ip: host, net: false };
  }
  const net = networkByName(p, word);
  if (net !== null) return { ip: net, net: true };
  if (hostFirst) return `${word}: Unknown host\n`; // h_errno was last set by getnetbyname
  const host = gethostbyname(p, word);
  return host === null ? `${word}: ${herrorText(word)}\n` : { ip: host, net: false };
}

/** INET_getnetmask: splits `A/N`. `mask` is null without a slash; null as a whole when N is no number. */
export function splitPrefix(word: Bytes): { address: Bytes; mask: Ip | null } | null {
  const slash = word.indexOf('/');
  if (slash < 0) return { address: word, mask: null };
  const text = word.slice(slash + 1);
  if (!/^(0[xX][0-9a-fA-F]+|\d*)$/.test(text)) return null;
  const n = text.startsWith('0') && !/^0[xX]/.test(text) ? Number.parseInt(text, 8) : Number(text);
  // ~(0xffffffff >> n) in C on x86: the shift count is taken modulo 32, so /32 becomes 0.0.0.0 and /33 becomes /1.
  return { address: word.slice(0, slash), mask: ~(-1 >>> (n & 31)) };
}

/** An address as listings show it: its host name unless `numeric`. */
export function hostName(p: Process, ip: Ip, numeric: boolean): Bytes {
  return (numeric ? null : gethostbyaddr(p, ip)) ?? ipText(ip);
}

/** A network as listings show it: its name in /etc/networks or a host's name, unless `numeric`. */
export function netName(p: Process, ip: Ip, numeric: boolean): Bytes {
  return (numeric ? null : networkByAddr(p, ip) ?? gethostbyaddr(p, ip)) ?? ipText(ip);
}
