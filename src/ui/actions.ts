// What buttons, keys and the palette do. One list of deeds, so that each can be reached in every way.
import type { Replay } from './checks';
import { lessonBeside } from './lab/geometry';
import { maybeSession, paneCount, session } from './session';
import type { TraceView } from './engine';
import i18next from 'i18next';
import { forget, keep, keptKeys, termSize } from './prefs';
import { type Preset, PRESETS } from './lab/geometry';
import { type Speed, type Split, termKey, type TermRef, useLab } from './store';

/** Shows a terminal in the focused pane, or focuses it where it already is. */
export function showTerm(t: TermRef, focus = true): void {
  const s = useLab.getState();
  const at = s.panes.findIndex((p, i) => termKey(p) === termKey(t) && i < paneCount(s));
  const unseen = { ...s.unseen, [termKey(t)]: false };
  if (at >= 0) useLab.setState({ focusPane: at, unseen, mobileTab: 'terminal' });
  else {
    const panes = [...s.panes];
    // Stacked panes: the tabs belong to the upper one, so that the lower stays where it is.
    const pane = s.split === 'rows' ? 0 : Math.min(s.focusPane, paneCount(s) - 1);
    const elsewhere = panes.findIndex((p) => termKey(p) === termKey(t));
    if (elsewhere >= 0) panes[elsewhere] = panes[pane]!;
    panes[pane] = t;
    useLab.setState({ panes, focusPane: pane, unseen, mobileTab: 'terminal' });
  }
  if (focus) maybeSession()?.screen(t).focus();
}

/** Terminal of a host (its first). */
export const termOf = (host: string): TermRef => useLab.getState().terms.find((t) => t.host === host) ?? { host, tty: 0 };

export function addTerm(host: string): void {
  if (useLab.getState().readOnly) return;
  const tty = session().lab.openTerminal(host);
  const t = { host, tty };
  const terms = [...useLab.getState().terms];
  terms.splice(terms.findLastIndex((x) => x.host === host) + 1, 0, t);
  useLab.setState({ terms });
  session().hooks.changed(true);
  showTerm(t);
}

export function setSplit(split: Split): void {
  const s = useLab.getState();
  const want = split === 'grid' ? 4 : split === 'single' ? 1 : 2;
  const panes = [...s.panes];
  for (const t of s.terms) if (panes.length < want && !panes.some((p) => termKey(p) === termKey(t))) panes.push(t);
  useLab.setState({ split, panes, focusPane: Math.min(s.focusPane, want - 1) });
}

/** Says the last output of the terminal in front (for whoever listens). */
export function readLast(): void {
  const s = useLab.getState();
  const t = s.panes[Math.min(s.focusPane, paneCount(s) - 1)];
  const text = t === undefined ? '' : session().screen(t).lastLines(20);
  useLab.setState({ said: '' });
  requestAnimationFrame(() => useLab.setState({ said: text || i18next.t('terminal.nothing') }));
}

export type Side = 'left' | 'right' | 'top' | 'bottom' | 'middle';

/** A tab was dropped on a pane: in its middle it takes the pane, at an edge the pane is split there. */
export function dropTerm(t: TermRef, at: number, side: Side): void {
  const s = useLab.getState();
  const shown = s.panes.slice(0, paneCount(s));
  const rest = s.panes.filter((p) => termKey(p) !== termKey(t));
  const here = shown[at];
  if (here === undefined || (termKey(here) === termKey(t) && shown.length === 1)) return;
  if (side === 'middle' || shown.length >= 4) {
    const panes = [...s.panes];
    const elsewhere = panes.findIndex((p) => termKey(p) === termKey(t));
    if (elsewhere >= 0) panes[elsewhere] = here;
    panes[at] = t;
    useLab.setState({ panes, focusPane: at });
  } else {
    const kept = shown.filter((p) => termKey(p) !== termKey(t));
    const next = kept.findIndex((p) => termKey(p) === termKey(here));
    kept.splice(side === 'left' || side === 'top' ? Math.max(0, next) : next + 1, 0, t);
    const panes = [...kept, ...rest.filter((p) => !kept.some((k) => termKey(k) === termKey(p)))];
    useLab.setState({ panes, split: kept.length > 2 ? 'grid' : side === 'left' || side === 'right' ? 'cols' : 'rows', focusPane: kept.indexOf(t) });
  }
  maybeSession()?.screen(t).focus();
}

