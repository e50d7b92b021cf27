// false: does nothing, unsuccessfully. Counterpart: coreutils false.c.
import { command } from './command';

export const false_ = command({
  name: 'false',
  summary: 'Exit with a status code indicating failure.',
  path: '/usr/bin/false',
  package: 'coreutils',
  options: {},
  getopt: null,
  *run() {
    return 1;
  },
});
