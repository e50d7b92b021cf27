// The job table: numbers, job specifications, and how jobs are listed. Linux counterpart: bash's jobs.c.
import type { Bytes } from '../lib/text';
import type { Op } from '../host/process';
import { raw } from './say';
import type { Job, Shell } from './shell';
import { reap, SIGNAL_TEXT } from './wait';

/** Puts a new running job into the table. */
export function newJob(sh: Shell, pgid: number, pids: number[], text: Bytes): Job {
  sh.jobs = sh.jobs.filter((j) => !(j.state === 'done' && j.notified));
  if (!sh.interactive) sh.jobs = sh.jobs.filter((j) => j.state !== 'done');
  const id = sh.jobs.reduce((m, j) => Math.max(m, j.id), 0) + 1;
  const job: Job = { id, pgid, pids, statuses: pids.map(() => null), state: 'running', text: text.replace(/\s*\n\s*/g, '; '), notified: true, signal: 0, cwd: sh.p.cwd };
  sh.jobs.push(job);
  return job;
}

/** Jobs in the order that makes them current: stopped ones before running ones, newest first. */
function byCurrency(sh: Shell): Job[] {
  const { jobs } = sh;
  return [...jobs.filter((j) => j.state === 'stopped').reverse(), ...jobs.filter((j) => j.state !== 'stopped').reverse()];
}

/** The job a specification names: %1, %%, %+, %-, %text, %?text, or a bare number with `bare`. Null: none; 'many': ambiguous. */
export function findJob(sh: Shell, spec: Bytes): Job | null | 'many' {
  const s = spec.startsWith('%') ? spec.slice(1) : spec;
  const order = byCurrency(sh).filter((j) => j.state !== 'done');
  if (s === '' || s === '%' || s === '+') return order[0] ?? null;
  if (s === '-') return order[1] ?? order[0] ?? null;
  if (/^\d+$/.test(s)) return sh.jobs.find((j) => j.id === Number(s)) ?? null;
  const fits = sh.jobs.filter((j) => (s.startsWith('?') ? j.text.includes(s.slice(1)) : j.text.startsWith(s)));
  return fits.length > 1 ? 'many' : (fits[0] ?? null);
}

/** One line of `jobs`. */
export function jobLine(sh: Shell, job: Job, long: boolean): Bytes {
  const order = byCurrency(sh);
  const mark = order[0] === job ? '+' : order[1] === job ? '-' : ' ';
  const pid = long ? String(job.pids[0]).padStart(5) : '';
  const state = stateText(job);
  const text = job.state === 'running' ? `${job.text} &` : job.text;
  return `[${job.id}]${mark} ${pid} ${state.padEnd(24)}${text}`;
}

function stateText(job: Job): Bytes {
  if (job.state === 'running') return 'Running';
  if (job.state === 'stopped') return SIGNAL_TEXT[job.signal] ?? 'Stopped';
  const status = job.statuses.at(-1) ?? 0;
  if (job.signal !== 0 && status === 128 + job.signal) return SIGNAL_TEXT[job.signal] ?? `Signal ${job.signal}`;
  return status === 0 ? 'Done' : `Exit ${status}`;
}

/** Before a prompt: tells of jobs that ended or stopped in the background. */
export function* notices(sh: Shell): Op<void> {
  yield* reap(sh);
  for (const job of sh.jobs) {
    if (job.notified) continue;
    yield* raw(sh, `${jobLine(sh, job, false)}\n`);
    job.notified = true;
  }
  sh.jobs = sh.jobs.filter((j) => j.state !== 'done');
}
