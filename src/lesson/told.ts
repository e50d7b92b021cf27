// What a page may say about a failed check. A guided lesson explains at once; a broken cluster is for the learner to diagnose, so it shows symptoms first
// and the cause only with the hints; an exam says nothing before its end.
import type { CheckSpec } from './checks/check_kind';
import type { Question } from './question';
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

/** A step as far as it decides what may be said: hints given of those there are, and whether it has passed. */
export interface StepTold { given: number; total: number; passed: boolean }

/**
 * Whether the page may show what only the engine knows: who answers ARP, which services run, where and why a packet died, what each kernel decided, which settings
 * differ from the default. A broken cluster keeps it until a step's hints are used up or all is mended, an exam until its end. What commands print stays in sight.
 */
export function causeTold(kind: Lesson['kind'] | 'sandbox', steps: readonly StepTold[], ended = false): boolean {
  if (kind === 'exam') return ended;
  if (kind !== 'breakfix') return true;
  return steps.every((s) => s.passed) || steps.some((s) => s.total > 0 && s.given >= s.total);
}

/** Whether the page may say which server comes next: not while somebody is asked to predict it and has not answered. `asked`: the questions in front of the learner. */
export function nextTold(asked: readonly Pick<Question, 'id' | 'predict' | 'form'>[], answers: Readonly<Record<string, string>>): boolean {
  return !asked.some((q) => q.predict && q.form.kind === 'slots' && answers[q.id] === undefined);
}
