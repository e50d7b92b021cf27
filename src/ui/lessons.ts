// The course as it lies in /lessons, read at build time as text; parsed by the lesson floor in a chunk of its own.
import i18next from 'i18next';
import type { Journal } from '../lab/journal';
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import type { StepResult } from '../lesson/check';
import type { Problem } from '../lesson/load';
import type { CardShown, LessonShown, WordsShown } from './lesson/shown';
import { modeOf } from './parts/glyphs';

const FILES = import.meta.glob(['/lessons/**/*.yaml', '/lessons/**/*.md', '/lessons/**/*.lab'], { query: '?raw', import: 'default' }) as Record<string, () => Promise<string>>;
const MESSAGES = import.meta.glob('../lesson/messages.*.json', { import: 'default' }) as Record<string, () => Promise<Record<string, string>>>;

export interface OpenedLesson {
  shown: LessonShown;
  problems: string[];
  topology: Topology | null;
  /** The lab as a learner meets it, booted in steps. */
  start(): Generator<void, Lab>;
  /** A journal's work done again, in steps: yields how many entries are done. */
  restore(journal: Journal): Generator<number, Lab>;
  /** A hash of what checks look at: check again when it changes. */
  relevant(lab: Lab): string;
  /** All checks, sliced. */
  checks(lab: Lab): Generator<unknown, StepResult[]> | null;
}

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

async function filesOf(id: string, words = false): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  const prefix = `/lessons/${id}/`;
  await Promise.all(Object.entries(FILES).filter(([path]) => path.startsWith(prefix) && (!words || !path.endsWith('.lab'))).map(async ([path, read]) => { out[path.slice(prefix.length)] = await read(); }));
  return out;
}

/** Reads a lesson for a seed. `problems` in words when it cannot be used. */
export async function openLesson(id: string, seed: number): Promise<OpenedLesson> {
  const none = { shown: null as never, topology: null, start: () => { throw new Error('no lesson'); }, restore: () => { throw new Error('no lesson'); }, relevant: () => '', checks: () => null };
  const files = await filesOf(id);
  if (Object.keys(files).length === 0) return { ...none, problems: [i18next.t('app.notFound', { id })] };
  const [{ loadLesson, instantiate }, { topologyOfLesson, startingLesson, restoringLesson }, { checkAll }, { relevant }, { questionsOf }] = await Promise.all([import('../lesson/load'), import('../lesson/topology_of'), import('../lesson/check'), import('../lesson/relevant'), import('../lesson/question')]);
  const { lesson: loaded, problems } = loadLesson(files, `lessons/${id}`);
  if (loaded === null || problems.length > 0) return { ...none, problems: problems.map(say) };
  const { lesson, words } = instantiate(loaded, seed);
  const topology = topologyOfLesson(lesson);
  return {
    topology, problems: [],
    shown: { id, kind: lesson.kind, minutes: lesson.minutes, mode: modeOf(id), words, steps: lesson.steps.map((s) => ({ id: s.id, points: s.points, needs: s.needs, questions: questionsOf(lesson, s.id, seed) })) },
    start: () => startingLesson(lesson, seed),
    restore: (journal) => restoringLesson(lesson, journal),
    relevant: (lab) => relevant(lab, lesson),
    checks: (lab) => checkAll(lab, lesson, topology),
  };
}

/** Cards of the course, in its order. */
export async function courseCards(): Promise<{ cards: CardShown[]; problems: string[] }> {
  const read = FILES['/lessons/course.yaml'];
  if (read === undefined) return { cards: [], problems: [] };
  const [{ loadCourse, loadLesson, instantiate }, source] = await Promise.all([import('../lesson/load'), read()]);
  const { course, problems } = loadCourse(source);
  const cards: CardShown[] = [];
  const bad = problems.map(say);
  for (const c of course?.chapters ?? []) {
    const texts = await Promise.all(c.lessons.map((id) => filesOf(id, true)));
    for (const [i, id] of c.lessons.entries()) {
      const { lesson: loaded, problems: wrong } = loadLesson(texts[i]!, `lessons/${id}`);
      bad.push(...wrong.map(say));
      if (loaded === null) continue;
      const { lesson, words } = instantiate(loaded, 0);
      const lead = (w: WordsShown): string => { const p = w.intro.find((b) => b.kind === 'paragraph'); return p?.kind === 'paragraph' ? p.spans.map((s) => s.text).join('') : ''; };
      cards.push({
        id, chapter: c.title, title: { zh: words.zh.title, en: words.en.title }, lead: { zh: lead(words.zh), en: lead(words.en) }, minutes: lesson.minutes, kind: lesson.kind, mode: modeOf(id), problems: [],
        steps: lesson.steps.map((s) => ({ id: s.id, zh: words.zh.steps[s.id]?.title ?? s.id, en: words.en.steps[s.id]?.title ?? s.id })),
      });
    }
  }
  return { cards, problems: bad };
}

let messages: { lang: string; table: Record<string, string> } = { lang: '', table: {} };

/** Sentences of checks and explanations, for one language. */
export async function loadMessages(lang: string): Promise<void> {
  const read = MESSAGES[`../lesson/messages.${lang}.json`];
  if (read !== undefined && messages.lang !== lang) messages = { lang, table: await read() };
}

/** A message of the lesson floor in the learner's language. */
export function sentence(m: { key: string; args: Record<string, unknown> } | null): string {
  if (m === null) return '';
  const text = messages.table[m.key] ?? (m.key.startsWith('why.drop.') ? messages.table['why.drop.OTHER'] : undefined) ?? m.key;
  return text.replace(/\{\{?(\w+)\}?\}/g, (whole, name: string) => (m.args[name] === undefined ? whole : String(m.args[name])));
}
