// Mutation operators as a table: each line of a solution and what becomes of it.
import { expect, test } from 'vitest';
import { parseLabFile } from './labfile';
import { mutantsOf } from './mutate';

const hosts = [{ name: 'lvs51', role: 'director' }, { name: 'web52', role: 'real-server' }, { name: 'web53', role: 'real-server' }];
const spoilt = (text: string): string[] => mutantsOf({ actions: parseLabFile(text).actions, hosts }).map((m) => `${m.operator}: ${m.text}`);

test.each([
  ['lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr', [
    "drop a line: without 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr'",
    "swap hosts: 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr' as 'web52# ipvsadm -A -t 192.168.4.253:80 -s rr'",
    "wrong address: 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr' as 'ipvsadm -A -t 192.168.4.254:80 -s rr'",
    "wrong scheduler: 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr' as 'ipvsadm -A -t 192.168.4.253:80 -s wlc'",
    "wrong port: 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s rr' as 'ipvsadm -A -t 192.168.4.253:8080 -s rr'",
  ]],
  ['web52# ifconfig lo:1 192.168.4.253 netmask 255.255.255.255  # optional: because', []],
  ['wait 3s', ["drop a line: without 'wait 3s'"]],
])('%s', (line, want) => expect(spoilt(line)).toEqual(want));

test('mode and weight', () => {
  const of = (line: string): string[] => spoilt(line).filter((m) => /mode|weight/.test(m)).map((m) => m.slice(m.indexOf(' as ') + 4));
  expect(of('lvs51# ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 3')).toEqual(["'ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -g -w 3'", "'ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 4'"]);
  expect(of('lvs51# ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2')).toEqual(["'ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m'"]);
  expect(of('lvs51# ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -i')).toEqual(["'ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m'"]);
});

test('what a host wrote down for the next boot is forgotten as a whole; a file loses a line', () => {
  const text = "web52# echo x >> /etc/rc.local\nweb52# true\nweb52# systemctl enable httpd\nweb53 edit /etc/sysctl.conf <<EOF\n# words\na = 1\nb = 2\nEOF\n";
  expect(spoilt(text).filter((m) => /^forgotten|less$/.test(m))).toEqual([
    'forgotten persistence: without lines 1, 3 (web52)',
    "drop a line: 'web53 edit /etc/sysctl.conf' as 'web53 edit /etc/sysctl.conf' with a line less",
    "drop a line: 'web53 edit /etc/sysctl.conf' as 'web53 edit /etc/sysctl.conf' with a line less",
  ]);
});
