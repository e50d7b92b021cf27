// Targets NOTRACK and CT --notrack: a packet that connection tracking shall leave alone. Linux counterpart: net/netfilter/xt_CT.c.
// Not modelled: helpers, events, zones and timeouts of CT.
import type { Packet } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { notrack } from './nf_conntrack';
import { XT_CONTINUE } from './x_tables';
import type { TargetKind } from './xt_list';

export interface NotrackTarget {
  kind: 'NOTRACK';
}
export interface CtTarget {
  kind: 'CT';
  notrack: boolean;
}

function leaveAlone(_k: Kernel, p: Packet): number {
  if (p.ct === 0) notrack(p);
  return XT_CONTINUE;
}

export const NOTRACK: TargetKind<NotrackTarget> = { target: leaveAlone, tables: ['raw'] };
export const CT_TARGET: TargetKind<CtTarget> = { target: leaveAlone, tables: ['raw'] };
