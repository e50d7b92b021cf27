// The command that broke a check is found, wherever it was entered; what was never done is told from what was undone.
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { bisect, type Finding } from './bisect';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } },
    { name: 'web52', role: 'real-server', interfaces: { eth0: { segment: 'lan', address: '192.168.4.52/24' } }, services: [{ type: 'http', port: 80, body: 'web52\n' }] },
  ],
};
const served = (lab: Lab): boolean => lab.fork().exec('client50', 'curl -s -m 2 http://192.168.4.52/').stdout === 'web52\n';

function find(lines: readonly string[], question = served): Finding {
  const lab = Lab.create(topology, { seed: 1 });
  for (const line of lines) {
    if (line === 'unplug') lab.act({ do: 'unplug', host: 'web52', iface: 'eth0' });
    else {
      lab.type('web52', 0, `${line}\r`);
      do lab.advance(50_000);
      while (lab.terminalBusy('web52', 0));
    }
    lab.advance(1_000_000);
  }
  const now = lab.now();
  const run = bisect(lab, question);
  for (;;) {
    const r = run.next();
    if (!r.done) continue;
    expect(lab.now()).toBe(now);
    return r.value;
  }
}
const noise = (n: number): string[] => Array.from({ length: n }, (_, i) => `echo ${i}`);

test.each([
  ['the last command', [...noise(5), 'systemctl stop httpd'], 'systemctl stop httpd', 6],
  ['one long ago', [...noise(3), 'ip addr del 192.168.4.52/24 dev eth0', ...noise(9)], 'ip addr del 192.168.4.52/24 dev eth0', 4],
  ['an action', ['unplug', ...noise(3)], 'unplug', 1],
  ['after it was mended once', ['systemctl stop httpd', 'systemctl start httpd', ...noise(2), 'iptables -A INPUT -p tcp --dport 80 -j DROP', ...noise(6)], 'iptables -A INPUT -p tcp --dport 80 -j DROP', 5],
] as const)('%s', (_what, lines, text, number) => {
  expect(find(lines)).toMatchObject({ kind: 'broke', culprit: { host: 'web52', text, number } });
});

test('what passes, and what was never done', () => {
  expect(find(noise(2))).toEqual({ kind: 'passes', tried: 1 });
  expect(find(noise(3), (lab) => lab.readFile('web52', '/etc/nothing') !== null)).toEqual({ kind: 'never', tried: 4 });
});
