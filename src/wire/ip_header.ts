// IPv4 (RFC 791) on the wire, with the transport it carries; IP in IP (RFC 2003) is a packet inside.
import { type ByteReader, ByteWriter } from './byte_io';
import { readIcmp, writeIcmp } from './icmp';
import { IPPROTO_ICMP, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, Packet } from './packet';
import { readTcp, writeTcp } from './tcp';
import { readUdp, writeUdp } from './udp';

/** Sum of the pseudo header that TCP and UDP checksums cover; `addresses` is both addresses' part of it (by default IPv4's). */
export function pseudoSum(p: Packet, size: number, addresses = (p.src >>> 16) + (p.src & 0xffff) + (p.dst >>> 16) + (p.dst & 0xffff)): number {
  return addresses + p.proto + size;
}

/** Bytes of an IP packet. */
export function writeIp(p: Packet): Uint8Array {
  const w = new ByteWriter();
  w.u8(0x45);
  w.u8(p.tos);
  w.u16(p.len);
  w.u16(p.id);
  w.u16(p.frag);
  w.u8(p.ttl);
  w.u8(p.proto);
  w.u16(0);
  w.u32(p.src);
  w.u32(p.dst);
  w.patch16(10, w.checksum(0, 20));
  if (p.proto === IPPROTO_TCP) writeTcp(w, p);
  else if (p.proto === IPPROTO_UDP) writeUdp(w, p);
  else if (p.proto === IPPROTO_ICMP) writeIcmp(w, p);
  else if (p.proto === IPPROTO_IPIP && p.inner !== null) w.bytes(writeIp(p.inner));
  else w.text(p.data);
  return w.take();
}

/** Reads at most `size` bytes of an IP packet into `p`. Throws RangeError when headers are cut short (except in quotations: what is there). */
export function readIp(r: ByteReader, p: Packet, size: number): void {
  const start = r.at;
  r.u8();
  p.tos = r.u8();
  p.len = r.u16();
  p.id = r.u16();
  p.frag = r.u16();
  p.ttl = r.u8();
  p.proto = r.u8();
  r.u16();
  p.src = r.u32();
  p.dst = r.u32();
  const rest = Math.min(size, p.len) - (r.at - start);
  if (p.proto === IPPROTO_TCP && rest >= 20) readTcp(r, p, rest);
  else if (p.proto === IPPROTO_UDP && rest >= 8) readUdp(r, p);
  else if (p.proto === IPPROTO_ICMP && rest >= 8) readIcmp(r, p, rest);
  else if (p.proto === IPPROTO_IPIP && rest >= 20) {
    p.inner = new Packet();
    readIp(r, p.inner, rest);
  } else p.data = r.text(rest);
}
