// A whole Ethernet frame as bytes and back, for captures (pcap) and hex views.
import { readArp, writeArp } from './arp';
import { ByteReader, ByteWriter } from './byte_io';
import { type MacTable, readMac, writeMac } from './ether';
import { readIp, writeIp } from './ip_header';
import type { Ip6Table } from './ip6_table';
import { readIp6, writeIp6 } from './ipv6';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, Packet } from './packet';

/** Bytes of a frame, without padding and checksum sequence, as a capture on Linux holds it. `ip6` names the ids of IPv6 addresses. */
export function frameToBytes(p: Packet, macs: MacTable, ip6: Ip6Table): Uint8Array {
  const w = new ByteWriter();
  writeMac(w, p.dmac, macs);
  writeMac(w, p.smac, macs);
  w.u16(p.type);
  if (p.type === ETH_P_ARP) writeArp(w, p, macs);
  else if (p.type === ETH_P_IP) w.bytes(writeIp(p));
  else if (p.type === ETH_P_IPV6) w.bytes(writeIp6(p, macs, ip6));
  else w.text(p.data);
  return w.take();
}

/** The packet that bytes stand for. Throws RangeError when they end too early. */
export function frameFromBytes(bytes: Uint8Array, macs: MacTable, ip6: Ip6Table): Packet {
  const r = new ByteReader(bytes);
  const p = new Packet();
  p.dmac = readMac(r, macs);
  p.smac = readMac(r, macs);
  p.type = r.u16();
  if (p.type === ETH_P_ARP) readArp(r, p, macs);
  else if (p.type === ETH_P_IP) readIp(r, p, r.left);
  else if (p.type === ETH_P_IPV6) readIp6(r, p, r.left, macs, ip6);
  else p.data = r.text(r.left);
  return p;
}
