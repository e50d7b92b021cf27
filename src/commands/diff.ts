// diff: compares files line by line. Counterpart: diffutils 3.8 diff.c, normal.c, context.c, side.c.
import { SysError } from '../lib/errno';
import { strftime } from '../lib/strftime';
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { fileOf, wallSeconds } from '../host/syscall';
import type { Stat } from '../host/vfs';
import { zoneOf } from './clock';
import type { Options } from './command';
import { diffLines, type Hunk } from './diff_lines';
import { sideBySide } from './diff_side';
import { joinPath, lastPart, typeName } from './files';
import { ByteSource, closeInput, define, Fatal, openInput, put, quote, say, tryCall } from './io';
import { table } from './options';
import { compilePosix, type PosixRegex } from './posix_regex';

const TRY = "diff: Try 'diff --help' for more information.\n";

export const diff = define({
  name: 'diff',
  summary: 'Compare FILES line by line.',
  path: '/usr/bin/diff',
  package: 'diffutils',
  suite: '(GNU diffutils) 3.8',
  writeErrorExit: 2,
  options: table(
    '--normal: output a normal diff (the default)', '-q --brief: report only when files differ', '-s --report-identical-files: report when two files are the same', '-c: output 3 lines of copied context', '-C --context NUM: output NUM lines of copied context',
    '-u: output 3 lines of unified context', '-U NUM: output NUM lines of unified context', '--unified [NUM]: output NUM (default 3) lines of unified context', '!-e --ed: output an ed script', '!-n --rcs: output an RCS format diff', '-y --side-by-side: output in two columns', '-W --width NUM: output at most NUM print columns',
    '--left-column: output only the left column of common lines', '--suppress-common-lines: do not output common lines', '!-p --show-c-function: show which C function each change is in', '--label LABEL: use LABEL instead of file name and timestamp', '-t --expand-tabs: expand tabs to spaces in output',
    '-T --initial-tab: make tabs line up by prepending a tab', '-r --recursive: recursively compare any subdirectories found', '--no-dereference: do not follow symbolic links', '-N --new-file: treat absent files as empty', '-x --exclude PAT: exclude files that match PAT',
    '-i --ignore-case: ignore case differences in file contents', '-E --ignore-tab-expansion: ignore changes due to tab expansion', '-Z --ignore-trailing-space: ignore white space at line end', '-b --ignore-space-change: ignore changes in the amount of white space', '-w --ignore-all-space: ignore all white space',
    '-B --ignore-blank-lines: ignore changes where lines are all blank', '-I --ignore-matching-lines RE: ignore changes where all lines match RE', '-a --text: treat all files as text', '--strip-trailing-cr: strip trailing carriage return on input', '!-D --ifdef NAME: output merged file with #ifdef',
    '-d --minimal: try hard to find a smaller set of changes', '--speed-large-files: assume large files and many scattered small changes', '--color [WHEN]: accepted; nothing is coloured',
  ),
  getopt: { badExit: 2, tryHelp: TRY, prepare: (argv) => argv.map((a) => (/^-\d+$/.test(a) ? `-U${a.slice(1)}` : a)) },
  *run(p, opts, args) {
    if (args.length === 0) throw new Fatal(`diff: missing operand after 'diff'\n${TRY}`, 2);
    if (args.length === 1) throw new Fatal(`diff: missing operand after ${quote(args[0]!)}\n${TRY}`, 2);
    if (args.length > 2) throw new Fatal(`diff: extra operand ${quote(args[2]!)}\n${TRY}`, 2);
    const job = new Comparison(p, opts);
    return yield* job.pair(args[0]!, args[1]!, true);
  },
});

interface Side {
  name: Bytes;
  lines: Bytes[];
  keys: Bytes[];
  /** False when the last line has no newline. */
  ended: boolean;
  st: Stat | null;
}

class Comparison {
  private readonly ignoreLines: PosixRegex[];
  constructor(
    private readonly p: Process,
    private readonly opts: Options,
  ) {
    this.ignoreLines = opts.all('-I').map((s) => compilePosix(s));
  }

