// Copying a tree, shared by cp, mv (between places it cannot rename) and install. Counterpart: coreutils copy.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import { closeFd, err, open, write } from '../host/syscall';
import type { Stat } from '../host/vfs';
import { dirPart, joinPath, lastPart } from './files';
import { attempt, ByteSource, LineSource, put, quote, say, tryCall } from './io';

export interface CopyOptions {
  name: string;
  recursive: boolean;
  /** 'never' keeps links as links, 'always' follows, 'command-line' only those named. */
  follow: 'never' | 'always' | 'command-line';
  preserveMode: boolean;
  preserveOwner: boolean;
  preserveTimes: boolean;
  force: boolean;
  ask: boolean;
  noClobber: boolean;
  update: boolean;
  verbose: boolean;
  hardLink: boolean;
  symbolicLink: boolean;
  removeDestination: boolean;
  /** Suffix of a simple backup; null for none. */
  backup: string | null;
}

/** State of one cp run. */
export class Copier {
  status = 0;
  private readonly answers: LineSource;
  private readonly made = new Set<string>();
  /** Where hard-linked sources were copied to. */
  private readonly links = new Map<string, Bytes>();
  constructor(
    private readonly p: Process,
    private readonly o: CopyOptions,
  ) {
    this.answers = new LineSource(p, 0);
  }

  *failed(text: Bytes): Op<boolean> {
    this.status = 1;
    yield* say(this.p, this.o.name, text);
    return false;
  }

  *ask(question: Bytes): Op<boolean> {
    yield* err(this.p, question);
    const lines = yield* this.answers.batch();
    return lines !== null && /^[yY]/.test(lines[0]!);
  }

  /** Copies `from` to exactly `to`. */
  *copy(from: Bytes, to: Bytes, top: boolean): Op<boolean> {
    const { p, o } = this;
    const { vfs } = p.host;
    const follows = o.follow === 'always' || (top && o.follow === 'command-line');
    const src = tryCall(() => (follows ? vfs.stat(p, from) : vfs.lstat(p, from)));
    if (src.errno !== null) return yield* this.failed(`cannot stat ${quote(from)}: ${strerror(src.errno)}`);
    const st = src.ok;
    if (st.type === 'dir' && !o.recursive) return yield* this.failed(`-r not specified; omitting directory ${quote(from)}`);
    const dst = tryCall(() => vfs.stat(p, to));
    const dstLink = tryCall(() => vfs.lstat(p, to));
    const exists = dstLink.errno === null;
    if (exists && dst.errno === null && dst.ok.ino === st.ino && dst.ok.dev === st.dev && !(o.hardLink || o.symbolicLink) && !(o.backup !== null && st.type === 'file')) {
      if (!(st.type === 'symlink' && !follows)) return yield* this.failed(`${quote(from)} and ${quote(to)} are the same file`);
    }
    if (exists && st.type !== 'dir' && dst.ok?.type === 'dir') return yield* this.failed(`cannot overwrite directory ${quote(to)} with non-directory${top ? '' : ` ${quote(from)}`}`);
    if (exists && st.type === 'dir' && dst.errno === null && dst.ok.type !== 'dir') return yield* this.failed(`cannot overwrite non-directory ${quote(to)} with directory ${quote(from)}`);
    if (exists && st.type !== 'dir') {
      if (o.noClobber) return true;
      if (o.update && dst.errno === null && dst.ok.mtime >= st.mtime) return true;
      if (o.ask && !(yield* this.ask(`${o.name}: overwrite ${quote(to)}? `))) return false;
      if (this.made.has(to)) return yield* this.failed(`will not overwrite just-created ${quote(to)} with ${quote(from)}`);
      if (o.backup !== null) attempt(() => vfs.rename(p, to, `${to}${o.backup}`));
      else if (o.removeDestination || o.hardLink || o.symbolicLink) {
        if ((o.hardLink || o.symbolicLink) && !o.force && !o.removeDestination) return yield* this.failed(`cannot create ${o.hardLink ? 'hard' : 'symbolic'} link ${quote(to)}${o.hardLink ? ` to ${quote(from)}` : ''}: File exists`);
        attempt(() => vfs.unlink(p, to));
      }
    }
    if (st.type === 'dir') return yield* this.directory(from, to, st, dst.errno === null, top);
    let e: ReturnType<typeof attempt> = null;
    const key = `${st.dev}:${st.ino}`;
    const known = this.links.get(key);
    if (o.hardLink || (known !== undefined && o.preserveOwner && st.nlink > 1)) {
      e = attempt(() => vfs.link(p, o.hardLink ? from : known!, to));
      if (e !== null) return yield* this.failed(`cannot create hard link ${quote(to)} to ${quote(from)}: ${strerror(e)}`);
    } else if (o.symbolicLink) {
      e = attempt(() => vfs.symlink(p, from, to));
      if (e !== null) return yield* this.failed(`cannot create symbolic link ${quote(to)} to ${quote(from)}: ${strerror(e)}`);
    } else if (st.type === 'symlink') {
      const text = vfs.readlink(p, from);
      if (exists) attempt(() => vfs.unlink(p, to));
      e = attempt(() => vfs.symlink(p, text, to));
      if (e !== null) return yield* this.failed(`cannot create symbolic link ${quote(to)}: ${strerror(e)}`);
      if (o.preserveOwner) attempt(() => vfs.chown(p, to, st.uid, st.gid, false));
    } else if (st.type === 'fifo' && o.recursive) {
      e = attempt(() => vfs.mkfifo(p, to, st.mode & 0o7777));
      if (e !== null) return yield* this.failed(`cannot create fifo ${quote(to)}: ${strerror(e)}`);
    } else if (!(yield* this.content(from, to, st, exists && dst.errno === null))) return false;
    this.links.set(key, to);
    this.made.add(to);
    if (o.verbose) yield* put(p, `${quote(from)} -> ${quote(to)}${o.backup !== null && exists ? ` (backup: ${quote(`${to}${o.backup}`)})` : ''}\n`);
    return true;
  }

