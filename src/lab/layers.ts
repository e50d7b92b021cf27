// A frame's bytes taken apart for people: layers, their fields, and which bytes each field is. RFC 894, 826, 791, 792, 9293, 768, 8200, 4443.

/** One field of a header: a key for its name, its value, and the bytes it takes (from, to exclusive). */
export interface LayerField { key: string; value: string; from: number; to: number }
export interface Layer { name: 'eth' | 'arp' | 'ip' | 'ip6' | 'icmp' | 'icmp6' | 'tcp' | 'udp' | 'vrrp' | 'data'; from: number; to: number; fields: LayerField[] }

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

class Reader {
  readonly layers: Layer[] = [];
  private fields: LayerField[] = [];
  at = 0;

  constructor(readonly b: Uint8Array) {}

  get left(): number {
    return this.b.length - this.at;
  }
  begin(name: Layer['name']): void {
    this.fields = [];
    this.layers.push({ name, from: this.at, to: this.b.length, fields: this.fields });
  }
  number(from: number, bytes: number): number {
    let n = 0;
    for (let i = 0; i < bytes; i++) n = n * 256 + (this.b[from + i] ?? 0);
    return n;
  }
  /** Takes bytes as one field; `show` words them. */
  take(key: string, bytes: number, show: (n: number) => string = String): number {
    const n = this.number(this.at, Math.min(bytes, 6));
    this.fields.push({ key, value: show(n), from: this.at, to: Math.min(this.b.length, this.at + bytes) });
    this.at += bytes;
    return n;
  }
  text(key: string, bytes: number, value: string): void {
    this.fields.push({ key, value, from: this.at, to: this.at + bytes });
    this.at += bytes;
  }
  end(): void {
    const l = this.layers.at(-1);
    if (l !== undefined && l.to === this.b.length) l.to = this.at;
  }
}

const mac = (n: number): string => hex(n, 12).match(/../g)!.join(':');
const ip = (n: number): string => [24, 16, 8, 0].map((s) => Math.floor(n / 2 ** s) % 256).join('.');
const word = (n: number): string => `0x${hex(n, 4)}`;
const PROTOCOLS: Record<number, string> = { 1: 'ICMP', 4: 'IPIP', 6: 'TCP', 17: 'UDP', 41: 'IPv6', 47: 'GRE', 58: 'ICMPv6', 112: 'VRRP' };
const protocol = (n: number): string => (PROTOCOLS[n] === undefined ? String(n) : `${PROTOCOLS[n]} (${n})`);
const TYPES: Record<number, string> = { 0x0800: 'IPv4', 0x0806: 'ARP', 0x86dd: 'IPv6' };

/** Layers of an Ethernet frame, outermost first. Bytes cut short end the last layer early. */
export function layersOf(bytes: Uint8Array): Layer[] {
  const r = new Reader(bytes);
  r.begin('eth');
  r.take('dmac', 6, mac);
  r.take('smac', 6, mac);
  const type = r.take('type', 2, (n) => `${TYPES[n] ?? ''} (${word(n)})`.trim());
  r.end();
  if (type === 0x0806) arp(r);
  else if (type === 0x0800) ipv4(r);
  else if (type === 0x86dd) ipv6(r);
  else payload(r, r.left);
  return r.layers;
}

function arp(r: Reader): void {
  r.begin('arp');
  r.take('hardware', 2);
  r.take('protocol', 2, word);
  r.take('sizes', 2, (n) => `${n >> 8} / ${n & 255}`);
  r.take('op', 2, (n) => (n === 1 ? 'request (1)' : n === 2 ? 'reply (2)' : String(n)));
  r.take('sha', 6, mac);
  r.take('spa', 4, ip);
  r.take('tha', 6, mac);
  r.take('tpa', 4, ip);
  r.end();
}

function ipv4(r: Reader): void {
  r.begin('ip');
  const start = r.at;
  const header = (r.take('version', 1, (n) => `${n >> 4}, ${(n & 15) * 4}`) & 15) * 4;
  r.take('tos', 1, (n) => `0x${hex(n, 2)}`);
  const total = r.take('length', 2);
  r.take('id', 2, (n) => `${word(n)} (${n})`);
  const frag = r.take('fragment', 2, (n) => [n & 0x4000 ? 'DF' : '', n & 0x2000 ? 'MF' : '', String((n & 0x1fff) * 8)].filter((x) => x !== '').join(', '));
  r.take('ttl', 1);
  const proto = r.take('proto', 1, protocol);
  r.take('checksum', 2, word);
  r.take('src', 4, ip);
  r.take('dst', 4, ip);
  if (header > 20) r.text('options', header - 20, `${header - 20}`);
  r.end();
  const rest = Math.max(0, Math.min(r.left, total - (r.at - start)));
  if ((frag & 0x1fff) !== 0) payload(r, rest);
  else above(r, proto, rest);
}

