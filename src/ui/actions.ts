// What buttons, keys and the palette do. One list of deeds, so that each can be reached in every way.
import { maybeSession, paneCount, session } from './session';
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
  if (focus) requestAnimationFrame(() => maybeSession()?.screen(t).focus());
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

/** Puts text on a host's command line without entering it. */
export function insertText(host: string, text: string): void {
  const t = termOf(host);
  showTerm(t);
  session().type(t, text);
}

export function selectHost(host: string): void {
  useLab.setState({ host });
}

export function setSpeed(speed: Speed): void {
  useLab.setState({ speed, selected: null });
}

export function togglePause(): void {
  const s = useLab.getState();
  if (s.stopped !== null) useLab.setState({ stopped: null, paused: false });
  else useLab.setState({ paused: !s.paused, ...(s.paused ? { selected: null } : {}) });
}

export function selectFrame(id: number | null): void {
  useLab.setState({ selected: id });
}

const total = (): number => session().view().trace().frameCount();

/** One packet back (-1) or forward (1). Forward at the newest lets the clock run to the next packet. */
export function stepPacket(by: 1 | -1): void {
  const s = useLab.getState();
  const n = total();
  if (n === 0 && by < 0) return;
  if (!s.paused) useLab.setState({ paused: true });
  const at = s.selected ?? n + (by < 0 ? 1 : 0);
  if (by < 0) useLab.setState({ selected: Math.max(1, at - 1) });
  else if (s.selected !== null && s.selected < n) useLab.setState({ selected: s.selected + 1 });
  else if (s.shown === 'mine') { useLab.setState({ selected: null }); session().driver.stepPacket(); }
}

export const firstPacket = (): void => { if (total() > 0) useLab.setState({ selected: 1, paused: true }); };
export const lastPacket = (): void => useLab.setState({ selected: null });

/** Back to the newest moment of the learner's own lab. */
export function goLive(): void {
  useLab.setState({ shown: 'mine', selected: null, paused: false, stopped: null });
}

/** Opens the checker's own run and the packet a result points at. */
export function replayRun(run: unknown, frame: number | null): void {
  const s = session();
  s.checker = run as never;
  useLab.setState((x) => ({ shown: 'checker', selected: frame ?? 1, paused: true, slowVersion: x.slowVersion + 1, version: x.version + 1 }));
}
