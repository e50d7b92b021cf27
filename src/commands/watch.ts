// watch: runs a command again and again, full screen. Counterpart: procps-ng 4.0.2 watch.c.
// Not modelled: -c, --beep sounds, precise mode's drift correction beyond its interval.
import type { Op, Process, Run } from '../host/process';
import { Interrupted, SIG } from '../host/process';
import type { Bytes } from '../lib/text';
import { charWidth, utf8Chars, utf8Decode } from '../lib/text';
import { strftime } from '../lib/strftime';
import { closeFd, installFd, makePipe, nowUs, read, sleep, spawn, takeSignal, waitpid, wallSeconds } from '../host/syscall';
import { zoneOf } from './clock';
import { columns, define, Fatal, put } from './io';
import { table } from './options';
import { findOnPath } from './path_search';
import { WATCH_USAGE } from './procps_usage';
import { ALTERNATE_OFF, ALTERNATE_ON, ttyOf } from './screen';

/** A screen line as cells: a character (or '' for the second half of a wide one). */
type Row = Bytes[];

export const watch = define({
  name: 'watch',
  summary: 'execute a program periodically, showing output fullscreen',
  path: '/usr/bin/watch',
  package: 'procps',
  suite: 'from procps-ng 4.0.2',
  help: WATCH_USAGE,
  options: table(
    '-b --beep: beep if command has a non-zero exit', '!-c --color: interpret ANSI color and style sequences', '-d --differences [permanent]: highlight changes between updates', '-e --errexit: exit if command has a non-zero exit', '-g --chgexit: exit when output from command changes', '-q --equexit CYCLES: exit when output from command does not change',
    '-n --interval SECS: seconds to wait between updates', '-p --precise: attempt run command in precise intervals', '-t --no-title: turn off header', '-w --no-wrap: turn off line wrapping', '-x --exec: pass command to exec instead of "sh -c"', '-h: display this help and exit', '-v: output version information and exit',
  ),
  getopt: { badExit: 1, tryHelp: WATCH_USAGE, stopAtOperand: true },
  *run(p, opts, args): Run {
    if (opts.has('-h')) {
      yield* put(p, WATCH_USAGE);
      return 0;
    }
    if (opts.has('-v')) {
      yield* put(p, 'watch from procps-ng 4.0.2\n');
      return 0;
    }
    const n = opts.value('-n') ?? p.env.get('WATCH_INTERVAL') ?? '2';
    if (!/^\d*[.,]?\d+$|^\d+[.,]$/.test(n)) throw new Fatal(`watch: failed to parse argument: '${n}'\n`, 1);
    const interval = Math.min(2678400, Math.max(0.1, Number(n.replace(',', '.'))));
    if (args.length === 0) throw new Fatal(WATCH_USAGE, 1);
    const shown = args.join(' ');
    const tty = ttyOf(p, 1);
    const cumulative = opts.has('-d') && opts.value('-d') !== null;
    p.caught.add(SIG.INT);
    p.caught.add(SIG.TERM);
    p.caught.add(SIG.HUP);
    // Keys are neither echoed nor kept, as under curses; ^C still is a signal.
    const keys = ttyOf(p, 0);
    const restore = keys === null ? null : { echo: keys.echo, canonical: keys.canonical };
    if (keys !== null) {
      keys.echo = false;
      keys.canonical = false;
    }
    yield* put(p, tty === null ? '' : ALTERNATE_ON);
    let before: Row[] | null = null;
    let marks = new Set<string>();
    let same = 0;
    let status = 0;
    try {
      for (;;) {
        const began = nowUs(p);
        const run = yield* once(p, opts.has('-x') ? args : null, shown);
        const width = tty?.cols ?? columns(p);
        const height = tty?.rows ?? 24;
        const top = opts.has('-t') ? 0 : 2;
        const rows = layoutRows(run.output, width, height - top, !opts.has('-w'));
        let changed = false;
        if (before !== null) {
          const fresh = new Set<string>();
          for (let y = 0; y < Math.max(rows.length, before.length); y++) {
            for (let x = 0; x < width; x++) {
              if ((rows[y]?.[x] ?? ' ') === (before[y]?.[x] ?? ' ')) continue;
              changed = true;
              fresh.add(`${y},${x}`);
            }
          }
          marks = cumulative ? new Set([...marks, ...fresh]) : fresh;
        }
        const head = opts.has('-t') ? '' : `${header(p, interval, shown, width)}\x1b[K\n\x1b[K\n`;
        yield* put(p, tty === null ? `${opts.has('-t') ? '' : `${header(p, interval, shown, width)}\n\n`}${rows.map((r) => `${r.join('').trimEnd()}\n`).join('')}` : `\x1b[H${head}${rows.map((r, y) => paint(r, y, opts.has('-d') ? marks : null)).join('\x1b[K\n')}\x1b[K\x1b[J`);
        if (run.status !== 0) {
          if (opts.has('-b')) yield* put(p, '\x07');
          if (opts.has('-e')) {
            status = 8;
            break;
          }
        }
        if (opts.has('-g') && changed) break;
        if (opts.has('-q') && before !== null) {
          same = changed ? 0 : same + 1;
          if (same >= Number(opts.value('-q'))) break;
        }
        before = rows;
        const next = (opts.has('-p') ? began : nowUs(p)) + interval * 1e6;
        if (next > nowUs(p)) yield* sleep(p, next - nowUs(p));
      }
    } catch (e) {
      if (!(e instanceof Interrupted)) throw e;
      takeSignal(p);
    } finally {
      if (keys !== null && restore !== null) {
        keys.echo = restore.echo;
        keys.canonical = restore.canonical;
        keys.input = '';
      }
    }
    yield* put(p, tty === null ? '' : ALTERNATE_OFF);
    return status;
  },
});

