// What iptables' commands do to the tables. Counterpart: iptables/nft.c of 1.8.9: nft_rule_append and its kin, with their errors.
import type { Process } from '../../host/process';
import { modprobe } from '../../kernel/core/module';
import { type Chain, type Rule, rulesChanged, type Table, TABLE_NAMES, type TableName, tableOf, tableProblem, TABLES } from '../../kernel/netfilter/x_tables';
import { strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Line } from './options';
import { NotModelled, problem, XtProblem } from './problem';
import { chainsInOrder, type ListFormat, listChain, listRule, saveRule, saveRules, sayRule } from './rule_text';

/** "iptables: MESSAGE." with exit status 1. */
const failed = (message: Bytes): XtProblem => new XtProblem(message, 1, false);
const NO_CHAIN = 'No chain/target/match by that name';

/** The name of a table, or a problem. */
export function tableNamed(name: Bytes): TableName {
  if (!(TABLE_NAMES as string[]).includes(name)) throw new XtProblem(`table '${name}' does not exist`, 3);
  return name as TableName;
}

/** A table to look at: what is not there yet shows its empty built-in chains. */
function lookAt(p: Process, name: TableName): Table {
  return tableOf(p.host.kernel, name, false) ?? { name, chains: TABLES[name].map((c) => ({ name: c, policy: 'ACCEPT', rules: [] })) };
}

/** Runs a parsed line; gives what it prints. Throws XtProblem. `filling`: a table that is checked as a whole later (iptables-restore). */
export function runLine(p: Process, line: Line, filling: Table | null = null): Bytes {
  const name = tableNamed(line.table);
  if (line.command === 'L' || line.command === 'S') return listTable(p, line, filling ?? lookAt(p, name));
  const { kernel: k } = p.host;
  load(p, name, line.rule);
  const there = filling ?? tableOf(k, name, false);
  const t = there ?? lookAt(p, name);
  const said = change(p, line, t, filling !== null);
  // Only what adds something makes a table.
  if (there === undefined && 'AINPR'.includes(line.command)) k.netfilter.tables.push(t);
  if (filling === null) rulesChanged(k);
  return said;
}

/** The modules a rule brings in, as the tool and the kernel load them. */
function load(p: Process, table: TableName, r: Rule): void {
  const { kernel: k } = p.host;
  modprobe(k, 'nf_tables');
  modprobe(k, 'nft_compat');
  if (table === 'nat') modprobe(k, 'nft_chain_nat');
  const names = r.matches.map((m) => MODULE_OF[m.kind] ?? `xt_${m.kind}`);
  if (r.target !== null && r.target.kind in TARGET_MODULE) names.push(TARGET_MODULE[r.target.kind]!);
  for (const m of names) modprobe(k, m);
}
const MODULE_OF: Readonly<Record<string, string>> = { tcp: 'xt_tcpudp', udp: 'xt_tcpudp', icmp: 'ip_tables', state: 'xt_conntrack', ttl: 'xt_hl' };
const TARGET_MODULE: Readonly<Record<string, string>> = {
  REJECT: 'ipt_REJECT', LOG: 'xt_LOG', MARK: 'xt_mark', CONNMARK: 'xt_connmark', TTL: 'xt_HL', TOS: 'xt_DSCP', NOTRACK: 'xt_CT', CT: 'xt_CT', DNAT: 'xt_nat', SNAT: 'xt_nat', MASQUERADE: 'xt_MASQUERADE', REDIRECT: 'xt_REDIRECT',
};

