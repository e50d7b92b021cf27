// Match iprange: an address between two others. Linux counterpart: net/netfilter/xt_iprange.c.
import type { Ip } from '../../wire/packet';
import type { MatchKind } from './xt_list';

interface Range {
  low: Ip;
  high: Ip;
  inv: boolean;
}
export interface IprangeMatch {
  kind: 'iprange';
  src: Range | null;
  dst: Range | null;
}

const within = (ip: Ip, r: Range | null): boolean => r === null || (ip >>> 0 >= r.low >>> 0 && ip >>> 0 <= r.high >>> 0) !== r.inv;

export const iprange: MatchKind<IprangeMatch> = { match: (_k, p, m) => within(p.src, m.src) && within(p.dst, m.dst) };
