// grep, egrep, fgrep: lines that match. Counterpart: GNU grep 3.8 (grep.c, dfasearch.c, kwsearch.c).
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { fileOf } from '../host/syscall';
import type { Options } from './command';
import { joinPath } from './files';
import { globMatch } from './glob';
import { buildMatcher, type Matcher } from './grep_matcher';
import { closeInput, define, errnoText, Fatal, LineSource, openInput, put, say, Steps, tryCall } from './io';
import { table } from './options';
import { readFile } from '../host/syscall';

const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

const OPTIONS = table(
  '-E --extended-regexp: PATTERNS are extended regular expressions', '-F --fixed-strings: PATTERNS are strings', '-G --basic-regexp: PATTERNS are basic regular expressions',
  '-P --perl-regexp: PATTERNS are Perl regular expressions', '-e --regexp PATTERNS: use PATTERNS for matching', '-f --file FILE: take PATTERNS from FILE',
  '-i --ignore-case: ignore case distinctions in patterns and data', '-y: obsolete synonym for -i', '--no-ignore-case: do not ignore case distinctions (default)', '-w --word-regexp: match only whole words', '-x --line-regexp: match only whole lines',
  '-z --null-data: a data line ends in 0 byte, not newline', '-s --no-messages: suppress error messages', '-v --invert-match: select non-matching lines',
  '-V: display version information and exit', '-m --max-count NUM: stop after NUM selected lines', '-b --byte-offset: print the byte offset with output lines',
  '-n --line-number: print line number with output lines', '--line-buffered: flush output on every line', '-H --with-filename: print file name with output lines',
  '-h --no-filename: suppress the file name prefix on output', '--label LABEL: use LABEL as the standard input file name prefix', '-o --only-matching: show only nonempty parts of lines that match',
  '-q --quiet --silent: suppress all normal output', '--binary-files TYPE: assume that binary files are TYPE', '-a --text: equivalent to --binary-files=text', '-I: equivalent to --binary-files=without-match',
  '-d --directories ACTION: how to handle directories: read, recurse or skip', '!-D --devices ACTION: how to handle devices', '-r --recursive: like --directories=recurse',
  '-R --dereference-recursive: likewise, but follow all symlinks', '--include GLOB: search only files that match GLOB', '--exclude GLOB: skip files that match GLOB',
  '!--exclude-from FILE: skip files that match any file pattern from FILE', '--exclude-dir GLOB: skip directories that match GLOB', '-L --files-without-match: print only names of FILEs with no selected lines',
  '-l --files-with-matches: print only names of FILEs with selected lines', '-c --count: print only a count of selected lines per FILE', '-T --initial-tab: make tabs line up (if needed)',
  '-Z --null: print 0 byte after FILE name', '-B --before-context NUM: print NUM lines of leading context', '-A --after-context NUM: print NUM lines of trailing context',
  '-C --context NUM: print NUM lines of output context', '--color --colour [WHEN]: accepted; nothing is coloured', '-U --binary: do not strip CR characters at EOL', '--group-separator SEP: print SEP between groups',
  '--no-group-separator: no separator between groups',
);

const contextOf = (opts: Options, key: string): number => {
  const v = opts.value(key);
  if (v === null) return -1;
  if (!/^\d+$/.test(v)) throw new Fatal(`grep: ${v}: invalid context length argument\n`, 2);
  return Number(v);
};