function change(p: Process, line: Line, t: Table, later: boolean): Bytes {
  const chain = line.chain === null ? undefined : t.chains.find((c) => c.name === line.chain);
  switch (line.command) {
    case 'A':
    case 'I':
    case 'R':
    case 'C':
    case 'D':
      return rules(p, line, t, chain, later);
    case 'F':
      return each(line, t, chain, (c) => void (c.rules = []), 'Flushing chain');
    case 'Z':
      if (line.number > 0) {
        const r = chain?.rules[line.number - 1];
        if (r === undefined) throw failed(chain === undefined ? NO_CHAIN : 'Index of deletion too big');
        r.packets = r.bytes = 0;
        return '';
      }
      return each(line, t, chain, zero, 'Zeroing chain');
    case 'N':
      if (chain !== undefined) throw failed('Chain already exists');
      t.chains.push({ name: line.chain!, policy: null, rules: [] });
      return '';
    case 'X':
      return deleteChains(line, t, chain);
    case 'E':
      return rename(line, t, chain);
    default: {
      if (chain === undefined || chain.policy === null) throw failed('Bad built-in chain name');
      if (line.policy !== 'ACCEPT' && line.policy !== 'DROP') throw failed("Bad policy name. Run `dmesg' for more information");
      chain.policy = line.policy;
      chain.stats = { packets: 0, bytes: 0 };
      chain.made = true;
      return '';
    }
  }
}

const inKernel = (c: Chain): boolean => c.policy === null || c.made === true || c.rules.length > 0 || c.stats !== undefined;

function zero(c: Chain): void {
  for (const r of c.rules) r.packets = r.bytes = 0;
  // a built-in chain nobody used is not in the kernel yet, and so has no counters to set
  if (c.policy !== null && inKernel(c)) c.stats = { packets: 0, bytes: 0 };
}

function each(line: Line, t: Table, chain: Chain | undefined, act: (c: Chain) => void, says: string): Bytes {
  if (line.chain !== null && chain === undefined) throw failed(NO_CHAIN);
  const chains = chain === undefined ? chainsInOrder(t) : [chain];
  chains.forEach(act);
  return line.verbose > 0 ? chains.map((c) => `${says} \`${c.name}'\n`).join('') : '';
}

/** The rule once for each pair of its addresses. */
function expanded(line: Line): Rule[] {
  return line.sources.flatMap((s) =>
    line.destinations.map((d) => ({ ...structured(line.rule), src: s.ip, smask: s.mask, dst: d.ip, dmask: d.mask })),
  );
}

const structured = (r: Rule): Rule => ({ ...r, matches: r.matches.map((m) => ({ ...m })), target: r.target === null ? null : { ...r.target } });

function rules(p: Process, line: Line, t: Table, chain: Chain | undefined, later: boolean): Bytes {
  const { command } = line;
  const target = line.rule.target;
  if (!later && target?.kind === 'jump' && command !== 'D' && command !== 'C' && !t.chains.some((c) => c.name === target.chain)) throw problem(`Chain '${target.chain}' does not exist`);
  if (command === 'D' && line.number > 0) {
    if (chain === undefined || !inKernel(chain)) throw failed(NO_CHAIN);
    if (line.number > chain.rules.length) throw failed('Index of deletion too big');
    chain.rules.splice(line.number - 1, 1);
    return '';
  }
  const wanted = expanded(line);
  if (command === 'R' && wanted.length !== 1) throw problem('Replacement rule does not specify a unique address');
  if (command === 'C' || command === 'D') {
    for (const r of wanted) {
      const text = saveRule(p, r);
      const at = chain?.rules.findIndex((x) => saveRule(p, x) === text) ?? -1;
      if (at < 0) throw failed('Bad rule (does a matching rule exist in that chain?)');
      if (command === 'D') chain!.rules.splice(at, 1);
    }
  } else {
    if (chain === undefined) throw failed(NO_CHAIN);
    const before = chain.rules.slice();
    if (command !== 'R') chain.made = true;
    if (command === 'A') chain.rules.push(...wanted);
    else if (command === 'I') {
      if (line.number > chain.rules.length + 1) throw failed('Index of insertion too big');
      chain.rules.splice(line.number - 1, 0, ...wanted);
    } else {
      if (!inKernel(chain)) throw failed(NO_CHAIN);
      if (line.number > chain.rules.length) throw failed('Index of replacement too big');
      chain.rules[line.number - 1] = wanted[0]!;
    }
    const toBase = target?.kind === 'jump' && t.chains.some((c) => c.name === target.chain && c.policy !== null);
    const e = toBase ? 'EOPNOTSUPP' : later ? null : tableProblem(t);
    if (e !== null) {
      chain.rules = before;
      const what = command === 'A' ? 'RULE_APPEND' : command === 'I' ? 'RULE_INSERT' : 'RULE_REPLACE';
      throw new XtProblem(` ${what} failed (${e === 'EOPNOTSUPP' ? 'Operation not supported' : e === 'EMLINK' ? 'Too many links' : strerror('EINVAL')}): rule in chain ${chain.name}`, 4);
    }
  }
  return line.verbose > 0 ? wanted.map((r) => sayRule(p, r)).join('') : '';
}

