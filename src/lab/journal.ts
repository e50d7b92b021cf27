// The journal: everything that was done to a lab, append-only, in virtual time. It is the save file, undo, homework and bug report at once.
// Text form: JSON with a version. Unknown versions and broken texts are told apart and nothing is thrown away.
import { hash32 } from '../lib/rng';
import type { EditorAction } from './editor';
import type { Topology } from './topology';

/** Grows when old journals could replay differently by design. */
export const JOURNAL_VERSION = 1;

/** Something done to the lab other than typing. */
export type Action =
  | { do: 'unplug' | 'plug'; host: string; iface: string }
  /** Quality of a cable: share of frames lost (0..1), delay of each way, rate (0: no limit). */
  | { do: 'impair'; host: string; iface: string; loss?: number; delayMs?: number; rateMbit?: number }
  /** The address bar or the reload button of the browser on a host. */
  | { do: 'browse'; host: string; url: string; keepAlive: boolean }
  | { do: 'power'; host: string; on: boolean }
  | { do: 'reboot'; host: string }
  | { do: 'reset'; host?: string }
  | { do: 'editFile'; host: string; path: string; text: string }
  | EditorAction
  | { do: 'resize'; host: string; tty: number; cols: number; rows: number }
  /** `tty` is the number it got, which it keeps when what was done before is taken back. */
  | { do: 'openTerminal'; host: string; tty?: number }
  /** A quiz answer: the question's id in `check`, of step `step`. The lab itself does not move. */
  | { do: 'answer'; step: string; check: string; value: string };

/** One line of the journal. `seq` counts from 1. Times are virtual us. */
export interface TypedEntry {
  seq: number;
  at: number;
  host: string;
  tty: number;
  bytes: string;
  /** Its Enter started a command at a prompt. */
  command?: true;
  /** hash32 and length of what the command showed. */
  out?: [number, number];
  /** The command line entered, where the keys alone do not say it (recalled, edited, completed). */
  line?: string;
}
export type Entry =
  | TypedEntry
  | { seq: number; at: number; action: Action }
  /** Takes entry `undo` back; where that one is itself an undo, this is redo. */
  | { seq: number; at: number; undo: number };

/** A whole journal: what the lab was made of and all that was done. */
export interface Journal {
  version: number;
  seed: number;
  /** Wall clock at virtual time 0, seconds since 1970, and zone of the lab. */
  epoch: number;
  zone: string;
  /** Lesson it belongs to, or ''. */
  lesson: string;
  /** Hash of the topology it was recorded on. */
  topology: number;
  entries: Entry[];
  /** Virtual time when it was last saved, us. */
  end: number;
}

/** An error for people: words live with the reader's language. */
export interface JournalProblem {
  key: 'journal.notJson' | 'journal.shape' | 'journal.newer' | 'journal.older' | 'journal.otherLab';
  args: Record<string, string | number>;
}

/** A number that stays the same as long as a topology does. */
export function topologyHash(t: Topology): number {
  let h = hashes.get(t);
  if (h === undefined) {
    h = hash32(JSON.stringify(t));
    hashes.set(t, h);
  }
  return h;
}
/** A topology never changes, and every fork begins a journal. */
const hashes = new WeakMap<Topology, number>();

export function newJournal(t: Topology, seed: number, epoch: number, zone: string, lesson = ''): Journal {
  return { version: JOURNAL_VERSION, seed, epoch, zone, lesson, topology: topologyHash(t), entries: [], end: 0 };
}

export function printJournal(j: Journal): string {
  return JSON.stringify(j);
}

/** Reads a journal. The text itself is never changed, so whoever called keeps the learner's work whatever this says. */
export function parseJournal(text: string): Journal | JournalProblem {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (e) {
    return { key: 'journal.notJson', args: { why: e instanceof Error ? e.message : '' } };
  }
  if (typeof raw !== 'object' || raw === null) return { key: 'journal.shape', args: { where: '/' } };
  const j = raw as Partial<Journal>;
  if (typeof j.version !== 'number') return { key: 'journal.shape', args: { where: '/version' } };
  if (j.version > JOURNAL_VERSION) return { key: 'journal.newer', args: { version: j.version, known: JOURNAL_VERSION } };
  if (j.version < 1) return { key: 'journal.older', args: { version: j.version, known: JOURNAL_VERSION } };
  for (const field of ['seed', 'epoch', 'topology', 'end'] as const) if (typeof j[field] !== 'number') return { key: 'journal.shape', args: { where: `/${field}` } };
  if (!Array.isArray(j.entries)) return { key: 'journal.shape', args: { where: '/entries' } };
  let at = 0;
  for (const [n, e] of j.entries.entries()) {
    const ok = typeof e === 'object' && e !== null && e.seq === n + 1 && typeof e.at === 'number' && e.at >= at && ('undo' in e || 'action' in e || ('bytes' in e && typeof e.bytes === 'string'));
    if (!ok) return { key: 'journal.shape', args: { where: `/entries/${n}` } };
    at = e.at;
  }
  return { version: j.version, seed: j.seed!, epoch: j.epoch!, zone: j.zone ?? 'Asia/Shanghai', lesson: j.lesson ?? '', topology: j.topology!, entries: j.entries, end: j.end! };
}

export const isProblem = (x: Journal | JournalProblem): x is JournalProblem => 'key' in x;

