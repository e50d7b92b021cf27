// Simple commands: assignments, functions, builtins, programs. Linux counterpart: execute_simple_command, execute_disk_command in bash's execute_cmd.c.
import { late } from './late';
import { become, environmentFor, refused, scriptText } from './exec_file';
import { notModelledText } from '../commands/command';
import { SysError } from '../lib/errno';
import { EXEC_US } from '../host/host';
import { reach, reachWords } from '../host/nfs/reach';
import { type Op, type Process, SIG } from '../host/process';
import { spawn, spend } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { assign } from './assign';
import type { Assign, Simple } from './ast';
import { BUILTINS, DECLARATIONS } from './builtins/builtin';
import { expandAssigned, expandWords } from './expand';
import { findCommand } from './files';
import { parseBody } from './parse';
import { foregroundJob } from './pipeline';
import { forget, redirect, RedirectFailed, restore, type Saved } from './redirect';
import { complain, forkShell, raw, roomToFork, step } from './say';
import { Discard, type Shell } from './shell';
import { trace, traceWords } from './trace';
import { newVar, rawVar } from './vars';
import { SIGNAL_TEXT } from './wait';

/** Builtins of bash that dash has not: there they are commands nobody finds. */
const NOT_IN_DASH = new Set('source let declare typeset shopt pushd popd dirs mapfile readarray disown history enable help builtin caller compgen complete compopt suspend logout bind'.split(' '));

/** Builtins whose words are paths: what they name on NFS mounts is waited for. */
const ON_FILES = new Set(['cd', 'pushd', '.', 'source', 'test', '[', 'exec']);

/** Runs a simple command; its status. */
export function* runSimple(sh: Shell, n: Simple, tail: boolean): Op<number> {
  if (!sh.inTrap) sh.command = n.text;
  const debug = sh.traps.get('DEBUG');
  if (debug !== undefined && debug !== '' && !sh.inTrap && (sh.flags.has('T') || !sh.frames.some((f) => f.kind === 'fn'))) {
    const status = sh.status;
    yield* late.action(sh, debug, 'DEBUG');
    sh.status = status;
  }
  sh.lastSubst = 0;
  const words = n.words;
  if (words.length === 0) return yield* assignments(sh, n);
  const first = words[0]!;
  const declares = !('t' in first) && DECLARATIONS.has(first.text) && !sh.functions.has(first.text);
  let argv: Bytes[];
  let given: (Bytes | Assign)[] | null = null;
  if (declares) {
    given = [];
    argv = [];
    for (const w of words) {
      if ('t' in w) {
        const a = yield* expanded(sh, w);
        given.push(a);
        argv.push(a.text);
      } else {
        const more = yield* expandWords(sh, [w]);
        given.push(...more);
        argv.push(...more);
      }
    }
  } else argv = yield* expandWords(sh, words);
  if (argv.length === 0) return yield* assignments(sh, n);
  const name = argv[0]!;
  const saved: Saved[] = [];
  let keep = false;
  try {
    if (sh.flags.has('x') && given === null) {
      if (n.assigns.length > 0) for (const a of n.assigns) yield* trace(sh, a.text);
      yield* trace(sh, traceWords(argv));
    } else if (sh.flags.has('x')) yield* trace(sh, given!.map((a) => (typeof a !== 'string' ? tracedAssign(a) : traceWords([a]))).join(' '));
    if (n.redirs.length > 0) yield* redirect(sh, n.redirs, saved);
    const fn = sh.functions.get(name);
    if (fn !== undefined) {
      sh.lastArg = argv.at(-1)!;
      return yield* withEnv(sh, n.assigns, () => callFunction(sh, name, argv));
    }
    const builtin = sh.disabled.has(name) || (sh.dash && NOT_IN_DASH.has(name)) ? undefined : BUILTINS.get(name);
    if (builtin !== undefined) {
      yield* step(sh);
      if (ON_FILES.has(name)) yield* reachWords(sh.p, argv);
      sh.lastArg = argv.at(-1)!;
      if (name === 'exec') {
        keep = true;
        return yield* withEnv(sh, n.assigns, () => builtin(sh, argv, null));
      }
      const args = given;
      if (n.assigns.length === 0) return yield* builtin(sh, argv, args);
      return yield* withEnv(sh, n.assigns, () => builtin(sh, argv, args));
    }
    sh.lastArg = argv.at(-1)!;
    return yield* withEnv(sh, n.assigns, () => runFile(sh, argv, tail && n.redirs.length >= 0 && sh.traps.size === 0, n.text));
  } catch (e) {
    if (e instanceof RedirectFailed) return 1;
    throw e;
  } finally {
    if (keep) forget(sh, saved);
    else restore(sh, saved);
  }
}

/** An assignment given to declare and its kin, its value expanded. */
function* expanded(sh: Shell, a: Assign): Op<Assign> {
  if (a.value === null) return a;
  const s = yield* expandAssigned(sh, a.value);
  return { ...a, value: { text: s, parts: [{ t: 'lit', s, q: true }], lit: null, brace: false }, text: `${a.name}${a.index === null ? '' : `[${a.indexText}]`}${a.append ? '+' : ''}=${s}` };
}

function tracedAssign(a: Assign): Bytes {
  return a.value === null ? a.text : traceWords([a.text]) === a.text ? a.text : `${a.name}${a.append ? '+' : ''}=${traceWords([a.value.text])}`;
}

