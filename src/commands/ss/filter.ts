// Which sockets ss(8) shows: states, and an expression of addresses and ports. Counterpart: iproute2's misc/ss.c (yylex, parse_hostcond) and misc/ssfilter.y.
// Not modelled: filters by control group.
import type { Process } from '../../host/process';
import { gethostbyname, serviceByName } from '../../host/resolve';
import type { Bytes } from '../../lib/text';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { maskOf } from '../../wire/ipv4';
import { IP6_BASE, isIp6 } from '../../wire/ipv6';
import type { SocketRow } from '../sockets';

export const stateBit = (...states: number[]): number => states.reduce((m, s) => m | (1 << s), 0);
export const ALL = 0xfff;
export const CONNECTED = ALL & ~stateBit(TCP.CLOSE, TCP.LISTEN, TCP.TIME_WAIT, TCP.SYN_RECV);
const WITH_PEER = ALL & ~stateBit(TCP.CLOSE, TCP.LISTEN);
/** Names of the state filter. */
const NAMES: Readonly<Record<string, number>> = {
  all: ALL, connected: WITH_PEER, synchronized: WITH_PEER & ~stateBit(TCP.SYN_SENT), bucket: stateBit(TCP.SYN_RECV, TCP.TIME_WAIT), big: ALL & ~stateBit(TCP.SYN_RECV, TCP.TIME_WAIT),
  established: stateBit(TCP.ESTABLISHED), 'syn-sent': stateBit(TCP.SYN_SENT), 'syn-recv': stateBit(TCP.SYN_RECV), 'fin-wait-1': stateBit(TCP.FIN_WAIT1), 'fin-wait-2': stateBit(TCP.FIN_WAIT2),
  'time-wait': stateBit(TCP.TIME_WAIT), closed: stateBit(TCP.CLOSE), unconnected: stateBit(TCP.CLOSE), 'close-wait': stateBit(TCP.CLOSE_WAIT), 'last-ack': stateBit(TCP.LAST_ACK),
  listening: stateBit(TCP.LISTEN), closing: stateBit(TCP.CLOSING),
};

/** Ends the command: text for stderr (the usage follows when `usage`) and exit status. */
export class SsError extends Error {
  constructor(
    readonly text: string,
    readonly status: number,
    readonly usage = false,
  ) {
    super(text);
  }
}
export class SsNotModelled extends Error {}

/** Takes `state X` and `exclude X` off the front of the words. */
export function readStates(words: readonly Bytes[], usual: number): { states: number; rest: Bytes[] } {
  let states = usual;
  let said = 0;
  let i = 0;
  for (; words[i] === 'state' || words[i] === 'exclude' || words[i] === 'excl'; i += 2) {
    const name = words[i + 1];
    if (name === undefined) throw new SsError('Command line is not complete. Try option "help"\n', 255);
    const m = NAMES[name.toLowerCase()];
    if (m === undefined) throw new SsError(`ss: wrong state name: ${name}\n`, 255);
    if (words[i] === 'state') {
      said |= m;
      states = said;
    } else {
      if (said === 0 && i === 0) states = ALL;
      states &= ~m;
    }
  }
  return { states, rest: words.slice(i) };
}

type Test = (r: SocketRow) => boolean;
const OPERATORS: Readonly<Record<string, string>> = {
  '&': '&', '&&': '&', and: '&', '|': '|', '||': '|', or: '|', '!': '!', not: '!', '=': '=', '==': '=', eq: '=', '!=': '!=', ne: '!=', neq: '!=', '>=': '>=', ge: '>=', geq: '>=',
  '<=': '<=', le: '<=', leq: '<=', '>': '>', gt: '>', '<': '<', lt: '<', '(': '(', ')': ')', dport: 'dport', sport: 'sport', dst: 'dst', src: 'src', dev: 'dev', fwmark: 'fwmark', cgroup: 'cgroup', autobound: 'autobound',
};
const syntax = (): SsError => new SsError('ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n', 255, true);
const BEGINS = new Set(['!', '(', 'dport', 'sport', 'dst', 'src', 'dev', 'fwmark', 'cgroup', 'autobound']);

/** EXPRESSION, in words between blanks: conditions side by side mean "and"; "and" and "or" bind alike, from the left. */
export function readFilter(p: Process, words: readonly Bytes[]): Test {
  const all = words.flatMap((w) => w.split(/[ \t\n]+/)).filter((w) => w !== '');
  if (all.length === 0) return () => true;
  return new Parser(p, all).parse();
}