  private *stat(name: Bytes): Op<{ st: Stat | null; text: string | null }> {
    const st = name === '-' ? tryCall(() => this.p.host.vfs.fstat(this.p, fileOf(this.p, 0))) : tryCall(() => (this.opts.has('--no-dereference') ? this.p.host.vfs.lstat(this.p, name) : this.p.host.vfs.stat(this.p, name)));
    return st.errno === null ? { st: st.ok, text: null } : { st: null, text: new SysError(st.errno).message };
  }

  /** Exit status of comparing two names. */
  *pair(an: Bytes, bn: Bytes, top: boolean): Op<number> {
    const { p, opts } = this;
    let [a, b] = [an, bn];
    let sa = yield* this.stat(a);
    let sb = yield* this.stat(b);
    if (top && sa.st !== null && sb.st !== null && (sa.st.type === 'dir') !== (sb.st.type === 'dir')) {
      // A file is compared with its namesake in the directory.
      if (sa.st.type === 'dir') {
        a = joinPath(a, lastPart(b));
        sa = yield* this.stat(a);
      } else {
        b = joinPath(b, lastPart(a));
        sb = yield* this.stat(b);
      }
    }
    const absentOk = opts.has('-N');
    let failed = false;
    for (const [name, s] of [[a, sa], [b, sb]] as const) {
      if (s.text === null || (absentOk && s.text === 'No such file or directory')) continue;
      yield* say(p, 'diff', `${name}: ${s.text}`);
      failed = true;
    }
    if (failed) return 2;
    if (sa.st?.type === 'dir' && sb.st?.type === 'dir') {
      if (!top && !opts.has('-r')) {
        yield* put(p, `Common subdirectories: ${a} and ${b}\n`);
        return 0;
      }
      return yield* this.directories(a, b);
    }
    const lone = sa.st === null ? sb.st : sb.st === null ? sa.st : null;
    if (lone?.type === 'dir') {
      // With -N a missing directory counts as an empty one, below -r.
      if (opts.has('-r')) return yield* this.directories(a, b);
      yield* put(p, `Only in ${(sa.st === null ? b : a).replace(/\/[^/]*$/, '')}: ${lastPart(a)}\n`);
      return 1;
    }
    if (sa.st?.type === 'dir' || sb.st?.type === 'dir') {
      yield* put(p, `File ${a} is a ${sa.st?.type === 'dir' ? 'directory' : typeName(sa.st!)} while file ${b} is a ${sb.st?.type === 'dir' ? 'directory' : typeName(sb.st!)}\n`);
      return 1;
    }
    return yield* this.files(a, b, sa.st, sb.st, top);
  }

  private *directories(a: Bytes, b: Bytes): Op<number> {
    const { p, opts } = this;
    const list = (d: Bytes): Bytes[] => (tryCall(() => p.host.vfs.readdir(p, d)).ok ?? []).filter((n) => !opts.all('-x').includes(n));
    const na = new Set(list(a));
    const nb = new Set(list(b));
    let status = 0;
    for (const n of [...new Set([...na, ...nb])].sort(byBytes)) {
      if ((!na.has(n) || !nb.has(n)) && !opts.has('-N')) {
        yield* put(p, `Only in ${na.has(n) ? a : b}: ${n}\n`);
        status = Math.max(status, 1);
      } else status = Math.max(status, yield* this.pair(joinPath(a, n), joinPath(b, n), false));
    }
    return status;
  }

  private key(line: Bytes): Bytes {
    const { opts } = this;
    let k = line;
    if (opts.has('--strip-trailing-cr')) k = k.replace(/\r$/, '');
    if (opts.has('-w')) k = k.replace(/[ \t\v\f\r]+/g, '');
    else if (opts.has('-b')) k = k.replace(/[ \t\v\f\r]+$/, '').replace(/[ \t\v\f\r]+/g, ' ');
    else if (opts.has('-Z')) k = k.replace(/[ \t\v\f\r]+$/, '');
    return opts.has('-i') ? k.toLowerCase() : k;
  }

