// ls: lists directories. Counterpart: coreutils ls.c (LANG=C).
import { type Errno, strerror } from '../lib/errno';
import { strftime } from '../lib/strftime';
import type { Bytes } from '../lib/text';
import { byBytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import type { Stat } from '../host/vfs';
import { wallSeconds } from '../host/syscall';
import { zoneOf } from './clock';
import type { Options } from './command';
import { groupName, joinPath, modeString, userName } from './files';
import { globMatch } from './glob';
import { columns, define, Fatal, isTty, put, quote, say, Steps, tryCall } from './io';
import { indicator, layout, quotedName } from './ls_names';
import { table } from './options';
import { humanSize } from './size_arg';
import { compareVersions } from './version_sort';

interface Entry {
  name: Bytes;
  path: Bytes;
  st: Stat;
  /** Of a symbolic link: its text, and what it points at when that exists. */
  link: Bytes | null;
  target: Stat | null;
}

const STYLES = ['full-iso', 'long-iso', 'iso', 'locale'];

export const ls = define({
  name: 'ls',
  summary: 'List information about the FILEs (the current directory by default).',
  path: '/usr/bin/ls',
  package: 'coreutils',
  options: table(
    '-a --all: do not ignore entries starting with .', '-A --almost-all: do not list implied . and ..', '!--author: with -l, print the author of each file', '-b --escape: print C-style escapes for nongraphic characters',
    '--block-size SIZE: with -l, scale sizes by SIZE', '-B --ignore-backups: do not list implied entries ending with ~', '-c: with -lt: sort by, and show, ctime', '-C: list entries by columns',
    '--color [WHEN]: accepted; nothing is coloured', '-d --directory: list directories themselves, not their contents', '!-D --dired: generate output designed for Emacs', '-f: list all entries in directory order',
    '-F: append indicator (one of */=>@|) to entries', '--classify [WHEN]: append indicator', '--file-type: likewise, except do not append *', '--format WORD: across, commas, long, single-column, verbose, vertical', '--full-time: like -l --time-style=full-iso',
    '-g: like -l, but do not list owner', '--group-directories-first: group directories before files', '-G --no-group: in a long listing, do not print group names', '-h --human-readable: with -l and -s, print sizes like 1K 234M 2G',
    '--si: likewise, but use powers of 1000 not 1024', '-H --dereference-command-line: follow symbolic links listed on the command line', '--dereference-command-line-symlink-to-dir: follow command line links to directories', '--hide PATTERN: do not list implied entries matching PATTERN',
    '!--hyperlink [WHEN]: hyperlink file names', '--indicator-style WORD: append indicator with style WORD', '-i --inode: print the index number of each file', '-I --ignore PATTERN: do not list implied entries matching PATTERN',
    '-k --kibibytes: default to 1024-byte blocks', '-l: use a long listing format', '-L --dereference: show information for the file a symbolic link references', '-m: fill width with a comma separated list of entries',
    '-n --numeric-uid-gid: like -l, but list numeric user and group IDs', '-N --literal: print entry names without quoting', '-o: like -l, but do not list group information', '-p: append / indicator to directories',
    '-q --hide-control-chars: print ? instead of nongraphic characters', '--show-control-chars: show nongraphic characters as-is', '-Q --quote-name: enclose entry names in double quotes', '--quoting-style WORD: use quoting style WORD for entry names',
    '-r --reverse: reverse order while sorting', '-R --recursive: list subdirectories recursively', '-s --size: print the allocated size of each file, in blocks', '-S: sort by file size, largest first', '--sort WORD: sort by WORD',
    '--time WORD: which timestamp to show', '--time-style STYLE: time/date format with -l', '-t: sort by time, newest first', '-T --tabsize COLS: assume tab stops at each COLS', '-u: with -lt: sort by, and show, access time',
    '-U: do not sort', '-v: natural sort of (version) numbers within text', '-w --width COLS: set output width to COLS', '-x: list entries by lines instead of by columns', '-X: sort alphabetically by entry extension',
    '!-Z --context: print any security context of each file', '--zero: end each output line with NUL, not newline', '-1: list one file per line',
  ),
  getopt: { badExit: 2 },
  *run(p, opts, args) {
    const view = new Listing(p, opts);
    const plain: Entry[] = [];
    const dirs: Entry[] = [];
    for (const name of args.length > 0 ? args : ['.']) {
      const e = view.stat(name, name, true);
      if (typeof e === 'string') {
        view.status = 2;
        yield* say(p, 'ls', `cannot access ${quote(name)}: ${strerror(e)}`);
        continue;
      }
      const isDir = e.st.type === 'dir' || (e.target?.type === 'dir' && !opts.has('-d') && view.linkDirs);
      if (isDir && !opts.has('-d')) dirs.push(e);
      else plain.push(e);
    }
    view.sort(plain);
    view.sort(dirs);
    yield* view.print(plain, false);
    let first = plain.length === 0;
    const titled = args.length > 1 || opts.has('-R');
    for (const d of dirs) {
      yield* view.directory(d.path, titled, first);
      first = false;
    }
    return view.status;
  },
});

class Listing {
  status = 0;
  readonly linkDirs: boolean;
  private readonly long: boolean;
  private readonly format: string;
  private readonly steps: Steps;
  private readonly width: number;
  private readonly sortBy: string;
  private readonly timeKey: 'mtime' | 'atime' | 'ctime';
  private readonly end: string;
  constructor(
    private readonly p: Process,
    private readonly opts: Options,
  ) {
    this.steps = new Steps(p);
    const word = opts.value('--format');
    const asked = opts.last('-l', '-1', '-C', '-x', '-m', '-g', '-n', '-o', '--format', '--full-time');
    const byWord: Record<string, string> = { across: '-x', horizontal: '-x', commas: '-m', long: '-l', verbose: '-l', 'single-column': '-1', vertical: '-C' };
    const anyLong = ['-l', '-g', '-n', '-o', '--full-time'].some((k) => opts.has(k));
    let f = asked === '--format' ? (byWord[word!] ?? '-1') : asked;
    if (f === '-1' && anyLong) f = '-l';
    if (f === null) f = isTty(p, 1) && !opts.has('--zero') ? '-C' : '-1';
    this.long = ['-l', '-g', '-n', '-o', '--full-time'].includes(f);
    this.format = this.long ? '-l' : f;
    const w = opts.value('-w');
    if (w !== null && !/^\d+$/.test(w)) throw new Fatal(`ls: invalid line width: ${quote(w)}\n`, 2);
    this.width = w === null ? columns(p) : Number(w) === 0 ? 1e9 : Number(w);
    const sortWord = opts.value('--sort');
    const s = opts.last('-S', '-t', '-U', '-v', '-X', '-f', '--sort');
    const bySort: Record<string, string> = { none: '-U', size: '-S', time: '-t', version: '-v', extension: '-X', name: 'name', width: 'width' };
    if (sortWord !== null && bySort[sortWord] === undefined) throw new Fatal(`ls: invalid argument ${quote(sortWord)} for '--sort'\nValid arguments are:\n${['none', 'time', 'size', 'extension', 'version', 'width'].map((x) => `  - '${x}'\n`).join('')}Try 'ls --help' for more information.\n`, 1);
    const time = opts.value('--time');
    const timeFlag = opts.last('-u', '-c', '--time');
    this.timeKey = timeFlag === '-u' || (timeFlag === '--time' && /^(atime|access|use)$/.test(time!)) ? 'atime' : timeFlag === '-c' || (timeFlag === '--time' && /^(ctime|status)$/.test(time!)) ? 'ctime' : 'mtime';
    this.sortBy = s === '--sort' ? (bySort[sortWord!] ?? 'name') : s === '-f' ? '-U' : (s ?? (!this.long && timeFlag !== null ? '-t' : 'name'));
    this.linkDirs = !this.long && !opts.has('-F') && !opts.has('-d');
    this.end = opts.has('--zero') ? '\0' : '\n';
  }

  stat(name: Bytes, path: Bytes, top: boolean): Entry | Errno {
    const { p, opts } = this;
    const follow = opts.has('-L') || (top && (opts.has('-H') || opts.has('--dereference-command-line-symlink-to-dir')));
    if (follow) {
      const st = tryCall(() => p.host.vfs.stat(p, path));
      if (st.errno === null) return { name, path, st: st.ok, link: null, target: null };
      if (opts.has('-L') && !top) return st.errno;
    }
    const st = tryCall(() => p.host.vfs.lstat(p, path));
    if (st.errno !== null) return st.errno;
    if (st.ok.type !== 'symlink') return { name, path, st: st.ok, link: null, target: null };
    if (follow && top && opts.has('-L')) return 'ENOENT';
    return { name, path, st: st.ok, link: tryCall(() => p.host.vfs.readlink(p, path)).ok ?? '', target: tryCall(() => p.host.vfs.stat(p, path)).ok };
  }

  sort(list: Entry[]): void {
    const by: Record<string, (a: Entry, b: Entry) => number> = {
      name: (a, b) => byBytes(a.name, b.name),
      '-S': (a, b) => b.st.size - a.st.size || byBytes(a.name, b.name),
      '-t': (a, b) => b.st[this.timeKey] - a.st[this.timeKey] || byBytes(a.name, b.name),
      '-v': (a, b) => compareVersions(a.name, b.name),
      '-X': (a, b) => byBytes(/\.[^.]*$/.exec(a.name)?.[0] ?? '', /\.[^.]*$/.exec(b.name)?.[0] ?? '') || byBytes(a.name, b.name),
      width: (a, b) => a.name.length - b.name.length || byBytes(a.name, b.name),
    };
    const compare = by[this.sortBy];
    if (compare !== undefined) {
      list.sort(compare);
      if (this.opts.has('-r')) list.reverse();
    }
    if (this.opts.has('--group-directories-first')) {
      const isDir = (e: Entry): number => ((e.target ?? e.st).type === 'dir' ? 0 : 1);
      list.sort((a, b) => isDir(a) - isDir(b));
    }
  }

  *directory(path: Bytes, titled: boolean, first: boolean): Op<void> {
    const { p, opts } = this;
    const names = tryCall(() => p.host.vfs.readdir(p, path));
    if (names.errno !== null) {
      this.status = first && !titled ? 2 : Math.max(this.status, 1);
      if (first && !titled) this.status = 2;
      yield* say(p, 'ls', `cannot open directory ${quote(path)}: ${strerror(names.errno)}`);
      return;
    }
    const all = opts.has('-a') || opts.has('-f');
    const list: Entry[] = [];
    const shown = all ? ['.', '..', ...names.ok] : names.ok;
    for (const n of shown) {
      if (this.steps.due) yield* this.steps.pay();
      if (!all && !opts.has('-A') && n.startsWith('.')) continue;
      if (opts.has('-B') && n.endsWith('~')) continue;
      if (opts.all('-I').some((g) => globMatch(g, n))) continue;
      if (!all && !opts.has('-A') && opts.all('--hide').some((g) => globMatch(g, n))) continue;
      const e = this.stat(n, joinPath(path, n), false);
      if (typeof e === 'string') {
        this.status = Math.max(this.status, 1);
        yield* say(p, 'ls', `cannot access ${quote(joinPath(path, n))}: ${strerror(e)}`);
        continue;
      }
      list.push(e);
    }
    this.sort(list);
    if (titled) yield* put(p, `${first ? '' : '\n'}${this.title(path)}:\n`);
    yield* this.print(list, true);
    if (!opts.has('-R')) return;
    for (const e of list) if (e.st.type === 'dir' && e.name !== '.' && e.name !== '..') yield* this.directory(e.path, true, false);
  }

  private title(path: Bytes): Bytes {
    return isTty(this.p, 1) ? quotedName(this.opts, isTty(this.p, 1), path) : path;
  }

  private sizeText(bytes: number): string {
    const { opts } = this;
    if (opts.last('-h', '--si') !== null) return humanSize(bytes, opts.last('-h', '--si') === '--si' ? 1000 : 1024);
    const b = opts.value('--block-size');
    if (b !== null) {
      const m = /^(\d*)([KMGT]?)(?:iB)?$/i.exec(b);
      const unit = m === null ? 1 : (m[1] === '' ? 1 : Number(m[1])) * 1024 ** 'BKMGT'.indexOf(m[2] === '' ? 'B' : m[2]!.toUpperCase());
      return `${Math.ceil(bytes / unit)}${m !== null && m[1] === '' ? m[2] : ''}`;
    }
    return String(bytes);
  }

  private blocksText(st: Stat): string {
    const bytes = st.blocks * 512;
    if (this.opts.last('-h', '--si') !== null) return humanSize(bytes, this.opts.last('-h', '--si') === '--si' ? 1000 : 1024);
    if (this.opts.has('--block-size')) return this.sizeText(bytes);
    return String(Math.ceil(bytes / 1024));
  }

  private timeText(seconds: number): string {
    const style = this.opts.has('--full-time') ? 'full-iso' : (this.opts.value('--time-style') ?? this.p.env.get('TIME_STYLE') ?? 'locale').replace(/^posix-/, '');
    const now = wallSeconds(this.p);
    const recent = seconds > now - 15778476 && seconds <= now + 1;
    const zone = zoneOf(this.p);
    if (style.startsWith('+')) {
      const [old, fresh] = style.slice(1).split('\n') as [string, string?];
      return strftime(recent ? (fresh ?? old) : old, seconds, zone);
    }
    if (!STYLES.includes(style)) throw new Fatal(`ls: invalid argument ${quote(style)} for 'time style'\nValid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n  - [posix-]iso\n  - [posix-]locale\n  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\nTry 'ls --help' for more information.\n`, 2);
    const f = { 'full-iso': '%Y-%m-%d %H:%M:%S.%N %z', 'long-iso': '%Y-%m-%d %H:%M', iso: recent ? '%m-%d %H:%M' : '%Y-%m-%d ', locale: recent ? '%b %e %H:%M' : '%b %e  %Y' }[style]!;
    return strftime(f, seconds, zone);
  }

  *print(list: Entry[], isDir: boolean): Op<void> {
    const { p, opts } = this;
    const sized = opts.has('-s');
    if (isDir && (this.long || sized)) {
      const blocks = list.reduce((n, e) => n + e.st.blocks, 0);
      yield* put(p, `total ${this.blocksText({ blocks } as Stat)}${this.end}`);
    }
    if (list.length === 0) return;
    const inoWidth = opts.has('-i') ? Math.max(...list.map((e) => String(e.st.ino).length)) : 0;
    const blockWidth = sized ? Math.max(...list.map((e) => this.blocksText(e.st).length)) : 0;
    // Names that need no quotes are moved right when others do, on a terminal.
    const anyQuoted = isTty(p, 1) && !['-N', '-Q', '-b'].some((k) => opts.has(k)) && list.some((e) => /^['"]/.test(quotedName(this.opts, isTty(this.p, 1), e.name)));
    const nameOf = (e: Entry): Bytes => (anyQuoted && this.format !== '-m' && !/^['"]/.test(quotedName(this.opts, isTty(this.p, 1), e.name)) ? ` ${quotedName(this.opts, isTty(this.p, 1), e.name)}` : quotedName(this.opts, isTty(this.p, 1), e.name));
    const lead = (e: Entry, padded: boolean): Bytes => `${opts.has('-i') ? `${padded ? String(e.st.ino).padStart(inoWidth) : e.st.ino} ` : ''}${sized ? `${padded ? this.blocksText(e.st).padStart(blockWidth) : this.blocksText(e.st)} ` : ''}`;
    if (this.long) {
      const owner = (e: Entry): string => (opts.has('-n') ? String(e.st.uid) : (userName(p, e.st.uid) ?? String(e.st.uid)));
      const group = (e: Entry): string => (opts.has('-n') ? String(e.st.gid) : (groupName(p, e.st.gid) ?? String(e.st.gid)));
      const names = new Map<string, string>();
      const cached = (key: string, make: () => string): string => names.get(key) ?? (names.set(key, make()), names.get(key)!);
      const showOwner = !opts.has('-g');
      const showGroup = !opts.has('-G') && !opts.has('-o');
      const device = (e: Entry): boolean => e.st.type === 'chr' || e.st.type === 'blk';
      const majorWidth = Math.max(0, ...list.filter(device).map((e) => String(e.st.rdevMajor).length));
      const minorWidth = Math.max(0, ...list.filter(device).map((e) => String(e.st.rdevMinor).length));
      const rows = list.map((e) => ({
        e,
        links: String(e.st.nlink),
        owner: showOwner ? cached(`u${e.st.uid}`, () => owner(e)) : '',
        group: showGroup ? cached(`g${e.st.gid}`, () => group(e)) : '',
        size: device(e) ? `${String(e.st.rdevMajor).padStart(majorWidth)}, ${String(e.st.rdevMinor).padStart(minorWidth)}` : this.sizeText(e.st.size),
        time: this.timeText(e.st[this.timeKey]),
      }));
      const w = (key: 'links' | 'owner' | 'group' | 'size' | 'time'): number => Math.max(...rows.map((r) => r[key].length));
      const [wl, wo, wg, ws, wt] = [w('links'), w('owner'), w('group'), w('size'), w('time')];
      let o = '';
      for (const r of rows) {
        const numeric = opts.has('-n');
        o += `${lead(r.e, true)}${modeString(r.e.st)} ${r.links.padStart(wl)} ${showOwner ? `${numeric ? r.owner.padStart(wo) : r.owner.padEnd(wo)} ` : ''}${showGroup ? `${numeric ? r.group.padStart(wg) : r.group.padEnd(wg)} ` : ''}${r.size.padStart(ws)} ${r.time.padStart(wt)} ${nameOf(r.e)}`;
        if (r.e.link !== null) o += ` -> ${quotedName(this.opts, isTty(this.p, 1), r.e.link)}${r.e.target !== null ? indicator(this.opts, isTty(this.p, 1), r.e.target) : ''}`;
        else o += indicator(this.opts, isTty(this.p, 1), r.e.st);
        o += this.end;
      }
      yield* put(p, o);
      return;
    }
    const cell = (e: Entry, padded = true): Bytes => `${lead(e, padded)}${nameOf(e)}${indicator(this.opts, isTty(this.p, 1), e.st)}`;
    if (this.format === '-1') {
      yield* put(p, list.map((e) => cell(e) + this.end).join(''));
      return;
    }
    if (this.format === '-m') {
      let o = '';
      let column = 0;
      list.forEach((e, i) => {
        const c = cell(e, false);
        if (i > 0) {
          if (column + c.length + 2 < this.width) {
            o += ', ';
            column += 2;
          } else {
            o += ',\n';
            column = 0;
          }
        }
        o += c;
        column += c.length;
      });
      yield* put(p, `${o}${this.end}`);
      return;
    }
    yield* put(p, layout(list.map((e) => cell(e)), this.width, this.format === '-x', opts.has('-T') ? Number(opts.value('-T')) : isTty(p, 1) ? 8 : 8));
  }
}
