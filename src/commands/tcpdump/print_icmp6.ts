// ICMPv6 in tcpdump's words. Counterpart: tcpdump 4.99's print-icmp6.c. RFC 4443, RFC 4861.
import { ICMP6 } from '../../wire/icmpv6';
import { IPPROTO_TCP, IPPROTO_UDP, type Packet } from '../../wire/packet';

const PLACES: Readonly<Record<number, string>> = { 0: 'unreachable route', 1: 'unreachable prohibited', 2: 'beyond scope', 3: 'unreachable address' };

/** What stands between `ICMP6, ` and the length. `name` writes an id, `port` the destination port of a quoted packet. */
export function icmp6Line(f: Packet, name: (id: number) => string, port: (q: Packet) => string): string {
  const q = f.inner;
  const dst = q === null ? '?' : name(q.dst);
  switch (f.icmpType) {
    case ICMP6.ECHO:
    case ICMP6.ECHO_REPLY:
      return `echo ${f.icmpType === ICMP6.ECHO ? 'request' : 'reply'}, id ${f.icmpRest >>> 16}, seq ${f.icmpRest & 0xffff}`;
    case ICMP6.NS:
      return `neighbor solicitation, who has ${name(f.tpa)}`;
    case ICMP6.NA:
      return `neighbor advertisement, tgt is ${name(f.tpa)}`;
    case ICMP6.UNREACH: {
      if (f.icmpCode !== 4) return `destination unreachable, ${PLACES[f.icmpCode] ?? `unknown unreach code (${f.icmpCode})`}${f.icmpCode === 2 ? ` ${dst}, source address ${q === null ? '?' : name(q.src)}` : ` ${dst}`}`;
      const proto = q?.proto === IPPROTO_TCP ? 'tcp' : q?.proto === IPPROTO_UDP ? 'udp' : '';
      return `destination unreachable, unreachable port, ${dst}${q === null || proto === '' ? ' protocol ?' : ` ${proto} port ${port(q)}`}`;
    }
    case ICMP6.TOO_BIG:
      return `packet too big, mtu ${f.icmpRest}`;
    case ICMP6.TIME_EXCEEDED:
      return f.icmpCode === 0 ? `time exceeded in-transit for ${dst}` : 'ip reassembly time exceeded';
    case ICMP6.PARAMETER:
      return `parameter problem, ${f.icmpCode === 1 ? 'next header' : f.icmpCode === 2 ? 'option' : 'errorneous'} - octet ${f.icmpRest}`;
    default:
      return `type-#${f.icmpType}`;
  }
}