/** Runs the command once; both its streams are collected. */
function* once(p: Process, argv: Bytes[] | null, line: Bytes): Op<{ output: Bytes; status: number }> {
  const [r, w] = makePipe(p);
  const fd = installFd(p, r, 10);
  w.refs++;
  const fds = new Map(p.fds);
  fds.delete(fd);
  fds.set(1, w);
  fds.set(2, w);
  const path = argv === null ? '/bin/sh' : (findOnPath(p, argv[0]!) ?? argv[0]!);
  let pid: number;
  try {
    pid = spawn(p, { path, argv: argv ?? ['sh', '-c', line], fds }).pid;
  } catch {
    w.refs--;
    closeFd(p, fd);
    return { output: `Unable to run ${line}\n`, status: 127 };
  }
  w.refs--;
  const parts: Bytes[] = [];
  try {
    for (;;) {
      const piece = yield* read(p, fd);
      if (piece === '') break;
      parts.push(piece);
    }
  } finally {
    if (p.fds.has(fd)) closeFd(p, fd);
  }
  const waited = yield* waitpid(p, [pid]);
  return { output: parts.join(''), status: waited!.status };
}

/** `Every 2.0s: cmd          host: date`; what does not fit is cut as procps does. */
function header(p: Process, interval: number, shown: Bytes, width: number): Bytes {
  const right = `${p.host.kernel.hostname}: ${strftime('%a %b %e %H:%M:%S %Y', wallSeconds(p), zoneOf(p))}`;
  const left = `Every ${interval.toFixed(1)}s: `;
  const commandWidth = cellWidth(shown);
  if (width < right.length) return '';
  if (width < right.length + left.length + 1) return right.padStart(width);
  const start = width - right.length;
  if (width < right.length + left.length + 4) return `${left.slice(0, start - 4).padEnd(start - 4)}...  `.slice(0, start).padEnd(start) + right;
  if (width < right.length + left.length + commandWidth) {
    const room = start - left.length - 4;
    let cut = '';
    let w = 0;
    for (const c of utf8Chars(shown)) {
      const cw = cellWidth(c);
      if (w + cw > room) break;
      cut += c;
      w += cw;
    }
    return `${left}${cut}${' '.repeat(Math.max(0, start - 4 - left.length - w))}... ${right}`;
  }
  return `${left}${shown}${' '.repeat(start - left.length - commandWidth)}${right}`;
}

const cellWidth = (text: Bytes): number => {
  let n = 0;
  for (const ch of utf8Decode(text)) n += charWidth(ch.codePointAt(0)!);
  return n;
};

function layoutRows(text: Bytes, width: number, height: number, wrap: boolean): Row[] {
  const rows: Row[] = [];
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  for (const line of lines) {
    if (rows.length >= height) break;
    let row: Row = [];
    rows.push(row);
    for (const c of utf8Chars(line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, ''))) {
      if (c === '\r') continue;
      const add = c === '\t' ? Array.from({ length: 8 - (row.length % 8) }, () => ' ') : cellWidth(c) === 2 ? [c, ''] : cellWidth(c) === 0 && c.charCodeAt(0) < 0x80 ? [] : [c];
      if (row.length + add.length > width) {
        if (!wrap || rows.length >= height) break;
        row = [];
        rows.push(row);
      }
      row.push(...add);
    }
  }
  return rows.slice(0, height);
}

/** A row with changed cells in reverse video. */
function paint(row: Row, y: number, marks: ReadonlySet<string> | null): Bytes {
  if (marks === null) return row.join('');
  let o = '';
  let on = false;
  row.forEach((c, x) => {
    const m = marks.has(`${y},${x}`);
    if (m !== on) o += m ? '\x1b[7m' : '\x1b[27m';
    on = m;
    o += c;
  });
  return on ? `${o}\x1b[27m` : o;
}
