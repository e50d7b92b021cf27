// The trace for people: frames and kernel decisions as objects, conversations, and what a hop changed. Reads kernel/trace.ts's rings.
import { DROP_REASONS } from '../kernel/drop_reason';
import { Step } from '../kernel/trace_step';
import type { World } from '../kernel/world';
import { ipText } from '../wire/ipv4';
import { packetText } from '../wire/ipv6';
import { ETH_P_ARP, IPPROTO_IPIP, IPPROTO_TCP, type Packet } from '../wire/packet';
import { Conversations } from './conversations';
import { frameBytes } from './frame_bytes';
import { dataLength, flagWords, infoOf, protocolOf } from './frame_text';

/** A frame as it left a device. Times are virtual us. */
export interface FrameView {
  id: number; at: number; from: string; fromDev: string; segment: string;
  /** Who received it; `accepted` false when the host dropped it at once (not for it). */
  to: { host: string; dev: string; at: number; accepted: boolean }[];
  /** Frame whose handling made this one; 0 for none. */
  cause: number;
  proto: string; smac: string; dmac: string; src: string; dst: string; sport: number; dport: number; ttl: number; flags: string;
  seq: number; ack: number; len: number;
  info: string;
  /** What IPVS or NAT did to make this frame of its cause. */
  mode: 'MAC' | 'DNAT' | 'SNAT' | 'IPIP' | null;
  changed: { field: 'dmac' | 'smac' | 'src' | 'dst' | 'sport' | 'dport' | 'outer'; before: string; after: string }[];
  /** Why it died where it arrived, or null. */
  drop: string | null;
  /** Number of the conversation on this side (tcp.stream), or -1. */
  stream: number;
  /** Number of the whole conversation, the same on both sides of a rewriting and for the ARP it needed: that of its first stream, or -1. */
  conversation: number;
  data: string;
}

/** A decision of a host's kernel about a frame. `kind` is a key of kernel/trace.ts's Step. */
export interface StepView { n: number; at: number; host: string; frame: number; kind: keyof typeof Step; args: Record<string, string | number> }

export interface TraceView {
  frameCount(): number;
  /** Frames numbered from..to (inclusive; default: to the newest) that are still kept. */
  frames(from: number, to?: number): FrameView[];
  /** Of these, the ones whose data begin with `text`. */
  framesSaying(text: string, from: number): FrameView[];
  frame(id: number): FrameView | null;
  steps(frame: number): StepView[];
  /** A frame's bytes as they were on the wire; null when the ring has lost it. */
  bytes(id: number): Uint8Array | null;
  /** Grows with every visit of the frame to a host or a dead end: the frame need not be looked at again before. 0: still on its way, or lost. */
  touched(id: number): number;
  /** Frames of the same conversation across address rewriting, with the ARP it needed. */
  flow(id: number): number[];
}

const KINDS = Object.keys(Step).reduce<(keyof typeof Step)[]>((list, k) => {
  list[Step[k as keyof typeof Step]] = k as keyof typeof Step;
  return list;
}, []);
/** Decisions whose first argument is an address. */
const ADDRESS_A = new Set<keyof typeof Step>(['routeNone', 'neighbour', 'neighbourWait', 'ipvsSchedule', 'ipvsConn', 'ipvsNoDest', 'ipvsDnat', 'ipvsSnat', 'ipvsDr', 'ipvsTun', 'noSocket', 'arpAnswer', 'arpSilent', 'arpLearn', 'nfNat', 'martian', 'rpFilter', 'routeLocal']);

interface RawStep { n: number; at: number; host: number; code: number; a: number; b: number; c: number }

/** Index over the rings of one world, filled as they grow. */
export class TraceReader implements TraceView {
  private readonly talk = new Conversations();
  private readFrames = 0;

  constructor(private readonly world: World) {}

  frameCount(): number {
    return this.world.trace.frameCount;
  }

