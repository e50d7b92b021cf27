// A frame of the trace as the bytes that were on the wire. In the engine the first fragment of a datagram carries its data as one record
// (kernel/ipv4/ip_fragment.ts); here each gets the bytes that are its own.
import type { World } from '../kernel/world';
import { frameToBytes } from '../wire/frame';
import { ETH_P_IP, IP_MF, type Packet } from '../wire/packet';

const OFFSET = 0x1fff;
/** Ethernet and IPv4 headers. */
const HEADERS = 34;
/** How far back the first fragment of a datagram is looked for. */
const NEAR = 256;

/** Bytes of frame `id`; null when the ring has lost it. */
export function frameBytes(w: World, id: number): Uint8Array | null {
  const p = w.trace.packet(id);
  if (p === null) return null;
  if (p.type !== ETH_P_IP || (p.frag & (IP_MF | OFFSET)) === 0) return frameToBytes(p, w.macs, w.ip6);
  const out = new Uint8Array(14 + p.len);
  out.set(frameToBytes(p, w.macs, w.ip6).subarray(0, HEADERS));
  const first = firstFragment(w, id, p);
  if (first === null) return out;
  const from = HEADERS + (p.frag & OFFSET) * 8;
  first.frag = 0;
  first.len = 20 + first.hlen + first.data.length;
  out.set(frameToBytes(first, w.macs, w.ip6).subarray(from, from + p.len - 20), HEADERS);
  return out;
}

function firstFragment(w: World, id: number, p: Packet): Packet | null {
  for (let n = id; n > 0 && id - n < NEAR; n--) {
    const q = w.trace.packet(n);
    if (q !== null && q.type === ETH_P_IP && q.id === p.id && q.src === p.src && q.dst === p.dst && q.proto === p.proto && (q.frag & OFFSET) === 0) return q;
  }
  return null;
}
