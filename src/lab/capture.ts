// Packets at one interface, decoded as the recorder does (tcpdump's view), and the comparison of two captures.
import { Step } from '../kernel/trace_step';
import type { World } from '../kernel/world';
import { ipText } from '../wire/ipv4';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, IP_DF, IPPROTO_GRE, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_VRRP, type Packet } from '../wire/packet';
import { dataLength, flagLetters } from './frame_text';
import type { CapturePoint, PacketFields, RecordedPacket } from './scenario';

/** A running capture: what interface `dev` of a host sent and received, in order. */
export class Capture {
  readonly packets: RecordedPacket[] = [];
  private nextFrame: number;
  private nextStep: number;

  constructor(
    private readonly world: World,
    readonly point: CapturePoint,
    private readonly host: number,
  ) {
    this.nextFrame = world.trace.frameCount + 1;
    this.nextStep = world.trace.stepCount;
  }

  /** Takes what the trace holds since the last call; `stepAt` gives the step that had begun at a time. */
  collect(stepAt: (at: number) => number): void {
    const w = this.world;
    const k = w.kernels[this.host]!;
    const name = this.point.interface ?? 'eth0';
    const dev = k.devByName(name);
    const found: { at: number; order: number; p: Packet }[] = [];
    const frames = new Map<number, Packet>();
    let order = 0;
    w.trace.eachFrame(1, (id, at, host, d, _cause, p) => {
      frames.set(id, p);
      if (id >= this.nextFrame && host === this.host && (name === 'any' || d === dev?.index)) found.push({ at, order: order++, p });
    });
    w.trace.eachStep(this.nextStep, (_n, at, host, frame, code, a) => {
      if (host !== this.host) return;
      const p = frames.get(frame);
      if (p === undefined) return;
      if (code === Step.receive && (name === 'any' || a === dev?.index)) found.push({ at, order: order++, p });
      else if (code === Step.decap && a === dev?.index && p.inner !== null) found.push({ at, order: order++, p: p.inner });
    });
    this.nextFrame = w.trace.frameCount + 1;
    this.nextStep = w.trace.stepCount;
    found.sort((x, y) => x.at - y.at || x.order - y.order);
    const layer2 = dev === undefined || dev.kind === 'ether' || dev.kind === 'loopback' || dev.kind === 'dummy';
    for (const f of found) {
      if (!matches(this.point.filter ?? '', f.p)) continue;
      this.packets.push({ t: f.at / 1e6, step: stepAt(f.at), ...(layer2 ? { dstMac: w.macs.text(f.p.dmac), srcMac: w.macs.text(f.p.smac) } : {}), ...decode(w, f.p) });
    }
  }
}

function decode(w: World, p: Packet): PacketFields {
  if (p.type === ETH_P_ARP) {
    return {
      proto: 'arp', op: p.arpOp === 1 ? 'request' : p.arpOp === 2 ? 'reply' : '?', senderMac: w.macs.text(p.sha), senderIp: ipText(p.spa), targetMac: w.macs.text(p.tha), targetIp: ipText(p.tpa),
    };
  }
  if (p.type === ETH_P_IPV6) return decodeIp6(w, p);
  if (p.type !== ETH_P_IP) return { proto: `0x${p.type.toString(16).padStart(4, '0')}` };
  return decodeIp(p);
}

function decodeIp6(w: World, p: Packet): PacketFields {
  const o: PacketFields = { src: w.ip6.text(p.src), dst: w.ip6.text(p.dst), ttl: p.ttl, len: p.len };
  if (p.proto === IPPROTO_TCP) return { ...o, proto: 'tcp', sport: p.sport, dport: p.dport, flags: flagLetters(p.flags), seq: p.seq >>> 0, ack: p.ack >>> 0, win: p.win, data: dataLength(p) };
  return p.proto === IPPROTO_ICMPV6 ? { ...o, proto: 'icmp6', type: p.icmpType, code: p.icmpCode } : { ...o, proto: p.proto };
}

