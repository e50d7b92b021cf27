// The picture of a fingerprint: a bishop walks over a board by the digest's bits. Counterpart: "The drunken bishop" (Loss, Limmer, von Gernler), OpenSSH's randomart.
import type { Bytes } from '../../lib/text';
import { sha256 } from '../hashes';

const [WIDE, HIGH] = [17, 9];
const SIGNS = ' .o+=*BOX@%&#/^SE';

/** The picture of a key's SHA-256 digest under a title such as 'RSA 2048'. */
export function randomArt(blob: Bytes, title: string): string {
  const board = new Uint8Array(WIDE * HIGH);
  let [x, y] = [8, 4];
  for (const hex of sha256(blob).match(/../g)!) {
    let bits = Number.parseInt(hex, 16);
    for (let i = 0; i < 4; i++, bits >>= 2) {
      x = Math.min(WIDE - 1, Math.max(0, x + ((bits & 1) !== 0 ? 1 : -1)));
      y = Math.min(HIGH - 1, Math.max(0, y + ((bits & 2) !== 0 ? 1 : -1)));
      if (board[y * WIDE + x]! < SIGNS.length - 3) board[y * WIDE + x]!++;
    }
  }
  board[4 * WIDE + 8] = SIGNS.length - 2;
  board[y * WIDE + x] = SIGNS.length - 1;
  const frame = (text: string): string => {
    const left = Math.floor((WIDE - text.length) / 2);
    return `+${'-'.repeat(left)}${text}${'-'.repeat(WIDE - left - text.length)}+`;
  };
  const rows = Array.from({ length: HIGH }, (_, r) => `|${[...board.subarray(r * WIDE, (r + 1) * WIDE)].map((n) => SIGNS[n]).join('')}|`);
  return [frame(`[${title}]`), ...rows, frame('[SHA256]')].join('\n');
}
