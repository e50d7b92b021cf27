// Lessons as the build compiled them (validated, one chunk each), and the sentences of checks.
import lessons from 'virtual:course';
import type { Journal } from '../lab/journal';
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import type { Finding } from '../lesson/bisect';
import type { Again, CheckResult, StepResult } from '../lesson/check';
import type { LessonShown } from './lesson/shown';
import { modeOf } from './parts/glyphs';
import { SANDBOX } from './route';

const MESSAGES = import.meta.glob('../lesson/messages.*.json', { import: 'default' }) as Record<string, () => Promise<Record<string, string>>>;

export interface OpenedLesson {
  shown: LessonShown;
  /** Null: there is no such lesson. */
  problems: string[] | null;
  topology: Topology | null;
  /** The lab as a learner meets it, booted in steps. */
  start(): Generator<void, Lab>;
  /** A journal's work done again, in steps: yields how many entries are done. */
  restore(journal: Journal): Generator<number, Lab>;
  /** A hash of what checks look at: check again when it changes. */
  relevant(lab: Lab): string;
  /** The same in steps. */
  relevantInSteps(lab: Lab): Generator<void, string>;
  /** All checks, sliced. */
  checks(lab: Lab): Generator<CheckResult | void, StepResult[], undefined> | null;
  /** A check's run, to be looked at instant by instant. */
  again(lab: Lab, result: CheckResult): Again | null;
  /** Which command broke check number `index` of a step. */
  breaking(lab: Lab, step: string, index: number): Generator<number, Finding> | null;
}

/** Reads a lesson for a seed. `problems` when it cannot be used. */
export async function openLesson(id: string, seed: number): Promise<OpenedLesson> {
  const none = { shown: null as never, topology: null, start: () => { throw new Error('no lesson'); }, restore: () => { throw new Error('no lesson'); }, relevant: () => '', relevantInSteps: () => { throw new Error('no lesson'); }, checks: () => null, again: () => null, breaking: () => null };
  const read = id === SANDBOX ? () => import('../lesson/sandbox').then((m) => ({ default: { text: m.sandbox, problems: [] } })) : Object.hasOwn(lessons, id) ? lessons[id] : undefined; // an address may say 'constructor'
  if (read === undefined) return { ...none, problems: null };
  const [{ default: compiled }, { instantiate }, { topologyOfLesson, startingLesson, restoringLesson }, { Again: RunAgain, checkAll }, { relevant, relevantInSteps }, { questionsOf }, { whichBroke }] = await Promise.all([read(), import('../lesson/instantiate'), import('../lesson/topology_of'), import('../lesson/check'), import('../lesson/relevant'), import('../lesson/question'), import('../lesson/bisect')]);
  if (compiled.text === null) return { ...none, problems: compiled.problems };
  const { lesson, words } = instantiate(compiled.text, seed);
  const topology = topologyOfLesson(lesson);
  return {
    topology, problems: [],
    shown: { id, kind: id === SANDBOX ? 'sandbox' : lesson.kind, minutes: lesson.minutes, pass: lesson.pass, mode: modeOf(id), words, steps: lesson.steps.map((s) => ({ id: s.id, points: s.points, needs: s.needs, questions: questionsOf(lesson, s.id, seed) })) },
    start: () => startingLesson(lesson, seed),
    restore: (journal) => restoringLesson(lesson, journal),
    relevant: (lab) => relevant(lab, lesson),
    relevantInSteps: (lab) => relevantInSteps(lab, lesson),
    checks: (lab) => checkAll(lab, lesson, topology),
    again: (lab, result) => new RunAgain(lab, lesson, topology, result),
    breaking: (lab, step, index) => {
      const spec = lesson.steps.find((s) => s.id === step)?.checks[index];
      return spec === undefined ? null : whichBroke(lab, lesson, topology, step, index, spec);
    },
  };
}

let messages: { lang: string; table: Record<string, string> } = { lang: '', table: {} };

/** Sentences of checks and explanations, for one language. */
export async function loadMessages(lang: string): Promise<void> {
  const read = MESSAGES[`../lesson/messages.${lang}.json`];
  if (read !== undefined && messages.lang !== lang) messages = { lang, table: await read() };
}

/** Names in a row, as the language writes them. */
const listed = (text: string): string => (messages.lang === 'zh' && /^[\w.:/-]+(, [\w.:/-]+)+$/.test(text) ? text.replaceAll(', ', '、') : text);

/** A message of the lesson floor in the learner's language. */
export function sentence(m: { key: string; args: Record<string, unknown> } | null): string {
  if (m === null) return '';
  const text = messages.table[m.key] ?? (m.key.startsWith('why.drop.') ? messages.table['why.drop.OTHER'] : undefined) ?? m.key;
  return text.replace(/\{\{?(\w+)\}?\}/g, (whole, name: string) => (m.args[name] === undefined ? whole : listed(String(m.args[name]))));
}
