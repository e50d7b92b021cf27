// What each protocol makes of a packet of its connection: states, timeouts, which packet may begin one. Linux counterpart: nf_conntrack_proto_tcp.c, _udp.c, _icmp.c, _generic.c.
// Not modelled: TCP windows (a segment out of window is not INVALID here), SCTP, DCCP and GRE as more than "generic".
import { ACK, FIN, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Packet, RST, SYN } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { type ConntrackTable, STATUS } from './nf_conntrack_tab';

/** TCP states in the order of the table below; names as /proc/net/nf_conntrack prints them. */
export const TCP_CT = ['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE', 'SYN_SENT2'] as const;
const [NONE, SS, SR, ES, FW, CW, LA, TW, CL, S2] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const IV = -1; // invalid
const IG = -2; // ignored: the state stays, the packet passes
/** Next state by direction, kind of segment (syn, synack, fin, ack, rst) and state. */
const NEXT: readonly (readonly (readonly number[])[])[] = [
  [
    [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2],
    [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR],
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV],
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
  ],
  [
    [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2],
    [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR],
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG],
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
  ],
];
const TCP_TIMEOUTS = [
  ['none', 0], ['syn_sent', 120], ['syn_recv', 60], ['established', 432000], ['fin_wait', 120], ['close_wait', 60], ['last_ack', 30], ['time_wait', 120], ['close', 10], ['syn_sent', 120],
] as const;

/** Kind of a TCP segment for the table; -1 for flags that no stack sends. */
function kindOf(flags: number): number {
  if ((flags & RST) !== 0) return 4;
  if ((flags & SYN) !== 0) return (flags & FIN) !== 0 ? -1 : (flags & ACK) !== 0 ? 1 : 0;
  if ((flags & FIN) !== 0) return (flags & ACK) !== 0 ? 2 : -1;
  return (flags & ACK) !== 0 ? 3 : -1;
}

/** A timeout of net.netfilter.nf_conntrack_NAME, us. */
function timeout(k: Kernel, name: string, seconds: number): number {
  const set = k.sysctls.size === 0 ? undefined : k.sysctls.get(`net/netfilter/nf_conntrack_${name}`);
  return (set === undefined ? seconds : Number(set)) * 1_000_000;
}

/** May this packet begin an entry? Sets its first state. */
export function protoNew(k: Kernel, t: ConntrackTable, s: number, p: Packet): boolean {
  if (p.proto === IPPROTO_ICMP) return p.icmpType === 8 || p.icmpType === 13 || p.icmpType === 15 || p.icmpType === 17;
  if (p.proto === IPPROTO_UDP) t.streamAt[s] = k.world.clock.now + 2_000_000;
  if (p.proto !== IPPROTO_TCP) return true;
  const kind = kindOf(p.flags);
  if (kind < 0 || NEXT[0]![kind]![NONE]! < 0) return false;
  return kind === 0 || (k.sysctls.get('net/netfilter/nf_conntrack_tcp_loose') ?? '1') !== '0';
}

/** What a packet of direction `dir` does to its entry: false when it is INVALID. 'again' asks for a new entry in place of this one. */
export function protoPacket(k: Kernel, t: ConntrackTable, s: number, dir: number, p: Packet): boolean | 'again' {
  const now = k.world.clock.now;
  const replied = (t.status[s]! & STATUS.SEEN_REPLY) !== 0;
  switch (p.proto) {
    case IPPROTO_TCP:
      return tcpPacket(k, t, s, dir, p, replied);
    case IPPROTO_UDP:
      if (replied || dir === 1) {
        const stream = now >= t.streamAt[s]!;
        t.expires[s] = now + (stream ? timeout(k, 'udp_timeout_stream', 120) : timeout(k, 'udp_timeout', 30));
        if (stream) t.status[s] = t.status[s]! | STATUS.ASSURED;
      } else t.expires[s] = now + timeout(k, 'udp_timeout', 30);
      return true;
    case IPPROTO_ICMP:
      t.expires[s] = now + timeout(k, 'icmp_timeout', 30);
      return true;
    default:
      t.expires[s] = now + timeout(k, 'generic_timeout', 600);
      return true;
  }
}

function tcpPacket(k: Kernel, t: ConntrackTable, s: number, dir: number, p: Packet, replied: boolean): boolean | 'again' {
  const kind = kindOf(p.flags);
  if (kind < 0) return false;
  const old = t.state[s]!;
  let next = NEXT[dir]![kind]![old]!;
  if (next === IV) return false;
  if (next === IG) next = old;
  else if (next === SS && old >= TW) return 'again'; // the same ports for a new connection
  if (next === CL && kind === 4 && !replied && dir === 1) {
    // A refused connection leaves nothing behind.
    t.expires[s] = k.world.clock.now;
    t.state[s] = CL;
    return true;
  }
  t.state[s] = next;
  const [name, seconds] = TCP_TIMEOUTS[next]!;
  t.expires[s] = k.world.clock.now + timeout(k, `tcp_timeout_${name}`, seconds);
  if (next === ES && replied && (old === SR || old === ES)) t.status[s] = t.status[s]! | STATUS.ASSURED;
  return true;
}
