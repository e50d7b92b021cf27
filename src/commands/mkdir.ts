// mkdir: makes directories. Counterpart: coreutils mkdir.c.
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { attempt, define, Fatal, put, quote, say, tryCall, usageError } from './io';
import { applyMode, parseMode } from './mode';
import { table } from './options';

export const mkdir = define({
  name: 'mkdir',
  summary: 'Create the DIRECTORY(ies), if they do not already exist.',
  path: '/usr/bin/mkdir',
  package: 'coreutils',
  options: table('-m --mode MODE: set file mode (as in chmod), not a=rwx - umask', '-p --parents: no error if existing, make parent directories as needed', '-v --verbose: print a message for each created directory', '!-Z --context: set SELinux security context'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length === 0) throw usageError('mkdir', 'missing operand');
    const text = opts.value('-m');
    const changes = text === null ? null : parseMode(text);
    if (text !== null && changes === null) throw new Fatal(`mkdir: invalid mode ${quote(text)}\n`, 1);
    let status = 0;
    for (const name of args) {
      const parents: Bytes[] = [];
      if (opts.has('-p')) {
        const parts = name.replace(/\/+$/, '').split(/(?<=[^/])\/+/);
        for (let i = 1; i < parts.length; i++) parents.push(parts.slice(0, i).join('/'));
      }
      let failed = false;
      for (const d of parents) {
        if (tryCall(() => p.host.vfs.stat(p, d)).ok?.type === 'dir') continue;
        const e = attempt(() => p.host.vfs.mkdir(p, d, 0o777));
        if (e !== null) {
          status = 1;
          failed = true;
          yield* say(p, 'mkdir', `cannot create directory ${quote(d)}: ${strerror(e === 'EEXIST' ? 'ENOTDIR' : e)}`);
          break;
        }
        attempt(() => p.host.vfs.chmod(p, d, (0o777 & ~p.umask) | 0o300));
        if (opts.has('-v')) yield* put(p, `mkdir: created directory ${quote(d)}\n`);
      }
      if (failed) continue;
      const e = attempt(() => p.host.vfs.mkdir(p, name, 0o777));
      if (e === 'EEXIST' && opts.has('-p') && tryCall(() => p.host.vfs.stat(p, name)).ok?.type === 'dir') continue;
      if (e !== null) {
        status = 1;
        yield* say(p, 'mkdir', `cannot create directory ${quote(name)}: ${strerror(e)}`);
        continue;
      }
      if (changes !== null) attempt(() => p.host.vfs.chmod(p, name, applyMode(0o777, true, changes, p.umask)));
      if (opts.has('-v')) yield* put(p, `mkdir: created directory ${quote(name)}\n`);
    }
    return status;
  },
});
