// Which changes of a lab can change a check's verdict: a hash to compare before checking again.
import type { Lab } from '../lab/lab';
import { toEnd } from '../lib/steps';
import type { CheckSpec } from './checks/check_kind';
import type { Lesson } from './schema';

/** Every check of a lesson, those inside others too. */
export function* everyCheck(specs: readonly CheckSpec[]): Generator<CheckSpec> {
  for (const c of specs) {
    yield c;
    const a = c.args as { then?: CheckSpec[]; kind?: string } | CheckSpec[] | null;
    if (c.kind === 'survives') yield* everyCheck((a as { then: CheckSpec[] }).then);
    else if (c.kind === 'all' || c.kind === 'any') yield* everyCheck(a as CheckSpec[]);
    else if (c.kind === 'not') yield* everyCheck([a as CheckSpec]);
  }
}

/**
 * A hash of what checks may look at: configuration and quiz answers; commands, counters and neighbours only when the lesson has a check about them.
 * Ask every half second or so; check again 300 ms after it changed.
 */
export const relevant = (lab: Lab, lesson?: Pick<Lesson, 'steps'>): string => toEnd(relevantInSteps(lab, lesson));

/** The same in steps, for a page that must not stand still. */
export function* relevantInSteps(lab: Lab, lesson?: Pick<Lesson, 'steps'>): Generator<void, string> {
  const checks = lesson === undefined ? [] : [...everyCheck(lesson.steps.flatMap((s) => s.checks))];
  const asks = (kind: string, ...keys: string[]): boolean => checks.some((c) => c.kind === kind && (keys.length === 0 || keys.some((k) => (c.args as Record<string, unknown>)[k] !== undefined)));
  const state = yield* lab.relevantSteps({ counters: asks('ipvs', 'counters', 'connections'), neighbours: asks('neighbour') });
  const answers = Object.entries(lab.answers()).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${state}${answers.length === 0 ? '' : ` ${JSON.stringify(answers)}`}${asks('used') ? ` ${lab.commands().length}` : ''}`;
}
