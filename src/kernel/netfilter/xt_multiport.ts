// Match multiport: up to 15 ports or ranges. Linux counterpart: net/netfilter/xt_multiport.c.
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/packet';
import type { Ports } from './xt_tcpudp';
import type { MatchKind } from './xt_list';

export interface MultiportMatch {
  kind: 'multiport';
  which: 'sports' | 'dports' | 'ports';
  ranges: Ports[];
  inv: boolean;
}

export const multiport: MatchKind<MultiportMatch> = {
  match(_k, p, m) {
    if ((p.frag & 0x1fff) !== 0 || (p.proto !== IPPROTO_TCP && p.proto !== IPPROTO_UDP && p.proto !== IPPROTO_SCTP)) return false;
    const hit = (port: number): boolean => m.ranges.some((r) => port >= r[0] && port <= r[1]);
    return ((m.which !== 'dports' && hit(p.sport)) || (m.which !== 'sports' && hit(p.dport))) !== m.inv;
  },
};
