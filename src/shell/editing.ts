// A key at the prompt: what it does to the line, and the work that Enter starts. Linux counterpart: bash's use of readline in parse.y.
import { parseShell } from './parse';
import type { Shell } from './shell';
import { promptNow } from './prompt';
import type { Op } from '../host/process';
import type { Tty } from '../host/tty';
import { leave, printable, redraw, type Shown } from './display';
import { expandHistory, joinLines, remember } from './history';
import { runText, runUnit, syntaxError } from './units';
import type { Bytes } from '../lib/text';
import { complete, listing } from './complete';
import { getVar } from './vars';
import { checkSyntax } from './syntax_error';
import { type Edit, freshLine, reduce } from './readline';
/** A terminal's editor: what is being typed, and how it looks. Plain data in Shell.editor. */
export interface Editor {
  edit: Edit;
  prompt: Bytes;
  shown: Shown | null;
  /** Bytes of a key that has not come whole. */
  keys: Bytes;
  /** Lines already entered of a command that is not complete, and the same as history keeps them. */
  lines: Bytes;
  entry: Bytes;
  /** What those lines leave open; null when there are none. */
  open: Open | null;
}

/** How history joins the next line, and which lines cannot close what is open, so that a long paste is not parsed anew for each of them. */
interface Open {
  why: 'quote' | 'doc' | 'list';
  /** The here-document that is being read. */
  doc: { wanted: Bytes; strip: boolean } | null;
  /** The closing quote or bracket that is missing; '' when it is something else. */
  quote: Bytes;
}

export const editorOf = (sh: Shell): Editor => sh.editor as Editor;

/** Shows the prompt and the line anew. */
export function showPrompt(ed: Editor, tty: Tty): void {
  const nl = ed.prompt.lastIndexOf('\n');
  if (nl >= 0) tty.show(printable(ed.prompt.slice(0, nl + 1)));
  const done = redraw(ed.prompt, ed.edit, null, tty.cols);
  ed.shown = done.shown;
  tty.show(done.out);
}

/** Brings the screen to what the line is now. */
export function update(ed: Editor, tty: Tty): void {
  const done = redraw(ed.prompt, ed.edit, ed.shown, tty.cols);
  ed.shown = done.shown;
  tty.show(done.out);
}

/** One key; the work it starts, if it does. */
export function key(sh: Shell, tty: Tty, ed: Editor, k: Bytes): Op<number> | null {
  const { edit, what } = reduce(ed.edit, k, sh.history);
  ed.edit = edit;
  switch (what) {
    case 'bell':
      update(ed, tty);
      tty.show('\x07');
      return null;
    case 'clear':
      tty.show('\x1b[H\x1b[2J');
      ed.shown = null;
      showPrompt(ed, tty);
      return null;
    case 'interrupt':
      tty.show(`${leave(ed.prompt, ed.edit, ed.shown, tty.cols)}^C\n`);
      sh.status = 130;
      newPrompt(sh, tty, ed);
      return null;
    case 'eof':
      if (ed.lines !== '') {
        // End of file inside a command: bash words it and starts over.
        tty.show('\n');
        return enteredText(sh, ed.lines);
      }
      return runText(sh, 'exit', 1, false);
    case 'complete':
    case 'list':
      completion(sh, tty, ed, what === 'list');
      return null;
    case 'accept':
      return accept(sh, tty, ed);
    default:
      update(ed, tty);
      return null;
  }
}

function newPrompt(sh: Shell, tty: Tty, ed: Editor): void {
  ed.lines = '';
  ed.open = null;
  ed.entry = '';
  ed.edit = freshLine(ed.edit);
  ed.prompt = promptNow(sh, getVar(sh, 'PS1') ?? '');
  ed.shown = null;
  showPrompt(ed, tty);
}

