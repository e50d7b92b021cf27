// awk's functions that only compute. Counterpart: mawk 1.3.4 bi_funct.c.
import { strftime, secondsOf, UTC } from '../../lib/strftime';
import type { Bytes } from '../../lib/text';
import { wallSeconds } from '../../host/syscall';
import { zoneOf } from '../clock';
import type { PosixRegex } from '../posix_regex';
import type { Evaluator } from './eval';
import type { Expr } from './tree';
import { FormatError, fromInput, type Scalar, sprintf, toNumber, truth } from './value';

/** Calls a function that cannot wait. */
export function callBuiltin(ev: Evaluator, e: Expr & { t: 'builtin' }): Scalar {
  const arg = (i: number): Scalar => ev.v(e.args[i]!);
  const text = (i: number): Bytes => ev.str(arg(i));
  const num = (i: number): number => toNumber(arg(i));
  switch (e.name) {
    case 'length': {
      const a = e.args[0];
      if (a === undefined) return ev.record.text().length;
      if (a.t === 'var' || a.t === 'local') {
        const array = ev.resolved(a.t === 'var' ? ev.global(a.name) : ev.frame[a.slot]!);
        if (array !== null) return array.size;
      }
      return text(0).length;
    }
    case 'substr': {
      const s = text(0);
      // This release cuts fractions off and, below 1, adds what is missing to the length.
      const from = Math.trunc(num(1));
      const start = Math.max(1, from);
      const length = e.args.length > 2 ? Math.trunc(num(2)) - Math.min(0, from) : Number.POSITIVE_INFINITY;
      return length > 0 ? s.slice(start - 1, start - 1 + length) : '';
    }
    case 'index':
      return text(1) === '' ? (text(0) === '' ? 0 : 1) : text(0).indexOf(text(1)) + 1;
    case 'split': {
      const s = text(0);
      const a = ev.array(e.args[1]!);
      const sep = e.args[2];
      const parts = sep === undefined ? ev.record.pieces(s, ev.text('FS')) : sep.t === 'regex' ? ev.record.piecesBy(s, sep.re) : ev.record.pieces(s, text(2));
      a.clear();
      parts.forEach((x, i) => a.set(String(i + 1), fromInput(x)));
      return parts.length;
    }
    case 'sub':
    case 'gsub': {
      const re = ev.matches(e.args[0]!);
      const by = text(1);
      const target: Expr = e.args[2] ?? { t: 'field', index: { t: 'number', value: 0 } };
      const r = substitute(re, by, ev.str(ev.v(target)), e.name === 'gsub');
      if (r.count > 0 && (target.t === 'var' || target.t === 'local' || target.t === 'field' || target.t === 'item')) ev.assign(target, r.text);
      return r.count;
    }
    case 'match': {
      const m = ev.matches(e.args[1]!).exec(text(0));
      ev.global('RSTART').s = m === null ? 0 : m.index + 1;
      ev.global('RLENGTH').s = m === null ? -1 : m.end - m.index;
      return m === null ? 0 : m.index + 1;
    }
    case 'sprintf': {
      const format = text(0);
      try {
        return sprintf(format, e.args.slice(1).map((a) => ev.v(a)), ev.text('CONVFMT'));
      } catch (x) {
        if (!(x instanceof FormatError)) throw x;
        return ev.fail(`not enough arguments passed to sprintf("${format}")`);
      }
    }
    case 'sin':
      return Math.sin(num(0));
    case 'cos':
      return Math.cos(num(0));
    case 'atan2':
      return Math.atan2(num(0), num(1));
    case 'exp':
      return Math.exp(num(0));
    case 'log':
      return Math.log(num(0));
    case 'sqrt':
      return Math.sqrt(num(0));
    case 'int':
      return Math.trunc(num(0));
    case 'rand':
      return ev.p.host.world.rng.next(`awk/${ev.p.host.name}/${ev.seed}`) / 4294967296;
    case 'srand': {
      const old = ev.seed;
      ev.seed = e.args.length > 0 ? num(0) : Math.floor(wallSeconds(ev.p));
      return old;
    }
    case 'tolower':
      return text(0).replace(/[A-Z]+/g, (c) => c.toLowerCase());
    case 'toupper':
      return text(0).replace(/[a-z]+/g, (c) => c.toUpperCase());
    case 'systime':
      return Math.floor(wallSeconds(ev.p));
    case 'strftime':
      return strftime(e.args.length > 0 ? text(0) : '%c', e.args.length > 1 ? num(1) : wallSeconds(ev.p), e.args.length > 2 && truth(arg(2)) ? UTC : zoneOf(ev.p));
    case 'mktime': {
      const m = text(0).trim().split(/\s+/).map(Number);
      return m.length < 6 || m.some(Number.isNaN) ? -1 : secondsOf({ year: m[0]!, month: m[1]!, day: m[2]!, hour: m[3]!, minute: m[4]!, second: m[5]! }, zoneOf(ev.p));
    }
    default:
      return ev.fail(`unknown function ${e.name}`);
  }
}

function substitute(re: PosixRegex, by: Bytes, text: Bytes, all: boolean): { text: Bytes; count: number } {
  const pieces: (Bytes | null)[] = [];
  let plain = '';
  for (let i = 0; i < by.length; i++) {
    const c = by[i]!;
    if (c === '\\' && (by[i + 1] === '&' || by[i + 1] === '\\')) plain += by[++i]!;
    else if (c === '&') {
      pieces.push(plain, null);
      plain = '';
    } else plain += c;
  }
  pieces.push(plain);
  let o = '';
  let from = 0;
  let at = 0;
  let lastEnd = -1;
  let count = 0;
  while (at <= text.length) {
    const m = re.exec(text, at);
    if (m === null) break;
    if (m.end === m.index && m.index === lastEnd) {
      if (at >= text.length) break;
      at++;
      lastEnd = -1;
      continue;
    }
    count++;
    o += text.slice(from, m.index);
    for (const x of pieces) o += x === null ? text.slice(m.index, m.end) : x;
    from = m.end;
    lastEnd = m.end;
    at = m.end > m.index ? m.end : m.end + 1;
    if (m.end === m.index) lastEnd = -1;
    if (!all) break;
  }
  return { text: o + text.slice(from), count };
}
