// The connection's mark: match connmark, target CONNMARK. Linux counterpart: net/netfilter/xt_connmark.c.
import { XT_CONTINUE } from './x_tables';
import type { MatchKind, TargetKind } from './xt_list';

export interface ConnmarkMatch {
  kind: 'connmark';
  mark: number;
  mask: number;
  inv: boolean;
}
export interface ConnmarkTarget {
  kind: 'CONNMARK';
  mode: 'set' | 'save' | 'restore';
  mark: number;
  /** Bits of the connection's mark concerned, and of the packet's. */
  ctmask: number;
  nfmask: number;
}

export const connmark: MatchKind<ConnmarkMatch> = {
  match: (k, p, m) => p.ct > 0 && ((k.netfilter.ct!.mark[p.ct - 1]! & m.mask) === m.mark) !== m.inv,
  tracks: true,
};

export const CONNMARK: TargetKind<ConnmarkTarget> = {
  target(k, p, t) {
    if (p.ct <= 0) return XT_CONTINUE;
    const marks = k.netfilter.ct!.mark;
    const s = p.ct - 1;
    if (t.mode === 'set') marks[s] = (marks[s]! & ~t.ctmask) ^ t.mark;
    else if (t.mode === 'save') marks[s] = (marks[s]! & ~t.ctmask) ^ (p.mark & t.nfmask);
    else p.mark = (p.mark & ~t.nfmask) ^ (marks[s]! & t.ctmask);
    return XT_CONTINUE;
  },
  tracks: true,
};
