// whoami: the name of the effective user. Counterpart: coreutils whoami.c.
import { userName } from './files';
import { define, Fatal, put, quote, usageError } from './io';
import { table } from './options';

export const whoami = define({
  name: 'whoami',
  summary: 'Print the user name associated with the current effective user ID.',
  path: '/usr/bin/whoami',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    if (args.length > 0) throw usageError('whoami', `extra operand ${quote(args[0]!)}`);
    const name = userName(p, p.uid);
    if (name === null) throw new Fatal(`whoami: cannot find name for user ID ${p.uid}\n`, 1);
    yield* put(p, `${name}\n`);
    return 0;
  },
});
