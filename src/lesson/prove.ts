// A lesson proves itself: the untouched lab passes no step with points, solutions and detours pass, wrong answers fail where and why they say.
// Pure: files and printing belong to the command line and the studio.
import type { Lab } from '../lab/lab';
import { checkAll, type CheckResult, finish, type StepResult } from './check';
import { type LabAction, parseLabFile, playAction } from './labfile';
import { instantiate, type LoadedLesson } from './load';
import { sentence } from './sentence';
import { startLesson, topologyOfLesson } from './topology_of';
import { substitute } from './variables';

/** One claim of a lesson about itself. */
export interface Proof {
  lesson: string;
  seed: number;
  /** 'untouched', 'solution ifconfig', 'wrong no-forwarding', 'detour look-around'. */
  what: string;
  ok: boolean;
  /** Step, check and host of every surprise. */
  details: string[];
}

const where = (c: CheckResult): string => `${c.key} ${c.check.kind} ${c.host}: wanted ${sentence('en', c.expected)}; got ${sentence('en', c.actual)}${c.explanation === null ? '' : ` -- ${sentence('en', c.explanation)}`}${c.misconception === '' ? '' : ` [${c.misconception}]`}`;

/** Plays lines on a lab; gives complaints about lines that went wrong. */
function play(lab: Lab, actions: readonly LabAction[], wantOk: boolean): string[] {
  const out: string[] = [];
  for (const a of actions) {
    const r = playAction(lab, a);
    if (wantOk && r.status !== 0 && a.do === 'run') out.push(`line ${a.line} '${a.command}' on ${a.host} ended with ${r.status}: ${(r.stderr || r.stdout).trim().slice(0, 200)}`);
  }
  lab.advance(500_000);
  return out;
}

/** All claims of a lesson for one seed, one by one. */
export function* prove(l: LoadedLesson, seed: number): Generator<Proof> {
  const { lesson, values } = instantiate(l, seed);
  const topology = topologyOfLesson(lesson);
  const base = startLesson(lesson, seed, { terminals: false });
  const results = (lab: Lab): StepResult[] => finish(checkAll(lab, lesson, topology));
  const proof = (what: string, details: string[]): Proof => ({ lesson: lesson.id, seed, what, ok: details.length === 0, details });

  const untouched = results(base);
  yield proof('untouched', [...base.complaints.map((c) => `lab: ${c}`), ...untouched.filter((s) => s.state === 'passed' && lesson.steps.find((x) => x.id === s.step)!.points > 0).map((s) => `step ${s.step} passes before anything was done`)]);

  const good: [string, Record<string, string>][] = [['solution', l.solutions], ['detour', l.detours]];
  for (const [word, files] of good) {
    for (const [name, text] of Object.entries(files)) {
      const lab = base.fork();
      const complaints = play(lab, parseLabFile(substitute(text, values)).actions, word === 'solution');
      const failed = results(lab).flatMap((s) => (s.state === 'passed' ? [] : s.checks.filter((c) => c.state !== 'passed').map(where).concat(s.checks.every((c) => c.state === 'passed') ? [`step ${s.step} is ${s.state}`] : [])));
      yield proof(`${word} ${name}`, [...complaints, ...failed]);
    }
  }
  if (Object.keys(l.solutions).length === 0 && lesson.kind !== 'quiz') yield proof('solutions', ['there is none']);

  for (const [name, text] of Object.entries(l.wrong)) {
    const file = parseLabFile(substitute(text, values));
    const lab = base.fork();
    play(lab, file.actions, false);
    const steps = results(lab);
    const step = steps.find((s) => s.step === file.fails);
    const failing = step?.checks.filter((c) => c.state === 'failed') ?? [];
    const details: string[] = [];
    if (failing.length === 0) details.push(`step ${file.fails} does not fail (${step?.state ?? 'no such step'}); others: ${steps.map((s) => `${s.step} ${s.state}`).join(', ')}`);
    else if (file.misconception !== '' && !failing.some((c) => c.misconception === file.misconception)) details.push(`fails, but not with the misconception ${file.misconception}:`, ...failing.map(where));
    const earlier = steps.slice(0, steps.findIndex((s) => s.step === file.fails)).filter((s) => s.checks.some((c) => c.state === 'failed'));
    if (earlier.length > 0) details.push(`an earlier step fails first: ${earlier.map((s) => s.step).join(', ')}`, ...earlier.flatMap((s) => s.checks.filter((c) => c.state === 'failed').map(where)));
    yield proof(`wrong ${name}`, details);
  }
}
