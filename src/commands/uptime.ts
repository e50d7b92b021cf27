// uptime: how long the system runs. Counterpart: procps-ng 4.0.2 uptime.c.
import type { Process } from '../host/process';
import { wallSeconds } from '../host/syscall';
import { strftime } from '../lib/strftime';
import { zoneOf } from './clock';
import { define, put } from './io';
import { table } from './options';
import { UPTIME_USAGE } from './procps_usage';

const seconds = (p: Process): number => Math.floor((p.host.world.clock.now - p.host.kernel.bootedAt) / 1e6);

/** Sessions on terminals. */
export const sessions = (p: Process): Process[] => [...p.host.procs.values()].filter((q) => q.tty >= 0 && p.host.ttys[q.tty]?.shellPid === q.pid);

/** The line of uptime, w and top. */
export function uptimeLine(p: Process): string {
  const up = seconds(p);
  const days = Math.floor(up / 86400);
  const hours = Math.floor(up / 3600) % 24;
  const minutes = Math.floor(up / 60) % 60;
  const n = sessions(p).length;
  const span = hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`;
  return ` ${strftime('%H:%M:%S', wallSeconds(p), zoneOf(p))} up ${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${span},  ${n} user${n > 1 ? 's' : ''},  load average: 0.00, 0.01, 0.05`;
}

export const uptime = define({
  name: 'uptime',
  summary: 'Tell how long the system has been running.',
  path: '/usr/bin/uptime',
  package: 'procps',
  suite: 'from procps-ng 4.0.2',
  help: UPTIME_USAGE,
  options: table('-p --pretty: show uptime in pretty format', '-h: display this help and exit', '-s --since: system up since', '-V: output version information and exit'),
  getopt: { badExit: 1, tryHelp: UPTIME_USAGE },
  *run(p, opts) {
    if (opts.has('-s')) yield* put(p, `${strftime('%Y-%m-%d %H:%M:%S', wallSeconds(p) - seconds(p), zoneOf(p))}\n`);
    else if (opts.has('-p')) {
      const up = seconds(p);
      const parts: string[] = [];
      const add = (n: number, unit: string): void => {
        if (n > 0) parts.push(`${n} ${unit}${n === 1 ? '' : 's'}`);
      };
      add(Math.floor(up / 604800), 'week');
      add(Math.floor(up / 86400) % 7, 'day');
      add(Math.floor(up / 3600) % 24, 'hour');
      add(Math.floor(up / 60) % 60, 'minute');
      yield* put(p, `up ${parts.length > 0 ? parts.join(', ') : '0 minutes'}\n`);
    } else yield* put(p, `${uptimeLine(p)}\n`);
    return 0;
  },
});
