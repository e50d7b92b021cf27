// Which command broke it: halves the work done between a moment when a check passed and now, when it fails. Like `git bisect`, over the journal.
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { runCheck } from './check';
import type { CheckSpec } from './checks/check_kind';
import type { Lesson } from './schema';

/** The deed after which a check no longer passed. `number` counts commands and actions from 1; `before` is an instant just before it was entered, us. */
export interface Culprit { host: string; text: string; number: number; before: number; at: number }

export type Finding =
  | { kind: 'broke'; culprit: Culprit; tried: number }
  /** It passes now. */
  | { kind: 'passes'; tried: number }
  /** At no moment looked at did it pass: nothing broke it, it was never done. */
  | { kind: 'never'; tried: number };

/** Moments looked at when none of the wide steps back found one that passes. */
const PATIENCE = 40;

/** Halves by any question about a lab; yields how many states were looked at. `lab` does not move. */
export function* bisect(lab: Lab, passes: (lab: Lab) => boolean): Generator<number, Finding> {
  const deeds = lab.deeds();
  const known = new Map<number, boolean>();
  let near: Lab | null = null;
  /** Does it pass after deed n (0: before the first)? */
  const after = (n: number): boolean => {
    let yes = known.get(n);
    if (yes === undefined) {
      const next = deeds[n];
      if (next !== undefined) near = lab.rewound(next.began, { near, entries: next.entry });
      yes = passes(next === undefined || near === null ? lab : near);
      known.set(n, yes);
    }
    return yes;
  };
  let bad = deeds.length;
  if (after(bad)) return { kind: 'passes', tried: known.size };
  yield known.size;
  let good = -1;
  for (let back = 1; good < 0 && bad > 0; back *= 2) {
    const n = Math.max(0, deeds.length - back);
    if (after(n)) good = n;
    else bad = n;
    yield known.size;
  }
  for (let n = deeds.length - 1; good < 0 && n > 0 && known.size < PATIENCE; n--) {
    if (known.has(n)) continue;
    if (after(n)) {
      good = n;
      bad = n + 1;
    }
    yield known.size;
  }
  if (good < 0) return { kind: 'never', tried: known.size };
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (after(middle)) good = middle;
    else bad = middle;
    yield known.size;
  }
  const d = deeds[bad - 1]!;
  return { kind: 'broke', culprit: { host: d.host, text: d.text, number: bad, before: d.began, at: d.at }, tried: known.size };
}

/** The same for one check of a lesson. */
export function whichBroke(lab: Lab, lesson: Lesson, topology: Topology, step: string, index: number, spec: CheckSpec): Generator<number, Finding> {
  return bisect(lab, (at) => runCheck(at, lesson, topology, step, index, spec).state === 'passed');
}
