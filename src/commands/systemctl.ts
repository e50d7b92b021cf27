// systemctl: units of this host. Linux counterpart: systemd 219, systemctl(1). What units do is in host/unit.ts.
// Not modelled: other hosts and users, units that are no service or target, `show` of all properties.
import { powerOffHost, rebootHost } from '../host/boot';
import type { Op, Process } from '../host/process';
import { SIG } from '../host/process';
import { err, out } from '../host/syscall';
import { disableUnit, enableUnit, isActive, type JobResult, listUnits, loadUnit, maskUnit, reloadUnit, restartUnit, startUnit, stopUnit, unitEnablement, unitNames, unitState, type UnitState } from '../host/unit';
import { fullName, unitValue } from '../host/unit_file';
import type { Bytes } from '../lib/text';
import { command, notModelled, type Options, type OptionSpec } from './command';
import { glyphs, statusOf } from './systemd/status';

type Verb = (p: Process, units: Bytes[], opts: Options) => Op<number>;

/** A verb on each unit, in order; the worst status counts. */
function job(act: (p: Process, unit: Bytes) => Op<JobResult>): Verb {
  return function* (p, units) {
    let status = 0;
    for (const unit of units) {
      const r = yield* act(p, unit);
      if (r.text !== '') yield* err(p, r.text);
      if (!r.ok) status = r.status;
    }
    return status;
  };
}

function install(act: (p: Process, unit: Bytes) => { text: Bytes; status: number }, now: ((p: Process, unit: Bytes) => Op<JobResult>) | null): Verb {
  return function* (p, units, opts) {
    let status = 0;
    for (const unit of units) {
      const r = act(p, unit);
      if (r.text !== '') yield* err(p, r.text);
      if (r.status !== 0) status = r.status;
    }
    if (status !== 0 || now === null || !opts.has('--now')) return status;
    return yield* job(now)(p, units, opts);
  };
}

/** A verb that says one word a unit; `ok` tells whether the status is 0. */
function word(say: (p: Process, unit: Bytes) => Bytes, ok: (said: Bytes) => boolean, bad: number): Verb {
  return function* (p, units, opts) {
    let status = bad;
    for (const unit of units) {
      const said = say(p, unit);
      if (ok(said)) status = 0;
      if (!opts.has('-q')) yield* out(p, `${said}\n`);
    }
    return status;
  };
}

const activeWord = (p: Process, unit: Bytes): Bytes => unitState(p.host, unit)?.active ?? 'unknown';

function* isEnabled(p: Process, units: Bytes[], opts: Options): Op<number> {
  let status = 1;
  for (const unit of units) {
    const e = unitEnablement(p.host, unit);
    if (e === null) {
      yield* err(p, `Failed to get unit file state for ${fullName(unit)}: No such file or directory\n`);
      continue;
    }
    if (e === 'enabled' || e === 'static') status = 0;
    if (!opts.has('-q')) yield* out(p, `${e}\n`);
  }
  return status;
}

function* status(p: Process, units: Bytes[], opts: Options): Op<number> {
  if (units.length === 0) return yield* notModelled(p, 'systemctl', 'status of the whole system');
  const lines = Number(opts.value('-n') ?? 10);
  let worst = 0;
  let first = true;
  for (const unit of units) {
    const s = unitState(p.host, unit);
    if (s === null) {
      yield* err(p, `Unit ${fullName(unit)} could not be found.\n`);
      worst = 4;
      continue;
    }
    yield* out(p, (first ? '' : '\n') + statusOf(p, s, lines));
    first = false;
    if (s.active !== 'active' && s.active !== 'reloading') worst = 3;
  }
  return worst;
}

