// Match length: bytes of the IP packet. Linux counterpart: net/netfilter/xt_length.c.
import type { MatchKind } from './xt_list';

export interface LengthMatch {
  kind: 'length';
  min: number;
  max: number;
  inv: boolean;
}

export const length: MatchKind<LengthMatch> = { match: (_k, p, m) => (p.len >= m.min && p.len <= m.max) !== m.inv };
