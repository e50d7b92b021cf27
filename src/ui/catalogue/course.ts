// The compiled index of the course and what the learner has kept of it, for the screens around the ladder.
import { useEffect, useState } from 'react';
import type { Card, CourseIndex } from '../../lesson/course_index';
import { allWork, type SavedWork } from '../persist';

export type Work = Map<string, SavedWork & { seed: number }>;
export interface Course { index: CourseIndex; work: Work; /** The browser keeps no work. */ refused: boolean }

/** Index and kept work; null while they load. */
export function useCourse(): Course | null {
  const [course, set] = useState<Course | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  if (broken !== null) throw broken; // to the boundary
  useEffect(() => {
    let gone = false;
    void Promise.all([import('virtual:course/_index'), allWork()]).then(([i, kept]) => { if (!gone) set({ index: i.default, ...kept }); }).catch((e: unknown) => { if (!gone) setBroken(e); });
    return () => { gone = true; };
  }, []);
  return course;
}

/** Steps of a lesson that passed; an exam counts once it is over. */
export function isDone(c: Card, work: Work): boolean {
  const w = work.get(c.id);
  if (w === undefined || c.steps.length === 0) return false;
  return c.kind === 'exam' ? w.exam?.record != null : c.steps.every((s) => w.passed.includes(s.id));
}

/** Hints taken in a lesson. */
export const hintsOf = (c: Card, work: Work): number => Object.values(work.get(c.id)?.hints ?? {}).reduce((a, n) => a + n, 0);