/** What an undo or a reset did to the entries in force. */
interface Change { removed: Entry[]; added: Entry[] }
/** Reading so far of a journal that only grows. */
interface Reading { n: number; alive: Entry[]; changes: Map<number, Change>; touched: number }

const readings = new WeakMap<Journal, Reading>();
const bySeq = (a: Entry, b: Entry): number => a.seq - b.seq;

/**
 * Entries in force: those without what was undone. Undoing a command takes away the keys that made its line (back to the command before it on
 * that terminal) and what was typed on that terminal until the undo; undoing an undo brings all of that back. Not to be changed by the caller.
 */
export function effective(j: Journal): readonly Entry[] {
  return readingOf(j).alive;
}

/** Number of the first entry that the newest undo, redo or reset took away or brought back. */
export const touchedFrom = (j: Journal): number => readingOf(j).touched;

function readingOf(j: Journal): Reading {
  let r = readings.get(j);
  if (r === undefined || r.n > j.entries.length) {
    r = { n: 0, alive: [], changes: new Map(), touched: 1 };
    readings.set(j, r);
  }
  for (; r.n < j.entries.length; r.n++) {
    const e = j.entries[r.n]!;
    if ('undo' in e) undone(r, e.seq, j.entries[e.undo - 1]);
    else {
      if ('action' in e && e.action.do === 'reset') change(r, e.seq, { removed: forgottenBy(r.alive, e.action.host), added: [] });
      r.alive.push(e);
    }
  }
  return r;
}

/** Applies an undo: of a command, an action, a reset (what it forgot comes back) or another undo. */
function undone(r: Reading, seq: number, target: Entry | undefined): void {
  if (target === undefined) return;
  const was = r.changes.get(target.seq);
  if ('undo' in target) {
    r.changes.delete(target.seq);
    if (was !== undefined) change(r, seq, { removed: was.added, added: was.removed });
    r.changes.delete(seq);
  } else change(r, seq, { removed: madeOf(r.alive, target), added: was?.removed ?? [] });
}

function change(r: Reading, seq: number, c: Change): void {
  r.changes.set(seq, c);
  const all = [...c.removed, ...c.added];
  if (all.length === 0) return;
  r.touched = all.reduce((least, e) => Math.min(least, e.seq), all[0]!.seq);
  // Entries lie in the order of their numbers: what comes before the first one touched stays where it is.
  let from = r.alive.length;
  while (from > 0 && r.alive[from - 1]!.seq >= r.touched) from--;
  const gone = new Set(c.removed);
  const tail = r.alive.slice(from).filter((e) => !gone.has(e));
  r.alive = [...r.alive.slice(0, from), ...tail.concat(c.added).sort(bySeq)];
}

/** A reset forgets what was done before it, on one host or on all; terminals and answers stay. */
function forgottenBy(alive: readonly Entry[], host: string | undefined): Entry[] {
  return alive.filter((e) => {
    if ('action' in e && (e.action.do === 'openTerminal' || e.action.do === 'resize' || e.action.do === 'answer')) return false;
    const of = 'host' in e ? e.host : 'action' in e && 'host' in e.action ? e.action.host : undefined;
    return host === undefined || of === host;
  });
}

/** An entry with the keys that led to it and what was typed on its terminal since. */
function madeOf(alive: readonly Entry[], target: Entry): Entry[] {
  let at = alive.length - 1;
  while (at >= 0 && alive[at]!.seq > target.seq) at--;
  if (alive[at] !== target) return [];
  const out = [target];
  if (!('bytes' in target)) return out;
  for (let n = at - 1; n >= 0; n--) {
    const e = alive[n]!;
    if (!sameTerminal(e, target.host, target.tty)) continue;
    if ('bytes' in e && e.command) break;
    if ('bytes' in e) out.push(e);
  }
  for (let n = at + 1; n < alive.length; n++) if (sameTerminal(alive[n]!, target.host, target.tty)) out.push(alive[n]!);
  return out;
}

function sameTerminal(e: Entry, host: string, tty: number): boolean {
  if ('bytes' in e) return e.host === host && e.tty === tty;
  return 'action' in e && 'tty' in e.action && e.action.do !== 'resize' && e.action.host === host && e.action.tty === tty;
}

/** A command or an action that undo takes back (not a resize, a new terminal or an answer). */
export function undoable(e: Entry): boolean {
  if ('bytes' in e) return e.command === true;
  return 'action' in e && e.action.do !== 'resize' && e.action.do !== 'openTerminal' && e.action.do !== 'answer' && !e.action.do.startsWith('editor');
}

/** The newest thing that undo would take back; null when there is none. */
export const lastUndoable = (j: Journal): Entry | null => effective(j).findLast(undoable) ?? null;

/** The undo that redo would take back: the newest in force, as long as nothing was done after it; null when there is none. */
export function lastUndo(j: Journal): { seq: number; undo: number } | null {
  const r = readingOf(j);
  for (let n = j.entries.length - 1; n >= 0; n--) {
    const e = j.entries[n]!;
    if (!('undo' in e)) {
      if (undoable(e)) return null;
    } else if (r.changes.has(e.seq)) return e;
  }
  return null;
}

/** The newest answer to each quiz question, by its id. */
export function answersOf(j: Journal): Record<string, string> {
  const out: Record<string, string> = {};
  for (const e of effective(j)) if ('action' in e && e.action.do === 'answer') out[e.action.check] = e.action.value;
  return out;
}
