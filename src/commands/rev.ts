// rev: reverses lines. Counterpart: util-linux rev.c.
import { define } from './io';
import { filterLines } from './line_filter';
import { table } from './options';

export const rev = define({
  name: 'rev',
  summary: 'Reverse lines characterwise.',
  path: '/usr/bin/rev',
  package: 'util-linux',
  suite: 'from util-linux 2.38.1',
  options: table('-0 --zero: use the zero byte as line separator'),
  getopt: { badExit: 1, tryHelp: "Try 'rev --help' for more information.\n" },
  *run(p, opts, args) {
    const separator = opts.has('-0') ? '\0' : '\n';
    return yield* filterLines(p, args, {
      name: 'rev',
      separator,
      line: (text, ended) => [...text].reverse().join('') + (ended ? separator : ''),
      openError: (name, text) => `cannot open ${name}: ${text}`,
    });
  },
});
