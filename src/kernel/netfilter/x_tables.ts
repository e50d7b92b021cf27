// Tables of rules as plain data, and the walk through them. Linux counterpart: net/netfilter/x_tables.c, ip_tables.c (ipt_do_table);
// the modelled tool is iptables over nf_tables, so a base chain's policy counts only once -P, -Z or iptables-restore have set its counters.
// Not modelled: tables made by nft itself, sets, IPv6 tables.
import type { Ip, Packet } from '../../wire/packet';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import type { Route } from '../ipv4/fib';
import { Step } from '../trace_step';
import { HOOK, NF_ACCEPT, NF_DROP } from './hooks_state';
import { type MatchData, matchKinds, type TargetData, targetKinds } from './xt_list';

/** Tables in the order iptables-save writes them, with their built-in chains in the order of hooks. */
export const TABLES = {
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
  raw: ['PREROUTING', 'OUTPUT'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
} as const satisfies Record<string, readonly string[]>;
export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];
/** Bit of a table in Netfilter.work. */
export const TABLE_BIT: Readonly<Record<TableName, number>> = { mangle: 1, raw: 2, filter: 4, security: 8, nat: 16 };
type TargetName = keyof ReturnType<typeof targetKinds>;
const HOOK_OF: Readonly<Record<string, number>> = {
  PREROUTING: HOOK.PRE_ROUTING, INPUT: HOOK.LOCAL_IN, FORWARD: HOOK.FORWARD, OUTPUT: HOOK.LOCAL_OUT, POSTROUTING: HOOK.POST_ROUTING,
};
const CHAIN_OF = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** What of a rule's own conditions is negated. */
export const INV = { SRC: 1, DST: 2, PROTO: 4, IIF: 8, OIF: 16, FRAG: 32 } as const;

/** One rule (struct ipt_entry). Interface names may end in '+'; '' is any. `proto` 0 is any. */
export interface Rule {
  src: Ip;
  smask: Ip;
  dst: Ip;
  dmask: Ip;
  iif: string;
  oif: string;
  proto: number;
  frag: boolean;
  inv: number;
  matches: MatchData[];
  /** Null: the rule only counts. */
  target: TargetData | { kind: 'jump'; chain: string; goto: boolean } | null;
  packets: number;
  bytes: number;
}

/** A chain; `policy` is null for one made by the user. */
export interface Chain {
  name: string;
  policy: 'ACCEPT' | 'DROP' | null;
  /** What met the policy, since somebody set these counters; absent before. */
  stats?: { packets: number; bytes: number };
  /** A built-in chain is in the kernel once something was put into it. */
  made?: true;
  rules: Rule[];
}

/** A table: built-in chains in order of hooks, then the user's in order of name. */
export interface Table {
  name: TableName;
  chains: Chain[];
}

/** A table of this host, made with its built-in chains when `make` is set. */
export function tableOf(k: Kernel, name: TableName, make: boolean): Table | undefined {
  let t = k.netfilter.tables.find((x) => x.name === name);
  if (t === undefined && make) {
    t = { name, chains: TABLES[name].map((c) => ({ name: c, policy: 'ACCEPT', rules: [] })) };
    k.netfilter.tables.push(t);
  }
  return t;
}

/** What surrounds a packet at a hook. Devices by name; '' where there is none. */
export interface Where {
  hook: number;
  table: TableName;
  in: string;
  out: string;
  route: Route | null;
}

/** The walk goes on with the next rule. */
export const XT_CONTINUE = -1;
const XT_RETURN = -2;

/** ipt_do_table: runs a packet through the chain of `hook`. NF_ACCEPT, NF_DROP or NF_STOLEN. */
export function doTable(k: Kernel, name: TableName, p: Packet, hook: number, route: Route | null): number {
  const t = k.netfilter.tables.find((x) => x.name === name);
  const chain = t?.chains.find((c) => c.name === CHAIN_OF[hook]);
  if (t === undefined || chain === undefined) return NF_ACCEPT;
  const where: Where = {
    hook, table: name, in: p.iif === 0 || hook >= HOOK.LOCAL_OUT && hook !== HOOK.POST_ROUTING ? '' : (k.devByIndex(p.iif)?.name ?? ''),
    out: route === null || hook < HOOK.FORWARD ? '' : route.type === 'local' ? 'lo' : (k.devByIndex(route.dev)?.name ?? ''), route,
  };
  if (hook === HOOK.POST_ROUTING) where.in = '';
  const verdict = walk(k, t, chain, p, where);
  if (verdict !== XT_CONTINUE && verdict !== XT_RETURN) return verdict;
  if (chain.stats !== undefined) {
    chain.stats.packets++;
    chain.stats.bytes += p.len;
  }
  if (chain.policy !== 'DROP') return NF_ACCEPT;
  const w = k.world;
  w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.netfilter, hook, NF_DROP, 0);
  k.netfilter.dropReason = Drop.NETFILTER_DROP;
  return NF_DROP;
}

