// killall: signals processes by exact name. Counterpart: psmisc 23.6 killall.c.
import { SIG } from '../host/process';
import { err, sleep } from '../host/syscall';
import { users } from './files';
import { define, Fatal, put } from './io';
import { table } from './options';
import { compilePosix } from './posix_regex';
import { allProcesses } from './procps';
import { KILLALL_USAGE } from './procps_usage';
import { parseSignal } from './signals';

export const killall = define({
  name: 'killall',
  summary: 'kill processes by name',
  path: '/usr/bin/killall',
  package: 'psmisc',
  suite: '(PSmisc) 23.6',
  options: table(
    '-e --exact: require exact match for very long names', '-I --ignore-case: case insensitive process name match', '-g --process-group: kill process group instead of process', '!-y --younger-than TIME: kill processes younger than TIME', '!-o --older-than TIME: kill processes older than TIME', '!-i --interactive: ask for confirmation before killing', '-l --list: list all known signal names', '-q --quiet: don\'t print complaints',
    '-r --regexp: interpret NAME as an extended regular expression', '-s --signal SIGNAL: send this signal instead of SIGTERM', '-u --user USER: kill only process(es) running as USER', '-v --verbose: report if the signal was successfully sent', '-w --wait: wait for processes to die', '!-n --ns PID: match processes that belong to the same namespaces', '!-Z --context REGEXP: kill only process(es) having context', '-V: version',
  ),
  getopt: { badExit: 1, tryHelp: KILLALL_USAGE, unknown: () => '', prepare: (argv) => argv.map((a, i) => (i === 0 && /^-([A-Z]{2,}[A-Z0-9]*|\d+)$/.test(a) ? `-s${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    if (opts.has('-l')) {
      yield* put(p, `${Object.keys(SIG).join(' ')}\n`);
      return 0;
    }
    const text = opts.value('-s');
    const signal = text === null ? SIG.TERM : parseSignal(text);
    if (signal === null) throw new Fatal(`${text}: unknown signal; killall -l lists signals.\n`, 1);
    if (args.length === 0 && !opts.has('-u')) throw new Fatal(KILLALL_USAGE, 1);
    const user = opts.value('-u');
    const uid = user === null ? null : users(p).find((u) => u.name === user)?.uid;
    if (uid === undefined) throw new Fatal(`Cannot find user ${user}\n`, 1);
    let status = 0;
    const sent: number[] = [];
    for (const name of args.length > 0 ? args : [null]) {
      const re = name !== null && opts.has('-r') ? compilePosix(name, { extended: true, icase: opts.has('-I') }) : null;
      const base = name === null ? null : name.includes('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
      const hit = allProcesses(p.host).filter((q) => q !== p && q.state !== 'Z' && (uid === null || q.uid === uid) && (base === null || (re !== null ? re.test(q.comm) : opts.has('-I') ? q.comm.toLowerCase() === base.slice(0, 15).toLowerCase() : q.comm === base.slice(0, 15))));
      if (hit.length === 0) {
        status = 1;
        if (!opts.has('-q')) yield* err(p, `${name}: no process found\n`);
      }
      for (const q of hit) {
        p.host.kill(q, signal);
        sent.push(q.pid);
        if (opts.has('-v')) yield* err(p, `Killed ${q.comm}(${q.pid}) with signal ${signal}\n`);
      }
    }
    while (opts.has('-w') && sent.some((pid) => p.host.procs.has(pid) && p.host.procs.get(pid)!.state !== 'Z')) yield* sleep(p, 1e6);
    return status;
  },
});
