// What a page may say about a failed check. A guided lesson explains at once; a broken cluster is for the learner to diagnose, so it shows symptoms first
// and the cause only with the hints; an exam says nothing before its end.
import type { CheckSpec } from './checks/check_kind';
import type { Lesson } from './schema';

export interface Told {
  /** Passed or failed. */
  state: boolean;
  expected: boolean;
  actual: boolean;
  /** Explanation, misconception, and the packets it refers to. */
  why: boolean;
}

const ALL: Told = Object.freeze({ state: true, expected: true, actual: true, why: true });
const NOTHING: Told = Object.freeze({ state: false, expected: false, actual: false, why: false });
const SYMPTOM: Told = Object.freeze({ state: true, expected: true, actual: true, why: false });
const DESIGN: Told = Object.freeze({ state: true, expected: true, actual: false, why: false });

/** What users of the cluster would notice; anything else is the state of some host and would name the cause. */
const SYMPTOMS: readonly string[] = ['http', 'connect', 'ping'];
/** The author's words about an answer teach; they give no fault away. */
const QUESTIONS: readonly string[] = ['choice', 'order', 'match', 'text', 'predict'];

/** `hints`: how many of the step's hints were given. `ended`: the exam is over. */
export function told(kind: Lesson['kind'], check: CheckSpec, hints: { given: number; total: number }, ended = false): Told {
  if (kind === 'exam') return ended ? ALL : NOTHING;
  if (kind !== 'breakfix' || QUESTIONS.includes(check.kind)) return ALL;
  if (hints.given >= hints.total) return ALL;
  return SYMPTOMS.includes(check.kind) || hints.given >= 2 ? SYMPTOM : DESIGN;
}
