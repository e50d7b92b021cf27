// which: locates a command. Counterpart: debianutils which.
import { define, put } from './io';
import { table } from './options';
import { allOnPath } from './path_search';

export const which = define({
  name: 'which',
  summary: 'Locate a command.',
  path: '/usr/bin/which',
  package: 'debianutils',
  options: table('-a: print all matching pathnames of each argument', '-s: no output, just return 0 if all are found'),
  getopt: { badExit: 2, tryHelp: '', shortOnly: true, unknown: (option) => `Illegal option ${option.slice(0, 2)}`, usage: 'Usage: /usr/bin/which [-a] args\n' },
  *run(p, opts, args) {
    if (args.length === 0) return 1;
    let status = 0;
    for (const name of args) {
      const found = allOnPath(p, name);
      if (found.length === 0) status = 1;
      else if (!opts.has('-s')) yield* put(p, (opts.has('-a') ? found : found.slice(0, 1)).map((f) => `${f}\n`).join(''));
    }
    return status;
  },
});
