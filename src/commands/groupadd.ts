// groupadd, groupdel, usermod: groups, and an account changed later. Counterpart: shadow-utils.
// Not modelled: chroot, passwords of groups, renaming an account.
import { addRow, changeRow, E, freeId, GROUP, openFiles, PASSWD, rowOf, SHADOW, validName } from './accounts/database';
import { GROUPADD_USAGE, GROUPDEL_USAGE, USERMOD_USAGE } from './accounts/usage';
import { colonRows } from './files';
import { define, Fatal, put } from './io';
import { withHelp } from './options';
import { groupOf, setMembership } from './useradd';

export const groupadd = define({
  name: 'groupadd',
  summary: 'create a new group',
  path: '/usr/sbin/groupadd',
  package: 'shadow-utils',
  options: withHelp('-f --force: exit successfully if the group already exists', '-g --gid GID: use GID for the new group', '!-K --key KEY=VALUE: override /etc/login.defs defaults', '-o --non-unique: allow to create groups with duplicate (non-unique) GID', '!-p --password PASSWORD: use this encrypted password for the new group', '-r --system: create a system account', '!-R --root CHROOT_DIR: directory to chroot into'),
  getopt: { badExit: E.USAGE, tryHelp: GROUPADD_USAGE },
  help: GROUPADD_USAGE,
  *run(p, opts, args) {
    const name = args[0];
    if (name === undefined || args.length > 1) throw new Fatal('Usage: groupadd [options] GROUP\n', E.USAGE);
    if (!validName(name)) throw new Fatal(`groupadd: '${name}' is not a valid group name\n`, E.BAD_ARG);
    if (rowOf(p, GROUP, name) !== undefined) {
      if (opts.has('-f')) return 0;
      throw new Fatal(`groupadd: group '${name}' already exists\n`, E.IN_USE);
    }
    const text = opts.value('-g');
    if (text !== null && !/^\d+$/.test(text)) throw new Fatal(`groupadd: invalid group ID '${text}'\n`, E.BAD_ARG);
    if (text !== null && !opts.has('-o') && colonRows(p, GROUP).some((r) => r[2] === text)) throw new Fatal(`groupadd: GID '${text}' already exists\n`, E.ID_IN_USE);
    openFiles(p, 'groupadd', [GROUP]);
    addRow(p, GROUP, [name, 'x', text ?? (opts.has('-r') ? freeId(p, GROUP, 201, 999) : freeId(p, GROUP, 1000, 60000)), '']);
    return 0;
  },
});

export const groupdel = define({
  name: 'groupdel',
  summary: 'delete a group',
  path: '/usr/sbin/groupdel',
  package: 'shadow-utils',
  options: withHelp('!-R --root CHROOT_DIR: directory to chroot into'),
  getopt: { badExit: E.USAGE, tryHelp: GROUPDEL_USAGE },
  help: GROUPDEL_USAGE,
  *run(p, _opts, args) {
    const name = args[0];
    if (name === undefined || args.length > 1) throw new Fatal('Usage: groupdel [options] GROUP\n', E.USAGE);
    const row = rowOf(p, GROUP, name);
    if (row === undefined) throw new Fatal(`groupdel: group '${name}' does not exist\n`, E.NOT_FOUND);
    const user = colonRows(p, PASSWD).find((r) => r[3] === row[2]);
    if (user !== undefined) throw new Fatal(`groupdel: cannot remove the primary group of user '${user[0]}'\n`, E.BUSY);
    openFiles(p, 'groupdel', [GROUP]);
    changeRow(p, GROUP, name, () => null);
    return 0;
  },
});

export const usermod = define({
  name: 'usermod',
  summary: 'modify a user account',
  path: '/usr/sbin/usermod',
  package: 'shadow-utils',
  options: withHelp(
    '-c --comment COMMENT: new value of the GECOS field', '-d --home HOME_DIR: new home directory for the user account', '!-e --expiredate EXPIRE_DATE: set account expiration date to EXPIRE_DATE', '!-f --inactive INACTIVE: set password inactive after expiration to INACTIVE',
    '-g --gid GROUP: force use GROUP as new primary group', '-G --groups GROUPS: new list of supplementary GROUPS', '-a --append: append the user to the supplemental GROUPS mentioned by the -G option', '!-l --login NEW_LOGIN: new value of the login name',
    '-L --lock: lock the user account', '!-m --move-home: move contents of the home directory to the new location', '-o --non-unique: allow using duplicate (non-unique) UID', '!-p --password PASSWORD: use encrypted password for the new password',
    '!-R --root CHROOT_DIR: directory to chroot into', '-s --shell SHELL: new login shell for the user account', '-u --uid UID: new UID for the user account', '-U --unlock: unlock the user account', '!-Z --selinux-user SEUSER: new SELinux user mapping for the user account',
  ),
  getopt: { badExit: E.USAGE, tryHelp: USERMOD_USAGE },
  help: USERMOD_USAGE,
  *run(p, opts, args) {
    const name = args[0];
    if (name === undefined || args.length > 1) throw new Fatal('Usage: usermod [options] LOGIN\n', E.USAGE);
    const row = rowOf(p, PASSWD, name);
    if (row === undefined) throw new Fatal(`usermod: user '${name}' does not exist\n`, E.NOT_FOUND);
    const given = opts.value('-g');
    const gid = given === null ? null : groupOf(p, given);
    if (given !== null && gid === null) throw new Fatal(`usermod: group '${given}' does not exist\n`, E.NOT_FOUND);
    const lists = opts.value('-G');
    const groups = (lists ?? '').split(',').filter((g) => g !== '');
    for (const g of groups) if (groupOf(p, g) === null) throw new Fatal(`usermod: group '${g}' does not exist\n`, E.NOT_FOUND);
    const uid = opts.value('-u');
    if (uid !== null && !opts.has('-o') && uid !== row[2] && colonRows(p, PASSWD).some((r) => r[2] === uid)) throw new Fatal(`usermod: UID '${uid}' already exists\n`, E.ID_IN_USE);
    const next = [row[0]!, row[1]!, uid ?? row[2]!, gid === null ? row[3]! : String(gid), opts.value('-c') ?? row[4]!, opts.value('-d') ?? row[5]!, opts.value('-s') ?? row[6]!];
    const lock = opts.has('-L') || opts.has('-U');
    if (next.join(':') === row.join(':') && !lock && lists === null) {
      yield* put(p, 'usermod: no changes\n');
      return 0;
    }
    openFiles(p, 'usermod', [PASSWD, SHADOW, GROUP]);
    changeRow(p, PASSWD, name, () => next);
    if (lists !== null) setMembership(p, name, groups, !opts.has('-a'));
    if (lock) changeRow(p, SHADOW, name, (f) => [f[0]!, opts.has('-L') ? `!${f[1]!.replace(/^!/, '')}` : f[1]!.replace(/^!/, ''), ...f.slice(2)]);
    return 0;
  },
});
