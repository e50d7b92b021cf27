// IPv6 (RFC 8200) on the wire: 40 bytes of header and the transport it carries; and the kinds of addresses (RFC 4291).
// Not modelled: extension headers (fragments among them) and flow labels, which are written as 0.
import { type ByteReader, ByteWriter } from './byte_io';
import type { MacTable } from './ether';
import { readIcmp6, writeIcmp6 } from './icmpv6';
import { ip6FromGroups } from './ip6_text';
import type { Ip6Table } from './ip6_table';
import { ipText } from './ipv4';
import { ETH_P_IPV6, type Ip, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, type Mac, type Packet } from './packet';
import { readTcp, writeTcp } from './tcp';
import { readUdp, writeUdp } from './udp';

/** Bytes of the fixed header. */
export const IP6_HLEN = 40;
/** The smallest MTU a link may have. */
export const IPV6_MIN_MTU = 1280;

/** Bytes of the IP header of a packet of either family. */
export const ipHeaderLength = (p: Packet): number => (p.type === ETH_P_IPV6 ? IP6_HLEN : 20);

/**
 * Where sockets name an address of either family by one number, an id of Ip6Table lies above every IPv4 bit pattern:
 * IP6_BASE + id. So `0` is 0.0.0.0, `IP6_BASE` is `::`, and neither is taken for the other.
 */
export const IP6_BASE = 4294967296;
export const isIp6 = (a: Ip): boolean => a >= IP6_BASE;

/** Text of such an address. */
export const addressText = (a: Ip, t: Ip6Table): string => (a >= IP6_BASE ? t.text(a - IP6_BASE) : ipText(a));
/** Text of such an address where a port follows: IPv6 in brackets. */
export const hostPart = (a: Ip, t: Ip6Table): string => (a >= IP6_BASE ? `[${t.text(a - IP6_BASE)}]` : ipText(a));
/** Text of an address of a packet. */
export const packetText = (p: Packet, a: Ip, t: Ip6Table): string => (p.type === ETH_P_IPV6 ? t.text(a) : ipText(a));

export const isMulticast6 = (t: Ip6Table, a: Ip): boolean => t.word(a, 0) >>> 24 === 0xff;
export const isLinkLocal6 = (t: Ip6Table, a: Ip): boolean => t.word(a, 0) >>> 22 === 0xfe80 >>> 6;

/** Scope of an address as RFC 4007 numbers it: 1 node, 2 link, 5 site, 14 global. */
export function scope6(t: Ip6Table, a: Ip): number {
  const first = t.word(a, 0);
  if (first >>> 24 === 0xff) return (first >>> 16) & 15;
  if (first >>> 22 === 0xfe80 >>> 6) return 2;
  if (first === 0 && t.word(a, 1) === 0 && t.word(a, 2) === 0 && t.word(a, 3) === 1) return 2;
  return first >>> 22 === 0xfec0 >>> 6 ? 5 : 14;
}

const groupsOf = (t: Ip6Table, a: Ip): number[] => [0, 1, 2, 3].flatMap((i) => [t.word(a, i) >>> 16, t.word(a, i) & 0xffff]);
const idOf = (t: Ip6Table, groups: readonly number[]): Ip => t.intern(ip6FromGroups(groups))!;

/** ff02::1:ffXX:XXXX, the group that everybody with an address ending so listens to (RFC 4291, 2.7.1). */
export function solicitedNode(t: Ip6Table, a: Ip): Ip {
  const low = t.word(a, 3);
  return idOf(t, [0xff02, 0, 0, 0, 0, 1, 0xff00 | ((low >>> 16) & 255), low & 0xffff]);
}

/** 33:33 and the low 32 bits of the group (RFC 2464). */
export function multicastMac6(t: Ip6Table, group: Ip): string {
  const low = t.word(group, 3);
  return `33:33${[24, 16, 8, 0].map((n) => `:${((low >>> n) & 255).toString(16).padStart(2, '0')}`).join('')}`;
}

/** fe80:: with the modified EUI-64 of a MAC (RFC 4291, appendix A). */
export function linkLocalOf(t: Ip6Table, macs: MacTable, mac: Mac): Ip {
  const b = macs.text(mac).split(':').map((x) => Number.parseInt(x, 16));
  return idOf(t, [0xfe80, 0, 0, 0, ((b[0]! ^ 2) << 8) | b[1]!, (b[2]! << 8) | 0xff, 0xfe00 | b[3]!, (b[4]! << 8) | b[5]!]);
}

/** Writes the 16 bytes of an address. */
export function writeAddress6(w: ByteWriter, a: Ip, t: Ip6Table): void {
  for (let i = 0; i < 4; i++) w.u32(t.word(a, i));
}

/** Reads 16 bytes as an address. */
export function readAddress6(r: ByteReader, t: Ip6Table): Ip {
  return idOf(t, Array.from({ length: 8 }, () => r.u16()));
}

/** Both addresses' part of the pseudo header's sum. */
function addressSum(t: Ip6Table, p: Packet): number {
  return [...groupsOf(t, p.src), ...groupsOf(t, p.dst)].reduce((sum, g) => sum + g, 0);
}

/** Bytes of an IPv6 packet. */
export function writeIp6(p: Packet, macs: MacTable, t: Ip6Table): Uint8Array {
  const w = new ByteWriter();
  w.u32((6 << 28) | (p.tos << 20));
  w.u16(p.len - IP6_HLEN);
  w.u8(p.proto);
  w.u8(p.ttl);
  writeAddress6(w, p.src, t);
  writeAddress6(w, p.dst, t);
  const sum = addressSum(t, p);
  if (p.proto === IPPROTO_TCP) writeTcp(w, p, sum);
  else if (p.proto === IPPROTO_UDP) writeUdp(w, p, sum);
  else if (p.proto === IPPROTO_ICMPV6) writeIcmp6(w, p, macs, t, sum, writeIp6);
  else w.text(p.data);
  return w.take();
}

/** Reads at most `size` bytes of an IPv6 packet into `p`. Throws RangeError when the header is cut short. */
export function readIp6(r: ByteReader, p: Packet, size: number, macs: MacTable, t: Ip6Table): void {
  const first = r.u32();
  p.type = ETH_P_IPV6;
  p.tos = (first >>> 20) & 255;
  p.len = r.u16() + IP6_HLEN;
  p.proto = r.u8();
  p.ttl = r.u8();
  p.src = readAddress6(r, t);
  p.dst = readAddress6(r, t);
  const rest = Math.min(size, p.len) - IP6_HLEN;
  if (p.proto === IPPROTO_TCP && rest >= 20) readTcp(r, p, rest);
  else if (p.proto === IPPROTO_UDP && rest >= 8) readUdp(r, p);
  else if (p.proto === IPPROTO_ICMPV6 && rest >= 8) readIcmp6(r, p, rest, macs, t, readIp6);
  else p.data = r.text(rest);
}
