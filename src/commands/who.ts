// who: who is logged on. Counterpart: coreutils who.c.
import { strftime } from '../lib/strftime';
import { zoneOf } from './clock';
import { userName } from './files';
import { define, put } from './io';
import { table } from './options';
import { sessions } from './uptime';

export const who = define({
  name: 'who',
  summary: 'Print information about users who are currently logged in.',
  path: '/usr/bin/who',
  package: 'coreutils',
  options: table('!-a --all: same as -b -d --login -p -r -t -T -u', '-b --boot: time of last system boot', '!-d --dead: print dead processes', '-H --heading: print line of column headings', '!-l --login: print system login processes', '--lookup: attempt to canonicalize hostnames via DNS', '-m: only hostname and user associated with stdin', '!-p --process: print active processes spawned by init', '-q --count: all login names and number of users logged on', '!-r --runlevel: print current runlevel', '-s --short: print only name, line, and time (default)', '!-t --time: print last system clock change', '!-T -w --mesg: add user\'s message status', '!-u --users: list users logged in'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const zone = zoneOf(p);
    if (opts.has('-b')) {
      yield* put(p, `         system boot  ${strftime('%b %e %H:%M', p.host.world.epoch + p.host.kernel.bootedAt / 1e6, zone)}\n`);
      return 0;
    }
    let list = sessions(p);
    if (opts.has('-m') || args.length === 2) list = list.filter((s) => s.tty === p.tty);
    const name = (uid: number): string => userName(p, uid) ?? String(uid);
    if (opts.has('-q')) {
      yield* put(p, `${list.map((s) => name(s.uid)).join(' ')}\n# users=${list.length}\n`);
      return 0;
    }
    let o = opts.has('-H') ? 'NAME     LINE         TIME         COMMENT\n' : '';
    for (const s of list) {
      const from = p.host.ttys[s.tty]?.master?.from;
      o += `${name(s.uid).padEnd(8)} ${`pts/${s.tty}`.padEnd(12)} ${strftime('%b %e %H:%M', s.host.world.epoch + s.startedAt / 1e6, zone)}${from === undefined ? '' : ` (${from})`}\n`;
    }
    yield* put(p, o);
    return 0;
  },
});
