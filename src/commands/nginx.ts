// nginx(8): starts, tests and signals the web server; the daemon itself is host/daemons/httpd.ts.
import { nginxMain } from '../host/daemons/http_start';
import { command } from './command';

export const nginx = command({
  name: 'nginx',
  summary: 'HTTP server (1.22.1)',
  path: '/usr/sbin/nginx',
  package: 'nginx',
  options: {
    '-t': { kind: 'flag', says: 'test configuration and exit' },
    '-q': { kind: 'flag', says: 'suppress non-error messages during configuration testing' },
    '-v': { kind: 'flag', says: 'show version and exit' },
    '-h': { kind: 'flag', says: 'this help' },
    '-s': { kind: 'value', says: 'send signal to a master process: stop, quit, reopen, reload', arg: 'signal' },
    '-c': { kind: 'value', says: 'set configuration file', arg: 'filename' },
    '-g': { kind: 'value', says: 'set global directives (daemon, master_process: no effect)', arg: 'directives' },
    '-V': { kind: 'flag', says: 'show version and configure options then exit', modelled: false },
    '-T': { kind: 'flag', says: 'test configuration, dump it and exit', modelled: false },
    '-p': { kind: 'value', says: 'set prefix path', arg: 'prefix', modelled: false },
    '-e': { kind: 'value', says: 'set error log file', arg: 'filename', modelled: false },
  },
  getopt: null,
  run: (p, _opts, args) => nginxMain(p, args),
});
