// basename: the last part of a name. Counterpart: coreutils basename.c.
import { lastPart } from './files';
import { define, put, quote, usageError } from './io';
import { table } from './options';

export const basename = define({
  name: 'basename',
  summary: 'Print NAME with any leading directory components removed.',
  path: '/usr/bin/basename',
  package: 'coreutils',
  options: table('-a --multiple: support multiple arguments and treat each as a NAME', '-s --suffix SUFFIX: remove a trailing SUFFIX; implies -a', '-z --zero: end each output line with NUL, not newline'),
  getopt: { badExit: 1, stopAtOperand: true },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('basename', 'missing operand');
    const multiple = opts.has('-a') || opts.has('-s');
    if (!multiple && args.length > 2) throw usageError('basename', `extra operand ${quote(args[2]!)}`);
    const suffix = multiple ? (opts.value('-s') ?? '') : (args[1] ?? '');
    let o = '';
    for (const name of multiple ? args : [args[0]!]) {
      const base = lastPart(name);
      o += `${suffix !== '' && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length) : base}${opts.has('-z') ? '\0' : '\n'}`;
    }
    yield* put(p, o);
    return 0;
  },
});
