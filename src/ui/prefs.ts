// What the browser remembers about the screen itself (never about the lab): theme, sizes, type size.
import { useSyncExternalStore } from 'react';

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

export const theme = (): Theme => (document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark');

export function setTheme(t: Theme): void {
  document.documentElement.dataset['theme'] = t;
  keep('theme', t);
  for (const l of listeners) l();
}

/** The theme now, following changes. */
export function useTheme(): Theme {
  return useSyncExternalStore((l) => { listeners.add(l); return () => listeners.delete(l); }, theme);
}

export const onTheme = (l: () => void): (() => void) => { listeners.add(l); return () => void listeners.delete(l); };

/** Terminal type size in px, 11 to 20. */
export const termSize = (): number => Math.min(20, Math.max(11, Number(kept('termSize') ?? 12.5) || 12.5));
