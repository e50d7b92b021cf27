// tty: the terminal on standard input. Counterpart: coreutils tty.c.
import { define, put } from './io';
import { table } from './options';

export const tty = define({
  name: 'tty',
  summary: 'Print the file name of the terminal connected to standard input.',
  path: '/usr/bin/tty',
  package: 'coreutils',
  options: table('-s --silent --quiet: print nothing, only return an exit status'),
  getopt: { badExit: 2 },
  *run(p, opts) {
    const f = p.fds.get(0);
    const is = f?.kind === 'tty';
    if (!opts.has('-s')) yield* put(p, is ? `/dev/pts/${f.tty}\n` : 'not a tty\n');
    return is ? 0 : 1;
  },
});
