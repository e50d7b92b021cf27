// ARP (RFC 826) on the wire: 28 bytes for Ethernet and IPv4.
import type { ByteReader, ByteWriter } from './byte_io';
import { type MacTable, readMac, writeMac } from './ether';
import type { Packet } from './packet';

/** Writes the ARP body of `p`. */
export function writeArp(w: ByteWriter, p: Packet, macs: MacTable): void {
  w.u16(1); // Ethernet
  w.u16(0x0800);
  w.u8(6);
  w.u8(4);
  w.u16(p.arpOp);
  writeMac(w, p.sha, macs);
  w.u32(p.spa);
  writeMac(w, p.tha, macs);
  w.u32(p.tpa);
}

/** Reads an ARP body into `p`. */
export function readArp(r: ByteReader, p: Packet, macs: MacTable): void {
  for (let i = 0; i < 6; i++) r.u8();
  p.arpOp = r.u16();
  p.sha = readMac(r, macs);
  p.spa = r.u32();
  p.tha = readMac(r, macs);
  p.tpa = r.u32();
}
