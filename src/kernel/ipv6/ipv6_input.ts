// IPv6 packets that arrive: the room for net/ipv6/ip6_input.c.
// Not modelled: IPv6 traffic; frames of that type are dropped with their reason and listed as such.
import type { Dev } from '../core/dev';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import type { Packet } from '../../wire/packet';

/** Drops an IPv6 frame: this kernel was built without IPv6. */
export function ipv6Receive(k: Kernel, dev: Dev, p: Packet): void {
  dev.stats.rxDropped++;
  k.world.drop(k, p, Drop.UNHANDLED_PROTO);
}
