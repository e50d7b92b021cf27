// Frames in tcpdump's words. Counterpart: tcpdump 4.99's print-ether.c, print-arp.c, print-ip.c, print-tcp.c, print-icmp.c, print-vrrp.c.
// Not modelled: decoding of UDP payloads, IPv6 extension headers.
import { nfsDump } from '../../host/nfs/glance';
import { gethostbyaddr, serviceByPort } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { frameToBytes } from '../../wire/frame';
import { addressText, IP6_BASE, ipHeaderLength } from '../../wire/ipv6';
import { icmp6Line } from './print_icmp6';
import {
  ACK, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, FIN, IP_DF, IP_MF, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_VRRP, type Packet, PSH, RST, SYN, URG,
} from '../../wire/packet';
import { frameLength } from './filter';

export interface PrintOptions {
  ether: boolean;
  quiet: boolean;
  verbose: number;
  numeric: boolean;
  absolute: boolean;
  /** The link carries bare IP packets (a tunnel). */
  raw: boolean;
}

/** Initial sequence numbers by conversation, as tcpdump remembers them. */
export type Conversations = Map<string, { seq: number; ack: number }>;

const PROTO_NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 2: 'IGMP', 4: 'IPIP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 51: 'AH', 112: 'VRRP', 132: 'SCTP' };

/** One frame as text, without time stamp and newline. */
export class Printer {
  private readonly known: Conversations = new Map();
  /** The packet at hand ends before its length says: there is no checksum to compare. */
  private cut = false;
  constructor(
    private readonly p: Process,
    private readonly o: PrintOptions,
  ) {}

  frame(f: Packet): string {
    const { o } = this;
    const macs = this.p.host.kernel.world.macs;
    const name = f.type === ETH_P_ARP ? 'ARP' : f.type === ETH_P_IP ? 'IPv4' : 'IPv6';
    const body = f.type === ETH_P_ARP ? this.arp(f) : f.type === ETH_P_IP ? this.ip(f) : this.ip6(f);
    if (!o.ether) return f.type === ETH_P_ARP ? `ARP, ${body}` : `${f.type === ETH_P_IPV6 ? 'IP6' : 'IP'} ${body}`;
    if (o.raw) return `ip: ${body}`;
    const type = o.quiet ? `, ${name}` : `, ethertype ${name} (0x${f.type.toString(16).padStart(4, '0')})`;
    return `${macs.text(f.smac)} > ${macs.text(f.dmac)}${type}, length ${frameLength(f)}: ${body}`;
  }

  private host(ip: number): Bytes {
    return (this.o.numeric ? null : gethostbyaddr(this.p, ip)) ?? addressText(ip, this.p.host.world.ip6);
  }
  private port(n: number, proto: string): Bytes {
    return (this.o.numeric ? null : serviceByPort(this.p, n, proto)) ?? String(n);
  }

  private arp(f: Packet): string {
    const macs = this.p.host.kernel.world.macs;
    const head = this.o.verbose > 0 ? 'Ethernet (len 6), IPv4 (len 4), ' : '';
    if (f.arpOp === 2) return `${head}Reply ${this.host(f.spa)} is-at ${macs.text(f.sha)}, length 28`;
    const target = f.tha === 0 ? '' : ` (${macs.text(f.tha)})`;
    return `${head}Request who-has ${this.host(f.tpa)}${target} tell ${this.host(f.spa)}, length 28`;
  }

  /** From the addresses on; with -v the header's own line in front. */
  private ip(f: Packet): string {
    let head = '';
    if (this.o.verbose > 0) {
      const flags = (f.frag & IP_DF) !== 0 ? 'DF' : (f.frag & IP_MF) !== 0 ? '+' : 'none';
      const proto = PROTO_NAMES[f.proto] === undefined ? `unknown (${f.proto})` : `${PROTO_NAMES[f.proto]} (${f.proto})`;
      head = `(tos 0x${f.tos.toString(16)}, ttl ${f.ttl}, id ${f.id}, offset ${(f.frag & 0x1fff) * 8}, flags [${flags}], proto ${proto}, length ${f.len})\n    `;
    }
    const src = this.host(f.src);
    const dst = this.host(f.dst);
    if ((f.frag & 0x1fff) !== 0) return `${head}${src} > ${dst}: ip-proto-${f.proto}`;
    switch (f.proto) {
      case IPPROTO_TCP:
        return `${head}${src}.${this.port(f.sport, 'tcp')} > ${dst}.${this.port(f.dport, 'tcp')}: ${this.tcp(f)}`;
      case IPPROTO_UDP: {
        const n = f.len - 20 - 8;
        return `${head}${src}.${this.port(f.sport, 'udp')} > ${dst}.${this.port(f.dport, 'udp')}: ${this.o.quiet ? `UDP, length ${n}` : `${this.checksum(f, 6, 'udp sum')}UDP, length ${n}`}`;
      }
      case IPPROTO_ICMP:
        return `${head}${src} > ${dst}: ICMP ${this.icmp(f)}`;
      case IPPROTO_IPIP:
        return `${head}${src} > ${dst}: ${f.inner === null ? 'IP' : this.inside(f, f.inner)}`;
      case IPPROTO_VRRP:
        return `${head}${src} > ${dst}: ${vrrp(f)}`;
      default:
        return `${head}${src} > ${dst}: ${PROTO_NAMES[f.proto]?.toLowerCase() ?? `ip-proto-${f.proto}`} ${f.len - 20}`;
    }
  }

