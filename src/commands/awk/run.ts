// Runs an awk program. Counterpart: mawk execute.c. What cannot wait (no I/O, no call) is computed by plain functions, the rest by generators.
import type { Bytes } from '../../lib/text';
import type { Op, Process } from '../../host/process';
import { isTty, Steps } from '../io';
import { children, constant, withChildren } from './children';
import { type Cell, cell, Evaluator } from './eval';
import { AwkFailure, type RecordReader, Streams } from './streams';
import type { Expr, Program, Rule, Stmt } from './tree';
import { FormatError, fromInput, loopKeys, type Scalar, sprintf, toNumber, toText, truth, UNSET } from './value';

type Flow = 'go' | 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return';

const BLOCKING = new Set(['system', 'close', 'fflush']);

/** exit and next inside a function leave all frames. */
export class Jump extends Error {
  constructor(readonly flow: 'exit' | 'next') {
    super(flow);
  }
}

export class Runner extends Evaluator {
  readonly streams: Streams;
  exitCode = 0;
  private result: Scalar = UNSET;
  private readonly steps: Steps;
  private readonly slow = new Map<Expr, boolean>();
  private readonly inRange = new Set<Rule>();
  private depth = 0;
  /** Main input: gives the next record or null. Set by the command. */
  nextRecord: () => Op<Bytes | null> = function* () {
    return null;
  };
  /** Skips the rest of the current file. */
  skipFile: () => Op<void> = function* () {};

  constructor(
    p: Process,
    private readonly program: Program,
    name: string,
  ) {
    super(p, name);
    this.steps = new Steps(p);
    this.streams = new Streams(p, name);
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
    for (const r of ends) {
      flow = yield* this.exec(r.body!);
      if (flow === 'exit') break;
    }
    return this.exitCode;
  }

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
}
