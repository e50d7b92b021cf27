// Connection tracking: finds or makes the entry of a packet, and confirms it when the packet has got through. Linux counterpart: net/netfilter/nf_conntrack_core.c.
// Not modelled: expectations (helpers), zones, accounting, defragmentation before tracking (fragments pass untracked).
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { CT, HOOK, NF_ACCEPT, NF_DROP } from './hooks_state';
import { protoNew, protoPacket } from './nf_conntrack_proto';
import { ConntrackTable, STATUS } from './nf_conntrack_tab';

/** Direction of a packet by its ctInfo: 1 for a reply. */
export const ctDir = (p: Packet): number => (p.ctInfo === CT.ESTABLISHED_REPLY || p.ctInfo === CT.RELATED_REPLY ? 1 : 0);

/** The ports of a packet's tuple; an echo has its id, and type and code. */
export const tupleSport = (p: Packet): number => (p.proto === IPPROTO_ICMP ? p.icmpRest >>> 16 : p.proto === IPPROTO_TCP || p.proto === IPPROTO_UDP ? p.sport : 0);
export const tupleDport = (p: Packet): number => (p.proto === IPPROTO_ICMP ? (p.icmpType << 8) | p.icmpCode : p.proto === IPPROTO_TCP || p.proto === IPPROTO_UDP ? p.dport : 0);
/** The answer to a type of ICMP query; others are their own. */
const ANSWER: Readonly<Record<number, number>> = { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 };
const inverted = (dport: number): number => ((ANSWER[dport >> 8] ?? dport >> 8) << 8) | (dport & 255);

const isError = (p: Packet): boolean => p.proto === IPPROTO_ICMP && ANSWER[p.icmpType] === undefined;

/** nf_conntrack_in: hooks PRE_ROUTING and LOCAL_OUT. */
export function conntrackIn(k: Kernel, p: Packet, hook: number): number {
  const nf = k.netfilter;
  nf.ct ??= new ConntrackTable();
  const t = nf.ct;
  if (t.unconfirmed.length > 0 && (hook === HOOK.PRE_ROUTING || t.unconfirmed.length > 64)) forgetUnconfirmed(t, p);
  if (p.ct !== 0 && t.live(p.ct - 1)) return NF_ACCEPT; // over loopback: already known
  p.ct = 0;
  if (p.ctInfo === CT.UNTRACKED || (p.frag & 0x1fff) !== 0) return NF_ACCEPT;
  p.ctInfo = 0;
  const now = k.world.clock.now;
  if (isError(p)) {
    relateError(t, p, now);
    return NF_ACCEPT;
  }
  let n = t.find(p.proto, p.src, tupleSport(p), p.dst, tupleDport(p), now);
  for (;;) {
    if (n < 0) {
      n = create(k, t, p, now);
      if (n < 0) {
        t.stats.invalid++;
        return NF_ACCEPT;
      }
    }
    const s = n >> 1;
    const dir = n & 1;
    const good = protoPacket(k, t, s, dir, p);
    if (good === 'again') {
      t.kill(s);
      n = -1;
      continue;
    }
    if (!good) {
      t.stats.invalid++;
      return NF_ACCEPT;
    }
    p.ct = s + 1;
    const replied = (t.status[s]! & STATUS.SEEN_REPLY) !== 0;
    if (dir === 1) {
      p.ctInfo = CT.ESTABLISHED_REPLY;
      t.status[s] = t.status[s]! | STATUS.SEEN_REPLY;
    } else p.ctInfo = replied ? CT.ESTABLISHED : CT.NEW;
    return NF_ACCEPT;
  }
}

/** A new entry, not in the hash yet; its node, or -1 when such a packet begins none. */
function create(k: Kernel, t: ConntrackTable, p: Packet, now: number): number {
  const s = t.take(p.proto, now);
  if (!protoNew(k, t, s, p)) {
    t.kill(s);
    return -1;
  }
  t.setTuple(s * 2, p.src, tupleSport(p), p.dst, tupleDport(p));
  if (p.proto === IPPROTO_ICMP) t.setTuple(s * 2 + 1, p.dst, tupleSport(p), p.src, inverted(tupleDport(p)));
  else t.setTuple(s * 2 + 1, p.dst, p.dport, p.src, p.sport);
  t.unconfirmed.push(s);
  return s * 2;
}

/** nf_conntrack_icmp_error: an error belongs to the connection of the packet it quotes. */
function relateError(t: ConntrackTable, p: Packet, now: number): void {
  const q = p.inner;
  if (q === null) return;
  // What the error answers went the other way.
  const n = q.proto === IPPROTO_ICMP
    ? t.find(q.proto, q.dst, tupleSport(q), q.src, inverted(tupleDport(q)), now)
    : t.find(q.proto, q.dst, tupleDport(q), q.src, tupleSport(q), now);
  if (n < 0) {
    t.stats.invalid++;
    return;
  }
  p.ct = (n >> 1) + 1;
  p.ctInfo = (n & 1) === 1 ? CT.RELATED_REPLY : CT.RELATED;
}

/** nf_ct_attach: an answer made here to `p` is related to its connection, even if that is not confirmed. */
export function ctAttach(answer: Packet, p: Packet): void {
  if (p.ct === 0) return;
  answer.ct = p.ct;
  answer.ctInfo = ctDir(p) === 0 ? CT.RELATED_REPLY : CT.RELATED;
}

/** Untracks a packet: no later hook translates or follows it. */
export function notrack(p: Packet): void {
  p.ct = 0;
  p.ctInfo = CT.UNTRACKED;
}

/** nf_conntrack_confirm: hooks LOCAL_IN and POST_ROUTING, last. A tuple that another entry took meanwhile loses. */
export function conntrackConfirm(k: Kernel, p: Packet): number {
  const t = k.netfilter.ct;
  if (t === null || p.ct <= 0) return NF_ACCEPT;
  const s = p.ct - 1;
  if (!t.live(s) || (t.status[s]! & STATUS.CONFIRMED) !== 0 || ctDir(p) !== 0) return NF_ACCEPT;
  const i = t.unconfirmed.indexOf(s);
  if (i >= 0) t.unconfirmed.splice(i, 1);
  const now = k.world.clock.now;
  const proto = t.proto[s]!;
  for (const n of [s * 2, s * 2 + 1]) {
    if (t.find(proto, t.src[n]!, t.sport[n]!, t.dst[n]!, t.dport[n]!, now) >= 0) {
      t.stats.insertFailed++;
      t.stats.drop++;
      t.kill(s);
      p.ct = 0;
      return NF_DROP;
    }
  }
  t.status[s] = t.status[s]! | STATUS.CONFIRMED;
  t.hash(s);
  t.stats.insert++;
  return NF_ACCEPT;
}

/** Frees entries whose packet died on its way. A packet that arrives is the first of its event, so nobody else holds one then. */
function forgetUnconfirmed(t: ConntrackTable, p: Packet): void {
  for (const s of t.unconfirmed) if (s !== p.ct - 1) t.kill(s);
  t.unconfirmed = t.unconfirmed.filter((s) => s === p.ct - 1);
}
