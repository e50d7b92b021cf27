// Which way an arriving packet goes, and whether its source address is believable. Linux counterpart: route.c (ip_route_input_slow), fib_frontend.c (fib_validate_source).
import { Conf, type Dev, IFF } from '../core/dev';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { ipText } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { fibLookup, maybeLocal } from './fib';

const RP_FILTER = Conf.rp_filter;
const ACCEPT_LOCAL = Conf.accept_local;

/** Why a source is refused. */
export const REFUSED = { NO: 0, MARTIAN: 1, RPF: 2 } as const;

/**
 * fib_validate_source: 0 when `src` may arrive on `dev`. `oif` is the device the packet would leave by (0: delivered here).
 * An address of our own is a martian unless accept_local; rp_filter 1 wants the best way back to be `dev`, 2 any way back.
 */
export function sourceRefused(k: Kernel, dev: Dev, src: Ip, oif: number): number {
  const all = k.confAll;
  const own = dev.conf;
  if ((all[RP_FILTER]! | own[RP_FILTER]! | all[ACCEPT_LOCAL]! | own[ACCEPT_LOCAL]!) === 0 && dev.index !== oif) {
    return maybeLocal(k, src) && k.localIps.has(src) ? REFUSED.MARTIAN : REFUSED.NO; // the defaults, and nearly every packet
  }
  const rpf = k.confMax(dev, Conf.rp_filter);
  const acceptLocal = k.confOr(dev, Conf.accept_local);
  if (rpf === 0 && (dev.index !== oif || !k.confOr(dev, Conf.send_redirects))) {
    return !acceptLocal && k.localIps.has(src) ? REFUSED.MARTIAN : REFUSED.NO;
  }
  if (src === 0) return REFUSED.NO;
  const back = fibLookup(k, src, { src: 0, iif: '', oif: 0, mark: 0 });
  if (back === null) return rpf === 0 ? REFUSED.NO : REFUSED.RPF;
  if (back.type !== 'unicast') {
    if (back.type !== 'local' || !acceptLocal) return REFUSED.MARTIAN;
  }
  if (back.dev === dev.index) return REFUSED.NO;
  if (dev.addresses.length === 0) return rpf === 0 ? REFUSED.NO : REFUSED.RPF;
  return rpf === 1 ? REFUSED.RPF : REFUSED.NO;
}

/** Counts and traces a refused source; with log_martians the kernel log says so. */
export function reportRefused(k: Kernel, dev: Dev, src: Ip, dst: Ip, frame: number, why: number): void {
  const now = k.world.clock.now;
  if (why === REFUSED.RPF) {
    k.count('TcpExt.IPReversePathFilter');
    k.world.trace.step(now, k.index, frame, Step.rpFilter, src, dev.index, k.confMax(dev, Conf.rp_filter));
  } else k.world.trace.step(now, k.index, frame, Step.martian, src, dev.index, 0);
  if (k.confOr(dev, Conf.log_martians)) {
    k.printk(`IPv4: martian source ${ipText(dst)} from ${ipText(src)}, on dev ${dev.name}`, 4);
  }
}

/** True for a source that no packet from a wire may carry (multicast, broadcast, loopback). */
export function sourceImpossible(k: Kernel, dev: Dev, src: Ip): boolean {
  if (src === -1 || (src & 0xf0000000) === (0xe0000000 | 0)) return true;
  return src >>> 24 === 127 && (dev.flags & IFF.LOOPBACK) === 0 && !k.confOr(dev, Conf.route_localnet);
}
