// vim, vi, nano: a process that waits while the page (or the command line) shows an editor pane. Counterpart: vim 9.0, GNU nano 7.2.
// The pane's save and quit come back through editorSave and editorQuit, with the rights of the editor's process.
// Of several files vim shows the next by :n, nano when the one in front is closed.
// Not modelled: swap files, several windows, :r and :! of vim.
import { type Errno, SysError, strerror } from '../lib/errno';
import type { Host } from '../host/host';
import type { EditorPane } from '../host/tty';
import { type Op, type Process, SIG } from '../host/process';
import type { Bytes } from '../lib/text';
import { err, readFile, sleep } from '../host/syscall';
import { sleepOn } from '../host/wait';
import { tryCall } from './io';
import { ttyOf } from './screen';

export type Flavour = 'vim' | 'nano';

const lineCount = (text: Bytes): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0));

/** What the editor says when it has opened a file. */
function openMessage(flavour: Flavour, path: Bytes, text: Bytes | null, error: Errno | null, readOnly: boolean): Bytes {
  if (flavour === 'nano') return error === 'ENOENT' ? '[ New File ]' : error !== null ? `[ Error reading ${path}: ${strerror(error)} ]` : `[ Read ${lineCount(text!)} line${lineCount(text!) === 1 ? '' : 's'}${readOnly ? ` (Warning: No write permission)` : ''} ]`;
  if (error === 'ENOENT') return `"${path}" [New]`;
  if (error === 'EISDIR') return `"${path}" is a directory`;
  if (error === 'EACCES') return `"${path}" [Permission Denied]`;
  if (error !== null) return `"${path}" ${strerror(error)}`;
  return `"${path}" ${readOnly ? '[readonly] ' : ''}${text !== '' && !text!.endsWith('\n') ? '[noeol] ' : ''}${lineCount(text!)}L, ${text!.length}B`;
}

/** Edits files on the terminal, the first in front: asks for a pane and sleeps until it is quit. */
export function* edit(p: Process, flavour: Flavour, args: readonly Bytes[], viewOnly: boolean): Op<number> {
  const screen = ttyOf(p, 1);
  const keys = ttyOf(p, 0);
  if (screen === null || keys === null) {
    if (flavour === 'nano') {
      yield* err(p, keys === null ? 'Standard input is not a terminal\n' : 'Error opening terminal: unknown.\n');
      return 1;
    }
    if (screen === null) yield* err(p, 'Vim: Warning: Output is not to a terminal\n');
    if (keys === null) yield* err(p, 'Vim: Warning: Input is not from a terminal\n');
    yield* sleep(p, 2e6);
    if (keys === null) {
      yield* err(p, 'Vim: Error reading input, exiting...\nVim: Finished.\n');
      return 1;
    }
  }
  const tty = screen ?? keys!;
  const queue = p.host.newQueue();
  const pane: EditorPane = { pid: p.pid, path: '', text: '', flavour, readOnly: viewOnly, message: '', queue, args, at: 0, viewOnly, failed: false, hadLast: args.length < 2, quitMore: false };
  if (args.length > 0) show(p, pane, args[0]!);
  if (flavour === 'vim' && args.length > 1) pane.message = `${args.length} files to edit\n${pane.message}`;
  tty.editor = pane;
  p.ignored.add(SIG.INT);
  p.ignored.add(SIG.TSTP);
  try {
    while (tty.editor !== null && tty.editor.pid === p.pid) yield* sleepOn([queue]);
    return 0;
  } finally {
    if (tty.editor?.pid === p.pid) tty.editor = null;
  }
}

/** Reads a file into the pane, with the rights of the editor's process. */
function show(p: Process, pane: EditorPane, path: Bytes): void {
  const content = path === '' ? { ok: '', errno: null } : tryCall(() => readFile(p, path));
  pane.path = path;
  pane.text = content.ok ?? '';
  pane.readOnly = pane.viewOnly || (content.errno === null && path !== '' && !mayWrite(p, path));
  pane.message = path === '' ? '' : openMessage(pane.flavour, path, content.ok, content.errno, pane.readOnly);
  pane.failed = content.errno !== null && content.errno !== 'ENOENT';
  pane.quitMore = false;
}

/** access(2) W_OK, which also fails on immutable files; a file nobody may write is read-only to vim even for root. */
function mayWrite(p: Process, path: Bytes): boolean {
  const st = tryCall(() => p.host.vfs.stat(p, path)).ok;
  return p.host.vfs.access(p, path, 2) && (st === null || (st.mode & 0o222) !== 0) && !/i/.test(tryCall(() => p.host.vfs.getAttrs(p, path)).ok ?? '');
}

