// install: copies files and sets their attributes. Counterpart: coreutils install.c.
import { strerror } from '../lib/errno';
import { parseOwner } from './chown';
import { Copier, targets } from './copy';
import { dirPart } from './files';
import { attempt, define, Fatal, put, quote, say, tryCall, usageError } from './io';
import { applyMode, parseMode } from './mode';
import { table } from './options';
import type { Bytes } from '../lib/text';

export const install = define({
  name: 'install',
  summary: 'Copy files and set attributes.',
  path: '/usr/bin/install',
  package: 'coreutils',
  options: table('!--backup [CONTROL]: make a backup of each existing destination file', '!-b: like --backup but does not accept an argument', '-c: (ignored)', '!-C --compare: compare content of source and destination files', '-d --directory: treat all arguments as directory names', '-D: create all leading components of DEST', '-g --group GROUP: set group ownership', '-m --mode MODE: set permission mode (as in chmod), instead of rwxr-xr-x', '-o --owner OWNER: set ownership', '-p --preserve-timestamps: apply access/modification times of SOURCE files', '!-s --strip: strip symbol tables', '-t --target-directory DIRECTORY: copy all SOURCE arguments into DIRECTORY', '-T --no-target-directory: treat DEST as a normal file', '-v --verbose: print the name of each created file or directory'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const modeText = opts.value('-m') ?? '755';
    const changes = parseMode(modeText);
    if (changes === null) throw new Fatal(`install: invalid mode ${quote(modeText)}\n`, 1);
    const mode = applyMode(0, false, changes, 0);
    const owner = parseOwner(p, `${opts.value('-o') ?? ''}:${opts.value('-g') ?? ''}`);
    if (typeof owner === 'string') throw new Fatal(`install: invalid ${owner.includes('user') ? 'user' : 'group'}: ${quote(owner.includes('user') ? opts.value('-o')! : opts.value('-g')!)}\n`, 1);
    const { vfs } = p.host;
    let status = 0;
    const makeDirs = function* (path: Bytes) {
      const parts = path.split('/');
      for (let i = 1; i <= parts.length; i++) {
        const d = parts.slice(0, i).join('/');
        if (d === '' || tryCall(() => vfs.stat(p, d)).errno === null) continue;
        const e = attempt(() => vfs.mkdir(p, d, 0o755));
        if (e !== null) {
          status = 1;
          yield* say(p, 'install', `cannot create directory ${quote(d)}: ${strerror(e)}`);
          return;
        }
        if (opts.has('-v')) yield* put(p, `install: creating directory ${quote(d)}\n`);
      }
    };
    const finish = (path: Bytes): void => {
      if (owner.uid >= 0 || owner.gid >= 0) attempt(() => vfs.chown(p, path, owner.uid, owner.gid, true));
      attempt(() => vfs.chmod(p, path, mode));
    };
    if (opts.has('-d')) {
      if (args.length === 0) throw usageError('install', 'missing file operand');
      for (const d of args) {
        yield* makeDirs(d.replace(/\/+$/, ''));
        finish(d);
      }
      return status;
    }
    if (opts.has('-D') && args.length === 2 && !opts.has('-t')) yield* makeDirs(dirPart(args[1]!));
    if (opts.has('-D') && opts.has('-t')) yield* makeDirs(opts.value('-t')!);
    const t = targets(p, args, opts.value('-t'), opts.has('-T'));
    if ('error' in t) throw t.usage ? usageError('install', t.error) : new Fatal(`install: ${t.error}\n`, 1);
    const job = new Copier(p, {
      name: 'install', recursive: false, follow: 'always', preserveMode: false, preserveOwner: false, preserveTimes: opts.has('-p'), force: true, ask: false, noClobber: false, update: false, verbose: opts.has('-v'), hardLink: false, symbolicLink: false, removeDestination: true, backup: null,
    });
    for (const [from, to] of t.pairs) {
      if (tryCall(() => vfs.stat(p, from)).ok?.type === 'dir') {
        status = 1;
        yield* say(p, 'install', `omitting directory ${quote(from)}`);
        continue;
      }
      if (yield* job.copy(from, to, true)) finish(to);
    }
    return Math.max(status, job.status);
  },
});
