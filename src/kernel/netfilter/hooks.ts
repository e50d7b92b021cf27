// The packet path as one table: who looks at a packet at each of the five hooks, in order of priority, and why there.
// Linux counterpart: net/netfilter/core.c, the nf_hook_ops of IPVS (ip_vs_core.c ip_vs_ops).
import { Drop } from '../drop_reason';
import { ipVsForwardIcmp, ipVsIn, ipVsOut } from '../ipvs/ip_vs_core';
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';
import { HOOK, NF_ACCEPT, NF_DROP, NF_STOLEN } from './hooks_state';

/** One row of the table. `wanted` keeps a host without the module fast. */
interface HookOp {
  readonly name: string;
  readonly why: string;
  readonly wanted: (k: Kernel) => boolean;
  readonly run: (k: Kernel, p: Packet, hook: number) => number;
}

const ipvs = (k: Kernel): boolean => k.ipvs !== null;

const REPLY: HookOp = {
  name: 'ip_vs_out',
  why: 'A reply of a NAT real server gets the virtual address back before anyone else sees it.',
  wanted: ipvs,
  run: ipVsOut,
};
const REQUEST: HookOp = {
  name: 'ip_vs_in',
  why: 'A packet for a local address may be for a virtual service; that is why the VIP must be local and why INPUT rules come first.',
  wanted: ipvs,
  run: ipVsIn,
};

/** Hooks by number, each in order of priority. */
export const HOOKS: readonly (readonly HookOp[])[] = [
  [], // PRE_ROUTING
  [REPLY, REQUEST], // LOCAL_IN: NF_IP_PRI_NAT_SRC - 2 and - 1
  [
    {
      name: 'ip_vs_forward_icmp',
      why: 'An ICMP error about a balanced connection passes through; it belongs to a real server or the client.',
      wanted: ipvs,
      run: ipVsForwardIcmp,
    },
    REPLY, // FORWARD: 99 and 100, the reply of NAT on its way from the real server
  ],
  [REPLY, REQUEST], // LOCAL_OUT: the director as its own client, or as a real server (NF_IP_PRI_NAT_DST + 1, + 2)
  [], // POST_ROUTING
];

/** True when somebody on this host looks at packets at all; hosts without a module pay one test. */
const anyone = (k: Kernel): boolean => k.ipvs !== null || k.netfilter.rulesLoaded;

/** Runs a hook. True when the packet goes on; false when it was taken or has died. */
export function nfHook(k: Kernel, hook: number, p: Packet): boolean {
  if (!anyone(k)) return true;
  const ops = HOOKS[hook]!;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!;
    if (!op.wanted(k)) continue;
    const verdict = op.run(k, p, hook);
    if (verdict === NF_ACCEPT) continue;
    if (verdict === NF_DROP) {
      const reason = k.netfilter.dropReason || Drop.NETFILTER_DROP;
      k.netfilter.dropReason = 0;
      k.world.drop(k, p, reason);
    }
    return false;
  }
  return true;
}

export { HOOK, NF_ACCEPT, NF_DROP, NF_STOLEN };
