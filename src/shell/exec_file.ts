// Turning a process into a program, and what is said when that fails. Linux counterpart: shell_execve in bash's execute_cmd.c.
import { late } from './late';
import { notModelledText } from '../commands/command';
import type { Shell } from './shell';
import { complain, raw } from './say';
import { reachWords } from '../host/nfs/reach';
import type { Op } from '../host/process';
import { environment } from './vars';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { readWholeFile, statOf } from './files';
import { EXEC_US } from '../host/host';
import { resolveProgram, spend } from '../host/syscall';
/** The environment of a program: exported variables and $_. */
export function environmentFor(sh: Shell, path: Bytes): Map<string, string> {
  const env = environment(sh);
  env.set('_', path);
  return env;
}

/** Text of a file that is no program of this build; null when it is one. */
export function scriptText(sh: Shell, path: Bytes): Bytes | null {
  try {
    const exe = sh.p.host.vfs.executable(sh.p, path);
    return exe.program !== null ? null : exe.text;
  } catch (e) {
    if (e instanceof SysError) return readWholeFile(sh, path);
    throw e;
  }
}

/** exec without fork: this process becomes the program. */
export function* become(sh: Shell, path: Bytes, argv: readonly Bytes[], who = ''): Op<number> {
  const { p } = sh;
  yield* spend(p, EXEC_US / 2);
  let exe: ReturnType<typeof resolveProgram>;
  try {
    exe = resolveProgram(p, path, [...argv]);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    if (e.errno !== 'ENOEXEC') return yield* refused(sh, path, e, who);
    const source = scriptText(sh, path);
    if (source === null) {
      yield* raw(sh, notModelledText(argv[0]!, 'this program'));
      return 64;
    }
    return yield* late.script(sh, path, argv.slice(1), source);
  }
  p.env = environmentFor(sh, path);
  p.comm = exe.comm;
  p.argv = exe.argv;
  p.caught = new Set();
  p.shell = null;
  if (p.host.nfs !== null) yield* reachWords(p, p.argv);
  return yield* exe.main(p);
}

/** Words a failed execve: 127 when the file is missing, 126 otherwise. */
export function* refused(sh: Shell, path: Bytes, e: SysError, who = ''): Op<number> {
  const st = statOf(sh, path);
  const head = who === '' ? '' : `${who}: `;
  if (st?.type === 'dir') {
    yield* complain(sh, `${path}: Is a directory`);
    if (who !== '') yield* complain(sh, `${head}${path}: cannot execute: Is a directory`);
    return 126;
  }
  if (e.errno === 'ENOENT' && st !== null) {
    yield* complain(sh, `${head}${path}: cannot execute: required file not found`);
    return 127;
  }
  if (e.errno === 'EACCES' && who === '' && st !== null) {
    const bang = /^#!\s*(\S+)/.exec(readWholeFile(sh, path) ?? '');
    if (bang !== null && (st.mode & 0o111) !== 0 && sh.p.host.vfs.access(sh.p, path, 1)) {
      yield* complain(sh, `${path}: ${bang[1]}: bad interpreter: Permission denied`);
      return 126;
    }
  }
  yield* complain(sh, `${head}${path}: ${e.message}`);
  return e.errno === 'ENOENT' ? 127 : 126;
}
