// true: does nothing, successfully. Counterpart: coreutils true.c.
import { command } from './command';

export const true_ = command({
  name: 'true',
  summary: 'Exit with a status code indicating success.',
  path: '/usr/bin/true',
  package: 'coreutils',
  options: {},
  getopt: null,
  *run() {
    return 0;
  },
});
