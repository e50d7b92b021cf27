// Runs an awk program. Counterpart: mawk execute.c. What cannot wait (no I/O, no call) is computed by plain functions, the rest by generators.
import { strftime, UTC } from '../../lib/strftime';
import { secondsOf } from '../../lib/strftime';
import type { Bytes } from '../../lib/text';
import type { Op, Process } from '../../host/process';
import { wallSeconds } from '../../host/syscall';
import { zoneOf } from '../clock';
import { isTty, Steps } from '../io';
import { compilePosix, type PosixRegex } from '../posix_regex';
import { Record } from './record';
import { AwkFailure, type RecordReader, Streams } from './streams';
import type { Expr, Program, Rule, Stmt } from './tree';
import { type AwkArray, compare, FormatError, fromInput, loopKeys, type Scalar, sprintf, toNumber, toText, truth, UNSET } from './value';

/** A variable or parameter: a scalar, or an array once used as one. `up` is the caller's variable an untyped argument stands for. */
export interface Cell {
  s: Scalar;
  a: AwkArray | null;
  up: Cell | null;
}
export const cell = (s: Scalar = UNSET): Cell => ({ s, a: null, up: null });

type Flow = 'go' | 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return';

const BLOCKING = new Set(['system', 'close', 'fflush']);

export class Runner {
  readonly globals = new Map<Bytes, Cell>();
  readonly streams: Streams;
  readonly record: Record;
  exitCode = 0;
  private frame: Cell[] = [];
  private result: Scalar = UNSET;
  private readonly steps: Steps;
  private readonly regexes = new Map<Bytes, PosixRegex>();
  private readonly slow = new Map<Expr, boolean>();
  private readonly inRange = new Set<Rule>();
  private seed = 0;
  private depth = 0;
  /** Main input: gives the next record or null. Set by the command. */
  nextRecord: () => Op<Bytes | null> = function* () {
    return null;
  };
  /** Skips the rest of the current file. */
  skipFile: () => Op<void> = function* () {};

