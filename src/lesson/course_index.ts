// The course at a glance: what a catalogue shows of each lesson, and where in it a term is explained. Plain data, made once by the build.
import { GLOSSARY } from './glossary';
import { instantiate, type LessonText } from './instantiate';
import { loadCourse, type Problem } from './load';
import type { Both } from './question';
import type { Lesson } from './schema';
import type { Words } from './words';

export interface Card {
  id: string; kind: Lesson['kind']; track: Lesson['track']; minutes: number; needs: string[]; points: number; chapter: string;
  title: Both; lead: Both;
  steps: ({ id: string } & Both)[];
}
export interface CourseIndex {
  chapters: ({ id: string } & Both)[];
  cards: Card[];
  /** Id of a term to the lesson and step that explain it. */
  terms: Record<string, { lesson: string; step: string }>;
  problems: string[];
}

/** The first paragraph; what it announces (with a colon) is not on the card, so neither is the announcement. */
function lead(w: Words): string {
  const p = w.intro.find((b) => b.kind === 'paragraph');
  const text = p?.kind === 'paragraph' ? p.spans.map((s) => s.text).join('').trim() : '';
  if (!/[:：]$/.test(text)) return text;
  const before = (/^(?:.*[。！？]|.*[.!?](?=\s))/s.exec(text)?.[0] ?? '').trim();
  return before !== '' ? before : text.endsWith('：') ? `${text.slice(0, -1)}。` : `${text.slice(0, -1)}.`;
}

/** Sections of a lesson's text in its order: the introduction under '', then the steps. */
function sections(markdown: string): { step: string; text: string }[] {
  return `\n${markdown}`.split(/\n(?=## )/).map((text) => ({ step: /^## ([a-z0-9-]+)/.exec(text)?.[1] ?? '', text }));
}

/** The index of a course; `texts` holds its usable lessons by id. */
export function indexOf(course: string, texts: Readonly<Record<string, LessonText>>): { index: CourseIndex; problems: Problem[] } {
  const { course: read, problems } = loadCourse(course);
  const index: CourseIndex = { chapters: [], cards: [], terms: {}, problems: [] };
  const say = (text: string): void => void problems.push({ file: 'course.yaml', line: 1, column: 1, key: 'course', args: {}, text });
  for (const c of read?.chapters ?? []) {
    index.chapters.push({ id: c.id, ...c.title });
    for (const id of c.lessons) {
      const text = texts[id];
      if (text === undefined) {
        say(`lesson '${id}' is missing or has problems`);
        continue;
      }
      const { lesson, words } = instantiate(text, 0);
      index.cards.push({
        id, kind: lesson.kind, track: lesson.track, minutes: lesson.minutes, needs: lesson.needs, points: lesson.steps.reduce((a, s) => a + s.points, 0), chapter: c.id,
        title: { zh: words.zh.title, en: words.en.title }, lead: { zh: lead(words.zh), en: lead(words.en) },
        steps: lesson.steps.map((s) => ({ id: s.id, zh: words.zh.steps[s.id]?.title ?? s.id, en: words.en.steps[s.id]?.title ?? s.id })),
      });
      for (const s of sections(text.markdown.zh)) for (const t of GLOSSARY) {
        const at = index.terms[t.id];
        if ((at === undefined || (t.lesson === id && at.lesson !== id)) && t.find.test(s.text)) index.terms[t.id] = { lesson: id, step: s.step };
      }
    }
  }
  return { index, problems };
}
