// ICMP redirects taken: a better first hop for one destination. Linux counterpart: net/ipv4/route.c (__ip_do_redirect), FIB nexthop exceptions.
import { NUD, neighbourAsk, neighbourOf } from '../core/neighbour';
import type { Kernel } from '../kernel';
import { IPPROTO_TCP, type Packet } from '../../wire/packet';
import { onLink } from './arp';
import { addressType, fibChanged, fibLookup } from './fib';
import { takesRedirects } from './icmp';
import { TCP } from './tcp_state';

/** Learned routes live this long, us (gc_timeout). */
export const REDIRECT_US = 300_000_000;

/** tcp_v4_err: a redirect about a segment is for its connection; a request socket (SYN_RECV) and one in TIME_WAIT do not listen. */
function listens(k: Kernel, quoted: Packet): boolean {
  if (quoted.proto !== IPPROTO_TCP) return true;
  const s = k.tcp.find(quoted.src, quoted.sport, quoted.dst, quoted.dport);
  return s >= 0 && k.tcp.state[s] !== TCP.SYN_RECV && k.tcp.state[s] !== TCP.TIME_WAIT;
}

/**
 * Takes a redirect when it comes from the gateway in use, names an on-link neighbour that is known, and accept_redirects allows it. For a neighbour
 * not known yet it asks, so that the next redirect finds it.
 */
export function acceptRedirect(k: Kernel, p: Packet, quoted: Packet): void {
  const dev = k.devByIndex(p.iif);
  if (dev === undefined || !takesRedirects(k, p.iif) || !listens(k, quoted)) return;
  const gw = p.icmpRest | 0;
  const dst = quoted.dst;
  const now = fibLookup(k, dst);
  if (now === null || now.gw === 0 || now.gw !== p.src || gw === p.src) return;
  if (addressType(k, gw) !== 'unicast' || !onLink(dev, gw, 0)) return;
  const n = neighbourOf(k, dev, gw);
  if ((n.state & (NUD.REACHABLE | NUD.STALE | NUD.DELAY | NUD.PROBE | NUD.PERMANENT)) === 0) {
    neighbourAsk(k, dev, n, 0);
    return;
  }
  k.redirected.set(dst, { gw, until: k.world.clock.now + REDIRECT_US });
  fibChanged(k);
}
