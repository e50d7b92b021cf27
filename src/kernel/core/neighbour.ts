// The neighbour tables (ARP's and IPv6's): states, timers and the queue of packets that wait. Linux counterpart: net/core/neighbour.c with arp_tbl's and nd_tbl's parameters.
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { Ev, type World } from '../world';
import { ETH_P_IPV6, type Ip, type Mac, type Packet } from '../../wire/packet';
import { arpSolicit, sendUnreachableFor } from '../ipv4/arp';
import { ndiscFailed, ndiscSolicit } from '../ipv6/ndisc';
import type { Dev } from './dev';
import { devXmit } from './dev_queue';
import { NUD, NUD_VALID } from './nud';

export { NUD };
const VALID = NUD_VALID;

/** arp_tbl parameters, us: base reachable time, retransmission, delay before the first probe, locktime; probes. */
export const NEIGH = { reachableUs: 30_000_000, retransUs: 1_000_000, delayUs: 5_000_000, lockUs: 1_000_000, mcastSolicit: 3, ucastSolicit: 3, queueLen: 101, gcStaleUs: 60_000_000 } as const;

/** One entry. */
export class Neighbour {
  static readonly blank = (n: Neighbour): Neighbour => new Neighbour(n.slot, n.ip, n.v6, n.dev, n.used);
  /** That IPv6 neighbour calls itself a router. */
  router = false;
  mac: Mac = 0;
  state = 0;
  /** When confirmed, last used and last changed, us. */
  confirmed = 0;
  used: number;
  updated: number;
  /** Probes sent in this round. */
  probes = 0;
  /** When the timer should act; the queued event re-arms when this moved. Infinity: no timer. */
  expires = Number.POSITIVE_INFINITY;
  /** A timer event is queued. */
  armed = false;
  queue: Packet[] = [];

  constructor(
    /** Finds it from its timer. */
    readonly slot: number,
    readonly ip: Ip,
    /** `ip` is an IPv6 id. */
    readonly v6: boolean,
    readonly dev: number,
    now: number,
  ) {
    this.used = now;
    this.updated = now;
  }
}

/** Finds or creates the entry of `ip` on `dev`. `v6`: in IPv6's table. */
export function neighbourOf(k: Kernel, dev: Dev, ip: Ip, v6 = false): Neighbour {
  const table = v6 ? dev.neighbours6 : dev.neighbours;
  let n = table.get(ip);
  if (n === undefined) {
    n = new Neighbour(k.newNeighbourSlot(), ip, v6, dev.index, k.world.clock.now);
    table.set(ip, n);
    k.neighbours[n.slot] = n;
  }
  return n;
}

/** Removes an entry; packets that waited die. */
export function neighbourRemove(k: Kernel, dev: Dev, n: Neighbour): void {
  flushQueue(k, n, Drop.NEIGH_FAILED);
  (n.v6 ? dev.neighbours6 : dev.neighbours).delete(n.ip);
  k.neighbours[n.slot] = null;
  k.freeNeighbours.push(n.slot);
}

/** Removes all entries of a device (it went down, its MAC changed): neigh_ifdown, neigh_changeaddr. */
export function neighbourFlush(k: Kernel, dev: Dev, keepPermanent = false, v6 = false): void {
  for (const n of [...(v6 ? dev.neighbours6 : dev.neighbours).values()]) if (!keepPermanent || n.state !== NUD.PERMANENT) neighbourRemove(k, dev, n);
}

function flushQueue(k: Kernel, n: Neighbour, reason: number): void {
  const waiting = n.queue;
  n.queue = [];
  for (const p of waiting) k.world.drop(k, p, reason);
}

