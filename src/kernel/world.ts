// The ground all kernels of a lab stand on: one clock, named random streams, Ethernet segments, the packet pool with its ledger, the trace.
import { Clock } from '../lib/clock';
import { Rng } from '../lib/rng';
import { MacTable } from '../wire/ether';
import { Ip6Table } from '../wire/ip6_table';
import { Packet } from '../wire/packet';
import type { Segment } from './core/segment';
import { DROP_REASONS, type DropReason } from './drop_reason';
import type { Kernel } from './kernel';
import { Trace } from './trace';

/** Kinds of events. Kernel kinds first; the host and shell floors use the rest. */
export const Ev = {
  /** A frame reaches device b of host a. */
  deviceReceive: 0,
  /** A frame leaves segment a by every port but b. */
  segmentFlood: 1,
  /** Neighbour b (slot) of host a: its timer. */
  neighbour: 2,
  /** TCP socket b of host a: its lazy timer. */
  tcpTimer: 3,
  /** IPVS connection b of host a: its lazy timer. */
  ipvsConn: 4,
  /** IPVS estimator of host a. */
  ipvsEstimator: 5,
  /** Conntrack entry b of host a: its lazy timer. */
  conntrack: 6,
  /** ARP answer of host a, delayed by its race; b = device. */
  arpReply: 7,
  /** Other kernel timers of host a; b says which (see kernel/timers). */
  kernelTimer: 8,
  /** Duplicate address detection on device b of host a. */
  addrconf: 9,
  /** Process b of host a goes on. */
  run: 16,
  /** A sleep of process b ends; a = host * 65536 + sleep id. */
  timeout: 17,
  /** Wait queue b of host a is woken. */
  wake: 18,
  /** Socket b of host a belongs to a daemon and something happened to it. */
  daemon: 19,
  /** Bytes were typed on terminal b of host a. */
  tty: 20,
  /** A unit or daemon's own timer: b says which. */
  unit: 21,
  /** A host reboots: stage b. */
  boot: 22,
  /** Process b of host a, which has no generator, was sent a signal it catches. */
  processSignal: 23,
  /** Process b of host a has ended; it belonged to a daemon or a unit (ref: host/host.ts Ended). */
  processEnded: 24,
  /** Logins of host a: b 0 ends them (shutdown), 1 begins them on every terminal (getty). */
  session: 25,
} as const;

/** What a kind of event calls. Static: bound once by the lab floor. */
export type Handler = (w: World, a: number, b: number, ref: object | null) => void;
/** Handlers by kind; frozen, so that forks share it. */
export type Handlers = { readonly byKind: readonly (Handler | undefined)[] };

/** One link crossing (host to switch, switch to host, or a direct cable half), us. */
export const LINK_US = 50;

/** Thrown where time would pass `World.haltAt`. */
export class Halted extends Error {}

/** The hosts for which a module's code runs that `k` loads: itself, or every namespace of its kernel. */
export const namespacesOf = (k: Kernel): readonly Kernel[] => (k.world.oneKernel ? k.world.kernels : [k]);

/** All mutable state below the lab. */
export class World {
  /** The trace and the pool stay behind in a fork (the trace is not state). */
  static readonly transient = ['pool'] as const;
  static readonly blank = (w: World): World => new World(0, w.handlers);
  clock = new Clock();
  rng: Rng;
  macs = new MacTable();
  ip6 = new Ip6Table();
  segments: Segment[] = [];
  kernels: Kernel[] = [];
  /** The hosts are network namespaces of one kernel, as the recordings' were: a module that one of them loads is loaded for all (`namespacesOf`), and a segment is a bridge of that kernel. */
  oneKernel = false;
  /** Userland of each kernel, by the same index; the host floor knows the type. */
  hosts: object[] = [];
  trace = new Trace();
  /** Wall clock at virtual time 0, whole seconds since 1970. */
  epoch = 1_767_225_600;
  /** Ledger of frame copies: created = consumed + dropped + queued + in flight. */
  created = 0;
  consumed = 0;
  dropped = 0;
  droppedBy = new Int32Array(DROP_REASONS.length);
  /** Frame being handled now; what is sent meanwhile names it as its cause. 0: none. */
  causeFrame = 0;
  /** Time does not pass this instant (us): whoever lets it is stopped. For work that is done again as far as an instant. */
  haltAt = Number.POSITIVE_INFINITY;
  private pool: Packet[] | null = null;

  constructor(seed: number, readonly handlers: Handlers) {
    this.rng = new Rng(seed);
  }

  /** A clean packet from the pool; the ledger counts it as created. */
  alloc(): Packet {
    this.created++;
    const p = this.pool?.pop();
    return p === undefined ? new Packet() : p;
  }

  /** A copy of a packet (a switch's flood, a quoted original). */
  copy(from: Packet): Packet {
    const p = this.alloc();
    p.set(from);
    return p;
  }

  /** The packet has reached its end. The caller must not use it any more. */
  consume(p: Packet): void {
    this.consumed++;
    this.release(p);
  }

  /** The packet dies in host `k` for `reason`; the trace and the host's counters say so. */
  drop(k: Kernel, p: Packet, reason: DropReason): void {
    this.dropped++;
    this.droppedBy[reason] = this.droppedBy[reason]! + 1;
    this.trace.drop(this.clock.now, k.index, p, reason);
    this.release(p);
  }

  /** A frame that dies outside any host (an unplugged cable, a switch port that is down). */
  lose(p: Packet, reason: DropReason): void {
    this.dropped++;
    this.droppedBy[reason] = this.droppedBy[reason]! + 1;
    this.trace.drop(this.clock.now, -1, p, reason);
    this.release(p);
  }

  private release(p: Packet): void {
    p.clear();
    if (this.pool === null) this.pool = [];
    if (this.pool.length < 4096) this.pool.push(p);
  }

  /** Runs every event due up to `until` (us), then moves time there. `advance(a); advance(b)` equals `advance(b)`. */
  advance(until: number): void {
    if (until > this.haltAt) {
      this.advance(this.haltAt);
      throw new Halted();
    }
    const { clock } = this;
    const table = this.handlers.byKind;
    for (let due = clock.take(until); due !== null; due = clock.take(until)) table[due.kind]!(this, due.a, due.b, due.ref);
    if (clock.now < until) clock.now = until;
  }

  /** Runs the next event, if one is due by `until` (us). False when none is. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    const due = this.clock.take(Math.min(until, this.haltAt));
    if (due === null) {
      if (until > this.haltAt) this.advance(until);
      return false;
    }
    this.handlers.byKind[due.kind]!(this, due.a, due.b, due.ref);
    return true;
  }
}
