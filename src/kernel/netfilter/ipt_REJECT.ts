// Target REJECT: the packet dies and its sender is told. Linux counterpart: net/ipv4/netfilter/ipt_REJECT.c, nf_reject_ipv4.c.
import { IPPROTO_TCP } from '../../wire/packet';
import { icmpSend } from '../ipv4/icmp';
import { tcpReset } from '../ipv4/tcp_output';
import { HOOK, NF_DROP } from './hooks_state';
import type { TargetKind } from './xt_list';

/** Answers by name, with the code of the ICMP "unreachable". */
export const REJECT_CODES = {
  'icmp-net-unreachable': 0, 'icmp-host-unreachable': 1, 'icmp-proto-unreachable': 2, 'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9, 'icmp-host-prohibited': 10, 'icmp-admin-prohibited': 13,
} as const;
export type RejectType = keyof typeof REJECT_CODES | 'tcp-reset';

export interface RejectTarget {
  kind: 'REJECT';
  type: RejectType;
}

export const REJECT: TargetKind<RejectTarget> = {
  target(k, p, t) {
    if (t.type !== 'tcp-reset') icmpSend(k, p, 3, REJECT_CODES[t.type], 0);
    else if (p.proto === IPPROTO_TCP && (p.frag & 0x1fff) === 0) tcpReset(k, p, true);
    return NF_DROP;
  },
  tables: ['filter'],
  hooks: [HOOK.LOCAL_IN, HOOK.FORWARD, HOOK.LOCAL_OUT],
};
