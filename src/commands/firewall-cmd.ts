// firewall-cmd: the client of firewalld. Linux counterpart: firewalld 0.6 (EL 7), firewall-cmd(1).
// Not modelled: zones but public, rich rules, masquerading, sources, forward ports, timeouts.
import { type Firewalld, FIREWALL_SERVICES, firewalldOf, storedZone, type Zone, ZONE_FILE, zoneText } from '../host/daemons/firewalld';
import type { Op, Process } from '../host/process';
import { err, out, writeFile } from '../host/syscall';
import { command, notModelled } from './command';
import { applyZone, changeAllowed, zoneInterfaces } from './firewalld';

const NOT_RUNNING = 252;
/** Exit statuses of firewall.errors. */
const E = { INVALID_ACTION: 2, COMMAND_FAILED: 13, INVALID_SERVICE: 101, INVALID_PORT: 102, INVALID_PROTOCOL: 103, INVALID_ZONE: 112 } as const;

class Refused extends Error {
  constructor(readonly status: number, text: string) { super(text); }
}

/** 80/tcp or 8000-8010/udp. */
function checkPort(text: string): string {
  const m = /^([^/]*)\/([^/]*)$/.exec(text);
  if (m === null) throw new Refused(E.INVALID_PORT, 'INVALID_PORT: bad port (most likely missing protocol), correct syntax is portid[-portid]/protocol');
  const [low = '', high = low] = m[1]!.split('-');
  const good = (x: string): boolean => /^\d+$/.test(x) && Number(x) <= 65535;
  if (!good(low) || !good(high) || Number(high) < Number(low)) throw new Refused(E.INVALID_PORT, `INVALID_PORT: ${m[1]}`);
  if (!['tcp', 'udp', 'sctp', 'dccp'].includes(m[2]!)) throw new Refused(E.INVALID_PROTOCOL, `INVALID_PROTOCOL: '${m[2]}' not in {'tcp'|'udp'|'sctp'|'dccp'}`);
  return text;
}

function checkService(name: string): string {
  if (FIREWALL_SERVICES[name] === undefined) throw new Refused(E.INVALID_SERVICE, `INVALID_SERVICE: '${name}' not among existing services`);
  return name;
}

/** --list-all. */
function listing(z: Zone, interfaces: string[], active: boolean): string {
  return `public${active ? ' (active)' : ''}\n  target: default\n  icmp-block-inversion: no\n  interfaces: ${interfaces.join(' ')}\n  sources: \n  services: ${z.services.join(' ')}\n  ports: ${z.ports.join(' ')}\n  protocols: \n  masquerade: no\n  forward-ports: \n  source-ports: \n  icmp-blocks: \n  rich rules: \n\t\n`;
}

/** Adds to or takes from a list; false (with a warning) when it is so already. */
function* change(p: Process, list: string[], what: string, add: boolean): Op<boolean> {
  const at = list.indexOf(what);
  if ((at >= 0) === add) {
    yield* err(p, `Warning: ${add ? 'ALREADY_ENABLED' : 'NOT_ENABLED'}: ${what.includes('/') ? (add ? `'${what.replace('/', ':')}' already in 'public'` : `'${what.replace('/', ':')}' not in 'public'`) : `'${what}' ${add ? 'already in' : 'not in'} 'public'`}\n`);
    return false;
  }
  if (add) list.push(what);
  else list.splice(at, 1);
  return true;
}

