// passwd: sets, locks, removes or shows a password. Counterpart: passwd 0.79 (el) with pam_unix and pam_pwquality; hashes are SHA-256 crypt ("$5$").
// Not modelled: ageing (-n -x -w -i -e -k).
import type { Op, Process } from '../host/process';
import { readAll } from '../host/syscall';
import { civil, two } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import { newSalt, passwordFits, sha256Crypt } from './accounts/crypt';
import { changeRow, PASSWD, rowOf, SHADOW, today } from './accounts/database';
import { askSecret } from './accounts/prompt';
import { colonRows } from './files';
import { define, Fatal, put, say } from './io';
import { table } from './options';

const MANIPULATION = 'passwd: Authentication token manipulation error\n';

/** What pam_pwquality has against a password; null for nothing. */
function weakness(password: Bytes, user: Bytes): string | null {
  if (password === '') return 'No password supplied';
  if (password.length < 8) return 'BAD PASSWORD: The password is shorter than 8 characters';
  if (password.toLowerCase().includes(user.toLowerCase())) return 'BAD PASSWORD: The password contains the user name in some form';
  if (new Set(password).size < 5) return 'BAD PASSWORD: The password contains less than 5 unique characters';
  return /^(?:password|12345678|qwertyui)/i.test(password) ? 'BAD PASSWORD: The password fails the dictionary check - it is based on a dictionary word' : null;
}

/** Writes the password field of /etc/shadow. Throws Fatal when the file may not be written. */
function setField(p: Process, user: Bytes, field: (old: Bytes) => Bytes): void {
  // The program is setuid root: the file is root's, whoever calls.
  const uid = p.uid;
  p.uid = 0;
  try {
    if (!p.host.vfs.access(p, SHADOW, 2)) throw new Fatal(MANIPULATION, 1);
    changeRow(p, SHADOW, user, (f) => [f[0]!, field(f[1]!), String(today(p)), ...f.slice(3)]);
  } finally {
    p.uid = uid;
  }
}

/** A row of /etc/shadow as root sees it. */
export function shadowField(p: Process, user: Bytes): Bytes {
  const text = p.host.vfs.read(SHADOW) ?? '';
  return text.split('\n').map((l) => l.split(':')).find((f) => f[0] === user)?.[1] ?? '*';
}

function* ask(p: Process, user: Bytes): Op<Bytes> {
  if (p.uid !== 0) {
    const current = yield* askSecret(p, '(current) UNIX password: ');
    if (!passwordFits(current ?? '', shadowField(p, user))) throw new Fatal(MANIPULATION, 1);
  }
  const first = yield* askSecret(p, 'New password: ');
  const bad = weakness(first ?? '', user);
  if (bad !== null) {
    if (first === null || first === '') throw new Fatal(`${bad}\n${MANIPULATION}`, 1);
    yield* put(p, `${bad}\n`);
    if (p.uid !== 0) throw new Fatal(MANIPULATION, 1);
  }
  if ((yield* askSecret(p, 'Retype new password: ')) !== first) throw new Fatal(`Sorry, passwords do not match.\n${MANIPULATION}`, 1);
  return first!;
}

export const passwd = define({
  name: 'passwd',
  summary: "update user's authentication tokens",
  path: '/usr/bin/passwd',
  package: 'passwd',
  options: table(
    '!-k --keep-tokens: keep non-expired authentication tokens', '-d --delete: delete the password for the named account (root only)', '-l --lock: lock the password for the named account (root only)', '-u --unlock: unlock the password for the named account (root only)',
    '!-e --expire: expire the password for the named account (root only)', '-f --force: force operation', '!-x --maximum DAYS: maximum password lifetime (root only)', '!-n --minimum DAYS: minimum password lifetime (root only)',
    '!-w --warning DAYS: number of days warning users receives before password expiration (root only)', '!-i --inactive DAYS: number of days after password expiration when an account becomes disabled (root only)',
    '-S --status: report password status on the named account (root only)', '--stdin: read new tokens from stdin (root only)',
  ),
  getopt: { badExit: 2 },
  *run(p, opts, args) {
    if (args.length > 1) throw new Fatal('passwd: Only one user name may be specified.\n', 2);
    const own = colonRows(p, PASSWD).find((r) => Number(r[2]) === p.uid)?.[0] ?? 'root';
    const user = args[0] ?? own;
    const admin = ['-d', '-l', '-u', '-S', '--stdin'].find((o) => opts.has(o));
    if (p.uid !== 0 && (args.length > 0 || admin !== undefined)) throw new Fatal(`passwd: Only root can ${admin !== undefined ? 'do that' : 'specify a user name'}.\n`, 1);
    if (rowOf(p, PASSWD, user) === undefined) throw new Fatal(`passwd: Unknown user name '${user}'.\n`, 1);
    const field = shadowField(p, user);
    if (opts.has('-S')) {
      const [state, words] = field === '' ? ['NP', 'Empty password.'] : /^[!*]/.test(field) ? ['LK', 'Password locked.'] : ['PS', 'Password set, SHA256 crypt.'];
      yield* put(p, `${user} ${state} ${dayText(Number(rowOf(p, SHADOW, user)?.[2] ?? 0))} 0 99999 7 -1 (${words})\n`);
      return 0;
    }
    const admins: [string, string, (old: Bytes) => Bytes][] = [['-l', 'Locking', (o) => `!!${o.replace(/^!+/, '')}`], ['-u', 'Unlocking', (o) => o.replace(/^!+/, '')], ['-d', 'Removing', () => '']];
    for (const [key, verb, change] of admins) {
      if (!opts.has(key)) continue;
      yield* put(p, `${verb} password for user ${user}.\n`);
      if (key === '-u' && field.replace(/^!+/, '') === '' && !opts.has('-f')) {
        yield* say(p, 'passwd', 'Warning: unlocked password would be empty.');
        throw new Fatal('passwd: Unsafe operation (use -f to force)\n', 254);
      }
      setField(p, user, change);
      yield* put(p, 'passwd: Success\n');
      return 0;
    }
    yield* put(p, `Changing password for user ${user}.\n`);
    const password = opts.has('--stdin') ? (yield* readAll(p, 0)).split('\n')[0]! : yield* ask(p, user);
    const { rng } = p.host.world;
    const hash = sha256Crypt(password, newSalt(() => rng.next(`salt/${p.host.name}`)));
    setField(p, user, () => hash);
    yield* put(p, 'passwd: all authentication tokens updated successfully.\n');
    return 0;
  },
});

/** Days since 1970 as YYYY-MM-DD. */
function dayText(days: number): string {
  const c = civil(days * 86400);
  return `${c.year}-${two(c.month)}-${two(c.day)}`;
}
