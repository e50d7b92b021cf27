// An exam's clock and its end: how much time is left, what the points are, and the record that is kept. Real time comes from the caller as numbers
// (milliseconds since 1970): the engine knows only the lab's own time, which stands still while a page is closed. An exam does not.
import type { StepResult } from './check';
import type { Lesson } from './schema';

/** What points need to know of a lesson. */
export interface Pointed { steps: readonly { id: string; points: number }[]; pass?: number | undefined }

/** Points of a hundred that are enough when an exam does not say. */
export const PASS = 60;
/** The last minutes, in which a page speaks up once. */
const SOON_MS = 10 * 60_000;

export interface ExamClock {
  startedAt: number;
  deadline: number;
  /** Never below 0. */
  leftMs: number;
  /** soon: the last ten minutes. over: nothing that is done from now on counts. */
  phase: 'running' | 'soon' | 'over';
}

/** The clock of an exam that was started at `startedAt`. A clock that was set back does not give more time than there is. */
export function examClock(lesson: Pick<Lesson, 'minutes'>, startedAt: number, now: number): ExamClock {
  const whole = lesson.minutes * 60_000;
  const leftMs = Math.max(0, Math.min(whole, startedAt + whole - now));
  return { startedAt, deadline: startedAt + whole, leftMs, phase: leftMs === 0 ? 'over' : leftMs <= SOON_MS ? 'soon' : 'running' };
}

export interface ExamScore {
  got: number;
  total: number;
  /** Rounded down: 59.9 is not 60. */
  percent: number;
  passed: boolean;
  /** A step gives all its points or none; one that waits for another gives none. */
  steps: { step: string; points: number; got: number; state: StepResult['state'] }[];
}

/** Points for what the checks found. */
export function examScore(lesson: Pointed, results: readonly StepResult[]): ExamScore {
  const steps = lesson.steps.map((s) => {
    const state = results.find((r) => r.step === s.id)?.state ?? 'blocked';
    return { step: s.id, points: s.points, got: state === 'passed' ? s.points : 0, state };
  });
  const got = steps.reduce((n, s) => n + s.got, 0);
  const total = steps.reduce((n, s) => n + s.points, 0);
  const percent = total === 0 ? 0 : Math.floor((got * 100) / total);
  return { got, total, percent, passed: percent >= (lesson.pass ?? PASS), steps };
}

/** What is kept of an exam. Plain data: it goes into the learner's store and the homework file. */
export interface ExamRecord {
  lesson: string;
  seed: number;
  startedAt: number;
  endedAt: number;
  /** How it ended: handed in, or the time was up. */
  ended: 'submitted' | 'time';
  score: ExamScore;
}

/**
 * Ends an exam. `results` must be of the lab as it stood then: the page checks once more when somebody hands in, and takes the last finished check when
 * the time runs out. `now` after the deadline (the page was closed) counts as the deadline.
 */
export function endExam(lesson: Pick<Lesson, 'id' | 'minutes'> & Pointed, seed: number, startedAt: number, now: number, results: readonly StepResult[]): ExamRecord {
  const clock = examClock(lesson, startedAt, now);
  const over = clock.phase === 'over';
  return { lesson: lesson.id, seed, startedAt, endedAt: over ? clock.deadline : now, ended: over ? 'time' : 'submitted', score: examScore(lesson, results) };
}
