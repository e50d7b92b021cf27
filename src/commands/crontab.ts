// crontab: tables of timed commands, listing only. Counterpart: cron's crontab.c. Not modelled: installing and editing (nothing runs timed commands).
import { readFile } from '../host/syscall';
import { notModelled } from './command';
import { userName, users } from './files';
import { attempt, define, Fatal, put, tryCall } from './io';
import { table } from './options';

export const crontab = define({
  name: 'crontab',
  summary: 'maintain crontab files for individual users',
  path: '/usr/bin/crontab',
  package: 'cron',
  options: table('-u USER: whose crontab', '-l: list the crontab', '-r: remove the crontab', '-i: prompt before deleting', '!-e: edit the crontab', '-n: dry run'),
  getopt: { badExit: 1, tryHelp: 'crontab: usage error: unrecognized option\nusage:\tcrontab [-u user] file\n\tcrontab [ -u user ] [ -i ] { -e | -l | -r }\n\t\t(default operation is replace, per 1003.2)\n\t-e\t(edit user\'s crontab)\n\t-l\t(list user\'s crontab)\n\t-r\t(delete user\'s crontab)\n\t-i\t(prompt before deleting user\'s crontab)\n' },
  *run(p, opts, args) {
    const user = opts.value('-u') ?? userName(p, p.uid) ?? 'root';
    if (!users(p).some((u) => u.name === user)) throw new Fatal(`crontab:  user \`${user}' unknown\n`, 1);
    const dir = tryCall(() => p.host.vfs.stat(p, '/var/spool/cron/crontabs')).errno === null ? '/var/spool/cron/crontabs' : '/var/spool/cron';
    const path = `${dir}/${user}`;
    if (opts.has('-l')) {
      const text = tryCall(() => readFile(p, path));
      if (text.errno !== null) throw new Fatal(`no crontab for ${user}\n`, 1);
      yield* put(p, text.ok);
      return 0;
    }
    if (opts.has('-r')) {
      if (attempt(() => p.host.vfs.unlink(p, path)) !== null) throw new Fatal(`no crontab for ${user}\n`, 1);
      return 0;
    }
    return yield* notModelled(p, 'crontab', args.length > 0 || !opts.has('-n') ? 'installing a crontab' : 'option -n');
  },
});
