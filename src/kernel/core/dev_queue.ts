// Sending and receiving frames on devices: counters, taps, loopback, and who takes a received frame. Linux counterpart: net/core/dev.c.
import { Drop } from '../drop_reason';
import { arpReceive } from '../ipv4/arp';
import { ipReceive } from '../ipv4/ip_input';
import { ipipXmit } from '../ipv4/ipip';
import { ip6Receive } from '../ipv6/ip6_input';
import type { Kernel } from '../kernel';
import { Ev, type World } from '../world';
import { ETH_HLEN } from '../../wire/ether';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, type Packet } from '../../wire/packet';
import type { Dev } from './dev';
import { IFF } from './dev';
import { tapPacket } from './packet_socket';
import { segmentForward } from './segment';

/** Bytes of a VLAN tag. */
const VLAN_HLEN = 4;

/** Microseconds a packet to oneself takes. */
const LOOPBACK_US = 10;

/** Bytes of a frame as interface counters see it: Ethernet header and IP or ARP, without padding. */
export function frameBytes(p: Packet): number {
  return ETH_HLEN + (p.type === ETH_P_ARP ? 28 : p.len);
}

/** dev_queue_xmit: sends a complete frame on a device; the packet is gone afterwards. */
export function devXmit(k: Kernel, dev: Dev, p: Packet): void {
  const w = k.world;
  const now = w.clock.now;
  if (!dev.running) {
    dev.stats.txDropped++;
    w.drop(k, p, Drop.DEV_READY);
    return;
  }
  if (dev.kind === 'ipip') {
    ipipXmit(k, dev, p);
    return;
  }
  p.cause = w.causeFrame;
  w.trace.frame(now, k.index, dev.index, p);
  const s = dev.stats;
  s.txPackets++;
  s.txBytes += dev.kind === 'loopback' ? p.len : frameBytes(p);
  // what goes out over lo is shown once, as it comes in (packet_rcv drops its own)
  if (k.taps !== 0 && dev.kind !== 'loopback') tapPacket(k, dev, p, true);
  if (dev.kind !== 'loopback') {
    // Over lo these stay: what was marked, tracked or handled by IPVS on its way out is not so again on its way in.
    p.mark = 0;
    p.ipvs = 0;
    p.ct = 0;
    p.ctInfo = 0;
  }
  if (dev.kind === 'loopback') {
    w.clock.push(now + LOOPBACK_US, Ev.deviceReceive, k.index, dev.index, p);
    return;
  }
  if (dev.segment < 0) {
    w.consume(p); // a dummy device swallows what it is given
    return;
  }
  if (dev.loss > 0 && w.rng.next('link-loss') / 4294967296 < dev.loss) {
    w.drop(k, p, Drop.LOST);
    return;
  }
  segmentForward(w, dev, p);
}

/** Handler of Ev.deviceReceive: a frame has reached device `devIndex` of host `host`. */
export function deviceReceive(w: World, host: number, devIndex: number, ref: object | null): void {
  const p = ref as Packet;
  const k = w.kernels[host]!;
  const dev = k.devByIndex(devIndex);
  if (dev === undefined || !dev.running) {
    w.lose(p, Drop.LINK_DOWN);
    return;
  }
  if (dev.kind === 'ether' && p.type === ETH_P_IP && p.len > dev.mtu + VLAN_HLEN) {
    w.lose(p, Drop.PKT_TOO_BIG); // is_skb_forwardable: a card takes no more than its MTU (and a VLAN tag's room)
    return;
  }
  w.causeFrame = p.frame;
  p.cause = p.frame;
  p.iif = devIndex;
  if (p.dmac === dev.mac) p.pktType = 0;
  else if (p.dmac === 1) p.pktType = 1;
  else if (dev.kind === 'loopback') p.pktType = 0;
  else if (w.macs.isGroup(p.dmac)) p.pktType = 2;
  else {
    p.pktType = 3;
    if (k.taps !== 0 && (dev.flags & IFF.PROMISC) !== 0) tapPacket(k, dev, p, false);
    w.lose(p, Drop.OTHERHOST);
    w.causeFrame = 0;
    return;
  }
  const s = dev.stats;
  s.rxPackets++;
  s.rxBytes += dev.kind === 'loopback' ? p.len : frameBytes(p);
  if (p.pktType === 2) s.multicast++;
  w.trace.receive(w.clock.now, host, p.frame, devIndex, p.pktType);
  if (k.taps !== 0) tapPacket(k, dev, p, false);
  if (p.type === ETH_P_IP) ipReceive(k, dev, p);
  else if (p.type === ETH_P_ARP) arpReceive(k, dev, p);
  else if (p.type === ETH_P_IPV6) ip6Receive(k, dev, p);
  else w.drop(k, p, Drop.UNHANDLED_PROTO);
  w.causeFrame = 0;
}
