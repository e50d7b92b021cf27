// The line editor: a reducer over plain data, keys in, edits out. Linux counterpart: GNU readline (emacs mode).
// Not modelled: vi mode, macros, numeric arguments, inputrc.
import { type Bytes, utf8Chars } from '../lib/text';
import { BINDINGS } from './keys';

/** The editor's state: plain data. The line is UTF-8 bytes, `point` a byte offset on a character's edge. */
export interface Edit {
  line: Bytes;
  point: number;
  /** Which history entry is shown (its index), or -1 for the line being typed. */
  at: number;
  /** The line being typed while history is shown. */
  typed: Bytes;
  kill: Bytes[];
  undo: { line: Bytes; point: number }[];
  last: string;
  /** Incremental search: what is looked for and where it was found; null when not searching. */
  search: { query: Bytes; at: number; failed: boolean; line: Bytes; point: number } | null;
  pasting: boolean;
  literal: boolean;
}

/** What a key made happen beside the edit. */
export type Happening = 'none' | 'accept' | 'interrupt' | 'eof' | 'clear' | 'complete' | 'list' | 'bell';

export const newEdit = (): Edit => ({ line: '', point: 0, at: -1, typed: '', kill: [], undo: [], last: '', search: null, pasting: false, literal: false });

/** The state for a new line (the kill ring stays). */
export const freshLine = (e: Edit): Edit => ({ ...newEdit(), kill: e.kill, pasting: e.pasting });

const isWord = (c: Bytes): boolean => /[A-Za-z0-9]/.test(c) || c >= '\x80';

function left(line: Bytes, at: number): number {
  let i = at - 1;
  while (i > 0 && (line.charCodeAt(i) & 0xc0) === 0x80) i--;
  return Math.max(i, 0);
}
function right(line: Bytes, at: number): number {
  let i = at + 1;
  while (i < line.length && (line.charCodeAt(i) & 0xc0) === 0x80) i++;
  return Math.min(i, line.length);
}
function wordRight(line: Bytes, at: number): number {
  let i = at;
  while (i < line.length && !isWord(line[i]!)) i++;
  while (i < line.length && isWord(line[i]!)) i++;
  return i;
}
function wordLeft(line: Bytes, at: number): number {
  let i = at;
  while (i > 0 && !isWord(line[i - 1]!)) i--;
  while (i > 0 && isWord(line[i - 1]!)) i--;
  return i;
}
function blankWordLeft(line: Bytes, at: number): number {
  let i = at;
  while (i > 0 && /\s/.test(line[i - 1]!)) i--;
  while (i > 0 && !/\s/.test(line[i - 1]!)) i--;
  return i;
}

/** One key. `history`: entries, oldest first. */
export function reduce(e: Edit, key: Bytes, history: readonly Bytes[]): { edit: Edit; what: Happening } {
  if (e.pasting && key !== '\x1b[201~') {
    if (key === '\r' || key === '\n') return { edit: e, what: 'accept' };
    return { edit: insert(e, key === '\t' ? '\t' : key), what: 'none' };
  }
  if (e.literal) return { edit: { ...insert(e, key), literal: false }, what: 'none' };
  if (e.search !== null) return searching(e, key, history);
  const name = BINDINGS[key] ?? '';
  const done = act(e, key, name, history);
  return { edit: { ...done.edit, last: name === '' ? done.edit.last : name }, what: done.what };
}

function insert(e: Edit, text: Bytes): Edit {
  return { ...changed(e), line: e.line.slice(0, e.point) + text + e.line.slice(e.point), point: e.point + text.length, last: 'insert' };
}

/** Remembers the line for undo (typed characters together). */
function changed(e: Edit): Edit {
  if (e.last === 'insert' && e.undo.length > 0) return e;
  return { ...e, undo: [...e.undo.slice(-99), { line: e.line, point: e.point }] };
}

/** Takes out [from, to) and keeps it for ^Y; kills in a row grow one entry. */
function cut(e: Edit, from: number, to: number, name: string): Edit {
  if (from === to) return e;
  const text = e.line.slice(from, to);
  const joins = e.last.startsWith('kill') && e.kill.length > 0;
  const top = joins ? (from < e.point ? text + e.kill[0]! : e.kill[0]! + text) : text;
  void name;
  return { ...changed(e), line: e.line.slice(0, from) + e.line.slice(to), point: from, kill: [top, ...e.kill.slice(joins ? 1 : 0, 10)] };
}

function show(e: Edit, at: number, history: readonly Bytes[]): Edit {
  const line = at < 0 ? e.typed : history[at]!;
  return { ...e, typed: e.at < 0 ? e.line : e.typed, at, line, point: line.length, undo: [] };
}

