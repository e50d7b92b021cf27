// nohup: runs a command that ignores hangups. Counterpart: coreutils nohup.c.
import { SysError } from '../lib/errno';
import { SIG } from '../host/process';
import { err, fileOf, open, setFd } from '../host/syscall';
import { define, errnoText, Fatal, isTty, quote, usageError } from './io';
import { table } from './options';
import { execvp } from './path_search';

export const nohup = define({
  name: 'nohup',
  summary: 'Run COMMAND, ignoring hangup signals.',
  path: '/usr/bin/nohup',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 125, stopAtOperand: true },
  *run(p, _opts, args) {
    if (args.length === 0) throw usageError('nohup', 'missing operand', 125);
    const input = isTty(p, 0);
    const output = isTty(p, 1);
    const errors = isTty(p, 2);
    if (input) setFd(p, 0, { kind: 'null', refs: 0, readable: true, writable: true });
    if (output) {
      let name = 'nohup.out';
      let fd: number;
      try {
        fd = open(p, name, { write: true, append: true, create: true }, 0o600);
      } catch (e) {
        const first = errnoText(e);
        name = `${p.env.get('HOME') ?? ''}/nohup.out`;
        try {
          fd = open(p, name, { write: true, append: true, create: true }, 0o600);
        } catch (x) {
          throw new Fatal(`nohup: failed to open 'nohup.out': ${first}\nnohup: failed to open ${quote(name)}: ${errnoText(x)}\n`, 125);
        }
      }
      setFd(p, 1, fileOf(p, fd));
      yield* err(p, `nohup: ${input ? 'ignoring input and ' : ''}appending output to ${quote(name)}\n`);
    } else if (input) yield* err(p, `nohup: ignoring input${errors ? ' and redirecting stderr to stdout' : ''}\n`);
    else if (errors) yield* err(p, 'nohup: redirecting stderr to stdout\n');
    if (errors) setFd(p, 2, fileOf(p, 1));
    p.ignored.add(SIG.HUP);
    try {
      return yield* execvp(p, args);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`nohup: failed to run command ${quote(args[0]!)}: ${e.message}\n`, e.errno === 'ENOENT' ? 127 : 126);
    }
  },
});
