// nginx(8): starts, tests and signals the HTTP daemon of host/daemons/httpd.ts.
import { nginxMain } from '../host/daemons/http_start';
import type { Run } from '../host/process';
import { command } from './command';

export const nginx = command({
  name: 'nginx',
  summary: 'HTTP server',
  path: '/usr/sbin/nginx',
  package: 'nginx',
  options: {
    '-t': { kind: 'flag', says: 'test the configuration' },
    '-q': { kind: 'flag', says: 'be quiet while testing' },
    '-s': { kind: 'value', says: 'signal the master: stop, quit, reopen, reload', arg: 'SIGNAL' },
    '-c': { kind: 'value', says: 'configuration file', arg: 'FILE' },
    '-g': { kind: 'value', says: 'directives', arg: 'DIRECTIVES' },
    '-v': { kind: 'flag', says: 'version' },
    '-T': { kind: 'flag', says: 'dump the configuration', modelled: false },
    '-V': { kind: 'flag', says: 'version and build options', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    return yield* nginxMain(p, args);
  },
});