  constructor(
    private readonly p: Process,
    private readonly program: Program,
    private readonly name: string,
  ) {
    this.steps = new Steps(p);
    this.streams = new Streams(p, name);
    this.record = new Record(this);
    const defaults: [Bytes, Scalar][] = [['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['RS', '\n'], ['NR', 0], ['FNR', 0], ['NF', 0], ['SUBSEP', '\x1c'], ['CONVFMT', '%.6g'], ['OFMT', '%.6g'], ['RSTART', 0], ['RLENGTH', -1], ['FILENAME', UNSET]];
    for (const [k, v] of defaults) this.globals.set(k, cell(v));
  }

  global(name: Bytes): Cell {
    let c = this.globals.get(name);
    if (c === undefined) this.globals.set(name, (c = cell()));
    return c;
  }
  text(name: Bytes): Bytes {
    return toText(this.global(name).s, '%.6g');
  }
  str(v: Scalar): Bytes {
    return typeof v === 'string' ? v : toText(v, this.globals.get('CONVFMT')!.s as Bytes);
  }

  fail(text: string): never {
    throw new AwkFailure(`${this.name}: run time error: ${text}\n\tFILENAME="${this.text('FILENAME')}" FNR=${this.text('FNR')} NR=${this.text('NR')}\n`);
  }

  regex(source: Bytes): PosixRegex {
    let re = this.regexes.get(source);
    if (re === undefined) {
      try {
        re = compilePosix(source, { extended: true, dialect: 'awk' });
      } catch {
        return this.fail(`regular expression compile failed (syntax error)\n${source}`);
      }
      this.regexes.set(source, re);
    }
    return re;
  }

  // Running

  *all(): Op<number> {
    const { rules } = this.program;
    let flow: Flow = 'go';
    for (const r of rules) {
      if (r.kind !== 'BEGIN') continue;
      flow = yield* this.exec(r.body!);
      if (flow === 'exit') break;
    }
    const main = rules.filter((r) => r.kind === 'pattern' || r.kind === 'range');
    const ends = rules.filter((r) => r.kind === 'END');
    if (flow !== 'exit' && (main.length > 0 || ends.length > 0)) flow = yield* this.loop(main);
    if (flow === 'exit' && this.exiting === 'BEGIN' && !ends.length) return this.exitCode;
    for (const r of ends) {
      flow = yield* this.exec(r.body!);
      if (flow === 'exit') break;
    }
    return this.exitCode;
  }
  private exiting = '';

  private *loop(main: readonly Rule[]): Op<Flow> {
    for (;;) {
      const text = yield* this.nextRecord();
      if (text === null) return 'go';
      this.record.set(text);
      for (const r of main) {
        if (this.steps.due) yield* this.steps.pay();
        if (!(yield* this.wants(r))) continue;
        if (r.body === null) {
          if (this.streams.print(this.record.text() + this.text('ORS'))) yield* this.streams.flushStdout();
          continue;
        }
        const flow = yield* this.exec(r.body);
        if (flow === 'exit') return flow;
        if (flow === 'nextfile') yield* this.skipFile();
        if (flow === 'next' || flow === 'nextfile') break;
      }
    }
  }

  private *wants(r: Rule): Op<boolean> {
    if (r.a === null) return true;
    if (r.kind === 'pattern') return truth(yield* this.g(r.a));
    if (!this.inRange.has(r)) {
      if (!truth(yield* this.g(r.a))) return false;
      this.inRange.add(r);
    }
    if (truth(yield* this.g(r.b!))) this.inRange.delete(r);
    return true;
  }

  private *exec(s: Stmt): Op<Flow> {
    if (this.steps.due) yield* this.steps.pay();
    switch (s.t) {
      case 'block':
        for (const x of s.list) {
          const flow = yield* this.exec(x);
          if (flow !== 'go') return flow;
        }
        return 'go';
      case 'expr':
        yield* this.g(s.e);
        return 'go';
      case 'print': {
        let text: Bytes;
        if (s.args.length === 0) text = this.record.text();
        else {
          const ofmt = this.text('OFMT');
          const parts: Bytes[] = [];
          for (const a of s.args) parts.push(toText(yield* this.g(a), ofmt));
          text = parts.length === 1 ? parts[0]! : parts.join(this.text('OFS'));
        }
        yield* this.output(text + this.text('ORS'), s.redirect);
        return 'go';
      }
      case 'printf': {
        const args: Scalar[] = [];
        for (const a of s.args) args.push(yield* this.g(a));
        const format = this.str(args[0]!);
        let text: Bytes;
        try {
          text = sprintf(format, args.slice(1), this.text('CONVFMT'));
        } catch (e) {
          if (!(e instanceof FormatError)) throw e;
          this.streams.print(e.partial);
          return this.fail(`not enough arguments passed to printf("${format}")`);
        }
        yield* this.output(text, s.redirect);
        return 'go';
      }
      case 'if':
        if (truth(yield* this.g(s.test))) return yield* this.exec(s.yes);
        return s.no === null ? 'go' : yield* this.exec(s.no);
      case 'while':
      case 'do':
      case 'for': {
        if (s.t === 'for' && s.init !== null) yield* this.exec(s.init);
        for (let first = true; ; first = false) {
          if (this.steps.due) yield* this.steps.pay();
          const skip = s.t === 'do' && first;
          if (!skip && s.test !== null && !truth(yield* this.g(s.test))) return 'go';
          const flow = yield* this.exec(s.body);
          if (flow === 'break') return 'go';
          if (flow !== 'go' && flow !== 'continue') return flow;
          if (s.t === 'for' && s.step !== null) yield* this.exec(s.step);
        }
      }
      case 'forin': {
        const a = this.array(s.array);
        for (const key of loopKeys(a)) {
          if (this.steps.due) yield* this.steps.pay();
          this.assign(s.to, fromInput(key));
          const flow = yield* this.exec(s.body);
          if (flow === 'break') return 'go';
          if (flow !== 'go' && flow !== 'continue') return flow;
        }
        return 'go';
      }
      case 'delete':
        if (s.keys === null) this.array(s.array).clear();
        else {
          const keys: Scalar[] = [];
          for (const k of s.keys) keys.push(yield* this.g(k));
          this.array(s.array).delete(this.key(keys));
        }
        return 'go';
      case 'exit':
        if (s.code !== null) this.exitCode = Math.trunc(toNumber(yield* this.g(s.code))) & 255;
        return 'exit';
      case 'return':
        this.result = s.value === null ? UNSET : yield* this.g(s.value);
        return 'return';
      default:
        return s.t;
    }
  }

  private *output(text: Bytes, redirect: { op: '>' | '>>' | '|'; to: Expr } | null): Op<void> {
    if (redirect !== null) {
      yield* this.streams.write(redirect.op, this.str(yield* this.g(redirect.to)), text);
      return;
    }
    if (this.streams.print(text) || isTty(this.p, 1)) yield* this.streams.flushStdout();
  }

  // Expressions

  /** Whether evaluating may wait. */
  private isSlow(e: Expr): boolean {
    let known = this.slow.get(e);
    if (known === undefined) {
      known = e.t === 'getline' || e.t === 'call' || (e.t === 'builtin' && BLOCKING.has(e.name)) || children(e).some((c) => this.isSlow(c));
      this.slow.set(e, known);
    }
    return known;
  }

  private *g(e: Expr): Op<Scalar> {
    if (!this.isSlow(e)) return this.v(e);
    switch (e.t) {
      case 'getline':
        return yield* this.getline(e);
      case 'call':
        return yield* this.call(e);
      case 'and':
        return truth(yield* this.g(e.a)) && truth(yield* this.g(e.b)) ? 1 : 0;
      case 'or':
        return truth(yield* this.g(e.a)) || truth(yield* this.g(e.b)) ? 1 : 0;
      case 'cond':
        return truth(yield* this.g(e.test)) ? yield* this.g(e.a) : yield* this.g(e.b);
      case 'builtin':
        if (BLOCKING.has(e.name)) return yield* this.blocking(e);
    }
    // Children first, as constants, then the node itself.
    const parts: Expr[] = [];
    for (const c of children(e)) parts.push(this.isSlow(c) ? constant(yield* this.g(c)) : c);
    return this.v(withChildren(e, parts));
  }

  private *blocking(e: Expr & { t: 'builtin' }): Op<Scalar> {
    const arg = e.args[0] === undefined ? '' : this.str(yield* this.g(e.args[0]));
    if (e.name === 'system') return yield* this.streams.system(arg);
    if (e.name === 'close') return yield* this.streams.close(arg);
    yield* this.streams.flushAll();
    return 0;
  }

  private *getline(e: Expr & { t: 'getline' }): Op<Scalar> {
    let reader: RecordReader | null = null;
    if (e.command !== null) reader = yield* this.streams.command(this.str(yield* this.g(e.command)));
    else if (e.file !== null) {
      reader = this.streams.file(this.str(yield* this.g(e.file)));
      if (reader === null) return -1;
    }
    let text: Bytes | null;
    try {
      text = reader === null ? yield* this.nextRecord() : yield* reader.next(this.text('RS'));
    } catch (x) {
      if (x instanceof AwkFailure || reader === null) throw x;
      if ((x as { errno?: string }).errno !== undefined) return -1;
      throw x;
    }
    if (text === null) return 0;
    if (e.command !== null && reader !== null) this.global('NR').s = toNumber(this.global('NR').s) + 1;
    if (e.to === null) this.record.set(text);
    else this.assign(e.to, fromInput(text));
    return 1;
  }

  private *call(e: Expr & { t: 'call' }): Op<Scalar> {
    const f = this.program.functions.get(e.name)!;
    if (e.args.length > f.params.length) throw new AwkFailure(`${this.name}: line ${e.line}: too many arguments in call to ${e.name}\n`);
    if (++this.depth > 2000) this.fail('function call nesting too deep');
    const frame: Cell[] = [];
    for (const a of e.args) {
      if (a.t === 'var' || a.t === 'local') {
        const c = a.t === 'var' ? this.global(a.name) : this.frame[a.slot]!;
        if (a.t === 'var' && a.name === 'NF') this.record.split();
        frame.push({ s: c.s, a: this.resolved(c), up: c.s === UNSET && c.a === null ? c : null });
      } else frame.push(cell(yield* this.g(a)));
    }
    while (frame.length < f.params.length) frame.push(cell());
    const caller = this.frame;
    this.frame = frame;
    this.result = UNSET;
    const flow = yield* this.exec(f.body);
    this.frame = caller;
    this.depth--;
    if (flow === 'exit' || flow === 'next') throw new Jump(flow);
    const r = this.result as Scalar;
    this.result = UNSET;
    return r;
  }

  private resolved(c: Cell): AwkArray | null {
    if (c.a === null && c.up !== null) c.a = this.resolved(c.up);
    return c.a;
  }

  private arrayOf(c: Cell): AwkArray {
    if (c.a !== null) return c.a;
    c.a = c.up !== null ? this.arrayOf(c.up) : new Map();
    return c.a;
  }

  private array(e: Expr): AwkArray {
    if (e.t === 'var') return this.arrayOf(this.global(e.name));
    if (e.t === 'local') return this.arrayOf(this.frame[e.slot]!);
    return this.fail('array expected');
  }

  private key(keys: readonly Scalar[]): Bytes {
    if (keys.length === 1) {
      const k = keys[0]!;
      return typeof k === 'number' && Number.isInteger(k) ? String(k === 0 ? 0 : k) : this.str(k);
    }
    return keys.map((k) => this.str(k)).join(this.text('SUBSEP'));
  }

  private assign(to: Expr, value: Scalar): void {
    switch (to.t) {
      case 'var':
        if (to.name === 'NF') {
          this.record.setNF(Math.trunc(toNumber(value)));
          return;
        }
        this.global(to.name).s = value;
        return;
      case 'local':
        this.frame[to.slot]!.s = value;
        return;
      case 'field':
        this.record.setField(this.fieldIndex(to.index), value);
        return;
      case 'item':
        this.array(to.array).set(this.key(to.keys.map((k) => this.v(k))), value);
        return;
      default:
        this.fail('assignment to no variable');
    }
  }

  private fieldIndex(e: Expr): number {
    const n = Math.trunc(toNumber(this.v(e)));
    if (n < 0) this.fail(`negative field index $${n}`);
    return n;
  }

  private matches(e: Expr): PosixRegex {
    return e.t === 'regex' ? e.re : this.regex(this.str(this.v(e)));
  }

  /** Evaluates what cannot wait. */
  private v(e: Expr): Scalar {
    switch (e.t) {
      case 'number':
      case 'string':
        return e.value;
      case 'regex':
        return e.re.test(this.record.text()) ? 1 : 0;
      case 'var':
        if (e.name === 'NF') return this.record.nf();
        return this.scalar(this.global(e.name), e.name);
      case 'local':
        return this.scalar(this.frame[e.slot]!, e.name);
      case 'field':
        return this.record.field(this.fieldIndex(e.index));
      case 'item': {
        const a = this.array(e.array);
        const key = this.key(e.keys.map((k) => this.v(k)));
        let value = a.get(key);
        if (value === undefined) a.set(key, (value = UNSET));
        return value;
      }
      case 'in':
        return this.array(e.array).has(this.key(e.keys.map((k) => this.v(k)))) ? 1 : 0;
      case 'assign': {
        let value = this.v(e.value);
        if (e.op !== '=') value = this.arith(e.op[0]!, toNumber(this.v(e.to)), toNumber(value));
        this.assign(e.to, value);
        return value;
      }
      case 'binary': {
        if (e.op === '(') return this.v(e.a);
        if (e.op === ' ') {
          const a = this.str(this.v(e.a));
          return a + this.str(this.v(e.b));
        }
        const a = this.v(e.a);
        const b = this.v(e.b);
        switch (e.op) {
          case '<':
          case '<=':
          case '==':
          case '!=':
          case '>':
          case '>=': {
            const c = compare(a, b, this.text('CONVFMT'));
            return (e.op === '<' ? c < 0 : e.op === '<=' ? c <= 0 : e.op === '==' ? c === 0 : e.op === '!=' ? c !== 0 : e.op === '>' ? c > 0 : c >= 0) ? 1 : 0;
          }
          default:
            return this.arith(e.op, toNumber(a), toNumber(b));
        }
      }
      case 'match':
        return this.matches(e.b).test(this.str(this.v(e.a))) !== e.negate ? 1 : 0;
      case 'unary': {
        const a = this.v(e.a);
        return e.op === '!' ? (truth(a) ? 0 : 1) : e.op === '-' ? -toNumber(a) : toNumber(a);
      }
      case 'step': {
        const old = toNumber(this.v(e.to));
        const value = e.op === '++' ? old + 1 : old - 1;
        this.assign(e.to, value);
        return e.prefix ? value : old;
      }
      case 'and':
        return truth(this.v(e.a)) && truth(this.v(e.b)) ? 1 : 0;
      case 'or':
        return truth(this.v(e.a)) || truth(this.v(e.b)) ? 1 : 0;
      case 'cond':
        return truth(this.v(e.test)) ? this.v(e.a) : this.v(e.b);
      case 'builtin':
        return this.builtin(e);
      default:
        return this.fail(`unexpected ${e.t}`);
    }
  }

  private scalar(c: Cell, name: Bytes): Scalar {
    if (c.a !== null && c.s === UNSET) throw new AwkFailure(`${this.name}: line 1: illegal reference to array ${name}\n`);
    return c.s;
  }

  private arith(op: string, a: number, b: number): number {
    switch (op) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return a / b;
      case '%':
        return a % b;
      default:
        return a ** b;
    }
  }

  private builtin(e: Expr & { t: 'builtin' }): Scalar {
    const arg = (i: number): Scalar => this.v(e.args[i]!);
    const text = (i: number): Bytes => this.str(arg(i));
    const num = (i: number): number => toNumber(arg(i));
    switch (e.name) {
      case 'length': {
        const a = e.args[0];
        if (a === undefined) return this.record.text().length;
        if (a.t === 'var' || a.t === 'local') {
          const array = this.resolved(a.t === 'var' ? this.global(a.name) : this.frame[a.slot]!);
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
        const a = this.array(e.args[1]!);
        const sep = e.args[2];
        const parts = sep === undefined ? this.record.pieces(s, this.text('FS')) : sep.t === 'regex' ? this.record.piecesBy(s, sep.re) : this.record.pieces(s, text(2));
        a.clear();
        parts.forEach((x, i) => a.set(String(i + 1), fromInput(x)));
        return parts.length;
      }
      case 'sub':
      case 'gsub': {
        const re = this.matches(e.args[0]!);
        const by = text(1);
        const target: Expr = e.args[2] ?? { t: 'field', index: { t: 'number', value: 0 } };
        const r = substitute(re, by, this.str(this.v(target)), e.name === 'gsub');
        if (r.count > 0 && (target.t === 'var' || target.t === 'local' || target.t === 'field' || target.t === 'item')) this.assign(target, r.text);
        return r.count;
      }
      case 'match': {
        const m = this.matches(e.args[1]!).exec(text(0));
        this.global('RSTART').s = m === null ? 0 : m.index + 1;
        this.global('RLENGTH').s = m === null ? -1 : m.end - m.index;
        return m === null ? 0 : m.index + 1;
      }
      case 'sprintf': {
        const format = text(0);
        try {
          return sprintf(format, e.args.slice(1).map((a) => this.v(a)), this.text('CONVFMT'));
        } catch (x) {
          if (!(x instanceof FormatError)) throw x;
          return this.fail(`not enough arguments passed to sprintf("${format}")`);
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
        return this.p.host.world.rng.next(`awk/${this.p.host.name}/${this.seed}`) / 4294967296;
      case 'srand': {
        const old = this.seed;
        this.seed = e.args.length > 0 ? num(0) : Math.floor(wallSeconds(this.p));
        return old;
      }
      case 'tolower':
        return text(0).replace(/[A-Z]+/g, (c) => c.toLowerCase());
      case 'toupper':
        return text(0).replace(/[a-z]+/g, (c) => c.toUpperCase());
      case 'systime':
        return Math.floor(wallSeconds(this.p));
      case 'strftime':
        return strftime(e.args.length > 0 ? text(0) : '%c', e.args.length > 1 ? num(1) : wallSeconds(this.p), e.args.length > 2 && truth(arg(2)) ? UTC : zoneOf(this.p));
      case 'mktime': {
        const m = text(0).trim().split(/\s+/).map(Number);
        return m.length < 6 || m.some(Number.isNaN) ? -1 : secondsOf({ year: m[0]!, month: m[1]!, day: m[2]!, hour: m[3]!, minute: m[4]!, second: m[5]! }, zoneOf(this.p));
      }
      default:
        return this.fail(`unknown function ${e.name}`);
    }
  }
}

/** exit and next inside a function leave all frames. */
export class Jump extends Error {
  constructor(readonly flow: 'exit' | 'next') {
    super(flow);
  }
}

const constant = (v: Scalar): Expr => ({ t: 'number', value: v as number });

function children(e: Expr): Expr[] {
  switch (e.t) {
    case 'field':
      return [e.index];
    case 'item':
    case 'in':
      return e.keys;
    case 'assign':
      return [e.value, ...(e.to.t === 'field' ? [e.to.index] : e.to.t === 'item' ? e.to.keys : [])];
    case 'binary':
    case 'match':
      return [e.a, e.b];
    case 'and':
    case 'or':
      return [e.a, e.b];
    case 'unary':
      return [e.a];
    case 'step':
      return e.to.t === 'field' ? [e.to.index] : e.to.t === 'item' ? e.to.keys : [];
    case 'cond':
      return [e.test, e.a, e.b];
    case 'builtin':
      return e.args;
    default:
      return [];
  }
}

/** The node with other children, in the order `children` gives them. */
function withChildren(e: Expr, c: Expr[]): Expr {
  switch (e.t) {
    case 'field':
      return { ...e, index: c[0]! };
    case 'item':
    case 'in':
      return { ...e, keys: c };
    case 'assign':
      return { ...e, value: c[0]!, to: e.to.t === 'field' ? { ...e.to, index: c[1]! } : e.to.t === 'item' ? { ...e.to, keys: c.slice(1) } : e.to };
    case 'binary':
    case 'match':
      return { ...e, a: c[0]!, b: c[1]! };
    case 'unary':
      return { ...e, a: c[0]! };
    case 'step':
      return { ...e, to: e.to.t === 'field' ? { ...e.to, index: c[0]! } : e.to.t === 'item' ? { ...e.to, keys: c } : e.to };
    case 'builtin':
      return { ...e, args: c };
    default:
      return e;
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
