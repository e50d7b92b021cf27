// Checks `all`, `any`, `not`: combinations of others on the same fork.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { CHECKS, type CheckSpec } from './index';
import { type CheckKind, type Finding, message } from '../check';
import type { Lesson } from '../load';

function* inner(lab: Lab, c: CheckSpec, lesson: Lesson): Generator<void, Finding> {
  return yield* (CHECKS.find((x) => x.name === c.kind) as CheckKind<unknown>).run(lab.fork(), c.args, lesson);
}

/** Every inner check passes. */
export const all: CheckKind<CheckSpec[]> = {
  name: 'all',
  schema: (c) => z.array(c).min(1),
  *run(lab, checks, lesson) {
    let last: Finding | null = null;
    for (const c of checks) {
      last = yield* inner(lab, c, lesson);
      if (last.state !== 'passed') return last;
    }
    return last!;
  },
};

/** At least one inner check passes; else the last one's finding is told. */
export const any: CheckKind<CheckSpec[]> = {
  name: 'any',
  schema: (c) => z.array(c).min(1),
  *run(lab, checks, lesson) {
    let last: Finding | null = null;
    for (const c of checks) {
      last = yield* inner(lab, c, lesson);
      if (last.state === 'passed') return last;
    }
    return last!;
  },
};

/** The inner check fails. What is blocked stays blocked: nothing was shown. */
export const not: CheckKind<CheckSpec> = {
  name: 'not',
  schema: (c) => c,
  *run(lab, c, lesson) {
    const f = yield* inner(lab, c, lesson);
    if (f.state === 'blocked') return f;
    return { ...f, state: f.state === 'passed' ? 'failed' : 'passed', expected: message('not.expected', {}), explanation: null };
  },
};
