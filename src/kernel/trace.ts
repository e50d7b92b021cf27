// What happened to every packet: a bounded ring of frames on links and a ring of kernel decisions. Columns, because every hop writes here.
// The trace is not state: a fork starts with an empty one. `lab/trace.ts` turns it into objects for people.
import { ETH_P_ARP, IPPROTO_ICMPV6, Packet } from '../wire/packet';

/** What a kernel decided about a packet (one row of the decision ring); args are given per code. */
export const Step = {
  /** A frame was accepted by device a. */
  receive: 0,
  /** Routed to this host; a = matching local route's dst, b = its prefix length. */
  routeLocal: 1,
  /** Routed onward; a = gateway or 0, b = output device index, c = prefix length of the route used. */
  routeForward: 2,
  /** Output route; a = gateway or 0, b = device, c = prefix length. */
  routeOutput: 3,
  /** No route to a. */
  routeNone: 4,
  /** Next hop a resolved to MAC b, state c. */
  neighbour: 5,
  /** Waits for ARP of a. */
  neighbourWait: 6,
  /** IPVS scheduled a new connection; a = dest address, b = dest port, c = conn slot. */
  ipvsSchedule: 7,
  /** IPVS found a known connection; a = dest address, b = dest port, c = conn slot. */
  ipvsConn: 8,
  /** IPVS has a service here but no server to give; a = vip, b = port. */
  ipvsNoDest: 9,
  /** Destination rewritten from a:b to what the packet now has. */
  ipvsDnat: 10,
  /** Source rewritten from a:b. */
  ipvsSnat: 11,
  /** Direct routing: next hop a, only the frame changes. */
  ipvsDr: 12,
  /** Tunnelled to a. */
  ipvsTun: 13,
  /** A socket took it; a = socket slot, b = its state before. */
  socket: 14,
  /** No socket; a = address, b = port. */
  noSocket: 15,
  /** A netfilter rule decided; a = hook, b = verdict, c = rule number. */
  netfilter: 16,
  /** Died; a = drop reason. */
  drop: 17,
  /** Sent an ICMP error; a = type, b = code. */
  icmpError: 18,
  /** Answered ARP for a on device b. */
  arpAnswer: 19,
  /** Did not answer ARP for a; b = why (1 not local, 2 arp_ignore, 3 martian sender, 4 proxy off), c = arp_ignore in force. */
  arpSilent: 20,
  /** Learned that a is at MAC b; c = 1 when it replaced another MAC. */
  arpLearn: 21,
  /** Connection tracking / NAT rewrote; a = old address, b = old port, c = 1 source 0 destination. */
  nfNat: 22,
  /** Decapsulated from tunnel device a. */
  decap: 23,
  /** A packet with an address of our own as its source (a) was refused; b = device. */
  martian: 24,
  /** Reverse path filter refused source a; b = device, c = rp_filter in force. */
  rpFilter: 25,
} as const;

export const FRAMES = 1 << 15;
const STEPS = 1 << 17;
/** Numbers a frame takes in its ring: id, host, device, cause, then the header fields in the order of `frame` below. */
const STRIDE = 24;

/** Rings of numbers; a frame's text and quoted packet lie beside them. */
export class Trace {
  /** Nothing of the rings goes into a fork; `begin` makes new ones when the first frame flies there. */
  static readonly transient = ['frames', 'steps', 'data', 'inner', 'sentAt', 'stepAt'] as const;
  /** Number of the last frame; frame numbers start at 1 and never repeat. */
  frameCount = 0;
  /** Number of decisions recorded so far. */
  stepCount = 0;
  /** Off in benchmarks of the engine without it; on everywhere else. */
  on = true;
  private sentAt = new Float64Array(0);
  private frames: Int32Array | null = null;
  private data: string[] = [];
  private inner: (Packet | null)[] = [];
  /** Decision columns: frame, host, code, a, b, c. */
  private steps: Int32Array | null = null;
  private stepAt = new Float64Array(0);

