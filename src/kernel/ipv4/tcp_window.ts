// What we say we take: the MSS and the window. Linux counterpart: tcp_advertise_mss, tcp_select_initial_window and tcp_select_window of net/ipv4/tcp_output.c, tcp_init_buffer_space of tcp_input.c.
// Not modelled: buffers that grow with use (tcp_rmem), so that the scale is always 7.
import { ACK } from '../../wire/packet';
import { pathMtu6 } from '../ipv6/icmpv6';
import { fib6Lookup } from '../ipv6/ip6_fib';
import type { Kernel } from '../kernel';
import { fibLookup, type Route } from './fib';
import { pathMtu } from './icmp';
import { RCVBUF } from './tcp_output';
import type { Tcp } from './tcp_state';

/** The way to `dst`. `v6`: TF.V6 when it is an IPv6 id. */
export const routeTo = (k: Kernel, dst: number, v6: number): Route | null => (v6 === 0 ? fibLookup(k, dst) : fib6Lookup(k, dst));

/** MSS we announce towards `dst` by route `r`: MTU less IP and TCP headers. */
export function localMss(k: Kernel, dst: number, v6: number, r = routeTo(k, dst, v6)): number {
  return v6 === 0 ? Math.max(88, Math.min(65535, pathMtu(k, dst, r)) - 40) : pathMtu6(k, dst) - 60;
}

/** What a SYN says we take (tcp_advertise_mss): a route's own `advmss` goes before its MTU. */
export const announcedMss = (k: Kernel, dst: number, v6: number, r = routeTo(k, dst, v6)): number => (v6 === 0 ? r?.advmss : undefined) ?? localMss(k, dst, v6, r);

/** The window of a SYN, or of a SYN|ACK: as many whole segments of `mss` as 65535 bytes hold; an answer counts segments with time stamps. */
export function synWindow(flags: number, mss: number): number {
  const size = (flags & ACK) === 0 ? mss : mss - 12;
  return Math.max(1, Math.floor(65535 / size)) * size;
}

/** The window of any other segment, in units of 128: what room there is, less one segment kept back, but never less than was offered before. */
export function offeredWindow(t: Tcp, s: number, advmss: number): number {
  const most = advmss * 2 < RCVBUF ? RCVBUF - advmss : RCVBUF;
  const before = Math.max(0, (t.rcvEdge[s]! - t.rcvNxt[s]!) | 0);
  const win = (Math.max(before, Math.min(RCVBUF - t.rcv[s]!.length, most)) + 127) >> 7;
  t.rcvEdge[s] = (t.rcvNxt[s]! + (win << 7)) | 0;
  return win;
}
