// All extensions iptables can load here, an explicit list, and the names of those that exist on Linux and are not modelled.
import type { MatchData, TargetData } from '../../kernel/netfilter/xt_list';
import type { Extension } from './extension';
import { conntrackExt, stateExt } from './libxt_conntrack';
import { CTExt, iprangeExt, NOTRACKExt, TOSExt, TTLExt, ttlExt } from './libxt_header';
import { icmpExt } from './libxt_icmp';
import { ipvsExt } from './libxt_ipvs';
import { CONNMARKExt, connmarkExt, MARKExt, markExt } from './libxt_mark';
import { multiportExt } from './libxt_multiport';
import { DNATExt, MASQUERADEExt, REDIRECTExt, SNATExt } from './libxt_nat';
import { addrtypeExt, commentExt, lengthExt, limitExt, statisticExt } from './libxt_small';
import { tcpExt, udpExt } from './libxt_tcpudp';
import { LOGExt, REJECTExt } from './targets';

/** A verdict: no options, nothing to show. */
const verdict = (kind: 'ACCEPT' | 'DROP' | 'RETURN'): Extension<{ kind: typeof kind }> => ({ name: kind, options: [], init: () => ({ kind }), parse: () => undefined, print: () => '', save: () => '' });

/** An extension with its data's type forgotten: the name in the data leads back to it. */
export type AnyMatch = Extension<MatchData>;
export type AnyTarget = Extension<TargetData>;

const list = <T extends object>(all: readonly { readonly name: string }[]): ReadonlyMap<string, Extension<T>> => new Map(all.map((e) => [e.name, e as Extension<T>]));

export const MATCH_EXTENSIONS = list<MatchData>([
  tcpExt, udpExt, icmpExt, multiportExt, conntrackExt, stateExt, markExt, connmarkExt, limitExt, commentExt, addrtypeExt, lengthExt, statisticExt, ipvsExt, ttlExt, iprangeExt,
]);
export const TARGET_EXTENSIONS = list<TargetData>([
  verdict('ACCEPT'), verdict('DROP'), verdict('RETURN'), REJECTExt, LOGExt, MARKExt, CONNMARKExt, DNATExt, SNATExt, MASQUERADEExt, REDIRECTExt, TTLExt, TOSExt, NOTRACKExt, CTExt,
]);

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
export const OTHER_MATCHES = words(
  'ah bpf cgroup cluster connbytes connlabel connlimit cpu dccp devgroup dscp ecn esp hashlimit helper mac nfacct osf owner physdev pkttype policy quota rateest realm recent rpfilter sctp set socket string tcpmss time tos u32',
);
export const OTHER_TARGETS = words(
  'AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HMARK IDLETIMER LED NETMAP NFLOG NFQUEUE QUEUE RATEEST SECMARK SET SYNPROXY TCPMSS TCPOPTSTRIP TEE TPROXY TRACE ULOG',
);