export function grepNamed(name: string, fixedKind: '-E' | '-F' | null) {
  return define({
    name,
    summary: 'Search for PATTERNS in each FILE.',
    path: `/usr/bin/${name}`,
    package: 'grep',
    suite: '(GNU grep) 3.8',
    writeErrorExit: 2,
    options: OPTIONS,
    getopt: {
      badExit: 2,
      speaksAs: 'grep',
      tryHelp: USAGE,
      prepare: (argv) => argv.map((a) => (/^-\d+$/.test(a) ? `-C${a.slice(1)}` : a)),
    },
    *run(p, opts, given) {
      const args = [...given];
      if (opts.has('-V')) {
        yield* put(p, 'grep (GNU grep) 3.8\n');
        return 0;
      }
      const kind = opts.last('-E', '-F', '-G', '-P') ?? fixedKind ?? '-G';
      const patterns: Bytes[] = [];
      const sources = opts.given.filter((g) => g.key === '-e' || g.key === '-f');
      for (const s of sources) {
        if (s.key === '-e') patterns.push(...s.value!.split('\n'));
        else {
          const text = tryCall(() => (s.value === '-' ? '' : readFile(p, s.value!)));
          if (text.errno !== null) throw new Fatal(`grep: ${s.value}: ${new SysError(text.errno).message}\n`, 2);
          let body = text.ok;
          if (s.value === '-') {
            const src = new LineSource(p, 0);
            for (let b = yield* src.batch(); b !== null; b = yield* src.batch()) body += b.join('');
          }
          if (body !== '') patterns.push(...body.replace(/\n$/, '').split('\n'));
        }
      }
      if (sources.length === 0) {
        if (args.length === 0) throw new Fatal(USAGE, 2);
        patterns.push(...args.shift()!.split('\n'));
      }
      const search = new Search(p, opts, yield* buildMatcher(p, opts, patterns, kind));
      const recursive = opts.has('-r') || opts.has('-R') || opts.value('-d') === 'recurse';
      const files = args.length > 0 ? args : recursive ? ['.'] : ['-'];
      search.withNames = opts.last('-H', '-h') === '-H' || (opts.last('-H', '-h') !== '-h' && (files.length > 1 || (recursive && (args.length === 0 || files.some((f) => tryCall(() => p.host.vfs.stat(p, f)).ok?.type === 'dir')))));
      for (const f of files) {
        yield* search.path(f, recursive, true, args.length === 0 && recursive);
        if (search.stop) break;
      }
      if (search.failed && !(search.found && opts.has('-q'))) return 2;
      return search.found ? 0 : 1;
    },
  });
}

/** A run over all files: what stays the same, and what has been found. */
class Search {
  found = false;
  failed = false;
  stop = false;
  withNames = false;
  private printedGroup = false;
  private readonly before: number;
  private readonly after: number;
  private readonly steps: Steps;
  private readonly max: number;
  constructor(
    private readonly p: Process,
    private readonly opts: Options,
    private readonly matcher: Matcher,
  ) {
    const c = contextOf(opts, '-C');
    const b = contextOf(opts, '-B');
    const a = contextOf(opts, '-A');
    this.before = b >= 0 ? b : Math.max(0, c);
    this.after = a >= 0 ? a : Math.max(0, c);
    this.steps = new Steps(p);
    const m = opts.value('-m');
    if (m !== null && !/^-?\d+$/.test(m)) throw new Fatal('grep: invalid max count\n', 2);
    this.max = m === null || Number(m) < 0 ? Number.POSITIVE_INFINITY : Number(m);
  }

  *complain(name: Bytes, text: string): Op<void> {
    this.failed = true;
    if (!this.opts.has('-s')) yield* say(this.p, 'grep', `${name}: ${text}`);
  }

