// TCP segments that arrive: the state machine (RFC 9293, 3.10.7). Linux counterpart: tcp_ipv4.c (tcp_v4_rcv), tcp_input.c, tcp_minisocks.c.
// Not modelled: an out-of-order queue (a gap is filled by retransmission), urgent data, syncookies.
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { ipHeaderLength } from '../../wire/ipv6';
import { ACK, FIN, type Packet, RST, SYN } from '../../wire/packet';
import { acknowledge, enterTimeWait, measureRtt } from './tcp_ack';
import { DELACK_US, RTO_SYN_US, tcpAckNow, tcpArm, tcpDone, tcpNotify, tcpReset, tcpTransmit, TIME_WAIT_US } from './tcp_output';
import { familyOf, NEVER, TCP, TF } from './tcp_state';
import { announcedMss, localMss, synWindow } from './tcp_window';

/** tcp_v4_rcv and tcp_v6_rcv: finds the socket and runs its state machine. Takes the packet. */
export function tcpReceive(k: Kernel, p: Packet): void {
  const t = k.tcp;
  const w = k.world;
  t.mib.inSegs++;
  const v6 = familyOf(p);
  let s = t.find(p.dst, p.dport, p.src, p.sport, v6);
  if (s >= 0 && t.state[s] === TCP.TIME_WAIT && timeWait(k, s, p)) s = -1;
  if (s < 0) s = t.listener(p.dst, p.dport, v6);
  if (s < 0 || t.state[s] === TCP.TIME_WAIT) {
    if (s < 0) {
      w.trace.step(w.clock.now, k.index, p.frame, Step.noSocket, p.dst, p.dport, 0);
      if (p.pktType === 0) tcpReset(k, p);
      w.drop(k, p, Drop.NO_SOCKET);
    } else w.consume(p);
    return;
  }
  w.trace.step(w.clock.now, k.index, p.frame, Step.socket, s, t.state[s]!, 0);
  const reason = t.state[s] === TCP.LISTEN ? listen(k, s, p) : t.state[s] === TCP.SYN_SENT ? synSent(k, s, p) : established(k, s, p);
  if (reason < 0) w.consume(p);
  else w.drop(k, p, reason);
}

const OK = -1;

/** A SYN for a listener makes a connection in SYN_RECV. */
function listen(k: Kernel, l: number, p: Packet): number {
  const t = k.tcp;
  if ((p.flags & RST) !== 0) return Drop.TCP_FLAGS;
  if ((p.flags & ACK) !== 0) {
    tcpReset(k, p);
    return Drop.TCP_FLAGS;
  }
  if ((p.flags & SYN) === 0 || (p.flags & FIN) !== 0) return Drop.TCP_FLAGS;
  if (t.accept.get(l)!.length > t.backlog.get(l)!) return Drop.SOCKET_RCVBUFF;
  const s = t.alloc();
  const v6 = familyOf(p);
  t.flags[s] = v6;
  t.lip[s] = p.dst;
  t.rip[s] = p.src;
  t.ports[s] = (p.dport << 16) | p.sport;
  t.state[s] = TCP.SYN_RECV;
  t.parent[s] = l;
  t.owner[s] = t.owner[l]!;
  t.isn = (Math.imul(t.isn, 1664525) + 1013904223) | 0;
  t.sndUna[s] = t.isn;
  t.sndNxt[s] = (t.isn + 1) | 0;
  t.sndMax[s] = t.sndNxt[s]!;
  t.rcvNxt[s] = (p.seq + 1) | 0;
  t.tsRecent[s] = p.tsVal;
  t.mss[s] = Math.max(88, Math.min(p.mss || 536, localMss(k, p.src, v6)) - 12);
  t.insert(s);
  t.rtoAt[s] = k.world.clock.now + RTO_SYN_US;
  tcpArm(k, s);
  tcpTransmit(k, s, SYN | ACK, t.sndUna[s]!, '');
  return OK;
}

