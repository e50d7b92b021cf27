// gzip files: deflate with fixed Huffman codes and a hash-chain matcher, and inflate of everything. Counterpart: RFC 1951, RFC 1952.
import type { Bytes } from '../lib/text';
import { crc32 } from './hashes';

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DIST_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DIST_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

/** Compresses with one block of fixed codes. */
function deflate(data: Bytes): Bytes {
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  const put = (value: number, n: number): void => {
    bits |= value << count;
    count += n;
    while (count >= 8) {
      out.push(bits & 255);
      bits >>>= 8;
      count -= 8;
    }
  };
  const code = (value: number, n: number): void => {
    let r = 0;
    for (let i = 0; i < n; i++) r |= ((value >> i) & 1) << (n - 1 - i);
    put(r, n);
  };
  const literal = (v: number): void => {
    if (v < 144) code(0x30 + v, 8);
    else if (v < 256) code(0x190 + v - 144, 9);
    else if (v < 280) code(v - 256, 7);
    else code(0xc0 + v - 280, 8);
  };
  put(1, 1);
  put(1, 2);
  const last = new Map<string, number>();
  for (let i = 0; i < data.length; ) {
    const key = data.slice(i, i + 3);
    const at = key.length === 3 ? last.get(key) : undefined;
    let length = 0;
    if (at !== undefined && i - at <= 32768) while (length < 258 && i + length < data.length && data.charCodeAt(at + length) === data.charCodeAt(i + length)) length++;
    if (length < 3) {
      literal(data.charCodeAt(i));
      if (key.length === 3) last.set(key, i);
      i++;
      continue;
    }
    let l = LENGTH_BASE.length - 1;
    while (LENGTH_BASE[l]! > length) l--;
    literal(257 + l);
    put(length - LENGTH_BASE[l]!, LENGTH_EXTRA[l]!);
    const distance = i - at!;
    let d = DIST_BASE.length - 1;
    while (DIST_BASE[d]! > distance) d--;
    code(d, 5);
    put(distance - DIST_BASE[d]!, DIST_EXTRA[d]!);
    for (let k = 0; k < length; k++, i++) if (i + 3 <= data.length) last.set(data.slice(i, i + 3), i);
  }
  literal(256);
  if (count > 0) put(0, 8 - count);
  return bytesOf(out);
}

function bytesOf(list: readonly number[]): Bytes {
  const parts: string[] = [];
  for (let i = 0; i < list.length; i += 8192) parts.push(String.fromCharCode(...list.slice(i, i + 8192)));
  return parts.join('');
}

class Bits {
  private bit = 0;
  constructor(
    private readonly data: Bytes,
    public at: number,
  ) {}
  take(n: number): number {
    let v = 0;
    for (let i = 0; i < n; i++) {
      if (this.at >= this.data.length) throw new GzipError('unexpected end of file');
      v |= ((this.data.charCodeAt(this.at) >> this.bit) & 1) << i;
      if (++this.bit === 8) {
        this.bit = 0;
        this.at++;
      }
    }
    return v;
  }
  align(): void {
    if (this.bit > 0) {
      this.bit = 0;
      this.at++;
    }
  }
}

/** Canonical Huffman codes by length and value. */
class Huffman {
  private readonly counts = new Array<number>(16).fill(0);
  private readonly symbols: number[] = [];
  constructor(lengths: readonly number[]) {
    for (const l of lengths) this.counts[l]!++;
    this.counts[0] = 0;
    for (let len = 1; len < 16; len++) lengths.forEach((l, s) => l === len && this.symbols.push(s));
  }
  read(b: Bits): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let len = 1; len < 16; len++) {
      code |= b.take(1);
      const n = this.counts[len]!;
      if (code - n < first) return this.symbols[index + code - first]!;
      index += n;
      first = (first + n) << 1;
      code <<= 1;
    }
    throw new GzipError('invalid compressed data--format violated');
  }
}

/** What is wrong with compressed data, in gzip's words. */
export class GzipError extends Error {}

