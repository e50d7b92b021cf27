// Services: their state, starting, stopping, reloading. Linux counterpart: systemd.service(5), src/core/service.c and job.c.
// Not modelled: restart policies, resource limits, sockets, timers, isolation (PrivateTmp and friends have no effect).
import type { Bytes } from '../lib/text';
import type { Ended, Host } from './host';
import { log } from './journal';
import { type Op, type Process, SIG } from './process';
import { sleep } from './syscall';
import { daemonPid, isPlaceholder } from './unit_exec';
import { fullName, loadUnit, type UnitFile, unitValue, unitValues, unitWords } from './unit_file';
import { environment, execWords, runExec, tryspawn } from './unit_run';
import { baseOf, flushOutput, type RanCommand, set, type UnitState, unitState } from './unit_state';

export { disableUnit, enableUnit, loadUnit, maskUnit, unitEnablement, unitNames } from './unit_file';
export { execWords } from './unit_run';
export { type ActiveState, flushOutput, isActive, listUnits, type RanCommand, Units, type UnitState, unitState } from './unit_state';

/** How a job ended. `text` is what systemctl says on standard error. */
export interface JobResult {
  ok: boolean;
  status: number;
  text: Bytes;
}
const DONE: JobResult = Object.freeze({ ok: true, status: 0, text: '' });

/** Conditions of [Unit] that do not hold keep it from starting, which is no failure. */
function conditionFails(host: Host, u: UnitFile): boolean {
  const test = (key: string, holds: (path: Bytes) => boolean): boolean => unitValues(u, `Unit.${key}`).some((v) => (v.startsWith('!') ? holds(v.slice(1)) : !holds(v)));
  return (
    test('ConditionPathExists', (f) => host.vfs.exists(f)) ||
    test('ConditionFileIsExecutable', (f) => host.vfs.access(null, f, 1) && host.vfs.stat(null, f).type === 'file') ||
    test('ConditionFileNotEmpty', (f) => (host.vfs.read(f) ?? '') !== '')
  );
}

const describe = (u: UnitFile): Bytes => unitValue(u, 'Unit.Description') || u.name;

/** `systemctl start`: runs what the unit says; sleeps until it is up or has failed. */
export function* startUnit(p: Process, given: Bytes, seen: readonly string[] = []): Op<JobResult> {
  const host = p.host;
  const u = loadUnit(host, given);
  const name = fullName(given);
  if (u === null) return { ok: false, status: 5, text: `Failed to start ${name}: Unit not found.\n` };
  if (u.masked) return { ok: false, status: 1, text: `Failed to start ${name}: Unit is masked.\n` };
  const s = unitState(host, name)!;
  host.units.states.set(name, s);
  if (s.active === 'active' || s.active === 'reloading') return DONE;
  if (conditionFails(host, u)) return DONE;
  for (const dep of [...unitWords(u, 'Unit.Requires'), ...unitWords(u, 'Unit.Wants')]) {
    if (!dep.endsWith('.service') || seen.includes(dep) || dep === name) continue;
    const r = yield* startUnit(p, dep, [...seen, name]);
    if (!r.ok && unitWords(u, 'Unit.Requires').includes(dep)) return { ok: false, status: 1, text: `A dependency job for ${name} failed. See 'journalctl -xe' for details.\n` };
  }
  s.ran = [];
  s.mainPid = 0;
  s.result = 'success';
  if (name.endsWith('.target')) {
    set(host, s, 'active', 'active');
    log(host, name, 'systemd', 1, `Reached target ${describe(u)}.`);
    return DONE;
  }
  set(host, s, 'activating', 'start');
  log(host, name, 'systemd', 1, `Starting ${describe(u)}...`);
  const type = unitValue(u, 'Service.Type') || (unitValues(u, 'Service.ExecStart').length === 0 ? 'oneshot' : 'simple');
  for (const line of unitValues(u, 'Service.ExecStartPre')) {
    const ran = yield* runExec(p, u, s, 'ExecStartPre', line);
    if (failed(ran) && !line.startsWith('-')) return fail(host, u, s, ran);
  }
  for (const line of unitValues(u, 'Service.ExecStart')) {
    const words = execWords(line.replace(/^[-@+!:]+/, ''), environment(host, u, 0));
    if (isPlaceholder(host, words[0] ?? '')) {
      s.mainPid = placeholder(host, u, words).pid;
      s.ran.push({ key: 'ExecStart', line, pid: s.mainPid, status: 0, signal: 0 });
      continue;
    }
    // Programs that turn into a daemon of this build are waited for, whatever the type says; others run on.
    if ((type === 'simple' || type === 'notify' || type === 'dbus' || type === 'idle' || type === 'exec') && !becomesDaemon(words[0] ?? '')) {
      const child = tryspawn(p, u, s, words);
      const ran: RanCommand = { key: 'ExecStart', line, pid: typeof child === 'number' ? 0 : child.pid, status: typeof child === 'number' ? child : 0, signal: 0 };
      s.ran.push(ran);
      if (typeof child === 'number') return fail(host, u, s, ran);
      child.ppid = 1;
      child.unit = name;
      s.mainPid = child.pid;
      continue;
    }
    const ran = yield* runExec(p, u, s, 'ExecStart', line);
    if (failed(ran) && !line.startsWith('-')) return fail(host, u, s, ran);
  }
  const main = daemonPid(host, u);
  if (main > 0) {
    s.mainPid = main;
    const row = host.procs.get(main);
    if (row !== undefined) row.unit = name;
  }
  const remains = /^(yes|true|on|1)$/i.test(unitValue(u, 'Service.RemainAfterExit'));
  if (s.mainPid > 0) set(host, s, 'active', 'running');
  else if (remains) set(host, s, 'active', 'exited');
  else set(host, s, 'inactive', 'dead');
  log(host, name, 'systemd', 1, `Started ${describe(u)}.`);
  return DONE;
}

