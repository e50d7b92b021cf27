// What quiz questions share: an answer is text in the journal; a wrong one may have its own explanation, written by the author in both languages.
import { later } from '../../lib/later';
import { z } from 'zod';
import { type CheckContext, type Message, msg, type Verdict } from './check_kind';

export const both = later(() => z.strictObject({ zh: z.string(), en: z.string() }));
/** An option: its text when that is the same in both languages, or an id with words. */
export const option = later(() => z.union([z.string(), z.strictObject({ id: z.string(), zh: z.string(), en: z.string() })]));
export type Option = z.infer<ReturnType<typeof option>>;
/** What every question has: an id (unique in the lesson), words when the step's text does not ask, explanations by answer. */
export const question = later(() => ({ id: z.string().regex(/^\S+$/, 'a word'), ask: both().optional(), explain: z.record(z.string(), both()).optional() }));
export interface QuestionArgs { id: string; ask?: { zh: string; en: string } | undefined; explain?: Record<string, { zh: string; en: string }> | undefined }

export const idOf = (o: Option): string => (typeof o === 'string' ? o : o.id);
/** Several values in one answer are separated by commas. */
export const parts = (answer: string): string[] => answer.split(',').map((x) => x.trim()).filter((x) => x !== '');
/** What people type alike is alike: case, full-width forms, runs of spaces. */
export const plain = (s: string): string => s.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** The verdict on an answer. Never gives the right one away: hints do that. */
export function judge(ctx: CheckContext, a: QuestionArgs, right: (given: string) => boolean, why?: (given: string) => Message | undefined): Verdict {
  const given = ctx.answers[a.id];
  const expected = msg('quiz.expect', { id: a.id });
  if (given === undefined || given.trim() === '') return { state: 'blocked', expected, actual: msg('quiz.none', { id: a.id }) };
  const actual = msg('quiz.given', { answer: given });
  if (right(given)) return { state: 'passed', expected, actual };
  const said = a.explain?.[given] ?? a.explain?.[plain(given)] ?? a.explain?.[plain(given).replace(/[,、;\s]+/g, ',')] ?? a.explain?.['*'];
  return { state: 'failed', expected, actual, explanation: said === undefined ? (why?.(given) ?? msg('why.answerWrong')) : msg('quiz.why', said) };
}
