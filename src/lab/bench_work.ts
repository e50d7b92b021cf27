// The work the benchmark times: kernels without userland doing what the reference programs do. Used by `npm run bench` only.
import { cloneState } from '../lib/clone';
import { Conf } from '../kernel/core/dev';
import { deviceReceive } from '../kernel/core/dev_queue';
import { neighbourTimer } from '../kernel/core/neighbour';
import { plug, Segment, segmentFlood } from '../kernel/core/segment';
import { arpReplyDue } from '../kernel/ipv4/arp';
import { addressAdd, devUp } from '../kernel/ipv4/devinet';
import { routeAdd } from '../kernel/ipv4/fib';
import { rawOpen, rawReceive, rawSend } from '../kernel/ipv4/raw';
import { tcpAccept, tcpClose, tcpConnect, tcpEof, tcpListen, tcpRead, tcpSend } from '../kernel/ipv4/tcp';
import { tcpTimer } from '../kernel/ipv4/tcp_output';
import { TCP } from '../kernel/ipv4/tcp_state';
import { ipvsConnTimer } from '../kernel/ipvs/ip_vs_conn';
import { ConnTable } from '../kernel/ipvs/ip_vs_conn_tab';
import { ipVsAddDest, ipVsAddService, ipVsLoad } from '../kernel/ipvs/ip_vs_ctl';
import { ipvsTimer } from '../kernel/ipvs/ip_vs_timer';
import { Kernel } from '../kernel/kernel';
import { Ev, type Handler, type World as KernelWorld, World } from '../kernel/world';

const CLIENT = 0x0a010001;
const VIP = 0x0a010002;
const GATEWAY = 0x0a02fffe;
const PORT = 80;

interface Progress {
  started: number;
  done: number;
  failed: number;
  total: number;
}

/** A world of kernels with the handlers they need. */
function bareWorld(daemon: Handler | undefined): KernelWorld {
  const byKind: (Handler | undefined)[] = [];
  byKind[Ev.deviceReceive] = deviceReceive;
  byKind[Ev.segmentFlood] = segmentFlood;
  byKind[Ev.neighbour] = neighbourTimer;
  byKind[Ev.tcpTimer] = tcpTimer;
  byKind[Ev.arpReply] = arpReplyDue;
  byKind[Ev.ipvsConn] = ipvsConnTimer;
  byKind[Ev.ipvsEstimator] = ipvsTimer;
  byKind[Ev.daemon] = daemon;
  return new World(1, Object.freeze({ byKind }));
}

function addHost(w: KernelWorld): Kernel {
  const k = Kernel.start(w, w.kernels.length, `h${w.kernels.length}`);
  w.kernels.push(k);
  devUp(k, k.devs[0]!);
  return k;
}

function addCard(w: KernelWorld, k: Kernel, seg: Segment, address: number, prefix: number): void {
  const dev = k.addDev(`eth${k.devs.length - 1}`, 'ether');
  dev.mac = w.macs.intern(`02:00:00:${[k.index >> 8, k.index & 255, dev.index].map((n) => n.toString(16).padStart(2, '0')).join(':')}`);
  plug(seg, k.index, dev);
  addressAdd(k, dev, { local: address, prefix });
  devUp(k, dev);
}

function addSegment(w: KernelWorld): Segment {
  const seg = new Segment(w.segments.length, `lan${w.segments.length}`, '');
  w.segments.push(seg);
  return seg;
}

/** One director, one client, N servers; `run` makes K connections, 16 at a time, and gives the packet-hops (frames accepted by hosts). */
export class NatBench {
  readonly world: KernelWorld;
  private readonly progress: Progress = { started: 0, done: 0, failed: 0, total: 0 };

  constructor(servers: number, trace = true, scheduler = 'rr') {
    const progress = this.progress;
    this.world = bareWorld((w, host, sock) => daemonEvent(w, host, sock, progress));
    const w = this.world;
    w.trace.on = trace;
    const left = addSegment(w);
    const right = addSegment(w);
    const client = addHost(w);
    addCard(w, client, left, CLIENT, 24);
    routeAdd(client, { dst: 0, prefix: 0, gw: VIP });
    client.sysctls.set('net/ipv4/ip_local_port_range', '1024\t65535');
    const director = addHost(w);
    addCard(w, director, left, VIP, 24);
    addCard(w, director, right, GATEWAY, 16);
    director.confAll[Conf.forwarding] = 1;
    for (const d of director.devs) d.conf[Conf.forwarding] = 1;
    ipVsLoad(director);
    const id = { af: 2, protocol: 6, addr: VIP, port: PORT, fwmark: 0 };
    ipVsAddService(director, id, { scheduler, flags: 0, timeout: 0, netmask: -1, pe: '' });
    for (let i = 0; i < servers; i++) {
      const k = addHost(w);
      const ip = 0x0a020001 + i;
      addCard(w, k, right, ip, 16);
      routeAdd(k, { dst: 0, prefix: 0, gw: GATEWAY });
      tcpListen(k, 0, PORT, 4096, 1);
      ipVsAddDest(director, id, { af: 2, addr: ip, port: PORT }, { forward: 0, weight: 1, uThreshold: 0, lThreshold: 0, tunType: 0, tunPort: 0, tunFlags: 0 });
    }
  }

