// The executor: walks commands and runs them as generators. Linux counterpart: bash's execute_cmd.c.
import { late } from './late';
import { done, jumping } from './outcome';
import { foreground } from './wait';
import { cFor, forEach, loop, runCase } from './loops';
import type { Op } from '../host/process';
import { arithFailed, expandString, expandWords } from './expand';
import { evalArith } from './arith';
import type { List, Node } from './ast';
import { evalCond } from './cond';
import { runBackground, runCoproc, runPipeline } from './pipeline';
import { redirect, RedirectFailed, restore, type Saved } from './redirect';
import { complain, forkShell, roomToFork, signals, step } from './say';
import { Discard, type Shell } from './shell';
import { runSelect } from './select';
import { runSimple } from './simple';
import { closeSubstitutions } from './substitution';
import { trace } from './trace';

/** Generators run inside one another at most (an engine's stack holds about 3,700); lists, functions and eval count what they add. */
const MAX_DEPTH = 2400;

/** Runs a command; its exit status (also left in sh.status). `tail`: nothing follows, so the process may become the program. */
export function* exec(sh: Shell, n: Node, tail = false): Op<number> {
  switch (n.t) {
    case 'simple': {
      sh.line = n.line;
      const from = sh.procFds.length;
      let status = yield* runSimple(sh, n, tail);
      if (sh.procFds.length > from) closeSubstitutions(sh, from);
      if (sh.p.pending.length > 0) yield* signals(sh);
      status = yield* done(sh, status, true);
      return status;
    }
    case 'list':
      return yield* execList(sh, n, tail);
    case 'andor':
      return yield* andOr(sh, n, tail);
    case 'pipe': {
      const status = yield* runPipeline(sh, n, tail);
      return yield* done(sh, status, !n.negate && n.cmds.length > 1);
    }
    case 'if': {
      for (const arm of n.arms) {
        sh.noErrexit++;
        const test = yield* execList(sh, arm.test, false);
        sh.noErrexit--;
        if (jumping(sh)) return test;
        if (test === 0) return yield* execList(sh, arm.body, tail);
      }
      if (n.else !== null) return yield* execList(sh, n.else, tail);
      sh.status = 0;
      return 0;
    }
    case 'while':
      return yield* loop(sh, n);
    case 'for': {
      const words = n.words === null ? [...sh.args] : yield* expandWords(sh, n.words);
      return yield* forEach(sh, n, words);
    }
    case 'select': {
      sh.loops++;
      const status = yield* runSelect(sh, n, n.words === null ? sh.args : yield* expandWords(sh, n.words), exec);
      sh.loops--;
      return yield* done(sh, status, false);
    }
    case 'cfor':
      return yield* cFor(sh, n);
    case 'case':
      return yield* runCase(sh, n, tail);
    case 'group':
      return yield* execList(sh, n.body, tail);
    case 'sub':
      return yield* subshell(sh, n.body, tail);
    case 'cond': {
      sh.line = n.line;
      yield* step(sh);
      if (sh.dash) {
        yield* complain(sh, '[[: not found');
        return yield* done(sh, 127, true);
      }
      return yield* done(sh, yield* evalCond(sh, n.expr), true);
    }
    case 'arith': {
      sh.line = n.line;
      yield* step(sh);
      let status = 1;
      try {
        const text = yield* expandString(sh, n.parts);
        if (sh.flags.has('x')) yield* trace(sh, `(( ${n.text} ))`);
        status = evalArith(sh, text) === 0n ? 1 : 0;
      } catch (e) {
        yield* arithFailed(sh, e, '((: ');
      }
      return yield* done(sh, status, true);
    }
    case 'func': {
      const file = sh.mode === 'c' && sh.frames.every((f) => f.kind === 'eval') ? 'environment' : sh.mode === 'terminal' ? 'main' : sh.file;
      if (!/^[^$`\s"'\\;&|<>()]+$/.test(n.name)) {
        yield* complain(sh, `\`${n.name}': not a valid identifier`);
        return yield* done(sh, 1, true);
      }
      sh.functions.set(n.name, { src: n.src, line: n.line, file, export: false });
      return yield* done(sh, 0, false);
    }
    case 'coproc':
      return yield* done(sh, yield* runCoproc(sh, n.name, n.node, n.text), false);
    case 'redir': {
      const saved: Saved[] = [];
      const from = sh.procFds.length;
      const level = sh.depth;
      try {
        yield* redirect(sh, n.redirs, saved);
        return yield* exec(sh, n.node);
      } catch (e) {
        if (!(e instanceof RedirectFailed)) throw e;
        sh.depth = level;
        return yield* done(sh, 1, true);
      } finally {
        restore(sh, saved);
        closeSubstitutions(sh, from);
      }
    }
  }
}

/** Runs the commands of a list in order. */
export function* execList(sh: Shell, list: List, tail: boolean): Op<number> {
  let status = sh.status;
  const { items } = list;
  const level = sh.depth;
  sh.depth += 2;
  if (sh.depth > MAX_DEPTH) {
    const fn = sh.frames.findLast((f) => f.kind === 'fn');
    yield* complain(sh, `${fn === undefined ? '' : `${fn.name}: `}maximum ${fn === undefined ? 'command' : 'function'} nesting level exceeded (${sh.frames.length})`);
    throw new Discard(1);
  }
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (item.bg) status = yield* runBackground(sh, item);
    else status = yield* exec(sh, item.node, tail && i === items.length - 1);
    if (sh.breaking > 0 || sh.continuing > 0 || sh.returning) break;
  }
  sh.depth = level;
  return status;
}

function* andOr(sh: Shell, n: Extract<Node, { t: 'andor' }>, tail: boolean): Op<number> {
  let status = 0;
  const level = sh.depth;
  sh.depth += 2;
  const last = n.cmds.length - 1;
  for (let i = 0; i <= last; i++) {
    if (i > 0) {
      const op = n.ops[i - 1]!;
      if ((op === '&&') !== (status === 0)) continue;
    }
    if (i < last) sh.noErrexit++;
    status = yield* exec(sh, n.cmds[i]!, tail && i === last);
    if (i < last) sh.noErrexit--;
    if (jumping(sh)) break;
  }
  sh.depth = level;
  return status;
}

function* subshell(sh: Shell, body: List, tail: boolean): Op<number> {
  if (!(yield* roomToFork(sh))) throw new Discard(254);
  if (tail && sh.subshell > 0 && sh.traps.size === 0) {
    sh.subshell++;
    sh.level++;
    return yield* execList(sh, body, true);
  }
  const child = forkShell(sh, { ...(sh.flags.has('m') ? { pgid: 0 } : {}) }, (c) => {
    c.level++;
    return execList(c, body, true);
  });
  const [status] = yield* foreground(sh, child.pgid, [child.pid]);
  return yield* done(sh, status!, true);
}

late.exec = exec;
late.execList = execList;
