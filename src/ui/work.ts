// The learner's work on one lesson: open it (or do the saved journal again), act, take back, check, save.
import type { Told } from '../lesson/told';
import i18next from 'i18next';
import { isProblem, type Action, type Journal, parseJournal } from '../lab/journal';
import type { Lab } from '../lab/lab';
import type { Finding } from '../lesson/bisect';
import { holdLab, keepAside, loadWork, saveWork } from './persist';
import { workOf, workText } from './record';
import { setSplit, splitOf } from './actions';
import { keptPin, keptPreset } from './lab/geometry';
import { whenAllStand } from './parts/InTurn';
import { maybeSession, Session, session } from './session';
import { CheckRunner, type Replay } from './checks';
import { examOf, judged } from './exam';
import type { LessonShown } from './lesson/shown';
import { openLesson as bootLesson, type OpenedLesson } from './lessons';
import { type Branch, type CheckShown, freshLab, type LabState, type Notice, useLab } from './store';

let opened: OpenedLesson | null = null;
let runner: CheckRunner | null = null;
let release = (): void => {};
let saveTimer = 0;
let undoTimer = 0;
/** Which opening is the newest: one that was overtaken stops. */
let opening = 0;
let pageKey: (e: KeyboardEvent) => boolean = () => false;
/** The keys a focused terminal leaves to the page (keys.ts knows them). */
export const onPageKey = (f: (e: KeyboardEvent) => boolean): void => { pageKey = f; };
let broken: (e: unknown) => void = (e) => { throw e; };

/** Who is told of our own mistakes (the error boundary). */
export const onBroken = (f: (e: unknown) => void): void => { broken = f; };

/** Shows one of our own mistakes. */
export const broke = (e: unknown): void => broken(e);
export const lesson = (): LessonShown => {
  if (opened === null) throw new Error('no lesson is open');
  return opened.shown;
};
/** Work between two breaths of the page while a journal is done again. */
const SLICE_MS = 12;
const breath = (): Promise<void> => new Promise((r) => setTimeout(r, 0));

/** Does the steps of opening `mine`, and lets the page breathe between slices of them and at the end; null when another opening overtook it. `tell` hears how far it is. */
async function inSlices<T, N>(steps: Iterator<N, T>, mine: number, tell: (n: N) => void = () => {}): Promise<T | null> {
  for (let end = performance.now() + SLICE_MS; mine === opening; ) {
    const r = steps.next();
    if (!r.done && performance.now() <= end) continue;
    if (!r.done) tell(r.value);
    await breath();
    if (r.done) return mine === opening ? r.value : null;
    end = performance.now() + SLICE_MS;
  }
  return null;
}

export const openedLesson = (): OpenedLesson | null => opened;
/** Opens a lesson with a seed; saved work is done again. */
export async function openWork(id: string, seed: number): Promise<void> {
  closeWork();
  const mine = ++opening;
  useLab.setState({ ...freshLab, lessonId: id, seed });
  const next = await bootLesson(id, seed);
  if (mine !== opening) return;
  if (next.topology === null) {
    useLab.setState({ status: 'problem', problems: next.problems ?? [] });
    return;
  }
  opened = next;
  const notices: Notice[] = [];
  const hold = await holdLab(`${id}#${seed}`, false, lost);
  if (mine !== opening) { hold.release(); return; }
  release = hold.release;
  if (!hold.held) notices.push({ key: 'secondTab', args: {} });
  let saved = null as Awaited<ReturnType<typeof loadWork>>;
  let refused = false;
  try { saved = await loadWork(id, seed); } catch { refused = true; }
  let lab: Lab | null = null;
  let journal: Journal | null = null;
  if (saved !== null) {
    const read = parseJournal(saved.journal);
    if (isProblem(read)) {
      await keepAside(id, seed, saved.journal);
      notices.push({ key: read.key === 'journal.newer' || read.key === 'journal.older' ? 'otherEngine' : 'broken', args: { reason: read.key, ...read.args }, raw: saved.journal });
    } else {
      journal = read;
      useLab.setState({ status: 'replaying', replayed: { n: 0, total: journal.entries.length } });
      await breath();
      try {
        const total = journal.entries.length;
        lab = await inSlices(next.restore(journal), mine, (n) => useLab.setState({ replayed: { n, total } }));
      } catch (e) {
        await keepAside(id, seed, saved.journal);
        notices.push({ key: 'broken', args: { reason: e instanceof Error ? e.message : String(e) }, raw: saved.journal });
      }
    }
  }
  if (mine !== opening) return;
  lab ??= await inSlices(next.start(), mine);
  if (lab === null) return;
  if (refused) notices.push({ key: 'refused', args: {} });
  begin(lab, { lessonId: id, seed, notices, readOnly: !hold.held, saved: refused ? 'no' : 'saved', hints: saved?.hints ?? {}, exam: examOf(next.shown, saved?.exam), branches: saved?.branches ?? [], currentStep: saved?.current || (next.shown.steps[0]?.id ?? '') });
  if (!refused && hold.held && saved === null) await save();
}

