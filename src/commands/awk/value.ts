// Values of awk: numbers, strings, and strings that look like numbers. Counterpart: mawk cast.c.
import type { Bytes } from '../../lib/text';
import { formatInteger, formatNumber, formatString, parseSpec, type Spec } from '../printf_spec';

/** A string from input that compares as a number when it looks like one. */
export class StrNum {
  constructor(
    readonly text: Bytes,
    readonly number: number,
  ) {}
}
/** A variable nobody has set: "" and 0. */
export const UNSET: unique symbol = Symbol('unset');
export type Scalar = number | Bytes | StrNum | typeof UNSET;
export type AwkArray = Map<Bytes, Scalar>;

const NUMERIC = /^[ \t\n\r\f\v]*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]+|inf(?:inity)?|nan)[ \t\n\r\f\v]*$/i;
const PREFIX = /^[ \t\n\r\f\v]*([-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan))/i;

/** A field, -v value, getline or split piece. */
export function fromInput(text: Bytes): Scalar {
  return NUMERIC.test(text) ? new StrNum(text, toNumber(text)) : text;
}

/** strtod of a prefix; 0 when there is none. */
export function toNumber(v: Scalar): number {
  if (typeof v === 'number') return v;
  if (v === UNSET) return 0;
  if (v instanceof StrNum) return v.number;
  const m = PREFIX.exec(v);
  if (m === null) return 0;
  const t = m[1]!.toLowerCase();
  if (t.includes('inf')) return t.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (t.includes('nan')) return Number.NaN;
  return t.includes('x') ? (t.startsWith('-') ? -Number(t.slice(1)) : Number(t.replace('+', ''))) : Number(t);
}

/** Text of a value; whole numbers print as integers, others by `format` (CONVFMT or OFMT). */
export function toText(v: Scalar, format: Bytes): Bytes {
  if (typeof v === 'string') return v;
  if (v === UNSET) return '';
  if (v instanceof StrNum) return v.text;
  if (Number.isInteger(v) && Math.abs(v) < 2147483648) return v === 0 ? '0' : String(v);
  if (Number.isNaN(v)) return '-nan';
  if (!Number.isFinite(v)) return v > 0 ? 'inf' : '-inf';
  return sprintf(format, [v], format);
}

export function truth(v: Scalar): boolean {
  if (typeof v === 'number') return v !== 0;
  if (v === UNSET) return false;
  if (v instanceof StrNum) return v.number !== 0;
  return v !== '';
}

/** Numeric when both look like numbers, else by bytes. */
export function compare(a: Scalar, b: Scalar, convfmt: Bytes): number {
  const numeric = (v: Scalar): boolean => typeof v === 'number' || v === UNSET || v instanceof StrNum;
  if (numeric(a) && numeric(b)) {
    const x = toNumber(a);
    const y = toNumber(b);
    return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
  }
  const x = toText(a, convfmt);
  const y = toText(b, convfmt);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Thrown for a format that asks for more arguments than given. */
export class FormatError extends Error {
  /** What had been formatted before. */
  partial: Bytes = '';
}

export function sprintf(format: Bytes, args: readonly Scalar[], convfmt: Bytes): Bytes {
  let o = '';
  let next = 0;
  const arg = (): Scalar => {
    if (next >= args.length) {
      const e = new FormatError(format);
      e.partial = o;
      throw e;
    }
    return args[next++]!;
  };
  for (let i = 0; i < format.length; ) {
    const c = format[i]!;
    if (c !== '%') {
      o += c;
      i++;
      continue;
    }
    if (format[i + 1] === '%') {
      o += '%';
      i += 2;
      continue;
    }
    const spec = parseSpec(format, i);
    if (spec === null) {
      o += format.slice(i);
      break;
    }
    const s: Spec = { ...spec };
    if (s.width === '*') {
      const w = Math.trunc(toNumber(arg()));
      s.width = Math.abs(w);
      if (w < 0) s.flags += '-';
    }
    if (s.precision === '*') s.precision = Math.trunc(toNumber(arg()));
    i = spec.end;
    switch (s.conversion) {
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X': {
        const n = Math.trunc(toNumber(arg()));
        o += Number.isFinite(n) ? formatInteger(s, BigInt(n)) : formatString(s, n > 0 ? (s.conversion === 'd' ? '9223372036854775807' : 'inf') : s.conversion === 'd' ? '-9223372036854775808' : 'nan');
        break;
      }
      case 'e':
      case 'f':
      case 'g':
      case 'E':
      case 'F':
      case 'G':
      case 'a':
        o += formatNumber(s, toNumber(arg()));
        break;
      case 'c': {
        const v = arg();
        o += formatString({ ...s, precision: null }, typeof v === 'number' ? String.fromCharCode(v & 255) : toText(v, convfmt).slice(0, 1));
        break;
      }
      case 's':
        o += formatString(s, toText(arg(), convfmt));
        break;
      default:
        o += format.slice(i - (spec.end - i) - 1, i);
    }
  }
  return o;
}

/** Keys in the order of mawk's hash table: lists by FNV-1a, newest first. */
export function loopKeys(a: AwkArray): Bytes[] {
  let mask = 63;
  while (a.size > (mask + 1) * 2) mask = mask * 2 + 1;
  const rows = [...a.keys()].map((key, i) => {
    let h = 0x811c9dc5;
    for (let k = 0; k < key.length; k++) h = Math.imul(h ^ key.charCodeAt(k), 0x01000193);
    return { key, slot: (h >>> 0) & mask, i };
  });
  return rows.sort((x, y) => x.slot - y.slot || y.i - x.i).map((r) => r.key);
}
