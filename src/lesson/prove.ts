// A lesson proves itself: the untouched lab passes no step with points, solutions and detours pass, wrong answers fail where and why they say.
// Pure: files and printing belong to the command line and the studio.
import type { Lab } from '../lab/lab';
import { byCost, checkAll, type CheckResult, finish, firstFailure, type StepResult } from './check';
import type { Demo } from './demo';
import { playDemo } from './demo_play';
import { type LabAction, parseLabFile } from './labfile';
import { instantiate } from './instantiate';
import type { LoadedLesson } from './load';
import { mutate, type MutationReport, playOn, type Stage, stageOf } from './mutate';
import { sentence } from './sentence';
import { startLesson, topologyOfLesson } from './topology_of';
import { substitute } from './variables';
import { demosOf } from './words';

/** One claim of a lesson about itself. */
export interface Proof {
  lesson: string;
  seed: number;
  /** 'untouched', 'solution ifconfig', 'wrong no-forwarding', 'detour look-around'. */
  what: string;
  ok: boolean;
  /** Step, check and host of every surprise. */
  details: string[];
  /** Remarks that break nothing: equivalent mutants. */
  notes?: string[];
  /** Mutants per operator. */
  counts?: MutationReport['counts'];
}

export interface ProveOptions {
  /** Also spoils every solution (default). */
  mutants?: boolean;
}

const where = (c: CheckResult): string => `${c.key} ${c.check.kind} ${c.host}: wanted ${sentence('en', c.expected)}; got ${sentence('en', c.actual)}${c.explanation === null ? '' : ` -- ${sentence('en', c.explanation)}`}${c.misconception === '' ? '' : ` [${c.misconception}]`}`;

/** Plays lines on a lab; gives complaints about lines that went wrong, and everything that was printed with what the lab ended as. */
function play(s: Stage, actions: readonly LabAction[], wantOk: boolean): { complaints: string[]; transcript: () => string } {
  const complaints: string[] = [];
  const printed: string[] = [];
  for (const a of actions) {
    const r = playOn(s, a);
    printed.push(`${r.stdout}\n${r.stderr}\n${r.status}`);
    if (wantOk && r.status !== 0 && a.do === 'run') complaints.push(`line ${a.line} '${a.command}' on ${a.host} ended with ${r.status}: ${(r.stderr || r.stdout).trim().slice(0, 200)}`);
  }
  s.lab.advance(500_000);
  return { complaints, transcript: () => `${printed.join('\n')}\n${s.lab.relevant({ counters: true, neighbours: true })} ${s.lab.now()} ${s.lab.trace().frameCount()}` };
}

/** What goes wrong when a demonstration plays: a moment that never comes shows the viewer nothing. */
function demoProblems(stage: Lab, demo: Demo): string[] {
  return [...playDemo(stage, demo)].flatMap((e) => (e.kind === 'paused' && e.missed ? [`line ${e.line}: no ${e.at} comes after the act before it`] : e.kind === 'acted' && e.status === 127 ? [`line ${e.line}: command not found`] : []));
}

