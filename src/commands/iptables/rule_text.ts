// Rules and chains as text: -L's columns and -S's command lines. Counterpart: iptables/xshared.c (print_rule_details, save_rule_details), nft-ipv4.c.
import type { Process } from '../../host/process';
import { type Chain, INV, type Rule, type Table } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import { MATCH_EXTENSIONS, TARGET_EXTENSIONS } from './extensions';
import { protocolName, saveAddress, showAddress } from './names';

/** How to list. */
export interface ListFormat {
  numeric: boolean;
  verbose: boolean;
  exact: boolean;
  lineNumbers: boolean;
}

const bang = (r: Rule, bit: number): boolean => (r.inv & bit) !== 0;

/** xtables_print_num: a counter in at most five columns; exact ones in eight, though the heading of bytes has ten. */
function counter(n: number, exact: boolean): Bytes {
  if (exact) return `${String(n).padStart(8)} `;
  if (n <= 99999) return `${String(n).padStart(5)} `;
  let x = Math.floor((n + 500) / 1000);
  for (const unit of ['K', 'M', 'G']) {
    if (x <= 9999 || unit === 'G') return `${String(x).padStart(4)}${unit} `;
    x = Math.floor((x + 500) / 1000);
  }
  return '';
}

/** Line of one rule in -L, with its line end. */
export function listRule(p: Process, r: Rule, number: number, f: ListFormat): Bytes {
  let s = f.lineNumbers ? `${String(number).padEnd(4)} ` : '';
  if (f.verbose) s += counter(r.packets, f.exact) + counter(r.bytes, f.exact);
  s += `${targetName(r).padEnd(9)} ${bang(r, INV.PROTO) ? '!' : ' '}${(f.numeric ? String(r.proto) : protocolName(p, r.proto)).padEnd(4)} `;
  s += `${bang(r, INV.FRAG) ? '!' : '-'}${r.frag ? 'f' : '-'} `;
  if (f.verbose) {
    const any = f.numeric ? '*' : 'any';
    s += ` ${((bang(r, INV.IIF) ? '!' : '') + (r.iif || any)).padEnd(6)} ${((bang(r, INV.OIF) ? '!' : '') + (r.oif || any)).padEnd(6)} `;
  }
  s += `${bang(r, INV.SRC) ? '!' : ' '}${showAddress(p, { ip: r.src, mask: r.smask }, f.numeric).padEnd(19)} `;
  s += `${bang(r, INV.DST) ? '!' : ' '}${showAddress(p, { ip: r.dst, mask: r.dmask }, f.numeric).padEnd(19)} `;
  if (r.target?.kind === 'jump' && r.target.goto) s += '[goto] ';
  return `${s}${printed(p, r, f.numeric)}\n`;
}

/** What -v says of a rule just added or deleted. */
export function sayRule(p: Process, r: Rule): Bytes {
  const flag = `${bang(r, INV.FRAG) ? '!' : '-'}${r.frag ? 'f' : '-'}`;
  const mark = (bit: number): string => (bang(r, bit) ? '!' : '');
  return (
    `${targetName(r)} ${bang(r, INV.PROTO) ? '!' : ' '}${protocolName(p, r.proto)} opt ${flag} in ${mark(INV.IIF)}${r.iif || '*'} out ${mark(INV.OIF)}${r.oif || '*'} ` +
    `${bang(r, INV.SRC) ? '!' : ' '}${showAddress(p, { ip: r.src, mask: r.smask }, true)} ${bang(r, INV.DST) ? '!' : ' '}-> ${showAddress(p, { ip: r.dst, mask: r.dmask }, true)}  ${printed(p, r, true)}\n`
  );
}

const targetName = (r: Rule): Bytes => (r.target === null ? '' : r.target.kind === 'jump' ? r.target.chain : r.target.kind === 'NOTRACK' ? 'CT' : r.target.kind);

function printed(p: Process, r: Rule, numeric: boolean): Bytes {
  const around = { p, rule: r, numeric };
  const matches = r.matches.map((m) => MATCH_EXTENSIONS.get(m.kind)!.print(m, around)).join('');
  return matches + (r.target === null || r.target.kind === 'jump' ? '' : TARGET_EXTENSIONS.get(r.target.kind)!.print(r.target, around));
}

