// What an ICMP error says, in ping's words. Counterpart: iputils ping.c (pr_icmph). RFC 792, RFC 1812.
import { ipText } from '../../wire/ipv4';
import type { Packet } from '../../wire/packet';

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'Destination Net Unreachable', 1: 'Destination Host Unreachable', 2: 'Destination Protocol Unreachable', 3: 'Destination Port Unreachable',
  5: 'Source Route Failed', 6: 'Destination Net Unknown', 7: 'Destination Host Unknown', 8: 'Source Host Isolated', 9: 'Destination Net Prohibited',
  10: 'Destination Host Prohibited', 11: 'Destination Net Unreachable for Type of Service', 12: 'Destination Host Unreachable for Type of Service',
  13: 'Packet filtered', 14: 'Precedence Violation', 15: 'Precedence Cutoff',
};
const REDIRECT: readonly string[] = ['Redirect Network', 'Redirect Host', 'Redirect Type of Service and Network', 'Redirect Type of Service and Host'];

/** One line without its newline. */
export function icmpText(p: Packet): string {
  switch (p.icmpType) {
    case 3:
      if (p.icmpCode === 4) return `Frag needed and DF set (mtu = ${p.icmpRest & 0xffff})`;
      return UNREACHABLE[p.icmpCode] ?? `Dest Unreachable, Bad Code: ${p.icmpCode}`;
    case 4:
      return 'Source Quench';
    case 5:
      return `${REDIRECT[p.icmpCode] ?? `Redirect, Bad Code: ${p.icmpCode}`}(New nexthop: ${ipText(p.icmpRest | 0)})`;
    case 11:
      return p.icmpCode === 0 ? 'Time to live exceeded' : p.icmpCode === 1 ? 'Frag reassembly time exceeded' : `Time exceeded, Bad Code: ${p.icmpCode}`;
    case 12:
      return 'Parameter problem: pointer = 0';
    default:
      return `Bad ICMP type: ${p.icmpType}`;
  }
}
