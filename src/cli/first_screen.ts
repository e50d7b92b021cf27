// First screens of all lessons, for the build of the page (vite.config.ts runs this).
import { type FirstScreen, firstScreenOf } from '../lesson/first_screen';
import { allLessons, readFolder } from './lesson_files';

/** By lesson id. A lesson with problems has none. */
export function firstScreens(): Record<string, FirstScreen> {
  const out: Record<string, FirstScreen> = {};
  for (const folder of allLessons()) {
    const first = firstScreenOf(readFolder(folder), folder);
    if (first === null) continue;
    const { id, ...rest } = first;
    out[id] = rest;
  }
  return out;
}
