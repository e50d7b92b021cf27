// useradd, userdel: add and remove an account. Counterpart: shadow-utils 4.6 (el), 4.13 (Debian); exit statuses are theirs.
// Not modelled: -D, expiry, -p, sub[ug]id, chroot, SELinux users.
import type { Process } from '../host/process';
import { writeFile } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { addRow, changeRow, E, freeId, GROUP, openFiles, PASSWD, redHat, rowOf, SHADOW, today, validName } from './accounts/database';
import { USERADD_USAGE, USERDEL_USAGE } from './accounts/usage';
import { colonRows, joinPath } from './files';
import { attempt, define, Fatal, say } from './io';
import { withHelp } from './options';

const OPTIONS = withHelp(
  '-b --base-dir BASE_DIR: base directory for the home directory of the new account', '-c --comment COMMENT: GECOS field of the new account', '-d --home-dir HOME_DIR: home directory of the new account',
  '!-D --defaults: print or change default useradd configuration', '!-e --expiredate EXPIRE_DATE: expiration date of the new account', '!-f --inactive INACTIVE: password inactivity period of the new account',
  '-g --gid GROUP: name or ID of the primary group of the new account', '-G --groups GROUPS: list of supplementary groups of the new account', '-k --skel SKEL_DIR: use this alternative skeleton directory',
  '!-K --key KEY=VALUE: override /etc/login.defs defaults', '-l --no-log-init: do not add the user to the lastlog and faillog databases', "-m --create-home: create the user's home directory",
  "-M --no-create-home: do not create the user's home directory", '-N --no-user-group: do not create a group with the same name as the user', '-o --non-unique: allow to create users with duplicate (non-unique) UID',
  '!-p --password PASSWORD: encrypted password of the new account', '-r --system: create a system account', '!-R --root CHROOT_DIR: directory to chroot into', '-s --shell SHELL: login shell of the new account',
  '-u --uid UID: user ID of the new account', '-U --user-group: create a group with the same name as the user', '!-Z --selinux-user SEUSER: use a specific SEUSER for the SELinux user mapping',
);

/** Id of a group by name or number, or null. */
export function groupOf(p: Process, text: Bytes): number | null {
  const row = colonRows(p, GROUP).find((r) => r[0] === text || r[2] === text);
  return row === undefined ? null : Number(row[2]);
}

/** Puts a user into groups (or takes him out of all others, with `only`). */
export function setMembership(p: Process, user: Bytes, groups: readonly Bytes[], only: boolean): void {
  for (const r of colonRows(p, GROUP)) {
    const members = (r[3] ?? '').split(',').filter((m) => m !== '');
    const wanted = groups.includes(r[0]!) || groups.includes(r[2]!);
    if (wanted ? members.includes(user) : !only || !members.includes(user)) continue;
    changeRow(p, GROUP, r[0]!, (f) => [f[0]!, f[1]!, f[2]!, (wanted ? [...members, user] : members.filter((m) => m !== user)).join(',')]);
  }
}

function makeHome(p: Process, home: Bytes, skel: Bytes, uid: number, gid: number): void {
  const { vfs } = p.host;
  vfs.mkdir(p, home, 0o700);
  vfs.chown(p, home, uid, gid, true);
  if (attempt(() => vfs.readdir(p, skel)) !== null) return;
  for (const name of vfs.readdir(p, skel)) {
    const text = vfs.read(joinPath(skel, name));
    if (text === null) continue;
    const path = joinPath(home, name);
    writeFile(p, path, text, false, vfs.stat(p, joinPath(skel, name)).mode & 0o7777);
    vfs.chown(p, path, uid, gid, true);
  }
}

