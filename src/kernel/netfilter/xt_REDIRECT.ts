// Target REDIRECT: destination NAT to this host itself. Linux counterpart: net/netfilter/xt_REDIRECT.c, nf_nat_redirect.c.
import { HOOK, NF_ACCEPT, NF_DROP } from './hooks_state';
import { MANIP, type NatRange, natSetup } from './nf_nat';
import type { TargetKind } from './xt_list';

export interface RedirectTarget extends Omit<NatRange, 'min' | 'max'> {
  kind: 'REDIRECT';
}

export const REDIRECT: TargetKind<RedirectTarget> = {
  target(k, p, t, where) {
    if (p.ct <= 0) return NF_ACCEPT;
    const ip = where.hook === HOOK.LOCAL_OUT ? 0x7f000001 : (k.devByIndex(p.iif)?.addresses[0]?.local ?? 0);
    if (ip === 0) return NF_DROP;
    return natSetup(k, p, { ...t, min: ip, max: ip }, MANIP.DST);
  },
  tracks: true,
  tables: ['nat'],
  hooks: [HOOK.PRE_ROUTING, HOOK.LOCAL_OUT],
};
