// du: space that files take. Counterpart: coreutils du.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process } from '../host/process';
import type { Stat } from '../host/vfs';
import { joinPath } from './files';
import { globMatch } from './glob';
import { define, Fatal, put, quote, say, Steps, tryCall } from './io';
import { table } from './options';
import { humanSize } from './size_arg';

/** 512-byte blocks under a path, without saying anything. */
export function du1(p: Process, path: Bytes): number {
  const st = tryCall(() => p.host.vfs.lstat(p, path));
  if (st.errno !== null) return 0;
  let n = st.ok.blocks;
  if (st.ok.type === 'dir') for (const name of tryCall(() => p.host.vfs.readdir(p, path)).ok ?? []) n += du1(p, joinPath(path, name));
  return n;
}

export const du = define({
  name: 'du',
  summary: 'Summarize device usage of the set of FILEs, recursively for directories.',
  path: '/usr/bin/du',
  package: 'coreutils',
  options: table('-0 --null: end each output line with NUL, not newline', '-a --all: write counts for all files, not just directories', '--apparent-size: print apparent sizes rather than device usage', '!-B --block-size SIZE: scale sizes by SIZE', '-b --bytes: equivalent to --apparent-size --block-size=1', '-c --total: produce a grand total', '-D --dereference-args: dereference only symlinks that are listed on the command line', '-d --max-depth N: print the total for a directory only if it is N or fewer levels below', '!--files0-from F: summarize usage of the NUL-terminated file names', '-H: equivalent to --dereference-args', '-h --human-readable: print sizes in human readable format', '!--inodes: list inode usage information instead of block usage', '-k: like --block-size=1K', '-L --dereference: dereference all symbolic links', '-l --count-links: count sizes many times if hard linked', '-m: like --block-size=1M', '-P --no-dereference: don\'t follow any symbolic links (default)', '-S --separate-dirs: for directories do not include size of subdirectories', '--si: like -h, but use powers of 1000 not 1024', '-s --summarize: display only a total for each argument', '!-t --threshold SIZE: exclude entries smaller than SIZE', '!--time [WORD]: show time of the last modification', '!-X --exclude-from FILE: exclude files that match any pattern in FILE', '--exclude PATTERN: exclude files that match PATTERN', '-x --one-file-system: skip directories on different file systems'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const depthText = opts.value('-d');
    if (depthText !== null && !/^\d+$/.test(depthText)) throw new Fatal(`du: invalid maximum depth ${quote(depthText)}\nTry 'du --help' for more information.\n`, 1);
    if (opts.has('-s') && opts.has('-a')) throw new Fatal("du: cannot both summarize and show all entries\nTry 'du --help' for more information.\n", 1);
    const depth = opts.has('-s') ? 0 : depthText === null ? Number.POSITIVE_INFINITY : Number(depthText);
    const apparent = opts.has('--apparent-size') || opts.has('-b');
    const last = opts.last('-h', '--si', '-k', '-m', '-b');
    const show = (bytes: number): string => (last === '-h' ? humanSize(bytes) : last === '--si' ? humanSize(bytes, 1000) : last === '-b' ? String(bytes) : String(Math.ceil(bytes / (last === '-m' ? 1048576 : 1024))));
    const end = opts.has('-0') ? '\0' : '\n';
    const seen = new Set<string>();
    const steps = new Steps(p);
    let status = 0;
    let total = 0;
    const size = (st: Stat): number => (apparent ? st.size : st.blocks * 512);
    function* visit(path: Bytes, level: number): Op<number> {
      if (steps.due) yield* steps.pay();
      const follow = opts.has('-L') || ((opts.has('-D') || opts.has('-H')) && level === 0);
      const st = tryCall(() => (follow ? p.host.vfs.stat(p, path) : p.host.vfs.lstat(p, path)));
      if (st.errno !== null) {
        status = 1;
        yield* say(p, 'du', `cannot access ${quote(path)}: ${strerror(st.errno)}`);
        return 0;
      }
      if (opts.all('--exclude').some((g) => globMatch(g, path) || globMatch(g, path.replace(/^.*\//, '')))) return 0;
      const key = `${st.ok.dev}:${st.ok.ino}`;
      if (!opts.has('-l') && (st.ok.nlink > 1 || level === 0) && st.ok.type !== 'dir') {
        if (seen.has(key)) return 0;
        seen.add(key);
      }
      let n = size(st.ok);
      if (st.ok.type === 'dir') {
        if (seen.has(key)) return 0;
        seen.add(key);
        const names = tryCall(() => p.host.vfs.readdir(p, path));
        if (names.errno !== null) {
          status = 1;
          yield* say(p, 'du', `cannot read directory ${quote(path)}: ${strerror(names.errno)}`);
        } else
          for (const name of names.ok) {
            const child = yield* visit(joinPath(path, name), level + 1);
            const isDir = tryCall(() => p.host.vfs.lstat(p, joinPath(path, name))).ok?.type === 'dir';
            if (!(opts.has('-S') && isDir)) n += child;
          }
      }
      if ((st.ok.type === 'dir' || opts.has('-a') || level === 0) && level <= depth) yield* put(p, `${show(n)}\t${path}${end}`);
      return n;
    }
    for (const a of args.length > 0 ? args : ['.']) total += yield* visit(a, 0);
    if (opts.has('-c')) yield* put(p, `${show(total)}\ttotal${end}`);
    return status;
  },
});