  private *content(from: Bytes, to: Bytes, st: Stat, exists: boolean): Op<boolean> {
    const { p, o } = this;
    const { vfs } = p.host;
    const input = tryCall(() => open(p, from, { read: true }));
    if (input.errno !== null) return yield* this.failed(`cannot open ${quote(from)} for reading: ${strerror(input.errno)}`);
    const mode = st.mode & 0o777;
    let output = tryCall(() => open(p, to, { write: true, create: true, truncate: true }, o.preserveMode ? mode & 0o700 : mode));
    if (output.errno !== null && exists && o.force && attempt(() => vfs.unlink(p, to)) === null) output = tryCall(() => open(p, to, { write: true, create: true, truncate: true }, mode));
    if (output.errno !== null) {
      closeFd(p, input.ok);
      const created = !exists && tryCall(() => vfs.lstat(p, to)).errno === null;
      const slash = to.endsWith('/') && output.errno === 'EISDIR';
      return yield* this.failed(created ? `not writing through dangling symlink ${quote(to)}` : `cannot create regular file ${quote(to)}: ${slash ? (tryCall(() => vfs.stat(p, dirPart(to))).errno === null ? 'Not a directory' : 'No such file or directory') : strerror(output.errno)}`);
    }
    const src = new ByteSource(p, input.ok);
    try {
      for (;;) {
        const piece = yield* src.next();
        if (piece === '') break;
        yield* write(p, output.ok, piece);
      }
    } finally {
      if (p.fds.has(input.ok)) closeFd(p, input.ok);
      if (p.fds.has(output.ok)) closeFd(p, output.ok);
    }
    this.attributes(to, st);
    return true;
  }

  private attributes(to: Bytes, st: Stat): void {
    const { p, o } = this;
    if (o.preserveTimes) attempt(() => p.host.vfs.utimes(p, to, st.atime, st.mtime));
    if (o.preserveOwner) attempt(() => p.host.vfs.chown(p, to, st.uid, st.gid, true));
    if (o.preserveMode) attempt(() => p.host.vfs.chmod(p, to, st.mode & 0o7777));
  }

  private *directory(from: Bytes, to: Bytes, st: Stat, exists: boolean, top: boolean): Op<boolean> {
    const { p, o } = this;
    const { vfs } = p.host;
    const realFrom = tryCall(() => vfs.realpath(p, from)).ok ?? from;
    const parent = tryCall(() => vfs.realpath(p, exists ? to : to.replace(/\/+$/, '').includes('/') ? to.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/' : '.')).ok;
    if (parent !== null && (parent === realFrom || parent.startsWith(realFrom === '/' ? '/' : `${realFrom}/`))) {
      yield* this.failed(`cannot copy a directory, ${quote(from)}, into itself, ${quote(to)}`);
      return false;
    }
    if (!exists) {
      const e = attempt(() => vfs.mkdir(p, to, o.preserveMode ? (st.mode & 0o7777) | 0o700 : (st.mode & 0o7777) | 0o700));
      if (e !== null) return yield* this.failed(`cannot create directory ${quote(to)}: ${strerror(e)}`);
      if (o.verbose) yield* put(p, `${quote(from)} -> ${quote(to)}\n`);
    }
    const names = tryCall(() => vfs.readdir(p, from));
    if (names.errno !== null) return yield* this.failed(`cannot access ${quote(from)}: ${strerror(names.errno)}`);
    let all = true;
    for (const n of [...names.ok]) if (!(yield* this.copy(joinPath(from, n), joinPath(to, n), false))) all = false;
    if (!exists) {
      if (o.preserveMode || o.preserveOwner || o.preserveTimes) this.attributes(to, st);
      else attempt(() => vfs.chmod(p, to, st.mode & 0o777 & ~p.umask));
    }
    return all || !top;
  }
}

/** Where to copy or move things to. */
export interface Targets {
  pairs: [Bytes, Bytes][];
}

/** Resolves `SOURCE... DEST`, -t and -T as cp, mv, ln and install do; gives an error text instead when that fails. */
export function targets(p: Process, args: readonly Bytes[], directory: Bytes | null, noDirectory: boolean): Targets | { error: Bytes; usage: boolean } {
  if (args.length === 0) return { error: 'missing file operand', usage: true };
  if (directory === null && args.length === 1) return { error: `missing destination file operand after ${quote(args[0]!)}`, usage: true };
  if (noDirectory && args.length > 2) return { error: `extra operand ${quote(args[2]!)}`, usage: true };
  const into = directory ?? args[args.length - 1]!;
  const st = tryCall(() => p.host.vfs.stat(p, into));
  if (directory !== null && (st.errno !== null || st.ok.type !== 'dir')) return { error: `target directory ${quote(into)}: ${st.errno === null ? 'Not a directory' : strerror(st.errno)}`, usage: false };
  const sources = directory === null ? args.slice(0, -1) : args;
  if (!noDirectory && st.errno === null && st.ok.type === 'dir') return { pairs: sources.map((s) => [s, joinPath(into, lastPart(s) === '..' || /(^|\/)\.\/*$/.test(s) ? '.' : lastPart(s)).replace(/\/\.$/, '')]) };
  if (sources.length > 1) return { error: `target ${quote(into)}: ${st.errno === null ? 'Not a directory' : strerror(st.errno)}`, usage: false };
  return { pairs: [[sources[0]!, into]] };
}

