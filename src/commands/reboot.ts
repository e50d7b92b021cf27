// reboot, poweroff, halt, shutdown: end this boot. Linux counterpart: systemd 219's systemctl under these names, shutdown(8).
// Not modelled: a time in the future, messages to users.
import { powerOffHost, rebootHost } from '../host/boot';
import { err, sleep } from '../host/syscall';
import { Ev } from '../kernel/world';
import { command, notModelled, type Command, type OptionSpec } from './command';

const OPTIONS: Record<string, OptionSpec> = {
  '-f': { kind: 'flag', says: 'force immediately, nothing is stopped' }, '--force': { kind: 'flag', of: '-f', says: 'force immediately, nothing is stopped' },
  '-p': { kind: 'flag', says: 'switch off the power' }, '--poweroff': { kind: 'flag', of: '-p', says: 'switch off the power' },
  '-w': { kind: 'flag', says: 'only write a record', modelled: false }, '-d': { kind: 'flag', says: 'no record' }, '-n': { kind: 'flag', says: 'no sync' },
  '--no-wall': { kind: 'flag', says: 'no message' }, '--halt': { kind: 'flag', says: 'halt' }, '--reboot': { kind: 'flag', says: 'reboot' },
};

function ending(name: 'reboot' | 'poweroff' | 'halt'): Command {
  return command({
    name,
    summary: `${name === 'poweroff' ? 'power off' : name} the machine`,
    path: `/usr/sbin/${name}`,
    package: 'systemd',
    options: OPTIONS,
    getopt: { badExit: 1, tryHelp: '' },
    synopsis: '[OPTIONS...] [ARG]',
    *run(p, opts) {
      if (p.uid !== 0) {
        yield* err(p, 'Must be root.\n');
        return 1;
      }
      const again = (name === 'reboot' || opts.has('--reboot')) && !opts.has('-p') && !opts.has('--halt');
      if (opts.has('-f')) {
        // The host goes away under this very process, so the clock does it.
        const { world, index } = p.host;
        world.clock.push(world.clock.now + 1, Ev.boot, index, again ? 1 : 2, null);
        yield* sleep(p, 1_000_000);
        return 0;
      }
      if (again) rebootHost(p.host);
      else powerOffHost(p.host);
      return 0;
    },
  });
}

export const reboot = ending('reboot');
export const poweroff = ending('poweroff');
export const halt = ending('halt');

export const shutdown = command({
  name: 'shutdown',
  summary: 'halt, power off or reboot the machine',
  path: '/usr/sbin/shutdown',
  package: 'systemd',
  options: {
    '-r': { kind: 'flag', says: 'reboot' }, '--reboot': { kind: 'flag', of: '-r', says: 'reboot' }, '-h': { kind: 'flag', says: 'power off' }, '-P': { kind: 'flag', of: '-h', says: 'power off' },
    '-H': { kind: 'flag', of: '-h', says: 'halt' }, '-c': { kind: 'flag', says: 'cancel', modelled: false }, '-k': { kind: 'flag', says: 'only warn', modelled: false }, '--no-wall': { kind: 'flag', says: 'no message' },
  },
  getopt: { badExit: 1, tryHelp: '' },
  synopsis: '[OPTIONS...] [TIME] [WALL...]',
  *run(p, opts, args) {
    const when = args[0] ?? '+1';
    if (p.uid !== 0) {
      yield* err(p, 'Must be root.\n');
      return 1;
    }
    if (when !== 'now' && when !== '+0' && !/^(\+\d+|\d+|\d\d?:\d\d)$/.test(when)) {
      yield* err(p, `Failed to parse time specification: ${when}\n`);
      return 1;
    }
    if (when !== 'now' && when !== '+0' && when !== '0') return yield* notModelled(p, 'shutdown', 'a time other than now');
    if (opts.has('-r')) rebootHost(p.host);
    else powerOffHost(p.host);
    return 0;
  },
});
