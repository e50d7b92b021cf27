// Forwarding: TTL, MTU, ICMP redirects, hook FORWARD. Linux counterpart: net/ipv4/ip_forward.c, route.c (__mkroute_input, ip_rt_send_redirect).
import { Conf, type Dev } from '../core/dev';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { HOOK, nfHook } from '../netfilter/hooks';
import { type Ip, IP_DF, type Packet } from '../../wire/packet';
import { onLink } from './arp';
import { fibLookup, type Route } from './fib';
import { icmpSend, peerOf } from './icmp';
import { ipFinishOutput } from './ip_output';

/** ip_forward: sends a packet that arrived on `dev` onward by `r`. */
export function ipForward(k: Kernel, dev: Dev, p: Packet, r: Route): void {
  const w = k.world;
  if (p.pktType !== 0) {
    w.drop(k, p, Drop.OTHERHOST);
    return;
  }
  if (p.ttl <= 1) {
    k.ip.inHdrErrors++;
    icmpSend(k, p, 11, 0, 0);
    w.drop(k, p, Drop.TTL_EXPIRED);
    return;
  }
  const out = k.devByIndex(r.dev);
  if (out === undefined) {
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  const mtu = r.mtu || out.mtu;
  if (p.len > mtu && (p.frag & IP_DF) !== 0) {
    k.ip.fragFails++;
    icmpSend(k, p, 3, 4, mtu);
    w.drop(k, p, Drop.PKT_TOO_BIG);
    return;
  }
  if (out === dev) maybeRedirect(k, dev, p, r);
  p.ttl--;
  if (!nfHook(k, HOOK.FORWARD, p, r)) return;
  k.ip.forwDatagrams++;
  ipFinishOutput(k, p, r);
}

/** Redirects: load limit and silence (ip_rt_redirect_load, ip_rt_redirect_silence), us. */
const LOAD_US = 20_000;
const SILENCE_US = 20_480_000;

/** True when what came in on `dev` for `dst` goes out there again and its sender is on that link (RTCF_DOREDIRECT). */
export function redirects(k: Kernel, dev: Dev, src: Ip, dst: Ip, r: Route): boolean {
  if (r.dev !== dev.index || !k.confOr(dev, Conf.send_redirects)) return false;
  const back = fibLookup(k, src);
  if (back === null || back.gw !== 0 || back.dev !== dev.index) return false;
  return k.confOr(dev, Conf.shared_media) || onLink(dev, src, r.gw !== 0 ? r.gw : dst);
}

/** Tells a sender on our own link that a better first hop exists (send_redirects: OR of all and the interface). */
function maybeRedirect(k: Kernel, dev: Dev, p: Packet, r: Route): void {
  if (!redirects(k, dev, p.src, p.dst, r)) return;
  const better = r.gw !== 0 ? r.gw : p.dst;
  // ip_rt_send_redirect: the first at once, then slower and slower; after nine, silence for 20 s.
  const now = k.world.clock.now;
  const peer = peerOf(k, p.src);
  if (now > peer.last + SILENCE_US) {
    peer.tokens = 0;
    peer.redirects = 0;
  }
  if (peer.redirects >= 9) peer.last = now;
  else if (peer.redirects === 0 || now > peer.last + LOAD_US * 2 ** peer.redirects) {
    icmpSend(k, p, 5, 1, better);
    peer.last = now;
    peer.redirects++;
  }
}