function* listAll(p: Process, patterns: Bytes[], opts: Options): Op<number> {
  const type = opts.value('-t');
  const wanted = opts.value('--state')?.split(',') ?? (opts.has('--failed') ? ['failed'] : null);
  const all = opts.has('-a');
  const shown = listUnits(p.host).filter(
    (s) =>
      (type === null || type.split(',').some((t) => s.name.endsWith(`.${t}`))) &&
      (patterns.length === 0 || patterns.some((x) => new RegExp(`^${x.replace(/[.+^$()|[\]{}\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(s.name) || fullName(x) === s.name)) &&
      (wanted === null ? all || s.active !== 'inactive' : wanted.includes(s.active) || wanted.includes(s.sub)),
  );
  yield* out(p, unitTable(p, shown, !opts.has('--no-legend'), all));
  return 0;
}

function unitTable(p: Process, units: readonly UnitState[], legend: boolean, all: boolean): Bytes {
  const describe = (s: UnitState): Bytes => {
    const u = loadUnit(p.host, s.name);
    return u === null ? s.name : unitValue(u, 'Unit.Description') || s.name;
  };
  const g = glyphs(p);
  const anyBad = units.some((s) => s.active === 'failed');
  const width = Math.max(4, ...units.map((s) => s.name.length));
  const sub = Math.max(3, ...units.map((s) => s.sub.length));
  const act = Math.max(6, ...units.map((s) => s.active.length));
  const mark = (bad: boolean): string => (anyBad ? (bad ? `${g.dot} ` : '  ') : '');
  let text = '';
  if (legend && units.length > 0) text += `${mark(false)}${'UNIT'.padEnd(width)} LOAD   ${'ACTIVE'.padEnd(act)} ${'SUB'.padEnd(sub)} DESCRIPTION\n`;
  for (const s of units) text += `${mark(s.active === 'failed')}${s.name.padEnd(width)} loaded ${s.active.padEnd(act)} ${s.sub.padEnd(sub)} ${describe(s)}\n`;
  if (!legend) return text;
  if (units.length > 0) {
    text += '\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n';
    text += 'SUB    = The low-level unit activation state, values depend on unit type.\n\n';
  }
  const count = `${units.length} loaded units listed.`;
  return `${text}${all ? count : `${count} Pass --all to see loaded but inactive units, too.`}\nTo show all installed unit files use 'systemctl list-unit-files'.\n`;
}

function* listFiles(p: Process, _units: Bytes[], opts: Options): Op<number> {
  const type = opts.value('-t');
  const names = unitNames(p.host).filter((n) => type === null || n.endsWith(`.${type}`));
  const width = Math.max(9, ...names.map((n) => n.length));
  const legend = !opts.has('--no-legend');
  let text = legend ? `${'UNIT FILE'.padEnd(width)} STATE   \n` : '';
  for (const n of names) text += `${n.padEnd(width)} ${(unitEnablement(p.host, n) ?? '').padEnd(8)}\n`;
  if (legend) text += `\n${names.length} unit files listed.\n`;
  yield* out(p, text);
  return 0;
}

function* catUnits(p: Process, units: Bytes[]): Op<number> {
  for (const [i, unit] of units.entries()) {
    const u = loadUnit(p.host, unit);
    if (u === null) {
      yield* err(p, `No files found for ${fullName(unit)}.\n`);
      return 1;
    }
    const files = [u.path, ...u.dropIns].map((f) => `# ${f}\n${p.host.vfs.read(f) ?? ''}`);
    yield* out(p, (i > 0 ? '\n' : '') + files.join('\n'));
  }
  return 0;
}

function* kill(p: Process, units: Bytes[], opts: Options): Op<number> {
  const given = (opts.value('-s') ?? 'TERM').replace(/^SIG/, '');
  const signal = /^\d+$/.test(given) ? Number(given) : SIG[given as keyof typeof SIG];
  if (signal === undefined) {
    yield* err(p, `Failed to parse signal string ${given}.\n`);
    return 1;
  }
  if ((opts.value('--kill-who') ?? 'main') !== 'main') return yield* notModelled(p, 'systemctl', `--kill-who=${opts.value('--kill-who')}`);
  for (const unit of units) {
    const s = unitState(p.host, unit);
    if (s === null || s.mainPid === 0) {
      yield* err(p, `Failed to kill unit ${fullName(unit)}: Unit ${fullName(unit)} is not loaded.\n`);
      return 1;
    }
    if (p.host.procs.has(s.mainPid)) p.host.kill(p.host.procs.get(s.mainPid)!, signal);
  }
  return 0;
}

/** A verb that is done at once and says nothing. */
function quietly(act: (p: Process, units: readonly Bytes[]) => void): Verb {
  return function* (p, units) {
    act(p, units);
    yield* out(p, '');
    return 0;
  };
}

function resetFailed(p: Process, units: readonly Bytes[]): void {
  for (const s of p.host.units.states.values()) {
    if (s.active !== 'failed' || (units.length > 0 && !units.some((x) => fullName(x) === s.name))) continue;
    s.active = 'inactive';
    s.sub = 'dead';
    s.result = 'success';
  }
}

/** Verbs that only root may use (there is no polkit agent). */
const CHANGING = /^(?:start|stop|(?:try-|cond|force-)?restart|reload|reload-or-restart|enable|disable|reenable|mask|unmask|kill|daemon-reload|reset-failed|isolate|set-default)$/;

const VERBS: Readonly<Record<string, { run: Verb; min: number }>> = Object.freeze({
  start: { run: job(startUnit), min: 1 },
  stop: { run: job(stopUnit), min: 1 },
  restart: { run: job(restartUnit), min: 1 },
  'try-restart': { run: job(tryRestart), min: 1 },
  condrestart: { run: job(tryRestart), min: 1 },
  reload: { run: job(reloadUnit), min: 1 },
  'reload-or-restart': { run: job(reloadOrRestart), min: 1 },
  status: { run: status, min: 0 },
  enable: { run: install((p, u) => enableUnit(p.host, u), startUnit), min: 1 },
  disable: { run: install((p, u) => disableUnit(p.host, u), stopUnit), min: 1 },
  reenable: { run: install((p, u) => (disableUnit(p.host, u), enableUnit(p.host, u)), null), min: 1 },
  mask: { run: install((p, u) => maskUnit(p.host, u, true), stopUnit), min: 1 },
  unmask: { run: install((p, u) => maskUnit(p.host, u, false), null), min: 1 },
  'is-active': { run: word(activeWord, (s) => s === 'active' || s === 'reloading', 3), min: 1 },
  'is-failed': { run: word(activeWord, (s) => s === 'failed', 1), min: 1 },
  'is-enabled': { run: isEnabled, min: 1 },
  'list-units': { run: listAll, min: 0 },
  'list-unit-files': { run: listFiles, min: 0 },
  cat: { run: catUnits, min: 1 },
  kill: { run: kill, min: 1 },
  'daemon-reload': { run: quietly(() => {}), min: 0 },
  'daemon-reexec': { run: quietly(() => {}), min: 0 },
  'reset-failed': { run: quietly(resetFailed), min: 0 },
  'get-default': { run: getDefault, min: 0 },
  'is-system-running': { run: systemState, min: 0 },
  reboot: { run: quietly((p) => rebootHost(p.host)), min: 0 },
  poweroff: { run: quietly((p) => powerOffHost(p.host)), min: 0 },
  halt: { run: quietly((p) => powerOffHost(p.host)), min: 0 },
});
const ABSENT = 'show set-property help list-dependencies list-sockets list-timers list-jobs cancel isolate set-default preset link edit snapshot delete dump import-environment rescue emergency default suspend hibernate kexec exit switch-root add-wants list-machines show-environment set-environment'.split(' ');

function* tryRestart(p: Process, unit: Bytes): Op<JobResult> {
  return isActive(p.host, unit) ? yield* restartUnit(p, unit) : { ok: true, status: 0, text: '' };
}

function* reloadOrRestart(p: Process, unit: Bytes): Op<JobResult> {
  const u = loadUnit(p.host, unit);
  const canReload = u !== null && unitValue(u, 'Service.ExecReload') !== '' && isActive(p.host, unit);
  return canReload ? yield* reloadUnit(p, unit) : yield* restartUnit(p, unit);
}

function* getDefault(p: Process): Op<number> {
  let to = 'multi-user.target';
  try {
    to = p.host.vfs.readlink(null, '/etc/systemd/system/default.target').replace(/^.*\//, '');
  } catch {
    // An image without the link boots to multi-user.target.
  }
  yield* out(p, `${to}\n`);
  return 0;
}

function* systemState(p: Process): Op<number> {
  const failed = [...p.host.units.states.values()].some((s) => s.active === 'failed');
  yield* out(p, failed ? 'degraded\n' : 'running\n');
  return failed ? 1 : 0;
}

const OPTIONS: Record<string, OptionSpec> = {
  '-l': { kind: 'flag', says: "don't ellipsize output" }, '--full': { kind: 'flag', of: '-l', says: "don't ellipsize output" },
  '-a': { kind: 'flag', says: 'show all loaded units' }, '--all': { kind: 'flag', of: '-a', says: 'show all loaded units' },
  '-q': { kind: 'flag', says: 'suppress output' }, '--quiet': { kind: 'flag', of: '-q', says: 'suppress output' },
  '-t': { kind: 'value', arg: 'TYPE', says: 'list units of a type' }, '--type': { kind: 'value', of: '-t', arg: 'TYPE', says: 'list units of a type' },
  '--state': { kind: 'value', arg: 'STATE', says: 'list units in a state' }, '--failed': { kind: 'flag', says: 'list failed units' },
  '-n': { kind: 'value', arg: 'LINES', says: 'journal entries to show' }, '--lines': { kind: 'value', of: '-n', arg: 'LINES', says: 'journal entries to show' },
  '-s': { kind: 'value', arg: 'SIGNAL', says: 'which signal to send' }, '--signal': { kind: 'value', of: '-s', arg: 'SIGNAL', says: 'which signal to send' }, '--kill-who': { kind: 'value', arg: 'WHO', says: 'which processes get the signal: here main' },
  '-f': { kind: 'flag', says: 'override symlinks' }, '--force': { kind: 'flag', of: '-f', says: 'override symlinks' },
  '--now': { kind: 'flag', says: 'start or stop the unit too' }, '--no-pager': { kind: 'flag', says: 'do not pipe output into a pager' },
  '--no-legend': { kind: 'flag', says: 'do not print a legend' }, '--no-ask-password': { kind: 'flag', says: 'do not ask for passwords' }, '--system': { kind: 'flag', says: 'connect to the system manager' },
  '--no-wall': { kind: 'flag', says: "don't send wall message" }, '--no-block': { kind: 'flag', says: 'do not wait', modelled: false },
  '--user': { kind: 'flag', says: "connect to the user's manager", modelled: false }, '-H': { kind: 'value', says: 'operate on a remote host', modelled: false },
  '-M': { kind: 'value', says: 'operate on a container', modelled: false }, '-p': { kind: 'value', says: 'show only a property', modelled: false }, '--property': { kind: 'value', says: 'show only a property', modelled: false },
  '--runtime': { kind: 'flag', says: 'enable only until reboot', modelled: false }, '-o': { kind: 'value', says: 'change journal output mode', modelled: false }, '--root': { kind: 'value', says: 'operate on a root directory', modelled: false },
};

export const systemctl = command({
  name: 'systemctl',
  summary: 'control the systemd system and service manager',
  path: '/usr/bin/systemctl',
  package: 'systemd',
  options: OPTIONS,
  getopt: { badExit: 1, tryHelp: '' }, synopsis: '[OPTIONS...] {COMMAND} ...',
  version: 'systemd 219\n',
  *run(p, opts, args) {
    if (p.host.procs.get(1)?.comm !== 'systemd') {
      yield* err(p, 'System has not been booted with systemd as init system (PID 1). Can\'t operate.\nFailed to connect to bus: Host is down\n');
      return 1;
    }
    const name = args[0] ?? 'list-units';
    const verb = VERBS[name];
    if (verb === undefined) {
      if (ABSENT.includes(name)) return yield* notModelled(p, 'systemctl', name);
      yield* err(p, `Unknown operation '${name}'.\n`);
      return 1;
    }
    if (args.length - 1 < verb.min && verb.min > 0) {
      yield* err(p, 'Too few arguments.\n');
      return 1;
    }
    if (p.uid !== 0 && CHANGING.test(name)) {
      for (const unit of args.slice(1).length > 0 ? args.slice(1) : ['']) {
        const what = unit === '' ? name : `${name} ${unit}${/\.\w+$/.test(unit) ? '' : '.service'}`;
        yield* err(p, `Failed to ${what}: Access denied\n`);
      }
      return 4;
    }
    return yield* verb.run(p, args.slice(1), opts);
  },
});
