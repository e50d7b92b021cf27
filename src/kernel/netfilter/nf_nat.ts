// Network address translation: decides once for a connection, then rewrites its packets both ways. Linux counterpart: net/netfilter/nf_nat_core.c, nf_nat_proto.c.
// Not modelled: the kernel's hash that spreads connections over a range of addresses (another even hash does), checksums.
import { type Ip, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, Packet } from '../../wire/packet';
import { Drop } from '../drop_reason';
import type { Route } from '../ipv4/fib';
import type { Kernel } from '../kernel';
import { Step } from '../trace_step';
import { CT, HOOK, NF_ACCEPT, NF_DROP } from './hooks_state';
import { ctDir } from './nf_conntrack';
import { type ConntrackTable, STATUS } from './nf_conntrack_tab';
import { doTable } from './x_tables';

/** Which end is translated. */
export const MANIP = { SRC: 0, DST: 1 } as const;

/** Where a NAT target may map to. `ports` null: as they are, if free. */
export interface NatRange {
  min: Ip;
  max: Ip;
  ports: readonly [number, number] | null;
  random: boolean;
  fullyRandom: boolean;
  persistent: boolean;
}

/** nf_nat_inet_fn: translates a packet at one of the four NAT hooks; a new connection first asks the table's rules. */
export function natHook(k: Kernel, p: Packet, hook: number, route: Route | null): number {
  const t = k.netfilter.ct;
  if (t === null || p.ct <= 0) return NF_ACCEPT;
  const manip = hook === HOOK.PRE_ROUTING || hook === HOOK.LOCAL_OUT ? MANIP.DST : MANIP.SRC;
  const s = p.ct - 1;
  if (!t.live(s)) return NF_ACCEPT;
  const info = p.ctInfo;
  if ((info === CT.RELATED || info === CT.RELATED_REPLY) && p.proto === IPPROTO_ICMP) {
    translateError(t, p, s, manip);
    return NF_ACCEPT;
  }
  if (info === CT.NEW || info === CT.RELATED || info === CT.RELATED_REPLY) {
    const done = manip === MANIP.SRC ? STATUS.SRC_NAT_DONE : STATUS.DST_NAT_DONE;
    if ((t.status[s]! & done) === 0) {
      if ((t.status[s]! & STATUS.CONFIRMED) === 0) {
        const verdict = doTable(k, 'nat', p, hook, route);
        if (verdict !== NF_ACCEPT) return verdict;
      }
      if ((t.status[s]! & done) === 0) natNull(k, t, s, manip);
    }
  }
  const dir = ctDir(p);
  if ((t.status[s]! & bitFor(manip, dir)) !== 0) rewrite(k, t, p, s, manip, dir);
  return NF_ACCEPT;
}

/** The status bit that says a packet of `dir` is changed at this end: replies undo at the other end. */
const bitFor = (manip: number, dir: number): number => ((manip === MANIP.SRC) === (dir === 0) ? STATUS.SRC_NAT : STATUS.DST_NAT);

/** nf_nat_packet: the packet gets what the other direction's tuple promises. */
function rewrite(k: Kernel, t: ConntrackTable, p: Packet, s: number, manip: number, dir: number): void {
  const other = s * 2 + 1 - dir;
  const w = k.world;
  const icmp = p.proto === IPPROTO_ICMP;
  const ports = p.proto === IPPROTO_TCP || p.proto === IPPROTO_UDP;
  if (manip === MANIP.SRC) {
    w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.nfNat, p.src, p.sport, 1);
    p.src = t.dst[other]!;
    if (ports) p.sport = t.dport[other]!;
  } else {
    w.trace.step(w.clock.now, k.index, p.frame !== 0 ? p.frame : p.cause, Step.nfNat, p.dst, p.dport, 0);
    p.dst = t.src[other]!;
    if (ports) p.dport = t.sport[other]!;
  }
  if (icmp) p.icmpRest = (t.sport[other]! << 16) | (p.icmpRest & 0xffff);
}

/** nf_nat_icmp_reply_translation: an error about a translated packet is translated, and so is what it quotes. */
function translateError(t: ConntrackTable, p: Packet, s: number, manip: number): void {
  const dir = ctDir(p);
  if ((t.status[s]! & bitFor(manip, dir)) === 0 || p.inner === null) return;
  const other = s * 2 + 1 - dir;
  const q = new Packet();
  q.set(p.inner);
  const ports = q.proto === IPPROTO_TCP || q.proto === IPPROTO_UDP;
  if (manip === MANIP.SRC) {
    q.dst = t.dst[other]!;
    if (ports) q.dport = t.dport[other]!;
    p.src = t.dst[other]!;
  } else {
    q.src = t.src[other]!;
    if (ports) q.sport = t.sport[other]!;
    p.dst = t.src[other]!;
  }
  if (q.proto === IPPROTO_ICMP) q.icmpRest = (t.sport[other]! << 16) | (q.icmpRest & 0xffff);
  p.inner = q;
}

