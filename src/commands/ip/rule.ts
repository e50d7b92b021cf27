// ip rule: policy routing. Counterpart: iproute2's ip/iprule.c, and net/core/fib_rules.c.
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import { defaultRules, fibChanged, type Rule, TABLE } from '../../kernel/ipv4/fib';
import type { Kernel } from '../../kernel/kernel';
import { ipText } from '../../wire/ipv4';
import { command, garbage, type IpCall, IpError, IpNotModelled, prefix, print, refused, unsigned } from './args';
import { readTable, tableName } from './names';
import { RULE_USAGE } from './usage';

const COMMANDS = ['list', 'lst', 'show', 'save', 'restore', 'add', 'delete', 'flush', 'help'];

export function* ipRule(c: IpCall): Op<number> {
  if (!c.a.more) return yield* list(c);
  const word = c.a.take();
  switch (command(word, COMMANDS)) {
    case 'list':
    case 'lst':
    case 'show':
      return yield* list(c);
    case 'add':
      return add(c);
    case 'delete':
      return remove(c);
    case 'flush':
      c.k.rules = c.k.rules.filter((r) => r.pref === 0);
      changed(c.k);
      return 0;
    case 'help':
      yield* err(c.p, RULE_USAGE);
      return 255;
    case '':
      throw new IpError(`Command "${word}" is unknown, try "ip rule help".\n`, 255);
    default:
      throw new IpNotModelled(`'ip rule ${word}'`);
  }
}

/** Lookups depend on more than the destination as soon as the rules are not the three of a fresh kernel. */
function changed(k: Kernel): void {
  const usual = defaultRules();
  k.policyRules = k.rules.length !== usual.length || k.rules.some((r, i) => !same(r, usual[i]!));
  fibChanged(k);
}

const KEYS: readonly (keyof Rule)[] = ['src', 'srcPrefix', 'dst', 'dstPrefix', 'iif', 'oif', 'mark', 'markMask', 'tos', 'not', 'action', 'table'];
const same = (a: Rule, b: Rule): boolean => a.pref === b.pref && KEYS.every((key) => a[key] === b[key]);

const part = (ip: number, len: number): string => `${ipText(ip)}${len === 32 ? '' : `/${len}`}`;

function line(c: IpCall, r: Rule): string {
  let text = `${r.pref}:\t${r.not ? 'not ' : ''}from ${r.srcPrefix === 0 ? 'all' : part(r.src, r.srcPrefix)}`;
  if (r.dstPrefix !== 0) text += ` to ${part(r.dst, r.dstPrefix)}`;
  if (r.tos !== 0) text += ` tos 0x${r.tos.toString(16).padStart(2, '0')}`;
  if (r.mark !== 0 || r.markMask !== 0) text += ` fwmark 0x${(r.mark >>> 0).toString(16)}${r.markMask === -1 ? '' : `/0x${(r.markMask >>> 0).toString(16)}`}`;
  if (r.iif !== '') text += ` iif ${r.iif}`;
  if (r.oif !== '') text += ` oif ${r.oif}`;
  text += ` ${r.action === 'lookup' ? `lookup ${tableName(c.p, r.table)}` : r.action}`;
  if (c.o.details) text += ` proto ${defaultRules().some((d) => same(d, r)) ? 'kernel' : 'unspec'}`;
  return `${text}\n`;
}

/** `ip rule show`: all of them, or those that agree with every word given. */
function* list(c: IpCall): Op<number> {
  if (c.a.peek() === 'all') c.a.take();
  const given = read(c);
  if (c.o.family !== 'inet6') yield* print(c, c.k.rules.filter((r) => agrees(r, given)).map((r) => line(c, r)));
  return 0;
}

const agrees = (r: Rule, given: Partial<Rule>): boolean => Object.entries(given).every(([key, value]) => (key === 'markMask' && given.markMask === -1) || r[key as keyof Rule] === value);

/** A rule as written; fields nobody said are absent. */
function read(c: IpCall): Partial<Rule> {
  const { a } = c;
  const r: Partial<Rule> = {};
  while (a.more) {
    const word = a.take();
    if (word === 'not') r.not = true;
    else if (word === 'from' || word === 'to') {
      const text = a.next();
      const at = prefix(text);
      if (word === 'from') Object.assign(r, { src: at.ip, srcPrefix: at.prefix });
      else Object.assign(r, { dst: at.ip, dstPrefix: at.prefix });
    } else if (word === 'preference' || word === 'order' || word === 'pref' || word === 'prio' || word === 'priority') r.pref = unsigned(a.next(), 'preference value is invalid\n');
    else if (word === 'fwmark') {
      const [mark, mask] = a.next().split('/');
      r.mark = unsigned(mark!, 'fwmark value is invalid\n') | 0;
      r.markMask = mask === undefined ? -1 : unsigned(mask, 'fwmask value is invalid\n') | 0;
    } else if (word === 'table' || word === 'lookup') r.table = readTable(c.p, a.next());
    else if (word === 'dev' || word === 'iif') r.iif = a.next();
    else if (word === 'oif') r.oif = a.next();
    else if (word === 'tos' || word === 'dsfield') r.tos = Number.parseInt(a.next(), 16);
    else if (/^(realms|protocol|l3mdev|uidrange|nat|map-to|ipproto|sport|dport|suppress_prefixlength|suppress_ifgroup|goto|nop)$/.test(word)) throw new IpNotModelled(`'${word}' of a rule`);
    else if (word === 'help') throw new IpError(RULE_USAGE, 255);
    else {
      const action = word === 'type' ? a.next() : word;
      if (action === 'unicast') r.action = 'lookup';
      else if (action === 'blackhole' || action === 'unreachable' || action === 'prohibit') r.action = action;
      else throw new IpError(`Error: argument "${action}" is wrong: Failed to parse rule type\n`, 255);
    }
  }
  return r;
}

function add(c: IpCall): number {
  const { k } = c;
  const given = read(c);
  const second = k.rules[1]?.pref ?? 0;
  const r: Rule = {
    pref: second === 0 ? 0 : second - 1, src: 0, srcPrefix: 0, dst: 0, dstPrefix: 0, iif: '', oif: '', mark: 0, markMask: 0, tos: 0, not: false, action: 'lookup',
    table: given.action === undefined || given.action === 'lookup' ? TABLE.MAIN : 0, ...given,
  };
  if (given.pref !== undefined && k.rules.some((x) => same(x, r))) throw refused('EEXIST');
  const at = k.rules.findIndex((x) => x.pref > r.pref);
  if (at < 0) k.rules.push(r);
  else k.rules.splice(at, 0, r);
  changed(k);
  return 0;
}

/** rule_find: the first rule that agrees with all that was said. */
function remove(c: IpCall): number {
  const { k } = c;
  if (!c.a.more) throw garbage('from', '');
  const given = read(c);
  const at = k.rules.findIndex((r) => Object.entries(given).every(([key, value]) => r[key as keyof Rule] === value));
  if (at < 0) throw refused('ENOENT');
  k.rules.splice(at, 1);
  changed(k);
  return 0;
}
