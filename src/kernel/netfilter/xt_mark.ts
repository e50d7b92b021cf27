// The packet's mark: match mark, target MARK. Linux counterpart: net/netfilter/xt_mark.c. Numbers are int32 bit patterns.
import { XT_CONTINUE } from './x_tables';
import type { MatchKind, TargetKind } from './xt_list';

export interface MarkMatch {
  kind: 'mark';
  mark: number;
  mask: number;
  inv: boolean;
}
/** New mark = (old & ~mask) ^ mark. */
export interface MarkTarget {
  kind: 'MARK';
  mark: number;
  mask: number;
}

export const mark: MatchKind<MarkMatch> = { match: (_k, p, m) => ((p.mark & m.mask) === m.mark) !== m.inv };

export const MARK: TargetKind<MarkTarget> = {
  target(_k, p, t) {
    p.mark = (p.mark & ~t.mask) ^ t.mark;
    return XT_CONTINUE;
  },
};
