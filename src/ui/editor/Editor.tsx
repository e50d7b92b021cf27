// vim and nano as a pane: CodeMirror with vim keys, or plain with nano's two lines of help. Saving and quitting go to the program that waits.
import { defaultKeymap, deleteLine, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap } from '@codemirror/view';
import { getCM, Vim, vim } from '@replit/codemirror-vim';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { session } from '../session';
import { type TermRef, useLab } from '../store';
import css from './editor.module.css';

interface Deeds { save(force?: boolean): boolean; quit(force: boolean): void }
/** What nano asks in its last line but two. */
type Asked = 'name' | 'modified' | 'nameThenExit';
let deeds: Deeds | null = null;
let taught = false;

/** `:w :wq :x :q :q!` reach the editor in front. */
function teachVim(): void {
  if (taught) return;
  taught = true;
  const force = (p: { argString?: string }): boolean => (p.argString ?? '').trim().startsWith('!');
  Vim.defineEx('write', 'w', (_cm: unknown, p: { argString?: string }) => { deeds?.save(force(p)); });
  Vim.defineEx('wq', 'wq', (_cm: unknown, p: { argString?: string }) => { if (deeds?.save(force(p))) deeds.quit(true); });
  Vim.defineEx('xit', 'x', (_cm: unknown, p: { argString?: string }) => { if (deeds?.save(force(p))) deeds.quit(true); });
  Vim.defineEx('quit', 'q', (_cm: unknown, p: { argString?: string }) => deeds?.quit(force(p)));
}

const look = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--f-term)', backgroundColor: 'var(--bg-term)', color: 'var(--t-fg)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: 'var(--lh-term)', padding: '8px 10px', fontVariantLigatures: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--t-fg)' }, '&.cm-focused': { outline: 'none' }, '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-fat-cursor': { background: 'var(--t-fg) !important', color: 'var(--bg-term) !important' }, '&:not(.cm-focused) .cm-fat-cursor': { background: 'none !important', outline: '1px solid var(--t-dim)' },
  '.cm-selectionBackground': { background: 'var(--t-sel) !important' },
  '.cm-vim-panel, .cm-panels': { fontFamily: 'var(--font-mono)', backgroundColor: 'var(--bg-term)', color: 'var(--t-fg)', borderColor: 'var(--line-1)' }, '.cm-vim-panel input': { fontFamily: 'var(--font-mono)', fontSize: 'var(--f-term)', color: 'var(--t-fg)' },
});

export default function Editor({ term }: { term: TermRef }): JSX.Element | null {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const asked = useRef<Asked | null>(null);
  const lab = session().lab;
  const [open] = useState(() => lab.terminalEditor(term.host, term.tty));

  useEffect(() => {
    if (open === null) return;
    let savedText = open.text;
    const readOnly = useLab.getState().readOnly;
    const text = (): string => { const doc = view.state.doc.toString(); return doc === '' || doc.endsWith('\n') ? doc : `${doc}\n`; };
    const tell = (s: string): void => { setSaid(s); const cm = getCM(view); if (cm && open.flavour === 'vim') cm.openNotification?.(messageNode(s), { bottom: true, duration: 6000 }); };
    const mine: Deeds = {
      save(force = false) {
        if (readOnly) return false;
        const now = text();
        let message: string;
        if (force) {
          lab.act({ do: 'editorSave', host: term.host, tty: term.tty, text: now, force: true });
          message = lab.terminalEditor(term.host, term.tty)?.message ?? '';
        } else message = lab.editorSave(term.host, term.tty, now);
        session().hooks.changed(true);
        tell(message);
        if (/\bE\d+:|denied|error|cannot/i.test(message)) return false;
        savedText = now;
        return true;
      },
      quit(force) {
        if (!force && view.state.doc.toString().replace(/\n$/, '') !== savedText.replace(/\n$/, '')) {
          if (open.flavour === 'nano') ask('modified');
          else tell('E37: No write since last change (add ! to override)');
          return;
        }
        if (readOnly) return;
        lab.editorQuit(term.host, term.tty);
        session().hooks.changed(true);
        session().driver.kick();
        useLab.setState((s) => ({ version: s.version + 1 }));
        session().screen(term).focus();
      },
    };
    const ask = (what: Asked | null): void => {
      asked.current = what;
      setSaid(what === null ? '' : what === 'modified' ? 'Save modified buffer (ANSWERING "No" WILL DESTROY CHANGES) ?   Y Yes   N No   ^C Cancel' : `File Name to Write: ${open.path}`);
    };
    /** While nano asks, keys answer; none reaches the text. */
    const answer = EditorView.domEventHandlers({
      keydown(e) {
        const what = asked.current;
        if (what === null || ['Control', 'Shift', 'Alt', 'Meta'].includes(e.key)) return false;
        e.preventDefault();
        const key = e.key.toLowerCase();
        if (e.key === 'Escape' || (e.ctrlKey && key === 'c')) { ask(null); setSaid('[ Cancelled ]'); }
        else if (what === 'modified') {
          if (key === 'y') ask('nameThenExit');
          else if (key === 'n') { ask(null); mine.quit(true); }
        } else if (e.key === 'Enter') { ask(null); if (mine.save() && what === 'nameThenExit') mine.quit(true); }
        return true;
      },
    });
    let cutText = '';
    const nanoKeys = keymap.of([
      { key: 'Ctrl-k', preventDefault: true, run: (v) => { const line = v.state.doc.lineAt(v.state.selection.main.head); cutText = `${line.text}\n`; return deleteLine(v); } },
      { key: 'Ctrl-u', preventDefault: true, run: (v) => { if (cutText !== '') v.dispatch(v.state.replaceSelection(cutText)); return true; } },
      { key: 'Ctrl-o', preventDefault: true, run: () => { ask('name'); return true; } },
      { key: 'Ctrl-x', preventDefault: true, run: () => { mine.quit(false); return true; } },
    ]);
    teachVim();
    const view = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: savedText.replace(/\n$/, ''),
        extensions: [open.flavour === 'vim' ? vim() : [Prec.highest(answer), nanoKeys], history(), drawSelection(), highlightActiveLine(), keymap.of([...defaultKeymap, ...historyKeymap]), look, EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': open.path }), EditorView.lineWrapping],
      }),
    });
    const front = (): void => { deeds = mine; };
    view.contentDOM.addEventListener('focus', front);
    front();
    view.focus();
    if (open.message !== '') tell(open.message);
    return () => { if (deeds === mine) deeds = null; view.destroy(); };
    // biome-ignore lint/correctness/useExhaustiveDependencies: an editor lives as long as its file is open
  }, []);

  if (open === null) return null;
  return (
    <>
      {open.flavour === 'nano' && <div className={css['title']}>GNU nano&nbsp;&nbsp;&nbsp;{open.path}</div>}
      <div ref={box} className={css['box']} data-editor={open.path} />
      <div className={css['bar']}><span className="mono">{open.path}</span><span className="sp" /><span role="status">{open.flavour === 'nano' ? said : ''}</span><span className="dim">{t(open.flavour === 'nano' ? 'editor.nano' : 'editor.vim')}</span></div>
    </>
  );
}

function messageNode(text: string): HTMLElement {
  const e = document.createElement('span');
  e.textContent = text;
  return e;
}
