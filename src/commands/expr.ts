// expr: evaluates expressions. Counterpart: coreutils expr.c.
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import { command } from './command';
import { err } from '../host/syscall';
import { put, quote } from './io';
import { helpText, languageOf } from './help';
import { compilePosix, RegexError } from './posix_regex';

class ExprError extends Error {
  constructor(
    readonly text: Bytes,
    readonly status: number,
  ) {
    super(text);
  }
}

const INTEGER = /^-?\d+$/;

class Parser {
  private i = 0;
  constructor(private readonly words: readonly Bytes[]) {}

  all(): Bytes {
    const v = this.or(true);
    if (this.i < this.words.length) throw new ExprError(`syntax error: unexpected argument ${quote(this.words[this.i]!)}`, 2);
    return v;
  }

  private accept(word: string): boolean {
    if (this.words[this.i] !== word) return false;
    this.i++;
    return true;
  }

  private or(run: boolean): Bytes {
    let a = this.and(run);
    while (this.accept('|')) {
      const b = this.and(run && isNull(a));
      if (isNull(a)) a = isNull(b) ? '0' : b;
    }
    return a;
  }

  private and(run: boolean): Bytes {
    let a = this.comparison(run);
    while (this.accept('&')) {
      const b = this.comparison(run && !isNull(a));
      if (isNull(a) || isNull(b)) a = '0';
    }
    return a;
  }

  private comparison(run: boolean): Bytes {
    let a = this.sum(run);
    for (;;) {
      const op = ['<', '<=', '=', '==', '!=', '>=', '>'].find((o) => this.words[this.i] === o);
      if (op === undefined) return a;
      this.i++;
      const b = this.sum(run);
      const c = INTEGER.test(a) && INTEGER.test(b) ? (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0) : byBytes(a, b);
      a = (op === '<' ? c < 0 : op === '<=' ? c <= 0 : op === '>' ? c > 0 : op === '>=' ? c >= 0 : op === '!=' ? c !== 0 : c === 0) ? '1' : '0';
    }
  }

  private sum(run: boolean): Bytes {
    let a = this.product(run);
    for (;;) {
      const op = this.words[this.i];
      if (op !== '+' && op !== '-') return a;
      this.i++;
      const b = this.product(run);
      if (!run) continue;
      const [x, y] = this.integers(a, b);
      a = String(op === '+' ? x + y : x - y);
    }
  }

  private product(run: boolean): Bytes {
    let a = this.match(run);
    for (;;) {
      const op = this.words[this.i];
      if (op !== '*' && op !== '/' && op !== '%') return a;
      this.i++;
      const b = this.match(run);
      if (!run) continue;
      const [x, y] = this.integers(a, b);
      if (op !== '*' && y === 0n) throw new ExprError('division by zero', 2);
      a = String(op === '*' ? x * y : op === '/' ? x / y : x % y);
    }
  }

  private integers(a: Bytes, b: Bytes): [bigint, bigint] {
    if (!INTEGER.test(a) || !INTEGER.test(b)) throw new ExprError('non-integer argument', 2);
    return [BigInt(a), BigInt(b)];
  }

  private match(run: boolean): Bytes {
    let a = this.keyword(run);
    while (this.accept(':')) {
      const b = this.keyword(run);
      if (run) a = matched(a, b);
    }
    return a;
  }

  private keyword(run: boolean): Bytes {
    const w = this.words[this.i];
    if (w === '+') {
      this.i++;
      return this.word();
    }
    if (w === 'length' && this.words.length > this.i + 1) {
      this.i++;
      return String(this.keyword(run).length);
    }
    if (w === 'match') {
      this.i++;
      const a = this.keyword(run);
      const b = this.keyword(run);
      return run ? matched(a, b) : a;
    }
    if (w === 'index') {
      this.i++;
      const a = this.keyword(run);
      const b = this.keyword(run);
      for (let i = 0; i < a.length; i++) if (b.includes(a[i]!)) return String(i + 1);
      return '0';
    }
    if (w === 'substr') {
      this.i++;
      const a = this.keyword(run);
      const from = this.keyword(run);
      const n = this.keyword(run);
      if (!INTEGER.test(from) || !INTEGER.test(n) || Number(from) <= 0 || Number(n) <= 0) return '';
      return a.slice(Number(from) - 1, Number(from) - 1 + Number(n));
    }
    return this.primary(run);
  }

  private word(): Bytes {
    const w = this.words[this.i];
    if (w === undefined) throw new ExprError(`syntax error: missing argument after ${quote(this.words[this.i - 1] ?? '')}`, 2);
    this.i++;
    return w;
  }

  private primary(run: boolean): Bytes {
    if (this.accept('(')) {
      const v = this.or(run);
      if (this.i >= this.words.length) throw new ExprError(`syntax error: expecting ')' after ${quote(this.words[this.i - 1]!)}`, 2);
      if (!this.accept(')')) throw new ExprError(`syntax error: expecting ')' instead of ${quote(this.words[this.i]!)}`, 2);
      return v;
    }
    if (this.words[this.i] === ')') throw new ExprError("syntax error: unexpected ')'", 2);
    return this.word();
  }
}

const isNull = (v: Bytes): boolean => v === '' || /^-?0+$/.test(v);

function matched(text: Bytes, pattern: Bytes): Bytes {
  try {
    const m = compilePosix(pattern).execAt(text, 0);
    const groups = /\\\(/.test(pattern);
    if (m === null) return groups ? '' : '0';
    return groups ? (m.groups[1] ?? '') : String(m.end);
  } catch (e) {
    if (e instanceof RegexError) throw new ExprError(e.message, 2);
    throw e;
  }
}

const described = { name: 'expr', summary: 'Print the value of EXPRESSION to standard output.', options: {} };

export const expr = command({
  ...described,
  path: '/usr/bin/expr',
  package: 'coreutils',
  getopt: null,
  *run(p, _opts, argv) {
    const args = argv[0] === '--' ? argv.slice(1) : argv;
    if (args.length === 1 && args[0] === '--help') {
      yield* put(p, helpText(described, undefined, languageOf(p)));
      return 0;
    }
    if (args.length === 0) {
      yield* err(p, "expr: missing operand\nTry 'expr --help' for more information.\n");
      return 2;
    }
    try {
      const v = new Parser(args).all();
      yield* put(p, `${v}\n`);
      return isNull(v) ? 1 : 0;
    } catch (e) {
      if (!(e instanceof ExprError)) throw e;
      yield* err(p, `expr: ${e.text}\n`);
      return e.status;
    }
  },
});
