// Targets DNAT and SNAT: the connection gets other addresses. Linux counterpart: net/netfilter/xt_nat.c.
import { HOOK, NF_ACCEPT } from './hooks_state';
import { MANIP, type NatRange, natSetup } from './nf_nat';
import type { TargetKind } from './xt_list';

export interface DnatTarget extends NatRange {
  kind: 'DNAT';
}
export interface SnatTarget extends NatRange {
  kind: 'SNAT';
}

export const DNAT: TargetKind<DnatTarget> = {
  target: (k, p, t) => (p.ct > 0 ? natSetup(k, p, t, MANIP.DST) : NF_ACCEPT),
  tracks: true,
  tables: ['nat'],
  hooks: [HOOK.PRE_ROUTING, HOOK.LOCAL_OUT],
};
export const SNAT: TargetKind<SnatTarget> = {
  target: (k, p, t) => (p.ct > 0 ? natSetup(k, p, t, MANIP.SRC) : NF_ACCEPT),
  tracks: true,
  tables: ['nat'],
  hooks: [HOOK.POST_ROUTING, HOOK.LOCAL_IN],
};