/** Waiting for SYN|ACK. */
function synSent(k: Kernel, s: number, p: Packet): number {
  const t = k.tcp;
  if ((p.flags & ACK) !== 0 && p.ack !== t.sndNxt[s]) {
    tcpReset(k, p);
    return Drop.TCP_FLAGS;
  }
  if ((p.flags & RST) !== 0) {
    if ((p.flags & ACK) === 0) return Drop.TCP_RESET;
    t.mib.attemptFails++;
    tcpDone(k, s, 'ECONNREFUSED');
    return OK;
  }
  if ((p.flags & (SYN | ACK)) !== (SYN | ACK)) return Drop.TCP_FLAGS;
  t.rcvNxt[s] = (p.seq + 1) | 0;
  t.rcvEdge[s] = (t.rcvNxt[s]! + synWindow(SYN, announcedMss(k, p.src, familyOf(p)))) | 0;
  t.sndUna[s] = p.ack;
  t.tsRecent[s] = p.tsVal;
  t.mss[s] = Math.max(88, Math.min(p.mss || 536, localMss(k, p.src, familyOf(p))) - 12);
  t.peerWin[s] = p.win;
  t.state[s] = TCP.ESTABLISHED;
  t.rtoAt[s] = NEVER;
  if (t.backoff[s] === 0) measureRtt(k, s, p);
  t.backoff[s] = 0;
  t.flags[s] = t.flags[s]! | TF.CONFIRM;
  tcpAckNow(k, s);
  tcpNotify(k, s);
  return OK;
}

/** TIME_WAIT: a new SYN beyond what was seen takes the place over (true); anything else is acknowledged again. */
function timeWait(k: Kernel, s: number, p: Packet): boolean {
  const t = k.tcp;
  if ((p.flags & SYN) !== 0 && (p.flags & (ACK | RST)) === 0 && (((p.seq - t.rcvNxt[s]!) | 0) > 0 || p.tsVal > t.tsRecent[s]!)) {
    t.flags[s] = t.flags[s]! | TF.ORPHAN;
    tcpDone(k, s, '');
    return true;
  }
  if ((p.flags & RST) !== 0) {
    t.flags[s] = t.flags[s]! | TF.ORPHAN;
    tcpDone(k, s, '');
    return false;
  }
  if ((p.flags & (FIN | SYN)) !== 0) {
    t.endAt[s] = k.world.clock.now + TIME_WAIT_US;
    tcpAckNow(k, s);
  }
  return false;
}

/** tcp_rcv_established and tcp_rcv_state_process for every state with a known peer. Gives a drop reason, or OK. */
function established(k: Kernel, s: number, p: Packet): number {
  const t = k.tcp;
  const now = k.world.clock.now;
  const size = p.len - ipHeaderLength(p) - p.hlen;
  const ahead = (p.seq - t.rcvNxt[s]!) | 0;
  if ((p.flags & RST) !== 0) {
    if (ahead !== 0 && !(ahead > 0 && ahead < 65536)) return Drop.TCP_INVALID_SEQUENCE;
    const state = t.state[s]!;
    if (state === TCP.SYN_RECV) t.flags[s] = t.flags[s]! | TF.ORPHAN;
    t.mib.estabResets++;
    tcpDone(k, s, state === TCP.CLOSE_WAIT ? 'EPIPE' : 'ECONNRESET');
    return OK;
  }
  if ((p.flags & SYN) !== 0) {
    if (t.state[s] === TCP.SYN_RECV && ((p.seq + 1) | 0) === t.rcvNxt[s]) tcpTransmit(k, s, SYN | ACK, t.sndUna[s]!, '');
    else tcpAckNow(k, s); // a challenge ACK (RFC 5961), or our ACK of the handshake was lost
    return Drop.TCP_OLD_DATA;
  }
  if (ahead < 0 && ((ahead + size) | 0) <= 0 && (size > 0 || (p.flags & FIN) !== 0 || ahead < 0)) {
    tcpAckNow(k, s);
    return Drop.TCP_OLD_DATA;
  }
  if ((p.flags & ACK) === 0) return Drop.TCP_FLAGS;
  if (p.tsVal !== 0) t.tsRecent[s] = p.tsVal;
  if (t.state[s] === TCP.SYN_RECV) {
    if (p.ack !== t.sndNxt[s]) {
      tcpReset(k, p);
      return Drop.TCP_FLAGS;
    }
    if (!childReady(k, s, p)) return Drop.TCP_CLOSE;
  } else if (!acknowledge(k, s, p)) return OK; // the last ACK freed it
  if (size === 0 && (p.flags & FIN) === 0) return OK;
  if (ahead > 0) {
    tcpAckNow(k, s); // a gap: tell the sender what we wait for
    return Drop.TCP_INVALID_SEQUENCE;
  }
  if (size > 0) {
    const state = t.state[s]!;
    if ((t.flags[s]! & TF.ORPHAN) !== 0) {
      tcpReset(k, p);
      tcpDone(k, s, '');
      return Drop.TCP_CLOSE;
    }
    if (state === TCP.ESTABLISHED || state === TCP.FIN_WAIT1 || state === TCP.FIN_WAIT2) {
      const fresh = ahead === 0 ? p.data : p.data.slice(-ahead);
      t.rcv[s] = t.rcv[s] === '' ? fresh : t.rcv[s]! + fresh;
      t.rcvNxt[s] = (t.rcvNxt[s]! + fresh.length) | 0;
      t.lastRcv[s] = now;
      if ((p.flags & FIN) === 0) scheduleAck(k, s);
      tcpNotify(k, s);
    }
  }
  if ((p.flags & FIN) !== 0) finReceived(k, s);
  return OK;
}