function completion(sh: Shell, tty: Tty, ed: Editor, list: boolean): void {
  const found = complete(sh, ed.edit.line, ed.edit.point);
  const { line, point } = ed.edit;
  if (found.insert !== '') {
    ed.edit = { ...ed.edit, line: line.slice(0, found.from) + found.insert + line.slice(point), point: found.from + found.insert.length, last: found.candidates.length === 1 ? '' : 'complete' };
    update(ed, tty);
    if (found.insert !== line.slice(found.from, point)) return;
  }
  if (found.candidates.length === 0) {
    tty.show('\x07');
    return;
  }
  if (!list) {
    if (found.candidates.length > 1) tty.show('\x07');
    return;
  }
  tty.show(`${leave(ed.prompt, { ...ed.edit }, ed.shown, tty.cols)}\n${listing(found.candidates, tty.cols)}`);
  ed.shown = null;
  showPrompt(ed, tty);
}

/** Enter. */
function accept(sh: Shell, tty: Tty, ed: Editor): Op<number> | null {
  tty.show(`${leave(ed.prompt, ed.edit, ed.shown, tty.cols)}\n`);
  ed.shown = null;
  let line = ed.edit.line;
  ed.edit = freshLine(ed.edit);
  if (sh.flags.has('H') && line.includes('!') || line.startsWith('^')) {
    const h = expandHistory(sh, line);
    if (h.error !== null) {
      tty.show(`${sh.name}: ${h.error}\n`);
      newPrompt(sh, tty, ed);
      return null;
    }
    if (h.changed) {
      line = h.line;
      tty.show(`${line}\n`);
      if (h.printOnly) {
        remember(sh, line);
        newPrompt(sh, tty, ed);
        return null;
      }
    }
  }
  const was = ed.open;
  ed.entry = was === null ? line : joinLines(ed.entry, line, was.why);
  const text = was === null ? `${line}\n` : `${ed.lines}${line}\n`;
  ed.open = was !== null && staysOpen(was, line) ? was : leftOpen(text, sh.shopts.has('extglob'));
  if (ed.open !== null) {
    ed.lines = text;
    ed.prompt = promptNow(sh, getVar(sh, 'PS2') ?? '> ');
    showPrompt(ed, tty);
    return null;
  }
  remember(sh, ed.entry);
  return enteredText(sh, text);
}

/** True when `line` cannot end what is open; false asks for a look at the whole text. */
export function staysOpen(open: Open, line: Bytes): boolean {
  if (open.doc !== null) return (open.doc.strip ? line.replace(/^\t+/, '') : line) !== open.doc.wanted;
  // Within double quotes a line may open something else; within single ones nothing counts but the quote.
  return (open.quote === "'" && !line.includes("'")) || (open.quote === '"' && !/["$`\\]/.test(line));
}

/** What needs more lines: an open quote, compound command, here-document or a trailing backslash. */
export function leftOpen(text: Bytes, extglob: boolean): Open | null {
  const { error, unclosed } = checkSyntax(text, extglob);
  const continued = text.endsWith('\\\n') && /(^|[^\\])(\\\\)*\\\n$/.test(text);
  if (!continued && (error === null ? unclosed.length === 0 : !error.incomplete)) return null;
  const quote = /looking for matching `(.*)'$/.exec(error?.texts[0] ?? '')?.[1] ?? '';
  return { why: unclosed.length > 0 ? 'doc' : quote !== '' ? 'quote' : 'list', doc: unclosed[0] ?? null, quote };
}

/** The commands of an entered text. */
function* enteredText(sh: Shell, text: Bytes): Op<number> {
  sh.setOpts.delete('_warned');
  const parsed = parseShell(text, 1, sh.shopts.has('extglob'));
  let status = sh.status;
  for (const u of parsed.units) status = yield* runUnit(sh, u, false);
  if (parsed.error !== null) {
    yield* syntaxError(sh, parsed.error, '');
    sh.status = parsed.error.status;
    return sh.status;
  }
  return status;
}
