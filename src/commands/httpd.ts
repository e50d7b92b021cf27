// httpd(8): starts, tests and signals the HTTP daemon as Apache 2.4.
import { httpdMain } from '../host/daemons/http_start';
import type { Run } from '../host/process';
import { command } from './command';

export const httpd = command({
  name: 'httpd',
  summary: 'Apache HTTP server',
  path: '/usr/sbin/httpd',
  package: 'httpd',
  options: {
    '-t': { kind: 'flag', says: 'test the configuration' },
    '-k': { kind: 'value', says: 'start, stop, restart, graceful, graceful-stop', arg: 'WHAT' },
    '-f': { kind: 'value', says: 'configuration file', arg: 'FILE' },
    '-D': { kind: 'value', says: 'define a name', arg: 'NAME' },
    '-v': { kind: 'flag', says: 'version' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    return yield* httpdMain(p, args);
  },
});
