// readlink: what a symbolic link says, or a canonical name. Counterpart: coreutils readlink.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { canonical } from './canonical';
import { define, put, quoteIfNeeded, say, tryCall, usageError } from './io';
import { table } from './options';

export const readlink = define({
  name: 'readlink',
  summary: 'Print value of a symbolic link or canonical file name.',
  path: '/usr/bin/readlink',
  package: 'coreutils',
  options: table(
    '-f --canonicalize: canonicalize; all but the last component must exist', '-e --canonicalize-existing: canonicalize; all components must exist', '-m --canonicalize-missing: canonicalize without requirements',
    '-n --no-newline: do not output the trailing delimiter', '-q --quiet -s --silent: suppress most error messages (default)', '-v --verbose: report error messages', '-z --zero: end each output line with NUL, not newline',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('readlink', 'missing operand');
    const how = opts.last('-f', '-e', '-m');
    const end = opts.has('-n') && args.length === 1 ? '' : opts.has('-z') ? '\0' : '\n';
    let status = 0;
    for (const name of args) {
      const r = tryCall<Bytes>(() => (how === null ? p.host.vfs.readlink(p, name) : canonical(p, name, how === '-e' ? 'all' : how === '-f' ? 'but-last' : 'none')));
      if (r.errno !== null) {
        status = 1;
        if (opts.last('-v', '-q') === '-v') yield* say(p, 'readlink', `${quoteIfNeeded(name)}: ${strerror(r.errno)}`);
      } else yield* put(p, r.ok + end);
    }
    return status;
  },
});
