// apachectl(8) as CentOS 7 has it: a script over the unit and httpd(8). Counterpart: support/apachectl.in of httpd 2.4 with Red Hat's changes for systemd.
import { httpdMain } from '../host/daemons/http_start';
import type { Op, Process, Run } from '../host/process';
import { runProgram } from '../host/syscall';
import { isActive } from '../host/unit';
import { command, notModelled } from './command';

/** Runs systemctl on the unit with the script's own descriptors. */
const systemctl = (p: Process, ...args: string[]): Op<number> => runProgram(p, { path: '/usr/bin/systemctl', argv: ['systemctl', ...args, 'httpd.service'], fds: new Map(p.fds) });

export const apachectl = command({
  name: 'apachectl',
  summary: 'Apache HTTP server control',
  path: '/usr/sbin/apachectl',
  package: 'httpd',
  options: { '-t': { kind: 'flag', says: 'test the configuration' }, '-v': { kind: 'flag', says: 'version' }, '-k': { kind: 'value', says: 'start, stop, restart, graceful or graceful-stop', arg: 'VERB' } },
  getopt: null,
  *run(p, _opts, args): Run {
    const word = (args[0] === '-k' ? args[1] : args[0]) ?? '';
    switch (word) {
      case 'start':
      case 'stop':
      case 'restart':
      case 'status':
        return yield* systemctl(p, word);
      case 'graceful':
        return yield* isActive(p.host, 'httpd.service') ? systemctl(p, 'kill', '--signal=SIGUSR1', '--kill-who=main') : systemctl(p, 'start');
      case 'graceful-stop':
        return yield* systemctl(p, 'kill', '--signal=SIGWINCH', '--kill-who=main');
      case 'configtest':
        return yield* httpdMain(p, ['-t']);
      case 'fullstatus':
        return yield* notModelled(p, 'apachectl', word);
      default:
        return yield* httpdMain(p, args);
    }
  },
});