  /** Records that `p` leaves device `dev` of host `host` now; gives the frame its number. */
  frame(now: number, host: number, dev: number, p: Packet): void {
    if (!this.on) return;
    if (this.frames === null) this.begin();
    const id = ++this.frameCount;
    const i = id & (FRAMES - 1);
    const f = this.frames!;
    let at = i * STRIDE;
    this.sentAt[i] = now;
    p.frame = id;
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
      this.data[i] = '';
      return;
    }
    f[at++] = p.src;
    f[at++] = p.dst;
    f[at++] = (p.proto << 16) | (p.ttl << 8) | p.tos;
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
    this.data[i] = p.data;
    if (this.inner[i] !== p.inner) this.inner[i] = p.inner;
  }

  /** The headers of frame `id` as they left; null when the ring has lost it. */
  packet(id: number): Packet | null {
    const f = this.frames;
    const i = id & (FRAMES - 1);
    let at = i * STRIDE;
    if (f === null || id < 1 || f[at] !== id) return null;
    const p = new Packet();
    p.frame = id;
    at += 3;
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
    p.proto = proto >>> 16;
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
    p.data = this.data[i]!;
    p.inner = this.inner[i] ?? null;
    return p;
  }

  /** Records a decision of host `host` about the frame numbered `frame`. */
  step(now: number, host: number, frame: number, code: number, a: number, b: number, c: number): void {
    if (!this.on) return;
    if (this.steps === null) this.begin();
    const n = this.stepCount++ & (STEPS - 1);
    const s = this.steps!;
    const at = n * 6;
    this.stepAt[n] = now;
    s[at] = frame;
    s[at + 1] = host;
    s[at + 2] = code;
    s[at + 3] = a;
    s[at + 4] = b;
    s[at + 5] = c;
  }

  drop(now: number, host: number, p: Packet, reason: number): void {
    this.step(now, host, p.frame, Step.drop, reason, 0, 0);
  }

  /** Calls `visit` for every frame still in the ring, oldest first, from number `from` on. */
  eachFrame(from: number, visit: (id: number, at: number, host: number, dev: number, cause: number, p: Packet) => void): void {
    const f = this.frames;
    if (f === null) return;
    for (let id = Math.max(from, 1, this.frameCount - FRAMES + 1); id <= this.frameCount; id++) {
      const i = id & (FRAMES - 1);
      const at = i * STRIDE;
      if (f[at] === id) visit(id, this.sentAt[i]!, f[at + 1]!, f[at + 2]!, f[at + 3]!, this.packet(id)!); // else made before this trace began
    }
  }

  /** Calls `visit` for every decision still in the ring from number `from` on, oldest first. */
  eachStep(from: number, visit: (n: number, at: number, host: number, frame: number, code: number, a: number, b: number, c: number) => void): void {
    if (this.steps === null) return;
    for (let n = Math.max(from, this.stepCount - STEPS); n < this.stepCount; n++) {
      const i = n & (STEPS - 1);
      const at = i * 6;
      const s = this.steps;
      visit(n, this.stepAt[i]!, s[at + 1]!, s[at]!, s[at + 2]!, s[at + 3]!, s[at + 4]!, s[at + 5]!);
    }
  }

  /** Takes over another trace's rings; the counts stay, so what that one recorded later is overwritten. */
  adopt(other: Trace): void {
    this.frames = other.frames;
    this.data = other.data;
    this.inner = other.inner;
    this.steps = other.steps;
    this.sentAt = other.sentAt;
    this.stepAt = other.stepAt;
  }

  private begin(): void {
    this.frames = new Int32Array(FRAMES * STRIDE);
    this.sentAt = new Float64Array(FRAMES);
    this.data = [];
    this.inner = [];
    this.steps = new Int32Array(STEPS * 6);
    this.stepAt = new Float64Array(STEPS);
  }
}
