// One open lesson: the lab, its clock, its terminals, its checks, and the journal that makes it survive. Screens read it through `useView`.
import i18next from 'i18next';
import { useMemo } from 'react';
import { Driver } from './driver';
import type { Flight } from './flights';
import type { LabLike } from './engine';
import { lessonBeside } from './lab/geometry';
import { topoModel } from './topology/model';
import { freshLab, type LabState, termKey, type TermRef, useLab } from './store';
import { openInTurn, whenAllStand } from './parts/InTurn';
import { firstStands, handOver, leaveFirst } from './first/page';
import { type TermIo, TermScreen } from './terminal/xterm';
import { Past } from './time/past';
import { RunScreens } from './time/run_screens';

let open: Session | null = null;
export const session = (): Session => {
  if (open === null) throw new Error('no lab is open');
  return open;
};
export const maybeSession = (): Session | null => open;

/** When a pane is drawn anew: at once, at most four times a second (true), or in the packet panes' own frame while they follow the present. */
export type Pace = boolean | 'dock';
const paced = (s: LabState, pace: Pace): number | string => (pace === true ? s.slowVersion : pace === 'dock' && s.shown === 'mine' && s.selected === null && s.at === null ? `live ${s.dockVersion}` : s.version);

/** A snapshot of the shown lab, taken again when it changed. */
export function useView<T>(read: (lab: LabLike, s: Session) => T, deps: unknown[] = [], pace: Pace = false): T {
  const version = useLab((s) => paced(s, pace));
  const shown = useLab((s) => s.shown);
  const at = useLab((s) => instant(s));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what a snapshot depends on
  return useMemo(() => read(session().view(), session()), [version, shown, at, ...deps]);
}

/** What of the screen's state says which instant of the learner's lab or of a checker's run is shown; '' for the present and for demonstrations. */
export const instant = (s: Pick<LabState, 'shown' | 'selected' | 'at' | 'demo'>): string => (s.demo === '' && (s.selected !== null || s.at !== null) ? `${s.shown} ${s.selected ?? ''} ${s.at ?? ''}` : '');

/** A snapshot that is only taken again while `follow` holds (or its deps change). */
export function useViewWhile<T>(follow: boolean, read: (lab: LabLike, s: Session) => T, deps: unknown[] = []): T {
  const version = useLab((s) => (follow ? s.version : 0));
  const shown = useLab((s) => s.shown);
  const at = useLab((s) => instant(s));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what a snapshot depends on
  return useMemo(() => read(session().view(), session()), [version, shown, at, ...deps]);
}

export interface SessionHooks {
  key(e: KeyboardEvent): boolean;
  broken(e: unknown): void;
  /** Something was typed or done; `relevant` when it may have changed what checks look at. */
  changed(relevant: boolean): void;
  spare(ms: number): void;
  passed(us: number): void;
  label(host: string): string;
}

export class Session {
  driver: Driver;
  /** The lab at an instant before now, while one is shown. */
  readonly past = new Past();
  private unfollow: () => void;
  readonly screens = new Map<string, TermScreen>();
  checker: LabLike | null = null;
  /** The same run as it was at an instant: how to get there, and where it is now. */
  again: { began: number; at(us: number): LabLike | null } | null = null;
  private then: LabLike | null = null;
  private readonly runs = new RunScreens({
    head: (host) => i18next.t(useLab.getState().demo === '' ? 'terminal.runHead' : 'terminal.demoHead', { host }),
    none: (host) => i18next.t(useLab.getState().demo === '' ? 'terminal.runNone' : 'terminal.demoNone', { host }),
  });
  /** Another instant is shown since the last frame: what the screens take up now is no news. */
  private turned = false;
  /** A demonstration's fork and its packets in flight, while one plays. */
  stage: { lab: LabLike; list(): Flight[] } | null = null;
  private drawers = new Set<(now: number, flights: Flight[]) => void>();
  /** The lab's version when its terminals were last asked whether they are busy. */
  private busyAt = -1;
  private typedAt = new Map<string, number>();

