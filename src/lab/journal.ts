// The journal: everything that was done to a lab, append-only, in virtual time. It is the save file, undo, homework and bug report at once.
// Text form: JSON with a version. Unknown versions and broken texts are told apart and nothing is thrown away.
import { hash32 } from '../lib/rng';
import type { Topology } from './topology';

/** Grows when old journals could replay differently by design. */
export const JOURNAL_VERSION = 1;

/** Something done to the lab other than typing. */
export type Action =
  | { do: 'unplug' | 'plug'; host: string; iface: string }
  | { do: 'power'; host: string; on: boolean }
  | { do: 'reboot'; host: string }
  | { do: 'reset'; host?: string }
  | { do: 'editFile'; host: string; path: string; text: string }
  | { do: 'editorSave'; host: string; tty: number; text: string; force?: boolean }
  | { do: 'editorQuit'; host: string; tty: number }
  | { do: 'resize'; host: string; tty: number; cols: number; rows: number }
  | { do: 'openTerminal'; host: string }
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
}
export type Entry =
  | TypedEntry
  | { seq: number; at: number; action: Action }
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
export const topologyHash = (t: Topology): number => hash32(JSON.stringify(t));

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

/**
 * Entries without what was undone. Undoing a command takes away the keys that made its line (back to the command before it on that
 * terminal) and what was typed on that terminal until the undo.
 */
export function effective(j: Journal): Entry[] {
  const gone = new Set<number>();
  const undone = new Set(j.entries.flatMap((e) => ('undo' in e ? [e.undo] : [])));
  for (const r of j.entries) {
    // A reset forgets what was done before it, on one host or on all.
    if (!('action' in r) || r.action.do !== 'reset' || undone.has(r.seq)) continue;
    for (let n = 1; n < r.seq; n++) {
      const e = j.entries[n - 1]!;
      if ('action' in e && (e.action.do === 'openTerminal' || e.action.do === 'resize' || e.action.do === 'answer')) continue;
      const of = 'host' in e ? e.host : 'action' in e && 'host' in e.action ? e.action.host : undefined;
      if (r.action.host === undefined || of === r.action.host) gone.add(n);
    }
  }
  for (const u of j.entries) {
    if (!('undo' in u)) continue;
    gone.add(u.seq);
    const target = j.entries[u.undo - 1];
    if (target === undefined) continue;
    gone.add(target.seq);
    if (!('bytes' in target)) continue;
    for (let n = target.seq - 1; n >= 1; n--) {
      const e = j.entries[n - 1]!;
      if (!sameTerminal(e, target.host, target.tty) || gone.has(e.seq)) continue;
      if ('bytes' in e && e.command) break;
      if ('bytes' in e) gone.add(e.seq);
    }
    for (let n = target.seq + 1; n < u.seq; n++) if (sameTerminal(j.entries[n - 1]!, target.host, target.tty)) gone.add(n);
  }
  return j.entries.filter((e) => !gone.has(e.seq));
}

function sameTerminal(e: Entry, host: string, tty: number): boolean {
  if ('bytes' in e) return e.host === host && e.tty === tty;
  return 'action' in e && 'tty' in e.action && e.action.do !== 'resize' && e.action.host === host && e.action.tty === tty;
}

/** The newest thing that undo would take back: an entered command or an action (not a resize or a new terminal); null when there is none. */
export function lastUndoable(j: Journal): Entry | null {
  const left = effective(j);
  for (let i = left.length - 1; i >= 0; i--) {
    const e = left[i]!;
    if ('bytes' in e ? e.command === true : 'action' in e && e.action.do !== 'resize' && e.action.do !== 'openTerminal' && e.action.do !== 'answer' && e.action.do !== 'editorSave' && e.action.do !== 'editorQuit') return e;
  }
  return null;
}

/** The newest answer to each quiz question, by its id. */
export function answersOf(j: Journal): Record<string, string> {
  const out: Record<string, string> = {};
  for (const e of effective(j)) if ('action' in e && e.action.do === 'answer') out[e.action.check] = e.action.value;
  return out;
}