function ipv6(r: Reader): void {
  r.begin('ip6');
  r.take('flow', 4, (n) => `0x${hex(n, 8)}`);
  const length = r.take('payload', 2);
  const next = r.take('proto', 1, protocol);
  r.take('ttl', 1);
  for (const key of ['src', 'dst']) r.text(key, 16, ip6Text(r.b, r.at));
  r.end();
  above(r, next, Math.min(length, r.left));
}

/** RFC 5952: the longest run of zero groups becomes '::'. */
function ip6Text(b: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((b[at + 2 * i] ?? 0) * 256 + (b[at + 2 * i + 1] ?? 0)).toString(16));
  const runs = [...groups.map((g) => (g === '0' ? '0' : 'x')).join('').matchAll(/0{2,}/g)].sort((x, y) => y[0].length - x[0].length || x.index - y.index);
  const longest = runs[0];
  if (longest === undefined) return groups.join(':');
  return `${groups.slice(0, longest.index).join(':')}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}

function above(r: Reader, proto: number, rest: number): void {
  if (proto === 6 && rest >= 20) tcp(r, rest);
  else if (proto === 17 && rest >= 8) {
    r.begin('udp');
    r.take('sport', 2);
    r.take('dport', 2);
    r.take('length', 2);
    r.take('checksum', 2, word);
    r.end();
    payload(r, rest - 8);
  } else if ((proto === 1 || proto === 58) && rest >= 8) icmp(r, proto === 1 ? 'icmp' : 'icmp6', rest);
  else if (proto === 4 && rest >= 20) ipv4(r);
  else if (proto === 112 && rest >= 8) {
    r.begin('vrrp');
    r.take('version', 1, (n) => `${n >> 4}, ${n & 15}`);
    r.take('vrid', 1);
    r.take('priority', 1);
    r.take('addresses', 1);
    r.take('interval', 2, (n) => String(n & 255));
    r.take('checksum', 2, word);
    r.end();
    payload(r, rest - 8);
  } else payload(r, rest);
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

function tcp(r: Reader, rest: number): void {
  r.begin('tcp');
  r.take('sport', 2);
  r.take('dport', 2);
  r.take('seq', 4);
  r.take('ack', 4);
  const header = (r.take('offset', 1, (n) => String((n >> 4) * 4)) >> 4) * 4;
  r.take('flags', 1, (n) => `${FLAGS.filter((_, bit) => (n >> bit) & 1).join(', ')} (0x${hex(n, 2)})`);
  r.take('window', 2);
  r.take('checksum', 2, word);
  r.take('urgent', 2);
  const options = Math.min(header - 20, rest - 20);
  if (options > 0) r.text('options', options, tcpOptions(r, options));
  r.end();
  payload(r, rest - header);
}

function tcpOptions(r: Reader, size: number): string {
  const out: string[] = [];
  for (let i = r.at; i < r.at + size; ) {
    const kind = r.number(i, 1);
    if (kind === 0) break;
    const length = kind === 1 ? 1 : Math.max(2, r.number(i + 1, 1));
    if (kind === 2) out.push(`MSS ${r.number(i + 2, 2)}`);
    else if (kind === 3) out.push(`WS ${r.number(i + 2, 1)}`);
    else if (kind === 4) out.push('SACK');
    else if (kind === 8) out.push(`TS ${r.number(i + 2, 4)}, ${r.number(i + 6, 4)}`);
    else if (kind !== 1) out.push(`${kind}`);
    i += length;
  }
  return out.join('; ');
}

function icmp(r: Reader, name: 'icmp' | 'icmp6', rest: number): void {
  r.begin(name);
  const type = r.take('icmpType', 1);
  r.take('icmpCode', 1);
  r.take('checksum', 2, word);
  const echo = name === 'icmp' ? type === 0 || type === 8 : type === 128 || type === 129;
  if (echo) {
    r.take('ident', 2);
    r.take('sequence', 2);
  } else r.take('rest', 4, (n) => (name === 'icmp' && type === 5 ? ip(n) : `0x${hex(n, 8)}`));
  r.end();
  if (name === 'icmp' && (type === 3 || type === 5 || type === 11 || type === 12) && rest >= 28) ipv4(r);
  else payload(r, rest - 8);
}

function payload(r: Reader, size: number): void {
  if (size <= 0) return;
  r.begin('data');
  const bytes = r.b.subarray(r.at, r.at + Math.min(size, 400));
  r.text('data', Math.min(size, r.left), Array.from(bytes, (c) => (c >= 32 && c < 127 ? String.fromCharCode(c) : c === 10 ? '\n' : c === 13 ? '' : '·')).join(''));
  r.end();
}