  constructor(public lab: LabLike, readonly hooks: SessionHooks) {
    open = this;
    this.driver = this.driverOf(lab);
    this.unfollow = useLab.subscribe((s, before) => { if (instant(s) !== instant(before)) this.follow(s); });
  }

  private driverOf(lab: LabLike): Driver {
    return new Driver(lab, { frame: (now) => this.frame(now), broken: this.hooks.broken, spare: this.hooks.spare, passed: this.hooks.passed });
  }

  /** Shows the instant that the screen's state names. */
  private follow(s: LabState): void {
    const frame = s.selected === null ? null : this.lab.trace().frame(s.selected);
    try {
      this.turned = true;
      const run = s.shown === 'checker' && s.demo === '' && s.selected !== null ? this.checker?.trace().frame(s.selected) : null;
      const at = s.shown === 'checker' && s.demo === '' ? (s.at ?? run?.at ?? null) : null;
      this.then = at === null ? null : (this.again?.at(at) ?? null);
      this.past.show(this.lab, s.shown !== 'mine' ? null : (s.at ?? frame?.at ?? null));
    } catch (e) { this.hooks.broken(e); }
  }

  /** Goes on with another lab in the same panes (a branch). */
  replace(lab: LabLike): void {
    this.driver.stop();
    this.lab = lab;
    this.busyAt = -1;
    this.driver = this.driverOf(lab);
    const has = (t: TermRef): boolean => lab.terminalOutput(t.host, t.tty, 0).bytes !== '';
    const { terms, panes } = useLab.getState();
    useLab.setState((s) => ({
      shown: 'mine', selected: null, at: null, terms: terms.filter(has), panes: panes.map((p) => (has(p) ? p : { host: p.host, tty: 0 })), version: s.version + 1, slowVersion: s.slowVersion + 1, now: lab.now(), frameCount: lab.trace().frameCount(),
    }));
    this.restartScreens();
  }

  /** First state of the screen for this lab. */
  begin(extra: Partial<LabState>): void {
    const hosts = this.lab.hostNames();
    const roleOf = (h: string): string | undefined => this.lab.topology.hosts.find((x) => x.name === h)?.role;
    const director = hosts.find((h) => roleOf(h) === 'director') ?? hosts[0]!;
    const client = hosts.find((h) => roleOf(h) === 'client') ?? hosts[hosts.length - 1]!;
    const terms = hosts.map((host) => ({ host, tty: 0 }));
    const rest = hosts.filter((h) => h !== director && h !== client);
    const order = [director, client, ...rest].filter((h, i, all) => all.indexOf(h) === i);
    openInTurn();
    useLab.setState({
      ...freshLab, ...extra, status: 'ready', host: director, terms, panes: order.slice(0, 4).map((host) => ({ host, tty: 0 })),
      version: this.lab.version(), now: this.lab.now(), frameCount: this.lab.trace().frameCount(), slowVersion: 1,
    });
  }

  /** Takes over from the page that stood before the lab: what was typed there now, its place when the panes stand and the screens in them show what it showed. */
  replaceFirst(): void {
    if (!firstStands()) return;
    handOver((host, bytes) => this.type({ host, tty: 0 }, bytes));
    const leave = (): void => {
      const host = leaveFirst();
      if (host === '') return;
      // Who types there already wants no lesson over it.
      if (!lessonBeside(window.innerWidth, useLab.getState().lessonPinned)) useLab.setState({ lessonOpen: false, mobileTab: 'terminal' });
      this.screen({ host, tty: 0 }).focus();
    };
    whenAllStand(() => {
      let left = this.screens.size;
      if (left === 0) leave();
      for (const s of this.screens.values()) s.whenDrawn(() => { if (--left === 0) leave(); });
      setTimeout(leave, 500); // a pane without a size draws nothing
    });
  }

  /** The lab the panes show. */
  view(): LabLike {
    return useLab.getState().shown === 'checker' && this.checker !== null ? (this.then ?? this.checker) : (this.past.lab ?? this.lab);
  }