/** Larger or smaller type in all terminals, remembered. */
export function resizeTerminals(by: number): void {
  keep('termSize', String(Math.min(20, Math.max(11, termSize() + by))));
  for (const s of session().screens.values()) s.setSize(termSize());
}

/** How terminals stand when a preset is chosen. */
export const splitOf = (preset: Preset, hosts: number): Split => (preset === 'terminal' ? (hosts > 2 ? 'grid' : 'cols') : preset === 'trace' || window.innerHeight < 760 || hosts < 2 ? 'single' : 'rows');

export function setPreset(preset: Preset): void {
  keep('preset', preset);
  useLab.setState({ preset });
  setSplit(splitOf(preset, useLab.getState().terms.length));
}

export const nextPreset = (): void => setPreset(PRESETS[(PRESETS.indexOf(useLab.getState().preset) + 1) % PRESETS.length]!);

/** All dividers where the preset puts them. */
export function resetLayout(): void {
  for (const key of keptKeys('panes.')) forget(key);
  useLab.setState((s) => ({ layoutSeen: s.layoutSeen + 1 }));
}

/** Folds a lesson that lies over the panes, so that what happens there is seen. */
function foldDrawer(): void {
  if (!lessonBeside(window.innerWidth, useLab.getState().lessonPinned)) useLab.setState({ lessonOpen: false });
}

/** Puts text on a host's command line without entering it. */
export function insertText(host: string, text: string): void {
  const t = termOf(host);
  foldDrawer();
  showTerm(t);
  session().type(t, text);
}

/** Enters a command line on a host, in a terminal of its that stands at its prompt; opens one when none does. */
export function enterLine(host: string, line: string): void {
  const { lab } = session();
  const free = useLab.getState().terms.find((t) => t.host === host && !lab.terminalBusy(t.host, t.tty));
  if (free === undefined) addTerm(host);
  const t = free ?? useLab.getState().terms.findLast((x) => x.host === host) ?? termOf(host);
  foldDrawer();
  showTerm(t);
  session().type(t, `\x15${line}\r`);
}

export function selectHost(host: string): void {
  useLab.setState({ host });
}

export function setSpeed(speed: Speed): void {
  useLab.setState({ speed });
}

export function togglePause(): void {
  const s = useLab.getState();
  if (s.stopped !== null) useLab.setState({ stopped: null, paused: false });
  else useLab.setState({ paused: !s.paused, ...(s.paused ? { selected: null, at: null } : {}) });
}

/** Shows the instant a frame left its host; null follows the newest. */
export function selectFrame(id: number | null): void {
  useLab.setState(id === null ? { selected: null, at: null } : { selected: id, at: null, paused: true });
}

/** Shows any instant, us: of the learner's lab, or of the checker's run that is looked at, from its beginning to its end. */
export function rewindTo(at: number): void {
  const s = session();
  const { checker, again } = s;
  if (useLab.getState().shown === 'checker' && checker !== null) {
    if (again === null || useLab.getState().demo !== '') return; // a demonstration goes forward only
    const then = Math.max(again.began, Math.min(at, checker.now()));
    useLab.setState({ paused: true, at: then, selected: lastFrameBefore(checker.trace(), then) });
    return;
  }
  const to = Math.max(0, Math.min(at, s.lab.now()));
  const frame = lastFrameBefore(s.lab.trace(), to);
  useLab.setState({ shown: 'mine', paused: true, at: to, selected: frame });
}

