// The connection table itself: columns and one chained hash over the client's side. Linux counterpart: ip_vs_conn_tab and struct ip_vs_conn (net/netfilter/ipvs/ip_vs_conn.c).
// About 80 bytes an entry; entries are numbers (slots), so that a million of them cost no objects and a fork copies only the used prefix.
import type { Ip } from '../../wire/packet';
import { CONN_F } from './ip_vs';

/** Marks a free slot in the column `proto`. */
const FREE = 255;
const NEVER = Number.POSITIVE_INFINITY;

/** All connections of a host. */
export class ConnTable {
  /** Slots ever used, and live entries (ip_vs_conn_count). */
  used = 0;
  count = 0;
  /** Entries that wait for a client whose port is not known yet (FTP data connections). */
  noCport = 0;
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
  /** When its end as last told to the other director comes, jiffies (sync_endtime). */
  syncEnd: Float64Array;
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
    this.syncEnd = new Float64Array(capacity);
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
    t.noCport = this.noCport;
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

  /** The entry that waits for any port of this client, or -1. */
  findNoCport(proto: number, caddr: Ip, vaddr: Ip, vport: number, v6: number): number {
    if (this.noCport === 0) return -1;
    let s = this.heads[this.bucket(proto, caddr, 0)]!;
    while (s >= 0) {
      if (
        this.caddr[s] === caddr && this.cport[s] === 0 && this.vport[s] === vport && this.vaddr[s] === vaddr && this.proto[s] === proto &&
        (this.flags[s]! & (CONN_F.NO_CPORT | CONN_F.IPV6)) === (CONN_F.NO_CPORT | v6)
      ) return s;
      s = this.next[s]!;
    }
    return -1;
  }

  /** ip_vs_conn_fill_cport: the client's port is known now. */
  fillCport(s: number, cport: number): void {
    this.unhash(s);
    this.cport[s] = cport;
    this.flags[s] = this.flags[s]! & ~CONN_F.NO_CPORT;
    this.noCport--;
    this.hash(s);
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
    this.syncEnd = copy(from.syncEnd);
    this.timeout = copy(from.timeout);
    this.expires = copy(from.expires);
    this.eventAt = copy(from.eventAt).fill(NEVER, n);
    this.next = copy(from.next);
  }
}
