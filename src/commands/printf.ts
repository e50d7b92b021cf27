// printf: formats arguments. Counterpart: coreutils printf.c; bash builtins/printf.def uses the same functions (its messages go through `flavour`).
import type { Bytes } from '../lib/text';
import { utf8Encode } from '../lib/text';
import { echoEscapes } from './echo';
import { helpText, languageOf } from './help';
import { define, Fatal, put, quote, say, usageError } from './io';
import { table } from './options';
import { formatInteger, formatNumber, formatString, parseSpec, type Spec } from './printf_spec';

/** What printf made of a format and arguments. Errors are bare, e.g. `abc: invalid number`; the caller prefixes them. */
export interface Printed {
  text: Bytes;
  errors: Bytes[];
  /** The format itself was bad: status 1, nothing more is printed. */
  fatal: boolean;
}

/** 'bash' and 'coreutils' word errors differently and differ in a few conversions. */
export type Flavour = 'bash' | 'coreutils';

/** What bash's %q prints. */
export function shellQuote(s: Bytes): Bytes {
  if (s === '') return "''";
  if (/[\x00-\x1f\x7f-\xff]/.test(s)) {
    let o = "$'";
    for (const c of s) {
      const code = c.charCodeAt(0);
      const named: Record<string, string> = { '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r', '\x1b': '\\E', "'": "\\'", '\\': '\\\\' };
      o += named[c] ?? (code < 32 || code > 126 ? `\\${code.toString(8).padStart(3, '0')}` : c);
    }
    return `${o}'`;
  }
  return s.replace(/[^A-Za-z0-9%+\-./:=@_]/g, (c, i: number) => (c === '~' || c === '#' ? (i === 0 || (c === '~' && /[:=]/.test(s[i - 1]!)) ? `\\${c}` : c) : `\\${c}`));
}

