// ss(8) of iproute2 6.1: sockets through sock_diag, in columns as wide as their content.
// Not modelled: families other than inet, extended and memory information, killing sockets, event mode.
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr, gethostbyname, serviceByName, serviceByPort } from '../host/resolve';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { TCP } from '../kernel/ipv4/tcp_state';
import { maskOf } from '../wire/ipv4';
import { hostPart, isIp6 } from '../wire/ipv6';
import { command, notModelled } from './command';
import { holders, rawRows, type SocketRow, tcpRows, udpRows } from './sockets';
import { SS_USAGE } from './ss_usage';

const STATES: readonly string[] = ['UNKNOWN', 'ESTAB', 'SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'UNCONN', 'CLOSE-WAIT', 'LAST-ACK', 'LISTEN', 'CLOSING'];
const bit = (...states: number[]): number => states.reduce((m, s) => m | (1 << s), 0);
const ALL = 0xfff;
const CONNECTED = ALL & ~bit(TCP.CLOSE, TCP.LISTEN);
/** Names of the state filter. */
const FILTERS: Readonly<Record<string, number>> = {
  all: ALL, connected: CONNECTED, synchronized: CONNECTED & ~bit(TCP.SYN_SENT), bucket: bit(TCP.SYN_RECV, TCP.TIME_WAIT), big: ALL & ~bit(TCP.SYN_RECV, TCP.TIME_WAIT),
  established: bit(TCP.ESTABLISHED), 'syn-sent': bit(TCP.SYN_SENT), 'syn-recv': bit(TCP.SYN_RECV), 'fin-wait-1': bit(TCP.FIN_WAIT1), 'fin-wait-2': bit(TCP.FIN_WAIT2),
  'time-wait': bit(TCP.TIME_WAIT), closed: bit(TCP.CLOSE), unconnected: bit(TCP.CLOSE), 'close-wait': bit(TCP.CLOSE_WAIT), 'last-ack': bit(TCP.LAST_ACK),
  listening: bit(TCP.LISTEN), listen: bit(TCP.LISTEN), closing: bit(TCP.CLOSING), estab: bit(TCP.ESTABLISHED),
};

type Test = (r: SocketRow) => boolean;
class BadFilter extends Error {}

/** EXPRESSION: sport/dport/src/dst with and, or, not and parentheses. */
class FilterParser {
  private at = 0;
  constructor(
    private readonly p: Process,
    private readonly words: readonly Bytes[],
  ) {}
  parse(): Test {
    const t = this.either();
    if (this.at < this.words.length) throw new BadFilter(this.words[this.at]);
    return t;
  }
  private either(): Test {
    let left = this.both();
    while (['or', '|', '||'].includes(this.words[this.at] ?? '')) {
      this.at++;
      const [a, b] = [left, this.both()];
      left = (r) => a(r) || b(r);
    }
    return left;
  }
  private both(): Test {
    let left = this.one();
    for (;;) {
      const w = this.words[this.at];
      if (w === undefined || w === ')' || w === 'or' || w === '|' || w === '||') return left;
      if (w === 'and' || w === '&' || w === '&&') this.at++;
      const [a, b] = [left, this.one()];
      left = (r) => a(r) && b(r);
    }
  }
  private one(): Test {
    const w = this.words[this.at++];
    if (w === 'not' || w === '!') {
      const t = this.one();
      return (r) => !t(r);
    }
    if (w === '(') {
      const t = this.either();
      if (this.words[this.at++] !== ')') throw new BadFilter('(');
      return t;
    }
    if (w === 'sport' || w === 'dport') return this.port(w === 'sport');
    if (w === 'src' || w === 'dst') {
      if (this.words[this.at] === '=' || this.words[this.at] === '==') this.at++;
      return this.host(w === 'src', this.words[this.at++] ?? '');
    }
    throw new BadFilter(w ?? '');
  }
  private port(source: boolean): Test {
    let op = this.words[this.at++] ?? '';
    let text = '';
    const glued = /^(=|==|!=|>|<|>=|<=)?:?(\w.*)$/.exec(op);
    if (glued !== null && !/^(eq|ne|gt|lt|ge|le)$/.test(op)) {
      op = glued[1] ?? '=';
      text = glued[2]!;
    } else text = (this.words[this.at++] ?? '').replace(/^[^:]*:/, '');
    const n = /^\d+$/.test(text) ? Number(text) : serviceByName(this.p, text, 'tcp');
    if (n === null) throw new BadFilter(text);
    const of = (r: SocketRow): number => (source ? r.lport : r.rport);
    switch (op) {
      case '=': case '==': case 'eq': return (r) => of(r) === n;
      case '!=': case 'ne': case 'neq': return (r) => of(r) !== n;
      case '>=': case 'ge': case 'geq': return (r) => of(r) >= n;
      case '<=': case 'le': case 'leq': return (r) => of(r) <= n;
      case '>': case 'gt': return (r) => of(r) > n;
      case '<': case 'lt': return (r) => of(r) < n;
      default: throw new BadFilter(op);
    }
  }
  private host(source: boolean, text: Bytes): Test {
    const m = /^([^:/]*)(?:\/(\d+))?(?::(.*))?$/.exec(text);
    if (m === null) throw new BadFilter(text);
    const ip = m[1] === '' || m[1] === '*' ? null : gethostbyname(this.p, m[1]!);
    if (ip === null && m[1] !== '' && m[1] !== '*') throw new BadFilter(text);
    const mask = maskOf(Number(m[2] ?? 32));
    const port = m[3] === undefined || m[3] === '' || m[3] === '*' ? null : /^\d+$/.test(m[3]) ? Number(m[3]) : serviceByName(this.p, m[3], 'tcp');
    return (r) => (ip === null || !isIp6(r.lip)) && (ip === null || (((source ? r.lip : r.rip) ^ ip) & mask) === 0) && (port === null || (source ? r.lport : r.rport) === port);
  }
}

interface Column {
  head: string;
  /** What stands before it when it is not the first. */
  before: string;
  right: boolean;
}
const COLUMNS: readonly Column[] = [
  { head: 'Netid', before: '', right: false }, { head: 'State', before: ' ', right: false }, { head: 'Recv-Q', before: ' ', right: false }, { head: 'Send-Q', before: ' ', right: false },
  { head: 'Local Address:', before: ' ', right: true }, { head: 'Port', before: '', right: false }, { head: 'Peer Address:', before: ' ', right: true },
  { head: 'Port', before: '', right: false }, { head: 'Process', before: '', right: false },
];

/** render(): columns as wide as their content; on a terminal the space that is left is shared out. */
export function renderColumns(rows: readonly (readonly string[])[], used: readonly number[], header: boolean, screen: number): string {
  const lines = header ? [COLUMNS.map((c) => c.head), ...rows] : rows;
  const widths = COLUMNS.map((_, i) => (used.includes(i) ? Math.max(0, ...lines.map((l) => l[i]!.length)) : 0));
  const shown = used.filter((i) => widths[i]! > 0);
  const before = (i: number): string => (i === shown[0] ? '' : COLUMNS[i]!.before);
  const total = shown.reduce((n, i) => n + widths[i]! + before(i).length, 0);
  if (screen > total && shown.length > 0) {
    const space = screen - total;
    const each = Math.floor(space / shown.length);
    let rest = space % shown.length;
    for (const i of [...shown].reverse()) {
      widths[i] = widths[i]! + each + (rest > 0 ? 1 : 0);
      if (rest > 0) rest--;
    }
  }
  return lines.map((l) => `${shown.map((i) => before(i) + (COLUMNS[i]!.right ? l[i]!.padStart(widths[i]!) : l[i]!.padEnd(widths[i]!))).join('')}\n`).join('');
}

const LONG: Readonly<Record<string, string>> = {
  help: 'h', version: 'V', numeric: 'n', resolve: 'r', all: 'a', listening: 'l', options: 'o', extended: 'e', memory: 'm', processes: 'p', threads: 'T', info: 'i', summary: 's',
  bpf: 'b', events: 'E', context: 'Z', contexts: 'z', net: 'N', ipv4: '4', ipv6: '6', packet: '0', tcp: 't', mptcp: 'M', sctp: 'S', udp: 'u', dccp: 'd', raw: 'w', unix: 'x',
  kill: 'K', 'no-header': 'H', oneline: 'O', family: 'f', query: 'A', socket: 'A', diag: 'D', filter: 'F',
};
const NOT_MODELLED = 'emTibEZzNM SdKDF0';

export const ss = command({
  name: 'ss',
  summary: 'socket statistics',
  path: '/usr/bin/ss',
  package: 'iproute2',
  options: {
    '-t': { kind: 'flag', says: 'TCP' },
    '-u': { kind: 'flag', says: 'UDP' },
    '-w': { kind: 'flag', says: 'raw' },
    '-x': { kind: 'flag', says: 'UNIX' },
    '-l': { kind: 'flag', says: 'listening' },
    '-a': { kind: 'flag', says: 'all' },
    '-n': { kind: 'flag', says: "don't resolve service names" },
    '-r': { kind: 'flag', says: 'resolve host names' },
    '-p': { kind: 'flag', says: 'processes' },
    '-o': { kind: 'flag', says: 'timers' },
    '-s': { kind: 'flag', says: 'summary' },
    '-H': { kind: 'flag', says: 'no header' },
    '-4': { kind: 'flag', says: 'IPv4' },
    '-e': { kind: 'flag', says: 'extended', modelled: false },
    '-i': { kind: 'flag', says: 'TCP information', modelled: false },
    '-m': { kind: 'flag', says: 'memory', modelled: false },
    '-K': { kind: 'flag', says: 'close sockets', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const has = new Set<string>();
    const words: Bytes[] = [];
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      if (!/^-./.test(word)) {
        words.push(word);
        continue;
      }
      const letters = word.startsWith('--') ? LONG[word.slice(2)] ?? '' : word.slice(1);
      if (letters === '') {
        yield* err(p, `ss: unrecognized option '${word}'\n${SS_USAGE}`);
        return 255;
      }
      for (let j = 0; j < letters.length; j++) {
        const c = letters[j]!;
        if (c === 'A' || c === 'f') {
          const value = letters.slice(j + 1) || args[++i] || '';
          for (const name of value.split(',')) {
            const letter = ({ tcp: 't', udp: 'u', raw: 'w', unix: 'x', inet: c === 'f' ? '4' : 'tuw', inet6: '6', all: 'tuwx' })[name];
            if (letter === undefined) return yield* notModelled(p, 'ss', `${c === 'f' ? 'family' : 'query'} ${name}`);
            for (const l of letter) has.add(l);
          }
          break;
        }
        if (NOT_MODELLED.includes(c)) return yield* notModelled(p, 'ss', `option -${c}`);
        if (!'nraloptuwxsHO46hV'.includes(c)) {
          yield* err(p, `ss: invalid option -- '${c}'\n${SS_USAGE}`);
          return 255;
        }
        has.add(c);
      }
    }
    if (has.has('V')) {
      yield* out(p, 'ss utility, iproute2-6.1.0\n');
      return 0;
    }
    if (has.has('h')) {
      yield* out(p, SS_USAGE);
      return 0;
    }
    if (has.has('s')) {
      yield* out(p, summary(p));
      return 0;
    }
    return yield* list(p, has, words);
  },
});

function* list(p: Process, has: Set<string>, words: readonly Bytes[]): Op<number> {
  let states = has.has('a') ? ALL : has.has('l') ? bit(TCP.LISTEN, TCP.CLOSE) : CONNECTED & ~bit(TCP.SYN_RECV, TCP.TIME_WAIT);
  let i = 0;
  let said = 0;
  for (; words[i] === 'state' || words[i] === 'exclude' || words[i] === 'excl'; i += 2) {
    const name = words[i + 1] ?? '';
    const m = FILTERS[name.toLowerCase()];
    if (m === undefined) {
      yield* err(p, `ss: wrong state name: ${name}\n`);
      return 255;
    }
    if (words[i] === 'state') {
      said |= m;
      states = said;
    } else states &= ~m;
  }
  let test: Test = () => true;
  try {
    if (i < words.length) test = new FilterParser(p, words.slice(i).flatMap((w) => w.match(/[()]|[^()]+/g) ?? [])).parse();
  } catch (e) {
    if (!(e instanceof BadFilter)) throw e;
    yield* err(p, `ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n${SS_USAGE}`);
    return 255;
  }
  const any = ['t', 'u', 'w', 'x'].filter((c) => has.has(c));
  const want = (c: string): boolean => any.length === 0 || has.has(c);
  const found = [...(want('w') ? rawRows(p.host) : []), ...(want('u') ? udpRows(p.host) : []), ...(want('t') ? tcpRows(p.host) : [])].filter((r) => ((1 << r.state) & states) !== 0 && (has.has('4') === has.has('6') || isIp6(r.lip) === has.has('6')) && test(r));
  const rows = found.map((r) => row(p, r, has));
  const used = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((c) => (c !== 0 || any.length !== 1) && (c !== 1 || (states & (states - 1)) !== 0));
  const tty = p.fds.get(1);
  const screen = tty?.kind === 'tty' ? p.host.ttys[tty.tty]!.cols : 0;
  yield* out(p, renderColumns(rows, used, !has.has('H'), screen));
  return 0;
}

function row(p: Process, r: SocketRow, has: Set<string>): string[] {
  const host = (ip: number): string => (has.has('r') ? gethostbyaddr(p, ip) : null) ?? (r.dual ? '*' : hostPart(ip, p.host.world.ip6));
  const port = (n: number): string => (n === 0 ? '*' : (has.has('n') ? null : serviceByPort(p, n, r.proto === 'udp' ? 'udp' : 'tcp')) ?? String(n));
  let extra = '';
  if (has.has('p')) {
    const names = holders(p.host, r).map((h) => `("${h.p.comm}",pid=${h.p.pid},fd=${h.fd})`);
    if (names.length > 0) extra += ` users:(${names.join(',')})`;
  }
  if (has.has('o') && r.timeWaitUs > 0) {
    const s = Math.floor(r.timeWaitUs / 1e6);
    extra += ` timer:(timewait,${s >= 60 ? `${Math.floor(s / 60)}min${s % 60 === 0 ? '' : `${s % 60}sec`}` : `${s}sec`},0)`;
  }
  return [r.proto, STATES[r.state]!, String(r.recvQ).padEnd(6), String(r.backlog > 0 ? r.backlog : r.sendQ).padEnd(6), `${host(r.lip)}:`, port(r.lport), `${host(r.rip)}:`, port(r.rport), extra];
}

/** ss -s: counts. A worker of a daemon shares a pair of UNIX sockets with its master. */
function summary(p: Process): string {
  const tcp = tcpRows(p.host);
  const udp = udpRows(p.host).length;
  const raw = rawRows(p.host).length;
  const wait = tcp.filter((r) => r.state === TCP.TIME_WAIT).length;
  const live = tcp.length - wait;
  const estab = tcp.filter((r) => r.state === TCP.ESTABLISHED).length;
  const workers = [...p.host.procs.values()].filter((q) => q.daemon !== 0 && q.state !== 'Z' && p.host.procs.get(q.ppid)?.daemon === q.daemon).length;
  const line = (name: string, n: number): string => `${name}\t  ${String(n).padEnd(9)} ${String(n).padEnd(9)} ${'0'.padEnd(9)}\n`;
  return (
    `Total: ${live + udp + raw + 2 * workers}\nTCP:   ${tcp.length} (estab ${estab}, closed ${wait}, orphaned 0, timewait ${wait})\n\n` +
    `Transport Total     IP        IPv6\n${line('RAW', raw)}${line('UDP', udp)}${line('TCP', live)}${line('INET', raw + udp + live)}${line('FRAG', 0)}\n`
  );
}
