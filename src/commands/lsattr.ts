// lsattr: shows ext4 attributes. Counterpart: e2fsprogs lsattr.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op } from '../host/process';
import { out } from '../host/syscall';
import { command } from './command';
import { joinPath } from './files';
import { say, tryCall } from './io';
import { table } from './options';

/** Order of lsattr's columns. */
const COLUMNS = 'suSDiadAcEjItTeCxFNPVm';

export const lsattr = command({
  name: 'lsattr',
  summary: 'list file attributes on a Linux second extended file system',
  path: '/usr/bin/lsattr',
  package: 'e2fsprogs',
  options: table('-R: recursively list attributes of directories and their contents', '!-V: display the program version', '-a: list all files in directories, including those that start with .', '-d: list directories like other files', '!-l: print the options using long names', '!-v: list the file\'s version number', '!-p: list the file\'s project number'),
  getopt: { badExit: 1, shortOnly: true, tryHelp: 'Usage: lsattr [-RVadlpv] [files...]\n' },
  *run(p, opts, args) {
    let status = 0;
    const show = (attrs: string): string => [...COLUMNS].map((c) => (attrs.includes(c) ? c : '-')).join('');
    function* one(path: Bytes): Op<void> {
      const a = tryCall(() => p.host.vfs.getAttrs(p, path));
      if (a.errno !== null) {
        status = 1;
        yield* say(p, 'lsattr', `${strerror(a.errno)} While reading flags on ${path}`);
        return;
      }
      yield* out(p, `${show(a.ok)} ${path}\n`);
    }
    function* dir(path: Bytes): Op<void> {
      const names = tryCall(() => p.host.vfs.readdir(p, path));
      if (names.errno !== null) return;
      for (const n of opts.has('-a') ? ['.', '..', ...names.ok] : names.ok) {
        if (n.startsWith('.') && !opts.has('-a')) continue;
        const full = joinPath(path, n);
        const st = tryCall(() => p.host.vfs.lstat(p, full));
        if (st.errno === null && (st.ok.type === 'file' || st.ok.type === 'dir')) yield* one(full);
        if (opts.has('-R') && st.ok?.type === 'dir' && n !== '.' && n !== '..') {
          yield* out(p, `\n${full}:\n`);
          yield* dir(full);
          yield* out(p, '\n');
        }
      }
    }
    for (const path of args.length > 0 ? args : ['.']) {
      const st = tryCall(() => p.host.vfs.lstat(p, path));
      if (st.errno !== null) {
        status = 1;
        yield* say(p, 'lsattr', `${strerror(st.errno)} while trying to stat ${path}`);
      } else if (st.ok.type === 'dir' && !opts.has('-d')) yield* dir(path);
      else yield* one(path);
    }
    return status;
  },
});
