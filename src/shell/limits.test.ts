// Bad input: the shell says so in words and stays in its bounds.
import { expect, test } from 'vitest';
import { rig } from './rig/rig';
import { MAX_PROCS } from './say';

test('a line of a megabyte', () => {
  expect(rig().exec(`printf %s ${'a'.repeat(1_000_000)} | wc -c`).stdout).toBe('1000000\n');
});

test.each([
  ['f() { f; }; f', 'environment: line 1: f: maximum function nesting level exceeded (400)\n'],
  [`x='eval "$x"'; eval "$x"`, 'bash: line 1: maximum command nesting level exceeded (400)\n'],
])('%s', (line, stderr) => {
  expect(rig().exec(line)).toEqual({ stdout: '', stderr, status: 1 });
});

test('deep nesting is refused, not a crash', () => {
  for (const open of ['(', '{ ', '$(', '"$(', 'if ', '((']) expect(rig().exec(open.repeat(100_000)).status).toBe(2);
});

test('a fork bomb fills no more than the process table', () => {
  const r = rig();
  r.exec(':(){ :|:& };:');
  for (let i = 0; i < 20_000; i++) r.world.step();
  expect(r.host.procs.size).toBeLessThanOrEqual(MAX_PROCS);
  expect(r.host.procs.size).toBeGreaterThan(MAX_PROCS / 2);
});

test('an endless loop lets time pass', () => {
  const r = rig();
  expect(r.exec('while :; do :; done', 10_000).stderr).toBe('STUCK\n');
  expect(r.world.clock.now).toBeGreaterThan(50_000);
});
