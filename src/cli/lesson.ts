// `lvslab lesson test [FOLDER...]`: the course proves itself; a table, and every surprise with lesson, step, check and host.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCourse, loadLesson, type Problem } from '../lesson/load';
import { prove } from '../lesson/prove';
import { allLessons, courseFolder, findLesson, readFolder } from './lesson_files';

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

/** Runs the command; its exit status. */
export function lessonTest(given: readonly string[], seeds: number): number {
  let bad = 0;
  let proved = 0;
  const folders: string[] = [];
  for (const g of given) {
    const f = findLesson(g);
    if (f === null) {
      console.error(`lvslab lesson test: no lesson '${g}' (no ${g}/lesson.yaml, and the course has none of that name)`);
      bad++;
    } else folders.push(f);
  }
  if (given.length === 0) {
    folders.push(...allLessons());
    const course = join(courseFolder(), 'course.yaml');
    if (existsSync(course)) {
      const read = loadCourse(readFileSync(course, 'utf8'));
      const problems = read.problems.map(say);
      for (const id of read.course?.chapters.flatMap((c) => c.lessons) ?? []) if (findLesson(id) === null) problems.push(`course.yaml: no lesson '${id}'`);
      for (const p of problems) console.log(p);
      bad += problems.length;
    }
  }
  for (const folder of folders) {
    const { lesson, problems } = loadLesson(readFolder(folder), folder);
    for (const p of problems) console.log(say(p));
    bad += problems.length;
    if (lesson === null) continue;
    for (let seed = 0; seed < seeds; seed++) {
      for (const p of prove(lesson, seed)) {
        console.log(`${p.ok ? 'ok  ' : 'FAIL'} ${p.lesson.padEnd(16)} seed ${String(p.seed).padEnd(3)} ${p.what}`);
        for (const d of p.details) console.log(`       ${d}`);
        proved++;
        if (!p.ok) bad++;
      }
    }
  }
  console.log(`lessons: ${proved} claims, ${bad} broken`);
  return bad === 0 && proved > 0 ? 0 : 1;
}
