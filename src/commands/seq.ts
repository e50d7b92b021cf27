// seq: a sequence of numbers. Counterpart: coreutils seq.c.
import type { Bytes } from '../lib/text';
import { spend } from '../host/syscall';
import { define, Fatal, put, quote, usageError } from './io';
import { formatNumber, parseSpec } from './printf_spec';
import { table } from './options';

interface Operand {
  value: number;
  /** Digits after the point; Infinity for forms like 1e3. */
  precision: number;
  width: number;
}

function operand(text: Bytes): Operand {
  const t = text.replace(/^\s+/, '').replace(/^\+/, '');
  const m = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(t);
  const special = /^[-+]?(inf|infinity)$/i.test(text);
  if (special) return { value: text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, precision: 0, width: text.length };
  if (m === null || ((m[2] ?? '') === '' && (m[3] ?? '') === '')) {
    if (/^0[xX][0-9a-fA-F]+$/.test(t)) return { value: Number(t), precision: 0, width: t.length };
    throw usageError('seq', `invalid floating point argument: ${quote(text)}`);
  }
  const value = Number(t);
  const exponent = Number(m[4] ?? '0');
  const precision = Math.max(0, (m[3] ?? '').length - exponent);
  const plain = value.toFixed(Math.min(precision, 100));
  return { value, precision, width: m[4] === undefined ? t.length + (m[2] === '' ? 1 : 0) : plain.length };
}

export const seq = define({
  name: 'seq',
  summary: 'Print numbers from FIRST to LAST, in steps of INCREMENT.',
  path: '/usr/bin/seq',
  package: 'coreutils',
  options: table('-f --format FORMAT: use printf style floating-point FORMAT', '-s --separator STRING: use STRING to separate numbers (default: \\n)', '-w --equal-width: equalize width by padding with leading zeroes'),
  getopt: {
    badExit: 1,
    stopAtOperand: true,
    // A negative number is an operand.
    prepare: (argv) => {
      const i = argv.findIndex((a) => /^-[\d.]/.test(a) || (!a.startsWith('-') && a !== ''));
      if (i < 0 || argv.slice(0, i).includes('--') || !/^-[\d.]/.test(argv[i]!)) return argv;
      // An option's value is no operand.
      if (i > 0 && /^(-[a-z]*[fs]|--(format|separator))$/.test(argv[i - 1]!)) return argv;
      return [...argv.slice(0, i), '--', ...argv.slice(i)];
    },
  },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('seq', 'missing operand');
    if (args.length > 3) throw usageError('seq', `extra operand ${quote(args[3]!)}`);
    const format = opts.value('-f');
    const spec = format === null ? null : checkFormat(format);
    if (format !== null && opts.has('-w')) throw usageError('seq', 'format string may not be specified when printing equal width strings');
    const first = args.length > 1 ? operand(args[0]!) : { value: 1, precision: 0, width: 1 };
    const step = args.length === 3 ? operand(args[1]!) : { value: 1, precision: 0, width: 0 };
    const last = operand(args[args.length - 1]!);
    if (step.value === 0) throw usageError('seq', `invalid Zero increment value: ${quote(args[1]!)}`);
    const precision = Math.max(first.precision, step.precision);
    const separator = opts.value('-s') ?? '\n';
    let width = 0;
    if (opts.has('-w')) {
      const fit = (o: Operand): number => o.width + (precision > o.precision ? precision - o.precision + (o.precision === 0 ? 1 : 0) : 0) - (precision < o.precision ? o.precision - precision + (precision === 0 ? 1 : 0) : 0);
      width = Math.max(fit(first), fit(last));
    }
    const show = (x: number): Bytes => {
      if (spec !== null) return `${spec.before}${formatNumber(spec.spec, x)}${spec.after}`;
      const text = Math.abs(x) < 1e21 ? x.toFixed(precision) : BigInt(x).toString();
      const fixed = text === '-0' ? '-0' : text;
      return width > 0 ? (fixed.startsWith('-') ? `-${fixed.slice(1).padStart(width - 1, '0')}` : fixed.padStart(width, '0')) : fixed;
    };
    const beyond = (x: number): boolean => (step.value > 0 ? x > last.value : x < last.value);
    let o = '';
    let x = first.value;
    for (let i = 1; !beyond(x) || nearly(x, last.value, precision); i++) {
      o += i === 1 ? show(x) : `${separator}${show(x)}`;
      if (o.length > 16384) {
        yield* put(p, o);
        o = '';
        yield* spend(p, 20);
      }
      x = first.value + i * step.value;
    }
    if (o !== '' || x !== first.value) yield* put(p, `${o}\n`);
    return 0;
  },
});

const nearly = (x: number, last: number, precision: number): boolean => precision > 0 && x.toFixed(precision) === last.toFixed(precision);

function checkFormat(format: Bytes): { before: Bytes; spec: ReturnType<typeof parseSpec> & object; after: Bytes } {
  let i = 0;
  const unescape = (s: Bytes): Bytes => s.replaceAll('%%', '%');
  for (;;) {
    i = format.indexOf('%', i);
    if (i < 0) throw new Fatal(`seq: format ${quote(format)} has no % directive\n`, 1);
    if (format[i + 1] !== '%') break;
    i += 2;
  }
  const spec = parseSpec(format, i);
  if (spec === null) throw new Fatal(`seq: format ${quote(format)} ends in %\n`, 1);
  if (!'efgaEFGA'.includes(spec.conversion)) throw new Fatal(`seq: format ${quote(format)} has unknown %${spec.conversion} directive\n`, 1);
  const after = format.slice(spec.end);
  if (/(^|[^%])(%%)*%([^%]|$)/.test(after)) throw new Fatal(`seq: format ${quote(format)} has too many % directives\n`, 1);
  return { before: unescape(format.slice(0, i)), spec, after: unescape(after) };
}
