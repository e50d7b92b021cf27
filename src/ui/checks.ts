// Runs a lesson's checks on forks, in short slices between frames, as soon as a command has ended or something changed that can matter.
import type { Again, CheckResult, StepResult } from '../lesson/check';
import { type Told, told } from '../lesson/told';
import type { Lab } from '../lab/lab';
import { sealed } from './exam';
import { sentence, type OpenedLesson } from './lessons';
import type { StepState } from './parts/glyphs';
import { type CheckShown, type StepShown, useLab } from './store';

/** A checker's own run, as it ended and as it was before. */
export interface Replay { run: Lab; again: Again | null }

export class CheckRunner {
  private work_: Generator<CheckResult | void, StepResult[], undefined> | null = null;
  private due = Number.POSITIVE_INFINITY;
  private reports: StepResult[] = [];
  private results = new Map<string, CheckResult>();
  private everPassed = new Set<string>();
  private asked = new Set<string>();
  /** The answers the newest reports are about. */
  private answers: Record<string, string> = {};
  private answersNow: Record<string, string> = {};
  private seen = '';
  private seenAt = 0;
  private looking: Generator<void, string> | null = null;
  private changedAt = 0;
  /** The lab changed by itself during the round under way. */
  private again = false;
  private dead = false;
  /** The round of checks under way: since when, at which step; and the commands there were when the last one ended. */
  private began = 0;
  private at = '';
  private round: CheckResult[] = [];
  private commands = 0;
  /** The step being worked on, with the commands entered and the lab's state when it began. */
  private current = { id: '', commands: 0, print: '' };

  constructor(private readonly opened: OpenedLesson, private readonly lab: Lab, private readonly settled: (reports: readonly StepResult[]) => void) {
    this.seen = opened.relevant(lab);
  }

  stop(): void { this.dead = true; this.work_ = null; }

  /** Checks again in `ms`, unless something else changes first. */
  soon(ms: number): void {
    this.due = performance.now() + ms;
    this.changedAt = performance.now();
  }

  /** The learner asked: whatever the current step says is shown. */
  askedFor(): void {
    this.asked.add(useLab.getState().currentStep);
    this.soon(0);
  }

  /** Does up to `ms` of work; called once a frame. */
  work(ms: number): void {
    if (this.dead) return;
    const now = performance.now();
    const end = now + ms;
    this.look(now, end);
    if (now >= this.due && !sealed()) {
      this.due = Number.POSITIVE_INFINITY;
      this.work_ = this.opened.checks(this.lab);
      this.again = false;
      this.answersNow = this.lab.answers();
      useLab.setState({ checking: this.work_ !== null });
      this.began = now;
    }
    if (this.work_ === null) return;
    while (performance.now() < end) {
      const r = this.work_.next();
      if (!r.done) { if (r.value !== undefined) this.partly(r.value); continue; }
      this.work_ = null;
      this.take(r.value);
      if (this.again) this.soon(50);
      return;
    }
    if (now - this.began > 300 && useLab.getState().checkingStep !== this.at) useLab.setState({ checkingStep: this.at });
    if (now - this.changedAt > 1500) this.stale();
  }

  /** Looks whether anything has changed that checks look at: every quarter of a second, and of many hosts only some a frame. */
  private look(now: number, end: number): void {
    if (this.looking === null && now - this.seenAt > 250) { this.seenAt = now; this.looking = this.opened.relevantInSteps(this.lab); }
    while (this.looking !== null && performance.now() < end) {
      const r = this.looking.next();
      if (!r.done) continue;
      this.looking = null;
      if (r.value === this.seen) return;
      this.seen = r.value;
      // What changes by itself, and may do so all the time, lets a round end: otherwise none would ever.
      if (this.work_ === null) this.soon(50);
      else this.again = true;
    }
  }

  /** A step all of whose checks are done shows its result at once; the others follow. */
  private partly(c: CheckResult): void {
    if (c.step !== this.at) this.round = [];
    this.at = c.step;
    this.round.push(c);
    const id = useLab.getState().currentStep;
    const before = this.reports.find((x) => x.step === id);
    if (c.step !== id || before === undefined || before.state === 'blocked' || this.round.length < before.checks.length) return;
    const state = this.round.every((x) => x.state === 'passed') ? 'passed' : this.round.some((x) => x.state === 'failed') ? 'failed' : 'blocked';
    if (state === before.state && state === 'passed') return;
    this.commands = this.lab.commands().length;
    this.answers = this.answersNow;
    this.round.forEach((x, i) => this.results.set(`${id}/${i}`, x));
    this.reports = this.reports.map((x) => (x === before ? { ...x, state, checks: this.round } : x));
    useLab.setState({ steps: this.shown() });
    if (state === 'passed') this.fold(id);
  }

