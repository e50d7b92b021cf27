// What a command's arguments can be: subcommands, units, interfaces, schedulers, settings, packages. Linux counterpart: bash-completion's completions/*.
import type { Host } from '../host/host';
import { isActive, listUnits, unitEnablement, unitNames } from '../host/unit';
import { MODULE_FILES } from '../kernel/core/module';
import { SCHEDULERS } from '../kernel/ipvs/ip_vs_schedulers';
import type { Bytes } from '../lib/text';

/** Words before the cursor's, the command first. */
type Before = readonly Bytes[];
type Rule = (host: Host, before: Before) => readonly Bytes[] | null;

const SYSTEMCTL = 'cat condrestart daemon-reexec daemon-reload disable enable get-default halt is-active is-enabled is-failed is-system-running kill list-unit-files list-units mask poweroff reboot reenable reload reload-or-restart reset-failed restart start status stop try-restart unmask'.split(' ');
const NO_UNITS = new Set(['daemon-reload', 'daemon-reexec', 'get-default', 'halt', 'poweroff', 'reboot', 'list-units', 'list-unit-files', 'is-system-running']);

const operands = (before: Before): Bytes[] => before.slice(1).filter((w) => !w.startsWith('-'));
const interfaces = (host: Host): Bytes[] => host.kernel.devs.map((d) => d.name);
const services = (host: Host): Bytes[] => unitNames(host).filter((n) => n.endsWith('.service'));

/** Units a systemctl verb can do something to. */
function unitsFor(host: Host, verb: Bytes): Bytes[] {
  if (verb === 'start') return services(host).filter((n) => !isActive(host, n));
  if (['stop', 'restart', 'reload', 'try-restart', 'kill', 'reload-or-restart', 'condrestart'].includes(verb)) return services(host).filter((n) => verb === 'restart' || isActive(host, n));
  if (verb === 'enable' || verb === 'disable') return services(host).filter((n) => unitEnablement(host, n) === (verb === 'enable' ? 'disabled' : 'enabled'));
  return listUnits(host).map((u) => u.name);
}

/** The first operand is one of these words. */
const first = (...words: Bytes[]): Rule => (_, before) => (operands(before).length === 0 ? words : null);
/** First fields of a file of accounts. */
const names = (host: Host, file: Bytes): Bytes[] => (host.vfs.read(file) ?? '').split('\n').filter((l) => l !== '').map((l) => l.slice(0, l.indexOf(':')));
const user: Rule = (host, before) => (operands(before).length === 0 ? names(host, '/etc/passwd') : null);
const group: Rule = (host, before) => (operands(before).length === 0 ? names(host, '/etc/group') : null);
/** The first operand is an interface. */
const card: Rule = (host, before) => (operands(before).length === 0 ? interfaces(host) : null);
/** An option takes an interface. */
const after =
  (...options: Bytes[]): Rule =>
  (host, before) =>
    options.includes(before.at(-1)!) ? interfaces(host) : null;

const IP_VERBS: Readonly<Record<Bytes, readonly Bytes[]>> = {
  addr: ['add', 'change', 'del', 'flush', 'replace', 'show'], address: ['add', 'change', 'del', 'flush', 'replace', 'show'], link: ['add', 'delete', 'set', 'show'],
  route: ['add', 'append', 'change', 'del', 'flush', 'get', 'replace', 'show'], neigh: ['add', 'change', 'del', 'flush', 'replace', 'show'], rule: ['add', 'delete', 'flush', 'show'], tunnel: ['add', 'change', 'del', 'show'],
};

function ip(host: Host, before: Before): readonly Bytes[] | null {
  const words = operands(before);
  if (before.at(-1) === 'dev') return interfaces(host);
  if (words.length === 0) return ['addr', 'address', 'link', 'neigh', 'route', 'rule', 'tunnel'];
  if (words.length === 1) return IP_VERBS[words[0]!] ?? null;
  return words.length === 2 && (words[0] === 'link' || (words[0]!.startsWith('addr') && words[1] === 'show')) ? interfaces(host) : null;
}

