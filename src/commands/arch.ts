// arch: the machine's architecture. Counterpart: coreutils uname.c (as arch).
import { define, put } from './io';
import { table } from './options';

export const arch = define({
  name: 'arch',
  summary: 'Print machine architecture.',
  path: '/usr/bin/arch',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1 },
  *run(p) {
    yield* put(p, `${p.host.image.machine}\n`);
    return 0;
  },
});
