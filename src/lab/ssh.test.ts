// ssh and scp between hosts as an administrator meets them: what stands on the screen, letter for letter. OpenSSH 7.4's words.
import { describe, expect, test } from 'vitest';
import { utf8Encode } from '../lib/text';
import { Lab } from './lab';
import type { Topology } from './topology';

const HOSTS = '127.0.0.1 localhost\n192.168.4.50 client50\n192.168.4.51 lvs51\n192.168.4.52 web52\n192.168.4.53 web53\n';
const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan' }],
  hosts: ['client50', 'lvs51', 'web52', 'web53'].map((name) => ({
    name, interfaces: { eth0: { segment: 'lan', address: `192.168.4.${name.slice(-2)}/24` } }, packages: ['ipvsadm'], files: { '/etc/hosts': HOSTS },
  })),
};
const $ = '[root@client50 ~]# ';
const W = '[root@web52 ~]# ';
const WEB52 = "ECDSA key fingerprint is SHA256:GmcHFyV/qr2V5VvpZsoWXyFjUVcLpqVZ9KqHJH5eE8w.\nECDSA key fingerprint is MD5:1f:c3:09:85:38:e8:63:5b:44:3e:7e:43:39:fc:3c:ea.\n";
const WEB53 = 'SHA256:8H9aWeEdGe9Ns4qRnsvHKGphJm/0dVY7/bFuCUvmqnc';
const SURE = 'Are you sure you want to continue connecting (yes/no)? ';

