// The capture filter language: text to a test of frames. Counterpart: pcap-filter(7).
// Not modelled: gateway, vlan, mpls, ip6 addresses, wireless.
import { gethostbyname } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { frameToBytes } from '../../wire/frame';
import { inetAton, maskOf } from '../../wire/ipv4';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, type Packet } from '../../wire/packet';
import { FilterError, type FrameTest, idTest, type Qualifiers } from './primitive';

const PROTOS: Readonly<Record<string, FrameTest>> = {
  ether: () => true,
  ip: (f) => f.type === ETH_P_IP,
  ip6: (f) => f.type === ETH_P_IPV6,
  arp: (f) => f.type === ETH_P_ARP,
  rarp: (f) => f.type === 0x8035,
  icmp: (f) => f.type === ETH_P_IP && f.proto === IPPROTO_ICMP,
  tcp: (f) => (f.type === ETH_P_IP || f.type === ETH_P_IPV6) && f.proto === IPPROTO_TCP,
  udp: (f) => (f.type === ETH_P_IP || f.type === ETH_P_IPV6) && f.proto === IPPROTO_UDP,
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
    const inner = idTest(this.p, q, id, q.kind === 'net' ? this.netMask() : null);
    return proto === null ? inner : (f) => proto(f) && inner(f);
  }

  /** `/24` or `mask 255.255.255.0` behind a net. */
  private netMask(): Ip | null {
    const w = this.peek();
    if (w !== '/' && w !== 'mask') return null;
    this.at++;
    return w === '/' ? maskOf(this.number()) : inetAton(this.t[this.at++] ?? '');
  }
  private number(): number {
    const w = this.t[this.at++] ?? '';
    if (!/^(0x[0-9a-fA-F]+|\d+)$/.test(w)) throw new FilterError('syntax error');
    return Number(w);
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
    const { macs, ip6 } = this.p.host.kernel.world;
    return (f) => {
      if (!is(f) || ((w === 'tcp' || w === 'udp' || w === 'icmp') && (f.frag & 0x1fff) !== 0)) return null;
      const bytes = frameToBytes(f, macs, ip6);
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

/** Compiles a filter; '' takes everything. Throws FilterError. */
export function compileFilter(p: Process, text: Bytes): FrameTest {
  return text.trim() === '' ? () => true : new Parser(p, tokens(text)).parse();
}
