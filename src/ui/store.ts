// What the screen shows, as plain data. The lab itself stays outside: components read its snapshots when `version` has grown.
import { create } from 'zustand';
import type { ExamRecord } from '../lesson/exam';
import type { Preset } from './lab/geometry';
import type { StepState } from './parts/glyphs';

export type Speed = 'slow' | 'normal' | 'real';
export type Split = 'single' | 'rows' | 'cols' | 'grid';
export interface TermRef { host: string; tty: number }
export type InspectorTab = 'interfaces' | 'routes' | 'arp' | 'sysctl' | 'ipvs' | 'conns' | 'firewall' | 'files' | 'services' | 'logs';

export type DockTab = 'kernel' | 'bytes' | 'why';

/** What a check found, ready to show. */
export interface CheckShown {
  key: string; title: string; host: string; state: StepState;
  expected: string; actual: string; explanation: { key: string; args: Record<string, unknown> } | null; frames: number[];
}
export interface StepShown {
  id: string; state: StepState; checks: CheckShown[];
  /** Blocked: steps that must pass first. */
  waits: string[];
  /** Stale: hosts on which something was entered since the last check. */
  touched: string[];
}

/** Another way the work went: its journal, when it was left (us), how many commands it has and the last of them. */
export interface Branch { journal: string; left: number; commands: number; last: string }

/** A message above the panes; `raw` can be downloaded. */
export interface Notice { key: 'refused' | 'secondTab' | 'broken' | 'otherEngine'; args: Record<string, string | number>; raw?: string }

/** An exam under way or over. `startedAt` 0: not begun; `record` is its result, judged after its end. Times are the wall's, ms. */
export interface Exam { startedAt: number; ended: number | null; record: ExamRecord | null; /** Its result was looked at and closed: it does not come up by itself again. */ closed?: boolean }

export interface LabState {
  status: 'loading' | 'replaying' | 'ready' | 'problem';
  problems: string[];
  lessonId: string;
  seed: number;
  replayed: { n: number; total: number };
  /** Lab version, virtual time (us) and newest frame as of the last drawn frame. */
  version: number; now: number; frameCount: number;
  /** Grows at most four times a second: for tables nobody reads faster. */
  slowVersion: number;
  /** Grows when the packet panes are due: they have frames of their own. */
  dockVersion: number;
  /** Time is let pass faster than the wall. */
  passing: boolean;
  speed: Speed; paused: boolean; stopped: null | 'hidden' | 'idle';
  /** 'mine', or the checker's run being looked at. */
  shown: 'mine' | 'checker';
  /** Selected frame; null follows the newest. */
  selected: number | null;
  /** An instant before now that is shown without a frame selected to name it, us; null for none. */
  at: number | null;
  host: string;
  tab: InspectorTab;
  terms: TermRef[];
  panes: TermRef[];
  split: Split;
  preset: Preset;
  focusPane: number;
  /** Terminals with output nobody has seen. */
  unseen: Record<string, boolean>;
  busy: Record<string, boolean>;
  steps: StepShown[];
  currentStep: string;
  checking: boolean;
  /** The step whose checks run, once that has lasted long enough to be seen; ''. */
  checkingStep: string;
  hints: Record<string, number>;
  filter: string;
  /** What stands beside the packet list, and whether it takes the list's place. */
  dockTab: DockTab;
  dockWide: boolean;
  saved: 'saved' | 'saving' | 'no';
  readOnly: boolean;
  notices: Notice[];
  undo: { text: string; host: string } | null;
  redo: { text: string; host: string } | null;
  /** Other ways this work went, kept when it was branched off. */
  branches: Branch[];
  lessonOpen: boolean;
  /** The lesson stays beside the panes in windows where it would be a rail. */
  lessonPinned: boolean;
  mobileTab: 'lesson' | 'terminal' | 'packets' | 'host';
  macs: boolean;
  palette: boolean;
  help: boolean;
  editorSeen: number;
  /** The host the inspector is pinned to, or ''. */
  pinned: string;
  /** The host whose browser is open, or ''. */
  browser: string;
  /** Grows when the dividers are put back. */
  layoutSeen: number;
  /** What a live region says: the last output of a terminal, on request. */
  said: string;
  /** The demonstration that plays on its own fork; '' for none. */
  demo: string;
  /** An exam's clock (ms of the wall) and, when it is over, what had passed; null in other lessons. */
  exam: Exam | null;
}

export const freshLab: LabState = {
  status: 'loading', problems: [], lessonId: '', seed: 1, replayed: { n: 0, total: 0 }, version: 0, now: 0, frameCount: 0, slowVersion: 0, dockVersion: 0,
  passing: false, speed: 'normal', paused: false, stopped: null, shown: 'mine', selected: null, at: null, host: '', tab: 'ipvs',
  terms: [], panes: [], split: 'rows', preset: 'learn', focusPane: 0, unseen: {}, busy: {}, steps: [], currentStep: '', checking: false, checkingStep: '', hints: {},
  filter: '', dockTab: 'kernel', dockWide: false, saved: 'saved', readOnly: false, notices: [], undo: null, redo: null, branches: [], lessonOpen: true, lessonPinned: false, mobileTab: 'terminal', macs: true, palette: false, help: false, editorSeen: 0, pinned: '', browser: '', layoutSeen: 0, said: '', exam: null, demo: '',
};

export const useLab = create<LabState>()(() => freshLab);

/** Key of a terminal in maps. */
export const termKey = (t: TermRef): string => `${t.host}/${t.tty}`;
