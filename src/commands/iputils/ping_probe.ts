// What ping's probe socket finds out before the first request: source address and device, or why there is no way. Counterpart: ping4_run in iputils 20221126.
import type { Process } from '../../host/process';
import { type Errno, strerror } from '../../lib/errno';
import { isLocal } from '../../kernel/ipv4/fib';
import { routeSource } from '../../kernel/ipv4/source';
import { routeOutput } from '../../kernel/ipv4/ip_output';
import { inetAton } from '../../wire/ipv4';
import type { Ip } from '../../wire/packet';
import { BadUse } from './number';
import type { Ping } from './ping_options';

/** What the probe socket's bind and connect find out: source address, and the device when one was named. */
export function probe(p: Process, o: Ping, dst: Ip): { src: Ip; oif: number } | BadUse {
  const k = p.host.kernel;
  let src = 0;
  let oif = 0;
  if (o.from !== '') {
    const ip = inetAton(o.from);
    if (ip !== null) {
      if (!isLocal(k, ip)) return new BadUse('ping: bind: Cannot assign requested address\n', 2);
      src = ip;
    } else {
      const dev = k.devByName(o.from);
      if (dev === undefined) return new BadUse(`ping: SO_BINDTODEVICE ${o.from}: No such device\n`, 2);
      oif = dev.index;
    }
  }
  const r = routeOutput(k, dst, src, oif, 0);
  const refused: Errno | null = r === null ? 'ENETUNREACH' : r.type === 'unreachable' ? 'EHOSTUNREACH' : r.type === 'prohibit' ? 'EACCES' : r.type === 'blackhole' ? 'EINVAL' : null;
  if (refused !== null && refused !== 'EACCES') return new BadUse(`ping: connect: ${strerror(refused)}\n`, 2);
  // connect() says EACCES for a broadcast address and for a prohibited one; ping cannot tell and asks the same
  if (refused === 'EACCES' || (r!.type === 'broadcast' && !o.broadcast)) return new BadUse('ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n', 2);
  return { src: src !== 0 ? src : r!.type === 'local' ? r!.src || dst : routeSource(k, r!, dst), oif };
}
