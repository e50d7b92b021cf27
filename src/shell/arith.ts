// Shell arithmetic: 64-bit integers, C's operators, assignment to variables. Linux counterpart: bash's expr.c.
import { parseNumber } from './arith_number';
import type { Bytes } from '../lib/text';
import type { Shell } from './shell';
import { findVar, getElement, getVar, hooks, setElement, setVar } from './vars';

/** A refused expression; `text` is what bash prints after the prefix. */
export class ArithError extends Error {
  constructor(readonly text: Bytes) {
    super(text);
  }
}

type Token = { k: 'num'; v: bigint; pos: number } | { k: 'name'; name: string; sub: Bytes | null; pos: number } | { k: 'op'; s: string; pos: number } | { k: 'end'; pos: number };

const OPS = ['<<=', '>>=', '**', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '+=', '-=', '*=', '/=', '%=', '&=', '^=', '|=', '=', '+', '-', '*', '/', '%', '<', '>', '!', '~', '&', '|', '^', '?', ':', ',', '(', ')'];
const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '^=', '|=', '<<=', '>>=']);
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<=', '>=', '<', '>'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];

const wrap = (v: bigint): bigint => BigInt.asIntN(64, v);

/** Evaluates an expression whose expansions are done. Throws ArithError. */
export function evalArith(sh: Shell, text: Bytes, depth = 0): bigint {
  const simple = /^\s*(-?\d{1,15})\s*$/.exec(text);
  if (simple !== null && !/^\s*-?0\d/.test(text)) return BigInt(simple[1]!);
  if (text.trim() === '') return 0n;
  return new Evaluator(sh, text, depth).all();
}

hooks.arith = (sh, text) => evalArith(sh, text);

class Evaluator {
  private i = 0;
  private tok: Token = { k: 'end', pos: 0 };
  /** Above 0: parse but have no effect (the side of && || ?: not taken). */
  private dry = 0;
  private lastPos = 0;

  constructor(
    private readonly sh: Shell,
    private readonly text: Bytes,
    private readonly depth: number,
  ) {
    if (depth > 1024) throw new ArithError(`${text}: expression recursion level exceeded (error token is "${text}")`);
  }

  all(): bigint {
    this.next();
    const v = this.comma();
    if (this.tok.k !== 'end') this.fail(this.tok.k === 'op' && this.tok.s !== '(' && this.tok.s !== '=' ? 'syntax error in expression' : this.tok.k === 'op' && this.tok.s === '=' ? 'attempted assignment to non-variable' : 'syntax error in expression', this.tok.pos);
    return v;
  }

  private fail(why: string, pos: number): never {
    throw new ArithError(`${this.text.replace(/^\s+/, '')}: ${why} (error token is "${this.text.slice(pos)}")`);
  }

