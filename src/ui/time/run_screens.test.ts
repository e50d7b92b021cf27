// Terminals of a checker's run: what was run on each host and printed by the instant shown, the rest dimmed; the learner's own lines never.
import { expect, test } from 'vitest';
import { Lab } from '../../lab/lab';
import { instantiate } from '../../lesson/instantiate';
import { sandbox } from '../../lesson/sandbox';
import { topologyOfLesson } from '../../lesson/topology_of';
import { RunScreens } from './run_screens';

test('a run on a fork shows its own command lines, as far as the instant, and nothing that was typed', () => {
  const lab = Lab.create(topologyOfLesson(instantiate(sandbox, 0).lesson)!, { seed: 1 });
  const [a, b] = lab.hostNames() as [string, string];
  lab.type(a, 0, 'echo mine\r');
  lab.advance(1e6);
  const whole = lab.fork();
  whole.exec(a, 'echo one; sleep 1; echo two >&2; echo three');
  const then = lab.fork();
  const began = then.now();
  then.asFarAs(began + 500_000, then.executing(a, 'echo one; sleep 1; echo two >&2; echo three'), whole);
  const screens = new RunScreens({ head: (h) => `on ${h}:`, none: (h) => `nothing on ${h}` });
  const stamp = (began / 1e6).toFixed(6);
  const line = `on ${a}:\r\n${stamp} s ${a}# \x1b[1mecho one; sleep 1; echo two >&2; echo three\x1b[0m\r\n`;
  const first = screens.output(then, whole, { host: a, tty: 0 }, 0);
  expect(first.bytes).toBe(`\x1bc${line}one\r\n\x1b[?25l\x1b[2mtwo\r\nthree\r\n\x1b[0m`);
  expect(screens.output(then, whole, { host: a, tty: 0 }, first.next)).toEqual({ bytes: '', next: first.next });
  const end = screens.output(whole, whole, { host: a, tty: 0 }, first.next);
  expect([end.bytes, end.next > first.next]).toEqual([`\x1bc${line}one\r\ntwo\r\nthree\r\n\x1b[?25l`, true]);
  expect(screens.output(whole, whole, { host: b, tty: 0 }, 0).bytes).toBe(`\x1bcnothing on ${b}\r\n\x1b[?25l`);
  expect([lab.ran().length, whole.ran()[0]!.ended(), then.ran()[0]!.ended()]).toEqual([0, true, false]);
});
