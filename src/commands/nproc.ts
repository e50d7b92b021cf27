// nproc: how many processors there are. Counterpart: coreutils nproc.c.
import { define, put } from './io';
import { table } from './options';

export const nproc = define({
  name: 'nproc',
  summary: 'Print the number of processing units available to the current process.',
  path: '/usr/bin/nproc',
  package: 'coreutils',
  options: table('--all: print the number of installed processors', '--ignore N: if possible, exclude N processing units'),
  getopt: { badExit: 1 },
  *run(p) {
    yield* put(p, '1\n');
    return 0;
  },
});
