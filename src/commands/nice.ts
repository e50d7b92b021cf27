// nice: runs a command with another priority. Counterpart: coreutils nice.c. Priorities change nothing here: virtual time is shared evenly.
import { SysError } from '../lib/errno';
import { define, Fatal, put, quote, usageError } from './io';
import { table } from './options';
import { execvp } from './path_search';

export const nice = define({
  name: 'nice',
  summary: 'Run COMMAND with an adjusted niceness.',
  path: '/usr/bin/nice',
  package: 'coreutils',
  options: table('-n --adjustment N: add integer N to the niceness (default 10)'),
  getopt: { badExit: 125, stopAtOperand: true, prepare: (argv) => argv.map((a, i) => (i === 0 && /^-[-+]?\d+$/.test(a) ? `-n${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    const n = opts.value('-n');
    if (n !== null && !/^[-+]?\d+$/.test(n)) throw new Fatal(`nice: invalid adjustment ${quote(n)}\n`, 125);
    if (args.length === 0) {
      if (n !== null) throw usageError('nice', 'a command must be given with an adjustment', 125);
      yield* put(p, '0\n');
      return 0;
    }
    try {
      return yield* execvp(p, args);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`nice: ${quote(args[0]!)}: ${e.message}\n`, e.errno === 'ENOENT' ? 127 : 126);
    }
  },
});
