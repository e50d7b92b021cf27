// What administrators type beside the cluster's own commands: knocking at a port by telnet, sudo, and asking for SELinux.
import { beforeAll, expect, test } from 'vitest';
import { utf8Decode } from '../lib/text';
import { Lab } from './lab';

let lab: Lab;
beforeAll(() => {
  const host = (name: string, ip: string) => ({ name, interfaces: { eth0: { segment: 'lan', address: `${ip}/24` } }, ...(name === 'web' ? { services: [{ type: 'http' as const, port: 80, body: 'hello' }] } : {}) });
  lab = Lab.create({ image: 'el', segments: [{ name: 'lan' }], hosts: [host('box', '10.0.0.1'), host('web', '10.0.0.2')] }, { seed: 1, terminals: false });
  lab.advance(3_000_000);
  lab.exec('box', 'yum -y install telnet; useradd bob; echo pw | passwd --stdin bob; useradd -G wheel ann; echo pw | passwd --stdin ann');
});

test.each<[string, string, string, number]>([
  ["{ printf 'GET / HTTP/1.0\\n\\n'; sleep 1; } | telnet 10.0.0.2 80 | tail -1", 'hello\n', 'Connection closed by foreign host.\n', 0],
  ['telnet 10.0.0.2 81', 'Trying 10.0.0.2...\n', 'telnet: connect to address 10.0.0.2: Connection refused\n', 1],
  ['telnet 10.0.0.9 80', 'Trying 10.0.0.9...\n', 'telnet: connect to address 10.0.0.9: No route to host\n', 1],
  ['telnet 10.9.0.9 80', 'Trying 10.9.0.9...\n', 'telnet: connect to address 10.9.0.9: Network is unreachable\n', 1],
  ['telnet nosuch 80', '', 'telnet: nosuch: Name or service not known\nnosuch: Unknown host\n', 1],
  ['telnet -e x h', '', 'telnet: option -e exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n', 64],
  ['sudo id -u; sudo -u bob id -un; sudo A=1 env | grep -c "^A=1"', '0\nbob\n1\n', '', 0],
  ['sudo -u bob cat /etc/shadow', '', 'cat: /etc/shadow: Permission denied\n', 1],
  ['sudo -u nosuch id', '', 'sudo: unknown user: nosuch\nsudo: unable to initialize policy plugin\n', 1],
  ['sudo nosuch', '', 'sudo: nosuch: command not found\n', 1],
  ["su ann -c 'sudo -n id'", '', 'sudo: a password is required\n', 1],
  ["sudo -s echo 'a  b' '$HOME'", 'a  b /root\n', '', 0],
  ['getenforce; setenforce 0; setenforce; sestatus', 'Disabled\nSELinux status:                 disabled\n', 'setenforce: SELinux is disabled\nusage:  setenforce [ Enforcing | Permissive | 1 | 0 ]\n', 0],
])('%s', (line, out, err, status) => {
  const r = lab.exec('box', line);
  expect({ out: r.stdout, err: r.stderr, status: r.status }).toEqual({ out, err, status });
});

test('on a terminal: ^] asks telnet for a command; sudo asks members of wheel for their own password', () => {
  const t = Lab.create({ image: 'el', segments: [{ name: 'lan' }], hosts: [{ name: 'box', interfaces: { eth0: { segment: 'lan', address: '10.0.0.1/24' } } }] }, { seed: 1 });
  const typed = (...lines: string[]): string => {
    const from = t.terminalOutput('box', 0, 0).next;
    for (const l of lines) { t.type('box', 0, l); t.advance(1_500_000); }
    return t.terminalOutput('box', 0, from).bytes.replace(/\r/g, '').replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '');
  };
  typed('yum -y install telnet >/dev/null; for u in ann bob; do useradd $u; echo pw | passwd --stdin $u; done >/dev/null; usermod -aG wheel ann; clear\r');
  expect(typed('telnet 10.0.0.1 22\r', '\x1d', 'status\r', '\x1d', 'quit\r')).toBe(
    "telnet 10.0.0.1 22\nTrying 10.0.0.1...\nConnected to 10.0.0.1.\nEscape character is '^]'.\nSSH-2.0-OpenSSH_7.4\n^]\ntelnet> status\nConnected to 10.0.0.1.\nOperating in obsolete linemode\nLocal character echo\nEscape character is '^]'.\n^]\ntelnet> quit\nConnection closed.\n[root@box ~]# ");
  expect(typed('su - ann -c "sudo id -u"\r', 'no\r', 'pw\r')).toBe('su - ann -c "sudo id -u"\n[sudo] password for ann: \nSorry, try again.\n[sudo] password for ann: \n0\n[root@box ~]# ');
  expect(typed('su - bob -c "sudo id -u"\r', 'pw\r')).toBe('su - bob -c "sudo id -u"\n[sudo] password for bob: \nbob is not in the sudoers file.  This incident will be reported.\n[root@box ~]# ');
});

