// The capture filter language: text to a test of frames. Counterpart: pcap-filter(7).
// Not modelled: gateway, vlan, mpls, ip6 addresses, wireless.
import { gethostbyname, protocolByName, serviceByName } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { parseMac } from '../../wire/ether';
import { frameToBytes } from '../../wire/frame';
import { inetAton, maskOf } from '../../wire/ipv4';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, IP_MF, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, type Packet } from '../../wire/packet';

export type FrameTest = (f: Packet) => boolean;

/** The text is no filter; the message is libpcap's. */
export class FilterError extends Error {}

const PROTOS: Readonly<Record<string, FrameTest>> = {
  ether: () => true,
  ip: (f) => f.type === ETH_P_IP,
  ip6: (f) => f.type === ETH_P_IPV6,
  arp: (f) => f.type === ETH_P_ARP,
  rarp: (f) => f.type === 0x8035,
  icmp: (f) => f.type === ETH_P_IP && f.proto === IPPROTO_ICMP,
  tcp: (f) => f.type === ETH_P_IP && f.proto === IPPROTO_TCP,
  udp: (f) => f.type === ETH_P_IP && f.proto === IPPROTO_UDP,
  igmp: (f) => f.type === ETH_P_IP && f.proto === 2,
  esp: (f) => f.type === ETH_P_IP && f.proto === 50,
  ah: (f) => f.type === ETH_P_IP && f.proto === 51,
  sctp: (f) => f.type === ETH_P_IP && f.proto === 132,
  vrrp: (f) => f.type === ETH_P_IP && f.proto === 112,
  icmp6: (f) => f.type === ETH_P_IPV6 && f.proto === 58,
};

/** Names usable as numbers in expressions on bytes. */
const CONSTANTS: Readonly<Record<string, number>> = {
  icmptype: 0, icmpcode: 1, tcpflags: 13, 'icmp-echoreply': 0, 'icmp-unreach': 3, 'icmp-sourcequench': 4, 'icmp-redirect': 5, 'icmp-echo': 8, 'icmp-timxceed': 11,
  'icmp-paramprob': 12, 'tcp-fin': 1, 'tcp-syn': 2, 'tcp-rst': 4, 'tcp-push': 8, 'tcp-ack': 16, 'tcp-urg': 32,
};
const KINDS = new Set(['host', 'net', 'port', 'portrange', 'proto', 'broadcast', 'multicast', 'gateway', 'protochain']);
const RELATIONS = new Set(['=', '==', '!=', '<', '>', '<=', '>=']);

function tokens(text: Bytes): Bytes[] {
  const found: Bytes[] = [];
  const re = /\s+|(&&|\|\||<=|>=|!=|==|<<|>>|[()[\]:&|!=<>+*/-])|(\\?[A-Za-z0-9_][A-Za-z0-9_.]*(?:[-:][A-Za-z0-9_.]+)*|\\?[A-Za-z0-9_.]+)/gy;
  while (re.lastIndex < text.length) {
    const m = re.exec(text);
    if (m === null) throw new FilterError('syntax error');
    const t = m[1] ?? m[2];
    if (t !== undefined) found.push(t.replace(/^\\/, ''));
  }
  return found;
}

/** What qualifiers an id inherits from the primitive before it (`host a or b`). */
interface Qualifiers {
  proto: string;
  dir: '' | 'src' | 'dst' | 'both';
  kind: string;
}

class Parser {
  private at = 0;
  private last: Qualifiers | null = null;
  constructor(
    private readonly p: Process,
    private readonly t: readonly Bytes[],
  ) {}

