// Numbers as iputils reads them, with its error messages. Counterpart: iputils_common.c (strtol_or_err, ping_strtod).
import type { Bytes } from '../../lib/text';

/** A bad command line: text for stderr and the exit status. */
export class BadUse extends Error {
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

/** strtol_or_err: a whole number within limits, or BadUse. */
export function whole(tool: string, text: Bytes, min: number, max: number | string): number {
  if (!/^\s*[-+]?\d+$/.test(text)) throw new BadUse(`${tool}: invalid argument: '${text}'\n`, 1);
  const n = Number(text);
  const top = typeof max === 'string' ? Number(max) : max;
  if (n < min || n > top) throw new BadUse(`${tool}: invalid argument: '${text}': out of range: ${min} <= value <= ${max}\n`, 1);
  return n;
}

/** ping_strtod: a decimal number; `warning` says what is printed when more follows it. */
export function decimal(tool: string, text: Bytes): { value: number; warning: string } {
  const m = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/.exec(text);
  const rest = text.slice(m?.[0].length ?? 0);
  if (text === '') throw new BadUse(`${tool}: option argument is empty\n`, 1);
  const warning = rest === '' ? '' : `${tool}: option argument contains garbage: ${rest}\n${tool}: this will become fatal error in the future\n`;
  return { value: m === null ? 0 : Number(m[0]), warning };
}

/** Milliseconds with three decimals from microseconds, as rtt lines show them. */
export const ms3 = (us: number): string => `${Math.floor(us / 1000)}.${String(Math.floor(us % 1000)).padStart(3, '0')}`;

/** A round trip as a reply line shows it. */
export function tripText(us: number): string {
  if (us >= 99950) return `${Math.floor((us + 500) / 1000)}`;
  if (us >= 9995) return `${Math.floor((us + 50) / 1000)}.${Math.floor(((us + 50) % 1000) / 100)}`;
  if (us >= 1000) return `${Math.floor((us + 5) / 1000)}.${String(Math.floor(((us + 5) % 1000) / 10)).padStart(2, '0')}`;
  return `0.${String(us).padStart(3, '0')}`;
}

/** Whole square root, for mdev. */
export function isqrt(n: number): number {
  let x = Math.floor(Math.sqrt(n));
  while (x * x > n) x--;
  while ((x + 1) * (x + 1) <= n) x++;
  return x;
}
