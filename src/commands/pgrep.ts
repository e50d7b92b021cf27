// pgrep and pkill: find or signal processes by name. Counterpart: procps-ng 4.0.2 pgrep.c.
import type { Process } from '../host/process';
import { SIG } from '../host/process';
import type { Bytes } from '../lib/text';
import { users } from './files';
import { readFile } from '../host/syscall';
import { define, Fatal, put, tryCall } from './io';
import { table } from './options';
import { compilePosix, type PosixRegex, RegexError } from './posix_regex';
import { allProcesses, commandLine, ttyName } from './procps';
import { PGREP_USAGE, PKILL_USAGE } from './procps_usage';
import { parseSignal } from './signals';

export function grepCommand(name: 'pgrep' | 'pkill') {
  const kills = name === 'pkill';
  return define({
    name,
    summary: kills ? 'signal processes based on name and other attributes' : 'look up processes based on name and other attributes',
    path: `/usr/bin/${name}`,
    package: 'procps',
    suite: 'from procps-ng 4.0.2',
    help: kills ? PKILL_USAGE : PGREP_USAGE,
    options: table(
      ...(kills ? ['--signal SIG: signal to send', '-e --echo: display what is killed', '!-q --queue VALUE: integer value to be sent with the signal'] : ['-d --delimiter STRING: specify output delimiter', '-l --list-name: list PID and process name', '-a --list-full: list PID and full command line', '-v --inverse: negates the matching', '!-w --lightweight: list all TID']),
      '-c --count: count of matching processes', '-f --full: use full process name to match', '-g --pgroup PGID: match listed process group IDs', '-G --group GID: match real group IDs', '-i --ignore-case: match case insensitively', '-n --newest: select most recently started', '-o --oldest: select least recently started', '-O --older SECONDS: select where older than seconds', '-P --parent PPID: match only child processes of the given parent', '-s --session SID: match session IDs', '-t --terminal TTY: match by controlling terminal',
      '-u --euid ID: match by effective IDs', '-U --uid ID: match by real IDs', '-x --exact: match exactly with the command name', '-F --pidfile FILE: read PIDs from file', '-L --logpidfile: fail if PID file is not locked', '-r --runstates STATE: match runstates', '-A --ignore-ancestors: exclude our ancestors from results', '!--cgroup GRP: match by cgroup v2 names', '!--ns PID: match the processes that belong to the same namespace', '!--nslist NS: list which namespaces will be considered', '-V: version',
    ),
    getopt: {
      badExit: 2,
      tryHelp: kills ? PKILL_USAGE : PGREP_USAGE,
      prepare: (argv) => (kills ? argv.map((a, i) => (i === 0 && /^-[A-Z0-9]+\d*$/.test(a) && parseSignal(a.slice(1)) !== null && !/^-[A-Z]$/.test(a) ? `--signal=${a.slice(1)}` : a)) : argv),
    },
    *run(p, opts, args) {
      const signalText = opts.value('--signal');
      const signal = signalText === null ? SIG.TERM : parseSignal(signalText);
      if (signal === null) throw new Fatal(`${name}: Unknown signal "${signalText}".\n`, 2);
      const criteria = ['-g', '-G', '-P', '-s', '-t', '-u', '-U', '-F', '-O', '-r'].some((k) => opts.has(k));
      if (args.length === 0 && !criteria) throw new Fatal(`${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`, 2);
      if (args.length > 1) throw new Fatal(`${name}: only one pattern can be provided\nTry \`${name} --help' for more information.\n`, 2);
      let re: PosixRegex | null = null;
      if (args.length === 1) {
        try {
          re = compilePosix(opts.has('-x') ? `^(${args[0]!})$` : args[0]!, { extended: true, icase: opts.has('-i') });
        } catch (e) {
          if (!(e instanceof RegexError)) throw e;
          throw new Fatal(`${name}: ${e.message}\n`, 2);
        }
      }
      const list = (key: string): string[] | null => (opts.has(key) ? opts.all(key).flatMap((v) => v.split(',')) : null);
      const uids = (key: string): number[] | null => list(key)?.map((v) => users(p).find((u) => u.name === v)?.uid ?? Number(v)) ?? null;
      const filePids = opts.has('-F') ? (tryCall(() => readFile(p, opts.value('-F')!)).ok ?? '').trim().split(/\s+/) : null;
      const [g, G, P, s, t, u, U, r] = [list('-g'), list('-G'), list('-P'), list('-s'), list('-t'), uids('-u'), uids('-U'), opts.value('-r')];
      const match = (q: Process): boolean =>
        (re === null || re.test(opts.has('-f') ? q.argv.join(' ') : q.comm)) &&
        (g === null || g.map((x) => (x === '0' ? String(p.pgid) : x)).includes(String(q.pgid))) && (G === null || G.includes(String(q.gid))) && (P === null || P.includes(String(q.ppid))) &&
        (s === null || s.includes(String(q.sid))) && (t === null || t.includes(ttyName(q))) && (u === null || u.includes(q.uid)) && (U === null || U.includes(q.uid)) && (filePids === null || filePids.includes(String(q.pid))) &&
        (r === null || r.includes(q.state)) && (!opts.has('-O') || (p.host.world.clock.now - q.startedAt) / 1e6 > Number(opts.value('-O')));
      let found = allProcesses(p.host).filter((q) => q !== p && match(q) !== opts.has('-v'));
      if (found.length > 0 && opts.has('-n')) found = [found.reduce((a, b) => (b.startedAt >= a.startedAt ? b : a))];
      if (found.length > 0 && opts.has('-o')) found = [found.reduce((a, b) => (b.startedAt < a.startedAt ? b : a))];
      if (kills) {
        let hit = 0;
        for (const q of found) {
          if (p.uid !== 0 && p.uid !== q.uid) continue;
          p.host.kill(q, signal);
          hit++;
          if (opts.has('-e')) yield* put(p, `${q.comm} killed (pid ${q.pid})\n`);
        }
        if (opts.has('-c')) yield* put(p, `${hit}\n`);
        return hit > 0 ? 0 : 1;
      }
      if (opts.has('-c')) yield* put(p, `${found.length}\n`);
      else if (found.length > 0) {
        const show = (q: Process): Bytes => (opts.has('-a') ? `${q.pid} ${commandLine(q)}` : opts.has('-l') ? `${q.pid} ${q.comm}` : String(q.pid));
        yield* put(p, `${found.map(show).join(opts.value('-d') ?? '\n')}\n`);
      }
      return found.length > 0 ? 0 : 1;
    },
  });
}

export const pgrep = grepCommand('pgrep');