function decodeIp(p: Packet): PacketFields {
  const o: PacketFields = { src: ipText(p.src), dst: ipText(p.dst), ttl: p.ttl, len: p.len, id: p.id, df: (p.frag & IP_DF) !== 0 };
  switch (p.proto) {
    case IPPROTO_TCP: return { ...o, proto: 'tcp', sport: p.sport, dport: p.dport, flags: flagLetters(p.flags), seq: p.seq >>> 0, ack: p.ack >>> 0, win: p.win, data: dataLength(p) };
    case IPPROTO_UDP: return { ...o, proto: 'udp', sport: p.sport, dport: p.dport, data: dataLength(p) };
    case IPPROTO_ICMP: {
      const icmp: PacketFields = { ...o, proto: 'icmp', type: p.icmpType, code: p.icmpCode };
      if ((p.icmpType === 3 || p.icmpType === 5 || p.icmpType === 11) && p.inner !== null) icmp.about = decodeIp(p.inner);
      return icmp;
    }
    case IPPROTO_IPIP: return { ...o, proto: 'ipip', ...(p.inner === null ? {} : { inner: decodeIp(p.inner) }) };
    case IPPROTO_GRE: return { ...o, proto: 'gre' };
    case IPPROTO_VRRP: return { ...o, proto: 'vrrp', vrid: p.data.charCodeAt(1), priority: p.data.charCodeAt(2) };
    default: return { ...o, proto: p.proto };
  }
}

/** A small part of pcap-filter(7): primitives joined by and/or, `not`, without parentheses. */
export function matches(filter: string, p: Packet): boolean {
  if (filter.trim() === '') return true;
  return filter.split(/\s+or\s+/).some((alternative) => alternative.split(/\s+and\s+/).every((term) => primitive(term.trim(), p)));
}

function primitive(term: string, p: Packet): boolean {
  if (term.startsWith('not ')) return !primitive(term.slice(4).trim(), p);
  const ip = p.type === ETH_P_IP;
  const [word, value] = term.split(/\s+/);
  switch (word) {
    case 'arp': return p.type === ETH_P_ARP;
    case 'ip': return ip;
    case 'tcp': return ip && p.proto === IPPROTO_TCP && (value === undefined || primitive(term.slice(4), p));
    case 'udp': return ip && p.proto === IPPROTO_UDP && (value === undefined || primitive(term.slice(4), p));
    case 'icmp': return ip && p.proto === IPPROTO_ICMP;
    case 'vrrp': return ip && p.proto === IPPROTO_VRRP;
    case 'proto': return ip && p.proto === Number(value);
    case 'port': return ip && (p.sport === Number(value) || p.dport === Number(value));
    case 'host': return ip ? ipText(p.src) === value || ipText(p.dst) === value : ipText(p.spa) === value || ipText(p.tpa) === value;
    default: return true;
  }
}

/**
 * Lines that must be equal for two captures to be: per flow and direction the frames in order, ARP as a set per step.
 * Ephemeral ports are numbered by first appearance; times, sequence numbers, ids and lengths are left out.
 */
export function captureLines(packets: readonly RecordedPacket[]): string[] {
  const ports = new Map<string, string>();
  const port = (ip: string | undefined, n: number | undefined): string => {
    if (n === undefined) return '';
    if (n < 32768) return `:${n}`;
    const end = `${ip}:${n}`; // two hosts may choose one number
    let name = ports.get(end);
    if (name === undefined) {
      name = `:e${ports.size + 1}`;
      ports.set(end, name);
    }
    return name;
  };
  const word = (p: PacketFields): string => {
    const ends = `${p.src}${port(p.src, p.sport)} > ${p.dst}${port(p.dst, p.dport)}`;
    const more = p.proto === 'tcp' ? ` ${p.flags}` : p.proto === 'icmp' ? ` ${p.type}/${p.code}${p.about ? ` about (${word(p.about)})` : ''}` : p.proto === 'vrrp' ? ` vrid ${p.vrid} prio ${p.priority}` : '';
    return `${ends} ${p.proto}${more} ttl ${p.ttl}${p.inner ? ` [${word(p.inner)}]` : ''}`;
  };
  const arp = new Set<string>();
  const flows = new Map<string, string[]>();
  for (const p of packets) {
    const macs = p.srcMac === undefined ? '' : `${p.srcMac} > ${p.dstMac} `;
    if (p.proto === 'arp') {
      arp.add(`step ${p.step}: ${macs}arp ${p.op} ${p.senderIp} (${p.senderMac}) ${p.targetIp} (${p.targetMac})`);
      continue;
    }
    const line = `${macs}${word(p)}`;
    const inner = p.inner ?? p;
    // The same packet may pass twice, as where a director forwards by the card it came in on: each way is a direction of its own.
    const key = `${macs}${p.src}>${p.dst} ${p.proto} ${inner.src}${port(inner.src, inner.sport)}>${inner.dst}${port(inner.dst, inner.dport)}`;
    const list = flows.get(key);
    if (list === undefined) flows.set(key, [line]);
    else list.push(line);
  }
  return [...[...arp].sort(), ...[...flows.keys()].sort().flatMap((k) => flows.get(k)!)];
}
