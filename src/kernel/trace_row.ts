// A frame as a row of the trace's ring: numbers only, written for every hop. Its text and quoted packet lie beside the ring.
import { ETH_P_ARP, IPPROTO_ICMPV6, Packet } from '../wire/packet';

/** Numbers a row takes: id, host, device, cause, then the header fields in the order of `writeRow`; the last is where the frame's newest visit to a host begins (row + 1, 0 for none). */
export const STRIDE = 24;
export const LAST_VISIT = STRIDE - 1;
/** Where protocol, TTL and TOS share a number, and the bit there that says the frame carries data. */
const PROTO = 9;
const HAS_DATA = 1 << 24;

/** Writes frame `id`, which leaves device `dev` of host `host`, from place `start` on. */
export function writeRow(f: Int32Array, start: number, id: number, host: number, dev: number, p: Packet): void {
  let at = start;
  f[at + LAST_VISIT] = 0;
  f[at++] = id;
  f[at++] = host;
  f[at++] = dev;
  f[at++] = p.cause;
  f[at++] = p.smac;
  f[at++] = p.dmac;
  f[at++] = p.type;
  if (p.type === ETH_P_ARP) {
    f[at++] = p.arpOp;
    f[at++] = p.sha;
    f[at++] = p.spa;
    f[at++] = p.tha;
    f[at] = p.tpa;
    return;
  }
  f[at++] = p.src;
  f[at++] = p.dst;
  f[at++] = (p.data !== '' ? HAS_DATA : 0) | (p.proto << 16) | (p.ttl << 8) | p.tos;
  f[at++] = (p.id << 16) | p.frag;
  f[at++] = p.len;
  f[at++] = (p.sport << 16) | p.dport;
  // Neighbour discovery has no sequence numbers: its target and MAC stand in their place.
  const nd = p.proto === IPPROTO_ICMPV6;
  f[at++] = nd ? p.tpa : p.seq;
  f[at++] = nd ? p.sha : p.ack;
  f[at++] = (p.flags << 16) | p.win;
  f[at++] = p.hlen;
  f[at++] = p.tsVal;
  f[at++] = p.tsEcr;
  f[at++] = (p.mss << 16) | (p.icmpType << 8) | p.icmpCode;
  f[at] = p.icmpRest;
}

/** True when the frame of a row carried data. */
export const hasData = (f: Int32Array, start: number): boolean => (f[start + PROTO]! & HAS_DATA) !== 0;

/** The headers of a row as a packet, without data. */
export function readRow(f: Int32Array, start: number): Packet {
  let at = start + 3;
  const p = new Packet();
  p.cause = f[at++]!;
  p.smac = f[at++]!;
  p.dmac = f[at++]!;
  p.type = f[at++]!;
  if (p.type === ETH_P_ARP) {
    p.arpOp = f[at++]!;
    p.sha = f[at++]!;
    p.spa = f[at++]!;
    p.tha = f[at++]!;
    p.tpa = f[at]!;
    return p;
  }
  p.src = f[at++]!;
  p.dst = f[at++]!;
  const proto = f[at++]!;
  p.proto = (proto >>> 16) & 255;
  p.ttl = (proto >>> 8) & 255;
  p.tos = proto & 255;
  const ident = f[at++]!;
  p.id = ident >>> 16;
  p.frag = ident & 0xffff;
  p.len = f[at++]!;
  const ports = f[at++]!;
  p.sport = ports >>> 16;
  p.dport = ports & 0xffff;
  if (p.proto === IPPROTO_ICMPV6) {
    p.tpa = f[at++]!;
    p.sha = f[at++]!;
  } else {
    p.seq = f[at++]!;
    p.ack = f[at++]!;
  }
  const flags = f[at++]!;
  p.flags = flags >>> 16;
  p.win = flags & 0xffff;
  p.hlen = f[at++]!;
  p.tsVal = f[at++]!;
  p.tsEcr = f[at++]!;
  const icmp = f[at++]!;
  p.mss = icmp >>> 16;
  p.icmpType = (icmp >>> 8) & 255;
  p.icmpCode = icmp & 255;
  p.icmpRest = f[at]!;
  return p;
}

/** Rows first..last of a ring (of `was` + 1 rows) into a longer one, in as few runs as the two allow. Gives the longer one. */
export function regrown<T extends Int32Array | Float64Array>(from: T, to: T, stride: number, was: number, mask: number, first: number, last: number): T {
  for (let n = first; n <= last; ) {
    const i = n & was;
    const k = n & mask;
    const run = Math.min(last - n + 1, was + 1 - i, mask + 1 - k);
    to.set(from.subarray(i * stride, (i + run) * stride), k * stride);
    n += run;
  }
  return to;
}
