// nstat(8) of iproute2: kernel counters since the last look. The history is a file, as with the real one.
// Not modelled: the daemon mode, JSON.
import type { Op, Process, Run } from '../host/process';
import { err, out, writeFile } from '../host/syscall';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { netstatGroups, snmpGroups } from '../kernel/ipv4/mib';
import { command, notModelled } from './command';

const HISTORY = '/tmp/.nstat.u0';
/** Gauges and constants that nstat never lists. */
const USELESS = new Set(['IpForwarding', 'IpDefaultTTL', 'TcpRtoAlgorithm', 'TcpRtoMin', 'TcpRtoMax', 'TcpMaxConn', 'TcpCurrEstab']);

function counters(p: Process): [string, number][] {
  const k = p.host.kernel;
  return [...snmpGroups(k), ...netstatGroups(k)]
    .filter((g) => g.name !== 'UdpLite' || g.counters.some(([, v]) => v !== 0))
    .flatMap((g) => g.counters.map(([n, v]) => [g.name + n, v] as [string, number]))
    .filter(([n]) => !USELESS.has(n));
}

function remembered(p: Process): Map<string, number> {
  const old = new Map<string, number>();
  for (const line of (p.host.vfs.read(HISTORY) ?? '').split('\n')) {
    const m = /^(\S+)\s+(\d+)/.exec(line);
    if (m !== null) old.set(m[1]!, Number(m[2]));
  }
  return old;
}

function* show(p: Process, o: { all: boolean; reset: boolean; keep: boolean; zeros: boolean }, patterns: Bytes[]): Op<number> {
  const old = o.all || o.reset ? new Map<string, number>() : remembered(p);
  const now = counters(p);
  const wanted = patterns.map((x) => new RegExp(`^${x.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`));
  let text = '#kernel\n';
  for (const [name, value] of now) {
    if (wanted.length > 0 && !wanted.some((re) => re.test(name))) continue;
    const n = value - (old.get(name) ?? 0);
    if (n !== 0 || o.zeros) text += `${name.padEnd(32)}${String(n).padEnd(16)}   ${'0.0'}\n`;
  }
  yield* out(p, text);
  if (!o.keep) {
    try {
      writeFile(p, HISTORY, now.map(([n, v]) => `${n.padEnd(32)}${v}\n`).join(''), false, 0o600);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
    }
  }
  return 0;
}

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help          this message
   -a, --ignore        ignore history
   -d, --scan=SECS     sample every statistics every SECS
   -j, --json          format output in JSON
   -n, --nooutput      do history only
   -p, --pretty        pretty print
   -r, --reset         reset history
   -s, --noupdate      don't update history
   -t, --interval=SECS report average over the last SECS
   -V, --version       output version information
   -z, --zeros         show entries with zero activity
`;
const LONG: Readonly<Record<string, string>> = { help: 'h', ignore: 'a', scan: 'd', json: 'j', nooutput: 'n', pretty: 'p', reset: 'r', noupdate: 's', interval: 't', version: 'V', zeros: 'z' };

export const nstat = command({
  name: 'nstat',
  summary: 'kernel counters since the last call',
  path: '/usr/bin/nstat',
  package: 'iproute2',
  options: {
    '-a': { kind: 'flag', says: 'absolute values' },
    '-z': { kind: 'flag', says: 'zero counters too' },
    '-r': { kind: 'flag', says: 'forget the history' },
    '-s': { kind: 'flag', says: "don't update the history" },
    '-n': { kind: 'flag', says: 'only update the history' },
    '-j': { kind: 'flag', says: 'JSON', modelled: false },
    '-d': { kind: 'value', says: 'daemon', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const o = { all: false, reset: false, keep: false, zeros: false };
    let silent = false;
    const patterns: Bytes[] = [];
    for (const word of args) {
      if (!/^-./.test(word)) {
        patterns.push(word);
        continue;
      }
      const letters = word.startsWith('--') ? LONG[word.slice(2).split('=')[0]!] : word.slice(1);
      if (letters === undefined) {
        yield* err(p, `nstat: unrecognized option '${word}'\n${USAGE}`);
        return 255;
      }
      for (const c of letters) {
        if (c === 'a') o.all = true;
        else if (c === 'z') o.zeros = true;
        else if (c === 'r') o.reset = true;
        else if (c === 's') o.keep = true;
        else if (c === 'n') silent = true;
        else if (c === 'V') {
          yield* out(p, 'nstat utility, iproute2-6.1.0\n');
          return 0;
        } else if (c === 'h') {
          yield* out(p, USAGE);
          return 0;
        } else if ('djpt'.includes(c)) return yield* notModelled(p, 'nstat', `option -${c}`);
        else {
          yield* err(p, `nstat: invalid option -- '${c}'\n${USAGE}`);
          return 255;
        }
      }
    }
    if (silent) {
      writeFile(p, HISTORY, counters(p).map(([n, v]) => `${n.padEnd(32)}${v}\n`).join(''), false, 0o600);
      return 0;
    }
    return yield* show(p, o, patterns);
  },
});
