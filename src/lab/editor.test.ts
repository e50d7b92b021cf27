// vim's and nano's side of the pane: files of the command line, :w, :e, :n and :q as vim 9.0 answered them in a terminal.
import { expect, test } from 'vitest';
import { Lab } from './lab';
import type { Topology } from './topology';
import type { EditorAction } from './editor';

type Ask = EditorAction extends infer A ? (A extends EditorAction ? Omit<A, 'host' | 'tty'> : never) : never;
const topology: Topology = { image: 'el', segments: [{ name: 'lan' }], hosts: [{ name: 'h', interfaces: { eth0: { segment: 'lan', address: '10.0.0.1/24' } } }] };

/** What the editor says when it opens and after each request; '(ended)' when it is gone. */
function said(command: string, asks: Ask[]): string[] {
  const lab = Lab.create(topology, { seed: 1 });
  lab.exec('h', 'printf "one\\n" > a; printf "x\\ny\\n" > b; : > c; printf "no end" > d; echo r > r; chattr +i r; mkdir dir');
  lab.type('h', 0, `${command}\r`);
  lab.advance(100_000);
  const now = (): string => lab.terminalEditor('h', 0)?.message ?? '(ended)';
  return [now(), ...asks.map((a) => { lab.act({ ...a, host: 'h', tty: 0 } as EditorAction); lab.advance(1000); return now(); })];
}
const save = (text: string, more: { force?: boolean; path?: string } = {}): Ask => ({ do: 'editorSave', text, ...more });
const go = (to: 'next' | 'previous' | 'first' | 'last'): Ask => ({ do: 'editorOpen', go: to });
const e = (path: string): Ask => ({ do: 'editorOpen', path });
const q: Ask = { do: 'editorQuit' };

test.each<[string, Ask[], string[]]>([
  ['vim a', [save('two\n'), q], ['"a" 1L, 4B', '"a" 1L, 4B written', '(ended)']],
  ['vim new', [save('hi\n'), e('')], ['"new" [New]', '"new" [New] 1L, 3B written', '"new" 1L, 3B']],
  ['vim d', [], ['"d" [noeol] 1L, 6B']],
  ['vim dir', [save('x\n')], ['"dir" is a directory', 'E17: "dir" is a directory']],
  ['vim', [save('hi\n'), save('hi\n', { path: 'n' }), save('ho\n')], ['', 'E32: No file name', '"n" [New] 1L, 3B written', '"n" 1L, 3B written']],
  ['vim a b', [q, q], ['2 files to edit\n"a" 1L, 4B', 'E173: 1 more file to edit', '(ended)']],
  ['vim a b c', [q, go('next'), q], ['3 files to edit\n"a" 1L, 4B', 'E173: 2 more files to edit', '"b" 2L, 4B', 'E173: 1 more file to edit']],
  ['vim a b', [go('previous'), go('next'), go('next'), go('first'), q], ['2 files to edit\n"a" 1L, 4B', 'E164: Cannot go before first file', '"b" 2L, 4B', 'E165: Cannot go beyond last file', '"a" 1L, 4B', '(ended)']],
  ['vim a', [go('next'), e('c'), save(''), save('', { path: 'a' }), save('', { path: 'a', force: true })], ['"a" 1L, 4B', 'E163: There is only one file to edit', '"c" 0L, 0B', '"c" 0L, 0B written', 'E13: File exists (add ! to override)', '"a" 0L, 0B written']],
  ['vim -R a b', [save('x\n'), go('next'), save('x\n', { force: true })], ['2 files to edit\n"a" [readonly] 1L, 4B', "E45: 'readonly' option is set (add ! to override)", '"b" [readonly] 2L, 4B', '"b" 1L, 2B written']],
  ['vim r', [save('x\n'), save('x\n', { force: true })], ['"r" [readonly] 1L, 2B', "E45: 'readonly' option is set (add ! to override)", '"r" E212: Can\'t open file for writing']],
  ['nano a b', [q, q], ['[ Read 1 line ]', '[ Read 2 lines ]', '(ended)']],
  ['nano new', [save('hi\n')], ['[ New File ]', '[ Wrote 1 line ]']],
])('%s', (command, asks, answers) => {
  expect(said(command, asks)).toEqual(answers);
});
