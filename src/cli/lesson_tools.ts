// `lvslab lesson lint|new|schema` and `lvslab export`: tools for people who write lessons.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportScenario } from '../lesson/export_scenario';
import { jsonSchema } from '../lesson/json_schema';
import { loadLesson } from '../lesson/load';
import { advice, skeleton } from '../lesson/skeleton';
import { parseWords } from '../lesson/words';
import { allLessons, courseFolder, findLesson, readFolder } from './lesson_files';

/** Reads lessons without playing them: problems fail, advice does not. */
export function lessonLint(given: readonly string[]): number {
  let bad = 0;
  const folders = given.length === 0 ? allLessons() : given.map((g) => findLesson(g) ?? g);
  for (const folder of folders) {
    const { lesson, problems } = loadLesson(existsSync(folder) ? readFolder(folder) : {}, folder);
    for (const p of problems) console.log(`${p.file}:${p.line}:${p.column}: ${p.text}`);
    bad += problems.length;
    if (lesson === null) continue;
    for (const a of advice({ ...lesson, words: [parseWords(lesson.markdown.zh).words] }, lesson.data.kind)) console.log(`${folder}: advice: ${a}`);
  }
  console.log(`lint: ${folders.length} lessons, ${bad} problems`);
  return bad === 0 ? 0 : 1;
}

/** Makes a lesson that runs and passes its own test. */
export function lessonNew(names: readonly string[]): number {
  const id = names[0] ?? '';
  if (names.length !== 1 || !/^[a-z][a-z0-9-]*$/.test(id)) {
    console.error('lvslab lesson new ID: lower-case letters, digits and -');
    return 2;
  }
  const folder = join(courseFolder(), id);
  if (existsSync(folder)) {
    console.error(`lvslab lesson new: ${folder} exists`);
    return 1;
  }
  for (const [path, text] of Object.entries(skeleton(id))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${folder}: try 'lvslab lesson test ${id}', then add it to course.yaml`);
  return 0;
}

/** Prints a JSON Schema. */
export function lessonSchemaOut(names: readonly string[]): number {
  if (names.length > 1 || (names[0] !== undefined && names[0] !== 'lesson' && names[0] !== 'course')) {
    console.error('lvslab lesson schema [lesson|course]');
    return 2;
  }
  console.log(JSON.stringify(jsonSchema(names[0] === 'course' ? 'course' : 'lesson'), null, 1));
  return 0;
}

/** Prints a solution in another format. */
export function exportLesson(given: string, solution: string | null, format: string, seed: number): number {
  const folder = findLesson(given);
  if (folder === null || format !== 'scenario') {
    console.error(folder === null ? `lvslab export: no lesson '${given}'` : `lvslab export: format '${format}' is unknown; use scenario`);
    return 2;
  }
  const { lesson } = loadLesson(readFolder(folder), folder);
  const name = solution ?? Object.keys(lesson?.solutions ?? {})[0] ?? '';
  const made = lesson === null ? null : exportScenario(lesson, name, seed);
  if (made === null) {
    console.error(`lvslab export: ${given} has no solution '${name}'; it has ${Object.keys(lesson?.solutions ?? {}).join(', ') || 'none'}`);
    return 1;
  }
  for (const s of made.skipped) console.error(`skipped: ${s}`);
  console.log(JSON.stringify(made.scenario, null, 1));
  return 0;
}
