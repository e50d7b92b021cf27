// conntrack: shows, counts, deletes tracked connections. Linux counterpart: conntrack-tools 1.4.7, conntrack(8).
// Not modelled: events (-E), making and changing entries (-I, -U, -G), the tables expect, dying and unconfirmed, XML.
import type { Op, Process } from '../host/process';
import { err, out } from '../host/syscall';
import { conntrackLine } from '../kernel/netfilter/nf_conntrack_proc';
import { TCP_CT } from '../kernel/netfilter/nf_conntrack_proto';
import { STATUS } from '../kernel/netfilter/nf_conntrack_tab';
import type { Kernel } from '../kernel/kernel';
import type { Bytes } from '../lib/text';
import { inetAton } from '../wire/ipv4';
import { command, notModelled, type OptionSpec } from './command';
import { isTty } from './io';
import { CONNTRACK_USAGE } from './conntrack_usage';

const VERSION = 'conntrack v1.4.7 (conntrack-tools)';
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, sctp: 132, gre: 47, dccp: 33, udplite: 136 };

/** A usage error: message and "Try". */
class BadUse extends Error {}
class Missing extends Error {}

/** Which entries are meant. */
interface Filter {
  test: ((k: Kernel, s: number) => boolean)[];
  names: Set<string>;
}

const SHORT: Readonly<Record<string, string>> = {
  s: 'orig-src', d: 'orig-dst', r: 'reply-src', q: 'reply-dst', p: 'protonum', n: 'src-nat', g: 'dst-nat', j: 'any-nat', m: 'mark', o: 'output', f: 'family', t: 'timeout',
  u: 'status', w: 'zone', b: 'buffer-size', e: 'event-mask', z: 'zero', l: 'label', c: 'secmark',
};
const LONG: Readonly<Record<string, string>> = {
  src: 'orig-src', 'orig-src': 'orig-src', dst: 'orig-dst', 'orig-dst': 'orig-dst', 'reply-src': 'reply-src', 'reply-dst': 'reply-dst', protonum: 'protonum', proto: 'protonum',
  'src-nat': 'src-nat', 'dst-nat': 'dst-nat', 'any-nat': 'any-nat', mark: 'mark', output: 'output', family: 'family', timeout: 'timeout', status: 'status', zone: 'zone',
  'buffer-size': 'buffer-size', 'event-mask': 'event-mask', zero: 'zero', label: 'label', secmark: 'secmark',
};
/** Options of protocols; known once -p was given. */
const PORTS: Readonly<Record<string, readonly [node: number, port: 'sport' | 'dport']>> = {
  sport: [0, 'sport'], 'orig-port-src': [0, 'sport'], dport: [0, 'dport'], 'orig-port-dst': [0, 'dport'], 'reply-port-src': [1, 'sport'], 'reply-port-dst': [1, 'dport'],
};

