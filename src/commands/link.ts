// link: one hard link by the system call's name. Counterpart: coreutils link.c.
import { strerror } from '../lib/errno';
import { attempt, define, Fatal, quote, usageError } from './io';
import { table } from './options';

export const link = define({
  name: 'link',
  summary: 'Call the link function to create a link named FILE2 to an existing FILE1.',
  path: '/usr/bin/link',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    if (args.length === 0) throw usageError('link', 'missing operand');
    if (args.length === 1) throw usageError('link', `missing operand after ${quote(args[0]!)}`);
    if (args.length > 2) throw usageError('link', `extra operand ${quote(args[2]!)}`);
    const e = attempt(() => p.host.vfs.link(p, args[0]!, args[1]!));
    if (e !== null) throw new Fatal(`link: cannot create link ${quote(args[1]!)} to ${quote(args[0]!)}: ${strerror(e)}\n`, 1);
    return 0;
  },
});
