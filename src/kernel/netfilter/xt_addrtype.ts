// Match addrtype: what the routing table makes of an address. Linux counterpart: net/netfilter/xt_addrtype.c.
import type { Ip } from '../../wire/packet';
import { addressType } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import type { MatchKind } from './xt_list';

/** Names as iptables says them; the kernel's type of route is the name in lower case. */
export const ADDRTYPES = ['UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'ANYCAST', 'MULTICAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT', 'THROW', 'NAT', 'XRESOLVE'] as const;

export interface AddrtypeMatch {
  kind: 'addrtype';
  /** Bits by position in ADDRTYPES; 0: not asked. */
  src: number;
  dst: number;
  invSrc: boolean;
  invDst: boolean;
  /** Only addresses of the interface the packet came in or goes out by. */
  limit: 'in' | 'out' | null;
}

export const addrtype: MatchKind<AddrtypeMatch> = {
  match(k, _p, m, where) {
    const dev = m.limit === null ? '' : m.limit === 'in' ? where.in : where.out;
    const fits = (ip: Ip, mask: number): boolean => ((1 << typeOf(k, ip, dev)) & mask) !== 0;
    return (m.src === 0 || fits(_p.src, m.src) !== m.invSrc) && (m.dst === 0 || fits(_p.dst, m.dst) !== m.invDst);
  },
};

function typeOf(k: Kernel, ip: Ip, dev: string): number {
  const type = addressType(k, ip);
  const at = (ADDRTYPES as readonly string[]).indexOf(type.toUpperCase());
  if (type === 'local' && dev !== '' && k.devByName(dev)?.addresses.some((a) => a.local === ip) !== true) return ADDRTYPES.indexOf('UNICAST');
  return at < 0 ? 0 : at;
}
