// realpath: resolved absolute names. Counterpart: coreutils realpath.c.
import { strerror } from '../lib/errno';
import { canonical } from './canonical';
import { define, put, quoteIfNeeded, say, tryCall, usageError } from './io';
import { relative } from './ln';
import { table } from './options';

export const realpath = define({
  name: 'realpath',
  summary: 'Print the resolved absolute file name.',
  path: '/usr/bin/realpath',
  package: 'coreutils',
  options: table(
    '-e --canonicalize-existing: all components of the path must exist', '-m --canonicalize-missing: no path components need exist or be a directory', '!-L --logical: resolve .. components before symlinks', '-P --physical: resolve symlinks as encountered (default)',
    '-q --quiet: suppress most error messages', '--relative-to DIR: print the resolved path relative to DIR', '!--relative-base DIR: print absolute paths unless paths below DIR', '-s --strip --no-symlinks: do not expand symlinks', '-z --zero: end each output line with NUL, not newline',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('realpath', 'missing operand');
    const how = opts.last('-e', '-m');
    let status = 0;
    for (const name of args) {
      const r = tryCall(() => canonical(p, name, how === '-e' ? 'all' : how === '-m' ? 'none' : 'but-last', !opts.has('-s')));
      const base = opts.value('--relative-to');
      if (r.errno !== null) {
        status = 1;
        if (!opts.has('-q')) yield* say(p, 'realpath', `${quoteIfNeeded(name)}: ${strerror(r.errno)}`);
      } else yield* put(p, `${base === null ? r.ok : relative(canonical(p, base, 'none'), r.ok)}${opts.has('-z') ? '\0' : '\n'}`);
    }
    return status;
  },
});
