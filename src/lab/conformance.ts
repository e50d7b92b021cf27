// Replays a scenario recorded on real Linux and compares, step by step, what was printed. Rules: stdout, stderr and exit status equal byte for byte.
import { unifiedDiff } from '../lib/diff';
import { type Bytes, utf8Decode, utf8Encode } from '../lib/text';
import { type Capture, captureLines } from './capture';
import type { ExecOptions } from './exec';
import { Lab } from './lab';
import { type RecordedPacket, type RecordedStep, type Scenario, type ScenarioRun, topologyOf, type Transcript, unknownKeys } from './scenario';

/** One compared step (or capture point). */
export interface StepOutcome {
  /** Scenario it belongs to, by relative name without .json. */
  scenario: string;
  /** Number in the transcript; captures follow the steps. */
  index: number;
  host: string;
  /** The line typed, or `capture HOST:IFACE`. */
  run: string;
  command: string;
  passed: boolean;
  /** Why it is not counted, or ''. */
  volatile: string;
  /** Unified diff, or the reason it could not be compared; empty when passed. */
  diff: string[];
}

/** What the emulator printed, in the transcript's shape. */
export interface Replayed {
  name: string;
  steps: RecordedStep[];
  captures: { host: string; interface: string; packets: RecordedPacket[] }[];
  setupErrors: string[];
  error?: string;
}

