// ICMP redirects taken: a better first hop for one destination. Linux counterpart: net/ipv4/route.c (__ip_do_redirect), FIB nexthop exceptions.
import { NUD } from '../core/neighbour';
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';
import { onLink } from './arp';
import { addressType, fibChanged, fibLookup } from './fib';
import { takesRedirects } from './icmp';

/** Learned routes live this long, us (gc_timeout). */
export const REDIRECT_US = 300_000_000;

/** Takes a redirect when it comes from the gateway in use, names an on-link neighbour that is known, and accept_redirects allows it. */
export function acceptRedirect(k: Kernel, p: Packet, quoted: Packet): void {
  const dev = k.devByIndex(p.iif);
  if (dev === undefined || !takesRedirects(k, p.iif)) return;
  const gw = p.icmpRest | 0;
  const dst = quoted.dst;
  const now = fibLookup(k, dst);
  if (now === null || now.gw === 0 || now.gw !== p.src || gw === p.src) return;
  if (addressType(k, gw) !== 'unicast' || !onLink(dev, gw, 0)) return;
  const n = dev.neighbours.get(gw);
  if (n === undefined || (n.state & (NUD.REACHABLE | NUD.STALE | NUD.DELAY | NUD.PROBE | NUD.PERMANENT)) === 0) return;
  k.redirected.set(dst, { gw, until: k.world.clock.now + REDIRECT_US });
  fibChanged(k);
}
