// A lesson that proves itself, and the same lesson broken in every way a proof must name: step, check and host.
import { expect, test } from 'vitest';
import { loadLesson } from './load';
import { prove } from './prove';

const YAML = `id: small
kind: guided
title: { zh: 小课, en: Small }
minutes: 5
track: core
lab:
  segments: { lan: 192.168.4.0/24 }
  hosts:
    client50: { role: client, interfaces: { eth0: lan 192.168.4.50/24 } }
    lvs51: { role: director, interfaces: { eth0: lan 192.168.4.51/24 } }
steps:
  - id: near
    points: 50
    checks:
      - address: { on: client50, has: 10.0.0.1 }
  - id: far
    points: 50
    checks:
      - address: { on: lvs51, has: 10.0.0.2 }
      - ping: { from: client50, to: 10.0.0.2 }
`;
const WORDS = '# T\n\nW.\n\n## near N\n\nW.\n\n## far F\n\nW.\n';
const NEAR = 'client50# ip addr add 10.0.0.1/24 dev eth0\n';
const FAR = 'lvs51# ip addr add 10.0.0.2/24 dev eth0\n';
const FILES: Readonly<Record<string, string>> = {
  'lesson.yaml': YAML, 'zh.md': WORDS, 'en.md': WORDS,
  'solutions/ip.lab': NEAR + FAR, 'solutions/other-order.lab': FAR + NEAR, 'detours/again.lab': `${NEAR}${FAR}client50# ping -c 1 10.0.0.2\n`, 'wrong/only-near.lab': `# fails: far\n${NEAR}`,
};

/** What does not hold, claim by claim. */
function surprises(change: Readonly<Record<string, string>>): Record<string, string[]> {
  const { lesson, problems } = loadLesson({ ...FILES, ...change });
  expect(problems).toEqual([]);
  return Object.fromEntries([...prove(lesson!, 0)].filter((p) => !p.ok).map((p) => [p.what, p.details]));
}

test('every claim of the lesson as it is', () => {
  const { lesson } = loadLesson(FILES);
  expect([...prove(lesson!, 0)].map((p) => `${p.ok ? 'ok' : p.details.join('; ')} ${p.what}`)).toEqual([
    'ok untouched', 'ok solution ip', 'ok solution other-order', 'ok detour again', 'ok wrong only-near', 'ok twice ip', 'ok mutants ip', 'ok mutants other-order',
  ]);
});

test.each<[string, Record<string, string>, Record<string, (string | RegExp)[]>]>([
  ['a step that passes before anything was done', { 'lesson.yaml': YAML.replace('has: 10.0.0.1', 'has: 192.168.4.50') }, { untouched: ['step near passes before anything was done'], 'mutants ip': [/^./], 'mutants other-order': [/^./] }],
  ['a solution that lacks a line', { 'solutions/other-order.lab': FAR }, { 'solution other-order': [/^near\/0 /, /^far\/1 /] }],
  ['a solution with a line that goes wrong', { 'solutions/other-order.lab': `${FAR}${NEAR}client50# ip link set eth7 up  # optional: on purpose\n` }, { 'solution other-order': [/^line 3 'ip link set eth7 up' on client50 ended with 1: Cannot find device "eth7"$/] }],
  ['a detour that does not arrive', { 'detours/again.lab': FAR }, { 'detour again': [/^near\/0 /, /^far\/1 /] }],
  ['a wrong answer that is right', { 'wrong/only-near.lab': `# fails: far\n${NEAR}${FAR}` }, { 'wrong only-near': ['step far does not fail (passed); others: near passed, far passed'] }],
  ['a wrong answer with another misconception', { 'wrong/only-near.lab': `# fails: far  misconception: arp-not-suppressed\n${NEAR}` }, { 'wrong only-near': ['fails, but not with the misconception arp-not-suppressed:', /^far\/0 /, /^far\/1 /] }],
  ['a wrong answer that fails earlier', { 'wrong/only-near.lab': '# fails: far\n' }, { 'wrong only-near': ['an earlier step fails first: near', /^near\/0 /] }],
  ['a mutant that no check catches', { 'solutions/other-order.lab': `${FAR}${NEAR}lvs51# sysctl -w net.ipv4.ip_forward=1\n` }, { 'mutants other-order': [/^line 3: drop a line: .* passes every check$/, /^line 3: swap hosts: .* passes every check$/, /^line 3: 'lvs51# sysctl -w net\.ipv4\.ip_forward=1': no mutant of it fails/] }],
])('%s', (_, change, want) => {
  const got = surprises(change);
  expect(Object.keys(got)).toEqual(Object.keys(want));
  for (const [what, details] of Object.entries(want)) details.forEach((d, i) => (typeof d === 'string' ? expect(got[what]![i]).toBe(d) : expect(got[what]![i]).toMatch(d)));
});
