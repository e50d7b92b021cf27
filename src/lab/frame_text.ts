// What a frame says in one line, as Wireshark's Protocol and Info columns word it.
import { ipText } from '../wire/ipv4';
import type { MacTable } from '../wire/ether';
import {
  ACK, ETH_P_ARP, ETH_P_IP, FIN, IP_DF, IP_MF, IPPROTO_GRE, IPPROTO_ICMP, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_VRRP, type Packet, PSH, RST, SYN, URG,
} from '../wire/packet';

/** 'SYN, ACK' as Wireshark writes flags. */
export function flagWords(flags: number): string {
  const names: string[] = [];
  for (const [bit, name] of [[FIN, 'FIN'], [SYN, 'SYN'], [RST, 'RST'], [PSH, 'PSH'], [ACK, 'ACK'], [URG, 'URG']] as const) if (flags & bit) names.push(name);
  return names.join(', ');
}

/** 'S', 'S.', 'P.' ... as tcpdump writes flags. */
export function flagLetters(flags: number): string {
  return `${flags & SYN ? 'S' : ''}${flags & FIN ? 'F' : ''}${flags & RST ? 'R' : ''}${flags & PSH ? 'P' : ''}${flags & ACK ? '.' : ''}${flags & URG ? 'U' : ''}`;
}

/** Payload bytes of a TCP or UDP packet. */
export function dataLength(p: Packet): number {
  return Math.max(0, p.len - 20 - p.hlen);
}

const ICMP_WORDS: Record<string, string> = {
  '3/0': 'Destination unreachable (Network unreachable)', '3/1': 'Destination unreachable (Host unreachable)', '3/2': 'Destination unreachable (Protocol unreachable)',
  '3/3': 'Destination unreachable (Port unreachable)', '3/4': 'Destination unreachable (Fragmentation needed)', '3/13': 'Destination unreachable (Communication administratively filtered)',
  '5/0': 'Redirect (Redirect for network)', '5/1': 'Redirect (Redirect for host)', '11/0': 'Time-to-live exceeded (Time to live exceeded in transit)',
  '11/1': 'Time-to-live exceeded (Fragment reassembly time exceeded)',
};

/** Highest protocol of a frame. */
export function protocolOf(p: Packet): string {
  if (p.type === ETH_P_ARP) return 'ARP';
  if (p.type !== ETH_P_IP) return 'IPv6';
  if ((p.frag & 0x1fff) !== 0) return 'IPv4';
  switch (p.proto) {
    case IPPROTO_ICMP: return 'ICMP';
    case IPPROTO_TCP: return isHttp(p.data) ? 'HTTP' : 'TCP';
    case IPPROTO_UDP: return 'UDP';
    case IPPROTO_IPIP: return 'IPIP';
    case IPPROTO_GRE: return 'GRE';
    case IPPROTO_VRRP: return 'VRRP';
    default: return 'IPv4';
  }
}

const isHttp = (data: string): boolean => /^(GET|HEAD|POST|PUT|DELETE|OPTIONS) \S+ HTTP\/|^HTTP\/1\.[01] /.test(data);

/** The Info column. `base` is where relative sequence numbers start (seq, ack). */
export function infoOf(p: Packet, macs: MacTable, base: { seq: number; ack: number }): string {
  if (p.type === ETH_P_ARP) {
    if (p.arpOp === 1) return p.spa === p.tpa ? `ARP Announcement for ${ipText(p.spa)}` : p.spa === 0 ? `Who has ${ipText(p.tpa)}? (ARP Probe)` : `Who has ${ipText(p.tpa)}? Tell ${ipText(p.spa)}`;
    return p.spa === p.tpa ? `Gratuitous ARP for ${ipText(p.spa)} (Reply)` : `${ipText(p.spa)} is at ${macs.text(p.sha)}`;
  }
  if ((p.frag & 0x1fff) !== 0 || (p.frag & IP_MF) !== 0) return `Fragmented IP protocol (proto=${p.proto}, off=${(p.frag & 0x1fff) * 8}, ID=${p.id.toString(16).padStart(4, '0')})`;
  switch (p.proto) {
    case IPPROTO_TCP: {
      if (isHttp(p.data)) return p.data.slice(0, Math.max(0, p.data.search(/[\r\n]|$/)));
      const words = [`${p.sport} → ${p.dport} [${flagWords(p.flags)}] Seq=${(p.seq - base.seq) >>> 0}`];
      if (p.flags & ACK) words.push(`Ack=${(p.ack - base.ack) >>> 0}`);
      words.push(`Win=${p.win}`, `Len=${dataLength(p)}`);
      if (p.mss !== 0) words.push(`MSS=${p.mss}`);
      return words.join(' ');
    }
    case IPPROTO_UDP: return `${p.sport} → ${p.dport} Len=${Math.max(0, p.len - 28)}`;
    case IPPROTO_ICMP: {
      const id = p.icmpRest >>> 16;
      const seq = p.icmpRest & 0xffff;
      if (p.icmpType === 8) return `Echo (ping) request  id=${id}, seq=${seq}, ttl=${p.ttl}`;
      if (p.icmpType === 0) return `Echo (ping) reply    id=${id}, seq=${seq}, ttl=${p.ttl}`;
      const about = p.inner === null ? '' : `, about ${ipText(p.inner.src)} → ${ipText(p.inner.dst)}`;
      return (ICMP_WORDS[`${p.icmpType}/${p.icmpCode}`] ?? `type ${p.icmpType} code ${p.icmpCode}`) + about;
    }
    case IPPROTO_IPIP: return p.inner === null ? 'IPIP' : `IPIP carries ${ipText(p.inner.src)} → ${ipText(p.inner.dst)} ${protocolOf(p.inner)} ${infoOf(p.inner, macs, { seq: p.inner.seq, ack: p.inner.ack })}`;
    default: return `protocol ${p.proto}${p.frag & IP_DF ? ', DF' : ''}`;
  }
}