test('man speaks the language of the locale', () => {
  const man = (line: string): string => utf8Decode(lab.exec('box', line).stdout);
  expect(man('man nohup')).toBe(`NOHUP(1)${'LVS Lab'.padStart(35)}${' '.repeat(27)}NOHUP(1)\n\nNAME\n       nohup - Run COMMAND, ignoring hangup signals.\n\nDESCRIPTION\n\n           --help                 display this help and exit\n           --version              output version information and exit\n\nSEE ALSO\n       LANG=zh_CN.UTF-8 man prints this page in Chinese.\n`);
  const zh = `NOHUP(1)${'LVS Lab'.padStart(35)}${' '.repeat(27)}NOHUP(1)\n\n名称\n       nohup - 运行 COMMAND，忽略挂断信号\n\n选项\n\n           --help                 显示此帮助信息并退出\n           --version              输出版本信息并退出\n\n`;
  expect([man('LANG=zh_CN.UTF-8 man nohup'), man('man -L zh_CN nohup'), man('LC_ALL=C LANG=zh_CN.UTF-8 man nohup')]).toEqual([zh, zh, man('man nohup')]);
  expect(man('LANG=zh_CN.UTF-8 man -f nohup')).toBe('nohup (1)            - 运行 COMMAND，忽略挂断信号\n');
});

test('firewalld keeps a server shut until a port or a service is opened; only what is stored survives', () => {
  const f = lab.fork();
  const web = (line: string): [string, string, number] => { const r = f.exec('web', line); return [r.stdout, r.stderr, r.status]; };
  const get = (from = f): string => from.exec('box', 'curl -s -m 3 http://10.0.0.2/ || echo refused').stdout;
  const zone = (services: string, ports: string): string => `  target: default\n  icmp-block-inversion: no\n  interfaces: eth0\n  sources: \n  services: ${services}\n  ports: ${ports}\n  protocols: \n  masquerade: no\n  forward-ports: \n  source-ports: \n  icmp-blocks: \n  rich rules: \n\t\n`;
  expect([get(), web('firewall-cmd --state'), web('firewall-cmd --list-all')]).toEqual(['hello\n', ['not running\n', '', 252], ['', 'FirewallD is not running\n', 252]]);
  expect([web('systemctl start firewalld; systemctl is-active firewalld; firewall-cmd --state; firewall-cmd --get-active-zones'), get()]).toEqual([['active\nrunning\npublic\n  interfaces: eth0\n', '', 0], 'refused\n']);
  expect(f.exec('box', 'ping -c1 -W1 10.0.0.2 >/dev/null; echo $?; curl -s -m 3 http://10.0.0.2/; echo $?').stdout).toBe('0\n7\n');
  expect([web('firewall-cmd --add-port=80/tcp'), web('firewall-cmd --add-port=80/tcp'), web('firewall-cmd --list-all'), get()]).toEqual([['success\n', '', 0], ['success\n', "Warning: ALREADY_ENABLED: '80:tcp' already in 'public'\n", 0], [`public (active)\n${zone('ssh dhcpv6-client', '80/tcp')}`, '', 0], 'hello\n']);
  expect(get(f.fork())).toBe('hello\n');
  // One's own rules stay when a port opens or shuts, not when everything is read again; without the chains there is nothing to change.
  expect(web('iptables -t mangle -A PREROUTING -p tcp --dport 80 -j MARK --set-mark 1; firewall-cmd --add-port=81/tcp; firewall-cmd --remove-port=81/tcp; iptables -t mangle -S PREROUTING | tail -1; iptables -S IN_public_allow | grep -c "dport 8"')[0]).toBe('success\nsuccess\n-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\n1\n');
  expect(f.fork().exec('web', 'iptables -F; iptables -X; firewall-cmd --add-port=82/tcp 2>&1 | tail -1; firewall-cmd --list-ports').stdout).toBe('Error: COMMAND_FAILED\n80/tcp\n');
  expect([web('firewall-cmd --reload; firewall-cmd --query-port=80/tcp'), get()]).toEqual([['success\nno\n', '', 1], 'refused\n']);
  expect([web('firewall-cmd --permanent --add-service=http; firewall-cmd --list-services'), get(), web('systemctl reload firewalld; systemctl enable firewalld 2>&1 | wc -l'), get()]).toEqual([['success\nssh dhcpv6-client\n', '', 0], 'refused\n', ['2\n', '', 0], 'hello\n']);
  expect(['--add-port=80', '--add-port=99999/tcp', '--add-port 1/x', '--add-service=x', '--zone=dmz --list-all', '--what', '--add-port', '--add-masquerade', '--remove-port=9/udp'].map((o) => web(`firewall-cmd ${o}`).slice(1))).toEqual([
    ['Error: INVALID_PORT: bad port (most likely missing protocol), correct syntax is portid[-portid]/protocol\n', 102], ['Error: INVALID_PORT: 99999\n', 102], ["Error: INVALID_PROTOCOL: 'x' not in {'tcp'|'udp'|'sctp'|'dccp'}\n", 103],
    ["Error: INVALID_SERVICE: 'x' not among existing services\n", 101], ['Error: INVALID_ZONE: dmz\n', 112], ['usage: see firewall-cmd man page\nfirewall-cmd: error: unrecognized arguments: --what\n', 2], ['usage: see firewall-cmd man page\nfirewall-cmd: error: argument --add-port: expected one argument\n', 2],
    ['firewall-cmd: option --add-masquerade exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n', 64], ["Warning: NOT_ENABLED: '9:udp' not in 'public'\n", 0],
  ]);
  web('systemctl enable httpd');
  f.act({ do: 'reboot', host: 'web' });
  f.advance(40_000_000);
  expect([web('firewall-cmd --list-all'), get()]).toEqual([[`public (active)\n${zone('ssh dhcpv6-client http', '')}`, '', 0], 'hello\n']);
  expect([web('systemctl stop firewalld; iptables -S'), get()]).toEqual([['-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n', '', 0], 'hello\n']);
});
