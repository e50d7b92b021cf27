// A lesson's solution as a scenario for real Linux, so that the emulator's answers can be compared with a kernel's.
// What only EL has is translated where the meaning is plain (httpd is nginx there and runs from the start) and named in `skipped` where not.
import type { ScenarioHost, ScenarioStep, Scenario } from '../lab/scenario';
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { type LabAction, parseLabFile } from './labfile';
import { instantiate } from './instantiate';
import type { LoadedLesson } from './load';
import type { everyCheck } from './relevant';
import { startLesson, topologyOfLesson } from './topology_of';
import { substitute } from './variables';

const WEB = '/var/www/html/';
const RULES = '/etc/sysconfig/ipvsadm';
const RC_LOCAL = '/etc/rc.d/rc.local';
const FOREIGN = /^\s*(?:yum|dnf|rpm|systemctl|service|chkconfig|nmcli|ifup|setenforce|reboot|firewall-cmd|apachectl|httpd|mount|umount|exportfs|showmount)\b|\/etc\/httpd\//;
/** Nothing to do there: the package is installed, the site runs from the start, and what is enabled shows at a boot only. */
const DONE = /^\s*(?:yum -y install (?:ipvsadm|httpd)|(?:systemctl|service) (?:start|restart|enable) httpd|systemctl (?:enable|is-enabled) [\w.-]+|service httpd (?:start|restart)|chkconfig \w+ on|systemctl stop NetworkManager)\s*(?:#.*)?$/;

const PAGE = /^\s*echo\s+["']?([^"'>]*?)["']?\s*>\s*\/var\/www\/html\/(\S+)\s*$/;
/** Pages a solution writes by `echo TEXT > /var/www/html/PAGE` or in an editor, by host. */
function pagesWritten(actions: readonly LabAction[]): Map<string, Record<string, string>> {
  const out = new Map<string, Record<string, string>>();
  for (const a of actions) {
    const m = a.do === 'run' ? PAGE.exec(a.command) : null;
    if (m !== null && a.do === 'run') out.set(a.host, { ...out.get(a.host), [m[2]!]: `${m[1]}\n` });
    if (a.do === 'edit' && a.path.startsWith(WEB)) out.set(a.host, { ...out.get(a.host), [a.path.slice(WEB.length)]: a.text });
  }
  return out;
}

const LISTEN = /^sed -i 's\/\^Listen 80\$?\/Listen (\d+)\/' \/etc\/httpd\/conf\/httpd\.conf; systemctl restart httpd$/;
/** The port a site was moved to before the learner arrives; 80 when it was not. */
const portOf = (start: readonly string[], host: string): number => Number(start.map((s) => (s.startsWith(`${host}# `) ? LISTEN.exec(s.slice(host.length + 2)) : null)).find((m) => m !== null)?.[1] ?? 80);

function hostsOf(topology: Topology, mac: (host: string, dev: string) => string, pages: Map<string, Record<string, string>>, own: ReadonlyMap<string, NonNullable<ScenarioHost['files']>>, port: (host: string) => number): ScenarioHost[] {
  return topology.hosts.map((h): ScenarioHost => {
    const out: ScenarioHost = {
      name: h.name,
      interfaces: Object.entries(h.interfaces).map(([name, { address, ...i }]) => ({ name, ...i, mac: i.mac ?? mac(h.name, name), ...(address === undefined || i.up === false ? {} : { addresses: [address, ...(i.addresses ?? [])] }) })),
    };
    if (h.addresses) out.addresses = h.addresses;
    if (h.gateway !== undefined) out.gateway = h.gateway;
    if (h.routes) out.routes = h.routes;
    if (h.sysctl) out.sysctl = h.sysctl;
    if (h.files !== undefined || own.has(h.name)) out.files = { ...own.get(h.name), ...h.files };
    const served = (h.services ?? []).flatMap((s) => (s.type === 'http' ? [{ type: 'http', port: s.port === 80 ? port(h.name) : s.port, body: s.body || h.name, pages: Object.fromEntries(Object.entries(s.pages ?? {}).map(([p, t]) => [p.replace(/^\//, ''), t])) }] : []));
    const written = pages.get(h.name);
    if (served.length > 0) out.services = served.map((s) => ({ ...s, pages: { ...s.pages, ...written } }));
    else if (written !== undefined) out.services = [{ type: 'http', port: 80, body: h.name, pages: written }];
    return out;
  });
}

/** A line as it runs there; null when it cannot. `address` is what a card of the host has by its file. */
function translated(command: string, address: (dev: string) => string | undefined): string | null {
  if (PAGE.test(command)) return ':'; // served from the start
  // Several in a row, each of them plain.
  if (/^systemctl [^;'"&|]+(?:; systemctl [^;'"&|]+)+$/.test(command)) {
    const parts = command.split('; ').map((c) => translated(c, address));
    return parts.includes(null) ? null : parts.filter((c) => c !== ':').join('; ') || ':';
  }
  const down = /^\s*ifdown\s+(\S+)\s*$/.exec(command);
  if (down !== null) return `ip address flush dev ${down[1]}; ip link set ${down[1]} down`;
  const up = /^\s*ifup\s+(\S+)\s*$/.exec(command);
  const has = up === null ? undefined : address(up[1]!);
  if (has !== undefined) return `ip link set ${up![1]} up; ip address replace ${has} dev ${up![1]}`;
  const name = /^\s*hostnamectl set-hostname (\S+)\s*$/.exec(command);
  if (name !== null) return `hostname ${name[1]}; echo ${name[1]} > /etc/hostname`;
  if (DONE.test(command) || LISTEN.test(command)) return ':';
  if (/^\s*systemctl start ipvsadm\s*$/.test(command)) return `ipvsadm -R < ${RULES}`;
  return FOREIGN.test(command) ? null : command;
}

/** Paths of files and folders that a solution names and only EL has. */
const EL_ONLY = /\/etc\/(?:(?:sysconfig|rc\.d|modules-load\.d|systemd\/system)\/[\w./:-]*[\w]|rc\.local\b)/g;

/** EL's own files and folders that a solution works on, as they are in the lab: files by host, and steps that make what is no file. */
function ground(actions: readonly LabAction[], lab: Lab): { files: Map<string, NonNullable<ScenarioHost['files']>>; steps: ScenarioStep[] } {
  const files = new Map<string, NonNullable<ScenarioHost['files']>>();
  const steps = new Map<string, ScenarioStep>();
  for (const a of actions) {
    if (a.do !== 'run' && a.do !== 'edit') continue;
    for (const [named] of (a.do === 'run' ? a.command : a.path).matchAll(EL_ONLY)) {
      const path = named === '/etc/rc.local' ? RC_LOCAL : named;
      const content = lab.readFile(a.host, path);
      const mode = lab.fileInfo(a.host, path)?.mode;
      if (content !== null && mode !== undefined) files.set(a.host, { ...files.get(a.host), [path]: { content, mode: (mode & 0o777).toString(8) } });
      const make = named !== path ? `ln -sf rc.d/rc.local ${named}` : content === null ? `mkdir -p ${path.slice(0, path.lastIndexOf('/'))}` : null;
      if (make !== null) steps.set(`${a.host} ${make}`, { host: a.host, run: make });
    }
  }
  return { files, steps: [...steps.values()] };
}

/** What booting has done when a learner arrives, and does not happen there by itself: settings, rules, rc.local, in that order. */
function booted(topology: Topology): ScenarioStep[] {
  return topology.hosts.flatMap(({ name: host, files = {}, enabled = [] }) => {
    const rc = files[RC_LOCAL];
    const runs = typeof rc === 'object' && (Number.parseInt(rc.mode ?? '644', 8) & 0o111) !== 0;
    return [
      ...(files['/etc/sysctl.conf'] === undefined ? [] : [{ host, run: 'sysctl -p' }]),
      ...(files[RULES] === undefined || !enabled.includes('ipvsadm') ? [] : [{ host, run: `ipvsadm -R < ${RULES}` }]),
      ...(runs ? [{ host, run: RC_LOCAL }] : []),
    ];
  });
}

/** What to ask when the solution is done: the tables, the pages, who answers ARP. Reboots are not asked for. */
function probes(steps: { checks: Parameters<typeof everyCheck>[0] }[]): ScenarioStep[] {
  const out: ScenarioStep[] = [];
  const seen = new Set<string>();
  for (const c of steps.flatMap((s) => s.checks)) {
    const a = c.args as Record<string, unknown>;
    let step: ScenarioStep | null = null;
    if (c.kind === 'ipvs') step = { host: String(a['on']), run: 'ipvsadm -Ln' };
    else if (c.kind === 'http') step = { host: String(a['from']), run: `for i in {1..${Number(a['times'])}}; do curl -s -m 5 ${String(a['url'])}; done`, timeout: 60 };
    else if (c.kind === 'arp') step = { host: String(a['ask']), run: `ip neigh flush all; ping -c 1 -W 1 ${String(a['target'])} > /dev/null; ip neigh show to ${String(a['target'])} | sed 's/ [A-Z]*$//'` };
    else if (c.kind === 'ping') step = { host: String(a['from']), run: `ping -c 1 -W 2 ${String(a['to'])} > /dev/null; echo $?` };
    const key = JSON.stringify(step);
    if (step !== null && !seen.has(key)) out.push(step);
    seen.add(key);
  }
  return out;
}

/** The scenario of a solution for a seed, and the lines that have no counterpart there. Null when there is no such solution. */
export function exportScenario(l: LoadedLesson, solution: string, seed = 0): { scenario: Scenario; skipped: string[] } | null {
  const text = l.solutions[solution];
  if (text === undefined) return null;
  const { lesson, values } = instantiate(l, seed);
  const topology = topologyOfLesson(lesson);
  const lab = startLesson(lesson, seed, { terminals: false });
  const actions = parseLabFile(substitute(text, values)).actions;
  const skipped: string[] = [];
  const made = ground(actions, lab);
  const steps = made.steps;
  steps.push(...booted(topology));
  const add = (host: string, command: string, where: string): void => {
    const pause = /^sleep (\d+)$/.exec(command);
    const run = pause === null ? translated(command, (dev) => topology.hosts.find((h) => h.name === host)?.interfaces[dev]?.address) : '';
    if (pause !== null) steps.push({ sleep: Number(pause[1]) });
    else if (run === null) skipped.push(`${where}: ${host}# ${command}`);
    else if (run !== ':') steps.push({ host, run });
  };
  for (const s of lesson.lab.start) add(s.slice(0, s.indexOf('#')), s.slice(s.indexOf('#') + 1).trim(), 'before');
  for (const a of actions) {
    if (a.do === 'wait') steps.push({ sleep: a.us / 1e6 });
    else if (a.do === 'edit') steps.push({ host: a.host, run: `cat > ${a.path}`, stdin: a.text });
    else if (a.do === 'run') add(a.host, a.command, `line ${a.line}`);
    else if (a.do !== 'answer') skipped.push(`line ${a.line}: ${a.do}`);
  }
  const mac = (host: string, dev: string): string => lab.hostView(host).interfaces.find((i) => i.name === dev)?.mac ?? '';
  const scenario: Scenario = {
    name: `lesson-${lesson.id}-${solution}`, description: `${lesson.title.en}: solution ${solution}${skipped.length === 0 ? '' : ` (without ${skipped.length} lines that only EL knows)`}`,
    segments: topology.segments.map((s) => ({ name: s.name })), hosts: hostsOf(topology, mac, pagesWritten(actions), made.files, (host) => portOf(lesson.lab.start, host)), steps: [...steps, ...probes(lesson.steps)],
  };
  return { scenario, skipped };
}
