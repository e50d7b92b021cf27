// The course as it lies in /lessons, read at build time as text; parsed by the lesson floor in a chunk of its own.
import i18next from 'i18next';
import type { Journal } from '../lab/journal';
import type { Lab } from '../lab/lab';
import type { Lesson } from '../lesson/load';
import type { Problem } from '../lesson/yaml_source';
import type { CardShown, LessonShown, WordsShown } from './lesson/shown';
import { modeOf } from './parts/glyphs';

const FILES = import.meta.glob(['/lessons/**/*.yaml', '/lessons/**/*.md', '/lessons/**/*.lab'], { query: '?raw', import: 'default' }) as Record<string, () => Promise<string>>;
const MESSAGES = import.meta.glob('../lesson/messages.*.json', { import: 'default' }) as Record<string, () => Promise<Record<string, unknown>>>;

export interface OpenedLesson {
  shown: LessonShown;
  lesson: Lesson | null;
  topology: Lesson['topology'] | null;
  problems: string[];
  start(): Lab;
  restore(journal: Journal): Lab;
}

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

async function filesOf(id: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  const prefix = `/lessons/${id}/`;
  await Promise.all(Object.entries(FILES).filter(([path]) => path.startsWith(prefix)).map(async ([path, read]) => { out[path.slice(prefix.length)] = await read(); }));
  return out;
}

function words(w: Lesson['words']['zh']): WordsShown {
  return { title: w.title, intro: w.intro, steps: Object.fromEntries(w.steps.map((s) => [s.id, { title: s.title, blocks: s.blocks, hints: s.hints }])) };
}

/** Reads a lesson for a seed. `problems` in words when it cannot be used. */
export async function openLesson(id: string, seed: number): Promise<OpenedLesson> {
  if (id === 'dev-dr') return (await import('./dev')).devLesson();
  const [{ loadLesson, startLesson }, { Lab: TheLab }, files] = await Promise.all([import('../lesson/load'), import('../lab/lab'), filesOf(id)]);
  const none = { shown: null as never, lesson: null, topology: null, start: () => { throw new Error('no lesson'); }, restore: () => { throw new Error('no lesson'); } };
  if (Object.keys(files).length === 0) return { ...none, problems: [i18next.t('app.notFound', { id })] };
  const { lesson, problems } = loadLesson(files, seed);
  if (lesson === null) return { ...none, problems: problems.map((p) => `lessons/${id}/${say(p)}`) };
  return {
    lesson, topology: lesson.topology, problems: [],
    shown: { id, kind: lesson.spec.kind, minutes: lesson.spec.minutes, mode: modeOf(id), words: { zh: words(lesson.words.zh), en: words(lesson.words.en) }, steps: lesson.spec.steps.map((s) => ({ id: s.id, points: s.points })) },
    start: () => startLesson(lesson),
    restore: (journal) => TheLab.restore(lesson.topology, journal, { start: lesson.start, lesson: lesson.id }),
  };
}

/** Cards of the course, in its order. */
export async function courseCards(): Promise<{ cards: CardShown[]; problems: string[] }> {
  const read = FILES['/lessons/course.yaml'];
  if (read === undefined) return { cards: [], problems: [] };
  const [{ loadCourse, loadLesson }, source] = await Promise.all([import('../lesson/load'), read()]);
  const { course, problems } = loadCourse(source);
  const cards: CardShown[] = [];
  const bad = problems.map(say);
  for (const c of course?.chapters ?? []) {
    for (const id of c.lessons) {
      const { lesson, problems: wrong } = loadLesson(await filesOf(id), 0);
      if (lesson === null) { bad.push(...wrong.map((p) => `lessons/${id}/${say(p)}`)); continue; }
      const lead = (w: Lesson['words']['zh']): string => { const p = w.intro.find((b) => b.kind === 'paragraph'); return p?.kind === 'paragraph' ? p.spans.map((s) => s.text).join('') : ''; };
      cards.push({
        id, chapter: c.title, title: { zh: lesson.words.zh.title, en: lesson.words.en.title }, lead: { zh: lead(lesson.words.zh), en: lead(lesson.words.en) }, minutes: lesson.spec.minutes, kind: lesson.spec.kind, mode: modeOf(id), problems: [],
        steps: lesson.spec.steps.map((s) => ({ id: s.id, zh: lesson.words.zh.steps.find((x) => x.id === s.id)?.title ?? s.id, en: lesson.words.en.steps.find((x) => x.id === s.id)?.title ?? s.id })),
      });
    }
  }
  return { cards, problems: bad };
}

/** Sentences of checks and explanations, for one language. */
export async function loadMessages(lang: string): Promise<void> {
  const read = MESSAGES[`../lesson/messages.${lang}.json`];
  if (read !== undefined && !i18next.hasResourceBundle(lang, 'check')) i18next.addResourceBundle(lang, 'check', await read());
}

/** A message of the lesson floor in the learner's language. */
export function sentence(m: { key: string; args: Record<string, unknown> } | null): string {
  if (m === null) return '';
  const t = i18next.t as unknown as (key: string, o: Record<string, unknown>) => string;
  // Keys are flat in the file: dots do not nest.
  return t(m.key, { ...m.args, ns: 'check', keySeparator: false, nsSeparator: false, defaultValue: t(m.key, { ...m.args, ns: 'check', defaultValue: m.key }) });
}
