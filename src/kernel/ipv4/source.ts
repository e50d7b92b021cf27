// Which source address a packet gets. Linux counterpart: inet_select_addr of net/ipv4/devinet.c, fib_result_prefsrc of fib_semantics.c.
import { maskOf } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { type Address, type Dev, IFF } from '../core/dev';
import type { Kernel } from '../kernel';
import { type Route, SCOPE } from './fib';

/** inet_select_addr: first primary address of `dev` in the subnet of `dst`, else its first, else another device's. */
export function selectSource(k: Kernel, dev: Dev | undefined, dst: Ip, scope: number = SCOPE.LINK): Ip {
  let first: Address | undefined;
  for (const a of dev?.addresses ?? []) {
    if (a.secondary || a.scope > scope) continue;
    if (((dst ^ a.peer) & maskOf(a.prefix)) === 0 && a.prefix > 0) return a.local;
    first ??= a;
  }
  if (first !== undefined) return first.local;
  for (const d of k.devs) {
    if (d === dev || (!d.up)) continue;
    for (const a of d.addresses) if (!a.secondary && a.scope <= scope && a.scope !== SCOPE.LINK && (d.flags & IFF.LOOPBACK) === 0) return a.local;
  }
  for (const d of k.devs) for (const a of d.addresses) if (!a.secondary && a.scope <= scope) return a.local;
  return 0;
}

/** Source address a packet to `dst` by route `r` gets. */
export function routeSource(k: Kernel, r: Route, dst: Ip): Ip {
  if (r.src !== 0) return r.src;
  return selectSource(k, k.devByIndex(r.dev), r.gw !== 0 ? r.gw : dst, r.scope > SCOPE.LINK ? SCOPE.HOST : SCOPE.LINK);
}