class Parser {
  private at = 0;
  private ports = false;
  constructor(
    private readonly p: Process,
    private readonly words: readonly Bytes[],
  ) {}
  private peek(): string {
    const w = this.words[this.at];
    if (w === undefined) return '';
    const op = OPERATORS[w];
    if (op !== undefined) return op;
    // A word that is none of these is read at once, as what the last keyword wants.
    if (this.ports) portNumber(this.p, w.replace(/^:/, ''));
    else endpoint(this.p, w, false);
    return 'word';
  }
  parse(): Test {
    const t = this.either();
    if (this.at < this.words.length) throw syntax();
    return t;
  }
  private either(): Test {
    let left = this.term();
    for (;;) {
      const op = this.peek();
      if (op !== '&' && op !== '|') return left;
      this.at++;
      const [a, b] = [left, this.term()];
      left = op === '&' ? (r) => a(r) && b(r) : (r) => a(r) || b(r);
    }
  }
  private term(): Test {
    const a = this.one();
    if (!BEGINS.has(this.peek())) return a;
    const b = this.either();
    return (r) => a(r) && b(r);
  }
  private one(): Test {
    const op = this.peek();
    if (!BEGINS.has(op)) throw syntax();
    this.at++;
    switch (op) {
      case '!': {
        const t = this.one();
        return (r) => !t(r);
      }
      case '(': {
        const t = this.either();
        if (this.peek() !== ')') throw syntax();
        this.at++;
        return t;
      }
      case 'dport':
      case 'sport':
        this.ports = true;
        return this.port(op === 'sport');
      case 'dst':
      case 'src':
        this.ports = false;
        if (OPERATORS[this.words[this.at] ?? ''] === '=') this.at++;
        return endpoint(this.p, this.value(), op === 'src');
      case 'autobound':
        return () => false;
      case 'cgroup':
        throw new SsNotModelled('a filter by cgroup');
      default:
        return this.bound(op);
    }
  }
  private value(): Bytes {
    const w = this.words[this.at++];
    if (w === undefined || OPERATORS[w] !== undefined) throw syntax();
    return w;
  }
  /** `= X` or `!= X` of a device or mark; no socket here is bound to a device, all have mark 0. */
  private bound(what: string): Test {
    const op = OPERATORS[this.words[this.at] ?? ''] ?? '';
    if (op === '=' || op === '!=') this.at++;
    const text = this.value();
    let hit = false;
    if (what === 'dev') {
      if (this.p.host.kernel.devByName(text) === undefined) throw new SsError('Cannot parse device.\n', 1);
    } else {
      const m = /^(0x[0-9a-f]+|\d+)(?:\/(0x[0-9a-f]+|\d+))?$/i.exec(text);
      if (m === null) throw new SsError(`Cannot parse mark ${text}.\n`, 1);
      hit = Number(m[1]) === 0;
    }
    return () => hit === (op !== '!=');
  }
  private port(source: boolean): Test {
    const said = OPERATORS[this.words[this.at] ?? ''] ?? '';
    const op = /^[=!<>]=?$/.test(said) && said !== '!' ? said : '=';
    if (op === said) this.at++;
    const n = portNumber(this.p, this.value().replace(/^:/, ''));
    const of = (r: SocketRow): number => (source ? r.lport : r.rport);
    switch (op) {
      case '!=': return (r) => of(r) !== n;
      case '>=': return (r) => of(r) >= n;
      case '<=': return (r) => of(r) <= n;
      case '>': return (r) => of(r) > n;
      case '<': return (r) => of(r) < n;
      default: return (r) => of(r) === n;
    }
  }
}

function portNumber(p: Process, text: Bytes): number {
  const n = /^\d+$/.test(text) ? Number(text) : serviceByName(p, text, 'tcp');
  if (n === null) throw new SsError(`Error: "${text}" does not look like a port.\nCannot parse dst/src address.\n`, 1);
  return n;
}

/** A peer or own address: HOST, HOST/LEN, HOST:PORT, :PORT, [IPV6]:PORT. */
function endpoint(p: Process, word: Bytes, source: boolean): Test {
  if (/^(unix|link|netlink|vsock):/.test(word)) return () => false;
  let text = word.replace(/^inet6?:/, '');
  let port: string | null = null;
  const m = /^\[([^\]]*)\](\/\d+)?(?::(.*))?$/.exec(text);
  const colon = text.lastIndexOf(':');
  if (m !== null) {
    text = m[1]! + (m[2] ?? '');
    port = m[3] ?? null;
  } else if (colon >= 0) {
    port = text.slice(colon + 1);
    text = text.slice(0, colon);
  }
  const bad = (): SsError => new SsError(`Error: an inet prefix is expected rather than "${text}".\nCannot parse dst/src address.\n`, 1);
  let fits: (ip: number) => boolean = () => true;
  if (text !== '' && text !== '*' && text !== 'any' && text !== 'all') {
    const [host = '', len, more] = text.split('/');
    if (more !== undefined || (len !== undefined && !/^\d+$/.test(len))) throw bad();
    const ip6 = m === null ? null : p.host.world.ip6;
    const ip = ip6 === null ? gethostbyname(p, host) : ip6.intern(host);
    const bits = Number(len ?? (ip6 === null ? 32 : 128));
    if (ip === null || bits > (ip6 === null ? 32 : 128)) throw bad();
    if (ip6 !== null) {
      const net = ip6.masked(ip, bits);
      fits = (x) => isIp6(x) && ip6.masked(x >= IP6_BASE ? x - IP6_BASE : x, bits) === net;
    } else fits = (x) => !isIp6(x) && ((x ^ ip) & maskOf(bits)) === 0;
  }
  const n = port === null || port === '' || port === '*' ? -1 : portNumber(p, port);
  return (r) => fits(source ? r.lip : r.rip) && (n < 0 || (source ? r.lport : r.rport) === n);
}
