// env: runs a program in a changed environment. Counterpart: coreutils env.c.
import { SysError } from '../lib/errno';
import { define, Fatal, put, quote, usageError } from './io';
import { table } from './options';
import { execvp } from './path_search';

export const env = define({
  name: 'env',
  summary: 'Set each NAME to VALUE in the environment and run COMMAND.',
  path: '/usr/bin/env',
  package: 'coreutils',
  options: table(
    '-i --ignore-environment: start with an empty environment', '-0 --null: end each output line with NUL, not newline', '-u --unset NAME: remove variable from the environment', '-C --chdir DIR: change working directory to DIR', '-S --split-string S: process and split S into separate arguments',
    '!--block-signal [SIG]: block delivery of SIG signal(s)', '!--default-signal [SIG]: reset handling of SIG signal(s)', '!--ignore-signal [SIG]: set handling of SIG signal(s) to do nothing', '!--list-signal-handling: list non default signal handling', '-v --debug: print verbose information for each processing step',
  ),
  getopt: { badExit: 125, stopAtOperand: true },
  *run(p, opts, given) {
    let args = [...given];
    const split = opts.value('-S');
    if (split !== null) args = [...split.split(/\s+/).filter((w) => w !== ''), ...args];
    if (opts.has('-i') || args[0] === '-') p.env.clear();
    if (args[0] === '-') args.shift();
    for (const name of opts.all('-u')) {
      if (name === '' || name.includes('=')) throw new Fatal(`env: cannot unset ${quote(name)}: Invalid argument\n`, 125);
      p.env.delete(name);
    }
    while (args.length > 0 && args[0]!.includes('=')) {
      const a = args.shift()!;
      const eq = a.indexOf('=');
      if (eq === 0) throw new Fatal(`env: cannot set ${quote('')}: Invalid argument\n`, 125);
      p.env.set(a.slice(0, eq), a.slice(eq + 1));
    }
    const dir = opts.value('-C');
    if (dir !== null) {
      if (args.length === 0) throw usageError('env', 'must specify command with --chdir (-C)', 125);
      try {
        if (p.host.vfs.stat(p, dir).type !== 'dir') throw new SysError('ENOTDIR');
        p.cwd = p.host.vfs.realpath(p, dir);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new Fatal(`env: cannot change directory to ${quote(dir)}: ${e.message}\n`, 125);
      }
    }
    if (args.length === 0) {
      let o = '';
      for (const [k, v] of p.env) o += `${k}=${v}${opts.has('-0') ? '\0' : '\n'}`;
      yield* put(p, o);
      return 0;
    }
    if (opts.has('-0')) throw usageError('env', 'cannot specify --null (-0) with command', 125);
    try {
      return yield* execvp(p, args);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`env: ${quote(args[0]!)}: ${e.message}\n${e.errno === 'ENOENT' && args[0]!.includes(' ') ? "env: use -[v]S to pass options in shebang lines\n" : ''}`, e.errno === 'ENOENT' ? 127 : 126);
    }
  },
});
