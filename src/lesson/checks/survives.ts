// Check `survives`: the fork is changed (hosts rebooted, a service stopped, a cable pulled, time passed) and inner checks run there.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { CHECKS, type CheckSpec } from './index';
import { type CheckKind, type Finding, message } from '../check';
import { REBOOT_US } from '../labfile';
import type { Lesson } from '../load';

interface Args {
  reboot?: string[] | undefined;
  stop?: string | undefined;
  unplug?: string | undefined;
  wait?: number | undefined;
  then: CheckSpec[];
}

function* run(lab: Lab, a: Args, lesson: Lesson): Generator<void, Finding> {
  for (const host of a.reboot ?? []) {
    lab.exec(host, 'reboot', { timeoutUs: 5_000_000 });
    yield;
  }
  if (a.reboot !== undefined) lab.advance(REBOOT_US);
  if (a.stop !== undefined) {
    const [unit, , host] = a.stop.split(' ') as [string, string, string];
    lab.exec(host, `systemctl stop ${unit}`);
  }
  if (a.unplug !== undefined) {
    const [host, iface] = a.unplug.split(' ') as [string, string];
    lab.act({ do: 'unplug', host, iface });
  }
  if (a.wait !== undefined) lab.advance(a.wait * 1e6);
  const what = a.reboot?.join(', ') ?? a.stop ?? a.unplug ?? `${a.wait ?? 0} s`;
  const expected = message(a.reboot === undefined ? 'survives.change' : 'survives.reboot', { what });
  for (const c of a.then) {
    const kind = CHECKS.find((x) => x.name === c.kind) as CheckKind<unknown>;
    yield;
    const inner = yield* kind.run(lab, c.args, lesson);
    if (inner.state !== 'passed') {
      return { ...inner, expected: a.reboot === undefined ? inner.expected : expected, explanation: inner.explanation ?? message(a.reboot === undefined ? 'survives.lost' : 'survives.lostByReboot', { what }) };
    }
  }
  return { state: 'passed', expected, actual: message('survives.held', { what }) };
}

/** What must still hold after a change. */
export const survives: CheckKind<Args> = {
  name: 'survives',
  schema: (inner) =>
    z.strictObject({
      reboot: z.array(z.string()).optional(),
      stop: z.string().regex(/^\S+ on \S+$/, 'UNIT on HOST').optional(),
      unplug: z.string().regex(/^\S+ \S+$/, 'HOST INTERFACE').optional(),
      wait: z.number().positive().optional(),
      then: z.array(inner).min(1),
    }),
  run,
};
