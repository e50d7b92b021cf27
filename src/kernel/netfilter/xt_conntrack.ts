// Matches conntrack and state: how a packet stands to the connections known. Linux counterpart: net/netfilter/xt_conntrack.c, xt_state.c.
// Not modelled: --ctproto, --ctorigsrc and the other fields of an entry.
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';
import { CT } from './hooks_state';
import { STATUS } from './nf_conntrack_tab';
import type { MatchKind } from './xt_list';

/** States as bits, in the order iptables prints them. */
export const CTSTATE = { INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16, SNAT: 32, DNAT: 64 } as const;
const BIT_OF_INFO = [CTSTATE.ESTABLISHED, CTSTATE.RELATED, CTSTATE.NEW, CTSTATE.ESTABLISHED, CTSTATE.RELATED];

interface States {
  mask: number;
  inv: boolean;
}
export interface ConntrackMatch extends States {
  kind: 'conntrack';
}
export interface StateMatch extends States {
  kind: 'state';
}

function match(k: Kernel, p: Packet, m: States): boolean {
  let bits: number;
  if (p.ct > 0) {
    const status = k.netfilter.ct?.status[p.ct - 1] ?? 0;
    bits = BIT_OF_INFO[p.ctInfo] ?? 0;
    if ((status & STATUS.SRC_NAT) !== 0) bits |= CTSTATE.SNAT;
    if ((status & STATUS.DST_NAT) !== 0) bits |= CTSTATE.DNAT;
  } else bits = p.ctInfo === CT.UNTRACKED ? CTSTATE.UNTRACKED : CTSTATE.INVALID;
  return ((m.mask & bits) !== 0) !== m.inv;
}

export const conntrack: MatchKind<ConntrackMatch> = { match, tracks: true };
export const state: MatchKind<StateMatch> = { match, tracks: true };
