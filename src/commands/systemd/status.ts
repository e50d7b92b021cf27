// `systemctl status`: what one unit is and did. Linux counterpart: systemd 219's print_status_info.
import type { Host } from '../../host/host';
import { journalText } from '../../host/journal';
import { flushOutput, loadUnit, statusText, unitEnablement, type UnitState } from '../../host/unit';
import { unitValue, unitWords } from '../../host/unit_file';
import type { Process } from '../../host/process';
import { systemdDate } from '../../lib/calendar';
import { type Bytes, utf8Encode } from '../../lib/text';

const UTF8 = { dot: utf8Encode('●'), branch: utf8Encode('├─'), last: utf8Encode('└─') };
const ASCII = { dot: '*', branch: '|-', last: '`-' };

/** Line drawing by the locale of the caller. */
export const glyphs = (p: Process): typeof UTF8 => (/utf-?8/i.test(p.env.get('LC_ALL') ?? p.env.get('LANG') ?? '') ? UTF8 : ASCII);

/** A span as systemctl says it: '3s ago', '2min 5s ago', '1h 4min ago'. */
export function ago(us: number): string {
  const s = Math.floor(us / 1_000_000);
  if (s < 1) return `${Math.floor(us / 1000)}ms ago`;
  const parts: [number, string][] = [[Math.floor(s / 86400), 'd'], [Math.floor(s / 3600) % 24, 'h'], [Math.floor(s / 60) % 60, 'min'], [s % 60, 's']];
  const from = parts.findIndex(([n]) => n > 0);
  return `${parts.slice(from, from + 2).filter(([n]) => n > 0).map(([n, u]) => (u === 'd' ? `${n} day${n === 1 ? '' : 's'}` : `${n}${u}`)).join(' ')} ago`;
}

/** Text of `systemctl status NAME` for a unit that exists. `lines`: how many of the journal. */
export function statusOf(p: Process, s: UnitState, lines: number): Bytes {
  const { host } = p;
  const u = loadUnit(host, s.name);
  const g = glyphs(p);
  const description = u === null ? s.name : unitValue(u, 'Unit.Description') || s.name;
  let text = `${g.dot} ${s.name}${description === s.name ? '' : ` - ${description}`}\n`;
  if (u === null) text += '   Loaded: not-found (Reason: No such file or directory)\n';
  else if (u.masked) text += `   Loaded: masked (${u.masked ? '/dev/null' : u.path}; bad)\n`;
  else text += `   Loaded: loaded (${u.path}; ${unitEnablement(host, s.name)}${s.name.endsWith('.service') ? '; vendor preset: disabled' : ''})\n`;
  if (u !== null && u.dropIns.length > 0) text += `  Drop-In: ${dropIns(u.dropIns, g)}`;
  const state = s.active === 'failed' ? `failed (Result: ${s.result})` : `${s.active} (${s.sub})`;
  const known = host.units.states.has(s.name);
  text += `   Active: ${state}${known ? ` since ${systemdDate(host.world.epoch + s.since / 1e6)}; ${ago(host.world.clock.now - s.since)}` : ''}\n`;
  const docs = u === null ? [] : unitWords(u, 'Unit.Documentation');
  docs.forEach((d, i) => {
    text += `${i === 0 ? '     Docs: ' : '           '}${d}\n`;
  });
  const forks = u !== null && ['forking', 'oneshot'].includes(unitValue(u, 'Service.Type'));
  for (const r of s.ran) {
    if (r.key === 'ExecStart' && !forks && s.active === 'active') continue;
    if (r.pid === 0 || r.pid === s.mainPid || (r.key === 'ExecStart' && mainWas(s, r.pid))) continue;
    text += `  Process: ${r.pid} ${r.key}=${r.line} (${ended(r)})\n`;
  }
  const main = s.mainPid > 0 ? host.procs.get(s.mainPid) : undefined;
  const last = s.ran.findLast((r) => r.key === 'ExecStart' && r.pid > 0);
  if (main !== undefined) text += ` Main PID: ${main.pid} (${main.comm})\n`;
  else if (last !== undefined && s.name.endsWith('.service')) text += ` Main PID: ${last.pid} (${ended(last)})\n`;
  text += cgroup(host, s, g);
  flushOutput(host, s);
  const journal = host.units.journal.filter((l) => l.unit === s.name).slice(-lines);
  return lines > 0 && journal.length > 0 ? `${text}\n${journal.map((l) => journalText(host, l)).join('')}` : text;
}

/** How a process ended: 'code=exited, status=1/FAILURE', 'code=killed, signal=TERM'. */
const ended = (r: { status: number; signal: number }): string =>
  r.signal !== 0 ? `code=killed, signal=${statusText(r).split('/')[1]}` : `code=exited, status=${statusText(r)}`;

/** The last ExecStart is the main process's own line when the unit has no other main process. */
const mainWas = (s: UnitState, pid: number): boolean => s.mainPid === 0 && s.ran.findLast((r) => r.key === 'ExecStart')?.pid === pid && s.active !== 'failed' && s.sub !== 'exited';

function dropIns(files: readonly Bytes[], g: typeof UTF8): Bytes {
  const dir = (f: Bytes): Bytes => f.slice(0, f.lastIndexOf('/'));
  const dirs = [...new Set(files.map(dir))];
  return dirs.map((d, i) => `${i === 0 ? '' : '           '}${d}\n           ${g.last}${files.filter((f) => dir(f) === d).map((f) => f.slice(d.length + 1)).join(', ')}\n`).join('');
}

function cgroup(host: Host, s: UnitState, g: typeof UTF8): Bytes {
  const mine = [...host.procs.values()].filter((q) => q.state !== 'Z' && (q.unit === s.name || (s.mainPid > 0 && (q.pid === s.mainPid || q.ppid === s.mainPid)))).sort((a, b) => a.pid - b.pid);
  if (mine.length === 0) return '';
  const width = Math.max(...mine.map((q) => String(q.pid).length));
  const rows = mine.map((q, i) => `           ${i === mine.length - 1 ? g.last : g.branch}${String(q.pid).padStart(width)} ${q.argv.join(' ')}\n`);
  return `   CGroup: /system.slice/${s.name}\n${rows.join('')}`;
}
