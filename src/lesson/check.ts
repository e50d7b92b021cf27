// Checks a learner's lab on forks: step by step, check by check, in slices, so that a page stays responsive.
import { type Steps, toEnd } from '../lib/steps';
import { effective } from '../lab/journal';
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { type CheckContext, type CheckSpec, type Cluster, type Message, msg, type Verdict } from './checks/check_kind';
import { kindOf } from './checks/index';
import { clusterOf } from './checks/ipvs';
import { misconceptions } from './misconceptions/index';
import { sceneOf } from './misconceptions/misconception';
import type { Lesson } from './schema';

/** Checks about the state of one host: only what shows on that host explains them. */
const OF_ONE_HOST: readonly string[] = ['address', 'route', 'sysctl', 'file', 'service', 'ipvs', 'left'];

/** What one check found. */
export interface CheckResult {
  step: string;
  /** Position in the step and kind: 'traffic/0'. */
  key: string;
  check: CheckSpec;
  host: string;
  state: 'passed' | 'failed' | 'blocked';
  title: Message;
  expected: Message;
  actual: Message;
  /** Why it failed; null when passed. */
  explanation: Message | null;
  /** Name of the misconception that matched, or ''. */
  misconception: string;
  /** Frames of the checker's run it refers to. */
  frames: number[];
  /** The checker's own run, to look at its packets; null when it sent none. */
  run: Lab | null;
  /** Of the lab when that run began: its time and how many entries of its journal were in force, of how many. */
  began: Began;
}

export interface Began { at: number; entries: number; of: number }

export interface StepResult {
  step: string;
  /** blocked: a step it needs has not passed. */
  state: 'passed' | 'failed' | 'blocked';
  checks: CheckResult[];
}

export interface CheckOptions {
  /** Answers of quiz questions by id. Default: what the lab's journal says. */
  answers?: Readonly<Record<string, string>>;
  /** Commands the learner used. Default: what the lab's journal says. */
  used?: readonly { host: string; text: string }[];
}

/** One fork for the checks that only look. */
export interface Scratch { lab: Lab | null }

/** What the lesson says about its clusters: those it declares, then what its ipvs checks say, in the order of the steps. */
function clustersOf(lesson: Lesson, topology: Topology): readonly Cluster[] {
  const known = clusters.get(lesson);
  if (known !== undefined && known.topology === topology) return known.list;
  const specs: CheckSpec[] = lesson.steps.flatMap((s) => s.checks);
  const client = topology.hosts.find((h) => h.role === 'client')?.name ?? topology.hosts[0]!.name;
  const out: Cluster[] = (lesson.clusters ?? []).map((c): Cluster => {
    const at = c.service.lastIndexOf(':');
    return { director: c.on, vip: c.service.slice(4, at), port: Number(c.service.slice(at + 1)), mode: c.mode, servers: c.servers, client, ...(c.gone ? { gone: true } : {}) };
  });
  for (let i = 0; i < specs.length; i++) {
    const s = specs[i]!;
    const inner = (s.args as { then?: CheckSpec[] } | null)?.then;
    if (Array.isArray(inner)) specs.push(...inner);
    const c = s.kind === 'ipvs' ? clusterOf(s.args) : null;
    if (c !== null) out.push({ ...c, client });
  }
  clusters.set(lesson, { topology, list: out });
  return out;
}
/** A lesson does not change once it is loaded. */
const clusters = new WeakMap<Lesson, { topology: Topology; list: readonly Cluster[] }>();

/** The cluster a check is about: the one whose address it names, else the lesson's first that stays; null when the lesson has none. */
export function lessonCluster(lesson: Lesson, topology: Topology, spec?: CheckSpec): Cluster | null {
  const all = clustersOf(lesson, topology).filter((c) => c.gone !== true);
  const first = all[0] ?? null;
  if (spec === undefined || all.length < 2) return first;
  const text = JSON.stringify(spec.args);
  const asked = (c: Cluster): boolean => new RegExp(`${c.vip.replace(/\./g, '\\.')}:${c.port}(?!\\d)`).test(text) || (c.port === 80 && text.includes(`//${c.vip}/`));
  return all.find(asked) ?? all.find((c) => text.includes(`"${c.vip}"`)) ?? first;
}