/** A number argument: its value and what was wrong with it. */
function numberArg(text: Bytes | undefined, flavour: Flavour): { value: bigint; float: number; error: Bytes | null } {
  if (text === undefined) return { value: 0n, float: 0, error: null };
  const bad = (what: string): Bytes => (flavour === 'bash' ? `${text}: ${what === 'expected' || what === 'trailing' ? 'invalid number' : what}` : `${quote(text)}: ${what === 'expected' ? 'expected a numeric value' : what === 'trailing' ? 'value not completely converted' : what}`);
  if (/^['"]/.test(text)) {
    const code = text.length > 1 ? text.charCodeAt(1) : 0;
    return { value: BigInt(code), float: code, error: null };
  }
  if (text === '') return { value: 0n, float: 0, error: flavour === 'bash' ? null : bad('expected') };
  const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (m === null) return { value: 0n, float: 0, error: bad('expected') };
  const digits = m[2]!;
  let value = digits.length > 1 && /^0[0-7]/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  if (m[1] === '-') value = -value;
  let error = m[0].length < text.length ? bad('trailing') : null;
  const clamp = value > 0x7fffffffffffffffn ? 0x7fffffffffffffffn : value < -0x8000000000000000n ? -0x8000000000000000n : value;
  if (clamp !== value && (value > 0xffffffffffffffffn || value < 0n)) {
    value = clamp;
    error = bad('Numerical result out of range');
  }
  return { value, float: Number(value), error };
}

function floatArg(text: Bytes | undefined, flavour: Flavour): { float: number; error: Bytes | null } {
  if (text === undefined || text === '') return { float: 0, error: text === '' && flavour === 'coreutils' ? `${quote('')}: expected a numeric value` : null };
  if (/^['"]/.test(text)) return { float: text.length > 1 ? text.charCodeAt(1) : 0, error: null };
  const m = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
  if (m === null) return { float: 0, error: flavour === 'bash' ? `${text}: invalid number` : `${quote(text)}: expected a numeric value` };
  const t = m[0].trim().toLowerCase();
  const float = t.includes('inf') ? (t.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : t.includes('nan') ? Number.NaN : t.startsWith('-0x') ? -Number(t.slice(1)) : Number(t);
  const error = m[0].length < text.length ? (flavour === 'bash' ? `${text}: invalid number` : `${quote(text)}: value not completely converted`) : null;
  return { float, error };
}

/** Escapes of the format; `\c` stops. */
function formatEscape(format: Bytes, i: number): { text: Bytes; end: number; stop: boolean } {
  const n = format[i + 1];
  const simple: Record<string, string> = { a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"', "'": "'", '?': '?' };
  if (n === undefined) return { text: '\\', end: i + 1, stop: false };
  if (n in simple) return { text: n === "'" ? "'" : simple[n]!, end: i + 2, stop: false };
  if (n === 'c') return { text: '', end: i + 2, stop: true };
  const rest = format.slice(i + 1, i + 12);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined) return { text: String.fromCharCode(Number.parseInt(octal, 8) & 255), end: i + 1 + octal.length, stop: false };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex !== null) return { text: String.fromCharCode(Number.parseInt(hex[1]!, 16)), end: i + 1 + hex[0].length, stop: false };
  const uni = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (uni !== null) return { text: utf8Encode(String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(uni[1] ?? uni[2]!, 16)))), end: i + 1 + uni[0].length, stop: false };
  return { text: `\\${n}`, end: i + 2, stop: false };
}

/** %b: echo's escapes, where \NNN needs no leading zero. */
function backslashes(text: Bytes): { text: Bytes; stop: boolean } {
  return echoEscapes(text.replace(/\\(\\|[1-7][0-7]{0,2})/g, (m, d: string) => (d === '\\' ? m : `\\0${d}`)).replace(/\\(["'?])/g, '$1'));
}

/** Formats. `time` gives %(FMT)T's text in bash; absent, the conversion is an error. */
export function formatPrintf(format: Bytes, args: readonly Bytes[], flavour: Flavour, time?: (format: Bytes, arg: Bytes | undefined) => Bytes): Printed {
  const out: Printed = { text: '', errors: [], fatal: false };
  let next = 0;
  const integer = (): bigint => {
    const n = numberArg(args[next++], flavour);
    if (n.error !== null) out.errors.push(n.error);
    return n.value;
  };
  do {
    const before = next;
    for (let i = 0; i < format.length; ) {
      const c = format[i]!;
      if (c === '\\') {
        const e = formatEscape(format, i);
        out.text += e.text;
        i = e.end;
        if (e.stop) return out;
        continue;
      }
      if (c !== '%') {
        out.text += c;
        i++;
        continue;
      }
      if (format[i + 1] === '%') {
        out.text += '%';
        i += 2;
        continue;
      }
      const timed = /^%(?:[-+ #0]*\d*(?:\.\d+)?)\(([^)]*)\)T/.exec(format.slice(i));
      if (timed !== null && time !== undefined) {
        out.text += time(timed[1]!, args[next++]);
        i += timed[0].length;
        continue;
      }
      const spec = parseSpec(format, i);
      if (spec === null) {
        out.errors.push(flavour === 'bash' ? `\`${format.slice(i)}': missing format character` : `missing conversion specifier`);
        out.fatal = true;
        return out;
      }
      const s: Spec = { ...spec };
      if (s.width === '*') {
        const w = Number(integer());
        s.width = Math.abs(w);
        if (w < 0) s.flags += '-';
      }
      if (s.precision === '*') s.precision = Number(integer());
      i = spec.end;
      switch (s.conversion) {
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X':
          out.text += formatInteger(s, integer());
          break;
        case 'e':
        case 'f':
        case 'g':
        case 'a':
        case 'E':
        case 'F':
        case 'G':
        case 'A': {
          const n = floatArg(args[next++], flavour);
          if (n.error !== null) out.errors.push(n.error);
          out.text += formatNumber(s, n.float);
          break;
        }
        case 'c':
          out.text += formatString({ ...s, precision: null }, (args[next++] ?? '').slice(0, 1));
          break;
        case 's':
          out.text += formatString(s, args[next++] ?? '');
          break;
        case 'b': {
          const e = backslashes(args[next++] ?? '');
          out.text += formatString(s, e.text);
          if (e.stop) return out;
          break;
        }
        case 'q':
        case 'Q':
          out.text += formatString(s, flavour === 'bash' ? shellQuote(args[next++] ?? '') : coreQuote(args[next++] ?? ''));
          break;
        default:
          out.errors.push(flavour === 'bash' ? `\`${s.conversion}': invalid format character` : `${format.slice(i - (spec.end - format.lastIndexOf('%', spec.end - 1)), i)}: invalid conversion specification`);
          out.fatal = true;
          return out;
      }
    }
    if (next === before) break;
  } while (next < args.length);
  if (next === 0 && args.length > 0 && flavour === 'coreutils') out.errors.push(`warning: ignoring excess arguments, starting with ${quote(args[0]!)}`);
  return out;
}

/** coreutils' %q: quoted only when needed. */
const coreQuote = (s: Bytes): Bytes => (s === '' ? "''" : /[^A-Za-z0-9%+\-./:@_,]/.test(s) ? quote(s) : s);

const described = { name: 'printf', summary: 'Print ARGUMENT(s) according to FORMAT.', options: table() };

export const printf = define({
  ...described,
  path: '/usr/bin/printf',
  package: 'coreutils',
  // No options: a format may start with a dash.
  getopt: null,
  *run(p, _opts, argv) {
    if (argv.length === 1 && (argv[0] === '--help' || argv[0] === '--version')) {
      yield* put(p, argv[0] === '--version' ? 'printf (GNU coreutils) 9.1\n' : helpText(described, undefined, languageOf(p)));
      return 0;
    }
    const args = argv[0] === '--' ? argv.slice(1) : argv;
    if (args.length === 0) throw usageError('printf', 'missing operand');
    const r = formatPrintf(args[0]!, args.slice(1), 'coreutils');
    yield* put(p, r.text);
    for (const e of r.errors) yield* say(p, 'printf', e);
    if (r.fatal) throw new Fatal('', 1);
    return r.errors.some((e) => !e.startsWith('warning:')) ? 1 : 0;
  },
});
