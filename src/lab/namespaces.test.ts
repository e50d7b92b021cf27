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

test.each([true, false])('one kernel %s: rmmod takes the devices of its kind, up or not, with their addresses and routes', (bare) => {
  const l = lab(bare);
  const said = l.exec('a', 'modprobe ipip; ip link set tunl0 up; ip addr add 10.9.9.9/32 dev tunl0; ip tunnel add t1 mode ipip local 10.0.0.1 remote 10.0.0.2; ip link set t1 up; rmmod ipip; echo rc=$?; ls /sys/class/net; ip route; ip route show table local | grep -c 10.9; lsmod | grep tunnel');
  expect([said.stdout, said.stderr]).toEqual(['rc=0\neth0\nlo\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 \n0\ntunnel4                16384  0\nip_tunnel              36864  0\n', '']);
  expect(l.exec('b', 'ls /sys/class/net').stdout).toBe('eth0\nlo\n');
  expect(l.exec('a', 'modprobe ipip; ls /sys/class/net').stdout).toBe('eth0\nlo\ntunl0\n');
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