export const useradd = define({
  name: 'useradd',
  summary: 'create a new user or update default new user information',
  path: '/usr/sbin/useradd',
  package: 'shadow-utils',
  options: OPTIONS,
  getopt: { badExit: E.USAGE, tryHelp: USERADD_USAGE },
  help: USERADD_USAGE,
  *run(p, opts, args) {
    const el = redHat(p);
    const name = args[0];
    if (name === undefined || args.length > 1) throw new Fatal('Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n', E.USAGE);
    if (!validName(name)) throw new Fatal(`useradd: invalid user name '${name}'${el ? '' : ': use --badname to ignore'}\n`, E.BAD_ARG);
    const given = opts.value('-g');
    const gid = given === null ? null : groupOf(p, given);
    if (given !== null && gid === null) throw new Fatal(`useradd: group '${given}' does not exist\n`, E.NOT_FOUND);
    const more = (opts.value('-G') ?? '').split(',').filter((g) => g !== '');
    for (const g of more) if (groupOf(p, g) === null) throw new Fatal(`useradd: group '${g}' does not exist\n`, E.NOT_FOUND);
    const uidText = opts.value('-u');
    if (uidText !== null && !/^\d+$/.test(uidText)) throw new Fatal(`useradd: invalid user ID '${uidText}'\n`, E.BAD_ARG);
    if (rowOf(p, PASSWD, name) !== undefined) throw new Fatal(`useradd: user '${name}' already exists\n`, E.IN_USE);
    const own = gid === null && !opts.has('-N');
    if (own && rowOf(p, GROUP, name) !== undefined) throw new Fatal(`useradd: group ${name} exists - if you want to add this user to that group, use -g.\n`, E.IN_USE);
    openFiles(p, 'useradd', [PASSWD, SHADOW, GROUP]);
    const [low, high] = opts.has('-r') ? [201, 999] : [1000, 60000];
    const uid = uidText !== null ? Number(uidText) : freeId(p, PASSWD, low, high);
    if (uidText !== null && !opts.has('-o') && colonRows(p, PASSWD).some((r) => Number(r[2]) === uid)) throw new Fatal(`useradd: UID ${uid} is not unique\n`, E.ID_IN_USE);
    const primary = gid ?? (own ? (groupTaken(p, uid) ? freeId(p, GROUP, low, high) : uid) : 100);
    const home = opts.value('-d') ?? joinPath(opts.value('-b') ?? '/home', name);
    const shell = opts.value('-s') ?? (el ? '/bin/bash' : '/bin/sh');
    if (own) addRow(p, GROUP, [name, 'x', primary, '']);
    addRow(p, PASSWD, [name, 'x', uid, primary, opts.value('-c') ?? '', home, shell]);
    addRow(p, SHADOW, [name, el ? '!!' : '!', today(p), 0, 99999, 7, '', '', '']);
    if (more.length > 0) setMembership(p, name, more, false);
    if (!opts.has('-m') && (opts.has('-M') || opts.has('-r') || !el)) return 0;
    if (p.host.vfs.exists(home)) {
      yield* say(p, 'useradd', `warning: the home directory ${el ? '' : `${home} `}already exists.${el ? '\nNot copying any file from skel directory into it.' : ''}`);
      return 0;
    }
    const e = attempt(() => makeHome(p, home, opts.value('-k') ?? '/etc/skel', uid, primary));
    if (e !== null) throw new Fatal(`useradd: cannot create directory ${home}\n`, E.HOMEDIR);
    if (el) attempt(() => {
      writeFile(p, `/var/spool/mail/${name}`, '', false, 0o660);
      p.host.vfs.chown(p, `/var/spool/mail/${name}`, uid, 12, true);
    });
    return 0;
  },
});

const groupTaken = (p: Process, gid: number): boolean => colonRows(p, GROUP).some((r) => Number(r[2]) === gid);

/** Removes a tree; what cannot be removed stays. */
function removeTree(p: Process, path: Bytes): void {
  const { vfs } = p.host;
  const st = vfs.lstat(p, path);
  if (st.type !== 'dir') {
    vfs.unlink(p, path);
    return;
  }
  for (const n of [...vfs.readdir(p, path)]) removeTree(p, joinPath(path, n));
  vfs.rmdir(p, path);
}

export const userdel = define({
  name: 'userdel',
  summary: 'delete a user account and related files',
  path: '/usr/sbin/userdel',
  package: 'shadow-utils',
  options: withHelp("-f --force: force removal of files, even if not owned by user", '-r --remove: remove home directory and mail spool', '!-R --root CHROOT_DIR: directory to chroot into', '!-Z --selinux-user: remove any SELinux user mapping for the user'),
  getopt: { badExit: E.USAGE, tryHelp: USERDEL_USAGE },
  help: USERDEL_USAGE,
  *run(p, opts, args) {
    const name = args[0];
    if (name === undefined || args.length > 1) throw new Fatal('Usage: userdel [options] LOGIN\n', E.USAGE);
    const row = rowOf(p, PASSWD, name);
    if (row === undefined) throw new Fatal(`userdel: user '${name}' does not exist\n`, E.NOT_FOUND);
    const busy = [...p.host.procs.values()].find((q) => q.uid === Number(row[2]) && q.state !== 'Z' && q.uid !== 0);
    if (busy !== undefined && !opts.has('-f')) throw new Fatal(`userdel: user ${name} is currently used by process ${busy.pid}\n`, E.BUSY);
    openFiles(p, 'userdel', [PASSWD, SHADOW, GROUP]);
    changeRow(p, PASSWD, name, () => null);
    changeRow(p, SHADOW, name, () => null);
    setMembership(p, name, [], true);
    const group = rowOf(p, GROUP, name);
    if (group !== undefined && group[2] === row[3] && (group[3] ?? '') === '' && !colonRows(p, PASSWD).some((r) => r[3] === group[2])) changeRow(p, GROUP, name, () => null);
    if (!opts.has('-r')) return 0;
    const spool = redHat(p) ? `/var/spool/mail/${name}` : `/var/mail/${name}`;
    if (attempt(() => p.host.vfs.unlink(p, spool)) !== null) yield* say(p, 'userdel', `${name} mail spool (${spool}) not found`);
    if (!p.host.vfs.exists(row[5]!)) yield* say(p, 'userdel', `${name} home directory (${row[5]}) not found`);
    else if (attempt(() => removeTree(p, row[5]!)) !== null) {
      yield* say(p, 'userdel', `error removing directory ${row[5]}`);
      return E.HOMEDIR;
    }
    return 0;
  },
});