function inflate(b: Bits): Bytes {
  const out: number[] = [];
  for (;;) {
    const final = b.take(1);
    const type = b.take(2);
    if (type === 0) {
      b.align();
      const n = b.take(16);
      b.take(16);
      for (let i = 0; i < n; i++) out.push(b.take(8));
    } else if (type === 3) throw new GzipError('invalid compressed data--format violated');
    else {
      let lengths: Huffman;
      let distances: Huffman;
      if (type === 1) {
        lengths = new Huffman(Array.from({ length: 288 }, (_x, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
        distances = new Huffman(new Array<number>(30).fill(5));
      } else {
        const nl = b.take(5) + 257;
        const nd = b.take(5) + 1;
        const nc = b.take(4) + 4;
        const codeLengths = new Array<number>(19).fill(0);
        for (let i = 0; i < nc; i++) codeLengths[[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15][i]!] = b.take(3);
        const codes = new Huffman(codeLengths);
        const all: number[] = [];
        while (all.length < nl + nd) {
          const s = codes.read(b);
          if (s < 16) all.push(s);
          else {
            const value = s === 16 ? all[all.length - 1]! : 0;
            const times = s === 16 ? 3 + b.take(2) : s === 17 ? 3 + b.take(3) : 11 + b.take(7);
            for (let i = 0; i < times; i++) all.push(value);
          }
        }
        lengths = new Huffman(all.slice(0, nl));
        distances = new Huffman(all.slice(nl, nl + nd));
      }
      for (;;) {
        const s = lengths.read(b);
        if (s < 256) out.push(s);
        else if (s === 256) break;
        else {
          const n = LENGTH_BASE[s - 257]! + b.take(LENGTH_EXTRA[s - 257]!);
          const d = distances.read(b);
          const distance = DIST_BASE[d]! + b.take(DIST_EXTRA[d]!);
          if (distance > out.length) throw new GzipError('invalid compressed data--format violated');
          for (let i = 0; i < n; i++) out.push(out[out.length - distance]!);
        }
      }
    }
    if (final) return bytesOf(out);
  }
}

const little = (n: number): Bytes => String.fromCharCode(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255);

/** A gzip file. `name` is recorded unless empty; `mtime` in seconds (0: none). */
export function gzipBytes(data: Bytes, name: Bytes, mtime: number): Bytes {
  return `\x1f\x8b\x08${name === '' ? '\0' : '\x08'}${little(Math.floor(mtime))}\0\x03${name === '' ? '' : `${name}\0`}${deflate(data)}${little(crc32(data))}${little(data.length)}`;
}

export const isGzip = (data: Bytes): boolean => data.startsWith('\x1f\x8b');

/** Content of a gzip file (of all its members). Throws GzipError. */
export function gunzipBytes(data: Bytes): { data: Bytes; mtime: number; name: Bytes; crc: number } {
  let at = 0;
  let all = '';
  let mtime = 0;
  let name = '';
  let crc = 0;
  while (at < data.length) {
    if (!data.startsWith('\x1f\x8b', at)) {
      if (at === 0) throw new GzipError('not in gzip format');
      break;
    }
    const flags = data.charCodeAt(at + 3);
    mtime = data.charCodeAt(at + 4) | (data.charCodeAt(at + 5) << 8) | (data.charCodeAt(at + 6) << 16) | (data.charCodeAt(at + 7) << 24);
    at += 10;
    if (flags & 4) at += 2 + data.charCodeAt(at) + data.charCodeAt(at + 1) * 256;
    const text = (): Bytes => {
      const end = data.indexOf('\0', at);
      const t = data.slice(at, end);
      at = end + 1;
      return t;
    };
    if (flags & 8) name = text();
    if (flags & 16) text();
    if (flags & 2) at += 2;
    const b = new Bits(data, at);
    const piece = inflate(b);
    b.align();
    at = b.at;
    crc = (data.charCodeAt(at) | (data.charCodeAt(at + 1) << 8) | (data.charCodeAt(at + 2) << 16) | (data.charCodeAt(at + 3) << 24)) >>> 0;
    if (crc !== crc32(piece)) throw new GzipError('invalid compressed data--crc error');
    at += 8;
    all += piece;
  }
  return { data: all, mtime, name, crc };
}
