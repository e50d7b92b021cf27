// service: runs an init script or asks systemctl. Linux counterpart: initscripts 9.49 (EL 7), service(8).
import { err, out } from '../host/syscall';
import { loadUnit } from '../host/unit';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { systemctl } from './systemctl';

const OK: Bytes = '[  OK  ]\n';
const FAILED: Bytes = '[FAILED]\n';

export const service = command({
  name: 'service',
  summary: 'run a System V init script',
  path: '/sbin/service',
  package: 'initscripts',
  options: { '--status-all': { kind: 'flag', says: 'status of all services', modelled: false } },
  getopt: null,
  *run(p, _opts, args) {
    const [name, action] = args;
    if (name === '--status-all') return yield* notModelled(p, 'service', '--status-all');
    if (name === undefined || name === '--help' || name === '-h') {
      yield* out(p, 'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n');
      return name === undefined ? 1 : 0;
    }
    if (name === '--version') {
      yield* out(p, 'service ver. 1.1\n');
      return 0;
    }
    const script = loadUnit(p.host, name)?.values.get('Unit.SourcePath') !== undefined;
    if (!script) {
      if (action === undefined) {
        yield* err(p, 'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n');
        return 1;
      }
      yield* out(p, `Redirecting to /bin/systemctl ${action} ${name.replace(/\.service$/, '')}.service\n`);
      p.argv = ['systemctl', action, `${name.replace(/\.service$/, '')}.service`];
      return yield* systemctl.main(p);
    }
    const words: Readonly<Record<string, string>> = { start: 'Starting', stop: 'Stopping', restart: 'Restarting', reload: 'Reloading' };
    const doing = words[action ?? ''];
    if (action === 'status') {
      const up = p.host.kernel.devs.filter((d) => d.up).map((d) => d.name).join(' ');
      yield* out(p, `Configured devices:\n${p.host.vfs.names('/etc/sysconfig/network-scripts').filter((f) => f.startsWith('ifcfg-')).map((f) => f.slice(6)).join(' ')}\nCurrently active devices:\n${up}\n`);
      return 0;
    }
    if (doing === undefined) {
      yield* out(p, `Usage: /etc/init.d/${name} {start|stop|status|restart|force-reload}\n`);
      return 2;
    }
    // The result stands in column 60, after what the script said.
    yield* out(p, `${doing} ${name} (via systemctl):  `.padEnd(59));
    p.argv = ['systemctl', action!, `${name}.service`];
    const status = yield* systemctl.main(p);
    yield* out(p, status === 0 ? OK : FAILED);
    return status;
  },
});