  /** What a tunnel carries: of a packet cut into fragments only the beginning is here. `-e` leaves out every "IP". */
  private inside(f: Packet, inner: Packet): string {
    const missing = inner.len - (f.len - 20);
    this.cut = missing > 0;
    const text = `${this.o.ether ? '' : 'IP '}${this.cut ? `truncated-ip - ${missing} bytes missing! ` : ''}${this.ip(inner)}`;
    this.cut = false;
    return text;
  }

  private ip6(f: Packet): string {
    const name = (id: number): string => this.host(IP6_BASE + id);
    const next = f.proto === IPPROTO_ICMPV6 ? 'ICMPv6' : PROTO_NAMES[f.proto] ?? 'unknown';
    const head = this.o.verbose === 0 ? '' : `(${f.tos === 0 ? '' : `class 0x${f.tos.toString(16).padStart(2, '0')}, `}hlim ${f.ttl}, next-header ${next} (${f.proto}) payload length: ${f.len - 40}) `;
    const way = (proto: string): string => `${head}${name(f.src)}${proto === '' ? '' : `.${this.port(f.sport, proto)}`} > ${name(f.dst)}${proto === '' ? '' : `.${this.port(f.dport, proto)}`}: `;
    switch (f.proto) {
      case IPPROTO_TCP:
        return way('tcp') + this.tcp(f);
      case IPPROTO_UDP:
        return `${way('udp')}${this.o.quiet ? '' : this.checksum(f, 6, 'udp sum')}UDP, length ${f.len - 48}`;
      case IPPROTO_ICMPV6:
        return `${way('')}ICMP6, ${icmp6Line(f, name, (q) => this.port(q.dport, q.proto === IPPROTO_TCP ? 'tcp' : 'udp'))}, length ${f.len - 40}`;
      default:
        return `${way('')}ip-proto-${f.proto} ${f.len - 40}`;
    }
  }

  private checksum(f: Packet, at: number, kind: 'cksum' | 'udp sum'): string {
    if (this.o.verbose === 0 || this.cut) return '';
    const bytes = frameToBytes(f, this.p.host.kernel.world.macs, this.p.host.kernel.world.ip6);
    const from = 14 + (f.type === ETH_P_IPV6 ? 40 : (bytes[14]! & 15) * 4) + at;
    const hex = `0x${((bytes[from]! << 8) | bytes[from + 1]!).toString(16).padStart(4, '0')}`;
    return kind === 'cksum' ? `, cksum ${hex} (correct)` : '[udp sum ok] ';
  }

  private tcp(f: Packet): string {
    const length = f.len - ipHeaderLength(f) - f.hlen;
    if (this.o.quiet) return `tcp ${length}`;
    const letters = `${f.flags & FIN ? 'F' : ''}${f.flags & SYN ? 'S' : ''}${f.flags & RST ? 'R' : ''}${f.flags & PSH ? 'P' : ''}${f.flags & ACK ? '.' : ''}${f.flags & URG ? 'U' : ''}`;
    const [seq, ack] = this.relative(f);
    let text = `Flags [${letters === '' ? 'none' : letters}]${this.checksum(f, 16, 'cksum')}`;
    if (length > 0 || (f.flags & (SYN | FIN | RST)) !== 0) text += `, seq ${seq}${length > 0 ? `:${(seq + length) >>> 0}` : ''}`;
    if ((f.flags & ACK) !== 0) text += `, ack ${ack}`;
    text += `, win ${f.win}`;
    if (f.hlen > 20) {
      const stamp = f.hlen >= 32 ? `TS val ${f.tsVal >>> 0} ecr ${f.tsEcr >>> 0}` : '';
      text += `, options [${(f.flags & SYN) !== 0 ? `mss ${f.mss}${f.hlen >= 40 ? `,sackOK,${stamp},nop,wscale 7` : ''}` : `nop,nop,${stamp}`}]`;
    }
    text += `, length ${length}`;
    if (length > 0 && [80, 8080].some((n) => f.sport === n || f.dport === n)) text += `: HTTP${httpText(f.data, this.o.verbose > 0)}`;
    return text + nfsDump(f);
  }

