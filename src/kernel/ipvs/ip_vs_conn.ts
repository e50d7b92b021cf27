// The connection table: columns, one chained hash over the client's side, lazy timers. Linux counterpart: net/netfilter/ipvs/ip_vs_conn.c, struct ip_vs_conn.
// About 80 bytes an entry; entries are numbers (slots), so that a million of them cost no objects and a fork copies only the used prefix.
import type { Kernel } from '../kernel';
import { Ev, type World } from '../world';
import { type Ip, IPPROTO_UDP } from '../../wire/packet';
import { AF_INET6, CONN_F, type Dest, DEST_F, type IpVs, totalConns } from './ip_vs';
import { destPut } from './ip_vs_dest';
import { syncConn } from './ip_vs_sync';
import { Vs } from './ip_vs_settings';

/** Marks a free slot in the column `proto`. */
const FREE = 255;
const NEVER = Number.POSITIVE_INFINITY;
/** Timeout of a new entry until its first state, and of a template that still controls connections, ms. */
const NEW_MS = 3000;
const CONTROL_MS = 60_000;
/** Template state bit: a controlled connection was established (IP_VS_CTPL_S_ASSURED). */
export const ASSURED = 1;

/** All connections of a host. */
export class ConnTable {
  /** Slots ever used, and live entries (ip_vs_conn_count). */
  used = 0;
  count = 0;
  private freeHead = -1;
  proto: Uint8Array;
  state: Uint8Array;
  /** State last told to the other director. */
  oldState: Uint8Array;
  cport: Uint16Array;
  vport: Uint16Array;
  dport: Uint16Array;
  caddr: Int32Array;
  vaddr: Int32Array;
  daddr: Int32Array;
  /** CONN_F bits. */
  flags: Int32Array;
  fwmark: Int32Array;
  /** Server slot in `IpVs.dests`, or -1. */
  dest: Int32Array;
  /** The template that controls it, or -1; and how many it controls. */
  control: Int32Array;
  nControl: Int32Array;
  inPkts: Int32Array;
  /** Current timeout, ms; when it runs out, us (Infinity: no timer); when its queued event fires, us. */
  timeout: Uint32Array;
  expires: Float64Array;
  eventAt: Float64Array;
  /** Next in the hash chain; of a free slot, the next free one. */
  next: Int32Array;
  heads: Int32Array;

  constructor(capacity = 64) {
    this.proto = new Uint8Array(capacity).fill(FREE);
    this.state = new Uint8Array(capacity);
    this.oldState = new Uint8Array(capacity);
    this.cport = new Uint16Array(capacity);
    this.vport = new Uint16Array(capacity);
    this.dport = new Uint16Array(capacity);
    this.caddr = new Int32Array(capacity);
    this.vaddr = new Int32Array(capacity);
    this.daddr = new Int32Array(capacity);
    this.flags = new Int32Array(capacity);
    this.fwmark = new Int32Array(capacity);
    this.dest = new Int32Array(capacity);
    this.control = new Int32Array(capacity);
    this.nControl = new Int32Array(capacity);
    this.inPkts = new Int32Array(capacity);
    this.timeout = new Uint32Array(capacity);
    this.expires = new Float64Array(capacity);
    this.eventAt = new Float64Array(capacity).fill(NEVER);
    this.next = new Int32Array(capacity);
    this.heads = new Int32Array(256).fill(-1);
  }

  /** A fork's copy: only the used prefix of each column. */
  cloneWith(): ConnTable {
    const t = new ConnTable(0);
    t.used = this.used;
    t.count = this.count;
    t.freeHead = this.freeHead;
    t.heads = this.heads.slice();
    t.resize(this, Math.max(16, this.used));
    return t;
  }

  /** True when the slot holds an entry. */
  live(s: number): boolean {
    return s < this.used && this.proto[s] !== FREE;
  }

  /** Calls `visit` for every entry, oldest slot first. */
  forEach(visit: (s: number) => void): void {
    for (let s = 0; s < this.used; s++) if (this.proto[s] !== FREE) visit(s);
  }

