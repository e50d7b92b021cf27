// Hosts that are namespaces of one kernel (the recordings') beside hosts with a kernel each (lessons'): what one of them does to the others.
import { expect, test } from 'vitest';
import { Lab } from './lab';

const lab = (bare: boolean): Lab =>
  Lab.create({
    segments: [{ name: 'lan', subnet: '10.0.0.0/24' }], image: 'debian-12', bare,
    hosts: ['a', 'b', 'c', 'd'].map((name, n) => ({ name, interfaces: { eth0: { segment: 'lan', address: `10.0.0.${n + 1}/24`, ...(n === 0 ? {} : { addresses: ['10.0.0.99/32'] }) } } })),
  }, { seed: 5, terminals: false });

test.each([
  [true, 'ipip                   16384  0\n', '1: lo:\n2: eth0:\n3: tunl0:\n'],
  [false, '', '1: lo:\n2: eth0:\n'],
])('one kernel %s: a module that one host loads', (bare, modules, devices) => {
  const l = lab(bare);
  l.exec('b', 'modprobe ipip');
  expect(l.exec('c', 'lsmod | grep ^ipip').stdout).toBe(modules);
  expect(l.exec('c', "ip -br -o link | cat -n | while read n dev rest; do echo $n: ${dev%@*}: ; done").stdout).toBe(devices);
});

test('one kernel: the port that was plugged in last is flooded first, so its host answers first, each time', () => {
  const l = lab(true);
  for (let i = 0; i < 3; i++) {
    const macs = [...l.exec('a', 'arping -c 2 -I eth0 10.0.0.99').stdout.matchAll(/\[(\S+)\]/g)].slice(0, 3).map((m) => m[1]);
    expect(macs).toEqual(['d', 'c', 'b'].map((h) => l.look(h).interfaces.find((x) => x.name === 'eth0')!.mac.toUpperCase()));
  }
});

test('a kernel each: answers race, and not always the same host wins', () => {
  const l = lab(false);
  const first = new Set(Array.from({ length: 12 }, () => /\[(\S+)\]/.exec(l.exec('a', 'arping -c 1 -I eth0 10.0.0.99').stdout)?.[1]));
  expect(first.size).toBeGreaterThan(1);
});
