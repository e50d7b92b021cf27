// tee: copies standard input to files and standard output. Counterpart: coreutils tee.c.
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { write } from '../host/syscall';
import { openWrite } from './files';
import { ByteSource, define, errnoText, quoteIfNeeded, say } from './io';
import { table } from './options';
import { SIG } from '../host/process';

export const tee = define({
  name: 'tee',
  summary: 'Copy standard input to each FILE, and also to standard output.',
  path: '/usr/bin/tee',
  package: 'coreutils',
  options: table('-a --append: append to the given FILEs, do not overwrite', '-i --ignore-interrupts: ignore interrupt signals', '-p: diagnose errors writing to non pipes', '!--output-error [MODE]: set behavior on write error'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (opts.has('-i')) p.ignored.add(SIG.INT);
    let status = 0;
    const outs: { name: Bytes; fd: number }[] = [{ name: 'standard output', fd: 1 }];
    for (const name of args) {
      try {
        outs.push({ name, fd: openWrite(p, name, opts.has('-a')) });
      } catch (e) {
        status = 1;
        yield* say(p, 'tee', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
    }
    const src = new ByteSource(p, 0);
    while (outs.length > 0) {
      const piece = yield* src.next();
      if (piece === '') break;
      for (const o of [...outs]) {
        try {
          yield* write(p, o.fd, piece);
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
          status = 1;
          outs.splice(outs.indexOf(o), 1);
          yield* say(p, 'tee', `${quoteIfNeeded(o.name)}: ${e.message}`);
        }
      }
    }
    return status;
  },
});
