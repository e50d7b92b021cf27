// ARP (RFC 826): asking and answering. Linux counterpart: net/ipv4/arp.c (arp_process, arp_solicit, arp_ignore, arp_filter).
import { Conf, type Dev, IFF } from '../core/dev';
import { devXmit } from '../core/dev_queue';
import { NEIGH, NUD, type Neighbour, neighbourOf, neighbourUpdate } from '../core/neighbour';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { Ev, type World } from '../world';
import { isLoopback, isMulticast, maskOf } from '../../wire/ipv4';
import { ETH_P_ARP, type Ip, type Mac, type Packet } from '../../wire/packet';
import { addressType, fibLookup, isLocal, SCOPE } from './fib';
import { selectSource } from './source';
import { arpHook } from '../netfilter/arp_tables';
import { icmpSend } from './icmp';
import { proxies } from './proxy_arp';
import { sourceRefused } from './route_input';

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

/** Answers race: each host takes up to this long to reply, drawn from its own random stream. Hosts of one kernel answer in the order in which its bridge floods. */
const REPLY_SPREAD_US = 60;

/** Sends an ARP packet. `dst` is the frame's destination MAC. */
export function arpSend(k: Kernel, dev: Dev, op: number, sha: Mac, spa: Ip, tha: Mac, tpa: Ip, dst: Mac): void {
  if ((dev.flags & IFF.NOARP) !== 0) return;
  const p = arpPacket(k, dev, op, sha, spa, tha, tpa, dst);
  if (arpHook(k, 'OUTPUT', dev.name, p)) devXmit(k, dev, p);
}

function arpPacket(k: Kernel, dev: Dev, op: number, sha: Mac, spa: Ip, tha: Mac, tpa: Ip, dst: Mac): Packet {
  const p = k.world.alloc();
  p.type = ETH_P_ARP;
  p.smac = dev.mac;
  p.dmac = dst;
  p.arpOp = op;
  p.sha = sha;
  p.spa = spa;
  p.tha = tha;
  p.tpa = tpa;
  return p;
}

/** arp_solicit: asks for a neighbour. `src` is the source address of a waiting packet (0: none); arp_announce says whether it may be told. */
export function arpSolicit(k: Kernel, dev: Dev, n: Neighbour, src: Ip): void {
  let spa = 0;
  const announce = k.confMax(dev, Conf.arp_announce);
  if (src !== 0 && isLocal(k, src)) {
    if (announce === 0) spa = src;
    else if (announce === 1 && onLink(dev, n.ip, src)) spa = src;
  }
  if (spa === 0) spa = selectSource(k, dev, n.ip, SCOPE.LINK);
  if ((dev.flags & IFF.NOARP) !== 0) return;
  const probe = n.state === NUD.PROBE;
  arpSend(k, dev, ARP_REQUEST, dev.mac, spa, 0, n.ip, probe ? n.mac : 1);
}

/** inet_addr_onlink: one subnet of the device holds both. */
export function onLink(dev: Dev, a: Ip, b: Ip): boolean {
  for (const x of dev.addresses) {
    if (x.secondary) continue;
    const m = maskOf(x.prefix);
    if (((a ^ x.peer) & m) === 0 && (b === 0 || ((b ^ x.peer) & m) === 0)) return true;
  }
  return false;
}

/** confirm_addr_indev: `local` is an address of the device within `scope`, and `dst` (when given) shares a subnet with it there. */
function confirmed(dev: Dev, dst: Ip, local: Ip, scope: number): boolean {
  let found = false;
  let same = false;
  for (const a of dev.addresses) {
    if (a.local === local && a.scope <= scope) found = true;
    const m = maskOf(a.prefix);
    if (((local ^ a.peer) & m) === 0 && (dst === 0 || ((dst ^ a.peer) & m) === 0)) same = true;
  }
  return found && same;
}

/** arp_ignore: true when the question stays unanswered. The value in force is max(conf.all, conf.IFACE) of the *incoming* device. */
export function arpIgnored(k: Kernel, dev: Dev, sip: Ip, tip: Ip): boolean {
  switch (k.confMax(dev, Conf.arp_ignore)) {
    case 1:
      return !confirmed(dev, 0, tip, SCOPE.HOST);
    case 2:
      return !confirmed(dev, sip, tip, SCOPE.HOST);
    case 3:
      return !k.devs.some((d) => confirmed(d, 0, tip, SCOPE.LINK));
    case 8:
      return true;
    default:
      return false;
  }
}

/** arp_filter: answers only on the device by which we would reach the asker. */
function arpFiltered(k: Kernel, dev: Dev, sip: Ip, tip: Ip): boolean {
  if (!k.confOr(dev, Conf.arp_filter)) return false;
  const r = fibLookup(k, sip, { src: tip, iif: '', oif: 0, mark: 0 });
  return r === null || r.dev !== dev.index;
}

