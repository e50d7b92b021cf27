// Match icmp: type and code. Linux counterpart: icmp_match in net/ipv4/netfilter/ip_tables.c.
import { IPPROTO_ICMP } from '../../wire/packet';
import type { MatchKind } from './xt_list';

export interface IcmpMatch {
  kind: 'icmp';
  /** 255 is any. */
  type: number;
  /** Codes from .. to; 0..255 is any. */
  codes: readonly [number, number];
  inv: boolean;
}

export const icmp: MatchKind<IcmpMatch> = {
  match: (_k, p, m) =>
    p.proto === IPPROTO_ICMP && (p.frag & 0x1fff) === 0 && (m.type === 255 || (p.icmpType === m.type && p.icmpCode >= m.codes[0] && p.icmpCode <= m.codes[1])) !== m.inv,
};
