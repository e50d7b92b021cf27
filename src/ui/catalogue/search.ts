// Looking for lessons, commands and terms by what they are called, in either language and by their other names.
import type { Card } from '../../lesson/course_index';
import { GLOSSARY, type Term } from '../../lesson/glossary';
import { type Entry, REFERENCE } from '../../lesson/reference';

/** What was typed, with the other names of each term that was named. */
export function wider(text: string): string[] {
  const q = text.trim().toLowerCase();
  const also = GLOSSARY.filter((g) => names(g).some((x) => x.toLowerCase() === q)).flatMap(names);
  return [...new Set([q, ...also.map((x) => x.toLowerCase()).filter((x) => !x.startsWith('-'))])];
}

const names = (g: Term): string[] => [g.zh, g.en, ...g.also];

/** Whether one of the fields has all words of one of the texts. */
function holds(texts: readonly string[], fields: readonly string[]): boolean {
  const all = fields.map((f) => f.toLowerCase());
  return texts.some((t) => t.split(/\s+/).every((word) => all.some((f) => f.includes(word))));
}

export const findLessons = (text: string, cards: readonly Card[]): Card[] => {
  const texts = wider(text);
  return cards.filter((c) => holds(texts, [c.id, c.title.zh, c.title.en, c.lead.zh, c.lead.en, ...c.steps.flatMap((s) => [s.zh, s.en])]));
};

/** The same, those first that are called so. */
export function rankLessons(text: string, cards: readonly Card[]): Card[] {
  const found = findLessons(text, cards);
  const called = found.filter((c) => holds(wider(text), [c.title.zh, c.title.en]));
  return [...called, ...found.filter((c) => !called.includes(c))];
}

/** An option means another thing in the other case: -A and -a are told apart. */
export function isCommand(text: string, e: Entry): boolean {
  const fields = [e.option, e.example, e.means.zh, e.means.en];
  return text.trim().split(/\s+/).every((w) => (w.startsWith('-') ? fields.some((f) => f.includes(w)) : holds([w.toLowerCase()], fields)));
}
export const findCommands = (text: string): Entry[] => REFERENCE.flatMap((g) => g.entries).filter((e) => isCommand(text, e));

/** Terms; those that are called so come before those that only say it. */
export function findTerms(text: string): Term[] {
  const q = [text.trim().toLowerCase()];
  const called = GLOSSARY.filter((g) => holds(q, names(g)));
  return [...called, ...GLOSSARY.filter((g) => !called.includes(g) && holds(q, [...names(g), g.means.zh, g.means.en]))];
}