/** A rule as options of a command line, each with a leading blank. Two rules are the same when this is. */
export function saveRule(p: Process, r: Rule, counters = false): Bytes {
  const around = { p, rule: r, numeric: true };
  const not = (bit: number): string => (bang(r, bit) ? ' !' : '');
  let s = '';
  if (r.smask !== 0 || bang(r, INV.SRC)) s += `${not(INV.SRC)} -s ${saveAddress({ ip: r.src, mask: r.smask })}`;
  if (r.dmask !== 0 || bang(r, INV.DST)) s += `${not(INV.DST)} -d ${saveAddress({ ip: r.dst, mask: r.dmask })}`;
  if (r.iif !== '') s += `${not(INV.IIF)} -i ${r.iif}`;
  if (r.oif !== '') s += `${not(INV.OIF)} -o ${r.oif}`;
  if (r.proto !== 0) s += `${not(INV.PROTO)} -p ${protocolName(p, r.proto)}`;
  if (r.frag) s += `${not(INV.FRAG)} -f`;
  for (const m of r.matches) s += ` -m ${m.kind}${MATCH_EXTENSIONS.get(m.kind)!.save(m, around)}`;
  if (counters) s += ` -c ${r.packets} ${r.bytes}`;
  if (r.target === null) return s;
  if (r.target.kind === 'jump') return `${s} -${r.target.goto ? 'g' : 'j'} ${r.target.chain}`;
  return `${s} -j ${r.target.kind}${TARGET_EXTENSIONS.get(r.target.kind)!.save(r.target, around)}`;
}

/** Built-in chains in order of hooks, then the user's by name: the order of every listing. */
export function chainsInOrder(t: Table): Chain[] {
  const own = t.chains.filter((c) => c.policy === null).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...t.chains.filter((c) => c.policy !== null), ...own];
}

const references = (t: Table, name: string): number => t.chains.reduce((n, c) => n + c.rules.filter((r) => r.target?.kind === 'jump' && r.target.chain === name).length, 0);

/** One chain of -L. */
export function listChain(p: Process, t: Table, c: Chain, f: ListFormat): Bytes {
  const kind = c.policy === null ? `${references(t, c.name)} references` : `policy ${c.policy}${f.verbose ? ` ${counter(c.stats?.packets ?? 0, f.exact).trim()} packets, ${counter(c.stats?.bytes ?? 0, f.exact).trim()} bytes` : ''}`;
  let s = `Chain ${c.name} (${kind})\n${f.lineNumbers ? 'num  ' : ''}`;
  if (f.verbose) s += f.exact ? `${'pkts'.padStart(8)} ${'bytes'.padStart(10)} ` : ' pkts bytes ';
  s += `${'target'.padEnd(9)}  prot opt${f.verbose ? ' in     out   ' : ''}${f.verbose ? ' ' : ''} ${'source'.padEnd(19)}  ${'destination'.padEnd(19)} \n`;
  c.rules.forEach((r, i) => {
    s += listRule(p, r, i + 1, f);
  });
  return s;
}

/** One chain's rules of -S; `counters`: with -c before the target. */
export const saveRules = (p: Process, c: Chain, counters: boolean): Bytes =>
  c.rules.map((r) => `-A ${c.name}${saveRule(p, r, counters)}\n`).join('');

/** One table as iptables-save writes it. */
export function saveTable(p: Process, t: Table, counters: boolean, program: string, when: Bytes): Bytes {
  const chains = chainsInOrder(t);
  const heads = chains.map((c) => `:${c.name} ${c.policy ?? '-'} [${c.stats?.packets ?? 0}:${c.stats?.bytes ?? 0}]\n`).join('');
  const rules = chains.map((c) => c.rules.map((r) => `${counters ? `[${r.packets}:${r.bytes}] ` : ''}-A ${c.name}${saveRule(p, r)}\n`).join('')).join('');
  return `# Generated by ${program} v1.8.9 (nf_tables) on ${when}\n*${t.name}\n${heads}${rules}COMMIT\n# Completed on ${when}\n`;
}