function begin(lab: Lab, extra: Partial<LabState>): void {
  const s = new Session(lab, {
    key: (e) => pageKey(e),
    broken: (e) => { void save(); broken(e); },
    changed,
    spare: (ms) => runner?.work(ms),
    passed: (us) => {
      changed(true);
      useLab.setState((x) => ({ version: x.version + 1, slowVersion: x.slowVersion + 1, said: i18next.t('time.passed', { n: (us / 1e6).toFixed(us % 1e6 === 0 ? 0 : 1), now: (s.lab.now() / 1e6).toFixed(1) }) }));
    },
    label: (host) => i18next.t('terminal.label', { host }),
  });
  runner = new CheckRunner(opened!, lab, (reports) => { judged(reports); saveSoon(); });
  s.begin({ ...extra, steps: runner.shown() });
  const terms = useLab.getState().terms.flatMap((t) => {
    return [t, ...lab.terminals(t.host).filter((tty) => tty !== t.tty).map((tty) => ({ host: t.host, tty }))];
  });
  const preset = keptPreset();
  useLab.setState({ terms, preset, lessonPinned: keptPin() });
  setSplit(splitOf(preset, terms.length));
  tellUndo();
  runner.shown(); // where the first step began, before anything is typed into it
  s.replaceFirst();
  whenAllStand(() => runner?.soon(0));
}

export function closeWork(): void {
  opening++;
  clearTimeout(saveTimer);
  if (maybeSession() !== null && opened !== null && !useLab.getState().readOnly) void save();
  runner?.stop();
  runner = null;
  maybeSession()?.close();
  release();
  release = () => {};
  opened = null;
  useLab.setState({ status: 'loading' }); // whoever opens the same lesson again must not take it for ready
}

function lost(): void {
  useLab.setState((s) => ({ readOnly: true, notices: s.notices.some((n) => n.key === 'secondTab') ? s.notices : [...s.notices, { key: 'secondTab', args: {} }] }));
}

/** Takes the lab over from another tab, with what that tab saved. */
export async function takeOver(): Promise<void> {
  const { lessonId, seed } = useLab.getState();
  const hold = await holdLab(`${lessonId}#${seed}`, true, lost);
  await new Promise((r) => setTimeout(r, 400)); // the other tab saves when it notices
  hold.release();
  await openWork(lessonId, seed);
}

/** Something was typed or done. */
function changed(relevant: boolean): void {
  saveSoon();
  if (relevant) runner?.soon(15);
  clearTimeout(undoTimer);
  undoTimer = window.setTimeout(tellUndo, 250);
}

function tellUndo(): void {
  const s = maybeSession();
  if (s === null) return;
  useLab.setState({ undo: s.lab.nextUndo(), redo: s.lab.nextRedo() });
}

function saveSoon(): void {
  if (useLab.getState().readOnly) return;
  if (useLab.getState().saved === 'saved') useLab.setState({ saved: 'saving' });
  clearTimeout(saveTimer);
  saveTimer = window.setTimeout(() => void save(), 400);
}

async function save(): Promise<void> {
  const s = useLab.getState();
  const open = maybeSession();
  if (open === null || s.readOnly || s.lessonId === '') return;
  const ok = await saveWork(s.lessonId, s.seed, workOf(open.lab.snapshot(), s, Date.now()));
  useLab.setState((x) => ({ saved: ok ? 'saved' : 'no', notices: ok || x.notices.some((n) => n.key === 'refused') ? x.notices : [...x.notices, { key: 'refused', args: {} }] }));
}

// A page that goes away has time for one write.
if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => { if (maybeSession() !== null) void save(); });
  document.addEventListener('visibilitychange', () => { if (document.hidden && maybeSession() !== null) void save(); });
}

/** The record as a file; '' when no lab is open. */
export const journalText = (): string => { const open = maybeSession(); return open === null ? '' : workText(useLab.getState().seed, workOf(open.lab.snapshot(), useLab.getState(), Date.now())); };

