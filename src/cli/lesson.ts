// `lvslab lesson test [FOLDER...]`: the course proves itself; a table, and every surprise with lesson, step, check and host.
// Lessons and seeds are independent of one another, so workers take them side by side; what they say is printed in the order asked for.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadCourse, loadLesson, type Problem } from '../lesson/load';
import type { MutationReport } from '../lesson/mutate';
import { prove } from '../lesson/prove';
import { allLessons, courseFolder, findLesson, readFolder } from './lesson_files';

export interface LessonTestOptions {
  seeds: number;
  mutants: boolean;
  /** Workers side by side; default: as many as the machine runs at once. */
  jobs?: number;
}

/** One lesson, one seed. */
interface Task { folder: string; seed: number; mutants: boolean }
/** What is printed of it, and what is counted. */
interface Answer { lines: string[]; proved: number; bad: number; counts: MutationReport['counts'] }

/** What `workerData` says in a worker of this file. */
const ROLE = 'lesson test';
/** Megabytes in which a worker's youngest objects live: proving makes forks and throws them away. */
const YOUNG_MB = 64;

const say = (p: Problem): string => `${p.file}:${p.line}:${p.column}: ${p.text}`;

const add = (to: MutationReport['counts'], more: MutationReport['counts']): void => {
  for (const [o, c] of Object.entries(more)) {
    const t = (to[o] ??= { killed: 0, equivalent: 0, survived: 0 });
    t.killed += c.killed;
    t.equivalent += c.equivalent;
    t.survived += c.survived;
  }
};

const shortCounts = (c: MutationReport['counts']): string => {
  const all = Object.values(c);
  const sum = (k: 'killed' | 'equivalent' | 'survived'): number => all.reduce((n, x) => n + x[k], 0);
  return `${sum('killed')} killed, ${sum('equivalent')} equivalent, ${sum('survived')} survived`;
};

/** Proves one lesson for one seed; what is wrong with its files is said with the first seed. */
function work({ folder, seed, mutants }: Task): Answer {
  const out: Answer = { lines: [], proved: 0, bad: 0, counts: {} };
  const { lesson, problems } = loadLesson(readFolder(folder), folder);
  if (seed === 0) {
    out.lines.push(...problems.map(say));
    out.bad += problems.length;
  }
  if (lesson === null) return out;
  for (const p of prove(lesson, seed, { mutants: mutants && seed === 0 })) {
    out.lines.push(
      `${p.ok ? 'ok  ' : 'FAIL'} ${p.lesson.padEnd(24)} seed ${String(p.seed).padEnd(3)} ${p.what}${p.counts === undefined ? '' : `: ${shortCounts(p.counts)}`}`,
      ...p.details.map((d) => `       ${d}`),
      ...(p.notes ?? []).map((d) => `       (equivalent) ${d}`),
    );
    add(out.counts, p.counts ?? {});
    out.proved++;
    if (!p.ok) out.bad++;
  }
  return out;
}

/** Runs tasks in workers; gives each answer in the order of the tasks. */
function inWorkers(tasks: readonly Task[], jobs: number, give: (a: Answer) => void): Promise<void> {
  const answers: (Answer | undefined)[] = [];
  let next = 0;
  let given = 0;
  const one = (): Promise<void> =>
    new Promise((done, failed) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: ROLE, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: 4096 } });
      let current = -1;
      const more = (): void => {
        if (next < tasks.length) worker.postMessage(tasks[(current = next++)]);
        else void worker.terminate().then(() => done());
      };
      worker.on('message', (a: Answer) => {
        answers[current] = a;
        for (let a = answers[given]; a !== undefined; a = answers[given]) {
          give(a);
          given++;
        }
        more();
      });
      worker.on('error', (e) => failed(new Error(`lesson test: ${tasks[current]?.folder ?? ''}: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}`)));
      more();
    });
  return Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, one)).then(() => undefined);
}

/** Runs `lesson test`; its exit status. */
export async function lessonTest(given: readonly string[], opts: LessonTestOptions): Promise<number> {
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
  const tasks = folders.flatMap((folder) => Array.from({ length: opts.seeds }, (_, seed) => ({ folder, seed, mutants: opts.mutants })));
  const give = (a: Answer): void => {
    for (const l of a.lines) console.log(l);
    add(totals, a.counts);
    proved += a.proved;
    bad += a.bad;
  };
  const jobs = opts.jobs ?? availableParallelism();
  if (jobs < 2 || tasks.length < 2) for (const t of tasks) give(work(t));
  else await inWorkers(tasks, jobs, give);
  if (Object.keys(totals).length > 0) {
    console.log(`\n${'mutants'.padEnd(24)}${'killed'.padStart(8)}${'equivalent'.padStart(12)}${'survived'.padStart(10)}`);
    for (const [o, c] of Object.entries(totals)) console.log(`${o.padEnd(24)}${String(c.killed).padStart(8)}${String(c.equivalent).padStart(12)}${String(c.survived).padStart(10)}`);
  }
  console.log(`lessons: ${proved} claims, ${bad} broken`);
  return bad === 0 && proved > 0 ? 0 : 1;
}

if (!isMainThread && workerData === ROLE) parentPort!.on('message', (t: Task) => parentPort!.postMessage(work(t)));
