// Fuzz: lines of random bytes, and real words in any order, typed and run. Nothing throws, nothing hangs, and the lab works afterwards.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../commands/index';
import { Lab } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'lvs51', role: 'director', interfaces: { eth0: { segment: 'lan', address: '192.168.4.51/24' } }, packages: ['ipvsadm'] },
    { name: 'web52', role: 'real-server', interfaces: { eth0: { segment: 'lan', address: '192.168.4.52/24' } }, services: [{ type: 'http', port: 80, body: '', pages: { 'test.html': 'web52\n' } }] },
  ],
};
const fresh = (): Lab => Lab.create(topology, { seed: 7 });
/** What ends a host, a terminal or the patience of a test is left out of sentences: it is no defect. */
const ENDS = new Set(['reboot', 'poweroff', 'halt', 'shutdown', 'yes', 'rm', 'kill', 'killall', 'pkill', 'su', 'exit']);

/** Runs events in slices until nothing is due within `us`; false when it takes more than a fair number of events. */
function settle(lab: Lab, us: number): boolean {
  const until = lab.now() + us;
  for (let i = 0; i < 4000; i++) {
    let asked = 0;
    if (lab.advanceSlice(until, () => ++asked === 16)) return true;
  }
  return false;
}

/** Ends whatever runs, and asks whether the host still answers. */
function usable(lab: Lab): boolean {
  for (const keys of ['\x03', '\x1b', '\x03', '\x04', '\r']) {
    lab.type('lvs51', 0, keys);
    settle(lab, 300_000);
  }
  const fork = lab.fork();
  return fork.exec('web52', 'echo fine').stdout === 'fine\n' && fork.exec('lvs51', 'echo fine; curl -s http://192.168.4.52/test.html').stdout.startsWith('fine\n');
}

test('random bytes typed at a terminal', { timeout: 120_000 }, () => {
  const bytes = fc.array(fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 32, max: 126 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) }), { maxLength: 60 }).map((a) => String.fromCharCode(...a));
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), (lines) => {
      const lab = fresh();
      for (const l of lines) {
        lab.type('lvs51', 0, `${l}\r`);
        expect(settle(lab, 500_000)).toBe(true);
      }
      expect(usable(lab)).toBe(true);
    }),
    { numRuns: 40, seed: 20261122 },
  );
});

const SHELL = ['|', '||', '&&', ';', '&', '>', '>>', '<', '2>&1', '<<<', '(', ')', '{', '}', '$(', '`', '"', "'", '\\', '*', '?', '~', '!', '$?', '$x', '${x:-y}', '$((1+', '[[', ']]', 'if', 'then', 'fi', 'for', 'i', 'in', 'do', 'done', 'while', 'case', 'esac', 'function', 'x=1', 'a[0]=2'];
const WORDS = ['192.168.4.253:80', '192.168.4.52', '192.168.4.0/24', '10.0.0.1', '::1', 'eth0', 'eth0:1', 'lo', 'up', 'down', 'add', 'del', 'show', 'default', 'via', 'dev', 'netmask', '255.255.255.0', 'rr', 'wrr', '-1', '0', '65536', '99999999999999999999', '/etc/passwd', '/proc/net/ip_vs', '/nonexistent', '-', '--', '.', 'net.ipv4.ip_forward=1', 'http://192.168.4.52/test.html', 'nginx', 'start', ''];
const known = commands.filter((c) => c.path !== '' && !ENDS.has(c.name));

/** Real names with their real options and likely words, in any order, sometimes cut by what the shell means something by. */
const sentence = fc
  .tuple(fc.constantFrom(...known), fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 7 }), fc.array(fc.constantFrom(...SHELL, ...WORDS, ...WORDS, ...WORDS), { maxLength: 6 }), fc.boolean())
  .map(([c, picks, words, nameFirst]) => {
    const options = Object.keys(c.options);
    const rest = [...picks.map((x) => options[Math.floor(x * options.length)] ?? '-x'), ...words];
    const mixed = rest.map((w, i) => ({ w, k: (i * 7919 + w.length * 104729) % 31 })).sort((a, b) => a.k - b.k).map((x) => x.w);
    return (nameFirst ? [c.name, ...mixed] : [...mixed.slice(0, 1), c.name, ...mixed.slice(1)]).join(' ');
  });

test('real words in any order', { timeout: 240_000 }, () => {
  const lab = fresh();
  fc.assert(
    fc.property(sentence, (line) => {
      const fork = lab.fork();
      const r = fork.exec('lvs51', line, { timeoutUs: 3_000_000, maxEvents: 400_000, stdin: '' });
      expect([line, r.stuck, r.status >= 0 && r.status <= 255]).toEqual([line, false, true]);
      expect([line, fork.exec('web52', 'echo fine').stdout]).toEqual([line, 'fine\n']);
    }),
    { numRuns: 1000, seed: 20261122 },
  );
});
