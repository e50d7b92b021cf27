// The connections netfilter tracks: columns and one chained hash over both directions. Linux counterpart: struct nf_conn, nf_conntrack_hash (net/netfilter/nf_conntrack_core.c).
// An entry is a slot s; its two tuples are nodes 2s (as it was first seen) and 2s + 1 (how replies look). About 70 bytes an entry.
import type { Ip } from '../../wire/packet';

/** Bits of `status` (enum ip_conntrack_status). NAT bits: which side is translated, and which sides have been decided. */
export const STATUS = { SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8, SRC_NAT: 16, DST_NAT: 32, SRC_NAT_DONE: 128, DST_NAT_DONE: 256, HASHED: 1 << 16 } as const;
const FREE = 255;

/** All tracked connections of a host. */
export class ConntrackTable {
  used = 0;
  /** Confirmed entries (nf_conntrack_count). */
  count = 0;
  private freeHead = -1;
  /** When more than this many live, the expired are swept out before the table grows. */
  private sweepAt = 64;
  proto: Uint8Array;
  state: Uint8Array;
  status: Int32Array;
  mark: Int32Array;
  /** When it ends, virtual us. */
  expires: Float64Array;
  /** Of UDP: from when on it is a stream. */
  streamAt: Float64Array;
  /** By node. An echo's id is its source port, type and code its destination port. */
  src: Int32Array;
  dst: Int32Array;
  sport: Uint16Array;
  dport: Uint16Array;
  next: Int32Array;
  heads: Int32Array;
  /** Slots of packets on their way that are not in the hash yet. */
  unconfirmed: number[] = [];
  /** Counters of `conntrack -S`. */
  stats = { found: 0, invalid: 0, insert: 0, insertFailed: 0, drop: 0, earlyDrop: 0, error: 0, searchRestart: 0 };

  constructor(capacity = 16) {
    this.proto = new Uint8Array(capacity).fill(FREE);
    this.state = new Uint8Array(capacity);
    this.status = new Int32Array(capacity);
    this.mark = new Int32Array(capacity);
    this.expires = new Float64Array(capacity);
    this.streamAt = new Float64Array(capacity);
    this.src = new Int32Array(capacity * 2);
    this.dst = new Int32Array(capacity * 2);
    this.sport = new Uint16Array(capacity * 2);
    this.dport = new Uint16Array(capacity * 2);
    this.next = new Int32Array(capacity * 2);
    this.heads = new Int32Array(64).fill(-1);
  }

  live(s: number): boolean {
    return s >= 0 && s < this.used && this.proto[s] !== FREE;
  }

  /** A blank slot; `now` lets the expired make room first. */
  take(proto: number, now: number): number {
    if (this.freeHead < 0 && this.used >= this.sweepAt) {
      for (let s = 0; s < this.used; s++) if (this.live(s) && (this.status[s]! & STATUS.CONFIRMED) !== 0 && this.expires[s]! <= now) this.kill(s);
      this.sweepAt = Math.max(64, this.used * 2);
    }
    let s = this.freeHead;
    if (s >= 0) this.freeHead = this.next[s * 2]!;
    else {
      if (this.used === this.proto.length) this.grow(this.used * 2);
      s = this.used++;
    }
    this.proto[s] = proto;
    this.state[s] = 0;
    this.status[s] = 0;
    this.mark[s] = 0;
    this.expires[s] = 0;
    this.streamAt[s] = 0;
    return s;
  }

  /** Takes an entry out and frees its slot. */
  kill(s: number): void {
    if ((this.status[s]! & STATUS.HASHED) !== 0) {
      this.unlink(s * 2);
      this.unlink(s * 2 + 1);
      this.count--;
    }
    this.proto[s] = FREE;
    this.next[s * 2] = this.freeHead;
    this.freeHead = s;
  }

  /** Puts both tuples into the hash. */
  hash(s: number): void {
    if (this.count * 2 > this.heads.length) this.rehash();
    this.status[s] = this.status[s]! | STATUS.HASHED;
    this.link(s * 2);
    this.link(s * 2 + 1);
    this.count++;
  }

  /** Node of a tuple, or -1; an expired entry found on the way is taken out. */
  find(proto: number, src: Ip, sport: number, dst: Ip, dport: number, now: number): number {
    let n = this.heads[this.bucket(proto, src, sport, dst, dport)]!;
    while (n >= 0) {
      const next = this.next[n]!;
      if (this.src[n] === src && this.dst[n] === dst && this.sport[n] === sport && this.dport[n] === dport && this.proto[n >> 1] === proto) {
        if (this.expires[n >> 1]! > now) return n;
        this.kill(n >> 1);
        return -1;
      }
      n = next;
    }
    return -1;
  }

  /** Confirmed entries that have not expired, oldest slot first. */
  entries(now: number): number[] {
    const found: number[] = [];
    for (let s = 0; s < this.used; s++) if (this.live(s) && (this.status[s]! & STATUS.CONFIRMED) !== 0 && this.expires[s]! > now) found.push(s);
    return found;
  }

  setTuple(n: number, src: Ip, sport: number, dst: Ip, dport: number): void {
    this.src[n] = src;
    this.sport[n] = sport;
    this.dst[n] = dst;
    this.dport[n] = dport;
  }

  private bucket(proto: number, src: Ip, sport: number, dst: Ip, dport: number): number {
    let h = Math.imul(src, 0x9e3779b1) ^ Math.imul(dst, 0x85ebca6b) ^ Math.imul((sport << 16) | dport, 0xc2b2ae35) ^ proto;
    h ^= h >>> 15;
    return (h ^ (h >>> 7)) & (this.heads.length - 1);
  }

  private bucketOf(n: number): number {
    return this.bucket(this.proto[n >> 1]!, this.src[n]!, this.sport[n]!, this.dst[n]!, this.dport[n]!);
  }

  private link(n: number): void {
    const b = this.bucketOf(n);
    this.next[n] = this.heads[b]!;
    this.heads[b] = n;
  }

  private unlink(n: number): void {
    const b = this.bucketOf(n);
    let i = this.heads[b]!;
    if (i === n) this.heads[b] = this.next[n]!;
    else {
      while (i >= 0 && this.next[i] !== n) i = this.next[i]!;
      if (i >= 0) this.next[i] = this.next[n]!;
    }
  }

  private rehash(): void {
    this.heads = new Int32Array(this.heads.length * 4).fill(-1);
    for (let s = 0; s < this.used; s++) {
      if (!this.live(s) || (this.status[s]! & STATUS.HASHED) === 0) continue;
      this.link(s * 2);
      this.link(s * 2 + 1);
    }
  }

  private grow(capacity: number): void {
    const more = <T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(old: T, size: number): T => {
      const grown = new (old.constructor as new (n: number) => T)(size);
      grown.set(old);
      return grown;
    };
    const proto = new Uint8Array(capacity).fill(FREE);
    proto.set(this.proto);
    this.proto = proto;
    this.state = more(this.state, capacity);
    this.status = more(this.status, capacity);
    this.mark = more(this.mark, capacity);
    this.expires = more(this.expires, capacity);
    this.streamAt = more(this.streamAt, capacity);
    this.src = more(this.src, capacity * 2);
    this.dst = more(this.dst, capacity * 2);
    this.sport = more(this.sport, capacity * 2);
    this.dport = more(this.dport, capacity * 2);
    this.next = more(this.next, capacity * 2);
  }
}