/** Sends an IP packet to its next hop: at once when the MAC is known, after ARP otherwise (neigh_resolve_output). */
export function neighbourOutput(k: Kernel, dev: Dev, nextHop: Ip, p: Packet): void {
  const w = k.world;
  const now = w.clock.now;
  const v6 = p.type === ETH_P_IPV6;
  let n = v6 ? dev.neighbours6.get(nextHop) : dev.neighbours.get(nextHop);
  if (n === undefined) n = neighbourOf(k, dev, nextHop, v6);
  if (p.confirm !== 0) neighbourConfirm(k, n);
  if ((n.state & VALID) !== 0) {
    if (n.state === NUD.REACHABLE && now >= n.expires) n.state = NUD.STALE; // the lazy timer would have said so
    if (n.state !== NUD.REACHABLE) n.used = now; // a connected entry is sent by its cached header and not touched
    if (n.state === NUD.STALE) {
      n.state = NUD.DELAY;
      n.updated = now;
      arm(k, n, now + NEIGH.delayUs);
    }
    w.trace.step(now, k.index, p.cause, Step.neighbour, nextHop, n.mac, n.state);
    p.smac = dev.mac;
    p.dmac = n.mac;
    devXmit(k, dev, p);
    return;
  }
  n.used = now;
  w.trace.step(now, k.index, p.cause, Step.neighbourWait, nextHop, dev.index, 0);
  if (n.queue.length >= NEIGH.queueLen) w.drop(k, n.queue.shift()!, Drop.NEIGH_QUEUEFULL);
  p.cause = w.causeFrame; // what made it, not the answer that will let it go
  n.queue.push(p);
  neighbourAsk(k, dev, n, p.src);
}

/** Begins to resolve an entry that is not valid, unless that is under way (__neigh_event_send). */
export function neighbourAsk(k: Kernel, dev: Dev, n: Neighbour, src: Ip): void {
  if (n.state === NUD.INCOMPLETE) return;
  const now = k.world.clock.now;
  n.state = NUD.INCOMPLETE;
  n.updated = now;
  n.probes = 1;
  arm(k, n, now + NEIGH.retransUs);
  solicit(k, dev, n, src);
}

/** Asks for a neighbour in the way of its family. */
function solicit(k: Kernel, dev: Dev, n: Neighbour, src: Ip): void {
  if (n.v6) ndiscSolicit(k, dev, n, src);
  else arpSolicit(k, dev, n, src);
}

/** neigh_confirm: what runs above knows that it lives (TCP progress, MSG_CONFIRM). The state follows when the entry's timer fires. */
export function neighbourConfirm(k: Kernel, n: Neighbour): void {
  n.confirmed = k.world.clock.now;
  if (n.state === NUD.REACHABLE) n.expires = n.confirmed + NEIGH.reachableUs;
}

/**
 * New knowledge about an entry (neigh_update): `state` REACHABLE for a solicited answer, STALE for hearsay.
 * Without `override` a known different MAC is kept; `doubt` makes even the known MAC STALE. Sends what waited.
 */
export function neighbourUpdate(k: Kernel, dev: Dev, n: Neighbour, mac: Mac, state: number, override: boolean, doubt = false): void {
  const now = k.world.clock.now;
  const wasValid = (n.state & VALID) !== 0;
  if (n.state === NUD.PERMANENT) return;
  const old = n.state;
  let next = state;
  if (wasValid) {
    if (n.mac !== mac && !override) return;
    if (n.mac === mac && state === NUD.STALE && !doubt) next = old; // hearsay of what is known changes nothing
  }
  const replaced = wasValid && n.mac !== mac;
  // Only a change moves the locktime window, so that no-op updates cannot keep relevant ones out.
  if (next !== old || n.mac !== mac) n.updated = now;
  n.mac = mac;
  n.state = next;
  if (next === NUD.REACHABLE) {
    n.confirmed = now;
    n.probes = 0;
    arm(k, n, now + NEIGH.reachableUs);
  } else if (next !== old) {
    n.probes = 0;
    n.expires = Number.POSITIVE_INFINITY;
  }
  k.world.trace.step(now, k.index, k.world.causeFrame, Step.arpLearn, n.ip, mac, replaced ? 1 : 0);
  if (n.queue.length > 0) {
    const waiting = n.queue;
    n.queue = [];
    sendWaiting(k, dev, n.ip, waiting);
  }
}