  private *read(name: Bytes, st: Stat | null): Op<Side & { text: Bytes }> {
    let text = '';
    if (st !== null) {
      const fd = openInput(this.p, name);
      text = yield* new ByteSource(this.p, fd).all();
      closeInput(this.p, fd);
    }
    const ended = text === '' || text.endsWith('\n');
    const lines = text.split('\n');
    if (ended) lines.pop();
    const keys = lines.map((l, i) => (ended || i < lines.length - 1 || this.opts.has('-w') || this.opts.has('-b') || this.opts.has('-Z') ? this.key(l) : `${this.key(l)}\0no newline`));
    return { name, lines, keys, ended, st, text };
  }

  private *files(an: Bytes, bn: Bytes, sa: Stat | null, sb: Stat | null, top: boolean): Op<number> {
    const { p, opts } = this;
    let a: Side & { text: Bytes };
    let b: Side & { text: Bytes };
    try {
      a = yield* this.read(an, sa);
      b = an === '-' && bn === '-' ? a : yield* this.read(bn, sb);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* say(p, 'diff', `${an}: ${e.message}`);
      return 2;
    }
    const identical = function* (): Op<number> {
      if (opts.has('-s')) yield* put(p, `Files ${an} and ${bn} are identical\n`);
      return 0;
    };
    if (a.text === b.text && !opts.has('-y')) return yield* identical();
    if (!opts.has('-a') && a.text !== b.text && (a.text.slice(0, 4096).includes('\0') || b.text.slice(0, 4096).includes('\0'))) {
      yield* put(p, `${opts.has('-q') ? 'Files' : 'Binary files'} ${an} and ${bn} differ\n`);
      return 1;
    }
    let hunks = diffLines(a.keys, b.keys);
    const ignorable = (h: Hunk): boolean => {
      const lines = [...a.lines.slice(h.a0, h.a1), ...b.lines.slice(h.b0, h.b1)];
      return lines.every((l) => (opts.has('-B') && /^[ \t]*$/.test(l) && l.trim() === '') || this.ignoreLines.some((r) => r.test(l)));
    };
    if (opts.has('-B') || this.ignoreLines.length > 0) hunks = hunks.filter((h) => !ignorable(h));
    const style = opts.last('--normal', '-c', '-C', '-u', '-U', '--unified', '-y');
    if (style === '-y') {
      yield* put(p, sideBySide(opts, a.lines, b.lines, hunks));
      return hunks.length > 0 ? 1 : 0;
    }
    if (hunks.length === 0) return yield* identical();
    if (opts.has('-q')) {
      yield* put(p, `Files ${an} and ${bn} differ\n`);
      return 1;
    }
    if (!top) yield* put(p, `diff ${this.switches()}${an} ${bn}\n`);
    if (style === null || style === '--normal') yield* put(p, normal(a, b, hunks));
    else {
      const n = opts.value('-U') ?? opts.value('--unified') ?? opts.value('-C') ?? '3';
      if (!/^\d+$/.test(n)) throw new Fatal(`diff: invalid context length ${quote(n)}\n${TRY}`, 2);
      yield* put(p, style === '-c' || style === '-C' ? this.context(a, b, hunks, Number(n)) : this.unified(a, b, hunks, Number(n)));
    }
    return 1;
  }

  /** Options as given, for the line before each pair of a recursive run. */
  private switches(): Bytes {
    const words = this.p.argv.slice(1).filter((w) => w.startsWith('-') && w !== '-');
    return words.map((w) => `${w} `).join('');
  }

