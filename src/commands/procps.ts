// What procps' tools share: rows of the process table, terminals' names, times, usage errors. Counterpart: procps-ng 4.0.2 library.
import { residentKb } from '../host/proc_pid';
import type { Host } from '../host/host';
import type { Process } from '../host/process';
import type { Bytes } from '../lib/text';
import { strftime, type Zone } from '../lib/strftime';

/** `pts/0`, or '?' without a terminal. */
export const ttyName = (q: Process): string => (q.tty < 0 ? '?' : `pts/${q.tty}`);

/** STAT column: state, session leader s, foreground +. */
export function statText(q: Process): string {
  const leader = q.sid === q.pid ? 's' : '';
  const front = q.tty >= 0 && (q.host.ttys[q.tty]?.foreground === q.pgid || (q.host.ttys[q.tty]?.foreground === 0 && q.host.ttys[q.tty]?.shellPid === q.pid)) ? '+' : '';
  return `${q.letter}${leader}${front}`;
}

/** The command line; a process without one shows its name in brackets. */
export const commandLine = (q: Process): Bytes => (q.state === 'Z' ? `[${q.comm}] <defunct>` : q.argv.length > 0 ? q.argv.join(' ') : `[${q.comm}]`);

/** START column: time of today, else the date. */
export function startText(q: Process, zone: Zone): string {
  const started = q.host.world.epoch + q.startedAt / 1e6;
  const now = q.host.world.epoch + q.host.world.clock.now / 1e6;
  return strftime(now - started < 86400 ? '%H:%M' : '%b%d', started, zone);
}

export const rssKb = (q: Process): number => (q.state === 'Z' ? 0 : residentKb(q));
export const vszKb = (q: Process): number => (q.state === 'Z' ? 0 : residentKb(q) * 3 + 1200);

/** All processes in pid order. */
export const allProcesses = (h: Host): Process[] => [...h.procs.values()].sort((a, b) => a.pid - b.pid);

/** getopt's complaint, then the usage text that procps prints after it. */
export const procpsTry = (usage: string): string => `\n${usage}`;
