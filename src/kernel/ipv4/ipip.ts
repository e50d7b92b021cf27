// IP in IP (RFC 2003): the tunl0 device of module ipip. Linux counterpart: net/ipv4/ipip.c, ip_tunnel.c.
import type { Dev } from '../core/dev';
import { Conf } from '../core/dev';
import { tapPacket } from '../core/packet_socket';
import { Drop } from '../drop_reason';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { namespacesOf } from '../world';
import { Packet, IPPROTO_IPIP } from '../../wire/packet';
import { ipReceive } from './ip_input';
import { ipFinishOutput, routeOutput } from './ip_output';
import { routeSource } from './source';

/** The tunnel device that takes a packet from `remote` to `local`: exact ends first, then wildcards (ip_tunnel_lookup). */
function tunnelFor(k: Kernel, local: number, remote: number): Dev | undefined {
  let best: Dev | undefined;
  let score = -1;
  for (const d of k.devs) {
    if (d.kind !== 'ipip' || !d.up) continue;
    if (d.tunnelLocal !== 0 && d.tunnelLocal !== local) continue;
    if (d.tunnelRemote !== 0 && d.tunnelRemote !== remote) continue;
    const n = (d.tunnelRemote !== 0 ? 2 : 0) + (d.tunnelLocal !== 0 ? 1 : 0);
    if (n > score) {
      score = n;
      best = d;
    }
  }
  return best;
}

/** ipip_rcv: takes the outer header off. False when no tunnel device wants it (then: protocol unreachable). */
export function ipipReceive(k: Kernel, p: Packet): boolean {
  const w = k.world;
  if (!k.modules.some((m) => m.name === 'ipip')) return false;
  const dev = tunnelFor(k, p.dst, p.src);
  const inner = p.inner;
  if (dev === undefined || inner === null) return false;
  w.trace.step(w.clock.now, k.index, p.frame, Step.decap, dev.index, 0, 0);
  const frame = p.frame;
  const q = w.alloc();
  q.set(inner);
  q.frame = frame;
  q.cause = frame;
  q.pktType = 0;
  q.iif = dev.index;
  q.mark = 0;
  q.ipvs = 0;
  dev.stats.rxPackets++;
  dev.stats.rxBytes += q.len;
  w.consume(p);
  if (k.taps !== 0) tapPacket(k, dev, q, false);
  ipReceive(k, dev, q);
  return true;
}

/** Puts an outer header around `p`. The inner packet is a copy outside the ledger: it travels inside. */
export function encapsulate(k: Kernel, p: Packet, src: number, dst: number, ttl: number, df: number): void {
  const inner = new Packet();
  inner.set(p);
  p.src = src;
  p.dst = dst;
  p.proto = IPPROTO_IPIP;
  p.ttl = ttl;
  p.frag = df;
  if (df === 0) p.id = k.ipId++ & 0xffff;
  p.len = inner.len + 20;
  p.sport = 0;
  p.dport = 0;
  p.flags = 0;
  p.hlen = 0;
  p.data = '';
  p.inner = inner;
}

/** ipip_tunnel_xmit: what is routed into a tunnel device leaves as an outer packet. */
export function ipipXmit(k: Kernel, dev: Dev, p: Packet): void {
  const w = k.world;
  if (dev.tunnelRemote === 0) {
    dev.stats.txErrors++;
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  const r = routeOutput(k, dev.tunnelRemote, dev.tunnelLocal, 0, 0);
  if (r === null || (r.type !== 'unicast' && r.type !== 'local')) {
    dev.stats.txErrors++;
    w.drop(k, p, Drop.IP_OUTNOROUTES);
    return;
  }
  dev.stats.txPackets++;
  dev.stats.txBytes += p.len;
  if (k.taps !== 0) tapPacket(k, dev, p, true);
  encapsulate(k, p, dev.tunnelLocal || routeSource(k, r, dev.tunnelRemote), dev.tunnelRemote, dev.tunnelTtl || p.ttl, p.frag & 0x4000);
  ipFinishOutput(k, p, r);
}

/** Loads module ipip: tunl0 appears, down, in every namespace that has none. */
export function ipipLoad(k: Kernel): void {
  if (!k.modules.some((m) => m.name === 'ipip')) ipipInsert(k);
  for (const n of namespacesOf(k)) {
    if (n.devByName('tunl0') !== undefined) continue;
    const d = n.addDev('tunl0', 'ipip');
    d.conf[Conf.rp_filter] = n.confDefault[Conf.rp_filter]!;
  }
}

function ipipInsert(k: Kernel): void {
  for (const [name, size] of [['ip_tunnel', 36864], ['tunnel4', 16384]] as const) {
    let m = k.modules.find((x) => x.name === name);
    if (m === undefined) k.modules.push((m = { name, size, usedBy: [], refs: 0 }));
    m.usedBy.push('ipip');
    m.refs++;
  }
  k.modules.push({ name: 'ipip', size: 16384, usedBy: [], refs: 0 });
}
