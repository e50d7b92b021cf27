// ln: makes links. Counterpart: coreutils ln.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { dirPart, joinPath, lastPart } from './files';
import { attempt, define, Fatal, LineSource, put, quote, say, tryCall, usageError } from './io';
import { table } from './options';
import { err } from '../host/syscall';

export const ln = define({
  name: 'ln',
  summary: 'Make links between files.',
  path: '/usr/bin/ln',
  package: 'coreutils',
  options: table(
    '--backup [CONTROL]: make a backup of each existing destination file', '-b: like --backup but does not accept an argument', '-d -F --directory: allow the superuser to attempt to hard link directories', '-f --force: remove existing destination files',
    '-i --interactive: prompt whether to remove destinations', '-L --logical: dereference TARGETs that are symbolic links', '-n --no-dereference: treat LINK_NAME as a normal file if it is a symbolic link to a directory',
    '-P --physical: make hard links directly to symbolic links', '-r --relative: with -s, create links relative to link location', '-s --symbolic: make symbolic links instead of hard links', '-S --suffix SUFFIX: override the usual backup suffix',
    '-t --target-directory DIRECTORY: specify the DIRECTORY in which to create the links', '-T --no-target-directory: treat LINK_NAME as a normal file always', '-v --verbose: print name of each linked file',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const { vfs } = p.host;
    const directory = opts.value('-t');
    if (args.length === 0) throw usageError('ln', 'missing file operand');
    if (opts.has('-T') && args.length !== 2) throw usageError('ln', args.length < 2 ? `missing destination file operand after ${quote(args[0]!)}` : `extra operand ${quote(args[2]!)}`);
    const into = directory ?? (args.length === 1 ? '.' : args[args.length - 1]!);
    const st = tryCall(() => (opts.has('-n') && args.length === 2 ? vfs.lstat(p, into) : vfs.stat(p, into)));
    const isDir = !opts.has('-T') && st.errno === null && st.ok.type === 'dir';
    const sources = directory === null && args.length > 1 ? args.slice(0, -1) : args;
    if (!isDir && (sources.length > 1 || directory !== null)) throw new Fatal(`ln: target ${directory !== null ? 'directory ' : ''}${quote(into)}: ${st.errno === null ? 'Not a directory' : strerror(st.errno)}\n`, 1);
    const soft = opts.has('-s');
    const backup = opts.has('-b') || opts.has('--backup') || opts.has('-S') ? (opts.value('-S') ?? '~') : null;
    const answers = new LineSource(p, 0);
    let status = 0;
    for (const source of sources) {
      const to = isDir ? joinPath(into, lastPart(source)).replace(/^\.\/(?=.)/, args.length === 1 ? './' : './') : into;
      const shownTo = isDir && args.length === 1 && directory === null ? to : to;
      const fail = function* (text: Bytes) {
        status = 1;
        yield* say(p, 'ln', text);
      };
      let from = source;
      if (!soft) {
        const s = tryCall(() => (opts.has('-L') ? vfs.stat(p, source) : vfs.lstat(p, source)));
        if (s.errno !== null) {
          yield* fail(`failed to access ${quote(source)}: ${strerror(s.errno)}`);
          continue;
        }
        if (s.ok.type === 'dir' && !opts.has('-d')) {
          yield* fail(`${source}: hard link not allowed for directory`);
          continue;
        }
        if (opts.has('-L')) from = vfs.realpath(p, source);
      } else if (opts.has('-r')) from = relative(tryCall(() => vfs.realpath(p, dirPart(to))).ok ?? '/', tryCall(() => vfs.realpath(p, source)).ok ?? absolute(p.cwd, source));
      const old = tryCall(() => vfs.lstat(p, to));
      if (old.errno === null) {
        if (opts.has('-i')) {
          yield* err(p, `ln: replace ${quote(to)}? `);
          const a = yield* answers.batch();
          if (a === null || !/^[yY]/.test(a[0]!)) continue;
        }
        const same = !soft && tryCall(() => vfs.lstat(p, source)).ok?.ino === old.ok.ino;
        if ((opts.has('-f') || opts.has('-i')) && same) {
          yield* fail(`${quote(source)} and ${quote(to)} are the same file`);
          continue;
        }
        if (backup !== null) attempt(() => vfs.rename(p, to, `${to}${backup}`));
        else if (opts.has('-f') || opts.has('-i')) {
          if (old.ok.type === 'dir') {
            yield* fail(`${to}: cannot overwrite directory`);
            continue;
          }
          attempt(() => vfs.unlink(p, to));
        }
      }
      const e = attempt(() => (soft ? vfs.symlink(p, from, to) : vfs.link(p, from, to)));
      if (e !== null) {
        yield* fail(soft ? `failed to create symbolic link ${quote(shownTo)}: ${strerror(e)}` : `failed to create hard link ${quote(shownTo)}${e === 'EEXIST' ? '' : ` => ${quote(source)}`}: ${strerror(e)}`);
        continue;
      }
      if (opts.has('-v')) yield* put(p, `${quote(to)} ${soft ? '->' : '=>'} ${quote(from)}\n`);
    }
    return status;
  },
});

const absolute = (cwd: Bytes, path: Bytes): Bytes => (path.startsWith('/') ? path : joinPath(cwd, path));

/** The way from directory `base` to `target`, both absolute and free of links. */
export function relative(base: Bytes, target: Bytes): Bytes {
  const a = base.split('/').filter((x) => x !== '');
  const b = target.split('/').filter((x) => x !== '');
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return [...a.slice(i).map(() => '..'), ...b.slice(i)].join('/') || '.';
}