/** The command a line is about: its first word that is no assignment, keyword or wrapper. */
export function commandOf(line: string): string {
  const words = line.trim().replace(/^[({!\s]+/, '').split(/[\s;|&<>()]+/);
  for (const w of words) {
    if (w === '' || /^[A-Za-z_]\w*=/.test(w) || ['for', 'while', 'if', 'until', 'do', 'then', 'time', '{', '!', '[[', 'case', 'function', 'cd'].includes(w)) {
      if (w === 'for' || w === 'case') return w;
      continue;
    }
    return w.replace(/^.*\//, '').slice(0, 20);
  }
  return line.slice(0, 20);
}

/** When the transcripts were recorded (2026-11-22 13:40 UTC): what `ls -l` calls recent, and what dates show. */
const RECORDED_AT = 1_795_354_800;

/** A printed text as the recorder wrote it: it read files back in text mode, CR LF and lone CR became LF (nginx's pages, curl's progress meter). */
export const asRecorded = (step: ScenarioRun, text: Bytes): string => (step.tty === true ? utf8Decode(text) : utf8Decode(text).replace(/\r\n?/g, '\n'));

/** How one replay is done. */
export interface ReplayOptions {
  /** The accident of the recorded machines: TopologyHost.serviceHash by host. */
  serviceHash?: ReadonlyMap<string, number>;
  /** Sees the lab before a step runs. */
  before?: (lab: Lab, index: number) => void;
}

/** A scenario's replay. */
export interface Replay { outcomes: StepOutcome[]; replayed: Replayed }

/** How a step of a scenario is run. */
export const execOptions = (step: ScenarioRun): ExecOptions => ({
  timeoutUs: (step.timeout ?? 10) * 1e6, tty: step.tty === true, ...(step.stdin === undefined ? {} : { stdin: utf8Encode(step.stdin) }),
});

/** Replays one scenario and compares it with its transcript. Never throws: a crash fails the steps that are left. */
export function replay(name: string, scenario: Scenario, transcript: Transcript, o: ReplayOptions = {}): Replay {
  const replayed: Replayed = { name: scenario.name, steps: [], captures: [], setupErrors: [] };
  const outcomes: StepOutcome[] = [];
  let crash = '';
  const unknown = unknownKeys(scenario);
  if (unknown.length > 0) crash = `unknown keys: ${unknown.join(', ')}`;
  const starts: number[] = [];
  const captures: Capture[] = [];
  let lab: Lab | null = null;
  const stepAt = (at: number): number => {
    let n = starts.length - 1;
    while (n >= 0 && starts[n]! > at) n--;
    return n;
  };
  const collect = (): void => {
    for (const c of captures) c.collect(stepAt);
  };
  const guard = (what: () => void): void => {
    if (crash !== '') return;
    try {
      what();
    } catch (e) {
      crash = e instanceof Error ? (e.stack ?? String(e)).split('\n').slice(0, 6).join('\n') : String(e);
    }
  };
  guard(() => {
    const topology = topologyOf(scenario);
    for (const h of topology.hosts) {
      const hash = o.serviceHash?.get(h.name);
      if (hash !== undefined) h.serviceHash = hash;
    }
    lab = Lab.create(topology, { seed: 1, terminals: false, epoch: RECORDED_AT });
    replayed.setupErrors.push(...lab.complaints);
    for (const c of scenario.capture ?? []) captures.push(lab.capture(c));
  });
  transcript.steps.forEach((want, index) => {
    const step = scenario.steps[index];
    if (lab !== null && step?.delay) guard(() => lab!.advance(step.delay! * 1e6));
    starts.push(lab?.now() ?? 0);
    if (want.sleep !== undefined) {
      guard(() => lab!.advance(want.sleep! * 1e6));
      guard(collect);
      replayed.steps.push({ sleep: want.sleep });
      return;
    }
    if (want.capture !== undefined) {
      guard(() => captures.push(lab!.capture(want.capture!)));
      replayed.steps.push({ capture: want.capture });
      return;
    }
    const got: RecordedStep = { host: want.host ?? '', run: want.run ?? '', stdout: '', stderr: '', exitCode: -1 };
    let why = '';
    guard(() => {
      if (step === undefined || !('run' in step)) throw new Error('the scenario has no such step');
      o.before?.(lab!, index);
      const began = lab!.now();
      const r = lab!.exec(step.host, step.run, execOptions(step));
      got.stdout = asRecorded(step, r.stdout);
      got.stderr = asRecorded(step, r.stderr);
      got.exitCode = r.status;
      got.durationMs = Math.floor(r.durationUs / 1000);
      if (r.timedOut) got.timedOut = true;
      if (r.stuck) why = 'used up its events without ending';
      const end = began + (want.durationMs ?? 0) * 1000;
      if (lab!.now() < end) lab!.advance(end - lab!.now());
      collect();
    });
    if (crash !== '') why = `not run: ${crash}`;
    replayed.steps.push(got);
    const diff = why !== '' ? why.split('\n') : compare(want, got);
    outcomes.push({ scenario: name, index, host: want.host ?? '', run: want.run ?? '', command: commandOf(want.run ?? ''), passed: diff.length === 0, volatile: want.volatile ?? '', diff });
  });
  if (captures.length > 0) {
    guard(() => {
      lab!.advance((scenario.captureLinger ?? 0.4) * 1e6);
      collect();
    });
  }
  transcript.captures.forEach((want, n) => {
    const got = captures[n];
    const run = `capture ${want.host}:${want.interface ?? 'eth0'}`;
    const diff = crash !== '' ? [`not run: ${crash}`] : got === undefined ? ['no such capture'] : unifiedDiff(`${captureLines(want.packets).join('\n')}\n`, `${captureLines(got.packets).join('\n')}\n`);
    replayed.captures.push({ host: want.host, interface: want.interface ?? 'eth0', packets: got?.packets ?? [] });
    outcomes.push({ scenario: name, index: transcript.steps.length + n, host: want.host, run, command: '(capture)', passed: diff.length === 0, volatile: want.volatile ?? '', diff });
  });
  if (crash !== '') replayed.error = crash;
  return { outcomes, replayed };
}

function compare(want: RecordedStep, got: RecordedStep): string[] {
  const diff: string[] = [];
  for (const [k, label] of [['stdout', 'stdout'], ['stderr', 'stderr']] as const) {
    const d = unifiedDiff(want[k] ?? '', got[k] ?? '');
    if (d.length > 0) diff.push(`--- ${label}`, ...d);
  }
  if (want.exitCode !== got.exitCode) diff.push(`--- exit ${want.exitCode}, got ${got.exitCode}`);
  return diff;
}

/** Everything of a scenario failed for one reason (it could not be read, its worker died). */
export function failedScenario(name: string, transcript: Transcript, why: string): StepOutcome[] {
  const steps = transcript.steps
    .map((s, index): StepOutcome | null => (s.run === undefined ? null : { scenario: name, index, host: s.host ?? '', run: s.run, command: commandOf(s.run), passed: false, volatile: s.volatile ?? '', diff: [why] }))
    .filter((s) => s !== null);
  return [
    ...steps,
    ...transcript.captures.map((c, n): StepOutcome => ({ scenario: name, index: transcript.steps.length + n, host: c.host, run: `capture ${c.host}:${c.interface ?? 'eth0'}`, command: '(capture)', passed: false, volatile: c.volatile ?? '', diff: [why] })),
  ];
}

/** Area of a scenario: its folder, or 'basics' at the root. */
export const areaOf = (scenario: string): string => (scenario.includes('/') ? scenario.slice(0, scenario.indexOf('/')) : 'basics');

export interface Tally {
  passed: number;
  total: number;
}

/** Scenarios that run keepalived are counted apart: it is not modelled yet. */
export const runsKeepalived = (s: Scenario): boolean => s.steps.some((x) => 'run' in x && /(^|[;&|(\s])keepalived(\s|;|$)/.test(x.run));

/** Counts by a key; volatile steps are left out. */
export function tally(outcomes: readonly StepOutcome[], key: (o: StepOutcome) => string): Map<string, Tally> {
  const out = new Map<string, Tally>();
  for (const o of outcomes) {
    if (o.volatile !== '') continue;
    const k = key(o);
    const t = out.get(k) ?? { passed: 0, total: 0 };
    t.total++;
    if (o.passed) t.passed++;
    out.set(k, t);
  }
  return out;
}

/** One line that names a step. */
export const stepLine = (o: StepOutcome): string => `${o.scenario} #${o.index} ${o.host}: ${o.run.replace(/\n/g, '\\n').slice(0, 160)}`;

/** The last line: `conformance: P passed, F failed of N steps (xx.x%)`. */
export function summary(outcomes: readonly StepOutcome[]): string {
  const counted = outcomes.filter((o) => o.volatile === '');
  const passed = counted.filter((o) => o.passed).length;
  const tenths = counted.length === 0 ? 0 : Math.round((passed * 1000) / counted.length);
  const shown = passed < counted.length && tenths === 1000 ? 999 : tenths;
  return `conformance: ${passed} passed, ${counted.length - passed} failed of ${counted.length} steps (${Math.floor(shown / 10)}.${shown % 10}%)`;
}
