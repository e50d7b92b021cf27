// Fragmentation and reassembly (RFC 791, RFC 815). Linux counterpart: net/ipv4/ip_output.c (ip_do_fragment), ip_fragment.c.
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { IP_MF, type Packet } from '../../wire/packet';

/** Fragments wait this long for the rest, us (ipfrag_time). */
const REASSEMBLY_US = 30_000_000;
const IP_HLEN = 20;

/** Pieces of one datagram that have come so far. */
export interface Reassembly {
  since: number;
  first: Packet | null;
  /** Payload bytes received (transport header included) and the total, -1 until the last piece is here. */
  got: number;
  total: number;
  pieces: number;
}

/**
 * Cuts a packet into pieces that fit `mtu` and hands each to `send`. The first piece carries the transport header and all
 * data as one record; the others carry only lengths: nothing looks into them before they are whole again.
 */
export function ipFragment(k: Kernel, p: Packet, mtu: number, send: (piece: Packet) => void): void {
  const w = k.world;
  const payload = p.len - IP_HLEN;
  const step = (mtu - IP_HLEN) & ~7;
  const base = p.frag & 0x1fff;
  const more = p.frag & IP_MF;
  for (let off = 0; off < payload; off += step) {
    const size = Math.min(step, payload - off);
    const piece = w.copy(p);
    piece.len = IP_HLEN + size;
    const last = off + size >= payload;
    piece.frag = (base + off / 8) | (last ? more : IP_MF);
    if (off > 0) {
      piece.data = '';
      piece.inner = null;
    }
    k.ip.fragCreates++;
    send(piece);
  }
  k.ip.fragOKs++;
  w.consume(p);
}

/** Takes a fragment; gives the whole datagram once every byte is here, else null (the fragment is kept or consumed). */
export function ipDefragment(k: Kernel, p: Packet): Packet | null {
  const w = k.world;
  k.ip.reasmReqds++;
  const key = `${p.src}/${p.dst}/${p.proto}/${p.id}`;
  let q = k.fragments.get(key);
  if (q !== undefined && w.clock.now - q.since > REASSEMBLY_US) {
    if (q.first !== null) w.drop(k, q.first, Drop.FRAG_REASM_TIMEOUT);
    q = undefined;
  }
  if (q === undefined) {
    q = { since: w.clock.now, first: null, got: 0, total: -1, pieces: 0 };
    k.fragments.set(key, q);
  }
  const offset = (p.frag & 0x1fff) * 8;
  q.got += p.len - IP_HLEN;
  q.pieces++;
  if ((p.frag & IP_MF) === 0) q.total = offset + p.len - IP_HLEN;
  if (offset === 0 && q.first === null) q.first = p;
  else w.consume(p);
  if (q.first === null || q.total < 0 || q.got < q.total) return null;
  k.fragments.delete(key);
  const whole = q.first;
  whole.frag = 0;
  whole.len = IP_HLEN + q.total;
  k.ip.reasmOKs++;
  return whole;
}
