// Match limit: a bucket of tokens that fills with time. Linux counterpart: net/netfilter/nft_limit.c (which iptables over nf_tables uses for xt_limit).
import type { MatchKind } from './xt_list';

export interface LimitMatch {
  kind: 'limit';
  /** Packets per `unitS` seconds. */
  rate: number;
  unitS: number;
  burst: number;
  /** Tokens as microseconds saved up, and when they were counted last. */
  tokensUs: number;
  lastUs: number;
}

export const limit: MatchKind<LimitMatch> = {
  match(k, _p, m) {
    const cost = (m.unitS * 1_000_000) / m.rate;
    const now = k.world.clock.now;
    const tokens = Math.min(m.tokensUs + now - m.lastUs, cost * m.burst);
    m.lastUs = now;
    m.tokensUs = tokens >= cost ? tokens - cost : tokens;
    return tokens >= cost;
  },
};
