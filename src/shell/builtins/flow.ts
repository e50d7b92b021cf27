// Builtins that steer the shell: break, continue, return, exit, eval, source, exec, shift. Linux counterpart: bash's builtins/*.def of those names.
import { late } from '../late';
import { SysError } from '../../lib/errno';
import type { Op } from '../../host/process';
import { readFile } from '../../host/syscall';
import type { Bytes } from '../../lib/text';
import { findCommand, pathMatches, statOf } from '../files';
import { runText } from '../units';
import { complain, raw } from '../say';
import { become } from '../exec_file';
import { Discard, Exit, type Shell } from '../shell';
import { type Builtin, numeric, options, usage } from './builtin';

/** A builtin that only has a status. */
const only = (status: number): Builtin =>
  function* () {
    yield* [];
    return status;
  };

export const colon = only(0);
export const false_ = only(1);

function* levels(sh: Shell, argv: Bytes[]): Op<number | null> {
  const who = argv[0]!;
  if (sh.loops === 0) {
    yield* complain(sh, `${who}: only meaningful in a \`for', \`while', or \`until' loop`);
    return null;
  }
  if (argv.length > 2) {
    yield* complain(sh, `${who}: too many arguments`);
    throw new Discard(1);
  }
  if (argv[1] === undefined) return 1;
  const n = yield* numeric(sh, who, argv[1]);
  if (n === null) throw new Exit(128);
  if (n < 1) {
    yield* complain(sh, `${who}: ${argv[1]}: loop count out of range`);
    sh.breaking = sh.loops;
    return null;
  }
  return Math.min(n, sh.loops);
}

export const break_: Builtin = function* (sh, argv) {
  const n = yield* levels(sh, argv);
  if (n !== null) sh.breaking = n;
  return sh.breaking > 0 && n === null ? 1 : 0;
};

export const continue_: Builtin = function* (sh, argv) {
  const n = yield* levels(sh, argv);
  if (n !== null) sh.continuing = n;
  return sh.breaking > 0 && n === null ? 1 : 0;
};

export const return_: Builtin = function* (sh, argv) {
  if (!sh.frames.some((f) => f.kind !== 'eval')) {
    yield* complain(sh, "return: can only `return' from a function or sourced script");
    return 2;
  }
  let status = sh.status;
  const arg = argv[1] === '--' ? argv[2] : argv[1];
  if (arg !== undefined) {
    const n = yield* numeric(sh, 'return', arg);
    status = n === null ? 2 : n & 255;
  }
  sh.returning = true;
  sh.status = status;
  return status;
};

export const exit: Builtin = function* (sh, argv) {
  if (sh.interactive && sh.subshell === 0) {
    yield* raw(sh, sh.login ? 'logout\n' : 'exit\n');
    if (argv[0] === 'exit' && sh.jobs.some((j) => j.state === 'stopped') && !sh.setOpts.has('_warned')) {
      sh.setOpts.add('_warned');
      yield* raw(sh, 'There are stopped jobs.\n');
      return 1;
    }
  }
  if (argv[1] === undefined) throw new Exit(sh.status);
  const n = yield* numeric(sh, argv[0]!, argv[1]);
  if (n === null) throw new Exit(2);
  if (argv.length > 2) {
    yield* complain(sh, `${argv[0]}: too many arguments`);
    throw new Discard(1);
  }
  throw new Exit(n & 255);
};

export const logout: Builtin = function* (sh, argv) {
  if (!sh.login || sh.subshell > 0) {
    yield* complain(sh, "logout: not login shell: use `exit'");
    return 1;
  }
  return yield* exit(sh, ['logout', ...argv.slice(1)], null);
};

export const eval_: Builtin = function* (sh, argv) {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  const text = args.join(' ');
  if (text.trim() === '') return 0;
  sh.frames.push({ kind: 'eval', name: 'eval', file: sh.file, line: sh.line, params: [] });
  const depth = sh.frames.length;
  const line = sh.line;
  const level = sh.depth;
  sh.depth += 4;
  sh.traceDepth++;
  try {
    return yield* runText(sh, text, line, false, 'eval');
  } finally {
    sh.frames.length = depth - 1;
    sh.traceDepth--;
    sh.depth = level;
    sh.line = line;
  }
};

export const source: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  const o = yield* options(sh, argv, '');
  if (o.bad !== null) return o.bad;
  const name = o.args[0];
  if (name === undefined) {
    yield* complain(sh, `${who}: filename argument required`);
    return yield* usage(sh, who, null);
  }
  let path = name;
  if (!name.includes('/') && sh.shopts.has('sourcepath')) {
    path = pathMatches(sh, name)[0] ?? name;
  }
  let text: Bytes;
  try {
    if (statOf(sh, path)?.type === 'dir') {
      yield* complain(sh, `${who}: ${name}: is a directory`);
      return 1;
    }
    text = readFile(sh.p, path);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* complain(sh, `${name}: ${e.message}`);
    return 1;
  }
  return yield* sourceText(sh, path, text, o.args.slice(1));
};

/** Runs a file's text in this shell. */
export function* sourceText(sh: Shell, path: Bytes, text: Bytes, args: Bytes[]): Op<number> {
  const line = sh.line;
  const kept = sh.args;
  sh.frames.push({ kind: 'source', name: 'source', file: path, line, params: [] });
  const depth = sh.frames.length;
  const level = sh.depth;
  sh.depth += 5;
  if (args.length > 0) sh.args = args;
  const setBefore = sh.args;
  sh.status = 0;
  try {
    let status = yield* runText(sh, text, 1, false);
    if (sh.returning) {
      sh.returning = false;
      status = sh.status;
    }
    const trap = sh.traps.get('RETURN');
    if (trap !== undefined && trap !== '' && sh.flags.has('T')) yield* late.action(sh, trap, 'RETURN');
    return status;
  } finally {
    sh.frames.length = depth - 1;
    sh.depth = level;
    sh.line = line;
    if (args.length > 0 && sh.args === setBefore) sh.args = kept;
  }
}

export const exec: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'cla:');
  if (o.bad !== null) return o.bad;
  if (o.args.length === 0) return 0;
  const name = o.args[0]!;
  const path = findCommand(sh, name);
  const failed = (status: number): number => {
    if (sh.interactive || sh.shopts.has('execfail')) return status;
    throw new Exit(status);
  };
  if (path === null) {
    yield* complain(sh, `exec: ${name}: not found`);
    return failed(127);
  }
  let argv0 = o.opts.get('a') ?? name;
  if (o.opts.has('l')) argv0 = `-${argv0}`;
  if (o.opts.has('c')) for (const s of sh.scopes) for (const v of s.vars.values()) v.export = false;
  const status = yield* become(sh, path, [argv0, ...o.args.slice(1)], sh.p.shell === null ? '' : 'exec');
  if (sh.p.shell === null) throw new Exit(status);
  return failed(status);
};

export const shift: Builtin = function* (sh, argv) {
  const n = argv[1] === undefined ? 1 : yield* numeric(sh, 'shift', argv[1]);
  if (n === null) return 1;
  if (n < 0) {
    yield* complain(sh, `shift: ${n}: shift count out of range`);
    return 1;
  }
  if (n > sh.args.length) {
    if (sh.shopts.has('shift_verbose')) yield* complain(sh, `shift: ${n}: shift count out of range`);
    return 1;
  }
  sh.args = sh.args.slice(n);
  return 0;
};
