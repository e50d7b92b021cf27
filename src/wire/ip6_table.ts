// IPv6 addresses as interned ids of the width of an IPv4 address (RFC 4291), so that packets and tables keep one shape.
import type { Ip } from './packet';
import { ip6FromGroups, ip6Groups } from './ip6_text';

/** All IPv6 addresses of a world. Id 0 is `::`; ids are given in order of first use, so they are deterministic. */
export class Ip6Table {
  private texts = ['::'];
  private ids = new Map<string, Ip>([['::', 0]]);
  /** Four 32-bit words an address. */
  private words: number[] = [0, 0, 0, 0];

  /** Id of an address in any legal spelling; null when it is none. */
  intern(spelling: string): Ip | null {
    const g = ip6Groups(spelling);
    if (g === null) return null;
    const text = ip6FromGroups(g);
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      for (let i = 0; i < 8; i += 2) this.words.push((g[i]! << 16) | g[i + 1]!);
      this.ids.set(text, id);
    }
    return id;
  }

  /** Canonical text of an id. */
  text(id: Ip): string {
    return this.texts[id] ?? '::';
  }

  /** Word `i` (0..3, the first holds the prefix) of an address, as int32. */
  word(id: Ip, i: number): number {
    return this.words[id * 4 + i] ?? 0;
  }

  /** True when the first `prefix` bits of two addresses are the same. */
  samePrefix(a: Ip, b: Ip, prefix: number): boolean {
    for (let i = 0, left = prefix; left > 0; i++, left -= 32) {
      const mask = left >= 32 ? -1 : -1 << (32 - left);
      if (((this.word(a, i) ^ this.word(b, i)) & mask) !== 0) return false;
    }
    return true;
  }

  /** Id of an address with all bits after `prefix` cleared. */
  masked(id: Ip, prefix: number): Ip {
    const g: number[] = [];
    for (let i = 0; i < 8; i++) {
      const bits = Math.max(0, Math.min(16, prefix - i * 16));
      const word = this.word(id, i >> 1);
      g.push(((i & 1) === 0 ? word >>> 16 : word & 0xffff) & (0xffff << (16 - bits)) & 0xffff);
    }
    return this.intern(ip6FromGroups(g))!;
  }

  /** Every 32-bit word xor-ed: what hashing schedulers fold an address to. */
  fold(id: Ip): number {
    return this.word(id, 0) ^ this.word(id, 1) ^ this.word(id, 2) ^ this.word(id, 3);
  }
}
