// Matches tcp and udp: ports, flags, an option's presence. Linux counterpart: net/netfilter/xt_tcpudp.c.
// Not modelled: --tcp-option.
import { IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';
import type { MatchKind } from './xt_list';

/** First and last port of a range. */
export type Ports = readonly [number, number];
export const ANY_PORT: Ports = [0, 65535];
/** What is negated. */
export const TCP_INV = { SPORT: 1, DPORT: 2, FLAGS: 4 } as const;

export interface UdpMatch {
  kind: 'udp';
  spts: Ports;
  dpts: Ports;
  inv: number;
}
export interface TcpMatch {
  kind: 'tcp';
  spts: Ports;
  dpts: Ports;
  /** Flags looked at, and those of them that must be set. */
  flagsMask: number;
  flagsCmp: number;
  inv: number;
}

const within = (r: Ports, port: number, inv: boolean): boolean => (port >= r[0] && port <= r[1]) !== inv;
/** A later fragment has no ports. */
const headless = (p: Packet): boolean => (p.frag & 0x1fff) !== 0;

export const udp: MatchKind<UdpMatch> = {
  match: (_k, p, m) => p.proto === IPPROTO_UDP && !headless(p) && within(m.spts, p.sport, (m.inv & TCP_INV.SPORT) !== 0) && within(m.dpts, p.dport, (m.inv & TCP_INV.DPORT) !== 0),
};

export const tcp: MatchKind<TcpMatch> = {
  match: (_k, p, m) =>
    p.proto === IPPROTO_TCP && !headless(p) && within(m.spts, p.sport, (m.inv & TCP_INV.SPORT) !== 0) && within(m.dpts, p.dport, (m.inv & TCP_INV.DPORT) !== 0) &&
    ((p.flags & m.flagsMask) === m.flagsCmp) !== ((m.inv & TCP_INV.FLAGS) !== 0),
};
