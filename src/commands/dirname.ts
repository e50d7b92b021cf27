// dirname: a name without its last part. Counterpart: coreutils dirname.c.
import { dirPart } from './files';
import { define, put, usageError } from './io';
import { table } from './options';

export const dirname = define({
  name: 'dirname',
  summary: 'Output each NAME with its last non-slash component and trailing slashes removed.',
  path: '/usr/bin/dirname',
  package: 'coreutils',
  options: table('-z --zero: end each output line with NUL, not newline'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('dirname', 'missing operand');
    yield* put(p, args.map((a) => dirPart(a) + (opts.has('-z') ? '\0' : '\n')).join(''));
    return 0;
  },
});