  /** A free slot with `proto` set; grows when full. */
  take(proto: number): number {
    let s = this.freeHead;
    if (s >= 0) this.freeHead = this.next[s]!;
    else {
      if (this.used === this.proto.length) this.resize(this, Math.max(64, this.used * 2));
      s = this.used++;
    }
    this.proto[s] = proto;
    this.count++;
    return s;
  }

  release(s: number): void {
    this.proto[s] = FREE;
    this.expires[s] = NEVER;
    this.next[s] = this.freeHead;
    this.freeHead = s;
    this.count--;
  }

  /** Bucket of the client's side of an entry. */
  bucket(proto: number, caddr: Ip, cport: number): number {
    let h = Math.imul(caddr ^ Math.imul(cport + (proto << 16), 0x9e3779b1), 0x85ebca6b);
    h ^= h >>> 15;
    return (h ^ (h >>> 7)) & (this.heads.length - 1);
  }

  /** ip_vs_conn_hash: at the head of its chain, so that a newer entry is found first. One-packet entries are not hashed. */
  hash(s: number): void {
    if ((this.flags[s]! & CONN_F.ONE_PACKET) !== 0) return;
    if (this.count > this.heads.length) this.rehash();
    this.link(s);
    this.flags[s] = this.flags[s]! | CONN_F.HASHED;
  }

  unhash(s: number): void {
    if ((this.flags[s]! & CONN_F.HASHED) === 0) return;
    this.flags[s] = this.flags[s]! & ~CONN_F.HASHED;
    const b = this.bucket(this.proto[s]!, this.caddr[s]!, this.cport[s]!);
    const next = this.next;
    let i = this.heads[b]!;
    if (i === s) {
      this.heads[b] = next[s]!;
      return;
    }
    while (next[i] !== s) i = next[i]!;
    next[i] = next[s]!;
  }

  /** ip_vs_conn_in_get: the entry of a packet from client to virtual address, or -1. */
  findIn(proto: number, caddr: Ip, cport: number, vaddr: Ip, vport: number, v6: number): number {
    let s = this.heads[this.bucket(proto, caddr, cport)]!;
    while (s >= 0) {
      if (
        this.caddr[s] === caddr && this.cport[s] === cport && this.vport[s] === vport && this.vaddr[s] === vaddr &&
        this.proto[s] === proto && cport !== 0 && (this.flags[s]! & CONN_F.IPV6) === v6
      ) return s;
      s = this.next[s]!;
    }
    return -1;
  }

  /** ip_vs_conn_out_get: the entry of a packet from a real server (by NAT its own address, else the virtual one) to the client, or -1. */
  findOut(proto: number, saddr: Ip, sport: number, caddr: Ip, cport: number, v6: number): number {
    let s = this.heads[this.bucket(proto, caddr, cport)]!;
    while (s >= 0) {
      if (this.caddr[s] === caddr && this.cport[s] === cport && this.proto[s] === proto && (this.flags[s]! & CONN_F.IPV6) === v6) {
        const nat = (this.flags[s]! & CONN_F.FWD_MASK) === CONN_F.MASQ;
        if (nat ? this.daddr[s] === saddr && this.dport[s] === sport : this.vaddr[s] === saddr && this.vport[s] === sport) return s;
      }
      s = this.next[s]!;
    }
    return -1;
  }

  /** ip_vs_ct_in_get: a persistence template, or -1. */
  findTemplate(proto: number, caddr: Ip, vaddr: Ip, vport: number, v6: number): number {
    let s = this.heads[this.bucket(proto, caddr, 0)]!;
    while (s >= 0) {
      if (
        this.caddr[s] === caddr && this.vaddr[s] === vaddr && this.vport[s] === vport && this.cport[s] === 0 && this.proto[s] === proto &&
        (this.flags[s]! & (CONN_F.TEMPLATE | CONN_F.IPV6)) === (CONN_F.TEMPLATE | v6)
      ) return s;
      s = this.next[s]!;
    }
    return -1;
  }

  private link(s: number): void {
    const b = this.bucket(this.proto[s]!, this.caddr[s]!, this.cport[s]!);
    this.next[s] = this.heads[b]!;
    this.heads[b] = s;
  }