function deleteChains(line: Line, t: Table, chain: Chain | undefined): Bytes {
  if (line.chain !== null && chain === undefined) throw failed(NO_CHAIN);
  const gone = chain === undefined ? chainsInOrder(t).filter((c) => c.policy === null) : [chain];
  for (const c of gone) {
    if (c.policy !== null && c.rules.length === 0) throw failed(NO_CHAIN); // one nobody used does not exist in the kernel yet
    const used = c.rules.length > 0 || t.chains.some((x) => x.rules.some((r) => r.target?.kind === 'jump' && r.target.chain === c.name));
    if (used) throw new XtProblem(` CHAIN_DEL failed (Device or resource busy): chain ${c.name}`, 4);
  }
  t.chains = t.chains.filter((c) => c.policy !== null || !gone.includes(c));
  // -X of all takes unused built-in chains out of the kernel, and their counters with them
  if (chain === undefined) for (const c of t.chains) if (c.policy === 'ACCEPT' && c.rules.length === 0) for (const key of ['stats', 'made'] as const) delete c[key];
  return '';
}

function rename(line: Line, t: Table, chain: Chain | undefined): Bytes {
  if (chain === undefined) throw failed(NO_CHAIN);
  if (t.chains.some((c) => c.name === line.newName)) throw failed('File exists');
  if (chain.policy !== null) throw new NotModelled('renaming a built-in chain'); // nf_tables does, and the table is then "incompatible"
  for (const c of t.chains) for (const r of c.rules) if (r.target?.kind === 'jump' && r.target.chain === chain.name) r.target.chain = line.newName!;
  chain.name = line.newName!;
  return '';
}

/** -L and -S of a table. */
export function listTable(p: Process, line: Line, t: Table): Bytes {
  const chain = line.chain === null ? undefined : t.chains.find((c) => c.name === line.chain);
  if (line.chain !== null && chain === undefined) throw new XtProblem(`chain \`${line.chain}' in table \`${t.name}' is incompatible, use 'nft' tool.`, 1);
  const chains = chain === undefined ? chainsInOrder(t) : [chain];
  const counters = line.verbose > 0;
  if (line.command === 'S') {
    if (line.number > 0) {
      const r = chain!.rules[line.number - 1];
      return r === undefined ? '' : saveRules(p, { ...chain!, rules: [r] }, counters);
    }
    const policies = chains.filter((c) => c.policy !== null).map((c) => `-P ${c.name} ${c.policy}${counters ? ` -c ${c.stats?.packets ?? 0} ${c.stats?.bytes ?? 0}` : ''}\n`).join('');
    const own = chains.filter((c) => c.policy === null).map((c) => `-N ${c.name}\n`).join('');
    return policies + own + chains.map((c) => saveRules(p, c, counters)).join('');
  }
  const f: ListFormat = { numeric: line.numeric, verbose: line.verbose > 0, exact: line.exact, lineNumbers: line.lineNumbers };
  if (line.number > 0) {
    const r = chain!.rules[line.number - 1];
    return r === undefined ? '' : listRule(p, r, line.number, f);
  }
  return chains.map((c) => listChain(p, t, c, f)).join('\n');
}