  parse(): FrameTest {
    const test = this.either();
    if (this.at < this.t.length) throw new FilterError('syntax error');
    return test;
  }
  private peek(n = 0): Bytes {
    return this.t[this.at + n] ?? '';
  }
  private either(): FrameTest {
    let left = this.term();
    for (;;) {
      const w = this.peek();
      if (w === 'and' || w === '&&') {
        this.at++;
        const [a, b] = [left, this.term()];
        left = (f) => a(f) && b(f);
      } else if (w === 'or' || w === '||') {
        this.at++;
        const [a, b] = [left, this.term()];
        left = (f) => a(f) || b(f);
      } else return left;
    }
  }
  private term(): FrameTest {
    const w = this.peek();
    if (w === 'not' || w === '!') {
      this.at++;
      const t = this.term();
      return (f) => !t(f);
    }
    if (w === '(' && !this.arithmeticAhead()) {
      this.at++;
      const t = this.either();
      if (this.peek() !== ')') throw new FilterError('syntax error');
      this.at++;
      return t;
    }
    return this.primitive();
  }
  /** A parenthesis that opens a number expression such as `(tcp[13] & 2) != 0`. */
  private arithmeticAhead(): boolean {
    let depth = 0;
    for (let i = this.at; i < this.t.length; i++) {
      if (this.t[i] === '(') depth++;
      else if (this.t[i] === ')' && --depth === 0) return RELATIONS.has(this.t[i + 1] ?? '') || ['&', '|', '+', '-', '*', '/'].includes(this.t[i + 1] ?? '');
    }
    return false;
  }

  private primitive(): FrameTest {
    const w = this.peek();
    if (w === '') throw new FilterError('syntax error');
    if (w === 'less' || w === 'greater') {
      this.at++;
      const n = this.number();
      return w === 'less' ? (f) => frameLength(f) <= n : (f) => frameLength(f) >= n;
    }
    if ((PROTOS[w] !== undefined && this.peek(1) === '[') || w === 'len' || w === '(' || (/^\d/.test(w) && (RELATIONS.has(this.peek(1)) || this.peek(1) === '&')) || CONSTANTS[w] !== undefined) return this.relation();
    const q: Qualifiers = { proto: '', dir: '', kind: '' };
    let said = false;
    if (PROTOS[w] !== undefined) {
      q.proto = w;
      this.at++;
      said = true;
    }
    if (this.peek() === 'src' || this.peek() === 'dst') {
      q.dir = this.peek() as 'src' | 'dst';
      this.at++;
      said = true;
      if ((this.peek() === 'or' || this.peek() === 'and') && (this.peek(1) === 'src' || this.peek(1) === 'dst')) {
        q.dir = this.peek() === 'and' ? 'both' : '';
        this.at += 2;
      }
    }
    if (KINDS.has(this.peek())) {
      q.kind = this.peek();
      this.at++;
      said = true;
    }
    const id = this.peek();
    const end = id === '' || id === ')' || ['and', 'or', '&&', '||', 'not', '!'].includes(id);
    if (q.kind === 'broadcast') return this.broadcast(q.proto);
    if (q.kind === 'multicast') return q.proto === 'ether' || q.proto === '' ? (f) => f.pktType === 1 || f.pktType === 2 || f.dmac === 1 : (f) => (f.dst & 0xf0000000) === (0xe0000000 | 0);
    if (end) {
      if (!said || q.dir !== '' || q.kind !== '') throw new FilterError('syntax error');
      return PROTOS[q.proto]!;
    }
    this.at++;
    if (!said) {
      if (this.last === null) return this.bare(id);
      return this.test(this.last, id);
    }
    if (q.kind === '') q.kind = 'host';
    this.last = q;
    return this.test(q, id);
  }

  /** An id without any qualifier is a host; a word that is none is an error. */
  private bare(id: Bytes): FrameTest {
    if (inetAton(id) === null && gethostbyname(this.p, id) === null) throw new FilterError('syntax error');
    this.last = { proto: '', dir: '', kind: 'host' };
    return this.test(this.last, id);
  }

  private broadcast(proto: string): FrameTest {
    if (proto === 'ip') return (f) => f.type === ETH_P_IP && (f.dst === -1 || f.pktType === 1);
    return (f) => f.dmac === 1;
  }

