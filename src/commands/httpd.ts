// httpd(8): starts, tests and signals Apache httpd; the daemon itself is host/daemons/httpd.ts.
import { httpdMain } from '../host/daemons/http_start';
import { command } from './command';

export const httpd = command({
  name: 'httpd',
  summary: 'Apache Hypertext Transfer Protocol Server (2.4.6)',
  path: '/usr/sbin/httpd',
  package: 'httpd',
  options: {
    '-k': { kind: 'value', says: 'start, restart, graceful, stop or graceful-stop', arg: 'action' },
    '-t': { kind: 'flag', says: 'run syntax check for config files' },
    '-f': { kind: 'value', says: 'specify an alternate ServerConfigFile', arg: 'file' },
    '-D': { kind: 'value', says: 'define a name for use in <IfDefine name> directives', arg: 'name' },
    '-v': { kind: 'flag', says: 'show version number' },
    '-S': { kind: 'flag', says: 'show parsed vhost settings', modelled: false },
    '-M': { kind: 'flag', says: 'show all loaded modules', modelled: false },
    '-l': { kind: 'flag', says: 'list compiled in modules', modelled: false },
  },
  getopt: null,
  run: (p, _opts, args) => httpdMain(p, args),
});
