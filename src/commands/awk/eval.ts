// Evaluates awk expressions that cannot wait. Counterpart: mawk 1.3.4 execute.c.
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { compilePosix, type PosixRegex } from '../posix_regex';
import { callBuiltin } from './builtin';
import { Record } from './record';
import { AwkFailure } from './streams';
import type { Expr } from './tree';
import { type AwkArray, compare, type Scalar, toNumber, toText, truth, UNSET } from './value';

/** A variable or parameter: a scalar, or an array once used as one. `up` is the caller's variable an untyped argument stands for. */
export interface Cell {
  s: Scalar;
  a: AwkArray | null;
  up: Cell | null;
}
export const cell = (s: Scalar = UNSET): Cell => ({ s, a: null, up: null });

/** Variables, the record, and what is computed from them. */
export class Evaluator {
  readonly globals = new Map<Bytes, Cell>();
  readonly record: Record;
  /** Parameters and locals of the function that runs. */
  frame: Cell[] = [];
  /** Seed of rand. */
  seed = 0;
  private readonly regexes = new Map<Bytes, PosixRegex>();

  constructor(
    readonly p: Process,
    protected readonly name: string,
  ) {
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

  resolved(c: Cell): AwkArray | null {
    if (c.a === null && c.up !== null) c.a = this.resolved(c.up);
    return c.a;
  }

  arrayOf(c: Cell): AwkArray {
    if (c.a !== null) return c.a;
    c.a = c.up !== null ? this.arrayOf(c.up) : new Map();
    return c.a;
  }

  array(e: Expr): AwkArray {
    if (e.t === 'var') return this.arrayOf(this.global(e.name));
    if (e.t === 'local') return this.arrayOf(this.frame[e.slot]!);
    return this.fail('array expected');
  }

  key(keys: readonly Scalar[]): Bytes {
    if (keys.length === 1) {
      const k = keys[0]!;
      return typeof k === 'number' && Number.isInteger(k) ? String(k === 0 ? 0 : k) : this.str(k);
    }
    return keys.map((k) => this.str(k)).join(this.text('SUBSEP'));
  }

  assign(to: Expr, value: Scalar): void {
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

  fieldIndex(e: Expr): number {
    const n = Math.trunc(toNumber(this.v(e)));
    if (n < 0) this.fail(`negative field index $${n}`);
    return n;
  }

  matches(e: Expr): PosixRegex {
    return e.t === 'regex' ? e.re : this.regex(this.str(this.v(e)));
  }

  /** Evaluates what cannot wait. */
  v(e: Expr): Scalar {
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
        return callBuiltin(this, e);
      default:
        return this.fail(`unexpected ${e.t}`);
    }
  }

  scalar(c: Cell, name: Bytes): Scalar {
    if (c.a !== null && c.s === UNSET) throw new AwkFailure(`${this.name}: line 1: illegal reference to array ${name}\n`);
    return c.s;
  }

  arith(op: string, a: number, b: number): number {
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
}
