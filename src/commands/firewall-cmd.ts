// firewall-cmd: the client of firewalld, which this machine has switched off. Linux counterpart: firewalld 0.6, firewall-cmd(1).
// Not modelled: the daemon itself; the client therefore says what it says on a machine where firewalld is stopped and disabled.
import { err, out } from '../host/syscall';
import { command, notModelled } from './command';

const NOT_RUNNING = 252;

export const firewallCmd = command({
  name: 'firewall-cmd',
  summary: 'firewalld command line client',
  path: '/usr/bin/firewall-cmd',
  package: 'firewalld',
  options: {
    '--state': { kind: 'flag', says: 'is firewalld running?' },
    '--reload': { kind: 'flag', says: 'reload rules' },
    '--complete-reload': { kind: 'flag', says: 'reload rules and lose state' },
    '--permanent': { kind: 'flag', says: 'change the stored rules' },
    '--zone': { kind: 'value', says: 'zone to use', arg: 'ZONE' },
    '--get-default-zone': { kind: 'flag', says: 'print the default zone' },
    '--get-active-zones': { kind: 'flag', says: 'print active zones' },
    '--list-all': { kind: 'flag', says: 'list a zone' },
    '--list-ports': { kind: 'flag', says: 'list open ports' },
    '--list-services': { kind: 'flag', says: 'list services' },
    '--add-port': { kind: 'value', says: 'open a port', arg: 'PORT/PROTO' },
    '--remove-port': { kind: 'value', says: 'close a port', arg: 'PORT/PROTO' },
    '--query-port': { kind: 'value', says: 'is a port open?', arg: 'PORT/PROTO' },
    '--add-service': { kind: 'value', says: 'allow a service', arg: 'SERVICE' },
    '--remove-service': { kind: 'value', says: 'forbid a service', arg: 'SERVICE' },
    '--add-rich-rule': { kind: 'value', says: 'add a rich rule', arg: 'RULE' },
    '--add-masquerade': { kind: 'flag', says: 'masquerade a zone' },
    '--version': { kind: 'flag', says: 'version', modelled: false },
  },
  getopt: null,
  synopsis: '[OPTIONS...]',
  *run(p, _opts, args) {
    if (args.length === 0) {
      yield* err(p, 'usage: see firewall-cmd man page\nNo option specified.\n');
      return 2;
    }
    if (args.includes('-h') || args.includes('--help') || args.includes('-V') || args.includes('--version')) return yield* notModelled(p, 'firewall-cmd', `option ${args[0]}`);
    const strange = args.find((a) => a.startsWith('-') && !(a.split('=')[0]! in firewallCmd.options));
    if (strange !== undefined) {
      yield* err(p, `usage: see firewall-cmd man page\nfirewall-cmd: error: unrecognized arguments: ${strange}\n`);
      return 2;
    }
    if (args.includes('--state')) yield* out(p, 'not running\n');
    else yield* err(p, 'FirewallD is not running\n');
    return NOT_RUNNING;
  },
});
