// printenv: prints the environment. Counterpart: coreutils printenv.c.
import { define, put } from './io';
import { table } from './options';

export const printenv = define({
  name: 'printenv',
  summary: 'Print the values of the specified environment VARIABLE(s).',
  path: '/usr/bin/printenv',
  package: 'coreutils',
  options: table('-0 --null: end each output line with NUL, not newline'),
  getopt: { badExit: 2, stopAtOperand: true },
  *run(p, opts, args) {
    const z = opts.has('-0') ? '\0' : '\n';
    if (args.length === 0) {
      yield* put(p, [...p.env].map(([k, v]) => `${k}=${v}${z}`).join(''));
      return 0;
    }
    let status = 0;
    for (const a of args) {
      const v = p.env.get(a);
      if (v === undefined) status = 1;
      else yield* put(p, v + z);
    }
    return status;
  },
});