const paneOf = (host: Host, ttyIndex: number): { pane: EditorPane; p: Process } | null => {
  const pane = host.ttys[ttyIndex]?.editor ?? null;
  const p = pane === null ? undefined : host.procs.get(pane.pid);
  return pane === null || p === undefined ? null : { pane, p };
};

/**
 * `:w [FILE]`: writes the pane's text with the rights of the editor's process and sets the message. `force` is the ! of `:w!`.
 * `other` is the FILE: a text without a name takes it. True when written.
 */
export function editorSave(host: Host, ttyIndex: number, text: Bytes, force = false, other: Bytes | null = null): boolean {
  const open = paneOf(host, ttyIndex);
  if (open === null) return false;
  const { pane: e, p } = open;
  e.quitMore = false;
  e.failed = true;
  const path = other ?? e.path;
  const vim = e.flavour === 'vim';
  if (path === '') {
    e.message = vim ? 'E32: No file name' : '[ Cancelled ]';
    return false;
  }
  const isNew = tryCall(() => host.vfs.lstat(p, path)).errno === 'ENOENT';
  if (vim && !force && path !== e.path && e.path !== '' && !isNew) {
    e.message = 'E13: File exists (add ! to override)';
    return false;
  }
  if (vim && !force && path === e.path && e.readOnly) {
    e.message = "E45: 'readonly' option is set (add ! to override)";
    return false;
  }
  const bytes = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  try {
    const f = host.vfs.open(p, path, { write: true, create: true, truncate: true }, 0o666);
    if (f.kind === 'inode') host.vfs.writeOpen(p, f, bytes);
  } catch (x) {
    if (!(x instanceof SysError)) throw x;
    e.message = vim ? (x.errno === 'EISDIR' ? `E17: "${path}" is a directory` : `"${path}" E212: Can't open file for writing`) : `[ Error writing ${path}: ${x.message} ]`;
    return false;
  }
  e.failed = false;
  const n = lineCount(bytes);
  if (e.path === '') e.path = path;
  if (path === e.path) e.text = bytes;
  e.message = vim ? `"${path}" ${isNew ? '[New] ' : ''}${n}L, ${bytes.length}B written` : `[ Wrote ${n} line${n === 1 ? '' : 's'} ]`;
  return true;
}

/** `:e FILE` by name, or a file of the command line (`:n`, `:N`, `:first`, `:last`). True when another text is in front; else the message says why not. */
export function editorOpen(host: Host, ttyIndex: number, what: { path: Bytes } | { go: 'next' | 'previous' | 'first' | 'last' }): boolean {
  const open = paneOf(host, ttyIndex);
  if (open === null) return false;
  const { pane: e, p } = open;
  e.quitMore = false;
  if ('path' in what) {
    show(p, e, what.path === '' ? e.path : what.path);
    return true;
  }
  const last = e.args.length - 1;
  const to = what.go === 'first' ? 0 : what.go === 'last' ? last : e.at + (what.go === 'next' ? 1 : -1);
  const why = last < 1 ? 'E163: There is only one file to edit' : to < 0 ? 'E164: Cannot go before first file' : to > last ? 'E165: Cannot go beyond last file' : null;
  if (why !== null) {
    e.message = why;
    e.failed = true;
    return false;
  }
  e.at = to;
  if (to === last) e.hadLast = true;
  show(p, e, e.args[to]!);
  return true;
}

/**
 * `:q`: the editor ends. With files not looked at yet vim says so the first time (check_more() in vim's arglist.c), unless `force`;
 * nano goes on to the next. True when it ended.
 */
export function editorQuit(host: Host, ttyIndex: number, force = false): boolean {
  const tty = host.ttys[ttyIndex];
  const e = tty?.editor ?? null;
  if (tty === undefined || e === null) return false;
  const left = e.args.length - 1 - e.at;
  if (left > 0 && !force && host.procs.has(e.pid)) {
    if (e.flavour === 'nano') {
      editorOpen(host, ttyIndex, { go: 'next' });
      return false;
    }
    if (!e.hadLast && !e.quitMore) {
      e.quitMore = true;
      e.failed = true;
      e.message = `E173: ${left} more file${left === 1 ? '' : 's'} to edit`;
      return false;
    }
  }
  tty.editor = null;
  host.wake(e.queue);
  return true;
}
