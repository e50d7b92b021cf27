// UDP (RFC 768) on the wire.
import type { ByteReader, ByteWriter } from './byte_io';
import { pseudoSum } from './ip_header';
import type { Packet } from './packet';

/** Writes the UDP part of `p`. `addresses`: see `pseudoSum`. */
export function writeUdp(w: ByteWriter, p: Packet, addresses?: number): void {
  const start = w.length;
  w.u16(p.sport);
  w.u16(p.dport);
  w.u16(8 + p.data.length);
  w.u16(0);
  w.text(p.data);
  const sum = w.checksum(start, w.length, pseudoSum(p, w.length - start, addresses));
  w.patch16(start + 6, sum === 0 ? 0xffff : sum);
}

/** Reads a UDP datagram into `p`. */
export function readUdp(r: ByteReader, p: Packet): void {
  p.sport = r.u16();
  p.dport = r.u16();
  const size = r.u16();
  r.u16();
  p.hlen = 8;
  p.data = r.text(size - 8);
}
