// The lab as its callers use it: time, forks, typing, undo, reset, save and restore.
import { expect, test } from 'vitest';
import { effective, isProblem, parseJournal } from './journal';
import { Lab, NoSuchHost } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } },
    { name: 'web52', role: 'real-server', interfaces: { eth0: { segment: 'lan', address: '192.168.4.52/24' } }, services: [{ type: 'http', port: 80, body: '', pages: { 'test.html': 'web52\n' } }] },
  ],
};
const make = (): Lab => Lab.create(topology, { seed: 7 });
const enter = (lab: Lab, host: string, line: string): void => {
  lab.type(host, 0, `${line}\r`);
  for (let i = 0; i < 300 && (i === 0 || lab.terminalBusy(host, 0)); i++) lab.advance(100_000);
};
const screen = (lab: Lab, host: string): string => lab.terminalOutput(host, 0, 0).bytes;
const state = (lab: Lab): string => JSON.stringify([lab.now(), lab.hostNames().map((h) => [lab.hostView(h), screen(lab, h)]), lab.ledger()]);

test('boots without complaint and settles', () => {
  const lab = make();
  expect(lab.complaints).toEqual([]);
  expect(lab.exec('client50', 'curl -s http://192.168.4.52/test.html')).toMatchObject({ stdout: 'web52\n', stderr: '', status: 0 });
  expect(lab.exec('client50', 'nosuch')).toMatchObject({ stderr: 'bash: line 1: nosuch: command not found\n', status: 127 });
  expect(lab.exec('client50', 'sleep 60', { timeoutUs: 2_000_000 })).toMatchObject({ timedOut: true });
  expect(lab.exec('client50', 'while true; do :; done', { timeoutUs: 2_000_000 })).toMatchObject({ timedOut: true });
  expect(lab.ledger().balanced).toBe(true);
  expect(() => lab.type('nohost', 0, 'x')).toThrow(NoSuchHost);
});

test('advance(a + b) equals advance(a); advance(b)', () => {
  const a = make();
  const b = make();
  for (const lab of [a, b]) lab.type('client50', 0, 'ping -c 3 192.168.4.52\r');
  a.advance(2_345_678);
  for (const us of [1, 1_000_000, 345_677, 1_000_000]) b.advance(us);
  expect(state(b)).toBe(state(a));
});

test('a fork shares nothing and leaves the lab as it was', () => {
  const lab = make();
  enter(lab, 'client50', 'ping -c 1 192.168.4.52');
  const before = state(lab);
  const fork = lab.fork();
  fork.exec('web52', 'ip addr add 10.9.9.9/32 dev eth0; rm -f /var/www/html/test.html; systemctl stop httpd');
  fork.act({ do: 'unplug', host: 'client50', iface: 'eth0' });
  fork.advance(5_000_000);
  expect(state(lab)).toBe(before);
  expect(lab.exec('client50', 'curl -s http://192.168.4.52/test.html').stdout).toBe('web52\n');
});

test('undo takes back the last entered command only', () => {
  const lab = make();
  enter(lab, 'client50', 'echo one > /tmp/a');
  for (const key of 'echo two > /tmp/a') lab.type('client50', 0, key);
  enter(lab, 'client50', '');
  expect(lab.readFile('client50', '/tmp/a')).toBe('two\n');
  expect(lab.undo()).toEqual({ text: 'echo two > /tmp/a', host: 'client50' });
  expect(lab.readFile('client50', '/tmp/a')).toBe('one\n');
  expect(screen(lab, 'client50')).not.toContain('two');
  expect(lab.undo()).toEqual({ text: 'echo one > /tmp/a', host: 'client50' });
  expect(lab.readFile('client50', '/tmp/a')).toBe(null);
  expect(lab.undo()).toBe(null);
});

test('a terminal cursor from before an undo gets the whole screen again', () => {
  const lab = make();
  enter(lab, 'client50', 'echo hello');
  const { next } = lab.terminalOutput('client50', 0, 0);
  expect(lab.terminalOutput('client50', 0, next).bytes).toBe('');
  lab.undo();
  expect(lab.terminalOutput('client50', 0, next).bytes.startsWith('\x1bc')).toBe(true);
});

test('saved work comes back exactly', () => {
  const lab = make();
  enter(lab, 'client50', 'echo one > /tmp/a');
  enter(lab, 'web52', 'ifconfig lo:1 192.168.4.253/32');
  lab.type('client50', 0, 'ping 192.168.4.52\r');
  lab.advance(2_500_000);
  lab.type('client50', 0, '\x03');
  lab.advance(300_000);
  enter(lab, 'client50', 'rm /tmp/a');
  lab.undo();
  lab.act({ do: 'unplug', host: 'web52', iface: 'eth0' });
  lab.type('client50', 0, 'half a li');
  lab.advance(12_345);
  const saved = parseJournal(lab.snapshot());
  if (isProblem(saved)) throw new Error(saved.key);
  const back = Lab.restore(topology, saved);
  expect(back.differences).toEqual([]);
  expect(state(back)).toBe(state(lab));
});

test('reset of one host forgets what was typed there, reset of all forgets everything', () => {
  const lab = make();
  enter(lab, 'client50', 'echo one > /tmp/a');
  enter(lab, 'web52', 'echo two > /tmp/b');
  lab.act({ do: 'reset', host: 'client50' });
  expect([lab.readFile('client50', '/tmp/a'), lab.readFile('web52', '/tmp/b')]).toEqual([null, 'two\n']);
  lab.act({ do: 'reset' });
  expect([lab.readFile('client50', '/tmp/a'), lab.readFile('web52', '/tmp/b')]).toEqual([null, null]);
  lab.undo();
  expect(lab.readFile('web52', '/tmp/b')).toBe('two\n');
  expect(effective(lab.journal).length).toBeGreaterThan(0);
});

test("a unit among a host's own files can be enabled", () => {
  const files = { '/etc/systemd/system/mail.service': '[Service]\nExecStart=/usr/bin/nc -lk 25\n[Install]\nWantedBy=multi-user.target\n' };
  const lab = Lab.create({ ...topology, hosts: topology.hosts.map((h) => ({ ...h, files, enabled: ['mail'] })) }, { seed: 7 });
  expect(lab.exec('web52', 'systemctl is-enabled mail; systemctl is-active mail').stdout).toBe('enabled\nactive\n');
});

test('a reboot brings the terminal back with a prompt', () => {
  const lab = make();
  enter(lab, 'client50', 'touch /tmp/x; ip addr add 10.9.9.9/32 dev eth0; reboot');
  lab.advance(60_000_000);
  expect(lab.hostView('client50').running).toBe(true);
  enter(lab, 'client50', 'ip -o addr | grep -c 10.9.9.9');
  expect(screen(lab, 'client50')).toMatch(/\r\n0\r\n\S*\[root@client50 ~\]# $/);
});

test.each([
  ['', 'journal.notJson'], ['[]', 'journal.shape'], ['{"version":99}', 'journal.newer'], ['{"version":1,"seed":1}', 'journal.shape'],
  ['{"version":1,"seed":1,"epoch":0,"topology":0,"end":0,"entries":[{"seq":2,"at":0,"undo":1}]}', 'journal.shape'],
])('a broken journal says what is wrong: %s', (text, key) => expect(parseJournal(text)).toMatchObject({ key }));
