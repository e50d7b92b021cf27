// The editor pane of a terminal: vim and nano ask for it, the page shows a real editor, save and quit come back as actions.
import { editorQuit, editorSave } from '../commands/editor';
import type { Host } from '../host/host';
import { utf8Decode, utf8Encode } from '../lib/text';

/** The editor a terminal shows now, in Unicode; null when none. */
export function editorOf(host: Host, tty: number): { path: string; text: string; flavour: 'vim' | 'nano'; readOnly: boolean; message: string } | null {
  const e = host.ttys[tty]?.editor ?? null;
  return e === null ? null : { path: e.path, text: utf8Decode(e.text), flavour: e.flavour, readOnly: e.readOnly, message: e.message };
}

/** `:w` (or `:w!` with `force`): writes the file as the editor's process would and leaves the editor's message. */
export function saveEditor(host: Host, tty: number, text: string, force = false): void {
  editorSave(host, tty, utf8Encode(text), force);
}

/** `:q`: the editor's process goes on and ends. */
export function quitEditor(host: Host, tty: number): void {
  editorQuit(host, tty);
}
