// Finds lesson folders and reads their files for the lesson floor, which knows no disk.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The course's own folder: lessons/ beside the program, or below the current folder. */
export function courseFolder(): string {
  const besideProgram = join(dirname(fileURLToPath(import.meta.url)), '..', 'lessons');
  return existsSync(join('lessons', 'course.yaml')) ? 'lessons' : besideProgram;
}

/** All files of a lesson folder by path relative to it. */
export function readFolder(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const full = join(path, name);
      if (statSync(full).isDirectory()) walk(full);
      else if (/\.(yaml|md|lab)$/.test(name)) out[relative(folder, full).split(sep).join('/')] = readFileSync(full, 'utf8');
    }
  };
  walk(folder);
  return out;
}

/** A lesson folder by its path or by its id in the course; null when there is none. */
export function findLesson(given: string): string | null {
  for (const path of [given, join(courseFolder(), given)]) if (existsSync(join(path, 'lesson.yaml'))) return path;
  return null;
}

/** Folders of all lessons of the course. */
export function allLessons(): string[] {
  const course = courseFolder();
  if (!existsSync(course)) return [];
  return readdirSync(course).sort().map((n) => join(course, n)).filter((p) => existsSync(join(p, 'lesson.yaml')));
}