  frames(from: number, to = this.world.trace.frameCount): FrameView[] {
    this.read();
    const out: FrameView[] = [];
    this.world.trace.eachFrame(from, (id, at, host, dev, cause, p) => void out.push(this.view(id, at, host, dev, cause, p)), Math.min(to, this.world.trace.frameCount));
    return out;
  }

  framesSaying(text: string, from: number): FrameView[] {
    this.read();
    const out: FrameView[] = [];
    this.world.trace.eachFrame(from, (id, at, host, dev, cause, p) => {
      if (p.data.startsWith(text)) out.push(this.view(id, at, host, dev, cause, p));
    });
    return out;
  }

  frame(id: number): FrameView | null {
    return this.frames(id, id)[0] ?? null;
  }

  steps(frame: number): StepView[] {
    this.read();
    return this.raw(frame).map((s) => this.stepView(frame, s));
  }

  flow(id: number): number[] {
    this.read();
    return this.talk.together(id);
  }

  touched(id: number): number {
    return this.world.trace.touched(id);
  }

  bytes(id: number): Uint8Array | null {
    return frameBytes(this.world, id);
  }

  private stepView(frame: number, s: RawStep): StepView {
    const kind = KINDS[s.code]!;
    const k = this.world.kernels[s.host];
    const devName = (index: number): string => k?.devByIndex(index)?.name ?? '';
    const args: Record<string, string | number> = { a: ADDRESS_A.has(kind) ? this.addressOf(s.a) : s.a, b: s.b, c: s.c };
    switch (kind) {
      case 'receive': args['dev'] = devName(s.a); break;
      case 'routeLocal': args['prefix'] = s.b; break;
      case 'routeForward':
      case 'routeOutput': args['gateway'] = s.a === 0 ? '' : this.addressOf(s.a); args['dev'] = devName(s.b); args['prefix'] = s.c; break;
      case 'neighbour': args['mac'] = this.world.macs.text(s.b) ?? ''; break;
      case 'neighbourWait': case 'arpAnswer': case 'martian': case 'rpFilter': args['dev'] = devName(s.b); break;
      case 'arpLearn': args['mac'] = this.world.macs.text(s.b) ?? ''; args['replaced'] = s.c; break;
      case 'drop': args['reason'] = DROP_REASONS[s.a] ?? 'NOT_SPECIFIED'; break;
      case 'ipvsSchedule': case 'ipvsConn': case 'ipvsNoDest': case 'ipvsDnat': case 'ipvsSnat': case 'nfNat': case 'noSocket': args['port'] = s.b & 0xffff; break;
      default: break;
    }
    return { n: s.n, at: s.at, host: this.hostName(s.host), frame, kind, args };
  }

  /** An address of either family: ids of IPv6 lie in 0.0.0.0/8, which is nobody's address. */
  private addressOf(a: number): string {
    return a > 0 && a < 1 << 24 ? this.world.ip6.text(a) : ipText(a);
  }

  /** Host name by index; '' for the cable. */
  private hostName(index: number): string {
    return (this.world.hosts[index] as { name?: string } | undefined)?.name ?? this.world.kernels[index]?.hostname ?? '';
  }

  private read(): void {
    const t = this.world.trace;
    t.eachFrame(this.readFrames + 1, (id, _at, _host, _dev, cause, p) => this.talk.note(id, cause, p));
    this.readFrames = t.frameCount;
  }

  /** Decisions about a frame, oldest first. */
  private raw(frame: number): RawStep[] {
    const out: RawStep[] = [];
    this.world.trace.eachStepOf(frame, (n, at, host, _frame, code, a, b, c) => void out.push({ n, at, host, code, a, b, c }));
    return out.sort((x, y) => x.n - y.n);
  }