  /** What a terminal shows of another run; null while the learner's lab is shown. */
  private elsewhere(t: TermRef, from: number): { bytes: string; next: number } | null {
    const { checker } = this;
    return checker === null || useLab.getState().shown !== 'checker' ? null : this.runs.output(this.then ?? checker, checker, t, from);
  }

  screen(t: TermRef): TermScreen {
    const key = termKey(t);
    let s = this.screens.get(key);
    if (s === undefined) {
      const io: TermIo = {
        type: (bytes) => this.type(t, bytes),
        resize: (cols, rows) => { if (!useLab.getState().readOnly) this.lab.resize(t.host, t.tty, cols, rows); },
        output: (from) => this.elsewhere(t, from) ?? this.past.output(this.lab, t, from) ?? this.lab.terminalOutput(t.host, t.tty, from),
        readOnly: () => useLab.getState().readOnly || useLab.getState().shown !== 'mine' || this.past.lab !== null,
        key: (e) => this.hooks.key(e),
        follow: (word) => { const host = this.lab.hostNames().includes(word) ? word : topoModel(this.view()).byIp.get(word); return host === undefined ? null : () => useLab.setState({ host }); },
      };
      s = new TermScreen(io, this.hooks.label(t.host));
      void s.more().catch(this.hooks.broken);
      this.screens.set(key, s);
    }
    return s;
  }

  type(t: TermRef, bytes: string): void {
    if (useLab.getState().readOnly || this.past.lab !== null) return;
    this.lab.type(t.host, t.tty, bytes);
    this.typedAt.set(termKey(t), performance.now());
    this.driver.typed(/[\r\n]/.test(bytes));
    try { this.driver.kick(/[\r\n]/.test(bytes) ? '' : t.host); } catch (e) { this.hooks.broken(e); return; }
    this.screens.get(termKey(t))?.pump();
    this.hooks.changed(/[\r\n\x03\x04]/.test(bytes));
  }

  /** Packets on their way in the lab the panes show. */
  inFlight(): Flight[] {
    return useLab.getState().shown === 'mine' ? this.driver.flights : (this.stage?.list() ?? []);
  }

  /** Called every animation frame with the virtual time (for drawing that React must not do). */
  onDraw(f: (now: number, flights: Flight[]) => void): () => void {
    this.drawers.add(f);
    return () => void this.drawers.delete(f);
  }

  private frame(now: number): void {
    const s = useLab.getState();
    let unseen = s.unseen;
    for (const [key, screen] of this.screens) {
      if (!screen.pump()) continue;
      const visible = s.panes.some((p, i) => termKey(p) === key && i < paneCount(s));
      if (!visible && !unseen[key] && !this.turned) unseen = { ...unseen, [key]: true };
    }
    this.turned = false;
    let busy = s.busy;
    const version = this.lab.version();
    // Two hundred terminals need no asking while nothing happens.
    for (const t of version === this.busyAt ? [] : s.terms) {
      const key = termKey(t);
      const is = this.lab.terminalBusy(t.host, t.tty);
      if ((busy[key] ?? false) !== is) { busy = { ...busy, [key]: is }; if (!is) this.hooks.changed(true); }
    }
    this.busyAt = version;
    if (unseen !== s.unseen || busy !== s.busy) useLab.setState({ unseen, busy });
    const stage = s.shown === 'mine' ? null : this.stage;
    for (const d of this.drawers) d(stage?.lab.now() ?? now, this.inFlight());
  }

  /** Rewinds every screen to what the lab's terminals hold (after undo, reset or replay). */
  restartScreens(): void {
    for (const s of this.screens.values()) s.restart();
  }

  close(): void {
    this.unfollow();
    this.driver.stop();
    for (const s of this.screens.values()) s.dispose();
    this.screens.clear();
    if (open === this) open = null;
  }
}

/** How many panes a split shows. */
export const paneCount = (s: Pick<LabState, 'split' | 'panes'>): number => Math.min(s.panes.length, s.split === 'single' ? 1 : s.split === 'grid' ? 4 : 2);
