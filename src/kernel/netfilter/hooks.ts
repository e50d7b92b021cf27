// The packet path as one table: who looks at a packet at each of the five hooks, in order of priority, and why there.
// Linux counterpart: net/netfilter/core.c, the nf_hook_ops of IPVS (ip_vs_core.c ip_vs_ops).
import { Drop } from '../drop_reason';
import { ipVsForwardIcmp, ipVsIn, ipVsOut } from '../ipvs/ip_vs_core';
import type { Route } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';
import { HOOK, NF_ACCEPT, NF_DROP, NF_STOLEN } from './hooks_state';
import { conntrackConfirm, conntrackIn } from './nf_conntrack';
import { natHook } from './nf_nat';
import { doTable, TABLE_BIT, type TableName } from './x_tables';

/** One row of the table. `wanted` keeps a host without the module fast. */
interface HookOp {
  readonly name: string;
  readonly why: string;
  readonly wanted: (k: Kernel) => boolean;
  readonly run: (k: Kernel, p: Packet, hook: number, route: Route | null) => number;
}

const ipvs = (k: Kernel): boolean => k.ipvs !== null;
const tracking = (k: Kernel): boolean => k.netfilter.conntrack;

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
const TRACK: HookOp = {
  name: 'nf_conntrack_in',
  why: 'Whoever asks for a state or translates needs to know the connection; so it is found before any rule but raw ones.',
  wanted: tracking,
  run: conntrackIn,
};
const CONFIRM: HookOp = {
  name: 'nf_conntrack_confirm',
  why: 'Only a packet that nobody stopped makes its connection known.',
  wanted: tracking,
  run: conntrackConfirm,
};

/** A table of rules at one hook. */
function rules(table: TableName, hook: number, why: string): HookOp {
  return { name: `iptable_${table}`, why, wanted: (k) => (k.netfilter.work[hook]! & TABLE_BIT[table]) !== 0, run: (k, p, at, route) => doTable(k, table, p, at, route) };
}

const raw = (hook: number): HookOp => rules('raw', hook, 'Before tracking: the only place to drop cheaply.');
const filter = (hook: number, why: string): HookOp => rules('filter', hook, why);
const mangle = (hook: number, why = 'Changes to the packet itself come before decisions about it.'): HookOp => rules('mangle', hook, why);
const nat = (why: string): HookOp => ({ name: 'nf_nat', why, wanted: tracking, run: natHook });

/** Hooks by number, each in order of priority (the number in brackets). */
export const HOOKS: readonly (readonly HookOp[])[] = [
  [
    // PRE_ROUTING
    raw(HOOK.PRE_ROUTING), // -300
    TRACK, // -200
    mangle(HOOK.PRE_ROUTING, 'Marks are set before the routing decision and before IPVS looks for a service by mark.'), // -150
    nat('Destinations change before routing, so that the route leads to the new one.'), // -100
  ],
  [
    // LOCAL_IN
    mangle(HOOK.LOCAL_IN), // -150
    filter(HOOK.LOCAL_IN, 'INPUT sees a request for a virtual service before IPVS does: a closed port here closes the service.'), // 0
    rules('security', HOOK.LOCAL_IN, 'Mandatory access control comes after the administrator\'s filter.'), // 50
    REPLY, // 98: NF_IP_PRI_NAT_SRC - 2
    REQUEST, // 99: NF_IP_PRI_NAT_SRC - 1
    nat('Sources of packets for this host may change last.'), // 100
    CONFIRM,
  ],
  [
    // FORWARD
    mangle(HOOK.FORWARD), // -150
    filter(HOOK.FORWARD, 'The reply of a NAT real server is forwarded: FORWARD sees it, with the server\'s address still on it. The request it never sees.'), // 0
    rules('security', HOOK.FORWARD, 'Mandatory access control comes after the administrator\'s filter.'), // 50
    {
      name: 'ip_vs_forward_icmp', // 99
      why: 'An ICMP error about a balanced connection passes through; it belongs to a real server or the client.',
      wanted: ipvs,
      run: ipVsForwardIcmp,
    },
    REPLY, // 100, the reply of NAT on its way from the real server
  ],
  [
    // LOCAL_OUT
    raw(HOOK.LOCAL_OUT), // -300
    TRACK, // -200
    mangle(HOOK.LOCAL_OUT), // -150
    nat('Destinations of our own packets; they are routed again afterwards.'), // -100
    REPLY, // -99: the director as its own client, or as a real server (NF_IP_PRI_NAT_DST + 1)
    REQUEST, // -98
    filter(HOOK.LOCAL_OUT, 'OUTPUT sees what leaves, with its final destination.'), // 0
    rules('security', HOOK.LOCAL_OUT, 'Mandatory access control comes after the administrator\'s filter.'), // 50
  ],
  [
    // POST_ROUTING
    mangle(HOOK.POST_ROUTING), // -150
    nat('Sources change when the way out is known, so that MASQUERADE can take its address.'), // 100
    CONFIRM,
  ],
];

/** What is left of the table on a host whose only module is ip_vs: nearly every director. */
const IPVS_ONLY: readonly (readonly HookOp[])[] = HOOKS.map((ops) => ops.filter((op) => op.wanted === ipvs));

/** Runs a hook; `route` is the way the packet is about to leave, where that is known. True when the packet goes on; false when it was taken or has died. */
export function nfHook(k: Kernel, hook: number, p: Packet, route: Route | null = null): boolean {
  if (k.netfilter.rulesLoaded) return runHook(k, HOOKS[hook]!, hook, p, route);
  // Without rules nobody but IPVS looks, and IPVS looks at a packet once: hosts and packets that are not its own pay one test.
  return k.ipvs === null || p.ipvs !== 0 || runHook(k, IPVS_ONLY[hook]!, hook, p, route);
}

function runHook(k: Kernel, ops: readonly HookOp[], hook: number, p: Packet, route: Route | null): boolean {
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!;
    if (!op.wanted(k)) continue;
    const verdict = op.run(k, p, hook, route);
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