function* run(p: Process, args: Bytes[]): Op<number> {
  let action = '';
  let extended = false;
  const f: Filter = { test: [], names: new Set() };
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (/^-[LGDIUEFCSVh]$/.test(word) || word === '--help' || word === '--version') {
      const letter = word === '--help' ? 'h' : word === '--version' ? 'V' : word[1]!;
      if (action !== '') throw new BadUse('Invalid commands combination');
      action = letter;
      const table = args[i + 1];
      if ('LGDIUEF'.includes(letter) && table !== undefined && table[0] !== '-') {
        i++;
        if (!['conntrack', 'expect', 'dying', 'unconfirmed'].includes(table)) throw new BadUse(`unknown type \`${table}'`);
        if (table !== 'conntrack') throw new Missing(`table ${table}`);
      }
      continue;
    }
    if (word[0] !== '-') break; // the real tool forgets such words, and what is left of the line asks for nothing
    const name = word.startsWith('--') ? LONG[word.slice(2)] : SHORT[word[1]!];
    const own = word.startsWith('--') ? word.slice(2) : '';
    if (name === undefined && !(f.names.has('protonum') && (PORTS[own] !== undefined || own === 'state'))) throw new BadUse(`unknown option \`${word}'`);
    if (name === 'zero') throw new Missing('option -z');
    const optional = name === 'src-nat' || name === 'dst-nat' || name === 'any-nat';
    let value: Bytes = !word.startsWith('--') ? word.slice(2) : '';
    if (value === '') {
      const next = args[i + 1];
      if (next !== undefined && (!optional || next[0] !== '-')) {
        value = next;
        i++;
      } else if (!optional) throw new BadUse(`option \`${word}' requires an argument`);
    }
    if (name === 'output') {
      for (const part of value.split(',')) {
        if (part === 'extended') extended = true;
        else if (['xml', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace', 'save'].includes(part)) throw new Missing(`output ${part}`);
        else throw new BadUse(`Bad parameter \`${part}'`);
      }
      continue;
    }
    filter(f, name ?? own, value, word);
  }
  return yield* act(p, action, f, extended);
}

function filter(f: Filter, name: string, value: Bytes, word: Bytes): void {
  f.names.add(name);
  const ct = (k: Kernel): NonNullable<Kernel['netfilter']['ct']> => k.netfilter.ct!;
  const address = (): number => {
    const ip = inetAton(value);
    if (ip === null) throw new BadUse(`Invalid IP address \`${value}'`);
    return ip;
  };
  switch (name) {
    case 'protonum': {
      const proto = PROTOCOLS[value.toLowerCase()] ?? (/^\d+$/.test(value) ? Number(value) : undefined);
      if (proto === undefined) throw new BadUse(`\`${value}' unsupported protocol`);
      f.test.push((k, s) => ct(k).proto[s] === proto);
      return;
    }
    case 'orig-src':
    case 'orig-dst':
    case 'reply-src':
    case 'reply-dst': {
      const ip = address();
      const node = name.startsWith('reply') ? 1 : 0;
      f.test.push((k, s) => ct(k)[name.endsWith('src') ? 'src' : 'dst'][s * 2 + node] === ip);
      return;
    }
    case 'src-nat':
    case 'dst-nat':
    case 'any-nat': {
      if (value !== '') throw new Missing(`an address with ${word}`);
      const bits = name === 'src-nat' ? STATUS.SRC_NAT : name === 'dst-nat' ? STATUS.DST_NAT : STATUS.SRC_NAT | STATUS.DST_NAT;
      f.test.push((k, s) => (ct(k).status[s]! & bits) !== 0);
      return;
    }
    case 'mark':
      f.test.push((k, s) => ct(k).mark[s]! >>> 0 === Number(value));
      return;
    case 'family':
      if (value !== 'ipv4') throw new Missing(`family ${value}`);
      return;
    case 'state': {
      const state = (TCP_CT as readonly string[]).indexOf(value.toUpperCase());
      if (state < 0) throw new BadUse(`unknown TCP state \`${value}'`);
      f.test.push((k, s) => ct(k).state[s] === state);
      return;
    }
    case 'status': {
      if (value !== 'ASSURED' && value !== 'SEEN_REPLY' && value !== 'UNSET') throw new Missing(`status ${value}`);
      f.test.push((k, s) => (value === 'UNSET') !== ((ct(k).status[s]! & (value === 'ASSURED' ? STATUS.ASSURED : STATUS.SEEN_REPLY)) !== 0));
      return;
    }
    default: {
      const port = PORTS[name];
      if (port === undefined) throw new Missing(`option ${word}`);
      f.test.push((k, s) => ct(k)[port[1]][s * 2 + port[0]] === Number(value));
    }
  }
}

/** Lines and a last word: unless it is a terminal, standard output keeps what does not fill a block of 4 KiB until the end. */
function* both(p: Process, lines: Bytes, word: Bytes): Op<void> {
  const full = isTty(p, 1) ? lines.length : lines.length - (lines.length % 4096);
  yield* out(p, lines.slice(0, full));
  yield* err(p, word);
  yield* out(p, lines.slice(full));
}

function* act(p: Process, action: string, f: Filter, extended: boolean): Op<number> {
  const { kernel: k } = p.host;
  const t = k.netfilter.ct;
  const now = p.host.world.clock.now;
  const all = t?.entries(now) ?? [];
  const meant = all.filter((s) => f.test.every((test) => test(k, s)));
  const line = (s: number): Bytes => (extended ? `ipv4     2 ${conntrackLine(k, s, false)}` : conntrackLine(k, s, false));
  const shown = (n: number, what: string): Bytes => `${VERSION}: ${n} flow entries have been ${what}.\n`;
  if (f.names.size > 0 && 'FCSVh'.includes(action) && action !== '') throw new BadUse(`Illegal option \`--${[...f.names][0]}' with this command`);
  switch (action) {
    case '':
    case 'h':
      yield* out(p, CONNTRACK_USAGE);
      return 0;
    case 'V':
      yield* out(p, `${VERSION}\n`);
      return 0;
    case 'L':
      yield* both(p, meant.map(line).join(''), shown(meant.length, 'shown'));
      return 0;
    case 'D': {
      const lines = meant.map(line).join('');
      for (const s of meant) t!.kill(s);
      yield* both(p, lines, shown(meant.length, 'deleted'));
      return meant.length === 0 ? 1 : 0;
    }
    case 'F':
      for (const s of all) t!.kill(s);
      yield* err(p, `${VERSION}: connection tracking table has been emptied.\n`);
      return 0;
    case 'C':
      yield* out(p, `${all.length}\n`);
      return 0;
    case 'S': {
      const s = t?.stats ?? { found: 0, invalid: 0, insertFailed: 0, drop: 0, earlyDrop: 0, error: 0, searchRestart: 0 };
      yield* out(p, `cpu=0   \tfound=${s.found} invalid=${s.invalid} insert=0 insert_failed=${s.insertFailed} drop=${s.drop} early_drop=${s.earlyDrop} error=${s.error} search_restart=${s.searchRestart} clash_resolve=0 chaintoolong=0 \n`);
      return 0;
    }
    default:
      throw new Missing(`command -${action}`);
  }
}

const options: Record<string, OptionSpec> = {};
for (const [letter, says] of [['L', 'list'], ['D', 'delete'], ['F', 'empty the table'], ['C', 'count'], ['S', 'statistics'], ['V', 'version'], ['h', 'help']] as const) options[`-${letter}`] = { kind: 'flag', says };
for (const [letter, says] of [['G', 'get'], ['I', 'create'], ['U', 'update'], ['E', 'events']] as const) options[`-${letter}`] = { kind: 'flag', says, modelled: false };
for (const [letter, name] of Object.entries(SHORT)) options[`-${letter}`] = { kind: 'value', says: name };
for (const [name, of] of Object.entries(LONG)) options[`--${name}`] = { kind: 'value', says: of };
for (const name of [...Object.keys(PORTS), 'state']) options[`--${name}`] = { kind: 'value', says: 'of a protocol' };

export const conntrack = command({
  name: 'conntrack',
  summary: 'command line interface for netfilter connection tracking',
  path: '/usr/sbin/conntrack',
  package: 'conntrack-tools',
  options,
  getopt: null,
  *run(p, _opts, args) {
    if (p.uid !== 0) {
      yield* err(p, `${VERSION}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`);
      return 1;
    }
    try {
      return yield* run(p, args);
    } catch (e) {
      if (e instanceof Missing) return yield* notModelled(p, 'conntrack', e.message);
      if (!(e instanceof BadUse)) throw e;
      yield* err(p, `${VERSION}: ${e.message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`);
      return 2;
    }
  },
});
