// `lvslab conformance DIR`: finds scenarios and transcripts, replays them in workers, prints failures, tables and the one last line.
import { mkdirSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { areaOf, failedScenario, type Replayed, runsKeepalived, type StepOutcome, stepLine, summary, tally } from '../lab/conformance';
import { replayByAccidents } from '../lab/conformance_accidents';
import type { Scenario, Transcript } from '../lab/scenario';

export interface ConformanceOptions {
  quiet?: boolean;
  only?: string;
  list?: boolean;
  out?: string;
  jobs: number;
  writeFloor?: string;
}

/** A scenario that has not answered after this long is given up. */
const HANG_MS = 90_000;

interface Task { name: string; scenario: string; transcript: string }
interface Answer { outcomes: StepOutcome[]; replayed: Replayed | null; ms: number; accidents?: string[]; later?: boolean }

function* jsonFiles(folder: string): Generator<string> {
  for (const e of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, e.name);
    if (e.isDirectory()) yield* jsonFiles(path);
    else if (e.name.endsWith('.json')) yield path;
  }
}

/** Relative names (without .json) of all transcripts of a folder, with their scenarios. */
export function findTasks(dir: string): Task[] {
  const transcripts = join(dir, 'transcripts');
  if (!existsSync(transcripts)) return [];
  return [...jsonFiles(transcripts)].map((path) => {
    const name = relative(transcripts, path).split(sep).join('/').replace(/\.json$/, '');
    return { name, scenario: join(dir, 'scenarios', `${name}.json`), transcript: path };
  });
}

/** Replays one task; what cannot be read fails, never throws. */
export function runTask(task: Task): Answer {
  const began = Date.now();
  let transcript: Transcript;
  try {
    transcript = JSON.parse(readFileSync(task.transcript, 'utf8')) as Transcript;
  } catch (e) {
    return { outcomes: [], replayed: null, ms: 0, ...(console.error(`${task.name}: ${String(e)}`), {}) };
  }
  try {
    const scenario = JSON.parse(readFileSync(task.scenario, 'utf8')) as Scenario;
    const r = replayByAccidents(task.name, scenario, transcript);
    return { ...r, ms: Date.now() - began, later: runsKeepalived(scenario) };
  } catch (e) {
    return { outcomes: failedScenario(task.name, transcript, `scenario cannot be replayed: ${String(e)}`), replayed: null, ms: Date.now() - began };
  }
}

if (!isMainThread && parentPort !== null && (workerData ?? null) === null) {
  const port = parentPort;
  port.on('message', (task: Task) => port.postMessage(runTask(task)));
}

/** Runs tasks in workers; a worker that hangs or dies fails its scenario and is replaced. */
function runAll(tasks: Task[], jobs: number, answered: (task: Task, a: Answer) => void): Promise<void> {
  const queue = [...tasks];
  const one = (): Promise<void> =>
    new Promise((done) => {
      let worker: Worker;
      let timer: NodeJS.Timeout;
      let current: Task | undefined;
      const give = (): void => {
        current = queue.shift();
        if (current === undefined) {
          void worker.terminate();
          done();
          return;
        }
        timer = setTimeout(() => broken(`gave no answer in ${HANG_MS / 1000} s`), HANG_MS);
        worker.postMessage(current);
      };
      const broken = (why: string): void => {
        clearTimeout(timer);
        const task = current;
        current = undefined;
        worker.removeAllListeners();
        void worker.terminate();
        if (task !== undefined) answered(task, { outcomes: failedScenario(task.name, JSON.parse(readFileSync(task.transcript, 'utf8')) as Transcript, why), replayed: null, ms: HANG_MS });
        begin();
      };
      const begin = (): void => {
        worker = new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 2048 } });
        worker.on('message', (a: Answer) => {
          clearTimeout(timer);
          const task = current!;
          answered(task, a);
          give();
        });
        worker.on('error', (e) => broken(`worker died: ${e instanceof Error ? e.message : String(e)}`));
        give();
      };
      begin();
    });
  return Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, tasks.length)) }, one)).then(() => undefined);
}

