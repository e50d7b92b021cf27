// mv: renames or moves files. Counterpart: coreutils mv.c.
import { type Errno, strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Process } from '../host/process';
import { Copier, targets } from './copy';
import { attempt, define, Fatal, isTty, put, quote, say, tryCall, usageError } from './io';
import { table } from './options';

/** Removes what was copied to another file system; the first name that stays, and why. */
function removeTree(p: Process, path: Bytes, dir: boolean): { path: Bytes; errno: Errno } | null {
  const { vfs } = p.host;
  if (dir) {
    const names = tryCall(() => vfs.readdir(p, path));
    for (const name of names.ok ?? []) {
      const inner = `${path}/${name}`;
      const left = removeTree(p, inner, tryCall(() => vfs.lstat(p, inner)).ok?.type === 'dir');
      if (left !== null) return left;
    }
  }
  const errno = attempt(() => (dir ? vfs.rmdir(p, path) : vfs.unlink(p, path)));
  return errno === null ? null : { path, errno };
}

export const mv = define({
  name: 'mv',
  summary: 'Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.',
  path: '/usr/bin/mv',
  package: 'coreutils',
  options: table(
    '--backup [CONTROL]: make a backup of each existing destination file', '-b: like --backup but does not accept an argument', '-f --force: do not prompt before overwriting', '-i --interactive: prompt before overwrite',
    '-n --no-clobber: do not overwrite an existing file', '--strip-trailing-slashes: remove any trailing slashes from each SOURCE argument', '-S --suffix SUFFIX: override the usual backup suffix',
    '-t --target-directory DIRECTORY: move all SOURCE arguments into DIRECTORY', '-T --no-target-directory: treat DEST as a normal file', '-u --update: move only when the SOURCE file is newer', '-v --verbose: explain what is being done',
    '!-Z --context: set SELinux security context',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const { vfs } = p.host;
    const t = targets(p, opts.has('--strip-trailing-slashes') ? args.map((a) => a.replace(/(.)\/+$/, '$1')) : args, opts.value('-t'), opts.has('-T'));
    if ('error' in t) throw t.usage ? usageError('mv', t.error) : new Fatal(`mv: ${t.error}\n`, 1);
    const overwrite = opts.last('-f', '-i', '-n');
    const backup = opts.has('-b') || opts.has('--backup') || opts.has('-S') ? (opts.value('-S') ?? '~') : null;
    let status = 0;
    const fail = function* (text: Bytes) {
      status = 1;
      yield* say(p, 'mv', text);
    };
    const helper = new Copier(p, {
      name: 'mv', recursive: true, follow: 'never', preserveMode: true, preserveOwner: true, preserveTimes: true, force: true, ask: false, noClobber: false, update: false, verbose: false, hardLink: false, symbolicLink: false, removeDestination: false, backup: null,
    });
    for (const [from, to] of t.pairs) {
      const src = tryCall(() => vfs.lstat(p, from));
      if (src.errno !== null) {
        yield* fail(`cannot stat ${quote(from)}: ${strerror(src.errno)}`);
        continue;
      }
      const dst = tryCall(() => vfs.lstat(p, to));
      if (dst.errno === null) {
        if (dst.ok.ino === src.ok.ino && dst.ok.dev === src.ok.dev && from !== to && src.ok.type === 'file' && src.ok.nlink > 1 && backup === null) {
          attempt(() => vfs.unlink(p, from));
          continue;
        }
        if (dst.ok.ino === src.ok.ino && dst.ok.dev === src.ok.dev) {
          yield* fail(`${quote(from)} and ${quote(to)} are the same file`);
          continue;
        }
        if (overwrite === '-n') continue;
        if (opts.has('-u') && dst.ok.mtime >= src.ok.mtime) continue;
        if (dst.ok.type === 'dir' && src.ok.type !== 'dir') {
          yield* fail(`cannot overwrite directory ${quote(to)} with non-directory`);
          continue;
        }
        if (dst.ok.type !== 'dir' && src.ok.type === 'dir') {
          yield* fail(`cannot overwrite non-directory ${quote(to)} with directory ${quote(from)}`);
          continue;
        }
        const protectedFile = overwrite !== '-f' && isTty(p, 0) && !vfs.access(p, to, 2) && dst.ok.type !== 'symlink';
        if (overwrite === '-i' || protectedFile) {
          const mode = (dst.ok.mode & 0o7777).toString(8).padStart(4, '0');
          if (!(yield* helper.ask(protectedFile ? `mv: replace ${quote(to)}, overriding mode ${mode}? ` : `mv: overwrite ${quote(to)}? `))) continue;
        }
        if (backup !== null) attempt(() => vfs.rename(p, to, `${to}${backup}`));
      }
      const e = attempt(() => vfs.rename(p, from, to));
      if (e === 'EINVAL') {
        yield* fail(`cannot move ${quote(from)} to a subdirectory of itself, ${quote(to)}`);
        continue;
      }
      if (e === 'EXDEV') {
        if (!(yield* helper.copy(from, to, true))) {
          status = 1;
          continue;
        }
        const left = removeTree(p, from, src.ok.type === 'dir');
        if (left !== null) {
          yield* fail(`cannot remove ${quote(left.path)}: ${strerror(left.errno)}`);
          status = 1;
        }
      } else if (e !== null) {
        yield* fail(`cannot ${dst.errno === null && e === 'ENOTEMPTY' ? 'move' : 'move'} ${quote(from)} to ${quote(to)}: ${strerror(e)}`);
        continue;
      }
      if (opts.has('-v')) yield* put(p, `renamed ${quote(from)} -> ${quote(to)}${backup !== null && dst.errno === null ? ` (backup: ${quote(`${to}${backup}`)})` : ''}\n`);
    }
    return status;
  },
});
