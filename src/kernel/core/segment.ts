// An Ethernet segment: a switch that learns which address is behind which port (IEEE 802.1D without spanning tree).
// The switch decides when a frame enters it; the two links of the way cost LINK_US each, so a crossing is one event.
import { Drop } from '../drop_reason';
import { Ev, LINK_US, type World } from '../world';
import type { Mac, Packet } from '../../wire/packet';
import type { Dev } from './dev';
import { deviceReceive, frameBytes } from './dev_queue';

/** One port: the device plugged in. */
export interface Port {
  host: number;
  /** ifindex there. */
  dev: number;
}

/** A switch. Plain data. */
export class Segment {
  static readonly blank = (s: Segment): Segment => new Segment(s.index, s.name, s.subnet);
  ports: Port[] = [];
  /** Forwarding database: port + 1 by MAC id, 0 for unknown. */
  fdb = new Int32Array(64);
  constructor(
    readonly index: number,
    readonly name: string,
    /** Subnet written in the topology, for drawings; '' when none. */
    readonly subnet: string,
  ) {}
}

/** Plugs a device into a segment. */
export function plug(seg: Segment, host: number, dev: Dev): void {
  dev.segment = seg.index;
  dev.port = seg.ports.length;
  seg.ports.push({ host, dev: dev.index });
}

/** When the last bit of a frame has left a card of limited rate; frames wait for one another. */
function sentAt(w: World, dev: Dev, p: Packet): number {
  const start = dev.busyUntil > w.clock.now ? dev.busyUntil : w.clock.now;
  dev.busyUntil = start + Math.ceil((frameBytes(p) * 8) / dev.rateMbit);
  return dev.busyUntil;
}

/** A frame enters the switch from `dev` (whose port it leaves by is learned). */
export function segmentForward(w: World, dev: Dev, p: Packet): void {
  const seg = w.segments[dev.segment]!;
  const from = dev.port;
  if (seg.fdb[p.smac] !== from + 1) learn(seg, p.smac, from);
  if (!w.oneKernel) p.confirm = 0; // a mark of the sending kernel's own
  const at = (dev.rateMbit === 0 ? w.clock.now : sentAt(w, dev, p)) + 2 * LINK_US + dev.delayUs;
  if (p.dmac !== 1) {
    const to = (seg.fdb[p.dmac] ?? 0) - 1;
    if (to >= 0) {
      const port = seg.ports[to];
      if (to === from || port === undefined) w.lose(p, Drop.LINK_DOWN);
      else w.clock.push(at, Ev.deviceReceive, port.host, port.dev, p);
      return;
    }
  }
  // Broadcast, multicast or not yet learned: it leaves by every other port.
  if (seg.ports.length === 1) w.lose(p, Drop.NO_CARRIER);
  else w.clock.push(at, Ev.segmentFlood, seg.index, from, p);
}

/**
 * Handler of Ev.segmentFlood (br_flood): each port but the one it came by gets a copy, the last one the frame itself.
 * All of them arrive at the same instant, so one event does; a copy is made when it is due and the next one takes its place in memory.
 */
export function segmentFlood(w: World, segment: number, from: number, ref: object | null): void {
  const p = ref as Packet;
  const { ports } = w.segments[segment]!;
  // A Linux bridge floods the port that was added last first (br_add_if puts it at the head of the list).
  const bridge = w.oneKernel;
  const end = ports.length - 1;
  const own = bridge ? end - from : from;
  const last = own === end ? end - 1 : end;
  for (let n = 0; n <= last; n++) {
    if (n === own) continue;
    const port = ports[bridge ? end - n : n]!;
    deviceReceive(w, port.host, port.dev, n === last ? p : w.copy(p));
  }
}

function learn(seg: Segment, mac: Mac, port: number): void {
  if (mac >= seg.fdb.length) {
    const more = new Int32Array(mac * 2);
    more.set(seg.fdb);
    seg.fdb = more;
  }
  seg.fdb[mac] = port + 1;
}