/** Sends what waited for an address, each packet still naming the frame that made it. */
function sendWaiting(k: Kernel, dev: Dev, ip: Ip, waiting: readonly Packet[]): void {
  const { world } = k;
  const was = world.causeFrame;
  for (const p of waiting) {
    world.causeFrame = p.cause;
    neighbourOutput(k, dev, ip, p);
  }
  world.causeFrame = was;
}

/** Sets an entry by hand (`arp -s`, `ip neigh add`): replaces whatever was known. */
export function neighbourSet(k: Kernel, dev: Dev, ip: Ip, mac: Mac, state: number, v6 = false): void {
  const n = neighbourOf(k, dev, ip, v6);
  n.state = state;
  n.mac = mac;
  n.updated = k.world.clock.now;
  n.confirmed = n.updated;
  if (state === NUD.REACHABLE) arm(k, n, n.updated + NEIGH.reachableUs);
  else n.expires = Number.POSITIVE_INFINITY;
  const waiting = n.queue;
  n.queue = [];
  sendWaiting(k, dev, ip, waiting);
}

function arm(k: Kernel, n: Neighbour, at: number): void {
  n.expires = at;
  if (n.armed) return;
  n.armed = true;
  k.world.clock.push(at, Ev.neighbour, k.index, n.slot, null);
}

/** The state an observer sees now: the lazy timer may not have run yet. */
export function neighbourState(k: Kernel, n: Neighbour): number {
  return n.state === NUD.REACHABLE && k.world.clock.now >= n.expires ? NUD.STALE : n.state;
}

/** Handler of Ev.neighbour (neigh_timer_handler). */
export function neighbourTimer(w: World, host: number, slot: number): void {
  const k = w.kernels[host]!;
  const n = k.neighbours[slot];
  if (n === undefined || n === null) return;
  n.armed = false;
  const now = w.clock.now;
  if (n.expires === Number.POSITIVE_INFINITY) return;
  if (now < n.expires) {
    const at = n.expires;
    arm(k, n, at);
    return;
  }
  const dev = k.devByIndex(n.dev);
  if (dev === undefined) return;
  switch (n.state) {
    case NUD.REACHABLE:
      if (now - n.used < NEIGH.delayUs) {
        n.state = NUD.DELAY;
        n.updated = now;
        arm(k, n, now + NEIGH.delayUs);
      } else {
        n.state = NUD.STALE;
        n.updated = now;
        n.expires = Number.POSITIVE_INFINITY;
      }
      return;
    case NUD.DELAY:
      if (now - n.confirmed < NEIGH.delayUs) {
        n.state = NUD.REACHABLE;
        arm(k, n, n.confirmed + NEIGH.reachableUs);
        return;
      }
      n.state = NUD.PROBE;
      n.updated = now;
      n.probes = 1;
      arm(k, n, now + NEIGH.retransUs);
      solicit(k, dev, n, 0);
      return;
    case NUD.PROBE:
    case NUD.INCOMPLETE: {
      const limit = n.state === NUD.PROBE ? NEIGH.ucastSolicit : NEIGH.mcastSolicit;
      if (n.probes < limit) {
        n.probes++;
        arm(k, n, now + NEIGH.retransUs);
        solicit(k, dev, n, n.queue[0]?.src ?? 0);
        return;
      }
      n.state = NUD.FAILED;
      n.updated = now;
      n.expires = Number.POSITIVE_INFINITY;
      const waiting = n.queue;
      n.queue = [];
      for (const p of waiting) {
        if (n.v6) ndiscFailed(k, p);
        else sendUnreachableFor(k, dev, p);
      }
      return;
    }
  }
}
