// --retry and --limit-rate of curl: which failures are worth another try, how it says so, and how long to hold back. Counterpart: curl 7.88's src/tool_operate.c, tool_msgs.c.
import type { Bytes } from '../../lib/text';
import type { CurlError } from './screen';

/** libcurl sets its deadlines when a transfer begins and connects a little later: so a deadline comes before a SYN repeated at the same second. */
export const BEFORE_CONNECT_US = 150;
const SOON_US = 1_000_000;
const LATEST_US = 600_000_000;
/** Answers that say "later". */
const LATER = [408, 429, 500, 502, 503, 504];
/** What comes in one piece is there before the limit can act. */
const UNLIMITED_BYTES = 65536;

/** Why another try may help, in curl's words; null: it would not. */
export function transient(flags: ReadonlySet<string>, error: CurlError | null, status: number): string | null {
  if (error !== null && (error.exit === 28 || error.exit === 6)) return 'timeout';
  if (error?.errno === 'ECONNREFUSED' && flags.has('retry-connrefused')) return 'connection refused';
  if ((error === null || error.exit === 22) && LATER.includes(status)) return 'HTTP error';
  return error !== null && flags.has('retry-all-errors') ? '(retrying all errors)' : null;
}

/** warnf(): a warning cut into lines of 79 columns, behind blanks. */
export function warning(text: string): Bytes {
  const width = 79 - 'Warning: '.length;
  let out = '';
  let rest = `${text}\n`;
  while (rest.length > width) {
    let cut = width - 1;
    while (cut > 0 && rest[cut] !== ' ') cut--;
    if (cut === 0) cut = width - 1;
    out += `Warning: ${rest.slice(0, cut + 1)}\n`;
    rest = rest.slice(cut + 1);
  }
  return `${out}Warning: ${rest}`;
}

/** Pauses between tries: --retry-delay, or a second, doubled up to ten minutes, us. */
export const pauseUs = (tries: number, delayS: number): number => (delayS > 0 ? delayS * 1_000_000 : Math.min(SOON_US * 2 ** tries, LATEST_US));

/** Bytes a second of --limit-rate, or what is wrong with the text. */
export function rateOf(text: Bytes): number | { warns: string } {
  const m = /^(\d+)(.?)/.exec(text);
  if (m === null) return { warns: 'invalid number specified for rate' };
  const power = ['', 'B', 'K', 'M', 'G'].indexOf(m[2]!.toUpperCase());
  return power < 0 ? { warns: 'unsupported rate unit. Use G, M, K or B!' } : Number(m[1]) * 1024 ** Math.max(0, power - 1);
}

/** How long to wait after `bytes` in `elapsedUs`, so that the rate holds, us. */
export const holdBackUs = (rate: number, bytes: number, elapsedUs: number): number => (rate > 0 && bytes >= UNLIMITED_BYTES ? Math.max(0, (bytes * 1e6) / rate - elapsedUs) : 0);