  private test(q: Qualifiers, id: Bytes): FrameTest {
    const proto = q.proto === '' ? null : PROTOS[q.proto]!;
    const inner = this.idTest(q, id);
    return proto === null ? inner : (f) => proto(f) && inner(f);
  }

  private idTest(q: Qualifiers, id: Bytes): FrameTest {
    const { dir } = q;
    const either = (src: FrameTest, dst: FrameTest): FrameTest =>
      dir === 'src' ? src : dir === 'dst' ? dst : dir === 'both' ? (f) => src(f) && dst(f) : (f) => src(f) || dst(f);
    if (q.kind === 'proto') {
      const n = /^\d+$|^0x/i.test(id) ? Number(id) : protocolByName(this.p, id) ?? null;
      if (q.proto === 'ether') {
        const type = n ?? ({ ip: ETH_P_IP, arp: ETH_P_ARP, ip6: ETH_P_IPV6 } as Record<string, number>)[id];
        if (type === undefined) throw new FilterError(`unknown ether proto '${id}'`);
        return (f) => f.type === type;
      }
      if (n === null) throw new FilterError(`unknown protocol: ${id}`);
      return (f) => f.type === ETH_P_IP && f.proto === n;
    }
    if (q.kind === 'port' || q.kind === 'portrange') {
      const [low, high] = q.kind === 'port' ? [id, id] : id.split('-');
      const a = this.port(low!);
      const b = this.port(high ?? low!);
      const has = (f: Packet): boolean => f.type === ETH_P_IP && (f.proto === IPPROTO_TCP || f.proto === IPPROTO_UDP || f.proto === 132) && (f.frag & 0x1fff) === 0;
      return either((f) => has(f) && f.sport >= a && f.sport <= b, (f) => has(f) && f.dport >= a && f.dport <= b);
    }
    if (q.proto === 'ether') {
      const mac = parseMac(id);
      if (mac === null) throw new FilterError(`unknown ether host '${id}'`);
      const n = this.p.host.kernel.world.macs.intern(mac);
      return either((f) => f.smac === n, (f) => f.dmac === n);
    }
    let ip: Ip | null;
    let mask = -1;
    if (q.kind === 'net') {
      const full = this.peek() === '/' ? this.number2() : null;
      const parts = id.split('.');
      ip = parts.length <= 4 && parts.every((x) => /^\d{1,3}$/.test(x) && Number(x) < 256) ? parts.concat(Array<string>(4 - parts.length).fill('0')).reduce((n, x) => (n << 8) | Number(x), 0) : null;
      mask = maskOf(full ?? parts.length * 8);
      if (full === null && this.peek() === 'mask') {
        this.at++;
        mask = inetAton(this.t[this.at++] ?? '') ?? -1;
      }
      if (ip !== null && (ip & ~mask) !== 0) throw new FilterError(`non-network bits set in "${id}"`);
    } else ip = gethostbyname(this.p, id);
    if (ip === null) throw new FilterError(q.kind === 'net' ? `unknown network '${id}'` : `unknown host '${id}'`);
    const a = ip;
    const at = (f: Packet, source: boolean): boolean => {
      if (f.type === ETH_P_IP) return (((source ? f.src : f.dst) ^ a) & mask) === 0;
      return f.type === ETH_P_ARP && (((source ? f.spa : f.tpa) ^ a) & mask) === 0;
    };
    return either((f) => at(f, true), (f) => at(f, false));
  }

  private port(id: Bytes): number {
    if (/^\d+$/.test(id)) return Number(id);
    const n = serviceByName(this.p, id, 'tcp') ?? serviceByName(this.p, id, 'udp');
    if (n === null) throw new FilterError(`'${id}' is not a valid port`);
    return n;
  }
  private number(): number {
    const w = this.t[this.at++] ?? '';
    if (!/^(0x[0-9a-fA-F]+|\d+)$/.test(w)) throw new FilterError('syntax error');
    return Number(w);
  }
  private number2(): number {
    this.at++;
    return this.number();
  }

