// firewalld(1) 0.6: the daemon's program. It writes the zone's rules into the kernel as firewalld does and leaves a daemon behind (host/daemons/firewalld.ts).
import { firewalldLaunch, firewalldOf, firewallFlush, FIREWALL_SERVICES, type Zone } from '../host/daemons/firewalld';
import type { Op, Process, Run } from '../host/process';
import { err } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { restoreText } from './iptables-restore';

const ZONE = 'public';
const STATES = '-m conntrack --ctstate';

/** The rules that let ports in, to append or to delete. */
const allowing = (verb: '-A' | '-D', ports: readonly string[]): Bytes[] => ports.map((x) => {
  const [range = '', proto = ''] = x.split('/');
  return `${verb} IN_${ZONE}_allow -p ${proto} -m ${proto} --dport ${range.replace('-', ':')} ${STATES} NEW,UNTRACKED -j ACCEPT`;
});

/** Lets ports in, or no longer: these rules alone change, whatever else stands in the tables stays. */
export const changeAllowed = (p: Process, add: boolean, ports: readonly string[]): Op<number> => restoreText(p, `*filter\n${allowing(add ? '-A' : '-D', ports).map((r) => `${r}\n`).join('')}COMMIT\n`, true);

/** Chains in firewalld's order: each hook asks the direct interface, then zones by source, then zones by interface. */
export function firewallRules(zone: Zone, interfaces: readonly string[]): Bytes {
  const allow = allowing('-A', [...zone.services.flatMap((s) => FIREWALL_SERVICES[s] ?? []), ...zone.ports]);
  const zoneChains = ['FWDI', 'FWDO', 'IN'].flatMap((c) => [`${c}_${ZONE}`, ...['allow', 'deny', 'log'].map((k) => `${c}_${ZONE}_${k}`)]);
  const own = [...['FORWARD_IN_ZONES', 'FORWARD_IN_ZONES_SOURCE', 'FORWARD_OUT_ZONES', 'FORWARD_OUT_ZONES_SOURCE', 'FORWARD_direct'], ...zoneChains, 'INPUT_ZONES', 'INPUT_ZONES_SOURCE', 'INPUT_direct', 'OUTPUT_direct'].sort();
  const byInterface = (chain: string, flag: string, to: string): string[] => [...interfaces.map((i) => `-A ${chain} ${flag} ${i} -g ${to}_${ZONE}`), `-A ${chain} -g ${to}_${ZONE}`];
  const inside = (c: string, icmp: boolean): string[] => [...['log', 'deny', 'allow'].map((k) => `-A ${c}_${ZONE} -j ${c}_${ZONE}_${k}`), ...(icmp ? [`-A ${c}_${ZONE} -p icmp -j ACCEPT`] : [])];
  const ends = (chain: string): string[] => [`-A ${chain} ${STATES} INVALID -j DROP`, `-A ${chain} -j REJECT --reject-with icmp-host-prohibited`];
  const begins = (chain: string): string[] => [`-A ${chain} ${STATES} RELATED,ESTABLISHED -j ACCEPT`, `-A ${chain} -i lo -j ACCEPT`, `-A ${chain} -j ${chain}_direct`];
  return `${[
    '*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...own.map((c) => `:${c} - [0:0]`),
    ...begins('INPUT'), '-A INPUT -j INPUT_ZONES_SOURCE', '-A INPUT -j INPUT_ZONES', ...ends('INPUT'),
    ...begins('FORWARD'), ...['IN_ZONES_SOURCE', 'IN_ZONES', 'OUT_ZONES_SOURCE', 'OUT_ZONES'].map((c) => `-A FORWARD -j FORWARD_${c}`), ...ends('FORWARD'),
    '-A OUTPUT -j OUTPUT_direct',
    ...byInterface('FORWARD_IN_ZONES', '-i', 'FWDI'), ...byInterface('FORWARD_OUT_ZONES', '-o', 'FWDO'), ...inside('FWDI', true), ...inside('FWDO', false),
    ...byInterface('INPUT_ZONES', '-i', 'IN'), ...inside('IN', true), ...allow, 'COMMIT',
  ].join('\n')}\n`;
}

/** Interfaces that NetworkManager put into the zone: all but lo. */
export const zoneInterfaces = (p: Process): string[] => p.host.kernel.devs.filter((d) => d.name !== 'lo' && d.up && d.segment >= 0).map((d) => d.name).sort();

/** Empties all tables and writes the rules of the daemon's zone anew, as a start and a reload do. */
export function* applyZone(p: Process): Op<number> {
  const d = firewalldOf(p.host);
  if (d === null) return 0;
  firewallFlush(p.host);
  return yield* restoreText(p, firewallRules(d.zone, zoneInterfaces(p)), false);
}

export const firewalld = command({
  name: 'firewalld',
  summary: 'dynamic firewall manager',
  path: '/usr/sbin/firewalld',
  package: 'firewalld',
  options: { '--nofork': { kind: 'flag', says: 'stay in the foreground' }, '--nopid': { kind: 'flag', says: 'write no PID file' }, '--debug': { kind: 'optional', says: 'debug level', modelled: false }, '--default-config': { kind: 'value', says: 'default configuration path', modelled: false } },
  getopt: null,
  *run(p, _opts, args): Run {
    const other = args.find((a) => a !== '--nofork' && a !== '--nopid');
    if (other !== undefined) return yield* notModelled(p, 'firewalld', `option ${other}`);
    if (firewalldOf(p.host) !== null) {
      yield* err(p, 'ERROR: NAME_CONFLICT: org.fedoraproject.FirewallD1\n');
      return 1;
    }
    firewalldLaunch(p.host, ['/usr/bin/python2', '-Es', '/usr/sbin/firewalld', '--nofork', '--nopid']);
    return yield* applyZone(p);
  },
});
