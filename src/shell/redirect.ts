// Redirections: files, duplicates, here-documents, /dev/tcp. Linux counterpart: bash's redir.c.
import { SysError } from '../lib/errno';
import { closeFd, fileOf, makePipe, releaseFile, setFd } from '../host/syscall';
import { reach } from '../host/nfs/reach';
import type { OpenFile } from '../host/open_file';
import type { Op } from '../host/process';
import type { Bytes } from '../lib/text';
import type { Redir } from './ast';
import { expandString, expandWord } from './expand';
import { statOf } from './files';
import { complain, raw } from './say';
import type { Shell } from './shell';
import { openNetwork } from './dev_tcp';
import { getVar, setVar } from './vars';

/** What stood at a descriptor before a redirection (null: nothing). */
export interface Saved {
  fd: number;
  file: OpenFile | null;
}

/** A redirection that failed; the message is printed. */
export class RedirectFailed extends Error {}

/** Applies redirections to the shell's own descriptors; `saved` gets what to put back. Throws RedirectFailed. */
export function* redirect(sh: Shell, redirs: readonly Redir[], saved: Saved[] | null): Op<void> {
  for (const r of redirs) yield* applyOne(sh, r, saved);
}

/** Puts descriptors back as they were. */
export function restore(sh: Shell, saved: Saved[]): void {
  for (let i = saved.length - 1; i >= 0; i--) {
    const { fd, file } = saved[i]!;
    if (file === null) {
      if (sh.p.fds.has(fd)) closeFd(sh.p, fd);
    } else {
      setFd(sh.p, fd, file);
      releaseFile(sh.p, file);
    }
  }
  saved.length = 0;
}

/** Forgets what was saved (after `exec` made redirections lasting). */
export function forget(sh: Shell, saved: Saved[]): void {
  for (const s of saved) if (s.file !== null) releaseFile(sh.p, s.file);
  saved.length = 0;
}

function save(sh: Shell, fd: number, saved: Saved[] | null): void {
  if (saved === null) return;
  const file = sh.p.fds.get(fd) ?? null;
  if (file !== null) file.refs++;
  saved.push({ fd, file });
}

function* fail(sh: Shell, text: Bytes): Op<never> {
  yield* complain(sh, text);
  throw new RedirectFailed();
}

function* applyOne(sh: Shell, r: Redir, saved: Saved[] | null): Op<void> {
  let fd = r.fd ?? (r.op.startsWith('<') ? 0 : 1);
  if (r.fdVar !== null) {
    if ((r.op === '>&' || r.op === '<&') && r.target?.text === '-') fd = Number(getVar(sh, r.fdVar) ?? -1);
    else {
      fd = 10;
      while (sh.p.fds.has(fd)) fd++;
      setVar(sh, r.fdVar, String(fd));
      saved = null;
    }
  }
  const put = (file: OpenFile, at: number): void => {
    save(sh, at, saved);
    setFd(sh.p, at, file);
  };
  if (r.op === '<<' || r.op === '<<-' || r.op === '<<<') {
    let text: Bytes;
    if (r.op === '<<<') text = `${yield* expandString(sh, r.target!.parts)}\n`;
    else {
      if (r.unclosed !== null) {
        const line = sh.line;
        sh.line = r.unclosed.eofLine;
        yield* raw(sh, `${sh.prefix()}warning: here-document at line ${r.unclosed.line} delimited by end-of-file (wanted \`${r.unclosed.wanted}')\n`);
        sh.line = line;
      }
      text = yield* expandString(sh, r.body!);
    }
    const [read, write] = makePipe(sh.p);
    if (write.kind === 'pipe') {
      write.pipe.data = text;
      write.pipe.writers = 0;
    }
    put(read, fd);
    return;
  }
  const words: Bytes[] = [];
  yield* expandWord(sh, r.target!, words);
  if (words.length !== 1) yield* fail(sh, `${r.target!.text}: ambiguous redirect`);
  const path = words[0]!;
  if (r.op === '>&' || r.op === '<&') {
    if (path === '-') {
      save(sh, fd, saved);
      if (sh.p.fds.has(fd)) closeFd(sh.p, fd);
      return;
    }
    const m = /^(\d+)(-?)$/.exec(path);
    if (m !== null) {
      const from = Number(m[1]);
      const file = sh.p.fds.get(from);
      if (file === undefined) yield* fail(sh, `${m[1]}: Bad file descriptor`);
      if (from !== fd) put(file!, fd);
      else save(sh, fd, saved);
      if (m[2] === '-' && from !== fd) {
        save(sh, from, saved);
        closeFd(sh.p, from);
      }
      return;
    }
    if (r.op === '<&' || r.fd !== null) yield* fail(sh, `${path}: ambiguous redirect`);
  }
  const both = r.op === '&>' || r.op === '&>>' || r.op === '>&';
  if (both) fd = 1;
  const file = yield* openTarget(sh, r.op, path);
  file.refs++;
  put(file, fd);
  if (both) put(fileOf(sh.p, 1), 2);
  file.refs--;
}

function* openTarget(sh: Shell, op: Redir['op'], path: Bytes): Op<OpenFile> {
  const vfs = sh.p.host.vfs;
  try {
    const net = /^\/dev\/(tcp|udp)\/([^/]+)\/([^/]+)$/.exec(path);
    if (net !== null) return yield* openNetwork(sh, net[1] as 'tcp' | 'udp', net[2]!, net[3]!);
    const dup = /^\/dev\/(?:fd\/(\d+)|(stdin|stdout|stderr))$/.exec(path);
    if (dup !== null) {
      const from = dup[1] !== undefined ? Number(dup[1]) : ['stdin', 'stdout', 'stderr'].indexOf(dup[2]!);
      const f = sh.p.fds.get(from);
      if (f !== undefined && f.kind !== 'inode' && f.kind !== 'buffer') return f;
    }
    yield* reach(sh.p, path, { read: op === '<' || op === '<>', list: false, deep: false });
    switch (op) {
      case '<':
        return vfs.open(sh.p, path, { read: true }, 0);
      case '<>':
        return vfs.open(sh.p, path, { read: true, write: true, create: true }, 0o666);
      case '>>':
      case '&>>':
        return vfs.open(sh.p, path, { write: true, append: true, create: true }, 0o666);
      default:
        if (op === '>' && sh.flags.has('C') && statOf(sh, path)?.type === 'file') {
          yield* complain(sh, `${path}: cannot overwrite existing file`);
          throw new RedirectFailed();
        }
        return vfs.open(sh.p, path, { write: true, create: true, truncate: true }, 0o666);
    }
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return yield* fail(sh, `${path}: ${e.message}`);
  }
}