  private next(): void {
    const t = this.text;
    if (this.tok.k !== 'end') this.lastPos = this.tok.pos;
    while (/\s/.test(t[this.i] ?? 'x')) this.i++;
    const pos = this.i;
    if (pos >= t.length) {
      this.tok = { k: 'end', pos };
      return;
    }
    const c = t[pos]!;
    if (c >= '0' && c <= '9') {
      const m = /^(?:[0-9]+#[0-9A-Za-z@_]*|0[xX][0-9A-Fa-f]*|[0-9][0-9A-Za-z@_]*)/.exec(t.slice(pos))![0];
      this.i += m.length;
      this.tok = { k: 'num', v: parseNumber(m, (why) => this.fail(why, pos)), pos };
      return;
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(t.slice(pos));
    if (name !== null) {
      this.i += name[0].length;
      let sub: Bytes | null = null;
      if (t[this.i] === '[') {
        let d = 0;
        let j = this.i;
        for (; j < t.length; j++) {
          if (t[j] === '[') d++;
          else if (t[j] === ']' && --d === 0) break;
        }
        if (j >= t.length) throw new ArithError(`${t}: bad array subscript (error token is "${t.slice(pos)}")`);
        sub = t.slice(this.i + 1, j);
        this.i = j + 1;
      }
      this.tok = { k: 'name', name: name[0], sub, pos };
      return;
    }
    for (const op of OPS) {
      if (!t.startsWith(op, pos)) continue;
      this.i += op.length;
      this.tok = { k: 'op', s: op, pos };
      return;
    }
    if (this.lastPos === 0 && pos === 0) this.fail('syntax error: operand expected', pos);
    this.fail('syntax error: invalid arithmetic operator', pos);
  }

  private isOp(s: string): boolean {
    return this.tok.k === 'op' && this.tok.s === s;
  }

  private comma(): bigint {
    let v = this.assign();
    while (this.isOp(',')) {
      this.next();
      v = this.assign();
    }
    return v;
  }

  private assign(): bigint {
    if (this.tok.k === 'name') {
      const at = this.tok;
      const save = { i: this.i, tok: this.tok, lastPos: this.lastPos };
      this.next();
      const sign = this.tok as Token;
      if (sign.k === 'op' && ASSIGN.has(sign.s)) {
        const op = sign.s;
        this.next();
        if ((this.tok as Token).k === 'end') this.fail('syntax error: operand expected', this.lastPos);
        const rhs = this.assign();
        const v = op === '=' ? rhs : this.binary(op.slice(0, -1), this.read(at.name, at.sub), rhs, at.pos);
        this.store(at.name, at.sub, v);
        return v;
      }
      this.i = save.i;
      this.tok = save.tok;
      this.lastPos = save.lastPos;
    }
    return this.ternary();
  }

  private ternary(): bigint {
    const test = this.level(0);
    if (!this.isOp('?')) return test;
    this.next();
    if (test === 0n) this.dry++;
    const yes = this.comma();
    if (test === 0n) this.dry--;
    if (!this.isOp(':')) this.fail('`:\' expected for conditional expression', this.tok.k === 'end' ? this.lastPos : this.tok.pos);
    this.next();
    if (test !== 0n) this.dry++;
    const no = this.assign();
    if (test !== 0n) this.dry--;
    return test !== 0n ? yes : no;
  }

  private level(n: number): bigint {
    const ops = LEVELS[n];
    if (ops === undefined) return this.power();
    let v = this.level(n + 1);
    while (this.tok.k === 'op' && ops.includes(this.tok.s)) {
      const op = this.tok.s;
      this.next();
      if (op === '&&' || op === '||') {
        const skip = op === '&&' ? v === 0n : v !== 0n;
        if (skip) this.dry++;
        const r = this.level(n + 1);
        if (skip) this.dry--;
        v = op === '&&' ? (v !== 0n && r !== 0n ? 1n : 0n) : v !== 0n || r !== 0n ? 1n : 0n;
        continue;
      }
      const at = this.tok.pos;
      v = this.binary(op, v, this.level(n + 1), at);
    }
    return v;
  }

  private power(): bigint {
    const base = this.unary();
    if (!this.isOp('**')) return base;
    this.next();
    const at = this.tok.pos;
    const e = this.power();
    if (e < 0n) this.fail('exponent less than 0', at);
    let v = 1n;
    let b = base;
    for (let k = e; k > 0n; k >>= 1n) {
      if (k & 1n) v = wrap(v * b);
      b = wrap(b * b);
    }
    return v;
  }

  private unary(): bigint {
    const t = this.tok;
    if (t.k === 'op') {
      if (t.s === '++' || t.s === '--') {
        this.next();
        const at = this.tok;
        if (at.k === 'name') {
          this.next();
          const v = wrap(this.read(at.name, at.sub) + (t.s === '++' ? 1n : -1n));
          this.store(at.name, at.sub, v);
          return v;
        }
        const v = this.unary();
        return v;
      }
      if (t.s === '!' || t.s === '~' || t.s === '-' || t.s === '+') {
        this.next();
        const v = this.unary();
        return t.s === '!' ? (v === 0n ? 1n : 0n) : t.s === '~' ? wrap(~v) : t.s === '-' ? wrap(-v) : v;
      }
    }
    return this.primary();
  }

  private primary(): bigint {
    const t = this.tok;
    if (t.k === 'num') {
      this.next();
      if (this.tok.k === 'op' && ASSIGN.has((this.tok as { s: string }).s)) this.fail('attempted assignment to non-variable', this.tok.pos);
      return t.v;
    }
    if (t.k === 'name') {
      this.next();
      if (this.isOp('++') || this.isOp('--')) {
        const up = this.isOp('++');
        const v = this.read(t.name, t.sub);
        this.next();
        this.store(t.name, t.sub, wrap(v + (up ? 1n : -1n)));
        return v;
      }
      return this.read(t.name, t.sub);
    }
    if (t.k === 'op' && t.s === '(') {
      this.next();
      const v = this.comma();
      if (!this.isOp(')')) this.fail('missing `)\'', this.tok.k === 'end' ? this.lastPos : this.tok.pos);
      this.next();
      return v;
    }
    this.fail('syntax error: operand expected', t.k === 'end' ? this.lastPos : t.pos);
  }

  private binary(op: string, a: bigint, b: bigint, pos: number): bigint {
    switch (op) {
      case '+': return wrap(a + b);
      case '-': return wrap(a - b);
      case '*': return wrap(a * b);
      case '/':
      case '%':
        if (b === 0n) {
          if (this.dry > 0) return 0n;
          this.fail('division by 0', pos);
        }
        return op === '/' ? wrap(a / b) : a % b;
      case '<<': return wrap(a << (b & 63n));
      case '>>': return wrap(a >> (b & 63n));
      case '<': return a < b ? 1n : 0n;
      case '>': return a > b ? 1n : 0n;
      case '<=': return a <= b ? 1n : 0n;
      case '>=': return a >= b ? 1n : 0n;
      case '==': return a === b ? 1n : 0n;
      case '!=': return a !== b ? 1n : 0n;
      case '&': return a & b;
      case '|': return a | b;
      default: return a ^ b;
    }
  }

  private key(name: string, sub: Bytes): Bytes | number {
    const v = findVar(this.sh, name);
    if (v?.map) return sub.replace(/^(["'])(.*)\1$/s, '$2');
    return Number(evalArith(this.sh, sub, this.depth + 1));
  }

  private read(name: string, sub: Bytes | null): bigint {
    if (this.dry > 0) return 0n;
    const s = sub === null ? getVar(this.sh, name) : getElement(this.sh, name, this.key(name, sub));
    if (s === null) {
      if (this.sh.flags.has('u')) throw new Unbound(name);
      return 0n;
    }
    return s === '' ? 0n : evalArith(this.sh, s, this.depth + 1);
  }

  private store(name: string, sub: Bytes | null, v: bigint): void {
    if (this.dry > 0) return;
    if (sub === null) setVar(this.sh, name, String(v));
    else setElement(this.sh, name, this.key(name, sub), String(v));
  }
}

/** An unset variable under `set -u`. */
export class Unbound extends Error {
  constructor(readonly varName: string) {
    super(varName);
  }
}
