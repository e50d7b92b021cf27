// All matches and targets of this build, an explicit list. Linux counterpart: the modules xt_*.ko and ipt_*.ko that x_tables knows.
import type { Packet } from '../../wire/packet';
import type { Kernel } from '../kernel';
import { icmp, type IcmpMatch } from './ipt_icmp';
import { REJECT, type RejectTarget } from './ipt_REJECT';
import type { TableName, Where } from './x_tables';
import { addrtype, type AddrtypeMatch } from './xt_addrtype';
import { comment, type CommentMatch } from './xt_comment';
import { connmark, type ConnmarkMatch, CONNMARK, type ConnmarkTarget } from './xt_connmark';
import { conntrack, type ConntrackMatch, state, type StateMatch } from './xt_conntrack';
import { CT_TARGET, type CtTarget, NOTRACK, type NotrackTarget } from './xt_CT';
import { TOS, type TosTarget } from './xt_DSCP';
import { TTL, ttl, type TtlMatch, type TtlTarget } from './xt_HL';
import { iprange, type IprangeMatch } from './xt_iprange';
import { ipvs, type IpvsMatch } from './xt_ipvs';
import { length, type LengthMatch } from './xt_length';
import { limit, type LimitMatch } from './xt_limit';
import { LOG, type LogTarget } from './xt_LOG';
import { mark, type MarkMatch, MARK, type MarkTarget } from './xt_mark';
import { MASQUERADE, type MasqueradeTarget } from './xt_MASQUERADE';
import { multiport, type MultiportMatch } from './xt_multiport';
import { DNAT, type DnatTarget, SNAT, type SnatTarget } from './xt_nat';
import { REDIRECT, type RedirectTarget } from './xt_REDIRECT';
import { statistic, type StatisticMatch } from './xt_statistic';
import { tcp, type TcpMatch, udp, type UdpMatch } from './xt_tcpudp';

/** A match: a question about a packet. `tracks`: it needs connection tracking. */
export interface MatchKind<T> {
  readonly match: (k: Kernel, p: Packet, m: T, where: Where) => boolean;
  readonly tracks?: true;
}

/** A target: what to do. Gives a verdict or XT_CONTINUE. `tables`, `hooks`: where alone it works. */
export interface TargetKind<T> {
  readonly target: (k: Kernel, p: Packet, t: T, where: Where) => number;
  readonly tracks?: true;
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly number[];
}

export type MatchData =
  | TcpMatch | UdpMatch | IcmpMatch | MultiportMatch | StateMatch | ConntrackMatch | MarkMatch | ConnmarkMatch | LimitMatch | CommentMatch | AddrtypeMatch
  | LengthMatch | StatisticMatch | IpvsMatch | TtlMatch | IprangeMatch;
type Extension = RejectTarget | LogTarget | MarkTarget | ConnmarkTarget | DnatTarget | SnatTarget | MasqueradeTarget | RedirectTarget | TtlTarget | TosTarget | NotrackTarget | CtTarget;
export type TargetData = { kind: 'ACCEPT' } | { kind: 'DROP' } | { kind: 'RETURN' } | Extension;

type Kinds<U extends { kind: string }, F extends 'match' | 'target'> = { readonly [N in U['kind']]: F extends 'match' ? MatchKind<Extract<U, { kind: N }>> : TargetKind<Extract<U, { kind: N }>> };

let matches: Kinds<MatchData, 'match'> | null = null;
let targets: Kinds<Extension, 'target'> | null = null;

/** Matches by name. Built when first asked for, because what answers packets imports the hooks that import this. */
export const matchKinds = (): Kinds<MatchData, 'match'> =>
  (matches ??= Object.freeze({ tcp, udp, icmp, multiport, state, conntrack, mark, connmark, limit, comment, addrtype, length, statistic, ipvs, ttl, iprange }));
/** Targets by name, apart from the verdicts the walk itself knows. */
export const targetKinds = (): Kinds<Extension, 'target'> => (targets ??= Object.freeze({ REJECT, LOG, MARK, CONNMARK, DNAT, SNAT, MASQUERADE, REDIRECT, TTL, TOS, NOTRACK, CT: CT_TARGET }));
