// What the browser remembers about the screen itself (never about the lab): theme, sizes, type size.

export type Theme = 'dark' | 'light';
const listeners = new Set<() => void>();

/** Reads a remembered value; null where nothing is kept or the browser refuses. */
export function kept(key: string): string | null {
  try { return localStorage.getItem(`lvslab.${key}`); } catch { return null; }
}

/** Remembers a value if the browser lets it. */
export function keep(key: string, value: string): void {
  try { localStorage.setItem(`lvslab.${key}`, value); } catch { /* private mode */ }
}

export function forget(key: string): void {
  try { localStorage.removeItem(`lvslab.${key}`); } catch { /* private mode */ }
}

/** Remembered keys that begin so. */
export function keptKeys(prefix: string): string[] {
  try { return Object.keys(localStorage).filter((k) => k.startsWith(`lvslab.${prefix}`)).map((k) => k.slice(7)); } catch { return []; }
}

export const theme = (): Theme => (document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark');

export function setTheme(t: Theme): void {
  document.documentElement.dataset['theme'] = t;
  keep('theme', t);
  for (const l of listeners) l();
}

export const onTheme = (l: () => void): (() => void) => { listeners.add(l); return () => void listeners.delete(l); };

/** Terminal type size in px, 11 to 20; large on a projector. */
export const termSize = (): number => (projector() ? Math.max(18, keptSize()) : keptSize());
const keptSize = (): number => Math.min(20, Math.max(11, Number(kept('termSize') ?? 12.5) || 12.5));

/** Large type for a room. */
export const projector = (): boolean => kept('projector') === '1';
export function setProjector(on: boolean): void {
  keep('projector', on ? '1' : '0');
  markProjector();
  window.dispatchEvent(new Event('resize'));
}
/** Marks the document, so that base.css can enlarge it. */
export const markProjector = (): void => { document.documentElement.toggleAttribute('data-projector', projector()); };

/** How much faster than the wall the clock runs at full speed: for journeys that must not wait for boots. 1 for everybody else. */
export const warp = (): number => Math.max(1, Number(kept('warp') ?? 1) || 1);

/** Terminals keep a buffer for screen readers. */
export const screenReader = (): boolean => kept('screenReader') === '1';