function* assignments(sh: Shell, n: Simple): Op<number> {
  yield* step(sh);
  const saved: Saved[] = [];
  try {
    if (n.redirs.length > 0) yield* redirect(sh, n.redirs, saved);
    for (const a of n.assigns) yield* assign(sh, a);
  } catch (e) {
    if (e instanceof RedirectFailed) return 1;
    throw e;
  } finally {
    restore(sh, saved);
  }
  if (n.assigns.length > 0) sh.lastArg = '';
  return sh.lastSubst;
}

/** Runs `body` with assignments in force that it exports to what it starts. */
function* withEnv(sh: Shell, assigns: readonly Assign[], body: () => Op<number>): Op<number> {
  if (assigns.length === 0) return yield* body();
  const scope = { vars: new Map(), fn: false };
  const depth = sh.scopes.length;
  sh.scopes.push(scope);
  try {
    for (const a of assigns) {
      const outer = rawVar(sh, a.name);
      if (outer?.readonly) {
        yield* complain(sh, `${a.name}: readonly variable`);
        return 1;
      }
      const v = newVar(outer?.v ?? null);
      v.integer = outer?.integer ?? false;
      scope.vars.set(a.name, v);
      yield* assign(sh, a, false);
      v.export = true;
    }
    return yield* body();
  } finally {
    sh.scopes.length = depth;
  }
}

/** Calls a function with argv. */
export function* callFunction(sh: Shell, name: Bytes, argv: readonly Bytes[]): Op<number> {
  const fn = sh.functions.get(name)!;
  yield* step(sh);
  const body = parseBody(fn.src, fn.line);
  if (body === null) return 1;
  const line = sh.line;
  const loops = sh.loops;
  const level = sh.depth;
  sh.depth += 4;
  sh.frames.push({ kind: 'fn', name, file: fn.file, line, params: argv.slice(1) });
  sh.scopes.push({ vars: new Map(), fn: true });
  const depth = sh.scopes.length;
  sh.loops = 0;
  const frames = sh.frames.length;
  const outerReturn = sh.traps.get('RETURN');
  try {
    let status = yield* late.exec(sh, body);
    if (sh.returning) {
      sh.returning = false;
      status = sh.status;
    }
    const trap = sh.traps.get('RETURN');
    if (trap !== undefined && trap !== '' && trap !== outerReturn) {
      yield* late.action(sh, trap, 'RETURN');
      sh.status = status;
    }
    return status;
  } finally {
    sh.scopes.length = depth - 1;
    sh.frames.length = frames - 1;
    sh.depth = level;
    sh.loops = loops;
    sh.line = line;
  }
}

/** Runs a program file found by name, as a child or (`tail`, in a forked shell) in this process. */
export function* runFile(sh: Shell, argv: readonly Bytes[], tail: boolean, text: Bytes): Op<number> {
  const name = argv[0]!;
  const path = findCommand(sh, name);
  if (path === null) {
    const handler = sh.functions.has('command_not_found_handle') ? 'command_not_found_handle' : null;
    if (handler !== null) return yield* callFunction(sh, handler, [handler, ...argv]);
    yield* step(sh);
    yield* spend(sh.p, EXEC_US / 2);
    yield* complain(sh, `${name}: ${sh.dash ? '' : 'command '}not found`);
    return 127;
  }
  yield* reach(sh.p, path, { read: true, list: false, deep: false });
  if (tail) return yield* become(sh, path, argv);
  if (!(yield* roomToFork(sh))) throw new Discard(254);
  let child: Process;
  const pgid = sh.flags.has('m') ? { pgid: 0 } : {};
  try {
    child = spawn(sh.p, { path, argv: [...argv], env: environmentFor(sh, path), ...pgid });
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    if (e.errno !== 'ENOEXEC') {
      yield* spend(sh.p, EXEC_US / 2);
      return yield* refused(sh, path, e);
    }
    // A text without #!: the shell runs it itself.
    const source = scriptText(sh, path);
    if (source === null) {
      yield* raw(sh, notModelledText(name, 'this program'));
      return 64;
    }
    child = forkShell(sh, pgid, (c) => late.script(c, path, argv.slice(1), source));
  }
  child.ignored = new Set(child.ignored);
  prepare(sh, child);
  const [status] = yield* foregroundJob(sh, child.pgid, [child.pid], text);
  if (child.signal !== 0 && status! > 128 && child.state === 'Z') yield* killedNotice(sh, status! - 128, child, text);
  return status!;
}

/** A child does not inherit the signal handling an interactive shell has for itself. */
function prepare(sh: Shell, child: Process): void {
  if (!sh.interactive || sh.subshell > 0) return;
  for (const s of [SIG.TERM, SIG.TSTP, SIG.TTIN, SIG.TTOU, SIG.QUIT]) if (sh.traps.get('TERM') !== '') child.ignored.delete(s);
}

/** A script's shell tells when a signal killed a foreground child (not INT and PIPE). */
function* killedNotice(sh: Shell, signal: number, child: Process, text: Bytes): Op<void> {
  const says = SIGNAL_TEXT[signal];
  if (says === undefined || signal === SIG.INT || signal === SIG.PIPE || signal > 31) return;
  if (sh.interactive) {
    yield* raw(sh, `${says}\n`);
    return;
  }
  yield* raw(sh, `${sh.prefix()}${String(child.pid).padStart(5)} ${says.padEnd(23)} ${text}\n`);
}
