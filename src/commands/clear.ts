// clear: clears the screen. Counterpart: ncurses' clear.c.
import { command } from './command';
import { err, out } from '../host/syscall';
import { table } from './options';

export const clear = command({
  name: 'clear',
  summary: 'clear the terminal screen',
  path: '/usr/bin/clear',
  package: 'ncurses-bin',
  options: table('-T TERM: use this instead of $TERM', '-V: print curses-version', '-x: do not try to clear scrollback'),
  getopt: { badExit: 1, shortOnly: true, tryHelp: 'Usage: clear [options]\n\nOptions:\n  -T TERM     use this instead of $TERM\n  -V          print curses-version\n  -x          do not try to clear scrollback\n' },
  *run(p, opts) {
    if (opts.has('-V')) {
      yield* out(p, 'ncurses 6.4.20221231\n');
      return 0;
    }
    const term = opts.value('-T') ?? p.env.get('TERM');
    if (term === undefined) {
      yield* err(p, 'TERM environment variable not set.\n');
      return 1;
    }
    if (term === 'dumb') return 1;
    yield* out(p, `\x1b[H\x1b[2J${opts.has('-x') ? '' : '\x1b[3J'}`);
    return 0;
  },
});
