// The course as the page wants it, for the build (vite.config.ts runs this): one index for the catalogue, and each lesson validated as plain data.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CourseIndex, indexOf } from '../lesson/course_index';
import type { LessonText } from '../lesson/instantiate';
import { loadLesson, type Problem } from '../lesson/load';
import { allLessons, courseFolder, readFolder } from './lesson_files';

/** A lesson with problems is not there: its complaints are. */
export interface CompiledLesson { text: LessonText | null; problems: string[] }
export interface CourseData { index: CourseIndex; lessons: Record<string, CompiledLesson> }

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

/** Reads the whole course. */
export function courseData(): CourseData {
  const lessons: Record<string, CompiledLesson> = {};
  for (const folder of allLessons()) {
    const { lesson, problems } = loadLesson(readFolder(folder), folder);
    const id = folder.split(/[\\/]/).at(-1)!;
    lessons[id] = problems.length > 0 || lesson === null ? { text: null, problems: problems.map(say) } : { text: { data: lesson.data, markdown: lesson.markdown }, problems: [] };
  }
  const texts = Object.fromEntries(Object.entries(lessons).flatMap(([id, l]) => (l.text === null ? [] : [[id, l.text]])));
  const { index, problems } = indexOf(readFileSync(join(courseFolder(), 'course.yaml'), 'utf8'), texts);
  const named = index.cards.map((c) => c.id);
  return { index: { ...index, problems: [...problems.map(say), ...Object.entries(lessons).filter(([id]) => named.includes(id) || lessons[id]!.text === null).flatMap(([, l]) => l.problems)] }, lessons };
}