  /** Sequence and acknowledgement numbers relative to the conversation's first, once that is known. */
  private relative(f: Packet): [number, number] {
    const seq = f.seq >>> 0;
    const ack = f.ack >>> 0;
    if (this.o.absolute || (f.flags & ACK) === 0) return [seq, ack];
    const rev = f.sport > f.dport || (f.sport === f.dport && f.src >>> 0 > f.dst >>> 0);
    const one = `${f.src}.${f.sport}`;
    const two = `${f.dst}.${f.dport}`;
    const key = rev ? `${two} ${one}` : `${one} ${two}`;
    const base = this.known.get(key);
    if (base === undefined || (f.flags & SYN) !== 0) {
      this.known.set(key, rev ? { ack: seq, seq: (ack - 1) >>> 0 } : { seq, ack: (ack - 1) >>> 0 });
      return [seq, ack];
    }
    return rev ? [(seq - base.ack) >>> 0, (ack - base.seq) >>> 0] : [(seq - base.seq) >>> 0, (ack - base.ack) >>> 0];
  }

  private icmp(f: Packet): string {
    const end = `, length ${f.len - 20}`;
    const q = f.inner;
    const id = `id ${f.icmpRest >>> 16}, seq ${f.icmpRest & 0xffff}`;
    switch (f.icmpType) {
      case 0:
        return `echo reply, ${id}${end}`;
      case 8:
        return `echo request, ${id}${end}`;
      case 3:
        return `${this.unreachable(f, q)}${end}`;
      case 5:
        return `redirect ${q === null ? '?' : this.host(q.dst)} to ${f.icmpCode === 0 || f.icmpCode === 2 ? 'net' : 'host'} ${this.host(f.icmpRest | 0)}${end}`;
      case 11:
        return `${f.icmpCode === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'}${end}`;
      default:
        return `type-#${f.icmpType}${end}`;
    }
  }

  private unreachable(f: Packet, q: Packet | null): string {
    const dst = q === null ? '?' : this.host(q.dst);
    switch (f.icmpCode) {
      case 0:
        return `net ${dst} unreachable`;
      case 1:
        return `host ${dst} unreachable`;
      case 2:
        return `${dst} protocol ${q?.proto ?? 0} unreachable`;
      case 3: {
        if (q === null) return `${dst} port unreachable`;
        const name = q.proto === IPPROTO_TCP ? 'tcp' : q.proto === IPPROTO_UDP ? 'udp' : `protocol ${q.proto}`;
        const port = q.proto === IPPROTO_IPIP ? q.inner?.dport ?? 0 : q.dport;
        return `${dst} ${name} port ${name.length === 3 ? this.port(port, name) : port} unreachable`;
      }
      case 4:
        return `${dst} unreachable - need to frag${(f.icmpRest & 0xffff) === 0 ? '' : ` (mtu ${f.icmpRest & 0xffff})`}`;
      case 9:
        return `net ${dst} unreachable - admin prohibited`;
      case 10:
        return `host ${dst} unreachable - admin prohibited`;
      case 13:
        return `host ${dst} unreachable - admin prohibited filter`;
      default:
        return `${dst} unreachable - #${f.icmpCode}`;
    }
  }
}

/** txtproto_print: the first line of a request or answer; with -v the length, and all lines. */
function httpText(data: Bytes, verbose: boolean): string {
  const lines = data.split(/\r?\n/);
  const begins = /^(GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH) |^HTTP\//.test(lines[0]!);
  if (!verbose) return begins ? `: ${lines[0]!}` : '';
  if (lines.at(-1) === '') lines.pop();
  return `, length: ${data.length}${begins ? lines.map((l) => `\n\t${l}`).join('') : ''}`;
}

function vrrp(f: Packet): string {
  const b = (i: number): number => f.data.charCodeAt(i) || 0;
  const version = b(0) >>> 4;
  const interval = version === 3 ? `intvl ${((b(4) & 15) << 8) | b(5)}cs` : `authtype ${['none', 'simple', 'ah'][b(4)] ?? b(4)}, intvl ${b(5)}s`;
  return `VRRPv${version}, Advertisement, vrid ${b(1)}, prio ${b(2)}, ${interval}, length ${f.len - 20}`;
}

/** -x, -X, -A: the bytes of a frame from the network header on (with -xx, -XX the link header too). */
export function dumpBytes(bytes: Uint8Array, how: 'x' | 'X' | 'A'): string {
  const ascii = (n: number): string => (n >= 32 && n < 127 ? String.fromCharCode(n) : '.');
  if (how === 'A') return `${[...bytes].map((n) => (n === 10 || n === 9 ? String.fromCharCode(n) : n === 13 ? '' : ascii(n))).join('')}\n`;
  let text = '';
  for (let i = 0; i < bytes.length; i += 16) {
    const row = [...bytes.subarray(i, i + 16)];
    let hex = '';
    row.forEach((n, j) => {
      hex += `${j % 2 === 0 ? ' ' : ''}${n.toString(16).padStart(2, '0')}`;
    });
    text += `\t0x${i.toString(16).padStart(4, '0')}: ${how === 'X' ? `${hex.padEnd(40)}  ${row.map(ascii).join('')}` : hex}\n`;
  }
  return text;
}
