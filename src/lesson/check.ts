// What a check is, and how steps are checked: each check on a fork of its own, so that the learner's lab never moves.
import type { z } from 'zod';
import type { Lab } from '../lab/lab';
import { CHECKS, type CheckSpec } from './checks/index';
import type { Lesson } from './load';
import { misconceptionOf } from './misconceptions/index';

/** A sentence by key and arguments, in messages.zh.json and messages.en.json. */
export interface Message {
  key: string;
  args: Record<string, string>;
}

export type CheckState = 'passed' | 'failed' | 'blocked';

/** What a check found. */
export interface CheckResult {
  check: string;
  state: CheckState;
  /** Host it is about; '' when several. */
  host: string;
  expected: Message;
  actual: Message;
  /** Why, for a failed check. */
  explanation: Message | null;
  /** Name of the misconception whose detector matched; '' none. */
  misconception: string;
  /** Frames of `run` that show it. */
  frames: number[];
  /** The fork the check ran on, for a replay of the checker's run; null when nothing ran. */
  run: Lab | null;
}

/** What a check's `run` gives; the runner adds the rest. */
export type Finding = Pick<CheckResult, 'state' | 'expected' | 'actual'> & Partial<Pick<CheckResult, 'host' | 'explanation' | 'frames' | 'run'>>;

/** A kind of check. One file each in checks/; the list is checks/index.ts. */
export interface CheckKind<A> {
  readonly name: string;
  /** Shape of its arguments; `inner` is the schema of a nested check. */
  schema(inner: z.ZodType<CheckSpec>): z.ZodType<A>;
  /** Looks at (or acts on) `lab`, a fork made for it. Yields between slices of work. */
  run(lab: Lab, args: A, lesson: Lesson): Generator<void, Finding>;
}

export const message = (key: string, args: Record<string, string | number> = {}): Message => ({
  key, args: Object.fromEntries(Object.entries(args).map(([k, v]) => [k, String(v)])),
});

/** Runs one check on a fork of `lab`. */
export function* runCheck(lab: Lab, spec: CheckSpec, lesson: Lesson): Generator<void, CheckResult> {
  const kind = CHECKS.find((c) => c.name === spec.kind)!;
  const fork = lab.fork();
  const found = yield* (kind as CheckKind<unknown>).run(fork, spec.args, lesson);
  const named = found.state === 'failed' ? misconceptionOf(lab, lesson) : null;
  return {
    check: spec.kind, host: '', frames: [], run: fork, ...found, explanation: named?.explanation ?? found.explanation ?? null, misconception: named?.name ?? '',
  };
}

/** What a step's checks found. A step is blocked while a step it needs has not passed. */
export interface StepReport {
  step: string;
  state: CheckState;
  results: CheckResult[];
  /** Steps that must pass first. */
  waitsFor: string[];
}

/** Checks one step; `passed` names the steps that hold. */
export function* checkStep(lab: Lab, lesson: Lesson, stepId: string, passed: ReadonlySet<string>): Generator<void, StepReport> {
  const step = lesson.spec.steps.find((s) => s.id === stepId)!;
  const waitsFor = step.needs.filter((n) => !passed.has(n));
  if (waitsFor.length > 0) return { step: stepId, state: 'blocked', results: [], waitsFor };
  const results: CheckResult[] = [];
  for (const spec of step.checks) {
    const r = yield* runCheck(lab, spec, lesson);
    results.push(r);
    yield;
    if (r.state !== 'passed') break;
  }
  const last = results[results.length - 1]!;
  return { step: stepId, state: last.state, results, waitsFor: [] };
}

/** Checks every step in order. */
export function* checkAll(lab: Lab, lesson: Lesson): Generator<void, StepReport[]> {
  const passed = new Set<string>();
  const reports: StepReport[] = [];
  for (const s of lesson.spec.steps) {
    const r = yield* checkStep(lab, lesson, s.id, passed);
    if (r.state === 'passed') passed.add(s.id);
    reports.push(r);
  }
  return reports;
}

/** Runs a generator to its end at once. */
export function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const r = work.next();
    if (r.done) return r.value;
  }
}
