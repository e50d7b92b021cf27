// Accounts as an administrator makes and uses them: useradd, passwd, su, what chattr +i stops, and what a user who is not root may not do. Hashes are glibc's.
import { describe, expect, test } from 'vitest';
import { passwordFits, sha256Crypt } from '../commands/accounts/crypt';
import { Lab } from './lab';

const lab = (): Lab =>
  Lab.create({ image: 'el', segments: [{ name: 'lan' }], hosts: [{ name: 'h', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } }] }, { seed: 1, terminals: false });
/** Everything printed, errors after output, and the status when it is not 0. */
function run(l: Lab, line: string): string {
  const r = l.exec('h', line);
  return `${r.stdout}${r.stderr}${r.status === 0 ? '' : `=> ${r.status}\n`}`;
}

test('passwords are hashed as glibc does (crypt with $5$)', () => {
  const known = '$5$3n4YMVWt.EzdNkxP$hCQoM0/yzNzTaGKKf4u5hxa/xcWGtMgLdsXsvperO94';
  expect(sha256Crypt('abc12345', '3n4YMVWt.EzdNkxP')).toBe(known);
  expect([passwordFits('abc12345', known), passwordFits('abc12346', known), passwordFits('', ''), passwordFits('', '!!')]).toEqual([true, false, true, false]);
});

describe('one after the other', () => {
  const l = lab();
  test.each([
    ['useradd tom; tail -n1 /etc/passwd; tail -n1 /etc/group; id tom', 'tom:x:1000:1000::/home/tom:/bin/bash\ntom:x:1000:\nuid=1000(tom) gid=1000(tom) groups=1000(tom)\n'],
    ['useradd tom', "useradd: user 'tom' already exists\n=> 9\n"],
    ['useradd -g nogrp x', "useradd: group 'nogrp' does not exist\n=> 6\n"],
    ['useradd "bad name"', "useradd: invalid user name 'bad name'\n=> 3\n"],
    ['useradd -u 1000 y', 'useradd: UID 1000 is not unique\n=> 4\n'],
    ['useradd -u 2000 -c "Jerry M" -G wheel jerry; id jerry; stat -c "%a %U" /home/jerry', 'uid=2000(jerry) gid=2000(jerry) groups=2000(jerry),10(wheel)\n700 jerry\n'],
    ['chattr +i /etc/passwd; useradd z; userdel tom; chattr -i /etc/passwd', 'useradd: cannot open /etc/passwd\nuserdel: cannot open /etc/passwd\n'],
    ['chattr +i /etc/shadow; useradd z; echo x | passwd --stdin tom; chattr -i /etc/shadow', 'Changing password for user tom.\nuseradd: cannot open /etc/shadow\npasswd: Authentication token manipulation error\n'],
    ['passwd -S tom; echo secret12 | passwd --stdin tom; passwd -S tom', 'tom LK 2026-01-01 0 99999 7 -1 (Password locked.)\nChanging password for user tom.\npasswd: all authentication tokens updated successfully.\ntom PS 2026-01-01 0 99999 7 -1 (Password set, SHA256 crypt.)\n'],
    ["su tom -c 'id -un; echo $HOME $USER; pwd'; su - tom -c pwd", 'tom\n/home/tom tom\n/root\n/home/tom\n'],
    ["su - jerry -c 'echo secret12 | su tom -c whoami; echo wrong | su tom -c whoami'", 'tom\nPassword: \nPassword: \nsu: Authentication failure\n=> 1\n'],
    ["su tom -c 'cat /etc/shadow; touch /etc/x; kill 1; ip addr add 1.2.3.4/24 dev eth0; ifconfig eth0 1.2.3.4; route del default; iptables -L; systemctl stop network'",
      'cat: /etc/shadow: Permission denied\ntouch: cannot touch \'/etc/x\': Permission denied\nbash: line 1: kill: (1) - Operation not permitted\nRTNETLINK answers: Operation not permitted\n' +
      'SIOCSIFADDR: Operation not permitted\nSIOCSIFFLAGS: Operation not permitted\nSIOCDELRT: Operation not permitted\n' +
      'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\nFailed to stop network.service: Access denied\n=> 4\n'],
    ["su tom -c 'useradd x; passwd root'", 'useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.\npasswd: Only root can specify a user name.\n=> 1\n'],
    ['usermod -s /sbin/nologin jerry; su jerry', 'This account is currently not available.\n=> 1\n'],
    ['su nobodyhere', 'su: user nobodyhere does not exist\n=> 1\n'],
    ['groupadd dev; groupadd dev; groupdel dev; groupdel dev', "groupadd: group 'dev' already exists\ngroupdel: group 'dev' does not exist\n=> 6\n"],
    ['userdel -r jerry; ls /home; grep jerry /etc/group; userdel jerry', "tom\nuserdel: user 'jerry' does not exist\n=> 6\n"],
  ])('%s', (line, want) => {
    expect(run(l, line)).toBe(want);
  });
});