  /** Twice the buckets. Chains keep their order: each is walked from its tail. */
  private rehash(): void {
    const old = this.heads;
    this.heads = new Int32Array(old.length * 2).fill(-1);
    const chain: number[] = [];
    for (let b = 0; b < old.length; b++) {
      chain.length = 0;
      for (let s = old[b]!; s >= 0; s = this.next[s]!) chain.push(s);
      for (let i = chain.length - 1; i >= 0; i--) this.link(chain[i]!);
    }
  }

  private resize(from: ConnTable, capacity: number): void {
    const n = this.used;
    const copy = <T extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array>(old: T): T => {
      const grown = new (old.constructor as new (n: number) => T)(capacity);
      grown.set(old.subarray(0, n));
      return grown;
    };
    this.proto = copy(from.proto).fill(FREE, n);
    this.state = copy(from.state);
    this.oldState = copy(from.oldState);
    this.cport = copy(from.cport);
    this.vport = copy(from.vport);
    this.dport = copy(from.dport);
    this.caddr = copy(from.caddr);
    this.vaddr = copy(from.vaddr);
    this.daddr = copy(from.daddr);
    this.flags = copy(from.flags);
    this.fwmark = copy(from.fwmark);
    this.dest = copy(from.dest);
    this.control = copy(from.control);
    this.nControl = copy(from.nControl);
    this.inPkts = copy(from.inPkts);
    this.timeout = copy(from.timeout);
    this.expires = copy(from.expires);
    this.eventAt = copy(from.eventAt).fill(NEVER, n);
    this.next = copy(from.next);
  }
}

/** ip_vs_conn_new: an entry bound to `dest`, hashed, without a timer until it is put. Returns its slot. */
export function connNew(
  v: IpVs, af: number, proto: number, caddr: Ip, cport: number, vaddr: Ip, vport: number, daddr: Ip, dport: number, flags: number, dest: Dest | null, fwmark: number, nfct = v.vs[Vs.conntrack] !== 0,
): number {
  const t = v.conns;
  const s = t.take(proto);
  t.caddr[s] = caddr;
  t.cport[s] = cport;
  t.vaddr[s] = vaddr;
  t.vport[s] = vport;
  t.daddr[s] = daddr;
  t.dport[s] = dport;
  t.flags[s] = flags | (af === AF_INET6 ? CONN_F.IPV6 : 0) | (nfct ? CONN_F.NFCT : 0);
  t.fwmark[s] = fwmark;
  t.state[s] = 0;
  t.oldState[s] = 0;
  t.control[s] = -1;
  t.nControl[s] = 0;
  t.inPkts[s] = 0;
  t.timeout[s] = NEW_MS;
  t.expires[s] = NEVER;
  t.dest[s] = -1;
  if (dest !== null) bindDest(t, s, dest);
  t.hash(s);
  return s;
}

/** ip_vs_bind_dest: the entry inherits the server's forwarding method and is counted; reaching the upper threshold overloads the server. */
export function bindDest(t: ConnTable, s: number, dest: Dest): void {
  let inherited = dest.connFlags;
  if (t.proto[s] !== IPPROTO_UDP) inherited &= ~CONN_F.ONE_PACKET;
  let flags = t.flags[s]!;
  if ((flags & CONN_F.SYNC) !== 0) {
    if ((flags & CONN_F.TEMPLATE) === 0) inherited &= ~CONN_F.INACTIVE;
    flags &= ~(CONN_F.FWD_MASK | CONN_F.NOOUTPUT);
  }
  flags |= inherited;
  t.flags[s] = flags;
  t.dest[s] = dest.slot;
  dest.refs++;
  if ((flags & CONN_F.TEMPLATE) !== 0) dest.persistConns++;
  else if ((flags & CONN_F.INACTIVE) === 0) dest.activeConns++;
  else dest.inactConns++;
  if (dest.uThreshold !== 0 && totalConns(dest) >= dest.uThreshold) dest.flags |= DEST_F.OVERLOAD;
}

