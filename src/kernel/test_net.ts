// Test rig: kernels on segments without userland. Used by tests of the kernel floor only.
import { arpReplyDue } from './ipv4/arp';
import { addressAdd, devUp } from './ipv4/devinet';
import { addrconfTimer } from './ipv6/addrconf';
import { tcpTimer } from './ipv4/tcp_output';
import { deviceReceive } from './core/dev_queue';
import { neighbourTimer } from './core/neighbour';
import { plug, Segment, segmentFlood } from './core/segment';
import { Kernel } from './kernel';
import { Ev, type Handler, World } from './world';
import { ipText, parseIp } from '../wire/ipv4';
import { ACK, ETH_P_ARP, FIN, IPPROTO_ICMP, IPPROTO_TCP, type Packet, PSH, RST, SYN } from '../wire/packet';

/** An address of a test; throws when it is none. */
export const ip = (text: string): number => {
  const a = parseIp(text);
  if (a === null) throw new Error(`no address: ${text}`);
  return a;
};

export interface Net {
  world: World;
  k(host: string): Kernel;
  /** Lets virtual seconds pass. */
  run(seconds: number): void;
  /** Every frame sent so far, one line each. */
  frames(): string[];
}

/** Kernel handlers, plus those a test adds. */
export function handlers(more: [number, Handler][] = []): { byKind: readonly (Handler | undefined)[] } {
  const byKind: (Handler | undefined)[] = [];
  byKind[Ev.deviceReceive] = deviceReceive;
  byKind[Ev.segmentFlood] = segmentFlood;
  byKind[Ev.neighbour] = neighbourTimer;
  byKind[Ev.tcpTimer] = tcpTimer;
  byKind[Ev.arpReply] = arpReplyDue;
  byKind[Ev.addrconf] = addrconfTimer;
  for (const [kind, h] of more) byKind[kind] = h;
  return Object.freeze({ byKind });
}

/** Builds segments {name: {host: 'a.b.c.d/p'}}; a host on several segments gets eth0, eth1 ... in order. */
export function net(segments: Record<string, Record<string, string>>, more: [number, Handler][] = []): Net {
  const world = new World(1, handlers(more));
  const names: string[] = [];
  for (const [name, members] of Object.entries(segments)) {
    const seg = new Segment(world.segments.length, name, '');
    world.segments.push(seg);
    for (const [host, address] of Object.entries(members)) {
      let k = world.kernels[names.indexOf(host)];
      if (k === undefined) {
        k = Kernel.start(world, names.length, host);
        names.push(host);
        world.kernels.push(k);
        devUp(k, k.devs[0]!);
      }
      const dev = k.addDev(`eth${k.devs.length - 1}`, 'ether');
      dev.mac = world.macs.intern(`02:00:00:00:0${seg.index}:0${k.index}`);
      plug(seg, k.index, dev);
      const [a, p] = address.split('/');
      addressAdd(k, dev, { local: ip(a!), prefix: Number(p), broadcast: ip(a!) | (0xffffffff >>> Number(p)) });
      devUp(k, dev);
    }
  }
  const k = (host: string): Kernel => world.kernels[names.indexOf(host)]!;
  const macName = (mac: number): string => (mac === 1 ? '*' : (names[Number(world.macs.text(mac).slice(-1))] ?? '?'));
  return {
    world,
    k,
    run: (seconds) => world.advance(world.clock.now + Math.round(seconds * 1e6)),
    frames: () => {
      const out: string[] = [];
      world.trace.eachFrame(0, (_id, _at, host, _dev, _cause, p) => out.push(`${names[host]} > ${macName(p.dmac)} ${line(p, macName)}`));
      return out;
    },
  };
}

function line(p: Packet, macName: (mac: number) => string): string {
  if (p.type === ETH_P_ARP) {
    return p.arpOp === 1 ? `arp who-has ${ipText(p.tpa)} tell ${ipText(p.spa)}` : `arp ${ipText(p.spa)} is-at ${macName(p.sha)}`;
  }
  const ends = `${ipText(p.src)} > ${ipText(p.dst)}`;
  if (p.proto === IPPROTO_ICMP) return `icmp ${ends} ${p.icmpType}/${p.icmpCode}`;
  if (p.proto !== IPPROTO_TCP) return `ip${p.proto} ${ends}`;
  const f = p.flags;
  const flags = `${f & SYN ? 'S' : ''}${f & FIN ? 'F' : ''}${f & RST ? 'R' : ''}${f & PSH ? 'P' : ''}${f & ACK ? 'A' : ''}`;
  return `tcp ${ends} ${flags} ${p.len - 20 - p.hlen}`;
}

/** Throws unless every frame copy is accounted for: created = consumed + dropped + queued + in flight. */
export function checkLedger(w: World): void {
  let waiting = 0;
  w.clock.forEach((kind, _a, _b, ref) => {
    if ((kind === Ev.deviceReceive || kind === Ev.segmentFlood || kind === Ev.arpReply) && ref !== null) waiting++;
  });
  for (const k of w.kernels) {
    for (const n of k.neighbours) waiting += n?.queue.length ?? 0;
    for (const f of k.fragments.values()) waiting += f.first === null ? 0 : 1;
  }
  if (w.created !== w.consumed + w.dropped + waiting) {
    throw new Error(`ledger: created ${w.created}, consumed ${w.consumed}, dropped ${w.dropped}, waiting ${waiting}`);
  }
}
