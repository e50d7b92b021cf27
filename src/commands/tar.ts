// tar: archives of files. Counterpart: GNU tar 1.34. Not modelled: sparse files, incremental archives, other compressors than gzip.
import { strerror, SysError } from '../lib/errno';
import { strftime } from '../lib/strftime';
import type { Bytes } from '../lib/text';
import { err, readFile, write, writeFile } from '../host/syscall';
import type { Op, Process } from '../host/process';
import { zoneOf } from './clock';
import { command, notModelledText } from './command';
import { groupName, groups, joinPath, modeString, userName, users } from './files';
import { globMatch } from './glob';
import { gunzipBytes, gzipBytes, GzipError, isGzip } from './gzip_format';
import { attempt, ByteSource, isTty, tryCall } from './io';
import { table } from './options';
import { endOfArchive, type Member, packMember, unpack } from './tar_format';

const TRY = "Try 'tar --help' or 'tar --usage' for more information.\n";

class TarError extends Error {
  constructor(
    readonly text: Bytes,
    readonly status = 2,
  ) {
    super(text);
  }
}

interface Settings {
  mode: 'c' | 'x' | 't' | 'r' | 'u' | null;
  file: Bytes | null;
  gzip: boolean;
  verbose: number;
  toStdout: boolean;
  absolute: boolean;
  keep: boolean;
  preserve: boolean;
  exclude: Bytes[];
  strip: number;
  operands: { dir: Bytes | null; name: Bytes }[];
}

const NEEDS_ARG = 'fCXTbgHIKLNVF';
const LONG: Readonly<Record<string, string>> = {
  '--create': 'c', '--extract': 'x', '--get': 'x', '--list': 't', '--append': 'r', '--update': 'u', '--file': 'f', '--gzip': 'z', '--gunzip': 'z', '--ungzip': 'z', '--verbose': 'v', '--directory': 'C', '--to-stdout': 'O', '--absolute-names': 'P', '--keep-old-files': 'k', '--preserve-permissions': 'p', '--same-permissions': 'p', '--exclude': 'exclude', '--strip-components': 'strip', '--no-same-owner': 'o', '--same-owner': 'same', '--overwrite': 'same', '--auto-compress': 'a',
};

