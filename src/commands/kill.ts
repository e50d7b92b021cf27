// kill: sends signals. Counterpart: procps-ng 4.0.2 kill.c (bash has its own builtin).
import { SIG } from '../host/process';
import { err, killGroup } from '../host/syscall';
import { command } from './command';
import { put } from './io';
import { table } from './options';
import { KILL_USAGE } from './procps_usage';
import { parseSignal, signalName } from './signals';

export const kill = command({
  name: 'kill',
  summary: 'send a signal to a process',
  path: '/usr/bin/kill',
  package: 'procps',
  options: table('-s --signal SIGNAL: signal to send', '-l --list [SIGNAL]: list all signal names, or convert one to a name', '-L --table: list all signal names in a nice table', '!-q --queue VALUE: integer value to be sent with the signal', '-V --version: version', '-h --help: help'),
  getopt: null,
  *run(p, _opts, argv) {
    const args = [...argv];
    let signal: number = SIG.TERM;
    while (args.length > 0 && args[0]!.startsWith('-')) {
      const a = args.shift()!;
      if (a === '--') break;
      if (a === '-V' || a === '--version') {
        yield* put(p, 'kill from procps-ng 4.0.2\n');
        return 0;
      }
      if (a === '-h' || a === '--help') {
        yield* put(p, KILL_USAGE);
        return 0;
      }
      if (a === '-l' || a.startsWith('--list') || a === '-L' || a === '--table') {
        const which = a.startsWith('--list=') ? a.slice(7) : args.shift();
        if (which !== undefined) {
          const n = parseSignal(which);
          if (n === null) {
            yield* err(p, `kill: unknown signal name ${which}\n`);
            return 1;
          }
          yield* put(p, `${/^\d+$/.test(which) ? signalName(n & 127) : n}\n`);
          return 0;
        }
        const names = Array.from({ length: 31 }, (_x, i) => (i === 28 ? 'POLL' : signalName(i + 1)));
        if (a === '-L' || a === '--table') {
          let o = '';
          names.forEach((n, i) => {
            o += `${String(i + 1).padStart(2)} ${n.padEnd(8)}${(i + 1) % 7 === 0 ? '\n' : ' '}`;
          });
          yield* put(p, `${o.replace(/ +$/gm, '')}\n`);
        } else yield* put(p, `${names.join(' ')}\n`.replace(/(.{1,80}) (?=.)/g, '$1\n'));
        return 0;
      }
      if (a === '-q' || a.startsWith('--queue')) {
        yield* err(p, 'kill: option -q exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n');
        return 64;
      }
      const text = a === '-s' || a === '--signal' ? args.shift() : a.startsWith('--signal=') ? a.slice(9) : a.startsWith('-s') ? a.slice(2) : a.slice(1);
      const n = text === undefined ? null : parseSignal(text);
      if (n === null) {
        if (/^-\d+$/.test(a)) {
          args.unshift(a);
          break;
        }
        // procps leaves the NUL of a long option's text in the message.
        yield* err(p, `${p.argv[0] ?? 'kill'}: invalid argument ${a.startsWith('--') ? '\0' : a[1]}\n${KILL_USAGE}`);
        return 1;
      }
      signal = n;
    }
    if (args.length === 0) {
      yield* err(p, KILL_USAGE);
      return 1;
    }
    let status = 0;
    for (const a of args) {
      if (!/^-?\d+$/.test(a)) {
        yield* err(p, `${p.argv[0] ?? 'kill'}: failed to parse argument: '${a}'\n`);
        status = 1;
        continue;
      }
      const n = Number(a);
      let error: string | null = null;
      if (n > 0) {
        const q = p.host.procs.get(n);
        if (q === undefined) error = 'No such process';
        else if (p.uid !== 0 && q.uid !== p.uid) error = 'Operation not permitted';
        else p.host.kill(q, signal);
      } else if (n === -1) for (const q of [...p.host.procs.values()]) q.pid > 1 && q !== p && p.host.kill(q, signal);
      else if (!killGroup(p.host, n === 0 ? p.pgid : -n, signal)) error = 'No such process';
      if (error !== null) {
        yield* err(p, `${p.argv[0] ?? 'kill'}: (${a}): ${error}\n`);
        status = 1;
      }
    }
    return status;
  },
});
