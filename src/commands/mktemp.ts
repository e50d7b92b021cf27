// mktemp: makes a temporary file or directory. Counterpart: coreutils mktemp.c.
import { strerror } from '../lib/errno';
import { open, closeFd } from '../host/syscall';
import { joinPath } from './files';
import { attempt, define, Fatal, put, quote, usageError } from './io';
import { table } from './options';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const mktemp = define({
  name: 'mktemp',
  summary: 'Create a temporary file or directory, safely, and print its name.',
  path: '/usr/bin/mktemp',
  package: 'coreutils',
  options: table('-d --directory: create a directory, not a file', '-u --dry-run: do not create anything; merely print a name', '-q --quiet: suppress diagnostics about file/dir-creation failure', '--suffix SUFF: append SUFF to TEMPLATE', '-p DIR: interpret TEMPLATE relative to DIR', '--tmpdir [DIR]: interpret TEMPLATE relative to DIR', '-t: interpret TEMPLATE as a single file name component'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length > 1) throw usageError('mktemp', 'too many templates');
    let template = args[0] ?? 'tmp.XXXXXXXXXX';
    const suffix = opts.value('--suffix') ?? '';
    const useDir = args.length === 0 || opts.has('-p') || opts.has('--tmpdir') || opts.has('-t');
    const m = /^(.*?)(X+)([^X]*)$/s.exec(template);
    if (m === null || m[2]!.length < 3) throw new Fatal(`mktemp: too few X's in template ${quote(template)}\n`, 1);
    if (useDir) {
      const dir = opts.value('-p') ?? opts.value('--tmpdir') ?? p.env.get('TMPDIR') ?? '/tmp';
      template = joinPath(dir === '' ? '/tmp' : dir, template);
    }
    const parts = /^(.*?)(X+)([^X/]*)$/s.exec(template)!;
    for (let tries = 0; ; tries++) {
      let middle = '';
      for (let i = 0; i < parts[2]!.length; i++) middle += LETTERS[p.host.world.rng.below(`mktemp/${p.host.name}`, LETTERS.length)]!;
      const name = parts[1]! + middle + parts[3]! + suffix;
      if (opts.has('-u')) {
        yield* put(p, `${name}\n`);
        return 0;
      }
      const e = attempt(() => (opts.has('-d') ? p.host.vfs.mkdir(p, name, 0o700) : closeFd(p, open(p, name, { read: true, write: true, create: true, exclusive: true }, 0o600))));
      if (e === null) {
        yield* put(p, `${name}\n`);
        return 0;
      }
      if (e !== 'EEXIST' || tries > 100) throw new Fatal(opts.has('-q') ? '' : `mktemp: failed to create ${opts.has('-d') ? 'directory' : 'file'} via template ${quote(template + suffix)}: ${strerror(e)}\n`, 1);
    }
  },
});
