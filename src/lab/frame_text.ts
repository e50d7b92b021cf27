// What a frame says in one line, as Wireshark's Protocol and Info columns word it.
import { isNfs, nfsInfo } from '../host/nfs/glance';
import { ipText } from '../wire/ipv4';
import type { MacTable } from '../wire/ether';
import { ICMP6, NA_F } from '../wire/icmpv6';
import type { Ip6Table } from '../wire/ip6_table';
import { ipHeaderLength, packetText } from '../wire/ipv6';
import {
  ACK, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, FIN, IP_DF, IP_MF, IPPROTO_GRE, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IPIP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_VRRP, type Packet, PSH, RST, SYN, URG,
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
  return Math.max(0, p.len - ipHeaderLength(p) - p.hlen);
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
  if (p.type !== ETH_P_IP && p.type !== ETH_P_IPV6) return `0x${p.type.toString(16).padStart(4, '0')}`;
  if ((p.frag & 0x1fff) !== 0) return 'IPv4';
  switch (p.proto) {
    case IPPROTO_ICMP: return 'ICMP';
    case IPPROTO_ICMPV6: return 'ICMPv6';
    case IPPROTO_TCP: return isHttp(p.data) ? 'HTTP' : isNfs(p) ? 'NFS' : 'TCP';
    case IPPROTO_UDP: return 'UDP';
    case IPPROTO_IPIP: return 'IPIP';
    case IPPROTO_GRE: return 'GRE';
    case IPPROTO_VRRP: return 'VRRP';
    default: return p.type === ETH_P_IPV6 ? 'IPv6' : 'IPv4';
  }
}

const isHttp = (data: string): boolean => /^(GET|HEAD|POST|PUT|DELETE|OPTIONS) \S+ HTTP\/|^HTTP\/1\.[01] /.test(data);

const ICMP6_WORDS: Record<string, string> = {
  '1/0': 'Destination Unreachable (no route to destination)', '1/1': 'Destination Unreachable (Administratively prohibited)', '1/2': 'Destination Unreachable (Beyond scope of source address)',
  '1/3': 'Destination Unreachable (Address unreachable)', '1/4': 'Destination Unreachable (Port unreachable)', '2/0': 'Packet Too Big', '3/0': 'Time Exceeded (hop limit exceeded in transit)',
  '4/1': 'Parameter Problem (unrecognized Next Header type encountered)',
};

/** ICMPv6 and neighbour discovery. */
function icmp6Info(p: Packet, macs: MacTable, t: Ip6Table): string {
  const rest = `id=${p.icmpRest >>> 16}, seq=${p.icmpRest & 0xffff}, hop limit=${p.ttl}`;
  switch (p.icmpType) {
    case ICMP6.ECHO: return `Echo (ping) request  ${rest}`;
    case ICMP6.ECHO_REPLY: return `Echo (ping) reply    ${rest}`;
    case ICMP6.NS: return `Neighbor Solicitation for ${t.text(p.tpa)}${p.sha === 0 ? '' : ` from ${macs.text(p.sha)}`}`;
    case ICMP6.NA: {
      const flags = [[NA_F.ROUTER, 'rtr'], [NA_F.SOLICITED, 'sol'], [NA_F.OVERRIDE, 'ovr']] as const;
      const said = flags.filter(([bit]) => (p.icmpRest & bit) !== 0).map(([, word]) => word);
      return `Neighbor Advertisement ${t.text(p.tpa)}${said.length === 0 ? '' : ` (${said.join(', ')})`}${p.sha === 0 ? '' : ` is at ${macs.text(p.sha)}`}`;
    }
    default: {
      const about = p.inner === null ? '' : `, about ${packetText(p.inner, p.inner.src, t)} → ${packetText(p.inner, p.inner.dst, t)}`;
      return (ICMP6_WORDS[`${p.icmpType}/${p.icmpCode}`] ?? `type ${p.icmpType} code ${p.icmpCode}`) + about;
    }
  }
}

/** The Info column. `base` is where relative sequence numbers start (seq, ack); `ip6` names IPv6 ids. */
export function infoOf(p: Packet, macs: MacTable, base: { seq: number; ack: number }, ip6: Ip6Table): string {
  if (p.type === ETH_P_ARP) {
    if (p.arpOp === 1) return p.spa === p.tpa ? `ARP Announcement for ${ipText(p.spa)}` : p.spa === 0 ? `Who has ${ipText(p.tpa)}? (ARP Probe)` : `Who has ${ipText(p.tpa)}? Tell ${ipText(p.spa)}`;
    return p.spa === p.tpa ? `Gratuitous ARP for ${ipText(p.spa)} (Reply)` : `${ipText(p.spa)} is at ${macs.text(p.sha)}`;
  }
  if ((p.frag & 0x1fff) !== 0 || (p.frag & IP_MF) !== 0) return `Fragmented IP protocol (proto=${p.proto}, off=${(p.frag & 0x1fff) * 8}, ID=${p.id.toString(16).padStart(4, '0')})`;
  switch (p.proto) {
    case IPPROTO_TCP: {
      if (isHttp(p.data)) return p.data.slice(0, Math.max(0, p.data.search(/[\r\n]|$/)));
      if (isNfs(p)) return nfsInfo(p);
      const words = [`${p.sport} → ${p.dport} [${flagWords(p.flags)}] Seq=${(p.seq - base.seq) >>> 0}`];
      if (p.flags & ACK) words.push(`Ack=${(p.ack - base.ack) >>> 0}`);
      words.push(`Win=${p.win}`, `Len=${dataLength(p)}`);
      if (p.mss !== 0) words.push(`MSS=${p.mss}`);
      return words.join(' ');
    }
    case IPPROTO_UDP: return `${p.sport} → ${p.dport} Len=${dataLength(p)}`;
    case IPPROTO_ICMPV6: return icmp6Info(p, macs, ip6);
    case IPPROTO_ICMP: {
      const id = p.icmpRest >>> 16;
      const seq = p.icmpRest & 0xffff;
      if (p.icmpType === 8) return `Echo (ping) request  id=${id}, seq=${seq}, ttl=${p.ttl}`;
      if (p.icmpType === 0) return `Echo (ping) reply    id=${id}, seq=${seq}, ttl=${p.ttl}`;
      const about = p.inner === null ? '' : `, about ${ipText(p.inner.src)} → ${ipText(p.inner.dst)}`;
      return (ICMP_WORDS[`${p.icmpType}/${p.icmpCode}`] ?? `type ${p.icmpType} code ${p.icmpCode}`) + about;
    }
    case IPPROTO_IPIP: return p.inner === null ? 'IPIP' : `IPIP carries ${ipText(p.inner.src)} → ${ipText(p.inner.dst)} ${protocolOf(p.inner)} ${infoOf(p.inner, macs, { seq: p.inner.seq, ack: p.inner.ack }, ip6)}`;
    default: return `protocol ${p.proto}${p.frag & IP_DF ? ', DF' : ''}`;
  }
}
