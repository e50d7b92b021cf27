// What lblc and lblcr remember of destinations, and how they forget: every minute a look, every half hour a full check, and fewer entries when there are
// too many. Linux counterpart: ip_vs_lblc_check_expire, ip_vs_lblc_full_check in net/netfilter/ipvs/ip_vs_lblc.c (ip_vs_lblcr.c has the same).
import type { Ip } from '../../wire/packet';

const MINUTE_US = 60_000_000;
/** Looks between two full checks. */
const FULL_EVERY = 30;
/** Entries unused for this long may go when there are too many, us. */
const ENTRY_TIMEOUT_US = 6 * MINUTE_US;
const BUCKETS = 1024;
/** More entries than this are too many. */
export const MAX_ENTRIES = 16 * BUCKETS;

/** Entries by destination. The timer is not queued: whoever asks first catches up with the looks that were due. */
export interface LocalityTable<E extends { lastUse: number }> {
  since: number;
  /** Looks done, and looks since the last full check. */
  looks: number;
  counter: number;
  /** Bucket where the last eviction stopped. */
  rover: number;
  cache: Map<Ip, E>;
}

/** An empty table, made at `now`. */
export const localityTable = <E extends { lastUse: number }>(now: number): LocalityTable<E> => ({ since: now, looks: 0, counter: 1, rover: 0, cache: new Map() });

/** ip_vs_lblc_hashkey, of an address or an IPv6 address folded to a word. */
const bucketOf = (word: number): number => Math.imul(word, 2654435761) & (BUCKETS - 1);

/** Does the looks that are due by `now`; `fold` gives an address as one word. */
export function localityCatchUp<E extends { lastUse: number }>(t: LocalityTable<E>, now: number, expirationS: number, fold: (addr: Ip) => number): void {
  const due = Math.floor((now - t.since) / MINUTE_US);
  while (t.looks < due) {
    t.looks++;
    const at = t.since + t.looks * MINUTE_US;
    if (t.counter % FULL_EVERY === 0) {
      for (const [dst, e] of t.cache) if (at >= e.lastUse + expirationS * 1_000_000) t.cache.delete(dst);
      t.counter = 1;
    } else if (t.cache.size <= MAX_ENTRIES) {
      t.counter++;
      if (t.cache.size === 0) skip(t, due);
    } else evict(t, at, fold);
  }
}

/** Nothing to forget: the looks that are left only count. */
function skip<E extends { lastUse: number }>(t: LocalityTable<E>, due: number): void {
  const left = due - t.looks;
  t.looks = due;
  t.counter = ((t.counter - 1 + left) % FULL_EVERY) + 1;
}

/** Old entries go, bucket by bucket from where it stopped last, until a third more than the surplus (at most half of all) has gone. */
function evict<E extends { lastUse: number }>(t: LocalityTable<E>, at: number, fold: (addr: Ip) => number): void {
  const buckets: Ip[][] = Array.from({ length: BUCKETS }, () => []);
  for (const dst of t.cache.keys()) buckets[bucketOf(fold(dst))]!.unshift(dst);
  let goal = Math.min(Math.floor(((t.cache.size - MAX_ENTRIES) * 4) / 3), MAX_ENTRIES / 2);
  for (let i = 0; i < BUCKETS; i++) {
    t.rover = (t.rover + 1) % BUCKETS;
    for (const dst of buckets[t.rover]!) {
      if (at < t.cache.get(dst)!.lastUse + ENTRY_TIMEOUT_US) continue;
      t.cache.delete(dst);
      goal--;
    }
    if (goal <= 0) return;
  }
}
