// Target TOS: sets bits of the type of service. Linux counterpart: net/netfilter/xt_DSCP.c.
// Not modelled: target DSCP, a new route for what is made here after its type of service changed.
import { XT_CONTINUE } from './x_tables';
import type { TargetKind } from './xt_list';

/** New type of service = (old & ~mask) ^ value. */
export interface TosTarget {
  kind: 'TOS';
  value: number;
  mask: number;
}

export const TOS: TargetKind<TosTarget> = {
  target(_k, p, t) {
    p.tos = ((p.tos & ~t.mask) ^ t.value) & 255;
    return XT_CONTINUE;
  },
  tables: ['mangle'],
};
