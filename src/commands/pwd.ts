// pwd: the program beside the shell's builtin, for those that start it by name (env, find -execdir, xargs). Counterpart: coreutils pwd.c.
import { define, put, say } from './io';
import { table } from './options';

export const pwd = define({
  name: 'pwd',
  summary: 'Print the full filename of the current working directory.',
  path: '/usr/bin/pwd',
  package: 'coreutils',
  options: table('-L --logical: use PWD from environment, even if it contains symlinks', '-P --physical: avoid all symlinks'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    if (args.length > 0) yield* say(p, 'pwd', 'ignoring non-option arguments');
    const here = p.host.vfs.realpath(p, '.');
    const said = p.env.get('PWD') ?? '';
    const fits = opts.last('-L', '-P') === '-L' && said.startsWith('/') && !/(^|\/)\.\.?(\/|$)/.test(said) && p.host.vfs.realpath(p, said) === here;
    yield* put(p, `${fits ? said : here}\n`);
    return 0;
  },
});
