// Sizes of the lab's panes: what each preset begins with, and what the browser remembers when a divider was dragged.
import { keep, kept } from '../prefs';

/** Layouts of the lab: what stands where. */
export const PRESETS = ['learn', 'trace', 'terminal'] as const;
export type Preset = (typeof PRESETS)[number];

/** Shares of a group of panes by name, percent. */
export type Shares = Record<string, number>;

/** The preset the browser remembers. */
export const keptPreset = (): Preset => PRESETS.find((p) => p === kept('preset')) ?? 'learn';

/** Remembered shares of a group; undefined when nobody dragged it. */
export function sizesOf(group: string, preset: Preset): Shares | undefined {
  const text = kept(`panes.${preset}.${group}`);
  if (text === null) return undefined;
  try { return JSON.parse(text) as Shares; } catch { return undefined; }
}
export const keepSizes = (group: string, preset: Preset, shares: Shares): void => keep(`panes.${preset}.${group}`, JSON.stringify(shares));

/** Px of the lesson's column, of a terminal with 80 columns, and of a topology whose cards can be read. */
const LESSON = 328;
const COLUMNS_80 = 640;
const GRAPH = 420;
const RAIL = 48;

/** Below this width no lesson stands beside the panes, pinned or not. */
export const NARROW = 1280;

/** Whether a lesson pinned beside the panes is what this browser remembers. */
export const keptPin = (): boolean => kept('lessonPinned') === '1';
export const keepPin = (on: boolean): void => keep('lessonPinned', on ? '1' : '0');

/** Has the lesson a column of its own? When space is short it is the first to go: to a rail, from which it opens over the panes. Whoever wants it beside them all the same pins it. */
export const lessonBeside = (w: number, pinned: boolean): boolean => w >= LESSON + COLUMNS_80 + GRAPH || (pinned && w >= NARROW);

/** Px the lesson takes from the panes: its column (less where it was pinned in spite of the room), or its rail. */
export const lessonWidth = (w: number, open: boolean, pinned: boolean): number => (!open || !lessonBeside(w, pinned) ? RAIL : lessonBeside(w, false) ? LESSON : 288);

/** Terminals: 80 columns where there is room, never so much that the topology is squeezed. */
export function terminalWidth(w: number, side: number, preset: Preset): number {
  const room = w - side;
  if (preset === 'terminal') return room - 320;
  return Math.max(Math.min(430, room / 2), Math.min(COLUMNS_80, room - (lessonBeside(w, false) ? GRAPH : 372)));
}

/** The dock below: packets and what the kernel did. A low window folds it into its transport bar. */
export const dockHeight = (h: number, preset: Preset): number => (h < 760 || preset === 'terminal' ? 42 : h < 900 ? 150 : 222);
