// apachectl(8): the script that starts and stops Apache. Counterpart: support/apachectl.in of httpd 2.4.
import { httpdMain } from '../host/daemons/http_start';
import type { Run } from '../host/process';
import { command, notModelled } from './command';

export const apachectl = command({
  name: 'apachectl',
  summary: 'Apache HTTP server control',
  path: '/usr/sbin/apachectl',
  package: 'httpd',
  options: { '-t': { kind: 'flag', says: 'test the configuration' }, '-v': { kind: 'flag', says: 'version' } },
  getopt: null,
  *run(p, _opts, args): Run {
    const word = args[0] ?? '';
    if (word === 'configtest') return yield* httpdMain(p, ['-t']);
    if (word === 'status' || word === 'fullstatus') return yield* notModelled(p, 'apachectl', word);
    if (/^(start|stop|restart|graceful|graceful-stop)$/.test(word)) return yield* httpdMain(p, ['-k', word]);
    return yield* httpdMain(p, args);
  },
});
