// One primitive of a capture filter: an id with its qualifiers. Counterpart: libpcap's gencode.c.
import { gethostbyname, protocolByName, serviceByName } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { parseMac } from '../../wire/ether';
import { maskOf } from '../../wire/ipv4';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, IPPROTO_TCP, IPPROTO_UDP, type Ip, type Packet } from '../../wire/packet';

export type FrameTest = (f: Packet) => boolean;

/** The text is no filter; the message is libpcap's. */
export class FilterError extends Error {}

/** What qualifiers an id inherits from the primitive before it (`host a or b`). */
export interface Qualifiers {
  proto: string;
  dir: '' | 'src' | 'dst' | 'both';
  kind: string;
}

/** The test of one id with its qualifiers; `mask` is that of `net`, when one was written. Throws FilterError. */
export function idTest(p: Process, q: Qualifiers, id: Bytes, netMask: Ip | null): FrameTest {
  const { dir } = q;
  const either = (src: FrameTest, dst: FrameTest): FrameTest =>
    dir === 'src' ? src : dir === 'dst' ? dst : dir === 'both' ? (f) => src(f) && dst(f) : (f) => src(f) || dst(f);
  if (q.kind === 'proto') {
    const n = /^\d+$|^0x/i.test(id) ? Number(id) : protocolByName(p, id) ?? null;
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
    const a = port(p, low!);
    const b = port(p, high ?? low!);
    const has = (f: Packet): boolean => (f.type === ETH_P_IP || f.type === ETH_P_IPV6) && (f.proto === IPPROTO_TCP || f.proto === IPPROTO_UDP || f.proto === 132) && (f.frag & 0x1fff) === 0;
    return either((f) => has(f) && f.sport >= a && f.sport <= b, (f) => has(f) && f.dport >= a && f.dport <= b);
  }
  if (q.proto === 'ether') {
    const mac = parseMac(id);
    if (mac === null) throw new FilterError(`unknown ether host '${id}'`);
    const n = p.host.kernel.world.macs.intern(mac);
    return either((f) => f.smac === n, (f) => f.dmac === n);
  }
  let ip: Ip | null;
  let mask = -1;
  if (q.kind === 'net') {
    const parts = id.split('.');
    ip = parts.length <= 4 && parts.every((x) => /^\d{1,3}$/.test(x) && Number(x) < 256) ? parts.concat(Array<string>(4 - parts.length).fill('0')).reduce((n, x) => (n << 8) | Number(x), 0) : null;
    mask = netMask ?? maskOf(parts.length * 8);
    if (ip !== null && (ip & ~mask) !== 0) throw new FilterError(`non-network bits set in "${id}"`);
  } else ip = gethostbyname(p, id);
  if (ip === null) throw new FilterError(q.kind === 'net' ? `unknown network '${id}'` : `unknown host '${id}'`);
  const a = ip;
  const at = (f: Packet, source: boolean): boolean => {
    if (f.type === ETH_P_IP) return (((source ? f.src : f.dst) ^ a) & mask) === 0;
    return f.type === ETH_P_ARP && (((source ? f.spa : f.tpa) ^ a) & mask) === 0;
  };
  return either((f) => at(f, true), (f) => at(f, false));
}

function port(p: Process, id: Bytes): number {
  if (/^\d+$/.test(id)) return Number(id);
  const n = serviceByName(p, id, 'tcp') ?? serviceByName(p, id, 'udp');
  if (n === null) throw new FilterError(`'${id}' is not a valid port`);
  return n;
}
