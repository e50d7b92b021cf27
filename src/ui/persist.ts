// Where the learner's work rests: one journal text per lesson and seed in IndexedDB. What cannot be read is kept and offered, never dropped.
import { createStore, del, get, keys, set } from 'idb-keyval';
import type { Branch } from './store';

import type { Exam } from './store';

const store = typeof indexedDB === 'undefined' ? null : createStore('lvslab', 'work');

export interface SavedWork {
  journal: string;
  /** Step ids passed when last seen: for the catalogue. */
  passed: string[];
  steps: number;
  hints: Record<string, number>;
  current: string;
  /** Other ways the work went, oldest first; none in what was saved before there were any. */
  branches?: Branch[];
  savedAt: number;
  /** An exam's clock and result. */
  exam?: Exam;
}

export const workKey = (lesson: string, seed: number): string => `${lesson}#${seed}`;

/** What was asked for before the page's own code had come. */
let early: { key: string; work: Promise<SavedWork | null> } | null = null;

/** Opens the store and reads one work at once, for the first who asks for it. */
export function askWork(lesson: string, seed: number): void {
  const work = loadWork(lesson, seed);
  work.catch(() => {}); // whoever takes it hears of it
  early = { key: workKey(lesson, seed), work };
}

export async function loadWork(lesson: string, seed: number): Promise<SavedWork | null> {
  if (store === null) return null;
  const asked = early;
  early = null;
  if (asked?.key === workKey(lesson, seed)) return asked.work;
  const kept = await get<unknown>(workKey(lesson, seed), store);
  return kept === undefined ? null : soundWork(kept);
}

/** What lay in the store as work, whatever it was: a part that is not what it should be is empty, and a journal that is no text becomes one, for its reader to refuse and its owner to download. */
export function soundWork(kept: unknown): SavedWork {
  const w = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Record<keyof SavedWork, unknown>>;
  const e = w.exam as Partial<Exam> | null | undefined;
  return {
    journal: typeof w.journal === 'string' ? w.journal : (JSON.stringify(kept) ?? ''),
    passed: Array.isArray(w.passed) ? w.passed.filter((x) => typeof x === 'string') : [],
    steps: typeof w.steps === 'number' ? w.steps : 0,
    hints: Object.fromEntries(Object.entries(typeof w.hints === 'object' && w.hints !== null ? w.hints : {}).filter((x): x is [string, number] => typeof x[1] === 'number')),
    current: typeof w.current === 'string' ? w.current : '',
    branches: Array.isArray(w.branches) ? (w.branches as Branch[]).filter((b) => typeof b?.journal === 'string' && typeof b.left === 'number' && typeof b.commands === 'number' && typeof b.last === 'string') : [],
    savedAt: typeof w.savedAt === 'number' ? w.savedAt : 0,
    ...(typeof e === 'object' && e !== null && typeof e.startedAt === 'number' && (e.ended === null || typeof e.ended === 'number') && (e.record === null || typeof e.record === 'object') ? { exam: e as Exam } : {}),
  };
}

/** False when the browser refuses to keep it. */
export async function saveWork(lesson: string, seed: number, work: SavedWork): Promise<boolean> {
  if (store === null) return false;
  try { await set(workKey(lesson, seed), work, store); return true; } catch { return false; }
}

/** Puts a text that could not be used aside under its own key, once. */
export async function keepAside(lesson: string, seed: number, text: string): Promise<void> {
  if (store === null || (await asidesOf(lesson, seed)).some((a) => a.text === text)) return;
  try { await set(`${workKey(lesson, seed)}#aside#${Date.now()}`, text, store); } catch { /* told elsewhere */ }
}

/** Texts put aside, oldest first: they are offered until their owner throws them away. */
export async function asidesOf(lesson: string, seed: number): Promise<{ key: string; text: string }[]> {
  if (store === null) return [];
  try {
    const mine = (await keys<string>(store)).filter((k) => String(k).startsWith(`${workKey(lesson, seed)}#aside#`)).sort();
    return await Promise.all(mine.map(async (key) => ({ key, text: String(await get(key, store)) })));
  } catch { return []; }
}

export async function dropAside(key: string): Promise<void> {
  if (store !== null) await del(key, store);
}

export async function dropWork(lesson: string, seed: number): Promise<void> {
  if (store !== null) await del(workKey(lesson, seed), store);
}

/** The newest work kept on each lesson; `refused` where the browser keeps nothing. */
export async function allWork(): Promise<{ work: Map<string, SavedWork & { seed: number }>; refused: boolean }> {
  const out = new Map<string, SavedWork & { seed: number }>();
  if (store === null) return { work: out, refused: true };
  try {
    for (const key of await keys<string>(store)) {
      const [lesson, seed, aside] = String(key).split('#');
      if (lesson === undefined || aside !== undefined) continue;
      const kept = await get<unknown>(key, store);
      const work = kept === undefined ? undefined : soundWork(kept);
      const before = out.get(lesson);
      if (work && (before === undefined || work.savedAt > before.savedAt)) out.set(lesson, { ...work, seed: Number(seed) });
    }
  } catch { return { work: out, refused: true }; }
  return { work: out, refused: false };
}

/** Gives the browser a text or bytes to save as a file. */
export function download(name: string, content: string | Uint8Array): void {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(new Blob([content as BlobPart], { type: typeof content === 'string' ? 'application/json' : 'application/vnd.tcpdump.pcap' }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 1000);
}

/** Holds the lab for this tab. `lost` is called when another tab takes over. Resolves to false when another tab holds it. */
export async function holdLab(name: string, steal: boolean, lost: () => void): Promise<{ held: boolean; release(): void }> {
  if (!('locks' in navigator)) return { held: true, release: () => {} };
  let release = (): void => {};
  const held = await new Promise<boolean>((answer) => {
    navigator.locks
      .request(`lvslab:${name}`, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
        if (lock === null) { answer(false); return; }
        answer(true);
        return new Promise<void>((done) => { release = done; });
      })
      .catch(() => lost());
  });
  return { held, release: () => release() };
}
