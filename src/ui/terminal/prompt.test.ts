// The prompt is dimmed and the command strong; taking the colours away gives the shell's bytes back.
import { expect, test } from 'vitest';
import { PromptPainter } from './prompt';

const bare = (s: string): string => s.replace(/\x1b\[[0-9;]*m/g, '');

test('prompt, command and output over several writes', () => {
  const p = new PromptPainter();
  const writes = ['[root@lvs51 ~]# ', 'i', 'pvsadm', '\r\n', 'IP Virtual Server\r\n[root@lvs51 ~]# '];
  const shown = writes.map((w) => p.paint(w));
  expect(shown).toEqual([
    '\x1b[0;2m[root@\x1b[0mlvs51\x1b[2m ~]# \x1b[0;1m', 'i', 'pvsadm', '\r\x1b[0m\n', 'IP Virtual Server\r\n\x1b[0;2m[root@\x1b[0mlvs51\x1b[2m ~]# \x1b[0;1m',
  ]);
  expect(shown.map(bare)).toEqual(writes);
});

test('a line drawn anew keeps its prompt quiet', () => {
  const p = new PromptPainter();
  p.paint('[root@lvs51 ~]# ls /et');
  expect(p.paint('\r\x1b[J[root@lvs51 ~]# ls /etc')).toBe('\r\x1b[J\x1b[0;2m[root@\x1b[0mlvs51\x1b[2m ~]# \x1b[0;1mls /etc');
});

test('a prompt in the middle of a line is only text', () => {
  const p = new PromptPainter();
  p.paint('echo ');
  expect(p.paint('[root@lvs51 ~]# ')).toBe('[root@lvs51 ~]# ');
});
