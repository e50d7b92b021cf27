// What a learner may type by mistake or for fun: the lab goes on, in small slices and bounded memory, and ^C brings the prompt back.
import { expect, test } from 'vitest';
import { TTY_KEEP } from '../host/tty';
import { Lab } from './lab';
import { isProblem, type Journal, parseJournal } from './journal';
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
const screen = (lab: Lab, host = 'client50', tty = 0): string => lab.terminalOutput(host, tty, 0).bytes;
const state = (lab: Lab): string => JSON.stringify([lab.now(), lab.hostNames().map((h) => [lab.hostView(h), screen(lab, h)]), lab.ledger()]);
const enter = (lab: Lab, host: string, line: string, tty = 0): void => {
  lab.type(host, tty, `${line}\r`);
  for (let i = 0; i < 600 && (i === 0 || lab.terminalBusy(host, tty)); i++) lab.advance(100_000);
};

/** Slices of 64 events, at most `slices` of them; true when `us` have passed before. */
function slices(lab: Lab, us: number, slices: number): boolean {
  const until = lab.now() + us;
  for (let i = 0; i < slices; i++) {
    let asked = 0;
    if (lab.advanceSlice(until, () => ++asked === 4)) return true;
  }
  return false;
}

test.each([
  ['an endless loop', 'while true; do :; done\r'],
  ['a line of a megabyte', `: ${'x'.repeat(1_000_000)}\r`],
  ['a fork bomb', ':(){ :|:& };:\r'],
  ['output without end', 'yes\r'],
  ['a pipe without end', 'yes | cat | cat\r'],
  ['ten million lines', 'seq 10000000\r'],
  ['a device without end', 'cat /dev/zero\r'],
  ['a substitution without end', 'x=$(yes)\r'],
  ['an array without end', 'mapfile < <(yes)\r'],
  ['a function that calls itself', 'f() { f; }; f\r'],
  ['a great brace expansion', 'echo {1..10000000} | wc\r'],
  ['a great field', 'printf %1000000000d 1 | wc\r'],
  ['a great column of jobs', 'while :; do sleep 100 & done\r'],
  ['a regular expression that explodes', `echo ${'a'.repeat(40)} | grep -E '(a*)*b'\r`],
  ['a watch without pause', 'watch -n 0 true\r'],
  ['a file that fills the disk', 'yes > /tmp/f\r'],
])('%s', (_, typed) => {
  const lab = make();
  lab.type('client50', 0, typed);
  slices(lab, 3_000_000, 100);
  expect(lab.terminalOutput('client50', 0, 0).bytes.length).toBeLessThan(TTY_KEEP + 200_000);
  lab.type('client50', 0, '\x03');
  slices(lab, 2_000_000, 400);
  lab.type('client50', 0, '\x03');
  slices(lab, 1_000_000, 400);
  lab.type('client50', 0, 'echo al""ive\r');
  expect([slices(lab, 1_000_000, 1000), screen(lab).slice(-120)]).toEqual([true, expect.stringMatching(/\nalive\r\n(?:[^\n]*\n)?\[root@client50 \S+\]# $/)]);
  expect(lab.exec('web52', 'echo unharmed').stdout).toBe('unharmed\n');
});

test('a shell that takes all memory is killed and root is logged in again', () => {
  const lab = make();
  lab.type('client50', 0, 'x=a; while :; do x=$x$x; done\r');
  lab.advance(3_000_000);
  lab.type('client50', 0, 'echo al""ive\r');
  lab.advance(1_000_000);
  expect(screen(lab)).toContain('client50 login: root (automatic login)');
  expect(screen(lab).slice(-40)).toMatch(/\nalive\r\n\[root@client50 ~\]# $/);
});

test('a program that takes all memory is killed, its shell says so', () => {
  const r = make().exec('client50', `awk 'BEGIN { x = "a"; while (1) x = x x }'; echo $?`);
  expect(r).toMatchObject({ stdout: '137\n', stderr: expect.stringMatching(/^bash: line 1: +\d+ Killed +awk /) });
});

test('a here-document of twenty thousand lines can be pasted', () => {
  const lab = make();
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
  lab.type('client50', 0, `cat > pasted <<EOF\r${lines.join('\r')}\rEOF\r`);
  lab.advance(1_000_000);
  expect(lab.exec('client50', 'cat pasted').stdout).toBe(lines.map((l) => `${l}\n`).join(''));
});

test('a fork answers while commands run here, and the two go apart', () => {
  const lab = make();
  lab.type('client50', 0, 'while sleep 0.1; do curl -s http://192.168.4.52/test.html; done\r');
  lab.type('web52', 0, 'ping 192.168.4.50\r');
  lab.advance(1_234_567);
  const before = state(lab);
  const fork = lab.fork();
  expect(fork.exec('client50', 'curl -s http://192.168.4.52/test.html')).toMatchObject({ stdout: 'web52\n', status: 0 });
  expect(fork.exec('web52', 'systemctl is-active httpd; pgrep -c ping').stdout).toBe('active\n1\n');
  fork.exec('web52', 'systemctl stop httpd');
  expect(fork.exec('client50', 'curl -s http://192.168.4.52/test.html')).toMatchObject({ stdout: '', status: 7 });
  expect(state(lab)).toBe(before);
  lab.advance(1_000_000);
  expect(screen(lab).match(/web52\r\n/g)!.length).toBeGreaterThan(10);
});

/** A busy lab: two terminals on one host, a watch, traffic, a reboot, a pulled cable. */
function busy(lab: Lab, pass: (us: number) => void): void {
  const second = lab.openTerminal('client50');
  lab.type('client50', second, 'for i in {1..40}; do curl -s http://192.168.4.52/test.html; echo $RANDOM; done\r');
  lab.type('client50', 0, 'ping 192.168.4.52\r');
  pass(1_300_001);
  lab.type('web52', 0, 'watch -n 1 netstat -ant\r');
  pass(2_500_000);
  lab.act({ do: 'unplug', host: 'web52', iface: 'eth0' });
  pass(777_777);
  lab.act({ do: 'plug', host: 'web52', iface: 'eth0' });
  lab.type('client50', 0, '\x03');
  pass(1_000_003);
  lab.type('web52', 0, '\x03reboot\r');
  pass(12_000_000);
}

test('the same seed and the same doings give the same bytes, however time is cut', () => {
  const [a, b, c] = [make(), make(), make()] as [Lab, Lab, Lab];
  busy(a, (us) => a.advance(us));
  busy(b, (us) => {
    for (let left = us, n = 1; left > 0; n = (n * 7) % 100_003) {
      const piece = Math.min(left, n * 10);
      b.advance(piece);
      left -= piece;
    }
  });
  busy(c, (us) => {
    const until = c.now() + us;
    let n = 0;
    while (!c.advanceSlice(until, () => ++n % 2 === 0));
  });
  expect(a.terminalOutput('client50', 1, 0).bytes).toContain('web52\r\n');
  for (const lab of [b, c]) {
    expect(state(lab)).toBe(state(a));
    expect(screen(lab, 'client50', 1)).toBe(screen(a, 'client50', 1));
    expect(lab.snapshot()).toBe(a.snapshot());
  }
  const back = Lab.restore(topology, parseJournal(a.snapshot()) as Journal);
  expect([back.differences, state(back), screen(back, 'client50', 1)]).toEqual([[], state(a), screen(a, 'client50', 1)]);
});

test('undo, reset of a host and reset of all on a busy lab leave one that works', () => {
  const lab = make();
  busy(lab, (us) => lab.advance(us));
  expect(lab.undo()).toMatchObject({ host: 'web52' });
  lab.act({ do: 'reset', host: 'client50' });
  expect(screen(lab)).toBe('[root@client50 ~]# ');
  lab.act({ do: 'reset' });
  lab.advance(1_000_000);
  enter(lab, 'client50', 'curl -s http://192.168.4.52/test.html');
  expect(screen(lab)).toBe('[root@client50 ~]# curl -s http://192.168.4.52/test.html\r\nweb52\r\n[root@client50 ~]# ');
});

test.each([
  ['cut off', (s: string) => s.slice(0, -20), 'journal.notJson'],
  ['of a newer engine', (s: string) => s.replace('"version":1', '"version":2'), 'journal.newer'],
  ['of an older engine', (s: string) => s.replace('"version":1', '"version":0'), 'journal.older'],
  ['with entries out of order', (s: string) => s.replace('"seq":2', '"seq":3'), 'journal.shape'],
  ['with time running back', (s: string) => s.replace(/"seq":2,"at":\d+/, '"seq":2,"at":1'), 'journal.shape'],
])('a journal %s is refused with a key', (_, spoil, key) => {
  const lab = make();
  enter(lab, 'client50', 'true');
  enter(lab, 'client50', 'true');
  const p = parseJournal(spoil(lab.snapshot()));
  expect(isProblem(p) ? p.key : 'accepted').toBe(key);
});
