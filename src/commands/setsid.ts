// setsid(1): runs a program in a session of its own. Counterpart: util-linux sys-utils/setsid.c.
// Not modelled: -c (a controlling terminal for the new session).
import { err, forkRun, waitpid } from '../host/syscall';
import { type Process, type Run, SIG } from '../host/process';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { define, errnoText, Fatal } from './io';
import { table } from './options';
import { execvp } from './path_search';

/** The new session, then the program. */
function* session(p: Process, args: Bytes[]): Run {
  p.sid = p.pgid = p.pid;
  p.tty = -1;
  try {
    return yield* execvp(p, args);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, `setsid: failed to execute ${args[0]!}: ${errnoText(e)}\n`);
    return e.errno === 'ENOENT' ? 127 : 126;
  }
}

export const setsid = define({
  name: 'setsid',
  summary: 'Run a program in a new session.',
  path: '/usr/bin/setsid',
  package: 'util-linux',
  suite: 'from util-linux 2.38.1',
  options: {
    ...table(),
    '-f': { kind: 'flag', says: 'always fork' },
    '--fork': { kind: 'flag', says: 'always fork', of: '-f' },
    '-w': { kind: 'flag', says: 'wait for the program to exit' },
    '--wait': { kind: 'flag', says: 'wait for the program to exit', of: '-w' },
    '-c': { kind: 'flag', says: 'set the controlling terminal', modelled: false },
  },
  getopt: { badExit: 1, stopAtOperand: true },
  *run(p, opts, args) {
    if (args.length === 0) throw new Fatal("setsid: no command specified\nTry 'setsid --help' for more information.\n", 1);
    // A group leader may not leave its session, so it forks.
    if (!opts.has('-f') && p.pgid !== p.pid) return yield* session(p, args);
    p.ignored.delete(SIG.CHLD);
    const child = forkRun(p, {}, (q) => session(q, args));
    if (!opts.has('-w')) return 0;
    return (yield* waitpid(p, [child.pid]))!.status;
  },
});
