// TCP (RFC 9293) on the wire: header, the options Linux sends (MSS, SACK permitted, timestamps, window scale), checksum.
import type { ByteReader, ByteWriter } from './byte_io';
import { pseudoSum } from './ip_header';
import { type Packet, SYN } from './packet';

/** Writes the TCP part of `p`. `hlen` decides the options: 20 none, 32 timestamps, 40 a SYN's. `addresses`: see `pseudoSum`. */
export function writeTcp(w: ByteWriter, p: Packet, addresses?: number): void {
  const start = w.length;
  w.u16(p.sport);
  w.u16(p.dport);
  w.u32(p.seq);
  w.u32(p.ack);
  w.u8((p.hlen / 4) << 4);
  w.u8(p.flags);
  w.u16(p.win);
  w.u16(0);
  w.u16(0);
  if (p.hlen >= 40 && (p.flags & SYN) !== 0) {
    w.u8(2);
    w.u8(4);
    w.u16(p.mss);
    w.u8(4);
    w.u8(2);
    timestamps(w, p);
    w.u8(1);
    w.u8(3);
    w.u8(3);
    w.u8(7);
  } else if (p.hlen >= 32) {
    w.u8(1);
    w.u8(1);
    timestamps(w, p);
  }
  w.text(p.data);
  w.patch16(start + 16, w.checksum(start, w.length, pseudoSum(p, w.length - start, addresses)));
}

function timestamps(w: ByteWriter, p: Packet): void {
  w.u8(8);
  w.u8(10);
  w.u32(p.tsVal);
  w.u32(p.tsEcr);
}

/** Reads `size` bytes of TCP into `p`. */
export function readTcp(r: ByteReader, p: Packet, size: number): void {
  const end = r.at + size;
  p.sport = r.u16();
  p.dport = r.u16();
  p.seq = r.u32();
  p.ack = r.u32();
  p.hlen = (r.u8() >> 4) * 4;
  p.flags = r.u8();
  p.win = r.u16();
  r.u16();
  r.u16();
  const options = end - size + p.hlen;
  while (r.at < options) {
    const kind = r.u8();
    if (kind === 0) break;
    if (kind === 1) continue;
    const len = r.u8();
    if (kind === 2) p.mss = r.u16();
    else if (kind === 8) {
      p.tsVal = r.u32();
      p.tsEcr = r.u32();
    } else r.text(len - 2);
  }
  r.at = options;
  p.data = r.text(end - options);
}
