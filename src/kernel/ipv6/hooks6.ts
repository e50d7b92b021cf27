// The packet path of IPv6 as one table: only IPVS looks at packets. Linux counterpart: ip_vs_ops6 in net/netfilter/ipvs/ip_vs_core.c.
// Not modelled: ip6tables and connection tracking of IPv6.
import { Drop } from '../drop_reason';
import { ipVsForwardIcmp, ipVsIn, ipVsOut } from '../ipvs/ip_vs_core';
import type { Kernel } from '../kernel';
import { HOOK, NF_ACCEPT, NF_DROP } from '../netfilter/hooks_state';
import type { Packet } from '../../wire/packet';

type Run = (k: Kernel, p: Packet, hook: number) => number;

/** Who looks, by hook, in order of priority; the reasons are those of IPv4 (netfilter/hooks.ts). */
const HOOKS6: Readonly<Record<number, readonly Run[]>> = Object.freeze({
  [HOOK.LOCAL_IN]: [ipVsOut, ipVsIn],
  [HOOK.FORWARD]: [ipVsForwardIcmp, ipVsOut],
  [HOOK.LOCAL_OUT]: [ipVsOut, ipVsIn],
});

/** Runs a hook. True when the packet goes on; false when it was taken or has died. */
export function nfHook6(k: Kernel, hook: number, p: Packet): boolean {
  if (k.ipvs === null) return true;
  for (const run of HOOKS6[hook] ?? []) {
    const verdict = run(k, p, hook);
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
