// users: names of who is logged in. Counterpart: coreutils users.c.
import { byBytes } from '../lib/text';
import { userName } from './files';
import { define, put, quote, usageError } from './io';
import { table } from './options';
import { sessions } from './uptime';

export const users = define({
  name: 'users',
  summary: 'Output who is currently logged in according to FILE.',
  path: '/usr/bin/users',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    if (args.length > 1) throw usageError('users', `extra operand ${quote(args[1]!)}`);
    const names = args.length > 0 ? [] : sessions(p).map((s) => userName(p, s.uid) ?? String(s.uid)).sort(byBytes);
    if (names.length > 0) yield* put(p, `${names.join(' ')}\n`);
    return 0;
  },
});