  /** Makes `count` connections from start to end. Returns packet-hops done. Throws when one fails. */
  run(count: number, atOnce = 16): number {
    const w = this.world;
    const p = this.progress;
    const before = hops(w);
    p.total = p.started + count;
    for (let i = 0; i < atOnce && p.started < p.total; i++) startOne(w.kernels[0]!, p);
    while (p.done + p.failed < p.total && w.step());
    if (p.failed > 0 || p.done < p.total) throw new Error(`bench: ${p.failed} of ${p.total} connections failed, ${p.done} done`);
    return hops(w) - before;
  }

  /** A copy of the whole world, as a fork of a lab makes it. */
  fork(): KernelWorld {
    return cloneState(this.world);
  }

  /** Bytes of typed arrays an IPVS connection takes, hash heads included. */
  static bytesPerEntry(): number {
    const n = 1 << 16;
    const t = new ConnTable(n);
    let bytes = 2 * 4; // two hash heads an entry at most
    for (const v of Object.values(t)) if (ArrayBuffer.isView(v) && (v as Uint8Array).length === n) bytes += v.byteLength / n;
    return bytes;
  }
}

function hops(w: KernelWorld): number {
  let n = 0;
  for (const k of w.kernels) for (const d of k.devs) n += d.stats.rxPackets;
  return n;
}

function startOne(client: Kernel, p: Progress): void {
  p.started++;
  const s = tcpConnect(client, VIP, PORT, { owner: 1 });
  if (typeof s === 'string') p.failed++;
}

/** Client and servers as event-driven programs: ask, answer and close, close. */
function daemonEvent(w: KernelWorld, host: number, sock: number, p: Progress): void {
  const k = w.kernels[host]!;
  const t = k.tcp;
  const state = t.state[sock]!;
  if (t.owner[sock] !== 1) return; // closed since the event was queued
  if (host === 0) {
    // The column `wait` is free on sockets that a daemon owns; here it says that the question was asked.
    if (state === TCP.ESTABLISHED && t.wait[sock] === 0) {
      t.wait[sock] = 1;
      tcpSend(k, sock, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n...');
      return;
    }
    tcpRead(k, sock);
    if (tcpEof(k, sock)) {
      tcpClose(k, sock);
      p.done++;
      if (p.started < p.total) startOne(k, p);
    } else if (state === TCP.CLOSE) {
      p.failed++;
      tcpClose(k, sock);
    }
    return;
  }
  if (state === TCP.LISTEN) {
    for (let c = tcpAccept(k, sock); c >= 0; c = tcpAccept(k, sock)) t.owner[c] = 1;
    return;
  }
  if (tcpRead(k, sock) === '') return;
  tcpSend(k, sock, 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nweb\n');
  tcpClose(k, sock);
}

/** N hosts on one segment that know nothing yet; the first pings each of the others once. Gives how many answered. */
export function coldSweep(count: number): number {
  const w = bareWorld(undefined);
  const seg = addSegment(w);
  for (let i = 0; i < count; i++) addCard(w, addHost(w), seg, 0x0a000001 + i, 16);
  const k = w.kernels[0]!;
  const s = rawOpen(k, 1);
  let answers = 0;
  const drain = (): void => {
    for (let m = rawReceive(k, s); m !== null; m = rawReceive(k, s)) if (m.packet.icmpType === 0) answers++;
  };
  for (let i = 1; i < count; i++) {
    rawSend(k, s, { dst: 0x0a000001 + i, icmpType: 8, icmpRest: i, data: '' });
    if (i % 64 === 0) {
      w.advance(w.clock.now + 1000); // the socket's queue holds a few hundred packets
      drain();
    }
  }
  w.advance(w.clock.now + 2_000_000);
  drain();
  return answers;
}
