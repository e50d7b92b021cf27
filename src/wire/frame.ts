// A whole Ethernet frame as bytes and back, for captures (pcap) and hex views.
import { readArp, writeArp } from './arp';
import { ByteReader, ByteWriter } from './byte_io';
import { type MacTable, readMac, writeMac } from './ether';
import { readIp, writeIp } from './ip_header';
import { ETH_P_ARP, ETH_P_IP, Packet } from './packet';

/** Bytes of a frame, without padding and checksum sequence, as a capture on Linux holds it. */
export function frameToBytes(p: Packet, macs: MacTable): Uint8Array {
  const w = new ByteWriter();
  writeMac(w, p.dmac, macs);
  writeMac(w, p.smac, macs);
  w.u16(p.type);
  if (p.type === ETH_P_ARP) writeArp(w, p, macs);
  else if (p.type === ETH_P_IP) w.bytes(writeIp(p));
  else w.text(p.data);
  return w.take();
}

/** The packet that bytes stand for. Throws RangeError when they end too early. */
export function frameFromBytes(bytes: Uint8Array, macs: MacTable): Packet {
  const r = new ByteReader(bytes);
  const p = new Packet();
  p.dmac = readMac(r, macs);
  p.smac = readMac(r, macs);
  p.type = r.u16();
  if (p.type === ETH_P_ARP) readArp(r, p, macs);
  else if (p.type === ETH_P_IP) readIp(r, p, r.left);
  else p.data = r.text(r.left);
  return p;
}