  private view(id: number, at: number, host: number, dev: number, cause: number, p: Packet): FrameView {
    const w = this.world;
    const k = w.kernels[host];
    const d = k?.devByIndex(dev);
    const steps = this.raw(id);
    const arp = p.type === ETH_P_ARP;
    const to: FrameView['to'] = [];
    let drop: string | null = null;
    let lost: string | null = null;
    for (const s of steps) {
      if (s.code === Step.receive) to.push({ host: this.hostName(s.host), dev: w.kernels[s.host]?.devByIndex(s.a)?.name ?? '', at: s.at, accepted: true });
      else if (s.code === Step.drop) {
        const reason = DROP_REASONS[s.a]!;
        if (reason === 'OTHERHOST' || reason === 'ARP_NOT_FOR_US') {
          for (const r of to) if (r.host === this.hostName(s.host)) r.accepted = false;
        } else if (s.host >= 0) drop ??= reason;
        else lost ??= reason;
      }
    }
    if (to.length === 0) drop ??= lost; // a flooded copy that met a dead card says nothing when others took theirs
    const { mode, changed } = this.change(p, host, cause);
    return {
      id, at, from: this.hostName(host), fromDev: d?.name ?? '', segment: d === undefined || d.segment < 0 ? '' : segmentName(w, d.segment), to, cause,
      proto: protocolOf(p), smac: w.macs.text(p.smac), dmac: w.macs.text(p.dmac), src: arp ? ipText(p.spa) : packetText(p, p.src, w.ip6), dst: arp ? ipText(p.tpa) : packetText(p, p.dst, w.ip6),
      sport: p.sport, dport: p.dport, ttl: p.ttl, flags: p.proto === IPPROTO_TCP && !arp ? flagWords(p.flags) : '', seq: p.seq >>> 0, ack: p.ack >>> 0,
      len: p.proto === IPPROTO_TCP && !arp ? dataLength(p) : p.len, info: infoOf(p, w.macs, this.talk.baseOf(p), w.ip6), mode, changed, drop, stream: this.talk.streamOf(id), conversation: this.talk.conversationOf(id), data: p.data,
    };
  }

  /** What host `host` changed when frame `cause` became packet `p`. */
  private change(p: Packet, host: number, cause: number): Pick<FrameView, 'mode' | 'changed'> {
    const before = cause === 0 ? null : this.rawFrame(cause);
    if (before === null || before.type === ETH_P_ARP || p.type !== before.type) return { mode: null, changed: [] };
    const outer = p.proto === IPPROTO_IPIP && before.proto !== IPPROTO_IPIP;
    const same = outer ? p.inner !== null && p.inner.src === before.src && p.inner.dst === before.dst : p.proto === before.proto && p.seq === before.seq && p.data === before.data && (p.src === before.src || p.dst === before.dst);
    if (!same) return { mode: null, changed: [] };
    let mode: FrameView['mode'] = null;
    for (const s of this.raw(cause)) {
      if (s.host !== host) continue;
      if (s.code === Step.ipvsDnat) mode = 'DNAT';
      else if (s.code === Step.ipvsSnat) mode = 'SNAT';
      else if (s.code === Step.ipvsDr) mode = 'MAC';
      else if (s.code === Step.ipvsTun) mode = 'IPIP';
      else if (s.code === Step.nfNat) mode = s.c === 1 ? 'SNAT' : 'DNAT';
    }
    const changed: FrameView['changed'] = [];
    const note = (field: FrameView['changed'][number]['field'], a: string, b: string): void => {
      if (a !== b) changed.push({ field, before: a, after: b });
    };
    note('smac', this.world.macs.text(before.smac), this.world.macs.text(p.smac));
    note('dmac', this.world.macs.text(before.dmac), this.world.macs.text(p.dmac));
    if (outer) note('outer', '', `${ipText(p.src)} → ${ipText(p.dst)}`);
    else {
      note('src', packetText(before, before.src, this.world.ip6), packetText(p, p.src, this.world.ip6));
      note('dst', packetText(before, before.dst, this.world.ip6), packetText(p, p.dst, this.world.ip6));
      note('sport', String(before.sport), String(p.sport));
      note('dport', String(before.dport), String(p.dport));
    }
    return { mode, changed };
  }

  private rawFrame(id: number): Packet | null {
    return this.world.trace.packet(id);
  }
}

function segmentName(w: World, index: number): string {
  return (w.segments[index] as unknown as { name?: string } | undefined)?.name ?? String(index);
}
