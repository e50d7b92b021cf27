// [[ ... ]]: conditions with pattern and regular expression matching. Linux counterpart: execute_cond_node in bash's execute_cmd.c.
import { reach } from '../host/nfs/reach';
import type { Op } from '../host/process';
import { byBytes, type Bytes } from '../lib/text';
import { compilePosix, RegexError } from '../commands/posix_regex';
import { evalArith } from './arith';
import type { Cond, Part, Word } from './ast';
import { arithFailed, expandParts, expandPattern, expandString, tilde } from './expand';
import { Out } from './fields';
import { isUtf8 } from './fields';
import { matches, matchOptions } from './glob';
import { traceQuote } from './quote';
import { complain } from './say';
import type { Shell } from './shell';
import { fileCompare, unaryTest } from './test_ops';
import { trace } from './trace';
import { setArray } from './vars';

const LOOK = { read: false, list: false, deep: false } as const;

/** Evaluates: 0 true, 1 false, 2 error. */
export function* evalCond(sh: Shell, e: Cond): Op<number> {
  switch (e.t) {
    case 'group':
      return yield* evalCond(sh, e.a);
    case 'not': {
      const s = yield* evalCond(sh, e.a);
      return s > 1 ? s : 1 - s;
    }
    case 'and':
    case 'or': {
      let s = 0;
      for (const x of e.list) {
        s = yield* evalCond(sh, x);
        if (s > 1 || (s === 0) === (e.t === 'or')) return s;
      }
      return s;
    }
    case 'un': {
      const s = yield* word(sh, e.a);
      if (sh.flags.has('x')) yield* trace(sh, `[[ ${e.op} ${traceQuote(s)} ]]`);
      if (!/^-[znvRot]$/.test(e.op)) yield* reach(sh.p, s, LOOK);
      return unaryTest(sh, e.op, s) ? 0 : 1;
    }
    case 'bin':
      return yield* binary(sh, e);
  }
}

function* word(sh: Shell, w: Word): Op<Bytes> {
  return w.lit ?? (yield* expandString(sh, tilde(sh, w.parts, false)));
}

function* binary(sh: Shell, e: Extract<Cond, { t: 'bin' }>): Op<number> {
  const a = yield* word(sh, e.a);
  switch (e.op) {
    case '=': case '==': case '!=': {
      const pattern = yield* expandPattern(sh, e.b);
      if (sh.flags.has('x')) yield* trace(sh, `[[ ${traceQuote(a)} ${e.op} ${quotedPattern(pattern)} ]]`);
      const yes = matches(a, pattern, { ...matchOptions(sh, isUtf8(sh)), extglob: true });
      return yes === (e.op !== '!=') ? 0 : 1;
    }
    case '=~': {
      const source = yield* regexSource(sh, e.b);
      if (sh.flags.has('x')) yield* trace(sh, `[[ ${traceQuote(a)} =~ ${source} ]]`);
      return match(sh, a, source);
    }
  }
  const b = yield* word(sh, e.b);
  if (sh.flags.has('x')) yield* trace(sh, `[[ ${traceQuote(a)} ${e.op} ${traceQuote(b)} ]]`);
  switch (e.op) {
    case '<':
      return byBytes(a, b) < 0 ? 0 : 1;
    case '>':
      return byBytes(a, b) > 0 ? 0 : 1;
    case '-eq': case '-ne': case '-lt': case '-le': case '-gt': case '-ge':
      try {
        return compareNumbers(e.op, evalArith(sh, a), evalArith(sh, b)) ? 0 : 1;
      } catch (x) {
        yield* arithFailed(sh, x, '[[: ');
        return 1;
      }
    case '-nt': case '-ot': case '-ef':
      for (const path of [a, b]) yield* reach(sh.p, path, LOOK);
      return fileCompare(sh, a, e.op, b) ? 0 : 1;
  }
  yield* complain(sh, `${e.op}: conditional binary operator expected`);
  return 2;
}

const quotedPattern = (p: Bytes): Bytes => (p === '' ? "''" : p);

export function compareNumbers(op: string, a: bigint, b: bigint): boolean {
  switch (op) {
    case '-eq': return a === b;
    case '-ne': return a !== b;
    case '-lt': return a < b;
    case '-le': return a <= b;
    case '-gt': return a > b;
    default: return a >= b;
  }
}

/** The right side of =~: quoted pieces stand for themselves. */
function* regexSource(sh: Shell, w: Word): Op<Bytes> {
  let out = '';
  const escape = (s: Bytes): Bytes => s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  for (const p of w.parts) {
    const o = new Out(null);
    yield* expandParts(sh, [p] as Part[], o, false);
    out += p.t === 'dq' || (p.t === 'lit' && p.q) ? escape(o.s) : o.s;
  }
  return out;
}

function match(sh: Shell, text: Bytes, source: Bytes): number {
  try {
    const re = compilePosix(source, { extended: true, icase: sh.shopts.has('nocasematch') });
    const m = re.exec(text);
    setArray(sh, 'BASH_REMATCH', m === null ? [] : m.groups.map((g) => g ?? ''));
    return m === null ? 1 : 0;
  } catch (e) {
    if (e instanceof RegexError) return 2;
    throw e;
  }
}
