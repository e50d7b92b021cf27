// free: memory in use. Counterpart: procps-ng 4.0.2 free.c, from /proc/meminfo.
import { readFile, sleep } from '../host/syscall';
import { define, Fatal, put } from './io';
import { table } from './options';
import { FREE_USAGE } from './procps_usage';

const UNITS: Readonly<Record<string, number>> = { '-b': 1, '-k': 1024, '-m': 1024 ** 2, '-g': 1024 ** 3, '--tebi': 1024 ** 4, '--pebi': 1024 ** 5, '--kilo': 1000, '--mega': 1e6, '--giga': 1e9, '--tera': 1e12, '--peta': 1e15 };

function human(kb: number, si: boolean): string {
  const base = si ? 1000 : 1024;
  let n = kb * 1024;
  if (n === 0) return si ? '0B' : '0B';
  const names = si ? ['B', 'K', 'M', 'G', 'T', 'P'] : ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let i = 0;
  while (n >= base && i < names.length - 1) {
    n /= base;
    i++;
  }
  const short = n.toFixed(1);
  return i > 0 && short.length <= 3 ? `${short}${names[i]}` : `${Math.floor(n)}${names[i]}`;
}

export const free = define({
  name: 'free',
  summary: 'Display amount of free and used memory in the system.',
  path: '/usr/bin/free',
  package: 'procps',
  suite: 'from procps-ng 4.0.2',
  help: FREE_USAGE,
  options: table(
    '-b --bytes: show output in bytes', '--kilo: show output in kilobytes', '--mega: show output in megabytes', '--giga: show output in gigabytes', '--tera: show output in terabytes', '--peta: show output in petabytes', '-k --kibi: show output in kibibytes', '-m --mebi: show output in mebibytes', '-g --gibi: show output in gibibytes', '--tebi: show output in tebibytes', '--pebi: show output in pebibytes', '-h --human: show human-readable output', '--si: use powers of 1000 not 1024', '!-l --lohi: show detailed low and high memory statistics', '-t --total: show total for RAM + swap', '!-v --committed: show committed memory and commit limit', '-s --seconds N: repeat printing every N seconds', '-c --count N: repeat printing N times, then exit', '-w --wide: wide output', '-V: version',
  ),
  getopt: { badExit: 1, tryHelp: FREE_USAGE },
  *run(p, opts) {
    const key = opts.last(...Object.keys(UNITS), '-h');
    const unit = key === null || key === '-h' ? 1024 : UNITS[key]!;
    const show = (kb: number): string => (key === '-h' ? human(kb, opts.has('--si')) : String(Math.floor((kb * 1024) / (opts.has('--si') && key === null ? 1000 : unit))));
    const every = opts.value('-s');
    const count = opts.value('-c') ?? (every === null ? '1' : null);
    if (every !== null && !(Number(every) > 0)) throw new Fatal(`free: seconds argument failed: '${every}'\n`, 1);
    if (count !== null && !(Number(count) > 0)) throw new Fatal(`free: failed to parse count argument: '${count}'\n`, 1);
    for (let n = 1; ; n++) {
      const m = new Map(readFile(p, '/proc/meminfo').split('\n').map((l) => /^(\w+):\s+(\d+)/.exec(l)).filter((x) => x !== null).map((x) => [x[1]!, Number(x[2])]));
      const get = (k: string): number => m.get(k) ?? 0;
      const cache = get('Cached') + get('SReclaimable');
      const total = get('MemTotal');
      const used = total - get('MemAvailable');
      const row = (label: string, cells: number[]): string => `${label.padEnd(8)}${cells.map((c) => show(c).padStart(12)).join('')}\n`;
      const swapUsed = get('SwapTotal') - get('SwapFree');
      let o = opts.has('-w') ? '               total        used        free      shared     buffers       cache   available\n' : '               total        used        free      shared  buff/cache   available\n';
      o += opts.has('-w') ? row('Mem:', [total, used, get('MemFree'), get('Shmem'), get('Buffers'), cache, get('MemAvailable')]) : row('Mem:', [total, used, get('MemFree'), get('Shmem'), get('Buffers') + cache, get('MemAvailable')]);
      o += row('Swap:', [get('SwapTotal'), swapUsed, get('SwapFree')]);
      if (opts.has('-t')) o += row('Total:', [total + get('SwapTotal'), used + swapUsed, get('MemFree') + get('SwapFree')]);
      yield* put(p, o);
      if (count !== null && n >= Number(count)) return 0;
      yield* put(p, '\n');
      yield* sleep(p, Number(every ?? '1') * 1e6);
    }
  },
});
