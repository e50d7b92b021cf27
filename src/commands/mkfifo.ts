// mkfifo: makes named pipes. Counterpart: coreutils mkfifo.c.
import { strerror } from '../lib/errno';
import { attempt, define, Fatal, quote, say, usageError } from './io';
import { applyMode, parseMode } from './mode';
import { table } from './options';

export const mkfifo = define({
  name: 'mkfifo',
  summary: 'Create named pipes (FIFOs) with the given NAMEs.',
  path: '/usr/bin/mkfifo',
  package: 'coreutils',
  options: table('-m --mode MODE: set file permission bits to MODE, not a=rw - umask', '!-Z --context: set the SELinux security context'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('mkfifo', 'missing operand');
    const text = opts.value('-m');
    const changes = text === null ? null : parseMode(text);
    if (text !== null && changes === null) throw new Fatal('mkfifo: invalid mode\n', 1);
    let status = 0;
    for (const name of args) {
      const e = attempt(() => {
        p.host.vfs.mkfifo(p, name, 0o666);
        if (changes !== null) p.host.vfs.chmod(p, name, applyMode(0o666, false, changes, p.umask));
      });
      if (e === null) continue;
      status = 1;
      yield* say(p, 'mkfifo', `cannot create fifo ${quote(name)}: ${strerror(e)}`);
    }
    return status;
  },
});
