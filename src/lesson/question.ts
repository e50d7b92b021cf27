// Quiz questions of a step as a page shows them: what is asked and what may be said, never which of it is right. Order and match come shuffled by the seed.
import { hash32 } from '../lib/rng';
import type { Option } from './checks/answer';
import type { CheckSpec } from './checks/check_kind';
import { everyCheck } from './relevant';
import type { Lesson } from './schema';

export interface Both { zh: string; en: string }
/** Something to choose; `id` is what the answer says. */
export interface Choice extends Both { id: string }

export type Form =
  /** One of them, or with `many` every one that is right (ids with commas). */
  | { kind: 'choice'; many: boolean; options: Choice[] }
  /** All ids in order, with commas. */
  | { kind: 'order'; items: Choice[] }
  /** 'left=right' for every left side, with commas. */
  | { kind: 'match'; left: Choice[]; right: Choice[] }
  | { kind: 'text' }
  /** One choice for each of `slots` requests, with commas. */
  | { kind: 'slots'; slots: number; options: Choice[] }
  /** What a command will print. */
  | { kind: 'prints'; on: string; run: string };

export interface Question {
  /** The check it belongs to: 'step/0'. */
  key: string;
  id: string;
  /** Null when the step's words ask. */
  ask: Both | null;
  /** Compared with what the engine does: the learner predicts. */
  predict: boolean;
  /** Author's words by answer: shown for a right answer too. */
  explain: Record<string, Both>;
  form: Form;
}

/** What the next connection gets when nobody answers: see checks/predict.ts. */
export const NOBODY = 'none';

interface Asked { id: string; ask?: Both; explain?: Record<string, Both> }
type ChoiceArgs = Asked & { answer: string | string[]; options: Option[] };
type MatchArgs = Asked & { pairs: Record<string, string>; words?: Record<string, Both>; extra?: string[] };
type PredictArgs = Asked & { served?: { times: number }; next?: object; prints?: { on: string; run: string } };

const choiceOf = (o: Option): Choice => (typeof o === 'string' ? { id: o, zh: o, en: o } : { id: o.id, zh: o.zh, en: o.en });

/** The same things in another order, the same for the same seed; never the order given. */
function shuffled(list: readonly Choice[], salt: string): Choice[] {
  const out = list.map((c) => ({ c, n: hash32(`${salt}/${c.id}`) })).sort((a, b) => a.n - b.n).map((x) => x.c);
  if (list.length > 1 && out.every((c, i) => c.id === list[i]!.id)) out.push(out.shift()!);
  return out;
}

function formOf(c: CheckSpec, lesson: Pick<Lesson, 'lab'>, salt: string): Form | null {
  switch (c.kind) {
    case 'choice': {
      const a = c.args as ChoiceArgs;
      return { kind: 'choice', many: Array.isArray(a.answer), options: a.options.map(choiceOf) };
    }
    case 'order':
      return { kind: 'order', items: shuffled((c.args as { items: Option[] }).items.map(choiceOf), salt) };
    case 'match': {
      const a = c.args as MatchArgs;
      const side = (id: string): Choice => ({ id, ...(a.words?.[id] ?? { zh: id, en: id }) });
      const right = [...new Set([...Object.values(a.pairs), ...(a.extra ?? [])])];
      return { kind: 'match', left: Object.keys(a.pairs).map(side), right: shuffled(right.map(side), salt) };
    }
    case 'text':
      return { kind: 'text' };
    case 'predict': {
      const a = c.args as PredictArgs;
      if (a.prints !== undefined) return { kind: 'prints', on: a.prints.on, run: a.prints.run };
      const hosts = Object.entries(lesson.lab.hosts).filter(([, h]) => h.role === 'real-server' || h.role === 'director').map(([name]) => ({ id: name, zh: name, en: name }));
      return { kind: 'slots', slots: a.served?.times ?? 1, options: [...hosts, { id: NOBODY, zh: '没有服务器应答', en: 'no server answers' }] };
    }
    default:
      return null;
  }
}

/** Questions of one step, in the order written; those inside `all` and `any` belong to the check that holds them. */
export function questionsOf(lesson: Pick<Lesson, 'id' | 'lab' | 'steps'>, step: string, seed: number): Question[] {
  const out: Question[] = [];
  lesson.steps.find((s) => s.id === step)?.checks.forEach((top, i) => {
    for (const c of everyCheck([top])) {
      const a = c.args as Asked;
      const form = formOf(c, lesson, `${seed}/${lesson.id}/${a.id}`);
      if (form !== null) out.push({ key: `${step}/${i}`, id: a.id, ask: a.ask ?? null, predict: c.kind === 'predict', explain: a.explain ?? {}, form });
    }
  });
  return out;
}
