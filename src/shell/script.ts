// Runs a script: unit by unit, so that what stands before an error has run. Linux counterpart: bash's eval.c (reader_loop).
import { late } from './late';
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import { parseShell } from './parse';
import { runUnit, syntaxError } from './units';
import { Discard, Exit, type Shell } from './shell';

/** Runs a script's text as the shell's main input with $0 and its arguments. */
export function* runScriptText(sh: Shell, name: Bytes, args: readonly Bytes[], text: Bytes): Op<number> {
  sh.name = name;
  sh.mode = 'script';
  sh.params = [...args];
  sh.frames = [];
  sh.loops = 0;
  sh.noErrexit = 0;
  sh.depth = 0;
  sh.scopes[0]!.vars.delete('BASH_EXECUTION_STRING');
  if (/^[^\n]*\0/.test(text.slice(0, 80))) {
    throw new Exit(126);
  }
  return yield* runMain(sh, text);
}

/** The units of a main input; errors that give up a line end only that line. */
export function* runMain(sh: Shell, text: Bytes): Op<number> {
  // Options such as extglob change how later lines read, so a refused text is tried again from where it failed.
  let line = 1;
  let rest = text;
  let status = 0;
  for (;;) {
    const extglob = sh.shopts.has('extglob');
    const parsed = parseShell(rest, line, extglob);
    let done = 0;
    let again = false;
    for (const u of parsed.units) {
      sh.line = u.line;
      try {
        status = yield* runUnit(sh, u, false);
      } catch (e) {
        if (!(e instanceof Discard) || e.fatal) throw e instanceof Discard ? new Exit(1) : e;
        status = e.status;
        sh.status = status;
        sh.depth = 0;
        sh.frames = [];
        sh.scopes.length = 1;
        sh.noErrexit = 0;
        sh.loops = 0;
      }
      sh.returning = false;
      sh.breaking = 0;
      sh.continuing = 0;
      done += u.text.length;
      if (sh.shopts.has('extglob') !== extglob) {
        again = true;
        break;
      }
    }
    if (again && done < rest.length) {
      line += rest.slice(0, done).split('\n').length - 1;
      rest = rest.slice(done);
      continue;
    }
    if (parsed.error !== null) {
      yield* syntaxError(sh, parsed.error, '', line - 1);
      sh.status = parsed.error.status;
      return parsed.error.status;
    }
    return status;
  }
}

late.script = runScriptText;
