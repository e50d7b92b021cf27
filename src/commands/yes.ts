// yes: a line again and again. Counterpart: coreutils yes.c.
import { spend } from '../host/syscall';
import { define, put } from './io';
import { table } from './options';

export const yes = define({
  name: 'yes',
  summary: "Repeatedly output a line with all specified STRING(s), or 'y'.",
  path: '/usr/bin/yes',
  package: 'coreutils',
  options: table(),
  getopt: { badExit: 1, stopAtOperand: true },
  *run(p, _opts, args) {
    const line = `${args.length > 0 ? args.join(' ') : 'y'}\n`;
    const block = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
    for (;;) {
      yield* put(p, block);
      yield* spend(p, 20);
    }
  },
});