function systemctl(host: Host, before: Before): readonly Bytes[] | null {
  const [verb] = operands(before);
  if (verb === undefined) return SYSTEMCTL;
  return NO_UNITS.has(verb) ? [] : unitsFor(host, verb);
}

function service(host: Host, before: Before): readonly Bytes[] | null {
  const words = operands(before);
  if (words.length === 0) return services(host).map((n) => n.replace(/\.service$/, ''));
  return words.length === 1 ? ['reload', 'restart', 'start', 'status', 'stop'] : [];
}

function yum(host: Host, before: Before): readonly Bytes[] | null {
  const [verb] = operands(before);
  if (verb === undefined) return ['clean', 'info', 'install', 'list', 'makecache', 'provides', 'remove', 'repolist', 'search', 'update'];
  if (!['install', 'info', 'remove', 'update'].includes(verb)) return [];
  return host.image.packages.map((p) => p.name).filter((n) => verb === 'info' || host.packages.has(n) !== (verb === 'install'));
}

function ipvsadm(_: Host, before: Before): readonly Bytes[] | null {
  return ['-s', '--scheduler'].includes(before.at(-1)!) ? SCHEDULERS.map((s) => s.name) : null;
}

/** Names of ss's state filter. */
const STATES = 'all big bucket close-wait closed closing connected established fin-wait-1 fin-wait-2 last-ack listening syn-recv syn-sent synchronized time-wait'.split(' ');

function ss(_: Host, before: Before): readonly Bytes[] | null {
  const last = before.at(-1)!;
  if (last === 'state' || last === 'exclude') return STATES;
  return last.startsWith('-') || before.length === 1 || STATES.includes(last) ? ['dport', 'dst', 'exclude', 'sport', 'src', 'state'] : null;
}

const RULES: Readonly<Record<Bytes, Rule>> = {
  systemctl, service, yum, ip, ipvsadm, ss,
  apachectl: first('configtest', 'graceful', 'graceful-stop', 'restart', 'start', 'status', 'stop'), nginx: (_, before) => (before.at(-1) === '-s' ? ['quit', 'reload', 'reopen', 'stop'] : null),
  journalctl: (host, before) => (['-u', '--unit'].includes(before.at(-1)!) ? listUnits(host).map((u) => u.name) : null),
  ifconfig: card, ifup: card, ifdown: card, ethtool: card, 'mii-tool': card,
  tcpdump: after('-i', '--interface'), ping: after('-I'), arping: after('-I'), traceroute: after('-i'), route: after('dev'),
  su: user, passwd: user, userdel: user, usermod: user, id: user, groups: user, groupdel: group,
  modprobe: (_, before) => (operands(before).length === 0 ? Object.keys(MODULE_FILES) : null), modinfo: (_, before) => (operands(before).length === 0 ? Object.keys(MODULE_FILES) : null),
  rmmod: (host) => host.kernel.modules.map((m) => m.name),
  hostnamectl: first('set-hostname', 'status'), chkconfig: (host, before) => (operands(before).length === 0 ? services(host).map((n) => n.replace(/\.service$/, '')) : ['off', 'on']),
};

/** What may stand after the words `before`; null when nothing special is known of that place. */
export function argumentWords(host: Host, before: Before): readonly Bytes[] | null {
  return before.length === 0 ? null : (RULES[before[0]!]?.(host, before) ?? null);
}

/** Keys of sysctl that begin with `word`; a group ends in a dot. */
export function settings(host: Host, word: Bytes): Bytes[] {
  const dot = word.lastIndexOf('.') + 1;
  const dir = `/proc/sys/${word.slice(0, dot).replaceAll('.', '/')}`;
  const isDir = (path: Bytes): boolean => host.vfs.lstat(null, path).type === 'dir';
  return host.vfs.names(dir).filter((n) => n.startsWith(word.slice(dot))).map((n) => `${word.slice(0, dot)}${n}${isDir(`${dir}${n}`) ? '.' : ''}`);
}
