// rmdir: removes empty directories. Counterpart: coreutils rmdir.c.
import { strerror } from '../lib/errno';
import { attempt, define, put, quote, say, usageError } from './io';
import { table } from './options';

export const rmdir = define({
  name: 'rmdir',
  summary: 'Remove the DIRECTORY(ies), if they are empty.',
  path: '/usr/bin/rmdir',
  package: 'coreutils',
  options: table('--ignore-fail-on-non-empty: ignore each failure solely because a directory is non-empty', '-p --parents: remove DIRECTORY and its ancestors', '-v --verbose: output a diagnostic for every directory processed'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('rmdir', 'missing operand');
    let status = 0;
    for (const name of args) {
      let dir = name;
      for (let first = true; ; first = false) {
        if (opts.has('-v')) yield* put(p, `rmdir: removing directory, ${quote(dir)}\n`);
        const e = attempt(() => p.host.vfs.rmdir(p, dir));
        if (e !== null) {
          if (e === 'ENOTEMPTY' && opts.has('--ignore-fail-on-non-empty')) break;
          status = 1;
          yield* say(p, 'rmdir', `failed to remove ${first ? '' : 'directory '}${quote(dir)}: ${strerror(e)}`);
          break;
        }
        const cut = dir.replace(/\/+$/, '').lastIndexOf('/');
        if (!opts.has('-p') || cut <= 0) break;
        dir = dir.slice(0, cut).replace(/\/+$/, '');
        if (dir === '') break;
      }
    }
    return status;
  },
});
