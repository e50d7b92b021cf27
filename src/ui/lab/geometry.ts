// Sizes of the lab's panes: what each preset begins with, and what the browser remembers when a divider was dragged.
import { type Preset, PRESETS } from '../store';
import { keep, kept } from '../prefs';

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

/** Below this width the lesson and the topology give way first, so that a terminal keeps room for what ipvsadm prints. */
const TIGHT = 1400;

/** The lesson beside the panes: 328 px (288 where it is tight), its rail of 48 px when closed or when the window is narrow (it is then a drawer). */
export const lessonWidth = (w: number, open: boolean): number => (w < 1280 || !open ? 48 : w < TIGHT ? 288 : 328);

/** Terminals: 80 columns where there is room, never so much that the topology is squeezed. */
export function terminalWidth(w: number, side: number, preset: Preset): number {
  const room = w - side;
  if (preset === 'terminal') return room - 320;
  return Math.max(Math.min(430, room / 2), Math.min(640, room - (w < TIGHT ? 372 : 420)));
}

/** The dock below: packets and what the kernel did. A low window folds it into its transport bar. */
export const dockHeight = (h: number, preset: Preset): number => (h < 760 || preset === 'terminal' ? 42 : h < 900 ? 150 : 222);