/** Number of the oldest frame a trace holds: a fork counts on from its origin and holds its own frames only. */
function oldest(trace: TraceView): number {
  let low = 1;
  let high = trace.frameCount();
  while (low < high) {
    const mid = (low + high) >> 1;
    if (trace.frame(mid) === null) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Number of the newest frame that had left by then; null when none had. */
function lastFrameBefore(trace: TraceView, at: number): number | null {
  let low = 1;
  let high = trace.frameCount();
  while (low <= high) {
    const mid = (low + high) >> 1;
    const f = trace.frame(mid);
    if (f === null || f.at <= at) low = mid + 1;
    else high = mid - 1;
  }
  return high < 1 || trace.frame(high) === null ? null : high;
}

const total = (): number => session().view().trace().frameCount();

/** One packet back (-1) or forward (1). Forward at the newest lets the clock run to the next packet. */
export function stepPacket(by: 1 | -1): void {
  const s = useLab.getState();
  const n = total();
  if (n === 0 && by < 0) return;
  // Before the first packet there is nothing to go back to, and the first one is next.
  const none = s.selected === null && s.at !== null;
  if (none) {
    if (by > 0) firstPacket();
    return;
  }
  const now = s.selected ?? n + (by < 0 ? 1 : 0);
  // Between two packets the one that has left already is the first step back.
  const back = s.at !== null && s.selected !== null ? s.selected : now - 1;
  if (by < 0) selectFrame(Math.max(oldest(session().view().trace()), back));
  else if (s.selected !== null && s.selected < n) selectFrame(s.selected + 1);
  else if (s.shown === 'mine') { useLab.setState({ selected: null, at: null, paused: true }); session().driver.stepPacket(); }
}

/** The packet before or after this one of the same conversation. */
export function stepFlow(by: 1 | -1): void {
  const s = useLab.getState();
  const from = s.selected ?? total();
  const trace = session().view().trace();
  const arp = trace.frame(from)?.proto === 'ARP';
  // The ARP that a conversation needed is stepped through from one of its own packets only.
  const flow = trace.flow(from).filter((id) => (trace.frame(id)?.proto === 'ARP') === arp);
  const next = by > 0 ? flow.find((id) => id > from) : flow.findLast((id) => id < from);
  if (next !== undefined) selectFrame(next);
}

/** Shows the conversation of the selected packet only. */
export function followFlow(): void {
  const id = useLab.getState().selected ?? total();
  const f = session().view().trace().frame(id);
  if (f === null) return;
  useLab.setState({ filter: f.stream >= 0 ? `stream == ${f.conversation}` : f.proto === 'ARP' ? `arp && host ${f.src}` : `ip.addr == ${f.src} && ip.addr == ${f.dst}` });
}

export const firstPacket = (): void => { if (total() > 0) selectFrame(oldest(session().view().trace())); };
export const lastPacket = (): void => selectFrame(null);

/** Back to the newest moment of the learner's own lab. */
export function goLive(): void {
  useLab.setState({ shown: 'mine', selected: null, at: null, paused: false, stopped: null });
}

/** Lets time pass at once (us); 'commands': until what runs in the foreground has ended. */
export function passTime(what: number | 'commands'): void {
  const s = useLab.getState();
  if (s.readOnly || s.shown !== 'mine') return;
  useLab.setState({ selected: null, at: null });
  session().driver.pass(what === 'commands' ? s.terms : what);
}
export const stopPassing = (): void => session().driver.stopPassing();

/** Opens the checker's own run and the packet a result points at. */
export function replayRun({ run, again }: Replay, frame: number | null): void {
  const s = session();
  useLab.setState({ selected: null, at: null }); // another run's packet may have the same number
  s.checker = run;
  s.again = again;
  // The terminal of a host where the checker ran something is in sight.
  const hosts = new Set(run.ran().map((r) => r.host));
  const state = useLab.getState();
  const [first] = hosts;
  if (first !== undefined && !state.panes.some((p, i) => hosts.has(p.host) && p.tty === 0 && i < paneCount(state))) showTerm({ host: first, tty: 0 }, false);
  useLab.setState((x) => ({ shown: 'checker', selected: frame ?? oldest(run.trace()), at: null, paused: true, slowVersion: x.slowVersion + 1, version: x.version + 1 }));
}
