// Time to live: match ttl, target TTL. Linux counterpart: net/netfilter/xt_hl.c, xt_HL.c.
import { XT_CONTINUE } from './x_tables';
import type { MatchKind, TargetKind } from './xt_list';

export interface TtlMatch {
  kind: 'ttl';
  mode: 'eq' | 'ne' | 'lt' | 'gt';
  ttl: number;
}
export interface TtlTarget {
  kind: 'TTL';
  mode: 'set' | 'inc' | 'dec';
  ttl: number;
}

export const ttl: MatchKind<TtlMatch> = {
  match: (_k, p, m) => (m.mode === 'eq' ? p.ttl === m.ttl : m.mode === 'ne' ? p.ttl !== m.ttl : m.mode === 'lt' ? p.ttl < m.ttl : p.ttl > m.ttl),
};

export const TTL: TargetKind<TtlTarget> = {
  target(_k, p, t) {
    p.ttl = t.mode === 'set' ? t.ttl : t.mode === 'inc' ? Math.min(255, p.ttl + t.ttl) : Math.max(0, p.ttl - t.ttl);
    return XT_CONTINUE;
  },
  tables: ['mangle'],
};
