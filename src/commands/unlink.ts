// unlink: removes one name. Counterpart: coreutils unlink.c.
import { strerror } from '../lib/errno';
import { attempt, define, Fatal, quote, usageError } from './io';
import { table } from './options';

export const unlink = define({
  name: 'unlink',
  summary: 'Call the unlink function to remove the specified FILE.',
  path: '/usr/bin/unlink',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    if (args.length === 0) throw usageError('unlink', 'missing operand');
    if (args.length > 1) throw usageError('unlink', `extra operand ${quote(args[1]!)}`);
    const e = attempt(() => p.host.vfs.unlink(p, args[0]!));
    if (e !== null) throw new Fatal(`unlink: cannot unlink ${quote(args[0]!)}: ${strerror(e)}\n`, 1);
    return 0;
  },
});