/** The third step of the handshake: the connection waits to be accepted. */
function childReady(k: Kernel, s: number, p: Packet): boolean {
  const t = k.tcp;
  const l = t.parent[s]!;
  const queue = t.accept.get(l);
  if (queue === undefined) {
    tcpReset(k, p);
    t.flags[s] = t.flags[s]! | TF.ORPHAN;
    tcpDone(k, s, '');
    return false;
  }
  t.state[s] = TCP.ESTABLISHED;
  t.sndUna[s] = p.ack;
  t.peerWin[s] = p.win << 7;
  t.rtoAt[s] = NEVER;
  if (t.backoff[s] === 0) measureRtt(k, s, p);
  t.backoff[s] = 0;
  t.mib.passiveOpens++;
  queue.push(s);
  tcpNotify(k, l);
  return true;
}

function finReceived(k: Kernel, s: number): void {
  const t = k.tcp;
  t.rcvNxt[s] = (t.rcvNxt[s]! + 1) | 0;
  t.flags[s] = t.flags[s]! | TF.EOF;
  switch (t.state[s]) {
    case TCP.ESTABLISHED:
      t.state[s] = TCP.CLOSE_WAIT;
      // The application will likely close too: its FIN can carry the ACK (inet_csk_enter_pingpong_mode).
      t.flags[s] = t.flags[s]! | TF.PINGPONG;
      scheduleAck(k, s);
      break;
    case TCP.FIN_WAIT1:
      t.state[s] = TCP.CLOSING;
      tcpAckNow(k, s);
      break;
    case TCP.FIN_WAIT2:
      tcpAckNow(k, s);
      enterTimeWait(k, s);
      break;
  }
  if ((t.flags[s]! & TF.ORPHAN) === 0) tcpNotify(k, s);
}

/** ACK at once while in quick mode, else within 40 ms. */
function scheduleAck(k: Kernel, s: number): void {
  const t = k.tcp;
  if ((t.flags[s]! & TF.PINGPONG) === 0 && t.quick[s]! > 0) {
    t.quick[s] = t.quick[s]! - 1;
    tcpAckNow(k, s);
    return;
  }
  if (t.ackAt[s] === NEVER) {
    t.ackAt[s] = k.world.clock.now + DELACK_US;
    tcpArm(k, s);
  } else if (t.rcv[s]!.length >= 2 * t.mss[s]!) tcpAckNow(k, s);
}