function parse(argv: readonly Bytes[]): Settings {
  const s: Settings = { mode: null, file: null, gzip: false, verbose: 0, toStdout: false, absolute: false, keep: false, preserve: false, exclude: [], strip: 0, operands: [] };
  let dir: Bytes | null = null;
  const args = [...argv];
  let plain = false;
  const missing = (letter: string): TarError => new TarError(`tar: option requires an argument -- '${letter}'\n${TRY}`, 2);
  const apply = (letter: string, value: Bytes | null): void => {
    switch (letter) {
      case 'c':
      case 'x':
      case 't':
      case 'r':
      case 'u':
        if (s.mode !== null && s.mode !== letter) throw new TarError(`tar: You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option\n${TRY}`);
        s.mode = letter;
        break;
      case 'f':
        s.file = value;
        break;
      case 'z':
        s.gzip = true;
        break;
      case 'v':
        s.verbose++;
        break;
      case 'O':
        s.toStdout = true;
        break;
      case 'P':
        s.absolute = true;
        break;
      case 'k':
        s.keep = true;
        break;
      case 'p':
        s.preserve = true;
        break;
      case 'C':
        dir = dir === null || value!.startsWith('/') ? value : joinPath(dir, value!);
        break;
      case 'exclude':
        s.exclude.push(value!);
        break;
      case 'strip':
        s.strip = Number(value);
        break;
      case 'a':
      case 'o':
      case 'm':
      case 'same':
      case 'h':
      case 'S':
      case 'l':
        break;
      default:
        if ('jJZwWXTbgHIKLNVFAdUG'.includes(letter)) throw new TarError(notModelledText('tar', `option -${letter}`), 64);
        throw new TarError(`tar: invalid option -- '${letter}'\n${TRY}`, 64);
    }
  };
  // The first word may be a bundle without a dash; values then follow in order.
  if (args.length > 0 && !args[0]!.startsWith('-') && args[0] !== '') {
    const bundle = args.shift()!;
    for (const c of bundle) {
      if (!NEEDS_ARG.includes(c)) apply(c, null);
      else {
        const v = args.shift();
        if (v === undefined) throw new TarError(`tar: Old option '${c}' requires an argument.\n${TRY}`);
        apply(c, v);
      }
    }
  }
  for (let i = 0; i < args.length; i++) {
    const a = args[i]!;
    if (plain || a === '-' || !a.startsWith('-')) {
      s.operands.push({ dir, name: a });
      continue;
    }
    if (a === '--') {
      plain = true;
      continue;
    }
    if (a.startsWith('--')) {
      const eq = a.indexOf('=');
      const name = eq < 0 ? a : a.slice(0, eq);
      if (name === '--help' || name === '--usage' || name === '--version') {
        apply('help', null);
        continue;
      }
      const letter = LONG[name];
      if (letter === undefined) {
        if (/^--(bzip2|xz|zstd|lzma|delete|diff|compare|concatenate|catenate|exclude-from|files-from|transform|xform|owner|group|mode|mtime|numeric-owner|wildcards|anchored|totals|checkpoint|remove-files|newer|one-file-system|dereference|sparse|verify|interactive|format|posix|use-compress-program|exclude-vcs|same-order|sort|warning|null|recursion|no-recursion|hard-dereference|ignore-failed-read|acls|selinux|xattrs)/.test(name)) throw new TarError(notModelledText('tar', `option ${name}`), 64);
        throw new TarError(`tar: unrecognized option '${a}'\n${TRY}`, 64);
      }
      const takes = letter === 'exclude' || letter === 'strip' || letter === 'f' || letter === 'C';
      const value = eq >= 0 ? a.slice(eq + 1) : takes ? args[++i] : null;
      if (takes && value === undefined) throw new TarError(`tar: option '${name}' requires an argument\n${TRY}`);
      apply(letter, value ?? null);
      continue;
    }
    for (let k = 1; k < a.length; k++) {
      const c = a[k]!;
      if (!NEEDS_ARG.includes(c)) {
        apply(c, null);
        continue;
      }
      const rest = a.slice(k + 1);
      const value = rest !== '' ? rest : args[++i];
      if (value === undefined) throw missing(c);
      apply(c, value);
      break;
    }
  }
  if (dir !== null && s.operands.length === 0) s.operands.push({ dir, name: '\0' });
  return s;
}

