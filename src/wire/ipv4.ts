// IPv4 addresses and prefixes (RFC 791): parse and print. Addresses are int32 bit patterns.
import type { Ip } from './packet';

/** Dotted quad of an address. */
export function ipText(a: Ip): string {
  return `${a >>> 24}.${(a >>> 16) & 255}.${(a >>> 8) & 255}.${a & 255}`;
}

/** Strict dotted quad (inet_pton): null when it is none. */
export function parseIp(text: string): Ip | null {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (m === null) return null;
  let a = 0;
  for (let i = 1; i <= 4; i++) {
    const part = m[i]!;
    if (Number(part) > 255 || (part.length > 1 && part[0] === '0')) return null;
    a = (a << 8) | Number(part);
  }
  return a;
}

/** inet_aton(3): one to four parts, decimal, octal (0..) or hex (0x..); the last part fills what is left. Null when it is none. */
export function inetAton(text: string): Ip | null {
  const parts = text.split('.');
  if (parts.length < 1 || parts.length > 4) return null;
  const nums: number[] = [];
  for (const p of parts) {
    let n: number;
    if (/^0[xX][0-9a-fA-F]+$/.test(p)) n = Number.parseInt(p.slice(2), 16);
    else if (/^0[0-7]*$/.test(p)) n = p === '0' ? 0 : Number.parseInt(p, 8);
    else if (/^[1-9]\d*$/.test(p)) n = Number(p);
    else return null;
    nums.push(n);
  }
  const last = nums.pop()!;
  let a = 0;
  for (const n of nums) {
    if (n > 255) return null;
    a = a * 256 + n;
  }
  const room = 256 ** (4 - nums.length);
  if (last >= room) return null;
  return (a * room + last) | 0;
}

/** Netmask of a prefix length, e.g. 24 -> 255.255.255.0. */
export function maskOf(prefix: number): Ip {
  return prefix <= 0 ? 0 : (-1 << (32 - prefix)) | 0;
}

/** Prefix length of a contiguous netmask, or -1. */
export function prefixOf(mask: Ip): number {
  for (let p = 0; p <= 32; p++) if (maskOf(p) === mask) return p;
  return -1;
}

/** Orders addresses as unsigned numbers. */
export function byIp(a: Ip, b: Ip): number {
  return (a >>> 0) - (b >>> 0);
}

export const isMulticast = (a: Ip): boolean => (a & 0xf0000000) === (0xe0000000 | 0);
export const isLoopback = (a: Ip): boolean => a >>> 24 === 127;
export const INADDR_ANY: Ip = 0;
export const INADDR_BROADCAST: Ip = -1;
