// top: processes by activity. Counterpart: procps-ng 4.0.2 top.c. Not modelled: its interactive commands other than q; columns are fixed.
import type { Op, Process } from '../host/process';
import { Interrupted, SIG } from '../host/process';
import { nowUs, read, takeSignal, readFile, waitOn } from '../host/syscall';
import { userName } from './files';
import { columns, define, Fatal, put } from './io';
import { table } from './options';
import { allProcesses, commandLine, rssKb, vszKb } from './procps';
import { ALTERNATE_OFF, ALTERNATE_ON, inRawMode, ttyOf } from './screen';
import { uptimeLine } from './uptime';

function frame(p: Process, pids: Set<string> | null, full: boolean): string[] {
  const m = new Map(readFile(p, '/proc/meminfo').split('\n').map((l) => /^(\w+):\s+(\d+)/.exec(l)).filter((x) => x !== null).map((x) => [x[1]!, Number(x[2]) / 1024]));
  const mib = (k: string): string => (m.get(k) ?? 0).toFixed(1).padStart(8);
  const all = allProcesses(p.host);
  const count = (s: string): string => String(all.filter((q) => q.state === s).length).padStart(3);
  const used = ((m.get('MemTotal') ?? 0) - (m.get('MemAvailable') ?? 0)).toFixed(1).padStart(8);
  const lines = [
    `top -${uptimeLine(p)}`,
    `Tasks: ${String(all.length).padStart(3)} total, ${count('R')} running, ${count('S')} sleeping, ${count('T')} stopped, ${count('Z')} zombie`,
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ',
    `MiB Mem : ${mib('MemTotal')} total, ${mib('MemFree')} free, ${used} used, ${((m.get('Buffers') ?? 0) + (m.get('Cached') ?? 0) + (m.get('SReclaimable') ?? 0)).toFixed(1).padStart(8)} buff/cache     `,
    `MiB Swap: ${mib('SwapTotal')} total, ${mib('SwapFree')} free, ${((m.get('SwapTotal') ?? 0) - (m.get('SwapFree') ?? 0)).toFixed(1).padStart(8)} used. ${mib('MemAvailable')} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ];
  const total = (m.get('MemTotal') ?? 1) * 1024;
  for (const q of all.filter((x) => pids === null || pids.has(String(x.pid)))) {
    const user = userName(p, q.uid) ?? String(q.uid);
    const rss = rssKb(q);
    lines.push(`${String(q.pid).padStart(7)} ${(user.length > 8 ? `${user.slice(0, 7)}+` : user).padEnd(8)}  20   0 ${String(vszKb(q)).padStart(7)} ${String(rss).padStart(6)} ${String(Math.floor(rss * 0.8)).padStart(6)} ${q.letter}   0.0 ${((rss * 100) / total).toFixed(1).padStart(5)}   0:00.00 ${full ? commandLine(q) : q.comm}`);
  }
  return lines;
}

export const top = define({
  name: 'top',
  summary: 'display Linux processes',
  path: '/usr/bin/top',
  package: 'procps',
  suite: 'from procps-ng 4.0.2',
  options: table('-b: batch mode', '-n NUMBER: maximum iterations', '-d SECS: delay time', '-p PIDS: monitor only these processes', '-c: full command lines', '!-H: threads mode', '!-i: no idle processes', '!-o FIELD: sort by field', '!-O: output field names', '!-s: secure mode', '!-S: cumulative time', '!-u USER: only processes of USER', '!-U USER: only processes of USER', '!-w [COLUMNS]: output width', '!-1: one CPU a line', '!-e UNIT: memory scaling', '!-E UNIT: memory scaling', '-v: version', '-h: help'),
  getopt: { badExit: 0, tryHelp: '' },
  *run(p, opts) {
    if (opts.has('-h') || opts.has('-v')) {
      yield* put(p, "top from procps-ng 4.0.2\n");
      return 0;
    }
    const batch = opts.has('-b');
    const tty = ttyOf(p, 1);
    const keys = ttyOf(p, 0);
    if (!batch && (tty === null || keys === null)) throw new Fatal('top: failed tty get\n', 1);
    const iterations = opts.has('-n') ? Number(opts.value('-n')) : Number.POSITIVE_INFINITY;
    const delay = opts.has('-d') ? Number(opts.value('-d')) : 3;
    if (!(delay >= 0)) throw new Fatal(`top: bad delay interval '${opts.value('-d')}'\n`, 1);
    const pids = opts.has('-p') ? new Set(opts.all('-p').flatMap((v) => v.split(','))) : null;
    if (batch) {
      for (let n = 1; ; n++) {
        yield* put(p, `${frame(p, pids, opts.has('-c')).join('\n')}\n`);
        if (n >= iterations) return 0;
        yield* put(p, '\n');
        yield* waitOn(p, [], nowUs(p) + delay * 1e6);
      }
    }
    p.caught.add(SIG.INT);
    p.caught.add(SIG.TERM);
    yield* put(p, ALTERNATE_ON);
    try {
      yield* inRawMode(keys!, function* (): Op<void> {
        for (let n = 1; ; n++) {
          const lines = frame(p, pids, opts.has('-c')).slice(0, tty!.rows).map((l) => l.slice(0, columns(p)));
          if (lines[6] !== undefined) lines[6] = `\x1b[7m${lines[6].padEnd(columns(p))}\x1b[27m`;
          yield* put(p, `\x1b[H${lines.join('\x1b[K\n')}\x1b[K\x1b[J`);
          if (n >= iterations) return;
          const until = nowUs(p) + delay * 1e6;
          while (nowUs(p) < until) {
            if (keys!.input !== '' && /[q\x03]/.test(yield* read(p, 0))) return;
            yield* waitOn(p, [keys!.readQueue], until);
          }
        }
      });
    } catch (e) {
      if (!(e instanceof Interrupted)) throw e;
      takeSignal(p);
    }
    yield* put(p, ALTERNATE_OFF);
    return 0;
  },
});
