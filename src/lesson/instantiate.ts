// A lesson for one seed: its variables drawn and put in everywhere. Apart from load.ts, so that a page with compiled lessons needs no YAML reader.
import type { Lesson } from './schema';
import { drawVariables, substitute } from './variables';
import { parseWords, type Words } from './words';

/** A lesson as written, variables not filled in. */
export interface LessonText {
  data: Lesson;
  /** Markdown as written. */
  markdown: { zh: string; en: string };
}

/** A lesson for one seed: {{tokens}} replaced everywhere. */
export interface LessonForSeed { lesson: Lesson; words: { zh: Words; en: Words }; values: Record<string, string> }

/** The lesson with its variables drawn from a seed. Seed 0 uses the examples. */
export function instantiate(l: LessonText, seed: number): LessonForSeed {
  const values = drawVariables(l.data, seed);
  return { lesson: substitute(l.data, values), words: { zh: parseWords(substitute(l.markdown.zh, values)).words, en: parseWords(substitute(l.markdown.en, values)).words }, values };
}