/** All claims of a lesson for one seed, one by one. */
export function* prove(l: LoadedLesson, seed: number, opts: ProveOptions = {}): Generator<Proof> {
  const { lesson, values, words } = instantiate(l, seed);
  const topology = topologyOfLesson(lesson);
  const base = startLesson(lesson, seed, { terminals: false });
  // Programs that the lesson starts stay behind when a lab is forked; then it is booted anew.
  const fresh = (): Lab => (base.programsRun() ? startLesson(lesson, seed, { terminals: false }) : base.fork());
  const results = (s: Stage): StepResult[] => finish(checkAll(s.lab, lesson, topology, s));
  const order = byCost(lesson);
  const passes = (s: Stage): boolean => firstFailure(s.lab, lesson, topology, s, order) === null;
  /** Results as far as the step that is asked for. */
  const resultsUpTo = (s: Stage, step: string): CheckResult[] => {
    const last = lesson.steps.findIndex((x) => x.id === step);
    let left = lesson.steps.slice(0, last + 1).reduce((n, x) => n + x.checks.length, 0);
    const out: CheckResult[] = [];
    const run = checkAll(s.lab, lesson, topology, s);
    for (let r = run.next(); left > 0 && !r.done; r = run.next()) {
      if (r.value === undefined) continue;
      out.push(r.value);
      if (--left === 0) break;
    }
    return out;
  };
  const proof = (what: string, details: string[]): Proof => ({ lesson: lesson.id, seed, what, ok: details.length === 0, details });

  // One failed check shows that a step does not pass; only when a step's checks all pass is it asked what the step waits for.
  const idle = stageOf(base.fork());
  const suspicious = lesson.steps.some((s) => s.points > 0 && firstFailure(idle.lab, lesson, topology, idle, order.filter((c) => s.checks.includes(c.spec))) === null);
  const early = suspicious ? results(stageOf(base)).filter((s) => s.state === 'passed' && lesson.steps.find((x) => x.id === s.step)!.points > 0) : [];
  yield proof('untouched', [...base.complaints.map((c) => `lab: ${c}`), ...early.map((s) => `step ${s.step} passes before anything was done`)]);

  // A demonstration plays for a learner who has begun, or for one who has finished.
  const solved = (): Lab => {
    const stage = stageOf(fresh());
    play(stage, parseLabFile(substitute(Object.values(l.solutions)[0] ?? '', values)).actions, false);
    return stage.lab;
  };
  for (const demo of demosOf(words.zh)) {
    const atFirst = demoProblems(fresh(), demo);
    yield proof(`demo ${demo.id}`, atFirst.length === 0 || demoProblems(solved(), demo).length === 0 ? [] : atFirst);
  }

  const transcripts = new Map<string, string>();
  const good: [string, Record<string, string>][] = [['solution', l.solutions], ['detour', l.detours]];
  for (const [word, files] of good) {
    for (const [name, text] of Object.entries(files)) {
      const stage = stageOf(fresh());
      const { complaints, transcript } = play(stage, parseLabFile(substitute(text, values)).actions, word === 'solution');
      if (word === 'solution' && seed === 0) transcripts.set(name, transcript());
      const failed = (passes(stage) ? [] : results(stage)).flatMap((s) => (s.state === 'passed' ? [] : s.checks.filter((c) => c.state !== 'passed').map(where).concat(s.checks.every((c) => c.state === 'passed') ? [`step ${s.step} is ${s.state}`] : [])));
      yield proof(`${word} ${name}`, [...complaints, ...failed]);
    }
  }
  if (Object.keys(l.solutions).length === 0 && lesson.kind !== 'quiz') yield proof('solutions', ['there is none']);

  for (const [name, text] of Object.entries(l.wrong)) {
    const file = parseLabFile(substitute(text, values));
    const stage = stageOf(fresh());
    play(stage, file.actions, false);
    const checked = resultsUpTo(stage, file.fails);
    const failing = checked.filter((c) => c.step === file.fails && c.state === 'failed');
    const details: string[] = [];
    if (failing.length === 0) {
      const steps = results(stage);
      details.push(`step ${file.fails} does not fail (${steps.find((s) => s.step === file.fails)?.state ?? 'no such step'}); others: ${steps.map((s) => `${s.step} ${s.state}`).join(', ')}`);
    } else if (file.misconception !== '' && !failing.some((c) => c.misconception === file.misconception)) details.push(`fails, but not with the misconception ${file.misconception}:`, ...failing.map(where));
    const earlier = checked.filter((c) => c.step !== file.fails && c.state === 'failed');
    if (earlier.length > 0) details.push(`an earlier step fails first: ${[...new Set(earlier.map((c) => c.step))].join(', ')}`, ...earlier.map(where));
    yield proof(`wrong ${name}`, details);
  }
  for (const [n, [name, text]] of Object.entries(l.solutions).entries()) {
    const actions = parseLabFile(substitute(text, values)).actions;
    if (seed === 0 && n === 0) {
      // The first solution ran on a fork; a lab booted anew must say the same, for neither may know of the other's past.
      const again = play(stageOf(startLesson(lesson, seed, { terminals: false })), actions, false).transcript();
      yield proof(`twice ${name}`, again === transcripts.get(name) ? [] : ['two runs from the same seed differ']);
    }
    if (opts.mutants === false) continue;
    const run = mutate(fresh, lesson, topology, actions);
    let r = run.next();
    while (!r.done) r = run.next();
    const { results: all, counts, unproved } = r.value;
    const details = all.filter((m) => m.state === 'survived').map((m) => `line ${m.mutant.lines.join(', ')}: ${m.mutant.operator}: ${m.mutant.text} passes every check`);
    details.push(...unproved.map((u) => `line ${u.line}: '${u.text}': no mutant of it fails; does a check miss it, or is it '# optional: reason'?`));
    yield { ...proof(`mutants ${name}`, details), notes: all.filter((m) => m.state === 'equivalent').map((m) => `line ${m.mutant.lines.join(', ')}: ${m.mutant.text} is the same in the end`), counts };
  }
}
