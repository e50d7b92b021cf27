// Raw sockets of IPv6: what they send (ping -6). Linux counterpart: net/ipv6/raw.c. Receiving is shared (ipv4/raw.ts).
import type { Errno } from '../../lib/errno';
import type { RawMessage } from '../ipv4/raw';
import type { Kernel } from '../kernel';
import { IP6_BASE, IP6_HLEN, isLinkLocal6, isMulticast6 } from '../../wire/ipv6';
import { pathMtu6 } from './icmpv6';
import { fib6Lookup, routeSource6 } from './ip6_fib';
import { ip6LocalOut } from './ip6_output';

/** Sends one message (addresses are IP6_BASE + id). Null, or ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EMSGSIZE. */
export function raw6Send(k: Kernel, proto: number, m: RawMessage): Errno | null {
  const w = k.world;
  const dst = m.dst - IP6_BASE;
  const near = isLinkLocal6(w.ip6, dst) || isMulticast6(w.ip6, dst);
  const r = fib6Lookup(k, dst, near ? (m.oif ?? 0) : 0);
  if (r === null) return 'ENETUNREACH';
  if (r.type === 'unreachable') return 'EHOSTUNREACH';
  if (r.type === 'prohibit') return 'EACCES';
  if (r.type === 'blackhole') return 'EINVAL';
  const size = IP6_HLEN + 8 + m.data.length;
  if (size > (near ? (k.devByIndex(r.dev)?.mtu ?? 1500) : pathMtu6(k, dst))) return 'EMSGSIZE';
  const p = w.alloc();
  p.src = m.src ? m.src - IP6_BASE : routeSource6(k, r, dst);
  p.dst = dst;
  p.proto = proto;
  p.ttl = m.ttl ?? 0;
  p.tos = m.tos ?? 0;
  p.confirm = m.confirm === true ? 1 : 0;
  p.icmpType = m.icmpType ?? 0;
  p.icmpCode = m.icmpCode ?? 0;
  p.icmpRest = m.icmpRest ?? 0;
  p.hlen = 8;
  p.data = m.data;
  p.len = size;
  ip6LocalOut(k, p, r);
  return null;
}
