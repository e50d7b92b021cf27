// logname: the login name. Counterpart: coreutils logname.c.
import { userName } from './files';
import { define, Fatal, put } from './io';
import { table } from './options';

export const logname = define({
  name: 'logname',
  summary: "Print the user's login name.",
  path: '/usr/bin/logname',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p) {
    if (p.tty < 0) throw new Fatal('logname: no login name\n', 1);
    yield* put(p, `${userName(p, p.uid) ?? p.uid}\n`);
    return 0;
  },
});