const failed = (r: RanCommand): boolean => r.status !== 0 || r.signal !== 0;
const becomesDaemon = (path: Bytes): boolean => /\/(httpd|nginx|keepalived|sshd|firewalld)$/.test(path);

function fail(host: Host, u: UnitFile, s: UnitState, ran: RanCommand): JobResult {
  s.result = ran.signal !== 0 ? 'signal' : 'exit-code';
  set(host, s, 'failed', 'failed');
  s.mainPid = 0;
  log(host, u.name, 'systemd', 1, `${u.name}: ${ran.key === 'ExecStart' ? 'main' : 'control'} process exited, code=${ran.signal !== 0 ? 'killed' : 'exited'}, status=${statusText(ran)}`);
  log(host, u.name, 'systemd', 1, `Failed to start ${describe(u)}.`);
  log(host, u.name, 'systemd', 1, `Unit ${u.name} entered failed state.`);
  log(host, u.name, 'systemd', 1, `${u.name} failed.`);
  return { ok: false, status: 1, text: `Job for ${u.name} failed because the control process exited with error code. See "systemctl status ${u.name}" and "journalctl -xe" for details.\n` };
}

/** 'status=1/FAILURE' as systemd words it. */
export function statusText(r: { status: number; signal: number }): string {
  if (r.signal !== 0) return `${r.signal}/${Object.entries(SIG).find(([, n]) => n === r.signal)?.[0] ?? r.signal}`;
  const names: Record<number, string> = { 0: 'SUCCESS', 1: 'FAILURE', 2: 'INVALIDARGUMENT', 126: 'n/a', 127: 'n/a', 203: 'EXEC' };
  return `${r.status}/${names[r.status] ?? 'n/a'}`;
}

/** A process row for a daemon whose work the host does by itself (crond, NetworkManager). */
function placeholder(host: Host, u: UnitFile, argv: Bytes[]): Process {
  const q = host.fork(null);
  q.argv = argv;
  q.comm = baseOf(argv[0] ?? '').slice(0, 15);
  q.state = 'S';
  q.unit = u.name;
  return q;
}