function table(title: string, rows: Map<string, { passed: number; total: number }>, order: (a: [string, { passed: number; total: number }], b: [string, { passed: number; total: number }]) => number): void {
  console.log(`\n${title.padEnd(24)}passed  failed   total       %`);
  for (const [key, t] of [...rows].sort(order)) {
    console.log(`${key.padEnd(22)}${String(t.passed).padStart(8)}${String(t.total - t.passed).padStart(8)}${String(t.total).padStart(8)}${((t.passed * 100) / t.total).toFixed(1).padStart(8)}`);
  }
}

/** Runs the command; its exit status. */
export async function conformance(dir: string, o: ConformanceOptions): Promise<number> {
  const all = findTasks(dir);
  if (all.length === 0) {
    console.error(`lvslab conformance: ${dir}: no transcripts/**/*.json there (a folder with scenarios/ and transcripts/ is wanted)`);
    return 2;
  }
  const tasks = o.only === undefined ? all : all.filter((t) => t.name.includes(o.only!));
  if (tasks.length === 0) {
    console.error(`lvslab conformance: no scenario of ${dir} has '${o.only}' in its name`);
    return 2;
  }
  const results = new Map<string, StepOutcome[]>();
  const slow: [number, string][] = [];
  const accidents = new Map<string, string[]>();
  const later = new Set<string>();
  await runAll(tasks, o.jobs, (task, a) => {
    results.set(task.name, a.outcomes);
    accidents.set(task.name, a.accidents ?? []);
    if (a.later) later.add(task.name);
    slow.push([a.ms, task.name]);
    if (o.out !== undefined && a.replayed !== null) {
      const path = join(o.out, `${task.name}.json`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(a.replayed, null, 1)}\n`);
    }
  });
  const outcomes = tasks.flatMap((t) => results.get(t.name) ?? []);
  for (const x of outcomes) {
    if (x.volatile !== '') continue;
    if (!x.passed) {
      console.log(`FAIL ${stepLine(x)}`);
      if (!o.quiet) for (const line of x.diff) console.log(`    ${line}`);
    } else if (o.list) console.log(`pass ${stepLine(x)}`);
  }
  const volatile = outcomes.filter((x) => x.volatile !== '');
  if (volatile.length > 0) {
    console.log(`\nvolatile (not counted): ${volatile.length}`);
    for (const x of volatile) {
      console.log(`${x.passed ? 'same' : 'differs'} ${stepLine(x)} (${x.volatile})`);
      if (!o.quiet && !x.passed) for (const line of x.diff) console.log(`    ${line}`);
    }
  }
  const known = tasks.filter((t) => (accidents.get(t.name) ?? []).length > 0);
  if (known.length > 0) console.log('\naccidents of the recorded machines, found in the recordings:');
  for (const t of known) console.log(`${t.name}: ${accidents.get(t.name)!.join('; ')}${(results.get(t.name) ?? []).every((x) => x.passed || x.volatile !== '') ? '' : ' (other steps still fail)'}`);
  table('by area', tally(outcomes, (x) => areaOf(x.scenario)), ([a], [b]) => (a < b ? -1 : 1));
  table('by command', tally(outcomes, (x) => x.command), (a, b) => b[1].total - b[1].passed - (a[1].total - a[1].passed) || (a[0] < b[0] ? -1 : 1));
  slow.sort((a, b) => b[0] - a[0]);
  if (slow[0]![0] > 5000) console.log(`\nslowest: ${slow.slice(0, 5).map(([ms, name]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ')}`);
  if (o.writeFloor !== undefined) writeFloor(o.writeFloor, outcomes);
  if (later.size > 0) console.log(`\nwithout the ${later.size} scenarios that run keepalived: ${summary(outcomes.filter((x) => !later.has(x.scenario)))}`);
  console.log(`\n${summary(outcomes)}`);
  return outcomes.every((x) => x.passed || x.volatile !== '') ? 0 : 1;
}

/** Records counts and failing steps, so that the number cannot fall unnoticed. */
function writeFloor(dir: string, outcomes: StepOutcome[]): void {
  const areas = Object.fromEntries([...tally(outcomes, (x) => areaOf(x.scenario))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, t]) => [k, t.passed]));
  writeFileSync(join(dir, 'floor.json'), `${JSON.stringify(areas, null, 2)}\n`);
  const failing = outcomes.filter((x) => !x.passed && x.volatile === '').map((x) => `${stepLine(x)}\n`);
  writeFileSync(join(dir, 'failing.txt'), failing.join(''));
}
