// TCP segments that leave, and the timers that send them again (RFC 9293, RFC 6298). Linux counterpart: tcp_output.c, tcp_timer.c.
// Not modelled: SACK, window scaling as negotiated (fixed at 7), congestion control beyond slow start, keepalive.
import type { Kernel } from '../kernel';
import { ctAttach } from '../netfilter/nf_conntrack';
import { Ev, type World } from '../world';
import { fib6Lookup } from '../ipv6/ip6_fib';
import { ip6LocalOut } from '../ipv6/ip6_output';
import { IP6_HLEN, ipHeaderLength } from '../../wire/ipv6';
import { ACK, ETH_P_IPV6, FIN, IP_DF, IPPROTO_TCP, PSH, type Packet, RST, SYN } from '../../wire/packet';
import { fibLookup, isLocal } from './fib';
import { ipLocalOut } from './ip_output';
import { NEVER, TCP, TF } from './tcp_state';
import { announcedMss, localMss, offeredWindow, routeTo, synWindow } from './tcp_window';

export const RTO_SYN_US = 1_000_000;
const RTO_MIN_US = 200_000;
const RTO_MAX_US = 120_000_000;
export const DELACK_US = 40_000;
export const TIME_WAIT_US = 60_000_000;
/** Receive buffer: what the window may promise. */
export const RCVBUF = 65536;
/** Send buffer: a writer sleeps while this much waits to be acknowledged. */
export const SNDBUF = 262144;
const SYN_RETRIES = 6;
const SYNACK_RETRIES = 5;
const RETRIES2 = 15;
const ORPHAN_RETRIES = 8;

/** Sends one segment of `s`. */
export function tcpTransmit(k: Kernel, s: number, flags: number, seq: number, data: string): void {
  const t = k.tcp;
  const dst = t.rip[s]!;
  const v6 = t.flags[s]! & TF.V6;
  const r = routeTo(k, dst, v6);
  if (r === null) return; // the retransmission timer tries again
  const p = k.world.alloc();
  p.src = t.lip[s]!;
  p.dst = dst;
  p.proto = IPPROTO_TCP;
  p.ttl = k.defaultTtl;
  p.frag = IP_DF;
  const ports = t.ports[s]!;
  p.sport = ports >>> 16;
  p.dport = ports & 0xffff;
  p.seq = seq;
  p.flags = flags;
  if ((flags & ACK) !== 0) p.ack = t.rcvNxt[s]!;
  if ((flags & SYN) !== 0) {
    p.hlen = 40;
    p.mss = announcedMss(k, dst, v6, r);
    p.win = synWindow(flags, p.mss);
    t.rcvEdge[s] = (t.rcvNxt[s]! + p.win) | 0;
  } else {
    p.hlen = 32;
    const room = RCVBUF - t.rcv[s]!.length;
    p.win = offeredWindow(t, s, localMss(k, dst, v6, r) - 12);
    if (room < 1448) t.flags[s] = t.flags[s]! | TF.WINDOW_SHUT;
  }
  p.tsVal = (k.world.clock.now / 1000) | 0;
  p.tsEcr = t.tsRecent[s]!;
  p.data = data;
  p.len = 20 + p.hlen + data.length;
  t.ackAt[s] = NEVER; // every segment acknowledges
  if ((t.flags[s]! & TF.CONFIRM) !== 0) {
    t.flags[s] = t.flags[s]! & ~TF.CONFIRM;
    p.confirm = 1;
  }
  t.mib.outSegs++;
  if (v6 === 0) ipLocalOut(k, p, r);
  else {
    p.frag = 0;
    p.ttl = 0;
    p.len += IP6_HLEN - 20;
    ip6LocalOut(k, p, r);
  }
}

