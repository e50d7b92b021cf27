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

interface Deeds {
  /** `:w [FILE]`; true when written. */
  save(force?: boolean, other?: string): boolean;
  quit(force: boolean): void;
  /** `:e [FILE]`, `:n` and its like. */
  open(what: { path: string } | { go: 'next' | 'previous' | 'first' | 'last' }, force: boolean): void;
  args(): string;
}
/** What nano asks in its last line but two. */
type Asked = 'name' | 'modified' | 'nameThenExit';
let deeds: Deeds | null = null;
let taught = false;

/** vim's commands about files reach the editor in front. */
function teachVim(): void {
  if (taught) return;
  taught = true;
  /** What stands after the command: its ! and its words. */
  const said = (p: { argString?: string }): { force: boolean; rest: string } => {
    const m = /^(!?)\s*(.*?)\s*$/.exec(p.argString ?? '')!;
    return { force: m[1] === '!', rest: m[2]! };
  };
  const ex = (name: string, short: string, f: (d: Deeds, force: boolean, rest: string) => void): void => Vim.defineEx(name, short, (_cm: unknown, p: { argString?: string }) => { const { force, rest } = said(p); if (deeds !== null) f(deeds, force, rest); });
  ex('write', 'w', (d, force, rest) => d.save(force, rest === '' ? undefined : rest));
  for (const [name, short] of [['wq', 'wq'], ['xit', 'x']] as const) ex(name, short, (d, force) => { if (d.save(force)) d.quit(force); });
  for (const [name, short] of [['wqall', 'wqa'], ['xall', 'xa']] as const) ex(name, short, (d, force) => { if (d.save(force)) d.quit(true); });
  ex('quit', 'q', (d, force) => d.quit(force));
  ex('qall', 'qa', (d, force) => d.quit(force));
  ex('edit', 'e', (d, force, rest) => d.open({ path: rest }, force));
  ex('next', 'n', (d, force) => d.open({ go: 'next' }, force));
  ex('previous', 'prev', (d, force) => d.open({ go: 'previous' }, force));
  ex('Next', 'N', (d, force) => d.open({ go: 'previous' }, force));
  ex('first', 'fir', (d, force) => d.open({ go: 'first' }, force));
  ex('rewind', 'rew', (d, force) => d.open({ go: 'first' }, force));
  ex('last', 'la', (d, force) => d.open({ go: 'last' }, force));
  ex('wnext', 'wn', (d, force) => { if (d.save(force)) d.open({ go: 'next' }, force); });
  ex('args', 'ar', (d) => d.args());
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
  const [path, setPath] = useState(open?.path ?? '');

  useEffect(() => {
    if (open === null) return;
    let savedText = open.text;
    let shownPath = open.path;
    const readOnly = useLab.getState().readOnly;
    const text = (): string => { const doc = view.state.doc.toString(); return doc === '' || doc.endsWith('\n') ? doc : `${doc}\n`; };
    const tell = (s: string): void => { setSaid(s); const cm = getCM(view); if (cm && open.flavour === 'vim') cm.openNotification?.(messageNode(s), { bottom: true, duration: 6000 }); };
    const mine: Deeds = {
      save(force = false, other) {
        if (readOnly) return false;
        const now = text();
        lab.act({ do: 'editorSave', host: term.host, tty: term.tty, text: now, ...(force ? { force } : {}), ...(other === undefined ? {} : { path: other }) });
        const pane = lab.terminalEditor(term.host, term.tty);
        session().hooks.changed(true);
        const message = pane?.message ?? '';
        tell(message);
        if (pane === null || pane.failed) return false;
        if (other === undefined || pane.path === other) savedText = now;
        setPath(pane.path);
        return true;
      },
      quit(force) {
        if (!force && modified()) {
          if (open.flavour === 'nano') ask('modified');
          else tell('E37: No write since last change (add ! to override)');
          return;
        }
        if (readOnly) return;
        lab.act({ do: 'editorQuit', host: term.host, tty: term.tty, ...(force ? { force } : {}) });
        session().hooks.changed(true);
        const pane = lab.terminalEditor(term.host, term.tty);
        if (pane !== null) { inFront(); return; }
        session().driver.kick();
        useLab.setState((s) => ({ version: s.version + 1 }));
        session().screen(term).focus();
      },
      open(what, force) {
        if (readOnly) return;
        if (!force && modified()) { tell('E37: No write since last change (add ! to override)'); return; }
        lab.act({ do: 'editorOpen', host: term.host, tty: term.tty, ...what });
        session().hooks.changed(true);
        inFront();
      },
      args() {
        const pane = lab.terminalEditor(term.host, term.tty);
        const list = (pane?.args ?? []).map((a, i) => (i === pane!.at ? `[${a}]` : a)).join('  ');
        tell(list);
        return list;
      },
    };
    const modified = (): boolean => view.state.doc.toString().replace(/\n$/, '') !== savedText.replace(/\n$/, '');
    /** The text that the waiting program holds now, with what it says of it. */
    const inFront = (): void => {
      const pane = lab.terminalEditor(term.host, term.tty);
      if (pane === null) return;
      if (pane.path !== shownPath || pane.text !== savedText || modified()) {
        savedText = pane.text;
        shownPath = pane.path;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: savedText.replace(/\n$/, '') }, selection: { anchor: 0 } });
        setPath(pane.path);
      }
      tell(pane.message);
    };
    const ask = (what: Asked | null): void => {
      asked.current = what;
      setSaid(what === null ? '' : what === 'modified' ? 'Save modified buffer (ANSWERING "No" WILL DESTROY CHANGES) ?   Y Yes   N No   ^C Cancel' : `File Name to Write: ${shownPath}`);
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
          else if (key === 'n') { ask(null); savedText = text(); mine.quit(false); }
        } else if (e.key === 'Enter') { ask(null); if (mine.save() && what === 'nameThenExit') mine.quit(false); }
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
      {open.flavour === 'nano' && <div className={css['title']}>GNU nano&nbsp;&nbsp;&nbsp;{path}</div>}
      <div ref={box} className={css['box']} data-editor={path} />
      <div className={css['bar']}><span className="mono">{path}</span><span className="sp" /><span role="status">{open.flavour === 'nano' ? said : ''}</span><span className="dim">{t(open.flavour === 'nano' ? 'editor.nano' : 'editor.vim')}</span></div>
    </>
  );
}

function messageNode(text: string): HTMLElement {
  const e = document.createElement('span');
  e.textContent = text;
  return e;
}
