// chkconfig: enables services the old way. Linux counterpart: chkconfig 1.7 (EL 7), which forwards native units to systemctl.
import { err, out } from '../host/syscall';
import { loadUnit, unitEnablement } from '../host/unit';
import { command, notModelled } from './command';
import { systemctl } from './systemctl';

const NOTE =
  '\nNote: This output shows SysV services only and does not include native\n      systemd services. SysV configuration data might be overridden by native\n      systemd configuration.\n\n' +
  "      If you want to list systemd services use 'systemctl list-unit-files'.\n      To see services enabled on particular target use\n      'systemctl list-dependencies [target]'.\n\n";

export const chkconfig = command({
  name: 'chkconfig',
  summary: 'update and query runlevel information for services',
  path: '/sbin/chkconfig',
  package: 'initscripts',
  options: {
    '--list': { kind: 'flag', says: 'list services' }, '--add': { kind: 'value', says: 'add a service', modelled: false }, '--del': { kind: 'value', says: 'delete a service', modelled: false },
    '--level': { kind: 'value', says: 'runlevels', modelled: false },
  },
  getopt: null,
  synopsis: '[--list] [<name>] [on|off|reset]',
  *run(p, _opts, args) {
    const [name, action] = args;
    if (name === undefined || name === '--list') {
      yield* err(p, NOTE);
      const sysv = loadUnit(p.host, 'network') === null ? [] : ['network'];
      for (const s of sysv) {
        const on = unitEnablement(p.host, s) === 'enabled' ? 'on' : 'off';
        yield* out(p, `${s.padEnd(14)}\t0:off\t1:off\t2:${on}\t3:${on}\t4:${on}\t5:${on}\t6:off\n`);
      }
      return 0;
    }
    if (name.startsWith('-')) return yield* notModelled(p, 'chkconfig', `option ${name}`);
    const verb = { on: 'enable', off: 'disable', reset: 'preset' }[action ?? 'is-enabled'] ?? (action === undefined ? 'is-enabled' : null);
    if (verb === null) {
      yield* err(p, `${action}: unknown option\n`);
      return 1;
    }
    if (loadUnit(p.host, name) === null) {
      yield* err(p, `error reading information on service ${name}: No such file or directory\n`);
      return 1;
    }
    yield* err(p, `Note: Forwarding request to 'systemctl ${verb} ${name}.service'.\n`);
    p.argv = ['systemctl', verb, `${name}.service`];
    return yield* systemctl.main(p);
  },
});
