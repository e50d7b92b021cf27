// Packet sockets: copies of frames for tcpdump and arping. Linux counterpart: net/packet/af_packet.c.
import type { Kernel } from '../kernel';
import { Ev } from '../world';
import { Packet } from '../../wire/packet';
import type { Dev } from './dev';

/** A packet socket. */
export interface PacketSocket {
  /** Device it listens on; 0 for all. */
  ifindex: number;
  /** EtherType wanted; 0 for all. */
  ethType: number;
  queue: Tapped[];
  /** Wait queue woken on arrival; 0: nobody waits. */
  wait: number;
  dropped: number;
}

/** A frame as a tap saw it. */
export interface Tapped {
  packet: Packet;
  at: number;
  dev: number;
  outgoing: boolean;
}

const LIMIT = 65536;

/** Opens a tap. */
export function packetOpen(k: Kernel, ifindex: number, ethType: number): number {
  const s: PacketSocket = { ifindex, ethType, queue: [], wait: 0, dropped: 0 };
  k.taps++;
  const free = k.packetSockets.indexOf(null);
  if (free >= 0) {
    k.packetSockets[free] = s;
    return free;
  }
  return k.packetSockets.push(s) - 1;
}

export function packetClose(k: Kernel, sock: number): void {
  if (!k.packetSockets[sock]) return;
  k.packetSockets[sock] = null;
  k.taps--;
}

/** Names the wait queue to wake. */
export function packetQueue(k: Kernel, sock: number, wait: number): void {
  const s = k.packetSockets[sock];
  if (s) s.wait = wait;
}

/** The oldest frame seen, or null. */
export function packetReceive(k: Kernel, sock: number): Tapped | null {
  return k.packetSockets[sock]?.queue.shift() ?? null;
}

/** Shows a frame to the taps that want it. */
export function tapPacket(k: Kernel, dev: Dev, p: Packet, outgoing: boolean): void {
  for (const s of k.packetSockets) {
    if (s === null || (s.ifindex !== 0 && s.ifindex !== dev.index) || (s.ethType !== 0 && s.ethType !== p.type)) continue;
    if (s.queue.length >= LIMIT) {
      s.dropped++;
      continue;
    }
    const copy = new Packet();
    copy.set(p);
    s.queue.push({ packet: copy, at: k.world.clock.now, dev: dev.index, outgoing });
    if (s.wait !== 0) k.world.clock.push(k.world.clock.now, Ev.wake, k.index, s.wait, null);
  }
}