/** tcp_write_xmit: sends what windows allow, then the FIN if the application has closed. */
export function tcpPush(k: Kernel, s: number): void {
  const t = k.tcp;
  const mss = t.mss[s]!;
  const data = t.snd[s]!;
  const window = Math.min(t.cwnd[s]! * mss, t.peerWin[s]!);
  let sent = false;
  for (;;) {
    if ((t.flags[s]! & TF.FIN_SENT) !== 0) break;
    const offset = (t.sndNxt[s]! - t.sndUna[s]!) | 0;
    const left = data.length - offset;
    if (left <= 0) break;
    const size = Math.min(left, mss, window - offset);
    if (size <= 0 || (size < mss && size < left && offset > 0)) break;
    const last = size === left;
    const seq = t.sndNxt[s]!;
    const finToo = last && (t.flags[s]! & TF.FIN_QUEUED) !== 0;
    t.sndNxt[s] = (seq + size + (finToo ? 1 : 0)) | 0;
    bumpMax(t.sndMax, s, t.sndNxt[s]!);
    if (finToo) t.flags[s] = t.flags[s]! | TF.FIN_SENT;
    // Data that follow a receipt within 40 ms: an interactive exchange, so ACKs may wait for data.
    if (k.world.clock.now - t.lastRcv[s]! < DELACK_US) t.flags[s] = t.flags[s]! | TF.PINGPONG;
    tcpTransmit(k, s, ACK | (last ? PSH : 0) | (finToo ? FIN : 0), seq, size === data.length ? data : data.slice(offset, offset + size));
    sent = true;
  }
  const fl = t.flags[s]!;
  if ((fl & TF.FIN_QUEUED) !== 0 && (fl & TF.FIN_SENT) === 0 && ((t.sndNxt[s]! - t.sndUna[s]!) | 0) === data.length) {
    const seq = t.sndNxt[s]!;
    t.flags[s] = fl | TF.FIN_SENT;
    t.sndNxt[s] = (seq + 1) | 0;
    bumpMax(t.sndMax, s, t.sndNxt[s]!);
    tcpTransmit(k, s, FIN | ACK, seq, '');
    sent = true;
  }
  if (t.rtoAt[s] === NEVER && (sent || data.length > 0)) {
    t.rtoAt[s] = k.world.clock.now + rto(k, s);
    tcpArm(k, s);
  }
}

function bumpMax(col: Int32Array, s: number, seq: number): void {
  if (((seq - col[s]!) | 0) > 0) col[s] = seq;
}

/** Retransmission time-out, us: 200 ms at least, doubled for every try (RFC 6298 with Linux's bounds). */
export function rto(k: Kernel, s: number): number {
  const t = k.tcp;
  const srtt = t.srtt[s]!;
  const base = srtt === 0 ? RTO_SYN_US : Math.max(RTO_MIN_US, srtt * 2 + RTO_MIN_US / 2);
  return Math.min(RTO_MAX_US, base * 2 ** Math.min(t.backoff[s]!, 12));
}

/** Sends a bare ACK now. */
export function tcpAckNow(k: Kernel, s: number): void {
  tcpTransmit(k, s, ACK, k.tcp.sndNxt[s]!, '');
}

/** Makes sure an event will come when the earliest timer of `s` is due. */
export function tcpArm(k: Kernel, s: number): void {
  const t = k.tcp;
  let at = t.rtoAt[s]!;
  if (t.ackAt[s]! < at) at = t.ackAt[s]!;
  if (t.endAt[s]! < at) at = t.endAt[s]!;
  if (at >= t.armed[s]!) return;
  t.armed[s] = at;
  k.world.clock.push(at, Ev.tcpTimer, k.index, s, null);
}

/** Answers a segment nobody wants (tcp_v4_send_reset); from an address that is not ours only for a rule (`spoof`, nf_send_reset). */
export function tcpReset(k: Kernel, p: Packet, spoof = false): void {
  if ((p.flags & RST) !== 0) return;
  const v6 = p.type === ETH_P_IPV6;
  if (!v6 && !spoof && !isLocal(k, p.dst)) return; // routed here by policy alone: no route out from such a source
  const r = v6 ? fib6Lookup(k, p.src) : fibLookup(k, p.src);
  if (r === null) return;
  const q = k.world.alloc();
  q.src = p.dst;
  q.dst = p.src;
  q.proto = IPPROTO_TCP;
  q.ttl = k.defaultTtl;
  q.frag = IP_DF;
  q.sport = p.dport;
  q.dport = p.sport;
  q.hlen = 20;
  q.len = 40;
  if ((p.flags & ACK) !== 0) {
    q.flags = RST;
    q.seq = p.ack;
  } else {
    q.flags = RST | ACK;
    q.ack = (p.seq + (p.len - ipHeaderLength(p) - p.hlen) + ((p.flags & SYN) !== 0 ? 1 : 0) + ((p.flags & FIN) !== 0 ? 1 : 0)) | 0;
  }
  if (spoof) ctAttach(q, p);
  k.tcp.mib.outRsts++;
  k.tcp.mib.outSegs++;
  if (!v6) {
    ipLocalOut(k, q, r);
    return;
  }
  q.frag = 0;
  q.ttl = 0;
  q.len = IP6_HLEN + 20;
  ip6LocalOut(k, q, r);
}

/** Ends a connection with RST (close with unread data, abort). */
export function tcpSendRst(k: Kernel, s: number): void {
  k.tcp.mib.outRsts++;
  tcpTransmit(k, s, RST | ACK, k.tcp.sndNxt[s]!, '');
}

