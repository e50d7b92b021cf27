// The executor: walks commands and runs them as generators. Linux counterpart: bash's execute_cmd.c.
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import { arithFailed, expandString, expandPattern, expandWords, isUtf8, tilde } from './expand';
import { expandAliases } from './alias';
import { evalArith } from './arith';
import type { List, Node, Unit } from './ast';
import { evalCond } from './cond';
import { matches, matchOptions } from './glob';
import { runBackground, runCoproc, runPipeline } from './pipeline';
import { RedirectFailed, redirect, restore, type Saved } from './redirect';
import { actions, complain, forkShell, raw, roomToFork, signals, step } from './say';
import { parseShell } from './parse';
import { Discard, Exit, type Shell } from './shell';
import { runSelect } from './select';
import { runSimple } from './simple';
import { closeSubstitutions, runner } from './substitution';
import { trace } from './trace';
import { ReadonlyError, setVar } from './vars';
import { brokenBy, lastSignal, waitForeground } from './wait';

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

const jumping = (sh: Shell): boolean => sh.breaking > 0 || sh.continuing > 0 || sh.returning;

/** Records a status; a failure may end the shell (set -e) and runs the ERR trap. */
export function* done(sh: Shell, status: number, counts: boolean): Op<number> {
  sh.status = status;
  if (counts) {
    if (status === 0) return 0;
    if (sh.noErrexit === 0 && !jumping(sh)) {
      const trap = sh.traps.get('ERR');
      if (trap !== undefined && trap !== '' && !sh.inTrap && (sh.flags.has('E') || !sh.frames.some((f) => f.kind === 'fn'))) {
        yield* actions.run(sh, trap, 'ERR');
        sh.status = status;
      }
      if (sh.flags.has('e')) throw new Exit(status);
    }
  }
  return status;
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

/** After a loop's body: 'go' on, or leave the loop. */
function afterBody(sh: Shell): boolean {
  if (sh.breaking > 0) {
    sh.breaking--;
    return false;
  }
  if (sh.continuing > 0) {
    sh.continuing--;
    return sh.continuing === 0;
  }
  return !sh.returning;
}

function* loop(sh: Shell, n: Extract<Node, { t: 'while' }>): Op<number> {
  let status = 0;
  sh.loops++;
  for (;;) {
    sh.noErrexit++;
    const test = yield* execList(sh, n.test, false);
    sh.noErrexit--;
    if (jumping(sh)) {
      if (!afterBody(sh)) break;
      continue;
    }
    if ((test === 0) === n.until) break;
    status = yield* execList(sh, n.body, false);
    yield* step(sh);
    if (!afterBody(sh)) break;
  }
  sh.loops--;
  sh.status = status;
  return status;
}

function* forEach(sh: Shell, n: Extract<Node, { t: 'for' | 'select' }>, words: readonly Bytes[]): Op<number> {
  let status = 0;
  if (!/^[A-Za-z_]\w*$/.test(n.name)) {
    yield* complain(sh, `\`${n.name}': not a valid identifier`);
    return yield* done(sh, 1, false);
  }
  sh.loops++;
  const head = sh.flags.has('x') && n.words !== null ? n.words.map((w) => w.text).join(' ') : '"$@"';
  for (const word of words) {
    sh.line = n.line;
    if (sh.flags.has('x')) yield* trace(sh, `for ${n.name} in ${head}`);
    try {
      setVar(sh, n.name, word);
    } catch (e) {
      if (!(e instanceof ReadonlyError)) throw e;
      yield* complain(sh, `${e.varName}: readonly variable`);
      status = 1;
      break;
    }
    status = yield* execList(sh, n.body, false);
    yield* step(sh);
    if (!afterBody(sh)) break;
  }
  sh.loops--;
  sh.status = status;
  return status;
}

function* cFor(sh: Shell, n: Extract<Node, { t: 'cfor' }>): Op<number> {
  let status = 0;
  sh.line = n.line;
  const value = function* (parts: typeof n.init, text: string): Op<bigint | null> {
    const s = yield* expandString(sh, parts);
    if (s.trim() === '') return 1n;
    if (sh.flags.has('x')) yield* trace(sh, `(( ${text.trim()} ))`);
    try {
      return evalArith(sh, s);
    } catch (e) {
      yield* arithFailed(sh, e, '((: ');
      return null;
    }
  };
  if ((yield* value(n.init, n.texts[0])) === null) return yield* done(sh, 1, false);
  sh.loops++;
  for (;;) {
    const test = yield* value(n.test, n.texts[1]);
    if (test === null) {
      status = 1;
      break;
    }
    if (test === 0n) break;
    status = yield* execList(sh, n.body, false);
    yield* step(sh);
    if (!afterBody(sh)) break;
    if ((yield* value(n.step, n.texts[2])) === null) {
      status = 1;
      break;
    }
  }
  sh.loops--;
  sh.status = status;
  return status;
}

function* runCase(sh: Shell, n: Extract<Node, { t: 'case' }>, tail: boolean): Op<number> {
  sh.line = n.line;
  yield* step(sh);
  const word = yield* expandString(sh, tilde(sh, n.word.parts, false));
  if (sh.flags.has('x')) yield* trace(sh, `case ${n.word.text} in`);
  const o = matchOptions(sh, isUtf8(sh));
  let status = 0;
  let falls = false;
  for (let i = 0; i < n.items.length; i++) {
    const item = n.items[i]!;
    let hit = falls;
    for (const p of hit ? [] : item.patterns) {
      if (matches(word, yield* expandPattern(sh, p), o)) {
        hit = true;
        break;
      }
    }
    if (!hit) continue;
    status = item.body.items.length === 0 ? 0 : yield* execList(sh, item.body, tail && item.end === ';;');
    if (jumping(sh) || item.end === ';;') {
      sh.status = status;
      return status;
    }
    falls = item.end === ';&';
  }
  sh.status = status;
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

/** Waits for a foreground group with the terminal given to it. */
export function* foreground(sh: Shell, pgid: number, pids: readonly number[]): Op<number[]> {
  const tty = sh.flags.has('m') && sh.p.tty >= 0 ? sh.p.host.ttys[sh.p.tty]! : null;
  if (tty !== null) tty.foreground = pgid;
  try {
    const statuses = yield* waitForeground(sh, pids);
    const signal = lastSignal.value;
    if (tty !== null) tty.foreground = sh.p.pgid;
    brokenBy(sh, signal);
    return statuses;
  } finally {
    if (tty !== null) tty.foreground = sh.p.pgid;
  }
}

/** Runs a unit as read from a script or a terminal. */
export function* runUnit(sh: Shell, u: Unit, tail: boolean): Op<number> {
  if (sh.flags.has('v') && sh.mode !== 'terminal' && sh.mode !== 'c') yield* raw(sh, u.text.endsWith('\n') ? u.text : `${u.text}\n`);
  if (sh.flags.has('n') && !sh.interactive) return sh.status;
  if (sh.aliases.size > 0) {
    const text = expandAliases(sh, u.text);
    if (text !== u.text) {
      const parsed = parseShell(text, u.line, sh.shopts.has('extglob'));
      let status = sh.status;
      for (const v of parsed.units) status = yield* execList(sh, v.list, tail && parsed.units.length === 1);
      if (parsed.error !== null) {
        yield* syntaxError(sh, parsed.error, sh.mode === 'c' ? '-c' : '', u.line - 1);
        sh.status = parsed.error.status;
        return sh.status;
      }
      return status;
    }
  }
  return yield* execList(sh, u.list, tail);
}

/** Runs a text in this shell (eval, traps, command substitutions): all its units, then its syntax error if it has one. */
export function* runText(sh: Shell, src: Bytes, line: number, tail: boolean, who = ''): Op<number> {
  const parsed = parseShell(src, line, sh.shopts.has('extglob'));
  let status = parsed.units.length === 0 && parsed.error === null ? 0 : sh.status;
  const one = parsed.error === null && parsed.units.length === 1;
  for (const u of parsed.units) {
    status = yield* runUnit(sh, u, tail && one);
    if (jumping(sh)) return status;
  }
  if (parsed.error !== null) {
    yield* syntaxError(sh, parsed.error, who, line - 1);
    sh.status = parsed.error.status;
    return parsed.error.status;
  }
  return status;
}

/** Prints a syntax error: `who` names the place ('-c', 'eval', ...). */
export function* syntaxError(sh: Shell, e: { line: number; texts: Bytes[] }, who: string, before = 0): Op<void> {
  const head = sh.interactive ? `${sh.name}: ${who === '' || who === '-c' ? '' : `${who}: line ${e.line + before}: `}` : `${sh.file}: ${who === '' ? '' : `${who}: `}line ${e.line + before}: `;
  for (const t of e.texts) {
    if (sh.interactive && who === '' && t.startsWith('`') && e.texts.indexOf(t) === 1) continue;
    yield* raw(sh, `${head}${t}\n`);
  }
}

runner.text = (sh, src, line, tail) => runText(sh, src, line, tail, 'command substitution');

actions.run = function* (sh, src, what) {
  const was = sh.inTrap;
  const noErr = sh.noErrexit;
  const line = sh.line;
  sh.inTrap = true;
  try {
    return yield* runText(sh, src, what === 'EXIT' ? 1 : sh.line, false, what === 'EXIT' ? 'exit trap' : 'trap');
  } finally {
    sh.inTrap = was;
    sh.noErrexit = noErr;
    sh.line = line;
  }
};

