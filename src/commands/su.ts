// su: another user's shell. Counterpart: util-linux 2.23 su-common.c (el). Root needs no password; others are asked for the target's.
import type { Process } from '../host/process';
import { err, spawn, waitpid } from '../host/syscall';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { passwordFits } from './accounts/crypt';
import { askSecret } from './accounts/prompt';
import { users } from './files';
import { define, Fatal } from './io';
import { table } from './options';
import { shadowField } from './passwd';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';
const USER_PATH = '/usr/local/bin:/usr/bin';

export const su = define({
  name: 'su',
  summary: 'run a command with substitute user and group ID',
  path: '/usr/bin/su',
  package: 'util-linux',
  options: table('-m --preserve-environment: do not reset environment variables', '-p: do not reset environment variables', '!-g --group GROUP: specify the primary group', '!-G --supp-group GROUP: specify a supplemental group', '-l --login: make the shell a login shell', '-c --command COMMAND: pass a single command to the shell with -c', '-f --fast: pass -f to the shell (for csh or tcsh)', '-s --shell SHELL: run shell if /etc/shells allows it'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const words = args[0] === '-' ? args.slice(1) : args;
    const login = opts.has('-l') || args[0] === '-';
    const name = words[0] ?? 'root';
    const user = users(p).find((u) => u.name === name);
    if (user === undefined) throw new Fatal(`su: user ${name} does not exist\n`, 1);
    if (p.uid !== 0) {
      const given = yield* askSecret(p, 'Password: ');
      const field = shadowField(p, name);
      if (given === null || field === '*' || !passwordFits(given, field)) throw new Fatal('su: Authentication failure\n', 1);
    }
    const shell = opts.value('-s') ?? user.shell ?? '/bin/sh';
    const command = opts.value('-c');
    const argv: Bytes[] = [login ? `-${shell.slice(shell.lastIndexOf('/') + 1)}` : shell.slice(shell.lastIndexOf('/') + 1), ...(command === null ? [] : ['-c', command]), ...words.slice(1)];
    let child: Process;
    const uid = p.uid;
    p.uid = user.uid; // whether the shell may be run is asked as the user
    try {
      const env = environment(p, user, login, opts.has('-m') || opts.has('-p'), shell);
      const home = login && p.host.vfs.access(p, user.home, 1) ? user.home : null;
      if (login && home === null) yield* err(p, `su: warning: cannot change directory to ${user.home}: ${p.host.vfs.exists(user.home) ? 'Permission denied' : 'No such file or directory'}\n`);
      child = spawn(p, { path: shell, argv, env, ...(home === null ? {} : { cwd: home }) });
      child.uid = user.uid;
      child.gid = user.gid;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`su: failed to execute ${shell}: ${e.message}\n`, e.errno === 'ENOENT' ? 127 : 126);
    } finally {
      p.uid = uid;
    }
    const ended = yield* waitpid(p, [child.pid]);
    return ended?.status ?? 0;
  },
});

/** The environment of the new shell: a login shell starts afresh, another gets the user's HOME and SHELL, and names unless it is root's. */
function environment(p: Process, user: { name: string; uid: number; home: string }, login: boolean, keep: boolean, shell: Bytes): Map<string, string> {
  const env = login ? new Map<string, string>() : new Map(p.env);
  if (keep && !login) return env;
  const term = p.env.get('TERM');
  if (login && term !== undefined) env.set('TERM', term);
  if (login) env.set('PATH', user.uid === 0 ? SYSTEM_PATH : USER_PATH);
  env.set('HOME', user.home);
  env.set('SHELL', shell);
  if (login || user.uid !== 0) {
    env.set('USER', user.name);
    env.set('LOGNAME', user.name);
  }
  if (login) for (const key of ['LANG', 'MAIL']) if (key === 'MAIL') env.set('MAIL', `/var/spool/mail/${user.name}`);
    else if (p.env.has('LANG')) env.set('LANG', p.env.get('LANG')!);
  return env;
}
