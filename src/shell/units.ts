// Texts run unit by unit: eval, traps, command substitutions, scripts; and how syntax errors are shown. Linux counterpart: bash's builtins/evalstring.c.
import { late } from './late';
import type { Shell } from './shell';
import { parseShell } from './parse';
import { execList } from './run';
import { jumping } from './outcome';
import { expandAliases } from './alias';
import type { Op } from '../host/process';
import { raw } from './say';
import type { Bytes } from '../lib/text';
import type { Unit } from './ast';
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

late.substitute = (sh, src, line, tail) => runText(sh, src, line, tail, 'command substitution');

late.action = function* (sh, src, what) {
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

