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
import { parseTar, type Settings, TarError, TRY } from './tar_options';
import { endOfArchive, type Member, packMember, unpack } from './tar_format';

export const tar = command({
  name: 'tar',
  summary: 'an archiving utility',
  path: '/usr/bin/tar',
  package: 'tar',
  options: table(
    '-c --create: create a new archive', '-x --extract --get: extract files from an archive', '-t --list: list the contents of an archive', '-r --append: append files to the end of an archive', '!-u --update: only append files newer than copy in archive', '-f --file ARCHIVE: use archive file', '-z --gzip: filter the archive through gzip', '-v --verbose: verbosely list files processed', '-C --directory DIR: change to directory DIR', '-O --to-stdout: extract files to standard output', '-P --absolute-names: don\'t strip leading slashes', '-k --keep-old-files: don\'t replace existing files', '-p --preserve-permissions: extract information about file permissions', '--exclude PATTERN: exclude files', '--strip-components N: strip N leading components', '!-j --bzip2: filter through bzip2', '!-J --xz: filter through xz', '!-T --files-from FILE: get names from FILE', '!-X --exclude-from FILE: exclude patterns listed in FILE', '!-A --catenate: append tar files', '!-d --diff: find differences',
  ),
  getopt: null,
  synopsis: '[OPTION...] [FILE]...',
  *run(p, _opts, args) {
    try {
      const s = parseTar(args);
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
      if (s.strip > 0 && m.name.replace(/\/+$/, '').split('/').length <= s.strip) continue;
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
