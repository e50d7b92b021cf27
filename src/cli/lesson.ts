// `lvslab lesson test [FOLDER...]`: the course proves itself; a table, and every surprise with lesson, step, check and host.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCourse, loadLesson, type Problem } from '../lesson/load';
import type { MutationReport } from '../lesson/mutate';
import { prove } from '../lesson/prove';
import { allLessons, courseFolder, findLesson, readFolder } from './lesson_files';

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

const shortCounts = (c: MutationReport['counts']): string => {
  const all = Object.values(c);
  const sum = (k: 'killed' | 'equivalent' | 'survived'): number => all.reduce((n, x) => n + x[k], 0);
  return `${sum('killed')} killed, ${sum('equivalent')} equivalent, ${sum('survived')} survived`;
};

/** Runs `lesson test`; its exit status. */
export function lessonTest(given: readonly string[], seeds: number, mutants = true): number {
  const totals: MutationReport['counts'] = {};
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
      for (const p of prove(lesson, seed, { mutants: seed === 0 && mutants })) {
        console.log(`${p.ok ? 'ok  ' : 'FAIL'} ${p.lesson.padEnd(24)} seed ${String(p.seed).padEnd(3)} ${p.what}${p.counts === undefined ? '' : `: ${shortCounts(p.counts)}`}`);
        for (const d of p.details) console.log(`       ${d}`);
        for (const d of p.notes ?? []) console.log(`       (equivalent) ${d}`);
        for (const [o, c] of Object.entries(p.counts ?? {})) {
          const t = (totals[o] ??= { killed: 0, equivalent: 0, survived: 0 });
          t.killed += c.killed;
          t.equivalent += c.equivalent;
          t.survived += c.survived;
        }
        proved++;
        if (!p.ok) bad++;
      }
    }
  }
  if (Object.keys(totals).length > 0) {
    console.log(`\n${'mutants'.padEnd(24)}${'killed'.padStart(8)}${'equivalent'.padStart(12)}${'survived'.padStart(10)}`);
    for (const [o, c] of Object.entries(totals)) console.log(`${o.padEnd(24)}${String(c.killed).padStart(8)}${String(c.equivalent).padStart(12)}${String(c.survived).padStart(10)}`);
  }
  console.log(`lessons: ${proved} claims, ${bad} broken`);
  return bad === 0 && proved > 0 ? 0 : 1;
}
