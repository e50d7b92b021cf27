// Match statistic: every nth packet, or a share of them by chance; the poor man's balancer. Linux counterpart: net/netfilter/xt_statistic.c.
import type { MatchKind } from './xt_list';

export interface StatisticMatch {
  kind: 'statistic';
  mode: 'nth' | 'random';
  /** Of `random`: probability in 2^-31. */
  probability: number;
  every: number;
  packet: number;
  count: number;
  inv: boolean;
}

export const statistic: MatchKind<StatisticMatch> = {
  match(k, _p, m) {
    if (m.mode === 'random') return (k.world.rng.next('xt_statistic') & 0x7fffffff) < m.probability !== m.inv;
    const n = m.count === m.every - 1 ? 0 : m.count + 1;
    m.count = n;
    return (n === 0) !== m.inv;
  },
};
