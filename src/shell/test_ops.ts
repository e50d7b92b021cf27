// test and [: their operators and grammar. Linux counterpart: bash's test.c (POSIX rules by number of arguments).
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import { statOf } from './files';
import type { Shell } from './shell';
import { findVar, getElement, getVar, valuesOf } from './vars';
import { setNames } from './dynamic_vars';

/** A refused expression; `text` is printed after `test: ` or `[: `. */
export class TestError extends Error {
  constructor(readonly text: Bytes) {
    super(text);
  }
}

const UNARY = new Set(['-a', '-b', '-c', '-d', '-e', '-f', '-g', '-h', '-k', '-n', '-o', '-p', '-r', '-s', '-t', '-u', '-v', '-w', '-x', '-z', '-G', '-L', '-N', '-O', '-R', '-S']);
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

/** A unary primary. */
export function unaryTest(sh: Shell, op: string, s: Bytes): boolean {
  switch (op) {
    case '-z':
      return s === '';
    case '-n':
      return s !== '';
    case '-v': {
      const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(s);
      if (m !== null) return m[2] === '@' || m[2] === '*' ? valuesOf(sh, m[1]!).length > 0 : getElement(sh, m[1]!, m[2]!) !== null;
      if (/^\d+$/.test(s)) return Number(s) <= sh.args.length;
      return getVar(sh, s) !== null;
    }
    case '-R':
      return findVar(sh, s)?.nameref === true;
    case '-o':
      return setNames(sh).includes(s);
    case '-t': {
      const f = /^\d+$/.test(s) ? sh.p.fds.get(Number(s)) : undefined;
      return f?.kind === 'tty';
    }
    case '-r':
    case '-w':
    case '-x':
      return statOf(sh, s) !== null && sh.p.host.vfs.access(sh.p, s, op === '-r' ? 4 : op === '-w' ? 2 : 1);
  }
  const st = statOf(sh, s, op !== '-h' && op !== '-L');
  if (st === null) return false;
  switch (op) {
    case '-b': return st.type === 'blk';
    case '-c': return st.type === 'chr';
    case '-d': return st.type === 'dir';
    case '-f': return st.type === 'file';
    case '-p': return st.type === 'fifo';
    case '-S': return st.type === 'socket';
    case '-h': case '-L': return st.type === 'symlink';
    case '-s': return st.size > 0;
    case '-g': return (st.mode & 0o2000) !== 0;
    case '-u': return (st.mode & 0o4000) !== 0;
    case '-k': return (st.mode & 0o1000) !== 0;
    case '-O': return st.uid === sh.p.uid;
    case '-G': return st.gid === sh.p.gid;
    case '-N': return st.mtime > st.atime;
    default: return true;
  }
}

/** -nt, -ot, -ef. */
export function fileCompare(sh: Shell, a: Bytes, op: string, b: Bytes): boolean {
  const x = statOf(sh, a);
  const y = statOf(sh, b);
  if (op === '-ef') return x !== null && y !== null && x.ino === y.ino && x.dev === y.dev;
  if (op === '-nt') return x !== null && (y === null || x.mtime > y.mtime);
  return y !== null && (x === null || x.mtime < y.mtime);
}

function integer(s: Bytes): bigint {
  const m = /^\s*([-+]?)(\d+)\s*$/.exec(s);
  if (m === null) throw new TestError(`${s}: integer expression expected`);
  return m[1] === '-' ? -BigInt(m[2]!) : BigInt(m[2]!);
}

function binaryTest(sh: Shell, a: Bytes, op: string, b: Bytes): boolean {
  switch (op) {
    case '=': case '==': return a === b;
    case '!=': return a !== b;
    case '<': return byBytes(a, b) < 0;
    case '>': return byBytes(a, b) > 0;
    case '-nt': case '-ot': case '-ef': return fileCompare(sh, a, op, b);
  }
  const x = integer(a);
  const y = integer(b);
  switch (op) {
    case '-eq': return x === y;
    case '-ne': return x !== y;
    case '-lt': return x < y;
    case '-le': return x <= y;
    case '-gt': return x > y;
    default: return x >= y;
  }
}

function unary(sh: Shell, op: string, s: Bytes): boolean {
  if (op === '-t' && !/^\s*-?\d+\s*$/.test(s)) throw new TestError(`${s}: integer expression expected`);
  return unaryTest(sh, op === '-a' ? '-e' : op, s);
}

/** Evaluates the arguments of test (without a closing `]`). Throws TestError. */
export function evalTest(sh: Shell, args: readonly Bytes[]): boolean {
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return args[0] !== '';
    case 2:
      if (args[0] === '!') return args[1] === '';
      if (UNARY.has(args[0]!)) return unary(sh, args[0]!, args[1]!);
      throw new TestError(`${args[0]}: unary operator expected`);
    case 3:
      if (BINARY.has(args[1]!)) return binaryTest(sh, args[0]!, args[1]!, args[2]!);
      if (args[1] === '-a') return args[0] !== '' && args[2] !== '';
      if (args[1] === '-o') return args[0] !== '' || args[2] !== '';
      if (args[0] === '!') return !evalTest(sh, args.slice(1));
      if (args[0] === '(' && args[2] === ')') return args[1] !== '';
      throw new TestError(`${args[1]}: binary operator expected`);
    case 4:
      if (args[0] === '!') return !evalTest(sh, args.slice(1));
      if (args[0] === '(' && args[3] === ')') return evalTest(sh, args.slice(1, 3));
  }
  return new LongTest(sh, args).all();
}

class LongTest {
  private i = 0;
  constructor(
    private readonly sh: Shell,
    private readonly a: readonly Bytes[],
  ) {}

  all(): boolean {
    const v = this.or();
    if (this.i < this.a.length) throw new TestError(this.i === 1 || !BINARY.has(this.a[this.i - 1] ?? '') ? 'too many arguments' : `${this.a[this.i]}: unexpected operator`);
    return v;
  }
  private or(): boolean {
    let v = this.and();
    while (this.a[this.i] === '-o') {
      this.i++;
      const r = this.and();
      v = v || r;
    }
    return v;
  }
  private and(): boolean {
    let v = this.term();
    while (this.a[this.i] === '-a') {
      this.i++;
      const r = this.term();
      v = v && r;
    }
    return v;
  }
  private term(): boolean {
    const { a } = this;
    const w = a[this.i];
    if (w === undefined) throw new TestError('argument expected');
    if (w === '!') {
      this.i++;
      return !this.term();
    }
    if (BINARY.has(a[this.i + 1] ?? '') && a[this.i + 2] !== undefined) {
      this.i += 3;
      return binaryTest(this.sh, w, a[this.i - 2]!, a[this.i - 1]!);
    }
    if (w === '(') {
      this.i++;
      const v = this.or();
      if (a[this.i] !== ')') throw new TestError(a[this.i] === undefined ? "`)' expected" : `\`)' expected, found ${a[this.i]}`);
      this.i++;
      return v;
    }
    if (UNARY.has(w) && this.i + 1 < a.length) {
      this.i += 2;
      return unary(this.sh, w, a[this.i - 1]!);
    }
    this.i++;
    return w !== '';
  }
}
