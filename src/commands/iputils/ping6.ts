// What ping does otherwise over IPv6: where from, and what an ICMPv6 error says. Counterpart: iputils ping/ping6_common.c. RFC 4443.
// Not modelled: what does not fit the MTU (the sender would have to cut it), node information, flow labels.
import type { Process } from '../../host/process';
import { strerror } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { fib6Lookup, isLocal6, routeSource6 } from '../../kernel/ipv6/ip6_fib';
import { IP6_BASE, isLinkLocal6, isMulticast6 } from '../../wire/ipv6';
import type { Ip, Packet } from '../../wire/packet';
import { BadUse } from './number';

const UNREACHABLE: readonly string[] = ['No route', 'Administratively prohibited', 'Beyond scope of source address', 'Address unreachable', 'Port unreachable'];
const PARAMETER: readonly string[] = ['Wrong header field ', 'Unknown header ', 'Unknown option '];

/** One line without its newline. */
export function icmp6Text(p: Packet): string {
  switch (p.icmpType) {
    case 1:
      return `Destination unreachable: ${UNREACHABLE[p.icmpCode] ?? `Unknown code ${p.icmpCode}`}`;
    case 2:
      return `Packet too big: mtu=${p.icmpRest}${p.icmpCode === 0 ? '' : `, code=${p.icmpCode}`}`;
    case 3:
      return `Time exceeded: ${p.icmpCode === 0 ? 'Hop limit' : p.icmpCode === 1 ? 'Defragmentation failure' : `code ${p.icmpCode}`}`;
    case 4:
      return `Parameter problem: ${PARAMETER[p.icmpCode] ?? `code ${p.icmpCode} `}at ${p.icmpRest} `;
    default:
      return `unknown icmp type: ${p.icmpType}`;
  }
}

/** Source and device of a ping to `dst` (all IP6_BASE + id). `scope` is what stood behind a `%`; `from` is -I. Throws BadUse. */
export function probe6(p: Process, dst: Ip, scope: Bytes, from: Bytes): { src: Ip; oif: number; scope: string } {
  const k = p.host.kernel;
  const t = k.world.ip6;
  const device = (name: Bytes): number => k.devByName(name)?.index ?? 0;
  let oif = scope === '' ? 0 : device(scope);
  if (scope !== '' && oif === 0) throw new BadUse(`ping: ${t.text(dst - IP6_BASE)}%${scope}: Name or service not known\n`, 2);
  let src = 0;
  if (from !== '') {
    const own = from.includes(':') ? t.intern(from) : null;
    if (own !== null) {
      if (!isLocal6(k, own)) throw new BadUse('ping: bind icmp socket: Cannot assign requested address\n', 2);
      src = own;
    } else {
      oif = device(from);
      if (oif === 0) throw new BadUse(`ping: SO_BINDTODEVICE ${from}: No such device\n`, 2);
    }
  }
  const to = dst - IP6_BASE;
  const near = isLinkLocal6(t, to) || isMulticast6(t, to);
  const r = fib6Lookup(k, to, near ? oif : 0);
  const e = r === null ? 'ENETUNREACH' : r.type === 'unreachable' ? 'EHOSTUNREACH' : r.type === 'prohibit' ? 'EACCES' : r.type === 'blackhole' ? 'EINVAL' : null;
  if (r === null || e !== null) throw new BadUse(`ping: connect: ${strerror(e!)}\n`, 2);
  return { src: IP6_BASE + (src !== 0 ? src : routeSource6(k, r, to)), oif: near ? r.dev : oif, scope: near ? `%${k.devByIndex(r.dev)?.name ?? ''}` : '' };
}
