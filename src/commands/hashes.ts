// Message digests of byte strings: MD5 (RFC 1321), SHA-1, SHA-224, SHA-256 (FIPS 180-4). Sine and cube-root constants are computed
// in integers and rationals, because transcendental functions may differ between engines.
import type { Bytes } from '../lib/text';

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** Message, 0x80, zeros, 64-bit length in bits. */
function padded(data: Bytes, littleEndian: boolean): Uint8Array {
  const size = (Math.floor((data.length + 8) / 64) + 1) * 64;
  const out = new Uint8Array(size);
  for (let i = 0; i < data.length; i++) out[i] = data.charCodeAt(i);
  out[data.length] = 0x80;
  let bits = data.length * 8;
  for (let i = 0; i < 8; i++) {
    out[size - 8 + (littleEndian ? i : 7 - i)] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return out;
}

const hex32 = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
const swap = (n: number): number => ((n & 255) << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24);

/** floor(2^32 * |sin(i)|) for i = 1..64, from the Taylor series in 128-bit fixed point. */
function sineTable(): Int32Array {
  const one = 1n << 128n;
  // pi from Machin's formula.
  const arctan = (x: bigint): bigint => {
    let sum = 0n;
    let term = one / x;
    for (let n = 1n, sign = 1n; term > 0n; n += 2n, sign = -sign) {
      sum += (sign * term) / n;
      term /= x * x;
    }
    return sum;
  };
  const pi = 4n * (4n * arctan(5n) - arctan(239n));
  const out = new Int32Array(64);
  for (let i = 1; i <= 64; i++) {
    let x = (BigInt(i) * one) % (2n * pi);
    if (x > pi) x -= pi;
    let sum = 0n;
    let term = x;
    for (let n = 1n, sign = 1n; term > 0n; n += 2n, sign = -sign) {
      sum += sign * term;
      term = (term * x) / one;
      term = (term * x) / one / ((n + 1n) * (n + 2n));
    }
    out[i - 1] = Number(BigInt.asIntN(32, sum >> 96n));
  }
  return out;
}

let sines: Int32Array | null = null;
const MD5_SHIFT = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

export function md5(data: Bytes): string {
  sines ??= sineTable();
  const m = padded(data, true);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  const w = new Int32Array(16);
  for (let o = 0; o < m.length; o += 64) {
    for (let i = 0; i < 16; i++) w[i] = m[o + i * 4]! | (m[o + i * 4 + 1]! << 8) | (m[o + i * 4 + 2]! << 16) | (m[o + i * 4 + 3]! << 24);
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const t = (a + f + sines[i]! + w[g]!) | 0;
      a = d;
      d = c;
      c = b;
      b = (b + rotl(t, MD5_SHIFT[round * 4 + (i & 3)]!)) | 0;
    }
    a0 = (a0 + a) | 0;
    b0 = (b0 + b) | 0;
    c0 = (c0 + c) | 0;
    d0 = (d0 + d) | 0;
  }
  return [a0, b0, c0, d0].map((n) => hex32(swap(n))).join('');
}

export function sha1(data: Bytes): string {
  const m = padded(data, false);
  let h = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const w = new Int32Array(80);
  for (let o = 0; o < m.length; o += 64) {
    for (let i = 0; i < 16; i++) w[i] = (m[o + i * 4]! << 24) | (m[o + i * 4 + 1]! << 16) | (m[o + i * 4 + 2]! << 8) | m[o + i * 4 + 3]!;
    for (let i = 16; i < 80; i++) w[i] = rotl(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [f, k] = i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1] : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
      const t = (rotl(a, 5) + f + e + k + w[i]!) | 0;
      e = d;
      d = c;
      c = rotl(b, 30);
      b = a;
      a = t;
    }
    h = [(h[0]! + a) | 0, (h[1]! + b) | 0, (h[2]! + c) | 0, (h[3]! + d) | 0, (h[4]! + e) | 0];
  }
  return h.map(hex32).join('');
}

/** First 32 bits of the fractional parts of the n-th roots of the first primes. */
function rootTable(count: number, power: bigint): Int32Array {
  const out = new Int32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    // floor(n^(1/power) * 2^32) by bisection
    const target = BigInt(n) << (32n * power);
    let lo = 0n;
    let hi = 1n << 40n;
    while (hi - lo > 1n) {
      const mid = (lo + hi) >> 1n;
      if (mid ** power <= target) lo = mid;
      else hi = mid;
    }
    out[found++] = Number(BigInt.asIntN(32, lo));
  }
  return out;
}

let sha256Constants: { k: Int32Array; h: Int32Array } | null = null;

function sha256Words(data: Bytes): Int32Array {
  sha256Constants ??= { k: rootTable(64, 3n), h: rootTable(8, 2n) };
  const { k } = sha256Constants;
  const m = padded(data, false);
  const h = sha256Constants.h.slice();
  const w = new Int32Array(64);
  for (let o = 0; o < m.length; o += 64) {
    for (let i = 0; i < 16; i++) w[i] = (m[o + i * 4]! << 24) | (m[o + i * 4 + 1]! << 16) | (m[o + i * 4 + 2]! << 8) | m[o + i * 4 + 3]!;
    for (let i = 16; i < 64; i++) {
      const s0 = rotr(w[i - 15]!, 7) ^ rotr(w[i - 15]!, 18) ^ (w[i - 15]! >>> 3);
      const s1 = rotr(w[i - 2]!, 17) ^ rotr(w[i - 2]!, 19) ^ (w[i - 2]! >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    let a = h[0]!;
    let b = h[1]!;
    let c = h[2]!;
    let d = h[3]!;
    let e = h[4]!;
    let f = h[5]!;
    let g = h[6]!;
    let z = h[7]!;
    for (let i = 0; i < 64; i++) {
      const t1 = (z + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
      const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      z = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    h[0] = (h[0]! + a) | 0;
    h[1] = (h[1]! + b) | 0;
    h[2] = (h[2]! + c) | 0;
    h[3] = (h[3]! + d) | 0;
    h[4] = (h[4]! + e) | 0;
    h[5] = (h[5]! + f) | 0;
    h[6] = (h[6]! + g) | 0;
    h[7] = (h[7]! + z) | 0;
  }
  return h;
}

export const sha256 = (data: Bytes): string => [...sha256Words(data)].map(hex32).join('');

/** The digest as 32 bytes. */
export function sha256Bytes(data: Bytes): Bytes {
  let out = '';
  for (const n of sha256Words(data)) out += String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
  return out;
}

/** POSIX cksum's CRC-32 (polynomial 0x04c11db7, length appended). */
export function posixCrc(data: Bytes): number {
  let crc = 0;
  const feed = (byte: number): void => {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  };
  for (let i = 0; i < data.length; i++) feed(data.charCodeAt(i));
  for (let n = data.length; n > 0; n = Math.floor(n / 256)) feed(n & 255);
  return ~crc >>> 0;
}

/** CRC-32 of gzip and Ethernet (reflected 0xedb88320). */
export function crc32(data: Bytes): number {
  let crc = ~0;
  for (let i = 0; i < data.length; i++) {
    crc ^= data.charCodeAt(i);
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
