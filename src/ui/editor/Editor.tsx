// vim and nano as a pane: CodeMirror with vim keys, or plain with nano's two lines of help. Saving and quitting go to the program that waits.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap } from '@codemirror/view';
import { getCM, Vim, vim } from '@replit/codemirror-vim';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { session } from '../session';
import { type TermRef, useLab } from '../store';
import css from './editor.module.css';

interface Deeds { save(): boolean; quit(force: boolean): void }
let deeds: Deeds | null = null;
let taught = false;

/** `:w :wq :x :q :q!` reach the editor in front. */
function teachVim(): void {
  if (taught) return;
  taught = true;
  const force = (p: { argString?: string }): boolean => (p.argString ?? '').trim().startsWith('!');
  Vim.defineEx('write', 'w', () => { deeds?.save(); });
  Vim.defineEx('wq', 'wq', () => { if (deeds?.save()) deeds.quit(true); });
  Vim.defineEx('xit', 'x', () => { if (deeds?.save()) deeds.quit(true); });
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
  const asked = useRef(false);
  const lab = session().lab;
  const [open] = useState(() => lab.terminalEditor(term.host, term.tty));

  useEffect(() => {
    if (open === null) return;
    let savedText = open.text;
    const readOnly = useLab.getState().readOnly;
    const text = (): string => { const doc = view.state.doc.toString(); return doc === '' || doc.endsWith('\n') ? doc : `${doc}\n`; };
    const tell = (s: string): void => { setSaid(s); const cm = getCM(view); if (cm && open.flavour === 'vim') cm.openNotification?.(messageNode(s), { bottom: true, duration: 6000 }); };
    const mine: Deeds = {
      save() {
        if (readOnly) return false;
        const now = text();
        const message = lab.editorSave(term.host, term.tty, now);
        session().hooks.changed(true);
        tell(message);
        if (/^E\d+|denied|Error|cannot/i.test(message)) return false;
        savedText = now;
        return true;
      },
      quit(force) {
        if (!force && view.state.doc.toString().replace(/\n$/, '') !== savedText.replace(/\n$/, '')) {
          if (open.flavour === 'nano' && asked.current) { /* asked twice: throw away */ } else {
            asked.current = true;
            tell(open.flavour === 'nano' ? t('editor.unsaved') : `E37: ${t('editor.noWrite')}`);
            return;
          }
        }
        if (readOnly) return;
        lab.editorQuit(term.host, term.tty);
        session().hooks.changed(true);
        session().driver.kick();
        useLab.setState((s) => ({ version: s.version + 1 }));
        session().screen(term).focus();
      },
    };
    const nanoKeys = keymap.of([
      { key: 'Ctrl-o', preventDefault: true, run: () => { mine.save(); return true; } },
      { key: 'Ctrl-s', preventDefault: true, run: () => { mine.save(); return true; } },
      { key: 'Ctrl-x', preventDefault: true, run: () => { mine.quit(false); return true; } },
    ]);
    teachVim();
    const view = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: savedText.replace(/\n$/, ''),
        extensions: [open.flavour === 'vim' ? vim() : nanoKeys, history(), drawSelection(), highlightActiveLine(), keymap.of([...defaultKeymap, ...historyKeymap]), look, EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': open.path }), EditorView.lineWrapping],
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