  *path(name: Bytes, recursive: boolean, top: boolean, bare: boolean): Op<void> {
    const { p, opts } = this;
    if (name !== '-') {
      const st = tryCall(() => (top || opts.has('-R') ? p.host.vfs.stat(p, name) : p.host.vfs.lstat(p, name)));
      if (st.errno === null && st.ok.type === 'dir') {
        if (recursive) {
          const base = name.replace(/\/+$/, '').replace(/^.*\//, '');
          if (opts.all('--exclude-dir').some((g) => globMatch(g.replace(/\/+$/, ''), base === '' ? name : base))) return;
          const names = tryCall(() => p.host.vfs.readdir(p, name));
          if (names.errno !== null) {
            yield* this.complain(name, new SysError(names.errno).message);
            return;
          }
          for (const n of [...names.ok].sort(byBytes)) {
            yield* this.path(bare ? n : joinPath(name, n), true, false, false);
            if (this.stop) return;
          }
          return;
        }
        if (opts.value('-d') === 'skip') return;
        yield* this.complain(name, 'Is a directory');
        return;
      }
      if (st.errno === null && !top && st.ok.type !== 'file') return;
      const base = name.replace(/^.*\//, '');
      const includes = opts.all('--include');
      if (recursive || top) {
        if (includes.length > 0 && !includes.some((g) => globMatch(g, base))) return;
        if (opts.all('--exclude').some((g) => globMatch(g, base) || globMatch(g, name))) return;
      }
    }
    let fd: number;
    try {
      fd = openInput(p, name);
    } catch (e) {
      yield* this.complain(name, errnoText(e));
      return;
    }
    try {
      yield* this.file(name === '-' ? (opts.value('--label') ?? '(standard input)') : name, fd);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* this.complain(name, errnoText(e));
    }
    closeInput(p, fd);
  }

  private *file(name: Bytes, fd: number): Op<void> {
    const { p, opts, matcher } = this;
    const z = opts.has('-z') ? '\0' : '\n';
    const invert = opts.has('-v');
    const only = opts.has('-o');
    const list = opts.last('-l', '-L');
    const counting = opts.has('-c');
    const silent = opts.has('-q') || list !== null || counting;
    const numbered = opts.has('-n');
    const offsets = opts.has('-b');
    const nul = opts.has('-Z') ? '\0' : null;
    const binary = opts.has('-a') ? 'text' : opts.has('-I') ? 'without-match' : (opts.value('--binary-files') ?? 'binary');
    const separator = opts.has('--no-group-separator') ? null : (opts.value('--group-separator') ?? '--');
    const context = this.before > 0 || this.after > 0;
    const src = new LineSource(p, fd, z);
    const back: { text: Bytes; n: number; at: number }[] = [];
    let count = 0;
    let n = 0;
    let at = 0;
    let trail = 0;
    let lastShown = 0;
    let isBinary = false;
    const head = (mark: string, line: number, offset: number): Bytes => {
      let h = '';
      if (this.withNames) h += nul !== null ? `${name}\0` : `${name}${mark}`;
      if (numbered) h += `${line}${mark}`;
      if (offsets) h += `${offset}${mark}`;
      return opts.has('-T') && h !== '' ? `${h}\t` : h;
    };
    if (this.max === 0) return;
    const out = p.fds.get(1);
    const into = fileOf(p, fd);
    if (!silent && out?.kind === 'inode' && into.kind === 'inode' && out.ino === into.ino && into.snapshot === null && into.pos < p.host.vfs.data(into.ino).length) {
      yield* say(p, 'grep', `${name}: input file is also the output`);
      this.failed = true;
      return;
    }
    scan: for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
      let o = '';
      for (const raw of lines) {
        if (this.steps.due) yield* this.steps.pay();
        const line = raw.endsWith(z) ? raw.slice(0, -1) : raw;
        n++;
        const start = at;
        at += raw.length;
        if (!isBinary && binary !== 'text' && z === '\n' && raw.includes('\0')) isBinary = true;
        if (isBinary && binary === 'without-match') break scan;
        if (matcher.test(line) !== invert) {
          count++;
          this.found = true;
          if (opts.has('-q')) {
            this.stop = true;
            return;
          }
          if (list !== null) break scan;
          if (!silent) {
            if (isBinary && binary === 'binary') {
              yield* put(p, o);
              yield* say(p, 'grep', `${name}: binary file matches`);
              return;
            }
            if (context && separator !== null && this.printedGroup && (lastShown === 0 || n - back.length > lastShown + 1)) o += `${separator}\n`;
            if (!only) for (const b of back) o += `${head('-', b.n, b.at)}${b.text}${z}`;
            back.length = 0;
            if (only) {
              if (!invert) o += this.parts(line, (s) => head(':', n, start + s), z);
            } else o += `${head(':', n, start)}${line}${z}`;
            this.printedGroup = true;
            lastShown = n;
            trail = this.after;
          }
          if (count >= this.max) {
            yield* put(p, o);
            o = '';
            if (trail <= 0 || silent) break scan;
          }
          continue;
        }
        if (silent || only) continue;
        if (trail > 0) {
          trail--;
          o += `${head('-', n, start)}${line}${z}`;
          lastShown = n;
          if (trail === 0 && count >= this.max) {
            yield* put(p, o);
            break scan;
          }
        } else if (count >= this.max) break scan;
        else if (this.before > 0) {
          back.push({ text: line, n, at: start });
          if (back.length > this.before) back.shift();
        }
      }
      yield* put(p, o);
    }
    if (counting) yield* put(p, `${this.withNames ? (nul !== null ? `${name}\0` : `${name}:`) : ''}${count}\n`);
    if (list !== null && (count > 0) === (list === '-l')) {
      yield* put(p, `${name}${nul ?? '\n'}`);
      if (list === '-L') this.found = true;
    }
  }

  private parts(line: Bytes, head: (at: number) => Bytes, z: string): Bytes {
    let o = '';
    for (let from = 0; from <= line.length; ) {
      const hit = this.matcher.find(line, from);
      if (hit === null) break;
      if (hit[1] > hit[0]) o += `${head(hit[0])}${line.slice(hit[0], hit[1])}${z}`;
      from = hit[1] > hit[0] ? hit[1] : hit[0] + 1;
    }
    return o;
  }
}

export const grep = grepNamed('grep', null);
