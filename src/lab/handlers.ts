// What each kind of event calls: the one table that ties the clock to kernels, processes and daemons. Frozen, so that forks share it.
import type { Host } from '../host/host';
import { deviceReceive } from '../kernel/core/dev_queue';
import { segmentFlood } from '../kernel/core/segment';
import { neighbourTimer } from '../kernel/core/neighbour';
import { arpReplyDue } from '../kernel/ipv4/arp';
import { tcpTimer } from '../kernel/ipv4/tcp_output';
import { addrconfTimer } from '../kernel/ipv6/addrconf';
import { ipvsConnTimer } from '../kernel/ipvs/ip_vs_conn';
import { ipvsTimer } from '../kernel/ipvs/ip_vs_timer';
import { Ev, type Handler, type Handlers, type World } from '../kernel/world';
import { hostHandlers } from './host_events';

const hostOf = (w: World, index: number): Host => w.hosts[index] as Host;

function table(): readonly (Handler | undefined)[] {
  const t: (Handler | undefined)[] = [];
  t[Ev.deviceReceive] = deviceReceive;
  t[Ev.segmentFlood] = segmentFlood;
  t[Ev.neighbour] = neighbourTimer;
  t[Ev.tcpTimer] = tcpTimer;
  t[Ev.arpReply] = arpReplyDue;
  t[Ev.addrconf] = addrconfTimer;
  t[Ev.ipvsConn] = ipvsConnTimer;
  t[Ev.ipvsEstimator] = ipvsTimer;
  t[Ev.run] = (w, a, b) => hostOf(w, a).resume(b);
  t[Ev.timeout] = (w, a, b) => hostOf(w, Math.floor(a / 65536)).timeout(a % 65536, b);
  t[Ev.wake] = (w, a, b) => hostOf(w, a).wake(b);
  for (const [kind, h] of hostHandlers) t[kind] = h;
  return t;
}

export const handlers: Handlers = Object.freeze({ byKind: Object.freeze(table()) });
