// ICMP (RFC 792) on the wire: type, code, checksum, 32 bits whose meaning depends on the type, then data or the packet quoted.
import type { ByteReader, ByteWriter } from './byte_io';
import { readIp, writeIp } from './ip_header';
import { Packet } from './packet';

const quotes = (type: number): boolean => type === 3 || type === 5 || type === 11 || type === 12;

/** Writes the ICMP part of `p`; an error carries as much of the quoted packet as its length says. */
export function writeIcmp(w: ByteWriter, p: Packet): void {
  const start = w.length;
  w.u8(p.icmpType);
  w.u8(p.icmpCode);
  w.u16(0);
  w.u32(p.icmpRest);
  if (p.inner !== null && quotes(p.icmpType)) {
    const inner = new Uint8Array(p.inner.len);
    const whole = writeIp(p.inner);
    inner.set(whole.subarray(0, inner.length));
    w.bytes(inner.subarray(0, p.len - 28));
  } else w.text(p.data);
  w.patch16(start + 2, w.checksum(start, w.length));
}

/** Reads `size` bytes of ICMP into `p`. A quoted packet that was cut keeps what its headers say. */
export function readIcmp(r: ByteReader, p: Packet, size: number): void {
  p.icmpType = r.u8();
  p.icmpCode = r.u8();
  r.u16();
  p.icmpRest = r.u32();
  p.hlen = 8;
  if (quotes(p.icmpType)) {
    p.inner = new Packet();
    const end = r.at + size - 8;
    readIp(r, p.inner, size - 8);
    r.at = end;
  } else p.data = r.text(size - 8);
}
