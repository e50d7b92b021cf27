// execve(2) from inside a program: env, timeout, nohup and the like become what they start. Counterpart: fs/exec.c.
import { reachWords } from '../host/nfs/reach';
import type { Bytes } from '../lib/text';
import { EXEC_US } from '../host/host';
import type { Op, Process } from '../host/process';
import { resolveProgram, spend } from '../host/syscall';

/** Runs another program in this process: same pid, its name and arguments. Throws SysError as execve does. */
export function* execve(p: Process, path: Bytes, argv: Bytes[]): Op<number> {
  const exe = resolveProgram(p, path, argv);
  p.comm = exe.comm;
  p.argv = exe.argv;
  p.shell = null;
  p.caught.clear();
  yield* spend(p, EXEC_US / 2);
  if (p.host.nfs !== null) yield* reachWords(p, p.argv);
  return yield* exe.main(p);
}