function forkFor(lab: Lab, spec: CheckSpec, scratch: Scratch): Lab {
  if (!(kindOf(spec).reads?.(spec.args) ?? false)) return lab.fork();
  scratch.lab ??= lab.fork();
  return scratch.lab;
}

function* verdictOf(lab: Lab, fork: Lab, topology: Topology, cluster: Cluster | null, spec: CheckSpec, opts: CheckOptions, quick = false): Steps<Verdict> {
  const ctx: CheckContext = {
    lab: fork, hosts: topology.hosts, cluster, answers: opts.answers ?? lab.answers(), used: opts.used ?? lab.commands(), quick,
    *run(inner) {
      const v = kindOf(inner).run(ctx, inner.args);
      return 'next' in v ? yield* v : v;
    },
  };
  try {
    return yield* ctx.run(spec);
  } catch (e) {
    return { state: 'failed', expected: msg('check.expect', { check: spec.kind }), actual: msg('check.broke', { text: e instanceof Error ? e.message : String(e) }) };
  }
}

/** A check's run done again on a fork of the lab as it was, as far as an instant: what the panes show while its packets are looked at one by one. */
export class Again {
  private origin: Lab | null = null;

  constructor(private readonly lab: Lab, private readonly lesson: Lesson, private readonly topology: Topology, private readonly of: CheckResult) {}

  /** When the run began, us. */
  get began(): number { return this.of.began.at; }

  /** The run at `at` (us); null when what the lab did before it was taken back since. */
  at(at: number): Lab | null {
    const { began, run, check } = this.of;
    if (run === null || this.lab.journal.entries.slice(began.of).some((e) => 'undo' in e || ('action' in e && e.action.do === 'reset'))) return null;
    this.origin ??= this.lab.rewound(began.at, { entries: began.entries });
    const fork = this.origin.fork();
    fork.asFarAs(at, verdictOf(this.origin, fork, this.topology, lessonCluster(this.lesson, this.topology, check), check, {}), run);
    return fork;
  }
}

/** How dear a check is: looking, acting, rebooting. */
const cost = (c: CheckSpec): number => (kindOf(c).reads?.(c.args) ? 0 : c.kind === 'survives' || (c.args as { after?: string } | null)?.after === 'boot' ? 2 : 1);

/** A check where it stands ('traffic/0'). */
export interface Asked { key: string; spec: CheckSpec }

/** All checks of a lesson, cheapest first. */
export const byCost = (lesson: Lesson): Asked[] =>
  lesson.steps.flatMap((s) => s.checks.map((spec, i) => ({ key: `${s.id}/${i}`, spec }))).sort((a, b) => cost(a.spec) - cost(b.spec));

/**
 * The key of a check that does not pass; null when all pass. No explanations. `lab` is somebody's fork already and is looked at as it is. The check that was
 * found moves to the front of those as dear as it is: what catches one spoilt answer often catches the next.
 */
export function firstFailure(lab: Lab, lesson: Lesson, topology: Topology, opts: CheckOptions = {}, order: Asked[] = byCost(lesson)): string | null {
  const scratch: Scratch = { lab };
  const at = order.findIndex((c) => toEnd(verdictOf(lab, forkFor(lab, c.spec, scratch), topology, lessonCluster(lesson, topology, c.spec), c.spec, opts, true)).state !== 'passed');
  if (at < 0) return null;
  const found = order[at]!;
  order.splice(at, 1);
  order.splice(order.findIndex((c) => cost(c.spec) >= cost(found.spec)), 0, found);
  return found.key;
}

