// ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861) on the wire. A solicitation or advertisement keeps its target in `Packet.tpa`,
// the link-layer address it tells in `Packet.sha` (0: none) and an advertisement's flags in `icmpRest`.
// Not modelled: router solicitation and advertisement, redirects, multicast listener reports; options beside link-layer addresses.
import type { ByteReader, ByteWriter } from './byte_io';
import { type MacTable, readMac, writeMac } from './ether';
import type { Ip6Table } from './ip6_table';
import { IPPROTO_ICMPV6, type Ip, Packet } from './packet';

export const ICMP6 = { UNREACH: 1, TOO_BIG: 2, TIME_EXCEEDED: 3, PARAMETER: 4, ECHO: 128, ECHO_REPLY: 129, NS: 135, NA: 136 } as const;
/** Flags of an advertisement: sender is a router, answers a question, replaces what is known. */
export const NA_F = { ROUTER: 0x80000000 | 0, SOLICITED: 0x40000000, OVERRIDE: 0x20000000 } as const;
/** Bytes of a solicitation or advertisement, and of the option that tells a link-layer address. */
export const ND_HLEN = 24;
export const ND_OPTION = 8;

/** Errors quote a packet; everything from 128 on is informational. */
export const quotes6 = (type: number): boolean => type >= ICMP6.UNREACH && type <= ICMP6.PARAMETER;
const isDiscovery = (type: number): boolean => type === ICMP6.NS || type === ICMP6.NA;

type WriteIp6 = (p: Packet, macs: MacTable, t: Ip6Table) => Uint8Array;
type ReadIp6 = (r: ByteReader, p: Packet, size: number, macs: MacTable, t: Ip6Table) => void;

function writeWords(w: ByteWriter, a: Ip, t: Ip6Table): void {
  for (let i = 0; i < 4; i++) w.u32(t.word(a, i));
}

/** Writes the ICMPv6 part of `p`. `addresses`: their part of the checksum's pseudo header; an error carries of the quoted packet what its length says. */
export function writeIcmp6(w: ByteWriter, p: Packet, macs: MacTable, t: Ip6Table, addresses: number, writeIp6: WriteIp6): void {
  const start = w.length;
  w.u8(p.icmpType);
  w.u8(p.icmpCode);
  w.u16(0);
  w.u32(p.icmpRest);
  if (isDiscovery(p.icmpType)) {
    writeWords(w, p.tpa, t);
    if (p.sha !== 0) {
      w.u8(p.icmpType === ICMP6.NS ? 1 : 2);
      w.u8(1);
      writeMac(w, p.sha, macs);
    }
  } else if (p.inner !== null && quotes6(p.icmpType)) {
    const inner = new Uint8Array(p.inner.len);
    inner.set(writeIp6(p.inner, macs, t).subarray(0, inner.length));
    w.bytes(inner.subarray(0, p.len - 48));
  } else w.text(p.data);
  const size = w.length - start;
  w.patch16(start + 2, w.checksum(start, w.length, addresses + IPPROTO_ICMPV6 + size));
}

/** Reads `size` bytes of ICMPv6 into `p`. */
export function readIcmp6(r: ByteReader, p: Packet, size: number, macs: MacTable, t: Ip6Table, readIp6: ReadIp6): void {
  const end = r.at + size;
  p.icmpType = r.u8();
  p.icmpCode = r.u8();
  r.u16();
  p.icmpRest = r.u32();
  p.hlen = 8;
  if (isDiscovery(p.icmpType) && size >= ND_HLEN) {
    const groups = Array.from({ length: 8 }, () => r.u16().toString(16));
    p.tpa = t.intern(groups.join(':'))!;
    while (r.at + ND_OPTION <= end) {
      const kind = r.u8();
      const length = r.u8() * 8;
      if ((kind === 1 || kind === 2) && length === ND_OPTION) p.sha = readMac(r, macs);
      else r.text(Math.max(0, Math.min(length - 2, end - r.at)));
    }
  } else if (quotes6(p.icmpType) && size >= 48) {
    p.inner = new Packet();
    readIp6(r, p.inner, size - 8, macs, t);
    r.at = end;
  } else p.data = r.text(size - 8);
}