/** Takes a connection out of the hash; the slot stays while an application holds it. */
export function tcpDone(k: Kernel, s: number, error: string): void {
  const t = k.tcp;
  if (t.state[s] === TCP.CLOSE || t.state[s] === 0) return;
  t.remove(s);
  t.state[s] = TCP.CLOSE;
  t.rtoAt[s] = NEVER;
  t.ackAt[s] = NEVER;
  t.endAt[s] = NEVER;
  if ((t.flags[s]! & TF.ORPHAN) !== 0) {
    t.release(s);
    return;
  }
  if (error !== '') t.errors.set(s, error);
  tcpNotify(k, s);
}

/** Tells whoever holds `s` that something happened. */
export function tcpNotify(k: Kernel, s: number): void {
  const t = k.tcp;
  if (t.owner[s] !== 0) k.world.clock.push(k.world.clock.now, Ev.daemon, k.index, s, null);
  else if (t.wait[s] !== 0) k.world.clock.push(k.world.clock.now, Ev.wake, k.index, t.wait[s]!, null);
}

/** Handler of Ev.tcpTimer: retransmits, sends delayed ACKs, ends TIME_WAIT; then waits for the next. */
export function tcpTimer(w: World, host: number, s: number): void {
  const k = w.kernels[host]!;
  const t = k.tcp;
  const now = w.clock.now;
  if (now >= t.armed[s]!) t.armed[s] = NEVER;
  const state = t.state[s]!;
  if (state === 0 || state === TCP.CLOSE) return;
  if (t.endAt[s]! <= now) {
    t.endAt[s] = NEVER;
    tcpDone(k, s, '');
    return;
  }
  if (t.ackAt[s]! <= now) {
    t.ackAt[s] = NEVER;
    t.flags[s] = t.flags[s]! & ~TF.PINGPONG;
    tcpAckNow(k, s);
  }
  if (t.rtoAt[s]! <= now) retransmit(k, s);
  if (t.state[s] !== 0) tcpArm(k, s);
}

/** tcp_ld_RTO_revert (RFC 6069): an unreachable takes back the last doubling of a SYN's time-out, so that it may leave once more before its socket learns of the error. */
export function tcpRtoRevert(k: Kernel, s: number, seq: number): void {
  const t = k.tcp;
  if (seq !== t.sndUna[s] || t.backoff[s] === 0 || t.state[s] !== TCP.SYN_SENT) return;
  t.backoff[s] = t.backoff[s]! - 1;
  t.rtoAt[s] = t.synAt[s]! + rto(k, s);
  if (t.rtoAt[s]! <= k.world.clock.now) retransmit(k, s);
  tcpArm(k, s);
}

/** skb_still_in_host_queue, of a SYN: the copy sent before still waits for its neighbour, so another would be of no use. */
function synWaits(k: Kernel, s: number): boolean {
  const t = k.tcp;
  for (const dev of k.devs) {
    for (const n of dev.neighbours.values()) {
      if (n.queue.some((p) => p.proto === IPPROTO_TCP && p.dst === t.rip[s] && ((p.sport << 16) | p.dport) === t.ports[s] && p.seq === t.sndUna[s])) return true;
    }
  }
  return false;
}

function retransmit(k: Kernel, s: number): void {
  const t = k.tcp;
  const state = t.state[s]!;
  const tries = t.backoff[s]!;
  t.rtoAt[s] = NEVER;
  const limit = state === TCP.SYN_SENT ? SYN_RETRIES : state === TCP.SYN_RECV ? SYNACK_RETRIES : (t.flags[s]! & TF.ORPHAN) !== 0 ? ORPHAN_RETRIES : RETRIES2;
  if (tries >= limit) {
    if (state === TCP.SYN_RECV) {
      t.flags[s] = t.flags[s]! | TF.ORPHAN;
      t.mib.attemptFails++;
    }
    tcpDone(k, s, 'ETIMEDOUT');
    return;
  }
  t.backoff[s] = tries + 1;
  t.mib.retransSegs++;
  if (state === TCP.SYN_SENT) {
    if (synWaits(k, s)) t.mib.retransSegs--;
    else {
      t.synAt[s] = k.world.clock.now;
      tcpTransmit(k, s, SYN, (t.sndNxt[s]! - 1) | 0, '');
    }
  } else if (state === TCP.SYN_RECV) tcpTransmit(k, s, SYN | ACK, (t.sndNxt[s]! - 1) | 0, '');
  else if (t.sndMax[s] === t.sndUna[s]) {
    // Nothing in flight but data wait: the peer's window is shut. Probe it.
    t.mib.retransSegs--;
    if (t.snd[s] !== '') tcpTransmit(k, s, ACK, (t.sndUna[s]! - 1) | 0, '');
  } else {
    t.sndNxt[s] = t.sndUna[s]!;
    t.flags[s] = t.flags[s]! & ~TF.FIN_SENT;
    t.cwnd[s] = 1;
    tcpPush(k, s);
  }
  if (t.state[s] !== 0) t.rtoAt[s] = k.world.clock.now + rto(k, s);
}