/** Runs one check on a fork of `lab`. The learner's lab does not move. */
export const runCheck = (lab: Lab, lesson: Lesson, topology: Topology, step: string, index: number, spec: CheckSpec, opts: CheckOptions = {}): CheckResult => toEnd(checking(lab, lesson, topology, step, index, spec, opts, { lab: null }));

/** The same in steps. The lab may move between them: what is checked is the lab as it was when the check began. */
function* checking(lab: Lab, lesson: Lesson, topology: Topology, step: string, index: number, spec: CheckSpec, opts: CheckOptions, scratch: Scratch): Steps<CheckResult> {
  const fork = forkFor(lab, spec, scratch);
  const began: Began = { at: lab.now(), entries: effective(lab.journal).length, of: lab.journal.entries.length };
  let cluster = lessonCluster(lesson, topology, spec);
  const v = yield* verdictOf(lab, fork, topology, cluster, spec, opts);
  let explanation = v.explanation ?? null;
  let misconception = v.misconception ?? '';
  let host = v.host ?? '';
  const about = v.about ?? spec.kind;
  // What should be gone is left of the cluster that is taken down, where the lesson says which.
  if (about === 'left') cluster = clustersOf(lesson, topology).find((c) => c.gone) ?? cluster;
  if (v.state === 'failed' && cluster !== null) {
    const scene = sceneOf(spec.kind === 'survives' ? fork : lab, cluster, topology.hosts, OF_ONE_HOST.includes(about) ? host : undefined);
    for (const m of misconceptions) {
      if (!m.about.includes(about)) continue;
      const found = m.detect(scene);
      if (found === null || (OF_ONE_HOST.includes(about) && found.host !== host)) continue;
      misconception = m.name;
      host = found.host;
      explanation = msg(`misconception.${m.name}`, { host: found.host, ...found.args });
      break;
    }
  }
  return {
    step, key: `${step}/${index}`, check: spec, host, state: v.state, title: v.expected, expected: v.expected, actual: v.actual, explanation: v.state === 'passed' ? null : explanation, misconception,
    frames: v.frames ?? [], run: (v.frames ?? []).length > 0 && fork !== scratch.lab ? fork : null, began,
  };
}

function* stepResult(lab: Lab, lesson: Lesson, topology: Topology, id: string, passed: ReadonlySet<string>, opts: CheckOptions, scratch: Scratch): Generator<CheckResult | void, StepResult, undefined> {
  const step = lesson.steps.find((s) => s.id === id)!;
  const checks: CheckResult[] = [];
  const waits = step.needs.filter((n) => !passed.has(n));
  for (const [i, spec] of step.checks.entries()) {
    const r = yield* checking(lab, lesson, topology, id, i, spec, opts, scratch);
    checks.push(r);
    yield r;
  }
  const all = checks.every((c) => c.state === 'passed');
  const failed = checks.some((c) => c.state === 'failed');
  return { step: id, state: waits.length > 0 ? 'blocked' : all ? 'passed' : failed ? 'failed' : 'blocked', checks };
}

/** Checks one step; steps it needs are checked for their state first. */
export function checkStep(lab: Lab, lesson: Lesson, topology: Topology, id: string, opts: CheckOptions = {}): StepResult {
  return toEnd(checkAll(lab, lesson, topology, opts)).find((s) => s.step === id)!;
}

/** Checks every step in order; yields each check's result and often between, so that a caller can stop between slices. Returns all results. */
export function* checkAll(lab: Lab, lesson: Lesson, topology: Topology, opts: CheckOptions = {}): Generator<CheckResult | void, StepResult[], undefined> {
  const passed = new Set<string>();
  const out: StepResult[] = [];
  const scratch: Scratch = { lab: null };
  for (const step of lesson.steps) {
    const r = yield* stepResult(lab, lesson, topology, step.id, passed, opts, scratch);
    if (r.state === 'passed') passed.add(step.id);
    out.push(r);
  }
  return out;
}

/** Runs checks to their end. */
export const finish = (run: Generator<unknown, StepResult[], undefined>): StepResult[] => toEnd(run);