  private stale(): void {
    const s = useLab.getState().steps;
    const touched = [...new Set(this.lab.commands().slice(this.commands).map((c) => c.host))];
    if (s.some((x) => x.state === 'passed')) useLab.setState({ steps: s.map((x) => (x.state === 'passed' ? { ...x, state: 'stale' as StepState, touched } : x)) });
  }

  private take(reports: StepResult[]): void {
    this.reports = reports;
    this.commands = this.lab.commands().length;
    this.answers = this.answersNow;
    this.results.clear();
    for (const r of reports) r.checks.forEach((c, i) => this.results.set(`${r.step}/${i}`, c));
    const before = useLab.getState();
    const steps = this.shown();
    for (const s of steps) if (s.state === 'passed') this.everPassed.add(s.id);
    const { currentStep } = before;
    const was = before.steps.find((s) => s.id === currentStep)?.state;
    const is = steps.find((s) => s.id === currentStep)?.state;
    useLab.setState({ steps, checking: false, checkingStep: '' });
    if (is === 'passed' && was !== 'passed') this.fold(currentStep);
    this.settled(reports);
  }

  /** Goes on to the next step once the tick of a passed one was seen. One with questions stays open, so that what is said about the answer can be read. */
  private fold(step: string): void {
    if ((this.opened.shown.steps.find((x) => x.id === step)?.questions.length ?? 0) > 0) return;
    setTimeout(() => {
      const s = useLab.getState();
      if (this.dead || s.currentStep !== step) return;
      const currentStep = s.steps.find((x) => x.state !== 'passed' && x.state !== 'stale')?.id ?? step;
      this.current = { id: currentStep, commands: this.lab.commands().length, print: this.seen };
      useLab.setState({ currentStep });
    }, 900);
  }

  /** Steps for the screen. A step nobody has worked on yet is idle, not failed. */
  shown(): StepShown[] {
    const state = useLab.getState();
    const commands = this.lab.commands();
    if (this.current.id !== state.currentStep) this.current = { id: state.currentStep, commands: this.current.id === '' ? 0 : commands.length, print: this.current.id === '' && commands.length > 0 ? '' : this.seen };
    const last = commands.length > this.current.commands ? commands.at(-1) : undefined;
    const over = state.exam !== null && state.exam.ended !== null;
    const role = this.lab.topology.hosts.find((h) => h.name === last?.host)?.role;
    return this.opened.shown.steps.map(({ id }): StepShown => {
      const r = this.reports.find((x) => x.step === id);
      const checks = (r?.checks ?? []).map((c, i): CheckShown => ({
        key: `${id}/${i}`, title: sentence(c.title), host: c.host, state: c.state, expected: sentence(c.expected), actual: sentence(c.actual), explanation: c.explanation, frames: c.frames,
      }));
      let step: StepState = r?.state ?? 'idle';
      if (step === 'failed') {
        const answered = this.opened.shown.steps.find((x) => x.id === id)?.questions.some((q) => this.answers[q.id] !== undefined) ?? false;
        const tried = answered || over || this.asked.has(id) || this.everPassed.has(id) || (state.currentStep === id && last !== undefined && (r?.checks ?? []).some((c) => (c.misconception !== '' && this.seen !== this.current.print) || (role === 'client' && c.state === 'failed' && c.frames.length > 0)));
        if (!tried) step = 'idle';
      }
      if (step === 'blocked' && !this.asked.has(id) && !over) step = 'idle';
      const waits = step === 'blocked' ? this.opened.shown.steps.find((x) => x.id === id)!.needs.filter((n) => this.reports.find((x) => x.step === n)?.state !== 'passed') : [];
      return { id, state: step, checks: step === 'idle' ? checks.filter((c) => c.state === 'passed') : checks, waits, touched: [] };
    });
  }

  /** The answer to a question that the newest result of its check is about. */
  judged(key: string, id: string): string | null { return this.results.has(key) ? (this.answers[id] ?? null) : null; }

  /** The run behind a result, and the same to be looked at instant by instant; null when it kept none. */
  runOf(key: string): Replay | null {
    const r = this.results.get(key);
    return r === undefined || r.run === null ? null : { run: r.run, again: this.opened.again(this.lab, r) };
  }

  /** What may be said of a check now: a broken cluster keeps its cause until the hints are used up. */
  told(c: CheckShown): Told | null {
    const r = this.results.get(c.key);
    const { kind, words } = this.opened.shown;
    if (r === undefined || kind === 'sandbox') return null;
    const { hints, exam } = useLab.getState();
    return told(kind, r.check, { given: hints[r.step] ?? 0, total: words.zh.steps[r.step]?.hints.length ?? 0 }, exam !== null && exam.ended !== null);
  }

  /** What happened, and why, in words, as far as it may be told. */
  explain(c: CheckShown): { what: string; why: string } {
    const r = this.results.get(c.key);
    if (r === undefined) return { what: c.actual, why: '' };
    const may = this.told(c);
    return { what: may === null || may.actual ? sentence(r.actual) : '', why: may === null || may.why ? sentence(r.explanation) : '' };
  }
}
