// The editor pane of a terminal: vim and nano ask for it, the page shows a real editor, save and quit come back as actions.
// In an ssh session the editor runs on the other host, with its files; only the pane's text does not travel over the lab's network.
import { editorOpen, editorQuit, editorSave } from '../commands/editor';
import type { Host } from '../host/host';
import { shownThere } from '../host/pty';
import { utf8Decode, utf8Encode } from '../lib/text';

/** The editor a terminal shows now, in Unicode; null when none. `args`: the files of its command line, `at` the newest of them shown; `pid` tells one editor from the next; `failed`: the message tells of something not done. */
export function editorOf(host: Host, tty: number): { path: string; text: string; flavour: 'vim' | 'nano'; readOnly: boolean; message: string; args: string[]; at: number; pid: number; failed: boolean } | null {
  const at = shownThere(host, tty);
  const e = at.host.ttys[at.tty]?.editor ?? null;
  return e === null ? null : { path: utf8Decode(e.path), text: utf8Decode(e.text), flavour: e.flavour, readOnly: e.readOnly, message: utf8Decode(e.message), args: e.args.map(utf8Decode), at: e.at, pid: e.pid, failed: e.failed };
}

/** What a pane can ask for, as the journal keeps it. */
export type EditorAction =
  | { do: 'editorSave'; host: string; tty: number; text: string; force?: boolean; /** :w FILE */ path?: string }
  | { do: 'editorOpen'; host: string; tty: number; /** :e FILE; '' the same again */ path?: string; /** :n, :N, :first, :last */ go?: 'next' | 'previous' | 'first' | 'last' }
  | { do: 'editorQuit'; host: string; tty: number; force?: boolean };

/** Does what a pane asked for; what the editor says of it is the pane's message. */
export function editorDoes(given: Host, a: EditorAction): void {
  const { host, tty } = shownThere(given, a.tty);
  switch (a.do) {
    case 'editorSave':
      editorSave(host, tty, utf8Encode(a.text), a.force ?? false, a.path === undefined ? null : utf8Encode(a.path));
      return;
    case 'editorOpen':
      editorOpen(host, tty, a.go === undefined ? { path: utf8Encode(a.path ?? '') } : { go: a.go });
      return;
    default:
      editorQuit(host, tty, a.force ?? false);
  }
}
