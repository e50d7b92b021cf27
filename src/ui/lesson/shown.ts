// A lesson as the screen shows it, in both languages.
import type { Lesson } from '../../lesson/schema';
import type { Question } from '../../lesson/question';
import type { Block, Span } from '../../lesson/words';
import type { Mode } from '../parts/glyphs';

export type { Block, Span };
export interface WordsShown { title: string; intro: Block[]; steps: Record<string, { title: string; blocks: Block[]; hints: Block[][] }> }
export interface LessonShown {
  id: string; kind: Lesson['kind'] | 'sandbox'; minutes: number; pass: number | undefined; mode: Mode | null;
  words: { zh: WordsShown; en: WordsShown };
  steps: { id: string; points: number; needs: string[]; questions: Question[] }[];
}
