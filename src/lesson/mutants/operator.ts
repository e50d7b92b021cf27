// A mutation operator: one way in which a solution is spoilt, as a learner would get it wrong. One record each; mutate.ts applies them.
import type { LabAction } from '../labfile';

/** A solution and what is known about its lab. */
export interface Specimen {
  actions: readonly LabAction[];
  hosts: readonly { name: string; role: string }[];
}

/** One spoilt solution. `at` is the first action that differs. */
export interface Mutant {
  operator: string;
  at: number;
  /** Lines of the file it changes. */
  lines: number[];
  /** The change in words: what was and what is. */
  text: string;
  actions: LabAction[];
}

export interface Operator {
  readonly name: string;
  /** What learners do. */
  readonly about: string;
  /** Other texts for one line of a command or an edited file. */
  readonly rewrite?: (line: string, s: Specimen) => string[];
  /** Other actions for action `i`; an empty list leaves it out. */
  readonly replace?: (i: number, s: Specimen) => LabAction[][];
  /** Sets of actions to leave out together. */
  readonly omit?: (s: Specimen) => number[][];
}
