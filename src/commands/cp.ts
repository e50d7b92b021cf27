// cp: copies files and directories. Counterpart: coreutils cp.c.
import { Copier, targets } from './copy';
import { define, Fatal, usageError } from './io';
import { table } from './options';

export const cp = define({
  name: 'cp',
  summary: 'Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.',
  path: '/usr/bin/cp',
  package: 'coreutils',
  options: table(
    '-a --archive: same as -dR --preserve=all', '!--attributes-only: copy just the attributes', '--backup [CONTROL]: make a backup of each existing destination file', '-b: like --backup but does not accept an argument',
    '!--copy-contents: copy contents of special files when recursive', '-d: same as --no-dereference --preserve=links', '-f --force: if an existing destination file cannot be opened, remove it and try again',
    '-i --interactive: prompt before overwrite', '-H: follow command-line symbolic links in SOURCE', '-l --link: hard link files instead of copying', '-L --dereference: always follow symbolic links in SOURCE',
    '-n --no-clobber: do not overwrite an existing file', '-P --no-dereference: never follow symbolic links in SOURCE', '-p: same as --preserve=mode,ownership,timestamps', '--preserve [ATTR_LIST]: preserve the specified attributes',
    '--no-preserve ATTR_LIST: do not preserve the specified attributes', '!--parents: use full source file name under DIRECTORY', '-R -r --recursive: copy directories recursively', '--reflink [WHEN]: control clone/CoW copies',
    '--remove-destination: remove each existing destination file before attempting to open it', '!--sparse WHEN: control creation of sparse files', '!--strip-trailing-slashes: remove any trailing slashes from each SOURCE argument',
    '-s --symbolic-link: make symbolic links instead of copying', '-S --suffix SUFFIX: override the usual backup suffix', '-t --target-directory DIRECTORY: copy all SOURCE arguments into DIRECTORY',
    '-T --no-target-directory: treat DEST as a normal file', '-u --update: copy only when the SOURCE file is newer', '-v --verbose: explain what is being done', '-x --one-file-system: stay on this file system', '!-Z --context: set SELinux security context',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const all = opts.has('-a');
    const recursive = all || opts.has('-R');
    const list = opts.has('--preserve') ? (opts.value('--preserve') ?? 'mode,ownership,timestamps') : '';
    const no = opts.value('--no-preserve') ?? '';
    const keep = (what: string): boolean => (all || opts.has('-p') || list === 'all' || list.split(',').includes(what)) && !no.split(',').includes(what);
    const f = opts.last('-H', '-L', '-P', '-d', '-a');
    const t = targets(p, args, opts.value('-t'), opts.has('-T'));
    if ('error' in t) throw t.usage ? usageError('cp', t.error) : new Fatal(`cp: ${t.error}\n`, 1);
    const overwrite = opts.last('-i', '-n', '-f');
    const job = new Copier(p, {
      name: 'cp', recursive, follow: f === '-L' ? 'always' : f === '-H' ? 'command-line' : f !== null || recursive ? 'never' : 'always',
      preserveMode: keep('mode'), preserveOwner: keep('ownership'), preserveTimes: keep('timestamps'), force: opts.has('-f'), ask: overwrite === '-i' || (opts.has('-i') && overwrite === '-f'),
      noClobber: overwrite === '-n' || (opts.has('-n') && overwrite === '-f' && !opts.has('-i')), update: opts.has('-u'), verbose: opts.has('-v'), hardLink: opts.has('-l'), symbolicLink: opts.has('-s'), removeDestination: opts.has('--remove-destination'),
      backup: opts.has('-b') || opts.has('--backup') || opts.has('-S') ? (opts.value('-S') ?? '~') : null,
    });
    for (const [from, to] of t.pairs) yield* job.copy(from, to, true);
    return job.status;
  },
});