/** `systemctl stop`: ExecStop lines, then the signal, then KILL after 90 s. */
export function* stopUnit(p: Process, given: Bytes): Op<JobResult> {
  const host = p.host;
  const u = loadUnit(host, given);
  const name = fullName(given);
  const s = host.units.states.get(name);
  if (u === null && s === undefined) return { ok: false, status: 5, text: `Failed to stop ${name}: Unit ${name} not loaded.\n` };
  if (u === null || s === undefined || s.active === 'inactive') return DONE;
  if (s.active === 'failed') return DONE;
  set(host, s, 'deactivating', 'stop');
  log(host, name, 'systemd', 1, `Stopping ${describe(u)}...`);
  const main = s.mainPid;
  let bad: RanCommand | null = null;
  for (const line of unitValues(u, 'Service.ExecStop')) {
    const ran = yield* runExec(p, u, s, 'ExecStop', line);
    if (failed(ran) && !line.startsWith('-')) {
      bad = ran;
      break;
    }
  }
  const alive = (): Process[] => [...host.procs.values()].filter((q) => q.state !== 'Z' && (q.pid === main || q.unit === name));
  if (alive().length > 0) {
    const signal = unitValue(u, 'Service.KillSignal').replace(/^SIG/, '') as keyof typeof SIG;
    for (const q of alive()) host.kill(q, SIG[signal] ?? SIG.TERM);
    const until = host.world.clock.now + 90_000_000;
    while (alive().length > 0 && host.world.clock.now < until) yield* sleep(p, 10_000);
    for (const q of alive()) host.kill(q, SIG.KILL);
  }
  s.mainPid = 0;
  if (bad !== null) {
    s.result = 'exit-code';
    set(host, s, 'failed', 'failed');
    log(host, name, 'systemd', 1, `Unit ${name} entered failed state.`);
  } else set(host, s, 'inactive', 'dead');
  log(host, name, 'systemd', 1, `Stopped ${describe(u)}.`);
  return DONE;
}

/** `systemctl restart`: stops what runs, then starts. */
export function* restartUnit(p: Process, given: Bytes): Op<JobResult> {
  if (loadUnit(p.host, given) === null) return { ok: false, status: 5, text: `Failed to restart ${fullName(given)}: Unit not found.\n` };
  yield* stopUnit(p, given);
  return yield* startUnit(p, given);
}

/** `systemctl reload`. */
export function* reloadUnit(p: Process, given: Bytes): Op<JobResult> {
  const host = p.host;
  const u = loadUnit(host, given);
  const name = fullName(given);
  if (u === null) return { ok: false, status: 5, text: `Failed to reload ${name}: Unit not found.\n` };
  const s = unitState(host, name)!;
  const lines = unitValues(u, 'Service.ExecReload');
  if (lines.length === 0) return { ok: false, status: 3, text: `Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\nSee system logs and 'systemctl status ${name}' for details.\n` };
  if (s.active !== 'active') return { ok: false, status: 1, text: `${name} is not active, cannot reload.\n` };
  for (const line of lines) {
    const ran = yield* runExec(p, u, s, 'ExecReload', line);
    if (failed(ran)) return { ok: false, status: 1, text: `Job for ${name} failed because the control process exited with error code. See "systemctl status ${name}" and "journalctl -xe" for details.\n` };
  }
  log(host, name, 'systemd', 1, `Reloaded ${describe(u)}.`);
  return DONE;
}

/** A main process has ended by itself or by a signal from outside. */
export function unitProcessEnded(host: Host, pid: number, p: Ended): void {
  const s = host.units.states.get(p.unit);
  if (s === undefined || s.mainPid !== pid || s.active !== 'active') return;
  flushOutput(host, s);
  const clean = p.status === 0 || [SIG.HUP, SIG.INT, SIG.TERM, SIG.PIPE].includes(p.signal as 1);
  const start = s.ran.findLast((r) => r.key === 'ExecStart');
  if (start !== undefined) {
    start.pid = pid;
    start.signal = p.signal;
    start.status = p.signal === 0 ? p.status : 0;
  }
  s.mainPid = 0;
  s.result = clean ? 'success' : p.signal !== 0 ? 'signal' : 'exit-code';
  set(host, s, clean ? 'inactive' : 'failed', clean ? 'dead' : 'failed');
  if (clean) return;
  log(host, s.name, 'systemd', 1, `${s.name}: main process exited, code=${p.signal !== 0 ? 'killed' : 'exited'}, status=${statusText({ status: p.status, signal: p.signal })}`);
  log(host, s.name, 'systemd', 1, `Unit ${s.name} entered failed state.`);
  log(host, s.name, 'systemd', 1, `${s.name} failed.`);
}