export const tar = command({
  name: 'tar',
  summary: 'an archiving utility',
  path: '/usr/bin/tar',
  package: 'tar',
  options: table(
    '-c --create: create a new archive', '-x --extract --get: extract files from an archive', '-t --list: list the contents of an archive', '-r --append: append files to the end of an archive', '!-u --update: only append files newer than copy in archive', '-f --file ARCHIVE: use archive file', '-z --gzip: filter the archive through gzip', '-v --verbose: verbosely list files processed', '-C --directory DIR: change to directory DIR', '-O --to-stdout: extract files to standard output', '-P --absolute-names: don\'t strip leading slashes', '-k --keep-old-files: don\'t replace existing files', '-p --preserve-permissions: extract information about file permissions', '--exclude PATTERN: exclude files', '--strip-components N: strip N leading components', '!-j --bzip2: filter through bzip2', '!-J --xz: filter through xz', '!-T --files-from FILE: get names from FILE', '!-X --exclude-from FILE: exclude patterns listed in FILE', '!-A --catenate: append tar files', '!-d --diff: find differences',
  ),
  getopt: null,
  *run(p, _opts, args) {
    try {
      const s = parse(args);
      if (s.mode === null) throw new TarError(`tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n${TRY}`);
      if (s.mode === 'u') throw new TarError(notModelledText('tar', 'option -u'), 64);
      const job = new Job(p, s);
      return yield* s.mode === 'c' || s.mode === 'r' ? job.create() : job.extract();
    } catch (e) {
      if (!(e instanceof TarError)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
  },
});

class Job {
  private failed = false;
  private warnedRoot = false;
  private text = '';
  private readonly inodes = new Map<string, Bytes>();
  constructor(
    private readonly p: Process,
    private readonly s: Settings,
  ) {}

  private *say(text: Bytes): Op<void> {
    yield* err(this.p, `tar: ${text}\n`);
  }

  private *end(): Op<number> {
    if (!this.failed) return 0;
    yield* this.say('Exiting with failure status due to previous errors');
    return 2;
  }

  private *print(text: Bytes): Op<void> {
    yield* write(this.p, this.s.mode === 'c' && (this.s.file === null || this.s.file === '-') ? 2 : 1, text);
  }

  private line(m: Member): Bytes {
    if (this.s.verbose < (this.s.mode === 't' ? 1 : 2)) return `${m.name}\n`;
    const type = { file: 'file', dir: 'dir', symlink: 'symlink', link: 'file', fifo: 'fifo' }[m.type] as 'file';
    const mode = modeString({ type, mode: m.mode } as Parameters<typeof modeString>[0]).replace(/^-/, m.type === 'link' ? 'h' : '-');
    const who = `${m.user || m.uid}/${m.group || m.gid}`;
    const size = String(m.type === 'file' ? m.data.length : 0);
    return `${mode} ${who}${' '.repeat(Math.max(1, 19 - who.length - size.length))}${size} ${strftime('%Y-%m-%d %H:%M', m.mtime, zoneOf(this.p))} ${m.name}${m.type === 'symlink' ? ` -> ${m.link}` : m.type === 'link' ? ` link to ${m.link}` : ''}\n`;
  }

  *create(): Op<number> {
    const { p, s } = this;
    const names = s.operands.filter((o) => o.name !== '\0');
    if (names.length === 0 && s.mode === 'c') throw new TarError(`tar: Cowardly refusing to create an empty archive\n${TRY}`);
    if ((s.file === null || s.file === '-') && isTty(p, 1)) throw new TarError('tar: Refusing to write archive contents to terminal (missing -f option?)\ntar: Error is not recoverable: exiting now\n');
    let old = '';
    if (s.mode === 'r') {
      const data = s.file === null ? { ok: null, errno: 'ENOENT' as const } : tryCall(() => readFile(p, s.file!));
      if (data.errno === null) old = data.ok!.slice(0, unpack(data.ok!).end);
      else if (data.errno !== 'ENOENT') throw new TarError(`tar: ${s.file}: Cannot open: ${strerror(data.errno)}\ntar: Error is not recoverable: exiting now\n`);
    } else if (s.file !== null && s.file !== '-') {
      const e = attempt(() => writeFile(p, s.file!, ''));
      if (e !== null) throw new TarError(`tar: ${s.file}: Cannot open: ${strerror(e)}\ntar: Error is not recoverable: exiting now\n`);
    }
    for (const o of names) yield* this.add(o.dir, o.name);
    const body = old + this.text;
    const full = body + endOfArchive(body.length);
    const bytes = s.gzip ? gzipBytes(full, '', 0) : full;
    if (s.file === null || s.file === '-') yield* write(p, 1, bytes);
    else writeFile(p, s.file, bytes);
    return yield* this.end();
  }

  private *add(dir: Bytes | null, name: Bytes): Op<void> {
    const { p, s } = this;
    const real = dir === null || name.startsWith('/') ? name : joinPath(dir, name);
    if (s.exclude.some((g) => globMatch(g, name) || globMatch(g, name.replace(/^.*\//, '')))) return;
    const st = tryCall(() => p.host.vfs.lstat(p, real));
    if (st.errno !== null) {
      this.failed = true;
      yield* this.say(`${name}: Cannot stat: ${strerror(st.errno)}`);
      return;
    }
    let stored = name;
    if (!s.absolute && /^\/+/.test(name)) {
      if (!this.warnedRoot) yield* this.say("Removing leading `/' from member names");
      this.warnedRoot = true;
      stored = name.replace(/^\/+/, '') || './';
    }
    const isDir = st.ok.type === 'dir';
    if (isDir && !stored.endsWith('/')) stored += '/';
    if (st.ok.type === 'socket' || st.ok.type === 'chr' || st.ok.type === 'blk') {
      yield* this.say(`${name}: ${st.ok.type} ignored`);
      return;
    }
    const m: Member = {
      name: stored, mode: st.ok.mode, uid: st.ok.uid, gid: st.ok.gid, mtime: Math.floor(st.ok.mtime), type: st.ok.type, link: '', user: userName(p, st.ok.uid) ?? '', group: groupName(p, st.ok.gid) ?? '', data: '',
    };
    if (st.ok.type === 'symlink') m.link = p.host.vfs.readlink(p, real);
    else if (st.ok.type === 'file') {
      const key = `${st.ok.dev}:${st.ok.ino}`;
      const first = st.ok.nlink > 1 ? this.inodes.get(key) : undefined;
      if (first !== undefined) {
        m.type = 'link';
        m.link = first;
      } else {
        this.inodes.set(key, stored);
        if (s.file !== null && tryCall(() => p.host.vfs.stat(p, s.file!)).ok?.ino === st.ok.ino) {
          yield* this.say(`${name}: file is the archive; not dumped`);
          return;
        }
        const data = tryCall(() => readFile(p, real));
        if (data.errno !== null) {
          this.failed = true;
          yield* this.say(`${name}: Cannot open: ${strerror(data.errno)}`);
          return;
        }
        m.data = data.ok;
      }
    }
    if (s.verbose > 0) yield* this.print(this.line(m));
    this.text += packMember(m);
    if (!isDir) return;
    for (const n of p.host.vfs.readdir(p, real)) yield* this.add(dir, joinPath(name, n));
  }

  *extract(): Op<number> {
    const { p, s } = this;
    let data: Bytes;
    if (s.file === null || s.file === '-') {
      if (isTty(p, 0)) throw new TarError('tar: Refusing to read archive contents from terminal (missing -f option?)\ntar: Error is not recoverable: exiting now\n');
      data = yield* new ByteSource(p, 0).all();
    } else {
      const r = tryCall(() => readFile(p, s.file!));
      if (r.errno !== null) throw new TarError(`tar: ${s.file}: Cannot open: ${strerror(r.errno)}\ntar: Error is not recoverable: exiting now\n`);
      data = r.ok;
    }
    if (isGzip(data)) {
      if (!s.gzip && (s.file === null || s.file === '-')) throw new TarError('tar: Archive is compressed. Use -z option\ntar: Error is not recoverable: exiting now\n');
      try {
        data = gunzipBytes(data).data;
      } catch (e) {
        if (!(e instanceof GzipError)) throw e;
        throw new TarError(`\ngzip: stdin: ${e.message}\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n`);
      }
    } else if (s.gzip && data !== '') throw new TarError('\ngzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n');
    const archive = unpack(data);
    if (archive.bad && archive.members.length === 0 || (data !== '' && data.length < 512)) {
      yield* this.say('This does not look like a tar archive');
      this.failed = true;
    }
    const wanted = s.operands.filter((o) => o.name !== '\0');
    const found = new Set<Bytes>();
    const dir = s.operands[0]?.dir ?? null;
    if (dir !== null && s.mode === 'x') {
      const st = tryCall(() => p.host.vfs.stat(p, dir));
      if (st.errno !== null || st.ok.type !== 'dir') throw new TarError(`tar: ${dir}: Cannot open: ${st.errno === null ? 'Not a directory' : strerror(st.errno)}\ntar: Error is not recoverable: exiting now\n`);
    }
    const later: [Bytes, Member][] = [];
    for (const m of archive.members) {
      const plain = m.name.replace(/\/+$/, '');
      if (wanted.length > 0) {
        const w = wanted.find((o) => plain === o.name.replace(/\/+$/, '') || plain.startsWith(`${o.name.replace(/\/+$/, '')}/`));
        if (w === undefined) continue;
        found.add(w.name);
      }
      if (s.exclude.some((g) => globMatch(g, plain) || globMatch(g, plain.replace(/^.*\//, '')))) continue;
      if (s.mode === 't') {
        yield* write(p, 1, this.line(m));
        continue;
      }
      if (s.verbose > 0) yield* write(p, s.toStdout ? 2 : 1, this.line(m));
      if (s.toStdout) {
        yield* write(p, 1, m.data);
        continue;
      }
      yield* this.unpackOne(m, dir, later);
    }
    for (const [path, m] of later) {
      attempt(() => p.host.vfs.chmod(p, path, m.mode & 0o7777 & (s.preserve || p.uid === 0 ? 0o7777 : ~p.umask)));
      attempt(() => p.host.vfs.utimes(p, path, m.mtime, m.mtime));
    }
    for (const o of wanted) {
      if (found.has(o.name)) continue;
      this.failed = true;
      yield* this.say(`${o.name}: Not found in archive`);
    }
    return yield* this.end();
  }

  private *unpackOne(m: Member, dir: Bytes | null, later: [Bytes, Member][]): Op<void> {
    const { p, s } = this;
    const { vfs } = p.host;
    let name = m.name;
    if (!s.absolute && name.startsWith('/')) {
      if (!this.warnedRoot) yield* this.say("Removing leading `/' from member names");
      this.warnedRoot = true;
      name = name.replace(/^\/+/, '');
    }
    if (s.strip > 0) name = name.split('/').slice(s.strip).join('/');
    if (name === '') return;
    const path = dir === null ? name : joinPath(dir, name);
    const clean = path.replace(/\/+$/, '');
    const fail = function* (this: Job, what: string, e: string): Op<void> {
      this.failed = true;
      yield* this.say(`${name}: Cannot ${what}: ${e}`);
    }.bind(this);
    const parts = clean.split('/');
    for (let i = 1; i < parts.length; i++) {
      const d = parts.slice(0, i).join('/');
      if (d !== '' && tryCall(() => vfs.lstat(p, d)).errno !== null) attempt(() => vfs.mkdir(p, d, 0o777));
    }
    if (m.type === 'dir') {
      const e = attempt(() => vfs.mkdir(p, clean, 0o700));
      if (e !== null && !(e === 'EEXIST' && tryCall(() => vfs.stat(p, clean)).ok?.type === 'dir')) {
        yield* fail('mkdir', strerror(e));
        return;
      }
    } else {
      if (tryCall(() => vfs.lstat(p, clean)).errno === null) {
        if (s.keep) {
          yield* fail('open', 'File exists');
          return;
        }
        const e = attempt(() => vfs.unlink(p, clean));
        if (e !== null) {
          yield* fail('open', strerror(e === 'EISDIR' ? 'EEXIST' : e === 'EPERM' ? 'EPERM' : e));
          return;
        }
      }
      try {
        if (m.type === 'symlink') vfs.symlink(p, m.link, clean);
        else if (m.type === 'link') vfs.link(p, dir === null ? m.link : joinPath(dir, m.link), clean);
        else if (m.type === 'fifo') vfs.mkfifo(p, clean, m.mode);
        else writeFile(p, clean, m.data, false, m.mode & 0o777);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* fail(m.type === 'symlink' ? 'create symlink to' : m.type === 'link' ? 'hard link to' : 'open', e.message);
        return;
      }
    }
    if (p.uid === 0) {
      const uid = users(p).find((u) => u.name === m.user)?.uid ?? m.uid;
      const gid = groups(p).find((g) => g.name === m.group)?.gid ?? m.gid;
      attempt(() => vfs.chown(p, clean, uid, gid, false));
    }
    if (m.type === 'dir') later.unshift([clean, m]);
    else if (m.type === 'file') later.push([clean, m]);
  }
}