function act(e: Edit, key: Bytes, name: string, history: readonly Bytes[]): { edit: Edit; what: Happening } {
  const just = (edit: Edit): { edit: Edit; what: Happening } => ({ edit, what: 'none' });
  const bell: { edit: Edit; what: Happening } = { edit: e, what: 'bell' };
  switch (name) {
    case 'home': return just({ ...e, point: 0 });
    case 'end': return just({ ...e, point: e.line.length });
    case 'left': return e.point === 0 ? bell : just({ ...e, point: left(e.line, e.point) });
    case 'right': return e.point === e.line.length ? bell : just({ ...e, point: right(e.line, e.point) });
    case 'word-left': return just({ ...e, point: wordLeft(e.line, e.point) });
    case 'word-right': return just({ ...e, point: wordRight(e.line, e.point) });
    case 'backspace': {
      if (e.point === 0) return bell;
      const from = left(e.line, e.point);
      return just({ ...changed(e), line: e.line.slice(0, from) + e.line.slice(e.point), point: from });
    }
    case 'delete-or-eof':
    case 'delete':
      if (name === 'delete-or-eof' && e.line === '') return { edit: e, what: 'eof' };
      if (e.point === e.line.length) return bell;
      return just({ ...changed(e), line: e.line.slice(0, e.point) + e.line.slice(right(e.line, e.point)) });
    case 'kill-line': return just(cut(e, e.point, e.line.length, name));
    case 'kill-back': return just(cut(e, 0, e.point, name));
    case 'kill-word': return just(cut(e, e.point, wordRight(e.line, e.point), name));
    case 'kill-word-back': return just(cut(e, wordLeft(e.line, e.point), e.point, name));
    case 'kill-blank-word': return just(cut(e, blankWordLeft(e.line, e.point), e.point, name));
    case 'yank': return e.kill.length === 0 ? bell : just({ ...insert(e, e.kill[0]!), last: 'yank' });
    case 'yank-pop': {
      if (e.kill.length < 2 || !e.last.startsWith('yank')) return bell;
      const ring = [...e.kill.slice(1), e.kill[0]!];
      const start = e.point - e.kill[0]!.length;
      return just({ ...e, kill: ring, line: e.line.slice(0, start) + ring[0]! + e.line.slice(e.point), point: start + ring[0]!.length });
    }
    case 'transpose': {
      if (e.point === 0 || utf8Chars(e.line).length < 2) return bell;
      const mid = e.point === e.line.length ? left(e.line, e.point) : e.point;
      const a = left(e.line, mid);
      const b = right(e.line, mid);
      return just({ ...changed(e), line: e.line.slice(0, a) + e.line.slice(mid, b) + e.line.slice(a, mid) + e.line.slice(b), point: b });
    }
    case 'upcase': case 'downcase': case 'capitalize': {
      const to = wordRight(e.line, e.point);
      const word = e.line.slice(e.point, to);
      const low = word.replace(/[A-Z]+/g, (s) => s.toLowerCase());
      const text = name === 'upcase' ? word.replace(/[a-z]+/g, (s) => s.toUpperCase()) : name === 'downcase' ? low : low.replace(/[a-z]/, (c) => c.toUpperCase());
      return just({ ...changed(e), line: e.line.slice(0, e.point) + text + e.line.slice(to), point: to });
    }
    case 'undo': {
      const u = e.undo.at(-1);
      return u === undefined ? bell : just({ ...e, ...u, undo: e.undo.slice(0, -1) });
    }
    case 'revert': {
      const u = e.undo[0];
      return u === undefined ? bell : just({ ...e, ...u, undo: [] });
    }
    case 'previous': {
      const at = e.at < 0 ? history.length - 1 : e.at - 1;
      return at < 0 ? bell : just(show(e, at, history));
    }
    case 'next': {
      if (e.at < 0) return bell;
      return just(show(e, e.at + 1 >= history.length ? -1 : e.at + 1, history));
    }
    case 'first-history': return history.length === 0 ? bell : just(show(e, 0, history));
    case 'last-history': return e.at < 0 ? bell : just(show(e, -1, history));
    case 'last-argument': {
      const word = /(\S+)\s*$/.exec(history.at(-1) ?? '')?.[1];
      return word === undefined ? bell : just(insert(e, word));
    }
    case 'search': return just({ ...e, search: { query: '', at: history.length, failed: false, line: e.line, point: e.point } });
    case 'clear': return { edit: e, what: 'clear' };
    case 'interrupt': return { edit: e, what: 'interrupt' };
    case 'accept': return { edit: e, what: 'accept' };
    case 'comment': return { edit: { ...e, line: `#${e.line}`, point: 0 }, what: 'accept' };
    case 'complete': return { edit: e, what: e.last === 'complete' ? 'list' : 'complete' };
    case 'literal': return just({ ...e, literal: true });
    case 'paste-begin': return just({ ...e, pasting: true });
    case 'paste-end': return just({ ...e, pasting: false });
    case 'abort': return bell;
  }
  if (key[0]! < ' ' || key === '\x7f' || key === '') return bell;
  return just(insert(e, key));
}

/** Looks backwards from `from` (not included) for an entry that holds the query. */
function find(history: readonly Bytes[], query: Bytes, from: number, step: number): number {
  for (let i = from; i >= 0 && i < history.length; i += step) if (history[i]!.includes(query)) return i;
  return -1;
}

function searching(e: Edit, key: Bytes, history: readonly Bytes[]): { edit: Edit; what: Happening } {
  const s = e.search!;
  const name = BINDINGS[key] ?? '';
  const seek = (query: Bytes, from: number, step = -1): { edit: Edit; what: Happening } => {
    const at = query === '' ? -1 : find(history, query, from, step);
    if (at < 0) return { edit: { ...e, search: { ...s, query, failed: query !== '' } }, what: query === '' ? 'none' : 'bell' };
    const line = history[at]!;
    return { edit: { ...e, line, point: line.indexOf(query), search: { ...s, query, at, failed: false } }, what: 'none' };
  };
  if (name === 'search') return seek(s.query, s.at - 1);
  if (name === 'search-forward') return seek(s.query, s.at + 1, 1);
  if (name === 'backspace') return seek(s.query.slice(0, left(s.query, s.query.length)), history.length - 1);
  if (name === 'abort') return { edit: { ...e, line: s.line, point: s.point, search: null, last: '' }, what: 'bell' };
  if (name === '' && key[0]! >= ' ' && key !== '') return seek(s.query + key, Math.min(s.at, history.length - 1));
  const out: Edit = { ...e, search: null, typed: s.line, at: s.at < history.length ? s.at : -1, last: '' };
  if (key === '\x1b') return { edit: out, what: 'none' };
  return reduce(out, key, history);
}
