// Broken lessons: every complaint says file, line, column, what was expected, and which word was meant.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { instantiate } from './instantiate';
import { loadLesson } from './load';
import { parseLabFile } from './labfile';

const folder = join(import.meta.dirname, '../../lessons/dr-cluster');
const files: Record<string, string> = {};
const walk = (path: string): void => {
  for (const n of readdirSync(path)) {
    const p = join(path, n);
    if (statSync(p).isDirectory()) walk(p);
    else files[relative(folder, p).replace(/\\/g, '/')] = readFileSync(p, 'utf8');
  }
};
walk(folder);

/** The complaints when `from` in a file is replaced by `to`. */
const broken = (file: string, from: string, to: string): string[] => {
  expect(files[file]).toContain(from);
  return loadLesson({ ...files, [file]: files[file]!.replace(from, to) }).problems.map((p) => `${p.file}:${p.line}:${p.column}: ${p.text}`);
};

test('the lesson as it is has no problems', () => expect(loadLesson(files).problems).toEqual([]));

test.each([
  ['lesson.yaml', 'kind: guided', 'kind: guide', /^lesson\.yaml:2:7: kind: expected one of "guided"/],
  ['lesson.yaml', '- ipvs:', '- ipvss:', /^lesson\.yaml:\d+:\d+: unknown check 'ipvss'; did you mean 'ipvs'\?$/],
  ['lesson.yaml', 'ask: client50', 'ask: client5', /^lesson\.yaml:\d+:\d+: there is no host 'client5' in this lab; did you mean 'client50'\?$/],
  ['lesson.yaml', 'minutes: 40', 'minutes: soon', /^lesson\.yaml:4:10: minutes: expected number$/],
  ['lesson.yaml', 'minutes: 40\n', '', /^lesson\.yaml:1:1: minutes is missing \(expected number\)$/],
  ['lesson.yaml', 'eth0: lan 192.168.4.50/24', 'eth0: lna 192.168.4.50/24', /^lesson\.yaml:\d+:\d+: noSegment/],
  ['lesson.yaml', 'steps:', 'steps: [', /^lesson\.yaml:\d+:\d+: /],
  ['lesson.yaml', '    needs: [vip]', '    needs: [traffic]', /^lesson\.yaml:25:\d+: needs step 'traffic', which does not come before it$/],
  ['zh.md', '## vip', '## vipp', /^zh\.md:1:1: no heading '## vip \.\.\.'/],
  ['solutions/ifconfig.lab', 'web52#', 'web5#', /^solutions\/ifconfig\.lab:\d+:1: there is no host 'web5' in this lab; did you mean 'web52'\?$/],
])('%s with "%s" as "%s"', (file, from, to, want) => expect(broken(file, from, to)[0]).toMatch(want));

test('variables: the example for seed 0, another value for another seed, the same for the same', () => {
  const l = loadLesson(files).lesson!;
  const vip = (seed: number): string => instantiate(l, seed).values['vip']!;
  expect(vip(0)).toBe('192.168.4.253');
  expect(vip(5)).toBe(vip(5));
  expect(new Set([1, 2, 3, 4, 5, 6].map(vip)).size).toBeGreaterThan(2);
  for (const s of [1, 2, 3]) expect(Number(vip(s).split('.')[3])).toSatisfy((n: number) => n >= 200 && n <= 250);
});

test('.lab files', () => {
  expect(parseLabFile("# fails: traffic  misconception: no-ip-forward\nlvs51# echo a > b\nwait 3s\nweb52 edit /etc/x <<EOF\none\n\ntwo\nEOF\nunplug web52 eth0\nreboot web52\nwhat is this\n")).toEqual({
    fails: 'traffic',
    misconception: 'no-ip-forward',
    actions: [
      { line: 2, do: 'run', host: 'lvs51', command: 'echo a > b', optional: '' },
      { line: 3, do: 'wait', us: 3_000_000 },
      { line: 4, do: 'edit', host: 'web52', path: '/etc/x', text: 'one\n\ntwo\n' },
      { line: 9, do: 'unplug', host: 'web52', iface: 'eth0' },
      { line: 10, do: 'reboot', host: 'web52' },
    ],
    problems: [{ line: 11, key: 'labfile.notUnderstood', args: { text: 'what is this' } }],
  });
});
