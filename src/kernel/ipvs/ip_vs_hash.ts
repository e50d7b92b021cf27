// Hash functions of the hashing schedulers. Linux counterpart: include/linux/hash.h (hash_32), lib/siphash.c (hsiphash of one u32, 64-bit build).
import type { Kernel } from '../kernel';
import type { Ip } from '../../wire/packet';
import { AF_INET6 } from './ip_vs';

/** hash_32: the top `bits` bits of a multiplication by the golden ratio. */
export const hash32Bits = (value: number, bits: number): number => Math.imul(value, 0x61c88647) >>> (32 - bits);

/** An address as one word: IPv6 addresses xor their four words. */
export const foldAddr = (k: Kernel, af: number, addr: Ip): number => (af === AF_INET6 ? k.world.ip6.fold(addr) : addr);

// SipHash state as pairs of 32-bit words; module-level, so that a lookup allocates nothing.
let h0 = 0, l0 = 0, h1 = 0, l1 = 0, h2 = 0, l2 = 0, h3 = 0, l3 = 0;

/** One SipRound. Each 64-bit step is written on its two halves. */
function round(): void {
  let lo = (l0 >>> 0) + (l1 >>> 0);
  h0 = (h0 + h1 + (lo > 0xffffffff ? 1 : 0)) | 0;
  l0 = lo | 0;
  let t = (h1 << 13) | (l1 >>> 19);
  l1 = ((l1 << 13) | (h1 >>> 19)) ^ l0;
  h1 = t ^ h0;
  t = h0;
  h0 = l0;
  l0 = t;
  lo = (l2 >>> 0) + (l3 >>> 0);
  h2 = (h2 + h3 + (lo > 0xffffffff ? 1 : 0)) | 0;
  l2 = lo | 0;
  t = (h3 << 16) | (l3 >>> 16);
  l3 = ((l3 << 16) | (h3 >>> 16)) ^ l2;
  h3 = t ^ h2;
  lo = (l0 >>> 0) + (l3 >>> 0);
  h0 = (h0 + h3 + (lo > 0xffffffff ? 1 : 0)) | 0;
  l0 = lo | 0;
  t = (h3 << 21) | (l3 >>> 11);
  l3 = ((l3 << 21) | (h3 >>> 11)) ^ l0;
  h3 = t ^ h0;
  lo = (l2 >>> 0) + (l1 >>> 0);
  h2 = (h2 + h1 + (lo > 0xffffffff ? 1 : 0)) | 0;
  l2 = lo | 0;
  t = (h1 << 17) | (l1 >>> 15);
  l1 = ((l1 << 17) | (h1 >>> 15)) ^ l2;
  h1 = t ^ h2;
  t = h2;
  h2 = l2;
  l2 = t;
}

/** hsiphash_1u32 with both words of the key equal to `key`: SipHash-1-3 of four bytes, low 32 bits, unsigned. */
export function hsiphash(value: number, key: number): number {
  h0 = 0x736f6d65;
  l0 = 0x70736575 ^ key;
  h1 = 0x646f7261;
  l1 = 0x6e646f6d ^ key;
  h2 = 0x6c796765;
  l2 = 0x6e657261 ^ key;
  const b = 4 << 24;
  h3 = 0x74656462 ^ b;
  l3 = 0x79746573 ^ key ^ value;
  round();
  h0 ^= b;
  l0 ^= value;
  l2 ^= 0xff;
  round();
  round();
  round();
  return (l0 ^ l1 ^ l2 ^ l3) >>> 0;
}
