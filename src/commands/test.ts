// test and [: evaluate conditions. Counterpart: coreutils test.c (bash has its own in the shell floor).
import type { Bytes } from '../lib/text';
import type { Process } from '../host/process';
import { err } from '../host/syscall';
import type { Stat } from '../host/vfs';
import { command } from './command';
import { isTty, quote, tryCall } from './io';

class TestError extends Error {}

const UNARY = 'bcdefgGhkLnNOprsStuwxz';
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

class Evaluator {
  private i = 0;
  constructor(
    private readonly p: Process,
    private readonly words: readonly Bytes[],
  ) {}

  run(): boolean {
    const w = this.words;
    switch (w.length) {
      case 0:
        return false;
      case 1:
        return w[0] !== '';
      case 2:
        return this.two(w[0]!, w[1]!);
      case 3:
        return this.three(w[0]!, w[1]!, w[2]!);
      case 4:
        if (w[0] === '!') return !this.three(w[1]!, w[2]!, w[3]!);
        if (w[0] === '(' && w[3] === ')') return this.two(w[1]!, w[2]!);
    }
    const v = this.or();
    if (this.i < w.length) throw new TestError(`extra argument ${quote(w[this.i]!)}`);
    return v;
  }

  private two(a: Bytes, b: Bytes): boolean {
    if (a === '!') return b === '';
    if (isUnary(a)) return this.unary(a, b);
    if (/^-.$/.test(a)) throw new TestError(`${quote(a)}: unary operator expected`);
    throw new TestError(`missing argument after ${quote(b)}`);
  }

  private three(a: Bytes, op: Bytes, b: Bytes): boolean {
    if (BINARY.has(op)) return this.binary(a, op, b);
    if (a === '!') return !this.two(op, b);
    if (a === '(' && b === ')') return op !== '';
    if (op === '-a') return a !== '' && b !== '';
    if (op === '-o') return a !== '' || b !== '';
    throw new TestError(`${quote(op)}: binary operator expected`);
  }

  private or(): boolean {
    let v = this.and();
    while (this.words[this.i] === '-o') {
      this.i++;
      const b = this.and();
      v = v || b;
    }
    return v;
  }

  private and(): boolean {
    let v = this.term();
    while (this.words[this.i] === '-a') {
      this.i++;
      const b = this.term();
      v = v && b;
    }
    return v;
  }

  private term(): boolean {
    const w = this.words[this.i];
    if (w === undefined) throw new TestError(`missing argument after ${quote(this.words[this.i - 1] ?? '')}`);
    if (w === '!') {
      this.i++;
      return !this.term();
    }
    if (w === '(' && this.words.length > this.i + 1) {
      this.i++;
      const v = this.or();
      if (this.words[this.i] !== ')') throw new TestError(this.words[this.i] === undefined ? "')' expected" : `')' expected, found ${this.words[this.i]}`);
      this.i++;
      return v;
    }
    const op = this.words[this.i + 1];
    const b = this.words[this.i + 2];
    if (op !== undefined && b !== undefined && BINARY.has(op)) {
      this.i += 3;
      return this.binary(w, op, b);
    }
    if (isUnary(w) && op !== undefined) {
      this.i += 2;
      return this.unary(w, op);
    }
    this.i++;
    return w !== '';
  }

  private number(text: Bytes): bigint {
    const m = /^\s*([-+]?\d+)\s*$/.exec(text);
    if (m === null) throw new TestError(`invalid integer ${quote(text)}`);
    return BigInt(m[1]!.replace(/^\+/, ''));
  }

  private binary(a: Bytes, op: Bytes, b: Bytes): boolean {
    const st = (name: Bytes): Stat | null => tryCall(() => this.p.host.vfs.stat(this.p, name)).ok;
    switch (op) {
      case '=':
      case '==':
        return a === b;
      case '!=':
        return a !== b;
      case '<':
        return a < b;
      case '>':
        return a > b;
      case '-nt':
      case '-ot': {
        const x = st(op === '-nt' ? a : b);
        const y = st(op === '-nt' ? b : a);
        return x !== null && (y === null || x.mtime > y.mtime);
      }
      case '-ef': {
        const x = st(a);
        const y = st(b);
        return x !== null && y !== null && x.ino === y.ino && x.dev === y.dev;
      }
    }
    const x = this.number(a);
    const y = this.number(b);
    return op === '-eq' ? x === y : op === '-ne' ? x !== y : op === '-lt' ? x < y : op === '-le' ? x <= y : op === '-gt' ? x > y : x >= y;
  }

  private unary(op: Bytes, arg: Bytes): boolean {
    const { p } = this;
    if (op === '-n') return arg !== '';
    if (op === '-z') return arg === '';
    if (op === '-t') return isTty(p, Number(this.number(arg)));
    if (op === '-r' || op === '-w' || op === '-x') return p.host.vfs.access(p, arg, { '-r': 4, '-w': 2, '-x': 1 }[op]);
    const st = tryCall(() => (op === '-h' || op === '-L' ? p.host.vfs.lstat(p, arg) : p.host.vfs.stat(p, arg))).ok;
    if (st === null) return false;
    switch (op) {
      case '-e':
        return true;
      case '-f':
        return st.type === 'file';
      case '-d':
        return st.type === 'dir';
      case '-h':
      case '-L':
        return st.type === 'symlink';
      case '-s':
        return st.size > 0;
      case '-b':
        return st.type === 'blk';
      case '-c':
        return st.type === 'chr';
      case '-p':
        return st.type === 'fifo';
      case '-S':
        return st.type === 'socket';
      case '-u':
        return (st.mode & 0o4000) !== 0;
      case '-g':
        return (st.mode & 0o2000) !== 0;
      case '-k':
        return (st.mode & 0o1000) !== 0;
      case '-O':
        return st.uid === p.uid;
      case '-G':
        return st.gid === p.gid;
      default:
        return st.mtime > st.atime;
    }
  }
}

const isUnary = (w: Bytes): boolean => w.length === 2 && w[0] === '-' && UNARY.includes(w[1]!);

function testNamed(name: 'test' | '[') {
  return command({
    name,
    summary: 'Exit with the status determined by EXPRESSION.',
    path: `/usr/bin/${name}`,
    package: 'coreutils',
    options: {},
    getopt: null,
    *run(p, _opts, argv) {
      const args = [...argv];
      const called = p.argv[0] ?? name;
      if (name === '[' && args.pop() !== ']') {
        yield* err(p, `${called}: missing ']'\n`);
        return 2;
      }
      try {
        return new Evaluator(p, args).run() ? 0 : 1;
      } catch (e) {
        if (!(e instanceof TestError)) throw e;
        yield* err(p, `${called}: ${e.message}\n`);
        return 2;
      }
    },
  });
}

export const test_ = testNamed('test');
export const bracket = testNamed('[');
