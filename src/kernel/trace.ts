// What happened to every packet: a bounded ring of frames on links and a ring of kernel decisions. Columns, because every hop writes here.
// The trace is not state: a fork starts with an empty one. `lab/trace.ts` turns it into objects for people.
import type { Packet } from '../wire/packet';

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

/** One frame as it left a device (kept flat for speed). Index with `id & (FRAMES - 1)`. */
export class Trace {
  /** Nothing of the rings goes into a fork; `begin` makes new ones when the first frame flies there. */
  static readonly transient = ['frames', 'steps', 'packets', 'sentAt', 'stepAt'] as const;
  /** Number of the last frame; frame numbers start at 1 and never repeat. */
  frameCount = 0;
  /** Number of decisions recorded so far. */
  stepCount = 0;
  /** Off in benchmarks of the engine without it; on everywhere else. */
  on = true;
  /** Frame columns: sent at, from host, from device, cause frame. */
  sentAt = new Float64Array(0);
  frames: Int32Array | null = null;
  /** Header snapshot of each frame, one reused object a slot. */
  packets: (Packet | null)[] | null = null;
  /** Decision columns: frame, host, code, a, b, c. */
  steps: Int32Array | null = null;
  stepAt = new Float64Array(0);

  /** Records that `p` leaves device `dev` of host `host` now; gives the frame its number. */
  frame(now: number, host: number, dev: number, p: Packet, make: () => Packet): void {
    if (!this.on) return;
    if (this.frames === null || this.packets === null) this.begin();
    const id = ++this.frameCount;
    const i = id & (FRAMES - 1);
    const f = this.frames!;
    const at = i * 4;
    this.sentAt[i] = now;
    f[at] = id;
    f[at + 1] = host;
    f[at + 2] = dev;
    f[at + 3] = p.cause;
    p.frame = id;
    let snap = this.packets![i];
    if (snap === undefined || snap === null) {
      snap = make();
      this.packets![i] = snap;
    }
    snap.set(p);
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
    if (this.frames === null || this.packets === null) return;
    for (let id = Math.max(from, 1, this.frameCount - FRAMES + 1); id <= this.frameCount; id++) {
      const i = id & (FRAMES - 1);
      if (this.frames[i * 4] !== id) continue; // made before this trace began
      visit(id, this.sentAt[i]!, this.frames[i * 4 + 1]!, this.frames[i * 4 + 2]!, this.frames[i * 4 + 3]!, this.packets[i]!);
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
    this.packets = other.packets;
    this.steps = other.steps;
    this.sentAt = other.sentAt;
    this.stepAt = other.stepAt;
  }

  private begin(): void {
    this.frames = new Int32Array(FRAMES * 4);
    this.sentAt = new Float64Array(FRAMES);
    this.packets = [];
    this.steps = new Int32Array(STEPS * 6);
    this.stepAt = new Float64Array(STEPS);
  }
}