/** nf_nat_setup_info by a rule's target. NF_DROP when the range has no free place. */
export function natSetup(k: Kernel, p: Packet, range: NatRange, manip: number): number {
  const t = k.netfilter.ct!;
  const s = p.ct - 1;
  const done = manip === MANIP.SRC ? STATUS.SRC_NAT_DONE : STATUS.DST_NAT_DONE;
  if ((t.status[s]! & (STATUS.CONFIRMED | done)) !== 0) return NF_ACCEPT;
  if (bind(k, t, s, range, manip)) return NF_ACCEPT;
  k.netfilter.dropReason = Drop.NETFILTER_DROP;
  return NF_DROP;
}

/** nf_nat_alloc_null_binding: nobody asked for a change, but the tuple must still be unique. */
function natNull(k: Kernel, t: ConntrackTable, s: number, manip: number): void {
  const n = s * 2 + 1;
  const ip = manip === MANIP.SRC ? t.dst[n]! : t.src[n]!;
  bind(k, t, s, { min: ip, max: ip, ports: null, random: false, fullyRandom: false, persistent: false }, manip);
}

function bind(k: Kernel, t: ConntrackTable, s: number, range: NatRange, manip: number): boolean {
  const n = s * 2 + 1; // how replies look: their destination is our source
  const now = k.world.clock.now;
  const proto = t.proto[s]!;
  const src = manip === MANIP.SRC;
  const oldIp = src ? t.dst[n]! : t.src[n]!;
  const hasPorts = proto === IPPROTO_TCP || proto === IPPROTO_UDP;
  const oldPort = src ? t.dport[n]! : t.sport[n]!;
  const keyPort = proto === IPPROTO_ICMP ? t.sport[n]! : oldPort;
  const ip = pickAddress(t, s, range);
  const free = (port: number): boolean => {
    if (proto === IPPROTO_ICMP) return t.find(proto, src ? t.src[n]! : ip, port, src ? ip : t.dst[n]!, t.dport[n]!, now) < 0;
    return (src ? t.find(proto, t.src[n]!, t.sport[n]!, ip, port, now) : t.find(proto, ip, port, t.dst[n]!, t.dport[n]!, now)) < 0;
  };
  let port = keyPort;
  if (hasPorts || proto === IPPROTO_ICMP) {
    const inRange = range.ports === null || (keyPort >= range.ports[0] && keyPort <= range.ports[1]);
    const keep = !range.random && !range.fullyRandom && inRange && (free(keyPort) || (range.ports !== null && range.ports[0] === range.ports[1]) || (range.ports === null && !src));
    if (!keep) {
      const chosen = pickPort(k, range, keyPort, src, hasPorts, free);
      if (chosen < 0) return false;
      port = chosen;
    }
  }
  if (proto === IPPROTO_ICMP) t.sport[n] = port;
  if (src) {
    t.dst[n] = ip;
    if (hasPorts) t.dport[n] = port;
  } else {
    t.src[n] = ip;
    if (hasPorts) t.sport[n] = port;
  }
  if (ip !== oldIp || port !== keyPort) t.status[s] = t.status[s]! | (src ? STATUS.SRC_NAT : STATUS.DST_NAT);
  t.status[s] = t.status[s]! | (src ? STATUS.SRC_NAT_DONE : STATUS.DST_NAT_DONE);
  return true;
}

/** find_best_ips_proto: one of the range's addresses, the same for a client each time. */
function pickAddress(t: ConntrackTable, s: number, range: NatRange): Ip {
  const size = (range.max >>> 0) - (range.min >>> 0) + 1;
  if (size <= 1) return range.min;
  let h = Math.imul(t.src[s * 2]!, 0x9e3779b1);
  if (!range.persistent) h ^= Math.imul(t.dst[s * 2]!, 0x85ebca6b);
  h ^= h >>> 15;
  return ((range.min >>> 0) + ((h >>> 0) % size)) | 0;
}

/** nf_nat_l4proto_unique_tuple: a free port in the rule's range, or in the class of the old one; -1 when all are taken. */
function pickPort(k: Kernel, range: NatRange, old: number, src: boolean, hasPorts: boolean, free: (port: number) => boolean): number {
  let min = 0;
  let size = 65536;
  if (range.ports !== null) {
    min = range.ports[0];
    size = range.ports[1] - min + 1;
  } else if (hasPorts) {
    if (!src) return old; // nobody chooses another service on its own
    if (old < 512) [min, size] = [1, 511];
    else if (old < 1024) [min, size] = [600, 1023 - 600 + 1];
    else [min, size] = [1024, 65535 - 1024 + 1];
  }
  // A range given for destinations starts at its first port by the connection's own; else anywhere, so that guessing is hard.
  const start = k.world.rng.next('nf_nat_port') % size;
  for (let i = 0; i < size; i++) {
    const port = min + ((start + i) % size);
    if (free(port)) return port;
  }
  return -1;
}
