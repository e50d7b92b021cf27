// Which conversation a frame belongs to (Wireshark's tcp.stream and udp.stream), and which frames one cause set off. Numbers in rings as long as the
// trace's own, because every frame passes here while the page draws.
import { FRAMES } from '../kernel/trace';
import { ETH_P_ARP, IPPROTO_TCP, IPPROTO_UDP, type Packet, SYN } from '../wire/packet';

/** One side of a conversation as a number: address and port. */
type End = number;
const end = (address: number, port: number): End => (address >>> 0) * 65536 + port;

interface Stream {
  number: number;
  /** The frame that began its flow. */
  flow: number;
  /** First sequence number of the side with the lower port (or address) and of the other; null before it spoke. */
  low: number | null;
  high: number | null;
  newest: number;
}

const FIRST = 1 << 8;

export class Conversations {
  /** By frame number: the flow, and the stream's number + 1; 0 for none. */
  private flow = new Int32Array(FIRST);
  private stream = new Int32Array(FIRST);
  /** By the frame that began a flow: the number + 1 of the flow's first stream; 0 for none. */
  private lead = new Int32Array(FIRST);
  private mask = FIRST - 1;
  /** Frames noted lie from `first` to `newest`. */
  private first = 1;
  private newest = 0;
  private next = 0;
  private swept = 0;
  /** By protocol, lower end, higher end. */
  private readonly streams = new Map<number, Map<End, Map<End, Stream>>>([[IPPROTO_TCP, new Map()], [IPPROTO_UDP, new Map()]]);

  /** Takes up frame `id`, the next one. */
  note(id: number, cause: number, p: Packet): void {
    if (id !== this.newest + 1) this.first = id;
    this.newest = id;
    if (id - this.first > this.mask && this.mask < FRAMES - 1) this.grow();
    let flow = this.flowOf(cause);
    let stream = 0;
    if (p.type !== ETH_P_ARP && (p.proto === IPPROTO_TCP || p.proto === IPPROTO_UDP)) {
      const s = this.streamFor(p, flow === 0 ? id : flow);
      s.newest = id;
      stream = s.number + 1;
      flow = s.flow;
    }
    this.flow[id & this.mask] = flow === 0 ? id : flow;
    this.stream[id & this.mask] = stream;
    this.lead[id & this.mask] = 0;
    const began = flow === 0 ? id : flow;
    if (stream !== 0 && this.kept(began) && this.lead[began & this.mask] === 0) this.lead[began & this.mask] = stream;
    if (id - this.swept > FRAMES) this.sweep();
  }

  /** The number of a frame's conversation, or -1. */
  streamOf(id: number): number {
    return this.kept(id) ? this.stream[id & this.mask]! - 1 : -1;
  }

  /** The same on both sides of an address rewriting, and for the ARP it needed: the number of the first stream of the frame's flow, or -1. */
  conversationOf(id: number): number {
    const flow = this.flowOf(id);
    return this.kept(flow) ? this.lead[flow & this.mask]! - 1 : this.streamOf(id);
  }

  /** Frames that one cause set off, oldest first. */
  together(id: number): number[] {
    const flow = this.flowOf(id);
    if (flow === 0) return [id];
    const out: number[] = [];
    for (let n = this.oldest(); n <= this.newest; n++) if (this.flow[n & this.mask] === flow) out.push(n);
    return out;
  }

  /** Where a packet's relative sequence numbers start. */
  baseOf(p: Packet): { seq: number; ack: number } {
    const a = end(p.src, p.sport);
    const b = end(p.dst, p.dport);
    const fromLow = isLow(p);
    const s = (fromLow ? this.streams.get(p.proto)?.get(a)?.get(b) : this.streams.get(p.proto)?.get(b)?.get(a)) ?? null;
    return { seq: (fromLow ? s?.low : s?.high) ?? p.seq, ack: (fromLow ? s?.high : s?.low) ?? p.ack };
  }

  private streamFor(p: Packet, flow: number): Stream {
    const fromLow = isLow(p);
    const mine = end(p.src, p.sport);
    const other = end(p.dst, p.dport);
    const all = this.streams.get(p.proto)!;
    const low = fromLow ? mine : other;
    const high = fromLow ? other : mine;
    let ends = all.get(low);
    if (ends === undefined) {
      ends = new Map();
      all.set(low, ends);
    }
    let s = ends.get(high);
    const said = fromLow ? s?.low : s?.high;
    // The same ends begin anew: another conversation.
    if (s === undefined || (p.proto === IPPROTO_TCP && p.flags === SYN && said !== null && said !== p.seq)) {
      s = { number: this.next++, flow, low: null, high: null, newest: 0 };
      ends.set(high, s);
    }
    if (fromLow) s.low ??= p.seq;
    else s.high ??= p.seq;
    return s;
  }

  private oldest(): number {
    return Math.max(this.first, this.newest - this.mask);
  }
  private kept(id: number): boolean {
    return id > 0 && id >= this.oldest() && id <= this.newest;
  }
  private flowOf(id: number): number {
    return this.kept(id) ? this.flow[id & this.mask]! : 0;
  }

  private grow(): void {
    const { flow, stream, lead, mask: was } = this;
    this.mask = was * 2 + 1;
    this.flow = new Int32Array(this.mask + 1);
    this.stream = new Int32Array(this.mask + 1);
    this.lead = new Int32Array(this.mask + 1);
    for (let id = Math.max(this.first, this.newest - was - 1); id < this.newest; id++) {
      this.flow[id & this.mask] = flow[id & was]!;
      this.stream[id & this.mask] = stream[id & was]!;
      this.lead[id & this.mask] = lead[id & was]!;
    }
  }

  /** Forgets conversations all of whose frames the trace has lost. */
  private sweep(): void {
    this.swept = this.newest;
    for (const all of this.streams.values()) {
      for (const [low, ends] of all) {
        for (const [high, s] of ends) if (s.newest < this.newest - FRAMES) ends.delete(high);
        if (ends.size === 0) all.delete(low);
      }
    }
  }
}

/** Does the side with the lower port (at equal ports: address) send it? A server's, mostly, so that many conversations share one. */
const isLow = (p: Packet): boolean => p.sport < p.dport || (p.sport === p.dport && p.src >>> 0 <= p.dst >>> 0);
