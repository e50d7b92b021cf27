// Numbers, addresses and ports as ipvsadm reads them. Counterpart: ipvsadm 1.31's string_to_number and parse_service.
import type { Process } from '../../host/process';
import { gethostbyname, serviceByName } from '../../host/resolve';
import type { Bytes } from '../../lib/text';
import { parseIp6 } from '../../wire/ip6_text';
import { inetAton } from '../../wire/ipv4';
import { IPPROTO_SCTP, IPPROTO_UDP, type Ip } from '../../wire/packet';

/** strtol(3) in base 10 over the whole word, within limits; null when it is none. */
export function number(word: Bytes, min: number, max: number): number | null {
  if (!/^[ \t\n\v\f\r]*[+-]?\d+$/.test(word)) return null;
  const n = Number(word);
  return n >= min && n <= max ? n : null;
}

/** An address of either family; `ip6` is '' for IPv4. */
export interface Addr {
  af: 4 | 6;
  ip: Ip;
  ip6: string;
}

/** `host[:port]`, `[ipv6]:port` or a bare IPv6 address. Port null when none is said; null when it is no address. */
export function address(p: Process, word: Bytes, protocol: number): (Addr & { port: number | null }) | null {
  if (/^\d*$/.test(word)) return null;
  let text = word;
  let port: Bytes | null = null;
  if (text[0] === '[') {
    const close = text.indexOf(']');
    if (close < 0 || text[close + 1] !== ':') return null;
    port = text.slice(close + 2);
    text = text.slice(1, close);
  }
  const ip6 = parseIp6(text);
  let ip = 0;
  if (ip6 === null) {
    // As the C code: for anything but IPv6 the port is what follows the last colon of what is left.
    const colon = text.lastIndexOf(':');
    port = colon < 0 ? null : text.slice(colon + 1);
    const name = colon < 0 ? text : text.slice(0, colon);
    // inet_aton stops at white space.
    const found = inetAton(name.replace(/[ \t\n\v\f\r].*$/s, '')) ?? gethostbyname(p, name);
    if (found === null) return null;
    ip = found;
  }
  const addr: Addr = ip6 === null ? { af: 4, ip, ip6: '' } : { af: 6, ip: 0, ip6 };
  if (port === null) return { ...addr, port: null };
  const n = number(port, 0, 65535) ?? serviceByName(p, port, protocolName(protocol));
  return n === null ? null : { ...addr, port: n };
}

const protocolName = (protocol: number): string => (protocol === IPPROTO_UDP ? 'udp' : protocol === IPPROTO_SCTP ? 'sctp' : 'tcp');