/** Types pieces at client50, each three seconds after the one before; what is shown, without line wraps. */
function typed(lab: Lab, ...pieces: string[]): string {
  const from = lab.terminalOutput('client50', 0, 0).next;
  for (const piece of pieces) {
    lab.type('client50', 0, utf8Encode(piece));
    lab.advance(3_000_000);
  }
  return lab.terminalOutput('client50', 0, from).bytes.replaceAll('\r\n', '\n').replace(/\r\x1b\[J\[root@client50 ~\]# /g, '');
}
const fresh = (): Lab => Lab.create(topology, { seed: 3 });
/** A lab whose client knows web52 and web53. */
function acquainted(): Lab {
  const lab = fresh();
  lab.exec('client50', 'ssh -q -o StrictHostKeyChecking=no web52 true; ssh -q -o StrictHostKeyChecking=no web53 true');
  return lab;
}

test('the first visit: a question, a greeting, another prompt, and back', () => {
  const lab = fresh();
  expect(typed(lab, 'ssh web52\r', 'maybe\r', 'yes\r', 'hostname; echo $SSH_CONNECTION; who\r', 'cat -\rabc\r', '\x04', 'ls /etc/hostn\t\r', 'sleep 99\r', '\x03', 'exit 3\r', 'echo $?; cat .ssh/known_hosts | cut -c1-50; stat -c %a .ssh .ssh/known_hosts\r')).toBe(
    `ssh web52\nThe authenticity of host 'web52 (192.168.4.52)' can't be established.\n${WEB52}${SURE}maybe\nPlease type 'yes' or 'no': yes\nWarning: Permanently added 'web52,192.168.4.52' (ECDSA) to the list of known hosts.\n` +
      `${W}hostname; echo $SSH_CONNECTION; who\nweb52\n192.168.4.50 40000 192.168.4.52 22\nroot     pts/0        Jan  1 00:00\nroot     pts/1        Jan  1 00:00 (192.168.4.50)\n` +
      `${W}cat -\nabc\n${W}ls /etc/hostname \n/etc/hostname\n${W}sleep 99\n^C\n` +
      `${W}exit 3\nlogout\nConnection to web52 closed.\n${$}echo $?; cat .ssh/known_hosts | cut -c1-50; stat -c %a .ssh .ssh/known_hosts\n3\nweb52,192.168.4.52 ecdsa-sha2-nistp256 AAAAE2VjZHN\n700\n644\n${$}`,
  );
  expect(typed(lab, 'ssh web52\r', 'ssh -o StrictHostKeyChecking=no web53\r', 'hostname\r', '\x04', '\x04')).toBe(
    `ssh web52\nLast login: Thu Jan  1 00:00:09 2026 from 192.168.4.50\n${W}ssh -o StrictHostKeyChecking=no web53\nWarning: Permanently added 'web53,192.168.4.53' (ECDSA) to the list of known hosts.\n[root@web53 ~]# hostname\nweb53\n[root@web53 ~]# logout\nConnection to web53 closed.\n${W}logout\nConnection to web52 closed.\n${$}`,
  );
});

describe('commands, streams and statuses', () => {
  const lab = acquainted();
  test.each<[string, string]>([
    ['ssh web52 "cat; echo err >&2; exit 3" < /etc/hostname; echo $?', 'client50\nerr\n3\n'],
    ['tar c /etc/sysconfig/network 2> /dev/null | ssh web52 tar xv -C /tmp', 'etc/sysconfig/network\n'],
    ["echo hello > f; ssh web52 'cat > g' < f; ssh web52 cat g", 'hello\n'],
    ['seq 50000 | ssh web52 cat | md5sum; seq 50000 | md5sum', 'c1d4ba52c72ac7bcc71ff2d6c083e684  -\nc1d4ba52c72ac7bcc71ff2d6c083e684  -\n'],
    ['ssh web52 yes | head -2', 'y\ny\n'],
    ['printf "web52\\nweb53\\n" | while read h; do ssh $h hostname; done', 'web52\n'],
    ['printf "web52\\nweb53\\n" | while read h; do ssh -n $h hostname; done', 'web52\nweb53\n'],
    ['echo hostname | ssh web52', 'Pseudo-terminal will not be allocated because stdin is not a terminal.\nweb52\n'],
    ['ssh -t web52 tty', '/dev/pts/1\nConnection to web52 closed.\n'],
    ['ssh web52 tty', 'not a tty\n'],
    ['ssh -o BatchMode=yes root@lvs51 true; echo $?', 'Host key verification failed.\n255\n'],
    ['ssh web59', 'ssh: Could not resolve hostname web59: Name or service not known\n'],
    ['ssh -p 23 web52; echo $?', 'ssh: connect to host web52 port 23: Connection refused\n255\n'],
    ['ssh -q -p 23 web52; echo $?', '255\n'],
    ['ssh -o ConnectTimeout=1 192.168.4.99', 'ssh: connect to host 192.168.4.99 port 22: Connection timed out\n'],
    ['ssh 10.9.9.9', 'ssh: connect to host 10.9.9.9 port 22: Network is unreachable\n'],
    ['ssh -Z 2>&1 | head -1; ssh -p x h; ssh -o Foo=1 h; ssh -L 1:h:2 web52; ssh -V', "unknown option -- Z\nBad port 'x'\ncommand-line: line 0: Bad configuration option: foo\nssh: option -L exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\nOpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n"],
    ['printf "Host w\\n HostName web52\\n" > .ssh/config; ssh -o CheckHostIP=no w hostname; rm -f .ssh/config', 'web52\n'],
    ['chmod 644 .ssh/id_rsa; ssh -o BatchMode=yes web52 true 2>&1 | tail -n 5; chmod 600 .ssh/id_rsa', "Permissions 0644 for '/root/.ssh/id_rsa' are too open.\nIt is required that your private key files are NOT accessible by others.\nThis private key will be ignored.\nLoad key \"/root/.ssh/id_rsa\": bad permissions\nPermission denied (publickey,gssapi-keyex,gssapi-with-mic,password).\n"],
    ["nc web52 22 <<< 'GET /'", 'SSH-2.0-OpenSSH_7.4\nProtocol mismatch.\n'],
  ])('%s', (line, shown) => {
    expect(typed(lab, `${line}\r`)).toBe(`${line}\n${shown}${$}`);
  });
});

test('passwords, unknown users, and what sshd writes down', () => {
  const lab = acquainted();
  lab.exec('web53', 'useradd tom; echo secret12 | passwd --stdin tom');
  expect(typed(lab, 'ssh tom@web53 id -un\r', 'wrong\r', 'secret12\r', 'ssh nobody1@web53\r', '\r', '\r', '\r')).toBe(
    `ssh tom@web53 id -un\ntom@web53's password: \nPermission denied, please try again.\ntom@web53's password: \ntom\n${$}ssh nobody1@web53\n${"nobody1@web53's password: \nPermission denied, please try again.\n".repeat(2)}nobody1@web53's password: \nPermission denied (publickey,gssapi-keyex,gssapi-with-mic,password).\n${$}`,
  );
  expect(lab.exec('web53', "grep -E 'tom|nobody1|preauth' /var/log/secure | sed 's/.*\\]: //'").stdout).toBe(
    'Failed password for tom from 192.168.4.50 port 40004 ssh2\nAccepted password for tom from 192.168.4.50 port 40004 ssh2\npam_unix(sshd:session): session opened for user tom by (uid=0)\npam_unix(sshd:session): session closed for user tom\n' +
      'Invalid user nobody1 from 192.168.4.50 port 40006\n' + 'Failed password for invalid user nobody1 from 192.168.4.50 port 40006 ssh2\n'.repeat(3) + 'Connection closed by 192.168.4.50 port 40006 [preauth]\n',
  );
});

test('behind a VIP that balances port 22 the host is another one each time', () => {
  const lab = fresh();
  for (const h of ['web52', 'web53']) lab.exec(h, 'ip addr add 192.168.4.253/32 dev lo; sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2');
  lab.exec('lvs51', 'ip addr add 192.168.4.253/32 dev eth0; ipvsadm -A -t 192.168.4.253:22 -s rr; ipvsadm -a -t 192.168.4.253:22 -r 192.168.4.52; ipvsadm -a -t 192.168.4.253:22 -r 192.168.4.53');
  const at = '@'.repeat(59);
  expect(typed(lab, 'ssh 192.168.4.253 hostname\r', 'yes\r', 'ssh 192.168.4.253 hostname\r', 'ssh-keygen -R 192.168.4.253; ls .ssh\r')).toBe(
    `ssh 192.168.4.253 hostname\nThe authenticity of host '192.168.4.253 (192.168.4.253)' can't be established.\nECDSA key fingerprint is ${WEB53}.\nECDSA key fingerprint is MD5:9d:eb:2c:df:8b:0a:34:2b:28:09:dc:db:19:89:fe:63.\n${SURE}yes\nWarning: Permanently added '192.168.4.253' (ECDSA) to the list of known hosts.\nweb53\n` +
      `${$}ssh 192.168.4.253 hostname\n${at}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n${at}\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\nSomeone could be eavesdropping on you right now (man-in-the-middle attack)!\nIt is also possible that a host key has just been changed.\n` +
      `The fingerprint for the ECDSA key sent by the remote host is\n${WEB52.slice(25, 75)}.\nPlease contact your system administrator.\nAdd correct host key in /root/.ssh/known_hosts to get rid of this message.\nOffending ECDSA key in /root/.ssh/known_hosts:1\n` +
      'ECDSA host key for 192.168.4.253 has changed and you have requested strict checking.\nHost key verification failed.\n' +
      `${$}ssh-keygen -R 192.168.4.253; ls .ssh\n# Host 192.168.4.253 found: line 1\n/root/.ssh/known_hosts updated.\nOriginal contents retained as /root/.ssh/known_hosts.old\nauthorized_keys  id_rsa  id_rsa.pub  known_hosts  known_hosts.old\n${$}`,
  );
});

test('the other side goes away: hanging and ~., keep-alives, a restarted daemon, a reboot', () => {
  const lab = acquainted();
  const gone = 'Connection to web52 closed.\n';
  expect(typed(lab, 'ssh web52\r', 'ip link set eth0 down\r', 'echo lost\r', '\r~.', 'echo $?\r')).toBe(`ssh web52\n${W}ip link set eth0 down\n~.\n${gone}${$}echo $?\n255\n${$}`);
  lab.exec('web52', 'ip link set eth0 up');
  expect(typed(lab, 'ssh -o ServerAliveInterval=1 web52 sleep 99\r', '')).toBe('ssh -o ServerAliveInterval=1 web52 sleep 99\n');
  lab.exec('web52', 'ip link set eth0 down');
  expect(typed(lab, '', '', 'echo $?\r')).toBe(`Timeout, server web52 not responding.\n${$}echo $?\n255\n${$}`);
  lab.exec('web52', 'ip link set eth0 up');
  expect(typed(lab, 'ssh web52\r', 'systemctl restart sshd; echo still here\r', 'reboot\r').replace(/Last login.*\n/, '')).toBe(`ssh web52\n${W}systemctl restart sshd; echo still here\nstill here\n${W}reboot\nConnection to web52 closed by remote host.\n${gone}${$}`);
  lab.exec('web53', 'systemctl stop sshd');
  expect(typed(lab, 'ssh web53\r')).toBe(`ssh web53\nssh: connect to host web53 port 22: Connection refused\n${$}`);
});

describe('scp', () => {
  const lab = acquainted();
  const meter = (name: string, size: string, rate: string): string => `\r${name.padEnd(45)}   0%    0     0.0KB/s   --:-- ETA\r${name.padEnd(45)} 100% ${size} ${rate}/s   00:00    \n`;
  test.each<[string, string]>([
    ['echo hello > a; scp a web52:/tmp/b', meter('a', '   6 ', '  26.6KB')],
    ['scp -q web52:/tmp/b c; cat c', 'hello\n'],
    ['mkdir -p d/e; echo 1 > d/x; echo 2 > d/e/y; chmod 600 d/x; scp -rpq d web53:; ssh web53 "cat d/e/y; stat -c %a d/x"', '2\n600\n'],
    ['scp -rq web53:d copy; find copy | sort', 'copy\ncopy/e\ncopy/e/y\ncopy/x\n'],
    ["scp -q 'web53:d/*' .; echo $?", 'scp: d/e: not a regular file\n1\n'],
    ['scp web52:/nofile .; echo $?', 'scp: /nofile: No such file or directory\n1\n'],
    ['scp nofile web52:; scp /tmp web52:; echo $?', 'nofile: No such file or directory\n/tmp: not a regular file\n1\n'],
    ['scp -q a web52:/nodir/x; echo $?', 'scp: /nodir/x: No such file or directory\n1\n'],
    ['scp -P 23 a web52:; echo $?', 'ssh: connect to host web52 port 23: Connection refused\nlost connection\n1\n'],
    ['scp a c nodir; scp -q a c web52:/etc/hosts; echo $?', 'nodir: No such file or directory\nscp: /etc/hosts: Not a directory\n1\n'],
    ['scp -q web52:/tmp/b web53:/tmp/x; ssh -q -o StrictHostKeyChecking=no web52 ssh -q -o StrictHostKeyChecking=no web53 true; scp -q web52:/tmp/b web53:/tmp/x; ssh web53 cat /tmp/x', 'Host key verification failed.\nlost connection\nhello\n'],
  ])('%s', (line, shown) => {
    expect(typed(lab, `${line}\r`)).toBe(`${line}\n${shown}${$}`);
  });
});

describe('the daemon obeys its configuration, a user installs a key', () => {
  const lab = acquainted();
  lab.exec('web53', 'useradd tom; echo secret12 | passwd --stdin tom');
  const on = (line: string): string => {
    const r = lab.exec('web53', line);
    return `${r.stdout}${r.stderr}${r.status === 0 ? '' : `=> ${r.status}\n`}`;
  };
  test.each<[string, string]>([
    ["sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config; /usr/sbin/sshd -t && systemctl reload sshd; sleep 1; ss -tln | awk 'NR > 1 {print $4}' | sort", '0.0.0.0:2222\n[::]:2222\n'],
    ['echo "Listen 1" >> /etc/ssh/sshd_config; sshd -t', '/etc/ssh/sshd_config: line 36: Bad configuration option: Listen\r\n/etc/ssh/sshd_config: terminating, 1 bad configuration options\r\n=> 255\n'],
    ['systemctl restart sshd; systemctl is-active sshd', 'failed\nJob for sshd.service failed because the control process exited with error code. See "systemctl status sshd.service" and "journalctl -xe" for details.\n=> 3\n'],
    ["sed -i '/^Listen 1/d; s/^Port/ListenAddress 192.168.4.53\\nPort/' /etc/ssh/sshd_config; systemctl start sshd; ss -tlnp | tail -n 1 | awk '{print $4, $6}'", '192.168.4.53:2222 users:(("sshd",pid=PID,fd=FD))\n'],
    ['sshd', 'sshd re-exec requires execution with an absolute path\n=> 255\n'],
    ["sed -i '/^ListenAddress/d; s/^Port.*/Port 22\\nPermitRootLogin no/' /etc/ssh/sshd_config; systemctl restart sshd; sshd -T | head -2", 'port 22\npermitrootlogin no\n'],
  ])('%s', (line, want) => {
    expect(on(line).replace(/pid=\d+/, 'pid=PID').replace(/fd=\d+/, 'fd=FD')).toBe(want);
  });
  const ID = '/usr/bin/ssh-copy-id: ';
  test.each<[string, string[], string]>([
    ['root may not', ['ssh -o BatchMode=yes web53 true\r'], `Permission denied (publickey,gssapi-keyex,gssapi-with-mic,password).\n${$}`],
    ['a key for tom', ['ssh-copy-id tom@web53\r', 'secret12\r', 'ssh tom@web53 "id -un; stat -c %a .ssh .ssh/authorized_keys"\r', 'ssh-copy-id tom@web53\r'],
      `${ID}INFO: Source of key(s) to be installed: "/root/.ssh/id_rsa.pub"\n${ID}INFO: attempting to log in with the new key(s), to filter out any that are already installed\n${ID}INFO: 1 key(s) remain to be installed -- if you are prompted now it is to install the new keys\ntom@web53's password: \n` +
        `\nNumber of key(s) added: 1\n\nNow try logging into the machine, with:   "ssh 'tom@web53'"\nand check to make sure that only the key(s) you wanted were added.\n\n${$}ssh tom@web53 "id -un; stat -c %a .ssh .ssh/authorized_keys"\ntom\n700\n600\n` +
        `${$}ssh-copy-id tom@web53\n${ID}INFO: Source of key(s) to be installed: "/root/.ssh/id_rsa.pub"\n${ID}INFO: attempting to log in with the new key(s), to filter out any that are already installed\n\n${ID}WARNING: All keys were skipped because they already exist on the remote system.\n\t\t(if you think this is a mistake, you may want to use -f option)\n\n${$}`],
    ['what ~/.bashrc prints spoils scp', ['ssh web52 "echo echo hi >> .bashrc"\r', 'scp web52:/etc/hosts h\r'], `${$}scp web52:/etc/hosts h\nhi\n${$}`],
  ])('%s', (_, pieces, shown) => {
    expect(typed(lab, ...pieces)).toBe(`${pieces[0]!.replace('\r', '\n')}${shown}`);
  });
});

test('vim in a session within a session edits the far host\'s file', () => {
  const lab = fresh();
  typed(lab, 'ssh web52\r', 'yes\r', 'ssh -o StrictHostKeyChecking=no web53\r', 'vim note\r');
  expect(lab.terminalEditor('client50', 0)?.path).toBe('note');
  lab.editorSave('client50', 0, 'kept\n');
  lab.editorQuit('client50', 0);
  expect([typed(lab, 'cat note; hostname\r'), lab.terminalEditor('client50', 0), lab.exec('web53', 'cat note').stdout]).toEqual(['[root@web53 ~]# cat note; hostname\nkept\nweb53\n[root@web53 ~]# ', null, 'kept\n']);
});

test('it is known whether the far shell waits for keys', () => {
  const lab = acquainted();
  const reads = ['ssh web52\r', 'sleep 8\r', '', '', '', 'exit\r'].map((keys) => {
    typed(lab, keys);
    return [lab.terminalBusy('client50', 0), lab.terminalReads('client50', 0)];
  });
  expect(reads).toEqual([[true, true], [true, false], [true, false], [true, true], [true, true], [false, false]]);
});

test('a session that is open can be looked back at and taken back', () => {
  const lab = fresh();
  typed(lab, 'ssh web52\r', 'yes\r', 'touch one\r');
  const then = lab.now();
  typed(lab, 'touch two\r');
  expect([lab.fork().exec('web52', 'ls').stdout, lab.rewound(then - 1).exec('web52', 'ls').stdout, lab.undo()?.text]).toEqual(['one\ntwo\n', 'one\n', 'ssh web52']);
  lab.advance(1_000_000);
  expect([lab.exec('web52', 'ls; who').stdout, typed(lab, 'hostname\r')]).toEqual(['root     pts/0        Jan  1 00:00\n', `hostname\nclient50\n${$}`]);
});

test('a fork and a replay answer too', () => {
  const lab = fresh();
  typed(lab, 'ssh web52\r', 'yes\r', 'touch here\r', 'exit\r');
  const second = lab.openTerminal('web52');
  typed(lab, 'ssh web52 ls\r');
  expect(lab.fork().exec('lvs51', 'ssh -q -o StrictHostKeyChecking=no web52 ls').stdout).toBe('here\n');
  const again = Lab.restore(topology, lab.journal);
  expect([again.differences, again.exec('web52', 'ls').stdout, again.terminals('web52')]).toEqual([[], 'here\n', [0, second]]);
  lab.undo();
  lab.undo();
  expect([lab.exec('web52', 'ls').stdout, lab.terminals('web52')]).toEqual(['', [0, second]]);
});