/** Does something to the lab (cable, power, file, reset). */
export function act(action: Action): void {
  if (useLab.getState().readOnly) return;
  useLab.setState({ selected: null, at: null }); // what is done is done now, not at an instant looked back at
  session().lab.act(action);
  useLab.setState((s) => ({ version: s.version + 1, slowVersion: s.slowVersion + 1 }));
  changed(true);
}

/** Answers a quiz question; it is judged at once. */
export function answer(id: string, value: string): void {
  act({ do: 'answer', step: useLab.getState().currentStep, check: id, value });
  runner?.soon(0);
}
/** The answer the shown result is about; null while there is none. */
export const judgedAnswer = (key: string, id: string): string | null => runner?.judged(key, id) ?? null;

/** Runs a command line on a copy of the lab and returns what it printed. */
export const ask = (host: string, line: string): string => session().view().fork().exec(host, line).stdout;

/** Takes the last command back; its effect shows at once. */
export const undo = (): Promise<void> => takeBack((lab) => lab.undo());
/** Does again what undo took back. */
export const redo = (): Promise<void> => takeBack((lab) => lab.redo());

async function takeBack(how: (lab: Lab) => unknown): Promise<void> {
  if (useLab.getState().readOnly || how(session().lab) === null) return;
  useLab.setState((s) => ({ version: s.version + 1, slowVersion: s.slowVersion + 1, selected: null, at: null }));
  changed(true);
}

/** The present as another way the work went. */
function leaving(): Branch {
  const { lab } = session();
  const done = lab.commands();
  return { journal: lab.snapshot(), left: lab.now(), commands: done.length, last: done.at(-1)?.text ?? '' };
}

/** Goes on with another lab in the same panes; the way left is kept. */
function goOn(lab: Lab, branches: Branch[]): void {
  session().replace(lab);
  runner?.stop();
  runner = new CheckRunner(opened!, lab, () => saveSoon());
  useLab.setState({ branches, paused: false, stopped: null, busy: {} });
  tellUndo();
  runner.soon(0);
  saveSoon();
}

/** Goes on from the instant that is shown; what came after it stays reachable as a way of its own. */
export function branchHere(): void {
  const s = session();
  if (useLab.getState().readOnly || s.past.lab === null) return;
  const way = leaving();
  goOn(s.lab.branch(s.past.take()!), [...useLab.getState().branches, way]);
}

/** Goes over to another way the work went; the present one is kept in its place. */
export async function switchBranch(n: number): Promise<void> {
  const { branches, readOnly } = useLab.getState();
  const to = branches[n];
  if (readOnly || to === undefined || opened === null) return;
  const journal = parseJournal(to.journal);
  if (isProblem(journal)) throw new Error(journal.key);
  const mine = opening;
  const steps = opened.restore(journal);
  for (let end = performance.now() + SLICE_MS; ; ) {
    const r = steps.next();
    if (r.done) {
      goOn(r.value, branches.with(n, leaving()));
      return;
    }
    if (performance.now() < end) continue;
    await breath();
    if (mine !== opening) return;
    end = performance.now() + SLICE_MS;
  }
}

export const resetLab = (host?: string): void => act(host === undefined ? { do: 'reset' } : { do: 'reset', host });

export const checkNow = (): void => runner?.askedFor();
/** The checker's own run behind a result; null when it kept none. */
export const runOf = (key: string): Replay | null => runner?.runOf(key) ?? null;
/** Looks for the command that broke a check ('traffic/0'); yields how many states were looked at. */
export function breaking(key: string): Generator<number, Finding> | null {
  const at = key.lastIndexOf('/');
  return opened?.breaking(session().lab, key.slice(0, at), Number(key.slice(at + 1))) ?? null;
}
/** What may be said of a check now; null says everything. */
export const toldOf = (c: CheckShown): Told | null => runner?.told(c) ?? null;
export const explain = (c: CheckShown): { what: string; why: string } => runner?.explain(c) ?? { what: '', why: '' };

export function nextHint(): void {
  const s = useLab.getState();
  const total = opened?.shown.words[i18next.language === 'zh' ? 'zh' : 'en'].steps[s.currentStep]?.hints.length ?? 0;
  const given = s.hints[s.currentStep] ?? 0;
  if (given >= total) return;
  useLab.setState({ hints: { ...s.hints, [s.currentStep]: given + 1 }, lessonOpen: true });
  saveSoon();
}
