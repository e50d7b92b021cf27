// sudo(8) 1.8.23: a command as another user, for root and for members of wheel (the %wheel line of /etc/sudoers as CentOS 7 ships it).
// Not modelled: other lines of /etc/sudoers, tickets (the password is asked every time), logs.
import { err, spawn, waitpid } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import { passwordFits } from './accounts/crypt';
import { askSecret } from './accounts/prompt';
import { groups, users } from './files';
import { define, Fatal } from './io';
import { table } from './options';
import { findOnPath } from './path_search';
import { shadowField } from './passwd';

const SECURE_PATH = '/sbin:/bin:/usr/sbin:/usr/bin';
const USAGE = 'usage: sudo -h | -K | -k | -V\nusage: sudo -v [-AknS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-AknS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command]\nusage: sudo [-AbEHknPS] [-r role] [-t type] [-C num] [-g group] [-h host] [-p prompt] [-T timeout] [-u user] [VAR=value] [-i|-s] [<command>]\nusage: sudo -e [-AknS] [-r role] [-t type] [-C num] [-g group] [-h host] [-p prompt] [-T timeout] [-u user] file ...\n';

export const sudo = define({
  name: 'sudo',
  summary: 'execute a command as another user',
  path: '/usr/bin/sudo',
  package: 'sudo',
  options: table('-u --user USER: run command as specified user name', '-i --login: run login shell as the target user', '-s --shell: run shell as the target user', '-n --non-interactive: non-interactive mode, no prompts are used', '-E --preserve-env: preserve user environment when running command', '-H --set-home: set HOME variable to target user\'s home dir', '!-b --background: run command in the background', '!-l --list: list user\'s privileges', '!-e --edit: edit files instead of running a command', '!-k --reset-timestamp: invalidate timestamp file', '!-v --validate: update user\'s timestamp', '!-g --group GROUP: run command as the specified group', '!-p --prompt PROMPT: use the specified password prompt', '!-S --stdin: read password from standard input', '!-A --askpass: use a helper program for password prompting'),
  getopt: { badExit: 1, stopAtOperand: true, tryHelp: USAGE },
  *run(p, opts, args) {
    const shellWanted = opts.has('-i') || opts.has('-s');
    if (args.length === 0 && !shellWanted) throw new Fatal(USAGE, 1);
    const name = opts.value('-u') ?? 'root';
    const user = users(p).find((u) => u.name === name);
    if (user === undefined) throw new Fatal(`sudo: unknown user: ${name}\nsudo: unable to initialize policy plugin\n`, 1);
    const me = users(p).find((u) => u.uid === p.uid)?.name ?? String(p.uid);
    if (p.uid !== 0) {
      if (opts.has('-n')) throw new Fatal('sudo: a password is required\n', 1);
      for (let tries = 1; ; tries++) {
        const given = yield* askSecret(p, `[sudo] password for ${me}: `);
        if (given !== null && passwordFits(given, shadowField(p, me))) break;
        if (given === null || tries === 3) throw new Fatal(`sudo: ${tries} incorrect password attempt${tries === 1 ? '' : 's'}\n`, 1);
        yield* err(p, 'Sorry, try again.\n');
      }
      if (!(groups(p).find((g) => g.name === 'wheel')?.members.includes(me) ?? false)) throw new Fatal(`${me} is not in the sudoers file.  This incident will be reported.\n`, 1);
    }
    const env = new Map(opts.has('-E') && !opts.has('-i') ? p.env : [...p.env].filter(([k]) => ['TERM', 'LANG', 'PS1', 'PS2', 'HOSTNAME', 'HISTSIZE', 'LS_COLORS', 'DISPLAY'].includes(k)));
    for (const [k, v] of [['PATH', SECURE_PATH], ['HOME', user.home], ['MAIL', `/var/spool/mail/${name}`], ['SHELL', user.shell], ['USER', name], ['LOGNAME', name], ['USERNAME', name], ['SUDO_USER', me], ['SUDO_UID', String(p.uid)], ['SUDO_GID', String(p.gid)], ['SUDO_COMMAND', args.join(' ')]] as const) env.set(k, v);
    const words = [...args];
    while (!shellWanted && /^[A-Za-z_]\w*=/.test(words[0] ?? '')) { const w = words.shift()!; env.set(w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)); }
    const shell = user.shell === '' ? '/bin/sh' : user.shell;
    const base = shell.slice(shell.lastIndexOf('/') + 1);
    const quoted = words.map((w) => w.replace(/[^A-Za-z0-9_$-]/g, '\\$&')).join(' '); // as sudo's parse_args() escapes them for -c
    const argv = shellWanted ? [opts.has('-i') ? `-${base}` : base, ...(words.length > 0 ? ['-c', quoted] : [])] : words;
    const path = shellWanted ? shell : findOnPath(p, words[0]!, SECURE_PATH);
    if (path === null) throw new Fatal(`sudo: ${words[0]}: command not found\n`, 1);
    const before = { uid: p.uid, gid: p.gid };
    p.uid = user.uid;
    p.gid = user.gid;
    try {
      const child = spawn(p, { path, argv, env, ...(opts.has('-i') ? { cwd: user.home } : {}) });
      child.uid = user.uid;
      child.gid = user.gid;
      p.uid = before.uid;
      p.gid = before.gid;
      return (yield* waitpid(p, [child.pid]))?.status ?? 0;
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      throw new Fatal(`sudo: unable to execute ${path}: ${strerror(e.errno)}\n`, 1);
    } finally {
      p.uid = before.uid;
      p.gid = before.gid;
    }
  },
});