function walk(k: Kernel, t: Table, chain: Chain, p: Packet, where: Where): number {
  const { rules } = chain;
  for (let i = 0; i < rules.length; i++) {
    const r = rules[i]!;
    if (!ruleMatches(k, r, p, where)) continue;
    r.packets++;
    r.bytes += p.len;
    const target = r.target;
    if (target === null) continue;
    let verdict: number;
    if (target.kind === 'jump') {
      const next = t.chains.find((c) => c.name === target.chain);
      if (next === undefined) continue;
      verdict = walk(k, t, next, p, where);
      if (verdict === XT_RETURN || verdict === XT_CONTINUE) {
        if (target.goto) return XT_RETURN;
        continue;
      }
      return verdict;
    }
    if (target.kind === 'ACCEPT') verdict = NF_ACCEPT;
    else if (target.kind === 'DROP') verdict = NF_DROP;
    else if (target.kind === 'RETURN') return XT_RETURN;
    else {
      // A target of its own kind only sees its own data; the union of all is what the list type-checks.
      verdict = (targetKinds()[target.kind] as { target: (k: Kernel, p: Packet, t: TargetData, w: Where) => number }).target(k, p, target, where);
    }
    if (verdict === XT_CONTINUE) continue;
    const w = k.world;
    w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.netfilter, where.hook, verdict, i + 1);
    if (verdict === NF_DROP) k.netfilter.dropReason = target.kind === 'REJECT' ? Drop.XT_REJECT : Drop.NETFILTER_DROP;
    return verdict;
  }
  return XT_CONTINUE;
}

/** Does interface `name` fit `pattern` ('' any, 'eth+' a prefix)? */
export function fitsInterface(pattern: string, name: string): boolean {
  if (pattern === '' || pattern === '+') return true;
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function ruleMatches(k: Kernel, r: Rule, p: Packet, where: Where): boolean {
  const { inv } = r;
  if (((p.src & r.smask) === r.src) === ((inv & INV.SRC) !== 0)) return false;
  if (((p.dst & r.dmask) === r.dst) === ((inv & INV.DST) !== 0)) return false;
  if (r.proto !== 0 && (p.proto === r.proto) === ((inv & INV.PROTO) !== 0)) return false;
  if (r.iif !== '' && fitsInterface(r.iif, where.in) === ((inv & INV.IIF) !== 0)) return false;
  if (r.oif !== '' && fitsInterface(r.oif, where.out) === ((inv & INV.OIF) !== 0)) return false;
  if (r.frag && ((p.frag & 0x1fff) !== 0) === ((inv & INV.FRAG) !== 0)) return false;
  for (const m of r.matches) {
    if (!(matchKinds()[m.kind] as { match: (k: Kernel, p: Packet, m: MatchData, w: Where) => boolean }).match(k, p, m, where)) return false;
  }
  return true;
}

/** Notes what hooks have work after tables changed, so that a host without rules pays one test. */
export function rulesChanged(k: Kernel): void {
  const nf = k.netfilter;
  nf.work = [0, 0, 0, 0, 0];
  nf.conntrack = nf.trackers > 0;
  for (const t of nf.tables) {
    let natRules = false;
    for (const c of t.chains) {
      if (c.rules.some(needsTracking)) nf.conntrack = true;
      if (c.rules.length > 0) natRules = true;
    }
    for (const c of t.chains) {
      if (c.policy === null || (t.name === 'nat' ? !natRules : c.rules.length === 0 && c.policy === 'ACCEPT' && c.stats === undefined)) continue;
      nf.work[HOOK_OF[c.name]!]! |= TABLE_BIT[t.name];
    }
  }
  nf.rulesLoaded = nf.conntrack || nf.work.some((x) => x !== 0);
}

const needsTracking = (r: Rule): boolean =>
  r.matches.some((m) => matchKinds()[m.kind].tracks === true) || (r.target !== null && r.target.kind in targetKinds() && targetKinds()[r.target.kind as TargetName].tracks === true);

/**
 * nf_tables' check of a table after a change: EINVAL for a target in a table or hook it does not work in, EMLINK for a loop of jumps.
 * Null when all is well.
 */
export function tableProblem(t: Table): 'EINVAL' | 'EMLINK' | null {
  for (const base of t.chains) {
    if (base.policy === null) continue; // nft_table_validate begins at base chains alone
    const problem = chainProblem(t, base, base.policy === null ? -1 : HOOK_OF[base.name]!, []);
    if (problem !== null) return problem;
  }
  return null;
}

function chainProblem(t: Table, c: Chain, hook: number, path: string[]): 'EINVAL' | 'EMLINK' | null {
  if (path.includes(c.name) || path.length >= 16) return 'EMLINK';
  for (const r of c.rules) {
    const { target } = r;
    if (target === null) continue;
    if (target.kind === 'jump') {
      const next = t.chains.find((x) => x.name === target.chain);
      const problem = next === undefined ? null : chainProblem(t, next, hook, [...path, c.name]);
      if (problem !== null) return problem;
      continue;
    }
    if (!(target.kind in targetKinds())) continue;
    const kind = targetKinds()[target.kind as TargetName];
    if (kind.tables !== undefined && !kind.tables.includes(t.name)) return 'EINVAL';
    if (hook >= 0 && kind.hooks !== undefined && !kind.hooks.includes(hook)) return 'EINVAL';
    if (target.kind === 'REJECT' && target.type === 'tcp-reset' && (r.proto !== 6 || (r.inv & INV.PROTO) !== 0)) return 'EINVAL';
  }
  return null;
}