/** One request after another on the running zone or the stored one. */
function* serve(p: Process, d: Firewalld, asked: [string, string][], permanent: boolean): Op<number> {
  const zone: Zone = permanent ? storedZone(p.host) : d.zone;
  let changed = false;
  for (const [name, value] of asked) {
    switch (name) {
      case '--state':
        yield* out(p, 'running\n');
        return 0;
      case '--reload':
      case '--complete-reload':
        d.zone = storedZone(p.host);
        yield* applyZone(p);
        yield* out(p, 'success\n');
        return 0;
      case '--get-default-zone':
        yield* out(p, 'public\n');
        return 0;
      case '--get-active-zones':
        yield* out(p, `public\n  interfaces: ${zoneInterfaces(p).join(' ')}\n`);
        return 0;
      case '--list-all':
        yield* out(p, listing(zone, permanent ? [] : zoneInterfaces(p), !permanent));
        return 0;
      case '--list-ports':
      case '--list-services':
        yield* out(p, `${zone[name === '--list-ports' ? 'ports' : 'services'].join(' ')}\n`);
        return 0;
      case '--query-port':
        checkPort(value);
        yield* out(p, zone.ports.includes(value) ? 'yes\n' : 'no\n');
        return zone.ports.includes(value) ? 0 : 1;
      default: {
        const add = name.startsWith('--add');
        const port = name.endsWith('port');
        const list = port ? zone.ports : zone.services;
        const what = port ? checkPort(value) : checkService(value);
        if (!(yield* change(p, list, what, add))) break;
        changed = true;
        if (permanent || (yield* changeAllowed(p, add, port ? [what] : FIREWALL_SERVICES[what]!)) === 0) break;
        // The kernel refused (somebody took the chains away): the zone stays as it was.
        if (add) list.pop();
        else list.push(what);
        throw new Refused(E.COMMAND_FAILED, 'COMMAND_FAILED');
      }
    }
  }
  if (changed && permanent) {
    p.host.vfs.mkdirs('/etc/firewalld/zones');
    writeFile(p, ZONE_FILE, zoneText(zone));
  }
  yield* out(p, 'success\n');
  return 0;
}

const WITH_VALUE = new Set(['--zone', '--add-port', '--remove-port', '--query-port', '--add-service', '--remove-service', '--add-rich-rule']);

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
    '--add-rich-rule': { kind: 'value', says: 'add a rich rule', arg: 'RULE', modelled: false },
    '--add-masquerade': { kind: 'flag', says: 'masquerade a zone', modelled: false },
    '--version': { kind: 'flag', says: 'version', modelled: false },
  },
  getopt: null,
  synopsis: '[OPTIONS...]',
  *run(p, _opts, args) {
    if (args.length === 0) {
      yield* err(p, 'usage: see firewall-cmd man page\nNo option specified.\n');
      return E.INVALID_ACTION;
    }
    const asked: [string, string][] = [];
    let permanent = false;
    for (let i = 0; i < args.length; i++) {
      const eq = args[i]!.indexOf('=');
      const name = eq < 0 ? args[i]! : args[i]!.slice(0, eq);
      const spec = firewallCmd.options[name];
      if (spec === undefined && name !== '-h') {
        yield* err(p, `usage: see firewall-cmd man page\nfirewall-cmd: error: unrecognized arguments: ${args[i]}\n`);
        return E.INVALID_ACTION;
      }
      if (name === '-h' || spec!.modelled === false) return yield* notModelled(p, 'firewall-cmd', `option ${name}`);
      let value = eq < 0 ? '' : args[i]!.slice(eq + 1);
      if (WITH_VALUE.has(name) && eq < 0) {
        const next = args[++i];
        if (next === undefined) {
          yield* err(p, `usage: see firewall-cmd man page\nfirewall-cmd: error: argument ${name}: expected one argument\n`);
          return E.INVALID_ACTION;
        }
        value = next;
      }
      if (name === '--permanent') permanent = true;
      else asked.push([name, value]);
    }
    const d = firewalldOf(p.host);
    if (d === null) {
      if (asked.some(([n]) => n === '--state')) yield* out(p, 'not running\n');
      else yield* err(p, 'FirewallD is not running\n');
      return NOT_RUNNING;
    }
    try {
      const zone = asked.find(([n]) => n === '--zone')?.[1] ?? 'public';
      if (zone !== 'public') throw new Refused(E.INVALID_ZONE, `INVALID_ZONE: ${zone}`);
      return yield* serve(p, d, asked.filter(([n]) => n !== '--zone'), permanent);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      yield* err(p, `Error: ${e.message}\n`);
      return e.status;
    }
  },
});
