// Mutation testing of a lesson: every spoilt solution must fail a check. The solution is played once; where a mutant begins to differ the lab is forked.
import type { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import { byCost, firstFailure } from './check';
import { type LabAction, playAction } from './labfile';
import { operators } from './mutants/index';
import type { Mutant, Specimen } from './mutants/operator';
import type { Lesson } from './schema';

/** A lab being worked on, with what a fork's journal does not carry along. */
export interface Stage {
  lab: Lab;
  answers: Record<string, string>;
  used: { host: string; text: string }[];
}

export const stageOf = (lab: Lab): Stage => ({ lab, answers: {}, used: [] });
export const forkStage = (s: Stage): Stage => ({ lab: s.lab.fork(), answers: { ...s.answers }, used: [...s.used] });

/** Plays one action; complaints about how a command ended are the caller's. */
export function playOn(s: Stage, a: LabAction): ReturnType<typeof playAction> {
  if (a.do === 'answer') s.answers[a.id] = a.value;
  if (a.do === 'run') s.used.push({ host: a.host, text: a.command });
  return playAction(s.lab, a);
}

export interface MutantResult {
  mutant: Mutant;
  /** equivalent: it reached the solution's configuration. */
  state: 'killed' | 'survived' | 'equivalent';
  /** The check that caught it ('traffic/0'), or ''. */
  by: string;
}

export interface MutationReport {
  results: MutantResult[];
  /** Counts per operator. */
  counts: Record<string, { killed: number; equivalent: number; survived: number }>;
  /** Lines of the solution that neither kill a mutant nor say why they are optional. */
  unproved: { line: number; text: string }[];
}

const textOf = (a: LabAction): string => {
  switch (a.do) {
    case 'run': return `${a.host}# ${a.command}`;
    case 'edit': return `${a.host} edit ${a.path}`;
    case 'wait': return `wait ${a.us / 1e6}s`;
    case 'answer': return `answer ${a.id} ${a.value}`;
    case 'reboot': return `reboot ${a.host}`;
    default: return `${a.do} ${a.host} ${a.iface}`;
  }
};

const optional = (a: LabAction): boolean => (a.optional ?? '') !== '';

/** All mutants of a solution, in order of where they begin to differ. Optional lines are left as they are. */
export function mutantsOf(s: Specimen): Mutant[] {
  const out: Mutant[] = [];
  const seen = new Set<string>();
  const add = (operator: string, at: number, by: LabAction[], text: string): void => {
    const actions = [...s.actions.slice(0, at), ...by, ...s.actions.slice(at + 1)];
    const key = JSON.stringify(actions.map((a) => ({ ...a, line: 0 })));
    if (seen.has(key)) return;
    seen.add(key);
    out.push({ operator, at, lines: [s.actions[at]!.line], text, actions });
  };
  s.actions.forEach((a, i) => {
    if (optional(a)) return;
    for (const o of operators) {
      for (const by of o.replace?.(i, s) ?? []) add(o.name, i, by, by.length === 0 ? `without '${textOf(a)}'` : `'${textOf(a)}' as '${by.map(textOf).join('; ')}'${a.do === 'edit' && by[0]?.do === 'edit' && by[0].host === a.host ? ' with a line less' : ''}`);
      if (o.rewrite === undefined) continue;
      if (a.do === 'run') for (const line of o.rewrite(a.command, s)) add(o.name, i, [{ ...a, command: line }], `'${textOf(a)}' as '${line}'`);
      if (a.do !== 'edit') continue;
      const lines = a.text.split('\n');
      lines.forEach((l, n) => {
        for (const other of o.rewrite!(l, s)) add(o.name, i, [{ ...a, text: lines.map((x, k) => (k === n ? other : x)).join('\n') }], `'${l}' in ${a.path} of ${a.host} as '${other}'`);
      });
    }
  });
  for (const o of operators) {
    for (const group of o.omit?.(s) ?? []) {
      const gone = group.filter((i) => !optional(s.actions[i]!));
      if (gone.length < 2) continue;
      const first = s.actions[gone[0]!]!;
      out.push({ operator: o.name, at: gone[0]!, lines: gone.map((i) => s.actions[i]!.line), text: `without lines ${gone.map((i) => s.actions[i]!.line).join(', ')} (${'host' in first ? first.host : ''})`, actions: s.actions.filter((_, i) => !gone.includes(i)) });
    }
  }
  return out.sort((a, b) => a.at - b.at);
}

/**
 * Plays every mutant of a solution and says which checks caught it. `fresh` gives a lab nobody has touched. Yields after each mutant.
 * While programs run in the lab (a fork would leave them behind) a mutant is played from the start instead of from where it begins to differ.
 */
export function* mutate(fresh: () => Lab, lesson: Lesson, topology: Topology, actions: readonly LabAction[]): Generator<MutantResult, MutationReport> {
  const specimen: Specimen = { actions, hosts: topology.hosts.map((h) => ({ name: h.name, role: h.role ?? '' })) };
  const mutants = mutantsOf(specimen);
  // The labs before each action where some mutant begins, and the configuration the solution ends with.
  const before = new Map<number, Stage>();
  const solution = stageOf(fresh());
  actions.forEach((a, i) => {
    if (mutants.some((m) => m.at === i) && !solution.lab.programsRun()) before.set(i, forkStage(solution));
    playOn(solution, a);
  });
  solution.lab.advance(500_000);
  const goal = finalState(solution);
  const results: MutantResult[] = [];
  const order = byCost(lesson);
  for (const [n, m] of mutants.entries()) {
    const from = before.get(m.at);
    const last = mutants[n + 1]?.at !== m.at;
    const stage = from === undefined ? stageOf(fresh()) : last ? from : forkStage(from);
    if (last) before.delete(m.at);
    for (const a of from === undefined ? m.actions : m.actions.slice(m.at)) playOn(stage, a);
    stage.lab.advance(500_000);
    const by = firstFailure(stage.lab, lesson, topology, stage, order);
    const result: MutantResult = { mutant: m, state: by !== null ? 'killed' : finalState(stage) === goal ? 'equivalent' : 'survived', by: by ?? '' };
    results.push(result);
    yield result;
  }
  const counts: MutationReport['counts'] = {};
  for (const r of results) {
    counts[r.mutant.operator] ??= { killed: 0, equivalent: 0, survived: 0 };
    counts[r.mutant.operator]![r.state]++;
  }
  const unproved = actions.filter((a) => a.do !== 'wait' && !optional(a) && !results.some((r) => r.state === 'killed' && r.mutant.lines.includes(a.line))).map((a) => ({ line: a.line, text: textOf(a) }));
  return { results, counts, unproved };
}

/** What a mutant must not reach: configuration, answers, and the commands used when the lesson asks for one. */
function finalState(s: Stage): string {
  return `${s.lab.relevant()} ${JSON.stringify(Object.entries(s.answers).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}
