// while, until, for, for ((;;)) and case. Linux counterpart: execute_while_command, execute_for_command, execute_case_command in bash's execute_cmd.c.
import { late } from './late';
import type { Shell } from './shell';
import { evalArith } from './arith';
import type { Op } from '../host/process';
import type { Node } from './ast';
import { arithFailed, expandPattern, expandString, tilde } from './expand';
import { isUtf8 } from './fields';
import { matches, matchOptions } from './glob';
import { complain, step } from './say';
import { trace } from './trace';
import { jumping } from './outcome';
import { done } from './outcome';
import { ReadonlyError, setVar } from './vars';
import type { Bytes } from '../lib/text';
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

/** while and until. */
export function* loop(sh: Shell, n: Extract<Node, { t: 'while' }>): Op<number> {
  let status = 0;
  sh.loops++;
  for (;;) {
    sh.noErrexit++;
    const test = yield* late.execList(sh, n.test, false);
    sh.noErrexit--;
    if (jumping(sh)) {
      if (!afterBody(sh)) break;
      continue;
    }
    if ((test === 0) === n.until) break;
    status = yield* late.execList(sh, n.body, false);
    yield* step(sh);
    if (!afterBody(sh)) break;
  }
  sh.loops--;
  sh.status = status;
  return status;
}

/** for NAME in WORDS. */
export function* forEach(sh: Shell, n: Extract<Node, { t: 'for' | 'select' }>, words: readonly Bytes[]): Op<number> {
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
    status = yield* late.execList(sh, n.body, false);
    yield* step(sh);
    if (!afterBody(sh)) break;
  }
  sh.loops--;
  sh.status = status;
  return status;
}

/** for ((;;)). */
export function* cFor(sh: Shell, n: Extract<Node, { t: 'cfor' }>): Op<number> {
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
    status = yield* late.execList(sh, n.body, false);
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

/** case WORD in. */
export function* runCase(sh: Shell, n: Extract<Node, { t: 'case' }>, tail: boolean): Op<number> {
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
    status = item.body.items.length === 0 ? 0 : yield* late.execList(sh, item.body, tail && item.end === ';;');
    if (jumping(sh) || item.end === ';;') {
      sh.status = status;
      return status;
    }
    falls = item.end === ';&';
  }
  sh.status = status;
  return status;
}