  private label(s: Side, i: number, old = false): Bytes {
    const label = this.opts.all('--label')[i];
    if (label !== undefined) return label;
    const quoted = /["\\\n]/.test(s.name) ? `"${s.name}"` : s.name;
    const mtime = s.st === null ? 0 : s.name === '-' || s.st.type === 'fifo' ? wallSeconds(this.p) : s.st.mtime;
    return `${quoted}\t${strftime(old ? '%a %b %e %H:%M:%S %Y' : '%Y-%m-%d %H:%M:%S.%N %z', mtime, zoneOf(this.p))}`;
  }

  private groups(hunks: Hunk[], n: number): Hunk[][] {
    const out: Hunk[][] = [];
    for (const h of hunks) {
      const last = out[out.length - 1];
      if (last !== undefined && h.a0 - last[last.length - 1]!.a1 <= 2 * n) last.push(h);
      else out.push([h]);
    }
    return out;
  }

  private unified(a: Side, b: Side, hunks: Hunk[], n: number): Bytes {
    let o = `--- ${this.label(a, 0)}\n+++ ${this.label(b, 1)}\n`;
    for (const g of this.groups(hunks, n)) {
      const first = g[0]!;
      const last = g[g.length - 1]!;
      const a0 = Math.max(0, first.a0 - n);
      const b0 = Math.max(0, first.b0 - n);
      const a1 = Math.min(a.lines.length, last.a1 + n);
      const b1 = Math.min(b.lines.length, last.b1 + n);
      const span = (from: number, to: number): string => (to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`);
      o += `@@ -${span(a0, a1)} +${span(b0, b1)} @@\n`;
      let i = a0;
      for (const h of g) {
        for (; i < h.a0; i++) o += line(' ', a, i);
        for (; i < h.a1; i++) o += line('-', a, i);
        for (let j = h.b0; j < h.b1; j++) o += line('+', b, j);
      }
      for (; i < a1; i++) o += line(' ', a, i);
    }
    return o;
  }

  private context(a: Side, b: Side, hunks: Hunk[], n: number): Bytes {
    let o = `*** ${this.label(a, 0, true)}\n--- ${this.label(b, 1, true)}\n`;
    for (const g of this.groups(hunks, n)) {
      const first = g[0]!;
      const last = g[g.length - 1]!;
      const part = (s: Side, from: number, to: number, stars: string, mine: (h: Hunk) => [number, number], theirs: (h: Hunk) => number, mark: string): Bytes => {
        const range = to - from <= 1 ? String(to) : `${from + 1},${to}`;
        let text = `${stars === '*' ? '***' : '---'} ${range} ${stars === '*' ? '****' : '----'}\n`;
        if (!g.some((h) => mine(h)[1] > mine(h)[0])) return text;
        let i = from;
        for (const h of g) {
          const [h0, h1] = mine(h);
          for (; i < h0; i++) text += line('  ', s, i);
          for (; i < h1; i++) text += line(theirs(h) > 0 ? '! ' : `${mark} `, s, i);
        }
        for (; i < to; i++) text += line('  ', s, i);
        return text;
      };
      o += '***************\n';
      o += part(a, Math.max(0, first.a0 - n), Math.min(a.lines.length, last.a1 + n), '*', (h) => [h.a0, h.a1], (h) => h.b1 - h.b0, '-');
      o += part(b, Math.max(0, first.b0 - n), Math.min(b.lines.length, last.b1 + n), '-', (h) => [h.b0, h.b1], (h) => h.a1 - h.a0, '+');
    }
    return o;
  }
}

function line(mark: string, s: Side, i: number): Bytes {
  return `${mark}${s.lines[i]!}\n${!s.ended && i === s.lines.length - 1 ? '\\ No newline at end of file\n' : ''}`;
}

function normal(a: Side, b: Side, hunks: Hunk[]): Bytes {
  let o = '';
  const range = (from: number, to: number): string => (to - from > 1 ? `${from + 1},${to}` : String(to));
  for (const h of hunks) {
    const letter = h.a0 === h.a1 ? 'a' : h.b0 === h.b1 ? 'd' : 'c';
    o += `${range(h.a0, h.a1)}${letter}${range(h.b0, h.b1)}\n`;
    for (let i = h.a0; i < h.a1; i++) o += line('< ', a, i);
    if (letter === 'c') o += '---\n';
    for (let j = h.b0; j < h.b1; j++) o += line('> ', b, j);
  }
  return o;
}
