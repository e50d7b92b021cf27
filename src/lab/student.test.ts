// What a student of the course notes types at an `el` host, mistakes included, and what stands on the screen after it.
import { expect, test } from 'vitest';
import { utf8Decode, utf8Encode } from '../lib/text';
import { Lab } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [{ name: 'lvs51', role: 'director', interfaces: { eth0: { segment: 'lan', address: '192.168.4.51/24' } }, packages: ['ipvsadm'] }],
};
const $ = '[root@lvs51 ~]# ';

/** Types pieces on terminal `tty`; each waits until its command has ended. */
function typed(lab: Lab, tty: number, ...pieces: string[]): string {
  const from = lab.terminalOutput('lvs51', tty, 0).next;
  for (const piece of pieces) {
    lab.type('lvs51', tty, utf8Encode(piece));
    for (let i = 0; i < 300 && (i === 0 || lab.terminalBusy('lvs51', tty)); i++) lab.advance(100_000);
  }
  return utf8Decode(lab.terminalOutput('lvs51', tty, from).bytes).replaceAll('\r\n', '\n');
}
const session = (...pieces: string[]): string => typed(Lab.create(topology, { seed: 7 }), 0, ...pieces);

test.each<[string, string[], string]>([
  ['a pasted prompt', [']# route -n\r'], `]# route -n\n-bash: ]#: command not found\n${$}`],
  ['a typo', ['ifconfg\r'], `ifconfg\n-bash: ifconfg: command not found\n${$}`],
  ['a full-width redirection', ["echo 'a=1'　＞ x   //开启\r", 'ls x\r'], `echo 'a=1'　＞ x   //开启\na=1　＞ x //开启\n${$}ls x\nls: cannot access 'x': No such file or directory\n${$}`],
  ['a comment of the notes after systemctl', ['systemctl stop NetworkManager //停\r', 'systemctl is-active NetworkManager\r'],
    `systemctl stop NetworkManager //停\nFailed to stop \\xe5\\x81\\x9c.mount: Unit \\xe5\\x81\\x9c.mount not loaded.\n${$}systemctl is-active NetworkManager\ninactive\n${$}`],
  ['a comment of the notes after chmod', ['chmod +x /etc/rc.local //必须\r'], `chmod +x /etc/rc.local //必须\nchmod: cannot access '//必须': No such file or directory\n${$}`],
  ['a program this build has not', ['rsync web52; echo $?\r'], `rsync web52; echo $?\nrsync: this program exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n64\n${$}`],
  ['the prompt keeps the name its shell began with', ['hostname abc\r', 'bash\r', 'exit\r'], `hostname abc\n${$}bash\n[root@abc ~]# exit\nexit\n${$}`],
  ['aliases of root', ['ll /etc/rc.local | cut -c1-10; type ll rm\r', 'echo > a; rm a\r', 'n\r'],
    `ll /etc/rc.local | cut -c1-10; type ll rm\nlrwxrwxrwx\nll is aliased to \`ls -l --color=auto'\nrm is aliased to \`rm -i'\n${$}echo > a; rm a\nrm: remove regular file 'a'? n\n${$}`],
  ['what it runs', ['uname -a; sysctl -n kernel.osrelease\r'], `uname -a; sysctl -n kernel.osrelease\nLinux lvs51 3.10.0-1160.el7.x86_64 #1 SMP Mon Oct 19 16:18:59 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux\n3.10.0-1160.el7.x86_64\n${$}`],
  ['a name nobody knows, and its own', ['ping -c 1 web52\r', 'ping -c 1 lvs51 | head -1\r'], `ping -c 1 web52\nping: web52: Name or service not known\n${$}ping -c 1 lvs51 | head -1\nPING lvs51 (192.168.4.51) 56(84) bytes of data.\n${$}`],
  ['grep finds itself', ['ps -ef | grep nosuch | wc -l\r'], `ps -ef | grep nosuch | wc -l\n1\n${$}`],
  ['completion of what a command takes', ['systemctl sto\thtt\x15', 'ifdown e\t\x15', 'ipvsadm -A -t 192.168.4.253:80 -s wl\t\r', 'ipvsadm -Ln | tail -1\r'],
    `systemctl stop htt\r\x1b[J${$}ifdown eth0 \r\x1b[J${$}ipvsadm -A -t 192.168.4.253:80 -s wlc \n${$}ipvsadm -Ln | tail -1\nTCP  192.168.4.253:80 wlc\n${$}`],
])('%s', (_, pieces, shown) => expect(session(...pieces)).toBe(shown));

test('a reboot shows the login again, once, and keeps the history of two terminals', () => {
  const lab = Lab.create(topology, { seed: 7 });
  const second = lab.openTerminal('lvs51');
  lab.advance(200_000);
  typed(lab, second, 'echo two\r');
  lab.type('lvs51', 0, 'echo one\rreboot\r');
  lab.advance(3_000_000);
  lab.type('lvs51', 0, 'nobody hears this\r');
  expect(lab.terminalBusy('lvs51', 0)).toBe(true);
  lab.advance(20_000_000);
  expect(lab.terminalOutput('lvs51', 0, 0).bytes.replaceAll('\r\n', '\n')).toBe(
    `${$}echo one\none\n${$}reboot\n${$}\n\nCentOS Linux 7 (Core)\nKernel 3.10.0-1160.el7.x86_64 on an x86_64\n\nlvs51 login: root (automatic login)\n\n${$}`,
  );
  expect(typed(lab, 0, 'history\r')).toBe(`history\n    1  echo one\n    2  reboot\n    3  echo two\n    4  history\n${$}`);
  expect(typed(lab, second, 'ipvsadm -Ln | wc -l\r')).toBe(`ipvsadm -Ln | wc -l\n3\n${$}`);
});
