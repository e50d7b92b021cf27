// apachectl(8): the front end of httpd, as Enterprise Linux 7 ships it (start, stop and status go through systemctl).
import { httpdMain } from '../host/daemons/http_start';
import { restartUnit, startUnit, stopUnit, reloadUnit } from '../host/unit';
import { err } from '../host/syscall';
import { command, notModelled } from './command';

export const apachectl = command({
  name: 'apachectl',
  summary: 'Apache HTTP Server Control Interface',
  path: '/usr/sbin/apachectl',
  package: 'httpd',
  options: {},
  getopt: null,
  *run(p, _opts, args) {
    const verb = args[0] ?? '';
    if (verb === 'configtest') return yield* httpdMain(p, ['-t']);
    const job = verb === 'start' ? startUnit : verb === 'stop' ? stopUnit : verb === 'restart' ? restartUnit : verb === 'graceful' ? reloadUnit : null;
    if (job !== null) {
      const r = yield* job(p, 'httpd');
      yield* err(p, r.text);
      return r.status;
    }
    if (verb === 'status' || verb === 'fullstatus') return yield* notModelled(p, 'apachectl', verb);
    return yield* httpdMain(p, args);
  },
});
