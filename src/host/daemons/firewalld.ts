// firewalld as a daemon: what the zone public lets in now, beside what its file says for the next start. Linux counterpart: firewalld 0.6 (EL 7), zones(5).
// Its rules are written by the command's program; the daemon reloads them on HUP and takes them away when it ends.
// Not modelled: other zones, sources, rich rules, forward ports, masquerading, the direct interface, D-Bus; IPv6 and ipset tables stay empty.
import { rulesChanged } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import { type Process, SIG } from '../process';
import { addDaemon, type Daemon, daemonProcess } from './daemon';

/** Services that can be named, with the ports they open: a part of /usr/lib/firewalld/services. */
export const FIREWALL_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'dhcpv6-client': [], dns: ['53/tcp', '53/udp'], ftp: ['21/tcp'], http: ['80/tcp'], https: ['443/tcp'], imap: ['143/tcp'], ldap: ['389/tcp'], mysql: ['3306/tcp'],
  mountd: ['20048/tcp', '20048/udp'], nfs: ['2049/tcp'], ntp: ['123/udp'], pop3: ['110/tcp'], postgresql: ['5432/tcp'], 'rpc-bind': ['111/tcp', '111/udp'], smtp: ['25/tcp'], ssh: ['22/tcp'], syslog: ['514/udp'], telnet: ['23/tcp'], tftp: ['69/udp'],
};

/** What a zone lets in. */
export interface Zone { services: string[]; ports: string[] }

/** The file an administrator's change makes; before there is one the shipped zone holds. */
export const ZONE_FILE = '/etc/firewalld/zones/public.xml';
const SHIPPED = '/usr/lib/firewalld/zones/public.xml';

/** The zone as its file says. */
export function storedZone(host: Host): Zone {
  const text = host.vfs.read(ZONE_FILE) ?? host.vfs.read(SHIPPED) ?? '';
  return {
    services: [...text.matchAll(/<service name="([^"]+)"\s*\/>/g)].map((m) => m[1]!),
    ports: [...text.matchAll(/<port protocol="([^"]+)" port="([^"]+)"\s*\/>/g)].map((m) => `${m[2]}/${m[1]}`),
  };
}

/** The file of a zone, as firewalld writes it. */
export function zoneText(z: Zone): Bytes {
  const rows = [...z.services.map((s) => `  <service name="${s}"/>\n`), ...z.ports.map((x) => `  <port protocol="${x.slice(x.indexOf('/') + 1)}" port="${x.slice(0, x.indexOf('/'))}"/>\n`)];
  return `<?xml version="1.0" encoding="utf-8"?>\n<zone>\n  <short>Public</short>\n  <description>For use in public areas. You do not trust the other computers on networks to not harm your computer. Only selected incoming connections are accepted.</description>\n${rows.join('')}</zone>\n`;
}

export class Firewalld implements Daemon {
  readonly kind = 'firewalld';
  id = 0;
  master = 0;
  constructor(public zone: Zone) {}
}

/** The running firewalld of a host, or null. */
export const firewalldOf = (host: Host): Firewalld | null => ([...host.daemons.values()].find((d) => d.kind === 'firewalld') as Firewalld | undefined) ?? null;

/** Starts the daemon's own process. */
export function firewalldLaunch(host: Host, argv: Bytes[]): Firewalld {
  const d = new Firewalld(storedZone(host));
  addDaemon(host, d);
  const master = daemonProcess(host, d, argv, 'firewalld', 0, 0, 1);
  for (const s of [SIG.HUP, SIG.TERM, SIG.INT]) master.caught.add(s);
  d.master = master.pid;
  return d;
}

/** Takes every rule away; built-in chains let everything pass. */
export function firewallFlush(host: Host): void {
  host.kernel.netfilter.tables = [];
  rulesChanged(host.kernel);
}

/** TERM ends it with its rules; HUP has them read again. */
export function firewalldSignal(host: Host, d: Firewalld, p: Process, signal: number): void {
  if (signal !== SIG.HUP) {
    firewallFlush(host);
    host.daemons.delete(d.id);
    host.exit(p, 0);
    return;
  }
  const program = host.program('firewall-cmd');
  if (program === undefined) return;
  const child = host.fork(null);
  child.argv = ['firewall-cmd', '--reload'];
  child.comm = 'firewall-cmd';
  for (const fd of [0, 1, 2]) child.fds.set(fd, { kind: 'null', refs: 1, readable: true, writable: true });
  host.start(child, program.main(child));
}

/** Its process was killed: the rules stay, as they do when the real one is. */
export function firewalldEnded(host: Host, d: Firewalld, pid: number): void {
  if (pid === d.master) host.daemons.delete(d.id);
}