  /** EXPR RELOP EXPR. */
  private relation(): FrameTest {
    const left = this.sum();
    const op = this.t[this.at++] ?? '';
    if (!RELATIONS.has(op)) throw new FilterError('syntax error');
    const right = this.sum();
    return (f) => {
      const a = left(f);
      const b = right(f);
      if (a === null || b === null) return false;
      switch (op) {
        case '!=': return a !== b;
        case '<': return a < b;
        case '>': return a > b;
        case '<=': return a <= b;
        case '>=': return a >= b;
        default: return a === b;
      }
    };
  }
  private sum(): Value {
    let left = this.atom();
    for (;;) {
      const op = this.peek();
      if (!['&', '|', '+', '-', '*', '/', '<<', '>>'].includes(op)) return left;
      this.at++;
      const [a, b] = [left, this.atom()];
      left = (f) => {
        const x = a(f);
        const y = b(f);
        if (x === null || y === null) return null;
        switch (op) {
          case '&': return (x & y) >>> 0;
          case '|': return (x | y) >>> 0;
          case '+': return x + y;
          case '-': return x - y;
          case '*': return x * y;
          case '/': return y === 0 ? null : Math.floor(x / y);
          case '<<': return (x << y) >>> 0;
          default: return x >>> y;
        }
      };
    }
  }
  private atom(): Value {
    const w = this.t[this.at++] ?? '';
    if (w === '(') {
      const v = this.sum();
      if (this.t[this.at++] !== ')') throw new FilterError('syntax error');
      return v;
    }
    if (w === 'len') return (f) => frameLength(f);
    if (CONSTANTS[w] !== undefined) {
      const n = CONSTANTS[w]!;
      return () => n;
    }
    if (/^(0x[0-9a-fA-F]+|\d+)$/.test(w)) {
      const n = Number(w);
      return () => n;
    }
    if (PROTOS[w] === undefined || this.t[this.at++] !== '[') throw new FilterError('syntax error');
    // `13:2` may have come as one word
    const first = this.t[this.at] ?? '';
    let size = 1;
    let offset: Value;
    const glued = /^(\d+):([124])$/.exec(first);
    if (glued !== null) {
      this.at++;
      const n = Number(glued[1]);
      offset = () => n;
      size = Number(glued[2]);
    } else {
      offset = this.sum();
      if (this.peek() === ':') {
        this.at++;
        size = this.number();
      }
    }
    if (this.t[this.at++] !== ']') throw new FilterError('syntax error');
    const is = PROTOS[w]!;
    const macs = this.p.host.kernel.world.macs;
    return (f) => {
      if (!is(f) || ((w === 'tcp' || w === 'udp' || w === 'icmp') && (f.frag & 0x1fff) !== 0)) return null;
      const bytes = frameToBytes(f, macs);
      const base = w === 'ether' ? 0 : w === 'ip' || w === 'arp' || w === 'ip6' || w === 'rarp' ? 14 : 14 + (bytes[14]! & 15) * 4;
      const from = base + (offset(f) ?? 0);
      let n = 0;
      for (let i = 0; i < size; i++) {
        const b = bytes[from + i];
        if (b === undefined) return null;
        n = n * 256 + b;
      }
      return n;
    };
  }
}

type Value = (f: Packet) => number | null;

/** Bytes of the frame as captured, header included. */
export function frameLength(f: Packet): number {
  return f.type === ETH_P_ARP ? 42 : 14 + f.len;
}

/** True for a fragment other than a whole packet. */
export const isFragment = (f: Packet): boolean => (f.frag & (0x1fff | IP_MF)) !== 0;

/** Compiles a filter; '' takes everything. Throws FilterError. */
export function compileFilter(p: Process, text: Bytes): FrameTest {
  return text.trim() === '' ? () => true : new Parser(p, tokens(text)).parse();
}
