// crypt(3) with SHA-256 ("$5$"): what /etc/shadow holds. The algorithm is Ulrich Drepper's public description of SHA-crypt, 5000 rounds.
import type { Bytes } from '../../lib/text';
import { sha256 } from '../hashes';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ROUNDS = 5000;
/** Digest bytes as they are written, three at a time. */
const ORDER = [[0, 10, 20], [21, 1, 11], [12, 22, 2], [3, 13, 23], [24, 4, 14], [15, 25, 5], [6, 16, 26], [27, 7, 17], [18, 28, 8], [9, 19, 29]] as const;

const raw = (data: Bytes): Bytes => sha256(data).replace(/../g, (h) => String.fromCharCode(Number.parseInt(h, 16)));
const fill = (block: Bytes, length: number): Bytes => block.repeat(Math.ceil(length / 32)).slice(0, length);

function letters(value: number, count: number): string {
  let out = '';
  for (let i = 0, v = value; i < count; i++, v >>= 6) out += ALPHABET[v & 63]!;
  return out;
}

/** `$5$SALT$HASH` of a password. */
export function sha256Crypt(password: Bytes, salt: Bytes): Bytes {
  const b = raw(password + salt + password);
  let start = password + salt + fill(b, password.length);
  for (let n = password.length; n > 0; n >>= 1) start += (n & 1) === 1 ? b : password;
  let digest = raw(start);
  const p = fill(raw(password.repeat(password.length)), password.length);
  const s = fill(raw(salt.repeat(16 + digest.charCodeAt(0))), salt.length);
  for (let i = 0; i < ROUNDS; i++) digest = raw(((i & 1) === 1 ? p : digest) + (i % 3 === 0 ? '' : s) + (i % 7 === 0 ? '' : p) + ((i & 1) === 1 ? digest : p));
  const d = (n: number): number => digest.charCodeAt(n);
  const text = ORDER.map(([x, y, z]) => letters((d(x) << 16) | (d(y) << 8) | d(z), 4)).join('') + letters((d(31) << 8) | d(30), 3);
  return `$5$${salt}$${text}`;
}

/** Does a password fit what /etc/shadow holds? An empty field needs none; `!` and `*` fit nothing. */
export function passwordFits(password: Bytes, field: Bytes): boolean {
  if (field === '') return true;
  const m = /^\$5\$([^$]*)\$/.exec(field);
  return m !== null && sha256Crypt(password, m[1]!) === field;
}

/** A salt of sixteen letters; `next` gives random words. */
export const newSalt = (next: () => number): Bytes => Array.from({ length: 16 }, () => ALPHABET[next() & 63]!).join('');
