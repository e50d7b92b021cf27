// TCP over IPv6: which way and from which address. Linux counterpart: net/ipv6/tcp_ipv6.c. The state machine is IPv4's (ipv4/tcp*.ts).
// Not modelled: scope ids of link-local addresses (such a connection is refused as one without its scope is).
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../kernel';
import { isLinkLocal6, isMulticast6 } from '../../wire/ipv6';
import type { Ip } from '../../wire/packet';
import { fib6Lookup, isLocal6, routeSource6 } from './ip6_fib';

/** An address a socket may be bound to: any, or one of ours. */
export const canBind6 = (k: Kernel, ip: Ip): boolean => ip === 0 || isLocal6(k, ip) || k.sysctls.get('net/ipv6/ip_nonlocal_bind') === '1';

/** tcp_v6_connect's route: both ends as ids, or ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EADDRNOTAVAIL. `from` 0: choose. */
export function connect6(k: Kernel, to: Ip, from: Ip): { src: Ip; dst: Ip } | Errno {
  const t = k.world.ip6;
  const dst = to === 0 ? t.intern('::1')! : to;
  if (isLinkLocal6(t, dst)) return 'EINVAL';
  if (isMulticast6(t, dst)) return 'ENETUNREACH';
  const r = fib6Lookup(k, dst);
  if (r === null) return 'ENETUNREACH';
  if (r.type === 'unreachable') return 'EHOSTUNREACH';
  if (r.type === 'prohibit') return 'EACCES';
  if (r.type === 'blackhole') return 'EINVAL';
  if (from !== 0 && !canBind6(k, from)) return 'EADDRNOTAVAIL';
  const src = from !== 0 ? from : routeSource6(k, r, dst);
  return src === 0 ? 'EADDRNOTAVAIL' : { src, dst };
}
