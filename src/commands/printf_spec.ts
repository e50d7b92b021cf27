// One conversion of printf(3): parsing `%-08.3f` and formatting integers, floats and strings. Shared by printf, seq, awk, stat and the shell.
import { fits } from '../lib/exhausted';
import type { Bytes } from '../lib/text';

/** A parsed conversion; '*' widths are null until taken from arguments. */
export interface Spec {
  flags: string;
  width: number | null | '*';
  precision: number | null | '*';
  conversion: string;
  /** Position after it. */
  end: number;
}

const WITH_LENGTHS = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?[hlLjzt]*(.)?/s;
const PLAIN = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(.)?/s;

/** Parses the conversion that starts with '%' at `at`; null when the format ends inside it. Length letters (hlLjzt) are skipped. */
export function parseSpec(format: Bytes, at: number, lengths = true): Spec | null {
  const m = (lengths ? WITH_LENGTHS : PLAIN).exec(format.slice(at, at + 200));
  if (m === null || m[4] === undefined) return null;
  const num = (t: string | undefined): number | null | '*' => (t === undefined ? null : t === '*' ? '*' : Number(t === '' ? '0' : t));
  return { flags: m[1]!, width: num(m[2]), precision: num(m[3]), conversion: m[4], end: at + m[0].length };
}

const wide = (s: Spec): number => (typeof s.width === 'number' ? s.width : 0);

/** Pads by the spec's flags; zeros go after sign and 0x. */
function pad(s: Spec, body: string, zeros: boolean): string {
  const width = wide(s);
  if (body.length >= width) return body;
  fits(width);
  if (s.flags.includes('-')) return body.padEnd(width);
  if (zeros && s.flags.includes('0')) {
    const m = /^([-+ ]?(?:0[xX])?)(.*)$/s.exec(body)!;
    return m[1]! + m[2]!.padStart(width - m[1]!.length, '0');
  }
  return body.padStart(width);
}

export function formatString(s: Spec, text: Bytes): Bytes {
  const cut = typeof s.precision === 'number' && s.precision >= 0 ? text.slice(0, s.precision) : text;
  return pad(s, cut, false);
}

/** %d %i %u %o %x %X of a 64-bit integer (unsigned conversions take it modulo 2^64). */
export function formatInteger(s: Spec, value: bigint): Bytes {
  const signed = s.conversion === 'd' || s.conversion === 'i';
  const n = signed ? value : BigInt.asUintN(64, value);
  const negative = n < 0n;
  const abs = negative ? -n : n;
  let digits = s.conversion === 'o' ? abs.toString(8) : s.conversion === 'x' ? abs.toString(16) : s.conversion === 'X' ? abs.toString(16).toUpperCase() : abs.toString();
  const precision = typeof s.precision === 'number' && s.precision >= 0 ? s.precision : null;
  if (precision === 0 && abs === 0n) digits = '';
  fits(precision ?? 0);
  if (precision !== null) digits = digits.padStart(precision, '0');
  if (s.flags.includes('#')) {
    if (s.conversion === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
    if ((s.conversion === 'x' || s.conversion === 'X') && abs !== 0n) digits = `0${s.conversion}${digits}`;
  }
  const sign = negative ? '-' : signed && s.flags.includes('+') ? '+' : signed && s.flags.includes(' ') ? ' ' : '';
  return pad(s, sign + digits, precision === null);
}

/** %f %e %g (and capitals) of a double; %a is shown as %g. */
export function formatNumber(s: Spec, value: number): Bytes {
  const lower = s.conversion.toLowerCase();
  const precision = typeof s.precision === 'number' && s.precision >= 0 ? s.precision : 6;
  const negative = value < 0 || Object.is(value, -0);
  const abs = Math.abs(value);
  let body: string;
  if (!Number.isFinite(abs)) body = Number.isNaN(abs) ? 'nan' : 'inf';
  else if (lower === 'f') body = fixed(abs, precision);
  else if (lower === 'e') body = exponential(abs, precision);
  else {
    const digits = precision === 0 ? 1 : precision;
    const exponent = abs === 0 ? 0 : Number(abs.toExponential(Math.min(digits - 1, 100)).split('e')[1]);
    body = exponent < -4 || exponent >= digits ? exponential(abs, digits - 1) : fixed(abs, digits - 1 - exponent);
    if (!s.flags.includes('#') && body.includes('.')) body = body.replace(/\.?0+(e|$)/, '$1');
  }
  if (s.flags.includes('#') && !body.includes('.') && Number.isFinite(abs)) body = body.replace(/(e|$)/, '.$1');
  const sign = negative && !Number.isNaN(value) ? '-' : s.flags.includes('+') ? '+' : s.flags.includes(' ') ? ' ' : '';
  const text = pad(s, sign + body, Number.isFinite(abs));
  return s.conversion === lower ? text : text.toUpperCase();
}

/** Decimal text with `precision` digits; exact for large values, where toFixed gives exponents. */
function fixed(abs: number, precision: number): string {
  if (abs >= 1e21) return BigInt(abs).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const text = toEven(abs.toFixed(Math.min(precision, 100)), abs, precision);
  return precision > 100 ? text + '0'.repeat(precision - 100) : text;
}

/** JavaScript rounds an exact tie up, C to even. `text` is `abs` with `precision` digits after the point. */
function toEven(text: string, abs: number, precision: number): string {
  if (precision > 40 || !/[13579]$/.test(text)) return text;
  const exact = abs.toFixed(Math.min(100, precision + 58));
  const tail = exact.slice(exact.indexOf('.') + 1 + precision);
  if (!/^50*$/.test(tail)) return text;
  return exact.slice(0, precision === 0 ? exact.indexOf('.') : exact.indexOf('.') + 1 + precision);
}

function exponential(abs: number, precision: number): string {
  let [mantissa, exponent] = abs.toExponential(Math.min(precision, 100)).split('e') as [string, string];
  if (/[13579]$/.test(mantissa) && precision < 40) {
    const exact = abs.toExponential(Math.min(100, precision + 58)).split('e')[0]!;
    if (/^50*$/.test(exact.replace('.', '').slice(precision + 1))) mantissa = exact.slice(0, precision === 0 ? 1 : precision + 2);
  }
  const n = Number(exponent);
  return `${mantissa}e${n < 0 ? '-' : '+'}${String(Math.abs(n)).padStart(2, '0')}`;
}
