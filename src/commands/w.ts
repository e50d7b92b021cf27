// w: who is logged on and what they do. Counterpart: procps-ng 4.0.2 w.c.
import { strftime } from '../lib/strftime';
import { zoneOf } from './clock';
import { userName } from './files';
import { define, put } from './io';
import { table } from './options';
import { commandLine } from './procps';
import { W_USAGE } from './procps_usage';
import { sessions, uptimeLine } from './uptime';

export const w = define({
  name: 'w',
  summary: 'Show who is logged on and what they are doing.',
  path: '/usr/bin/w',
  package: 'procps',
  suite: 'from procps-ng 4.0.2',
  help: W_USAGE,
  options: table('-h --no-header: do not print header', '-u --no-current: ignore current process username', '-s --short: short format', '-f --from: show remote hostname field', '-o --old-style: old style output', '-i --ip-addr: display IP address instead of hostname', '-V: version'),
  getopt: { badExit: 1, tryHelp: W_USAGE },
  *run(p, opts, args) {
    const short = opts.has('-s');
    let o = '';
    if (!opts.has('-h')) o += `${uptimeLine(p)}\n${short ? 'USER     TTY      FROM              IDLE WHAT' : 'USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT'}\n`;
    for (const s of sessions(p)) {
      const user = userName(p, s.uid) ?? String(s.uid);
      if (args.length > 0 && args[0] !== user) continue;
      const from = (p.host.ttys[s.tty]?.master?.from ?? '-').slice(0, 16).padEnd(16);
      const front = [...p.host.procs.values()].filter((q) => q.tty === s.tty && q.pgid === (p.host.ttys[s.tty]?.foreground ?? 0)).at(-1) ?? s;
      const started = s.host.world.epoch + s.startedAt / 1e6;
      o += short ? `${user.padEnd(8)} ${`pts/${s.tty}`.padEnd(8)} ${from}  0.00s ${commandLine(front)}\n` : `${user.padEnd(8)} ${`pts/${s.tty}`.padEnd(8)} ${from} ${strftime('%H:%M', started, zoneOf(p)).padEnd(7)}  0.00s  0.00s  0.00s ${commandLine(front)}\n`;
    }
    yield* put(p, o);
    return 0;
  },
});
