// What an acknowledgement does: frees what was sent, measures the way, opens the window, ends a close. Linux counterpart: tcp_input.c (tcp_ack).
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';
import { rto, SNDBUF, tcpArm, tcpDone, tcpNotify, tcpPush, TIME_WAIT_US } from './tcp_output';
import { NEVER, TCP, TF } from './tcp_state';

/** Takes an acknowledgement. False when it was the last one of a closed connection (the slot is gone). */
export function acknowledge(k: Kernel, s: number, p: Packet): boolean {
  const t = k.tcp;
  const wasShut = t.peerWin[s] === 0;
  t.peerWin[s] = p.win << 7;
  const acked = (p.ack - t.sndUna[s]!) | 0;
  if (acked > 0 && ((t.sndMax[s]! - p.ack) | 0) >= 0) {
    const data = t.snd[s]!;
    if (data !== '') t.snd[s] = acked >= data.length ? '' : data.slice(acked);
    t.sndUna[s] = p.ack;
    if (((t.sndNxt[s]! - p.ack) | 0) < 0) t.sndNxt[s] = p.ack;
    if (t.cwnd[s]! < 1000) t.cwnd[s] = t.cwnd[s]! + 1;
    if (t.backoff[s] === 0) measureRtt(k, s, p);
    t.backoff[s] = 0;
    t.flags[s] = t.flags[s]! | TF.CONFIRM;
    const outstanding = t.sndMax[s] !== p.ack;
    t.rtoAt[s] = outstanding ? k.world.clock.now + rto(k, s) : NEVER;
    if (outstanding) tcpArm(k, s);
    if (data.length >= SNDBUF && t.snd[s]!.length < SNDBUF && (t.flags[s]! & TF.ORPHAN) === 0) tcpNotify(k, s); // room to write
    if ((t.flags[s]! & TF.FIN_SENT) !== 0 && !outstanding) return finAcknowledged(k, s);
    if (t.snd[s] !== '' || (t.flags[s]! & TF.FIN_QUEUED) !== 0) tcpPush(k, s);
  } else if (wasShut && t.peerWin[s]! > 0) {
    t.rtoAt[s] = NEVER;
    tcpPush(k, s);
  }
  return true;
}

function finAcknowledged(k: Kernel, s: number): boolean {
  const t = k.tcp;
  switch (t.state[s]) {
    case TCP.FIN_WAIT1:
      t.state[s] = TCP.FIN_WAIT2;
      if ((t.flags[s]! & TF.ORPHAN) !== 0) {
        t.endAt[s] = k.world.clock.now + TIME_WAIT_US;
        tcpArm(k, s);
      }
      return true;
    case TCP.CLOSING:
      enterTimeWait(k, s);
      return true;
    case TCP.LAST_ACK:
      tcpDone(k, s, '');
      return false;
    default:
      return true;
  }
}

/** TIME_WAIT holds the four numbers for 60 s; nobody waits for its end. */
export function enterTimeWait(k: Kernel, s: number): void {
  const t = k.tcp;
  t.state[s] = TCP.TIME_WAIT;
  t.cookies.delete(s); // a smaller socket takes its place
  t.rtoAt[s] = NEVER;
  t.ackAt[s] = NEVER;
  t.endAt[s] = k.world.clock.now + TIME_WAIT_US;
  tcpArm(k, s);
}

/** Takes a round-trip time from the echoed time stamp. */
export function measureRtt(k: Kernel, s: number, p: Packet): void {
  if (p.tsEcr === 0) return;
  const t = k.tcp;
  const ms = ((k.world.clock.now / 1000) | 0) - p.tsEcr;
  const us = Math.max(1, ms * 1000);
  t.srtt[s] = t.srtt[s] === 0 ? us : (t.srtt[s]! * 7 + us) >> 3;
}
