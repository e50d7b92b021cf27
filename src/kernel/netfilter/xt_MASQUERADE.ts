// Target MASQUERADE: source NAT to the address of the interface the packet leaves by. Linux counterpart: net/netfilter/xt_MASQUERADE.c, nf_nat_masquerade.c.
// Not modelled: forgetting connections when the interface goes down or loses its address.
import { selectSource } from '../ipv4/source';
import { HOOK, NF_ACCEPT, NF_DROP } from './hooks_state';
import { MANIP, type NatRange, natSetup } from './nf_nat';
import type { TargetKind } from './xt_list';

export interface MasqueradeTarget extends Omit<NatRange, 'min' | 'max'> {
  kind: 'MASQUERADE';
}

export const MASQUERADE: TargetKind<MasqueradeTarget> = {
  target(k, p, t, where) {
    if (p.ct <= 0) return NF_ACCEPT;
    const dev = k.devByName(where.out);
    const gw = where.route?.gw ?? 0;
    const ip = selectSource(k, dev, gw !== 0 ? gw : p.dst);
    if (ip === 0) return NF_DROP;
    return natSetup(k, p, { ...t, min: ip, max: ip }, MANIP.SRC);
  },
  tracks: true,
  tables: ['nat'],
  hooks: [HOOK.POST_ROUTING],
};
