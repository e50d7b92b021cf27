// A lab started from a lesson, or a journal's work on one done again.
import { Lab } from '../lab/lab';
import type { Journal } from '../lab/journal';
import type { Lesson } from './schema';
import { topologyOfLesson } from './topology_from';

export { topologyOfLesson };

const startLines = (lesson: Lesson): { host: string; line: string }[] =>
  lesson.lab.start.map((s) => ({ host: s.slice(0, s.indexOf('#')), line: s.slice(s.indexOf('#') + 1).trim() }));

/** The lab a learner meets. `lesson` has its variables filled in (see load.ts instantiate). */
export function startLesson(lesson: Lesson, seed: number, opts: { terminals?: boolean; epoch?: number; zone?: string } = {}): Lab {
  return Lab.create(topologyOfLesson(lesson), { ...opts, seed: seed === 0 ? 1 : seed, start: startLines(lesson), lesson: lesson.id });
}

/** The same in steps, for a page that must not stand still. */
export function startingLesson(lesson: Lesson, seed: number): Generator<void, Lab> {
  return Lab.creating(topologyOfLesson(lesson), { seed: seed === 0 ? 1 : seed, start: startLines(lesson), lesson: lesson.id });
}

/** The same lab with a journal's work done again. */
export function restoreLesson(lesson: Lesson, journal: Journal): Lab {
  return Lab.restore(topologyOfLesson(lesson), journal, { start: startLines(lesson), lesson: lesson.id });
}

/** The same in steps; yields how many entries of the journal are done. */
export function restoringLesson(lesson: Lesson, journal: Journal): Generator<number, Lab> {
  return Lab.restoring(topologyOfLesson(lesson), journal, { start: startLines(lesson), lesson: lesson.id });
}