/** ip_vs_unbind_dest: falling below the lower threshold (or three quarters of the upper) ends the overload. */
function unbindDest(v: IpVs, s: number): void {
  const t = v.conns;
  const dest = v.dests[t.dest[s]!];
  if (dest === undefined || dest === null) return;
  const flags = t.flags[s]!;
  if ((flags & CONN_F.TEMPLATE) !== 0) dest.persistConns--;
  else if ((flags & CONN_F.INACTIVE) === 0) dest.activeConns--;
  else dest.inactConns--;
  const total = totalConns(dest);
  if (dest.lThreshold !== 0 ? total < dest.lThreshold : dest.uThreshold !== 0 ? total * 4 < dest.uThreshold * 3 : true) dest.flags &= ~DEST_F.OVERLOAD;
  t.dest[s] = -1;
  destPut(v, dest);
}

/** ip_vs_control_add: `template` controls `s`. */
export function controlAdd(t: ConnTable, s: number, template: number): void {
  t.control[s] = template;
  t.nControl[template] = t.nControl[template]! + 1;
}

/** ip_vs_control_assure_ct: a template whose connection was established stays through memory pressure and shows as ASSURED. */
export function assureTemplate(t: ConnTable, s: number): void {
  const c = t.control[s]!;
  if (c >= 0 && (t.flags[c]! & CONN_F.TEMPLATE) !== 0) t.state[c] = t.state[c]! | ASSURED;
}

/** ip_vs_conn_put: the timer starts again with the current timeout; a one-packet entry is gone at once. */
export function connPut(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if ((t.flags[s]! & CONN_F.ONE_PACKET) !== 0) {
    connExpire(k, v, s);
    return;
  }
  const at = k.world.clock.now + t.timeout[s]! * 1000;
  t.expires[s] = at;
  if (at < t.eventAt[s]!) {
    t.eventAt[s] = at;
    k.world.clock.push(at, Ev.ipvsConn, k.index, s, null);
  }
}

/** ip_vs_conn_expire_now: the timer fires now (after what runs at present). */
export function connExpireNow(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (t.expires[s] === NEVER) return;
  t.expires[s] = k.world.clock.now;
  t.eventAt[s] = k.world.clock.now;
  k.world.clock.push(k.world.clock.now, Ev.ipvsConn, k.index, s, null);
}

/** ip_vs_conn_del: removed with what is left of a template that nobody uses any more (timeout 0). */
export function connDelete(k: Kernel, v: IpVs, s: number): void {
  v.conns.timeout[s] = 0;
  connExpire(k, v, s);
}

/** ip_vs_conn_expire: an entry that controls others lives on for 60 s; else it is unhashed, unbound and freed. */
function connExpire(k: Kernel, v: IpVs, s: number): void {
  const t = v.conns;
  if (t.nControl[s]! > 0) {
    t.timeout[s] = CONTROL_MS;
    if (v.master !== null) syncConn(k, v, s, v.syncThreshold[0]!);
    connPut(k, v, s);
    return;
  }
  t.unhash(s);
  const c = t.control[s]!;
  t.control[s] = -1;
  if (c >= 0) t.nControl[c] = t.nControl[c]! - 1;
  unbindDest(v, s);
  const dropControl = c >= 0 && t.timeout[s] === 0 && t.nControl[c] === 0 && ((t.flags[c]! & CONN_F.TEMPLATE) === 0 || (t.state[c]! & ASSURED) === 0);
  t.release(s);
  if (dropControl) connDelete(k, v, c);
}

/** Handler of Ev.ipvsConn. An entry whose expiry moved is queued again; an event left over from an earlier one is ignored. */
export function ipvsConnTimer(w: World, host: number, s: number): void {
  const k = w.kernels[host]!;
  const v = k.ipvs;
  if (v === null) return;
  const t = v.conns;
  const now = w.clock.now;
  if (s >= t.used || t.eventAt[s] !== now) return;
  t.eventAt[s] = NEVER;
  if (!t.live(s)) return;
  const at = t.expires[s]!;
  if (at > now) {
    if (at === NEVER) return;
    t.eventAt[s] = at;
    w.clock.push(at, Ev.ipvsConn, host, s, null);
  } else connExpire(k, v, s);
}