/** arp_process: answers a question for a local (or proxied) address and learns from what was heard. */
export function arpReceive(k: Kernel, dev: Dev, p: Packet): void {
  const w = k.world;
  if ((dev.flags & IFF.NOARP) !== 0) {
    w.drop(k, p, Drop.ARP_NOT_FOR_US);
    return;
  }
  if (k.netfilter.arp !== null && !arpHook(k, 'INPUT', dev.name, p)) return;
  const { spa: sip, tpa: tip, sha, arpOp: op } = p;
  if (isMulticast(tip) || (isLoopback(tip) && !k.confOr(dev, Conf.route_localnet)) || (op !== ARP_REQUEST && op !== ARP_REPLY)) {
    w.drop(k, p, Drop.ARP_NOT_FOR_US);
    return;
  }
  const toUs = p.pktType === 0;
  const frame = p.frame;
  if (op === ARP_REQUEST) {
    if (sip === 0) {
      // A probe for duplicates (RFC 5227): answered when the address is ours, nothing is learned.
      if (addressType(k, tip) === 'local' && !arpIgnored(k, dev, sip, tip)) answer(k, dev, p, frame);
      w.consume(p);
      return;
    }
    const type = addressType(k, tip);
    if (type !== 'unicast' || proxies(k, dev, sip, tip)) {
      if (sourceRefused(k, dev, sip, 0) !== 0) w.trace.step(w.clock.now, k.index, frame, Step.arpSilent, tip, 3, 0);
      else if (type === 'local' && (arpIgnored(k, dev, sip, tip) || arpFiltered(k, dev, sip, tip))) {
        w.trace.step(w.clock.now, k.index, frame, Step.arpSilent, tip, 2, k.confMax(dev, Conf.arp_ignore));
        w.consume(p);
        return;
      } else {
        learnFromQuestion(k, dev, sip, sha);
        answer(k, dev, p, frame);
        w.consume(p);
        return;
      }
    }
  }
  // Update what we already know about the sender; a new entry only with arp_accept and a gratuitous packet.
  let n = dev.neighbours.get(sip);
  const gratuitous = isGratuitous(k, op, sip, tip, sha, p.tha);
  if (n === undefined && (gratuitous || op === ARP_REPLY) && k.confOr(dev, Conf.arp_accept) && addressType(k, sip) === 'unicast') n = neighbourOf(k, dev, sip);
  if (n !== undefined) {
    // Several answers in a row: the first one counts, until the entry is older than locktime.
    const override = gratuitous || w.clock.now > n.updated + NEIGH.lockUs;
    neighbourUpdate(k, dev, n, sha, op === ARP_REPLY && toUs ? NUD.REACHABLE : NUD.STALE, override);
  }
  w.consume(p);
}

/** arp_is_garp: sender and target address are the same unicast address; for replies the MACs too. */
function isGratuitous(k: Kernel, op: number, sip: Ip, tip: Ip, sha: Mac, tha: Mac): boolean {
  return sip === tip && (op === ARP_REQUEST || sha === tha) && addressType(k, sip) === 'unicast';
}

/** neigh_event_ns: an asker is learned as STALE. */
function learnFromQuestion(k: Kernel, dev: Dev, sip: Ip, sha: Mac): void {
  const n = neighbourOf(k, dev, sip);
  neighbourUpdate(k, dev, n, sha, NUD.STALE, true);
}

function answer(k: Kernel, dev: Dev, q: Packet, frame: number): void {
  const w = k.world;
  w.trace.step(w.clock.now, k.index, frame, Step.arpAnswer, q.tpa, dev.index, 0);
  if ((dev.flags & IFF.NOARP) !== 0) return;
  const p = arpPacket(k, dev, ARP_REPLY, dev.mac, q.tpa, q.sha, q.spa, q.sha);
  p.cause = frame;
  const wait = w.oneKernel ? 0 : w.rng.below(`arp-reply/${k.index}`, REPLY_SPREAD_US);
  w.clock.push(w.clock.now + wait, Ev.arpReply, k.index, dev.index, p);
}

/** Handler of Ev.arpReply: the answer leaves now. */
export function arpReplyDue(w: World, host: number, devIndex: number, ref: object | null): void {
  const k = w.kernels[host]!;
  const p = ref as Packet;
  const dev = k.devByIndex(devIndex);
  if (dev === undefined) {
    w.lose(p, Drop.DEV_READY);
    return;
  }
  w.causeFrame = p.cause;
  if (arpHook(k, 'OUTPUT', dev.name, p)) devXmit(k, dev, p);
  w.causeFrame = 0;
}

/** Gratuitous ARP for an address (`arping -U`, ifup, arp_notify): request with sender = target. */
export function arpAnnounce(k: Kernel, dev: Dev, ip: Ip, op: number = ARP_REQUEST): void {
  arpSend(k, dev, op, dev.mac, ip, op === ARP_REPLY ? dev.mac : 0, ip, 1);
}

/** arp_error_report: a packet whose next hop never answered; its sender hears host unreachable (dst_link_failure). */
export function sendUnreachableFor(k: Kernel, _dev: Dev, p: Packet): void {
  icmpSend(k, p, 3, 1, 0);
  k.world.drop(k, p, Drop.NEIGH_FAILED);
}
