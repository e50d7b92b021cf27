// vim, vi, nano: a process that waits while the page (or the command line) shows an editor pane. Counterpart: vim 9.0, GNU nano 7.2.
// The pane's save and quit come back through editorSave and editorQuit, with the rights of the editor's process.
// Not modelled: swap files, several windows; of several files the first is edited.
import { type Errno, SysError, strerror } from '../lib/errno';
import type { Host } from '../host/host';
import { type Op, type Process, SIG } from '../host/process';
import type { Bytes } from '../lib/text';
import { err, readFile, sleep } from '../host/syscall';
import { sleepOn } from '../host/host';
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

/** Edits a file on the terminal: asks for a pane and sleeps until it is quit. */
export function* edit(p: Process, flavour: Flavour, path: Bytes, forceReadOnly: boolean): Op<number> {
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
  const content = path === '' ? { ok: '', errno: null } : tryCall(() => readFile(p, path));
  const readOnly = forceReadOnly || (content.errno === null && path !== '' && !mayWrite(p, path));
  const queue = p.host.newQueue();
  tty.editor = { pid: p.pid, path, text: content.ok ?? '', flavour, readOnly, message: path === '' ? '' : openMessage(flavour, path, content.ok, content.errno, readOnly), queue };
  p.ignored.add(SIG.INT);
  p.ignored.add(SIG.TSTP);
  try {
    while (tty.editor !== null && tty.editor.pid === p.pid) yield* sleepOn([queue]);
    return 0;
  } finally {
    if (tty.editor?.pid === p.pid) tty.editor = null;
  }
}

/** access(2) W_OK, which also fails on immutable files; a file nobody may write is read-only to vim even for root. */
function mayWrite(p: Process, path: Bytes): boolean {
  const st = tryCall(() => p.host.vfs.stat(p, path)).ok;
  return p.host.vfs.access(p, path, 2) && (st === null || (st.mode & 0o222) !== 0) && !/i/.test(tryCall(() => p.host.vfs.getAttrs(p, path)).ok ?? '');
}

/** `:w`: writes the pane's text with the rights of the editor's process and sets the message. `force` is the ! of `:w!`. True when written. */
export function editorSave(host: Host, ttyIndex: number, text: Bytes, force = false): boolean {
  const e = host.ttys[ttyIndex]?.editor ?? null;
  if (e === null) return false;
  const p = host.procs.get(e.pid) ?? null;
  if (e.path === '') {
    e.message = e.flavour === 'vim' ? 'E32: No file name' : '[ Cancelled ]';
    return false;
  }
  if (e.readOnly && !force && e.flavour === 'vim') {
    e.message = "E45: 'readonly' option is set (add ! to override)";
    return false;
  }
  const bytes = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const isNew = tryCall(() => host.vfs.lstat(p as Process, e.path)).errno === 'ENOENT';
  try {
    const f = host.vfs.open(p, e.path, { write: true, create: true, truncate: true }, 0o666);
    if (f.kind === 'inode') host.vfs.writeOpen(p as Process, f, bytes);
  } catch (x) {
    if (!(x instanceof SysError)) throw x;
    e.message = e.flavour === 'vim' ? (x.errno === 'EISDIR' ? `E17: "${e.path}" is a directory` : `"${e.path}" E212: Can't open file for writing`) : `[ Error writing ${e.path}: ${x.message} ]`;
    return false;
  }
  const n = lineCount(bytes);
  e.text = bytes;
  e.message = e.flavour === 'vim' ? `"${e.path}" ${isNew ? '[New] ' : ''}${n}L, ${bytes.length}B written` : `[ Wrote ${n} line${n === 1 ? '' : 's'} ]`;
  return true;
}

/** `:q`: the editor ends. */
export function editorQuit(host: Host, ttyIndex: number): void {
  const tty = host.ttys[ttyIndex];
  const e = tty?.editor ?? null;
  if (tty === undefined || e === null) return;
  tty.editor = null;
  host.wake(e.queue);
}
