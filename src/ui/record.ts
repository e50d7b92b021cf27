// The file a learner downloads: the journal with what else the page keeps of the work (hints, other ways it went, an exam's clock). Whoever reads journals alone
// finds one; the page takes all of it back.
import { isProblem, type JournalProblem, parseJournal } from '../lab/journal';
import type { SavedWork } from './persist';
import type { Branch, Exam, LabState } from './store';

/** What stands beside the journal, under `page`. */
export interface PageRecord { seed: number; passed: string[]; steps: number; hints: Record<string, number>; current: string; branches: Branch[]; exam?: Exam }

/** The journal's text with the page's part in it. */
export function recordText(journal: string, page: PageRecord): string {
  return JSON.stringify({ ...(JSON.parse(journal) as object), page });
}

/** What is kept of a lab's work now. */
export const workOf = (journal: string, s: LabState, now: number): SavedWork => ({ journal, passed: s.steps.filter((x) => x.state === 'passed').map((x) => x.id), steps: s.steps.length, hints: s.hints, current: s.currentStep, branches: s.branches, savedAt: now, ...(s.exam === null ? {} : { exam: s.exam }) });

/** Work kept here, as such a file. */
export const workText = (seed: number, w: SavedWork): string => recordText(w.journal, { seed, passed: w.passed, steps: w.steps, hints: w.hints, current: w.current, branches: w.branches ?? [], ...(w.exam === undefined ? {} : { exam: w.exam }) });

const isBranch = (b: unknown): b is Branch => {
  const x = b as Partial<Branch> | null;
  return typeof x === 'object' && x !== null && typeof x.journal === 'string' && !isProblem(parseJournal(x.journal)) && typeof x.left === 'number' && typeof x.commands === 'number' && typeof x.last === 'string';
};
const numbers = (x: unknown): Record<string, number> => Object.fromEntries(Object.entries(typeof x === 'object' && x !== null ? x : {}).filter((e): e is [string, number] => typeof e[1] === 'number'));
const strings = (x: unknown): string[] => (Array.isArray(x) ? x.filter((s): s is string => typeof s === 'string') : []);

/** Reads such a file, or a bare journal. The lesson it belongs to, the seed of its addresses, and the work as it is kept. */
export function readRecord(text: string, now: number): { lesson: string; seed: number; work: SavedWork } | JournalProblem {
  const journal = parseJournal(text);
  if (isProblem(journal)) return journal;
  const p = ((JSON.parse(text) as { page?: Partial<PageRecord> }).page ?? {}) as Partial<PageRecord>;
  if (p.branches !== undefined && !(Array.isArray(p.branches) && p.branches.every(isBranch))) return { key: 'journal.shape', args: { where: '/page/branches' } };
  const { page: _, ...bare } = JSON.parse(text) as { page?: unknown };
  return {
    // A lab of the lesson's own addresses is made with seed 1.
    lesson: journal.lesson, seed: typeof p.seed === 'number' ? p.seed : journal.seed === 1 ? 0 : journal.seed,
    work: { journal: JSON.stringify(bare), passed: strings(p.passed), steps: typeof p.steps === 'number' ? p.steps : 0, hints: numbers(p.hints), current: typeof p.current === 'string' ? p.current : '', branches: p.branches ?? [], savedAt: now, ...(p.exam === undefined ? {} : { exam: p.exam }) },
  };
}
