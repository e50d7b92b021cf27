// The editor pane of a terminal: vim and nano ask for it, the page shows a real editor, save and quit come back as actions.
import type { Host } from '../host/host';
import { SysError, strerror } from '../lib/errno';
import { utf8Decode, utf8Encode } from '../lib/text';

/** The editor a terminal shows now, in Unicode; null when none. */
export function editorOf(host: Host, tty: number): { path: string; text: string; flavour: 'vim' | 'nano'; readOnly: boolean; message: string } | null {
  const e = host.ttys[tty]?.editor ?? null;
  return e === null ? null : { path: e.path, text: utf8Decode(e.text), flavour: e.flavour, readOnly: e.readOnly, message: e.message };
}

/** `:w`: writes the file as the editor's process would and leaves the editor's message. */
export function saveEditor(host: Host, tty: number, text: string): void {
  const e = host.ttys[tty]?.editor ?? null;
  if (e === null) return;
  const bytes = utf8Encode(text.endsWith('\n') || text === '' ? text : `${text}\n`);
  const p = host.procs.get(e.pid) ?? null;
  try {
    const f = host.vfs.open(p, e.path, { write: true, create: true, truncate: true }, 0o666);
    if (f.kind === 'inode') host.vfs.writeOpen(p, f, bytes);
    const lines = bytes.split('\n').length - 1;
    e.text = bytes;
    e.message = e.flavour === 'vim' ? `"${e.path}" ${lines}L, ${bytes.length}B written` : `[ Wrote ${lines} line${lines === 1 ? '' : 's'} ]`;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    e.message = e.flavour === 'vim' ? (error.errno === 'EPERM' || error.errno === 'EACCES' ? `"${e.path}" E212: Can't open file for writing` : `E212: ${strerror(error.errno)}`) : `[ Error writing ${e.path}: ${strerror(error.errno)} ]`;
  }
}

/** `:q`: the editor's process goes on and ends. */
export function quitEditor(host: Host, tty: number): void {
  const t = host.ttys[tty];
  if (t?.editor == null) return;
  const { queue } = t.editor;
  t.editor = null;
  host.wake(queue);
}
