// A notice under the terminals: the command just entered has full-width characters, and what bash made of them.
import { type JSX, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { fullWidth, halved } from '../../lesson/fullwidth';
import { insertText } from '../actions';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import { toBytes } from '../terminal/xterm';
import css from './fullwidth.module.css';

/** Journalled commands are byte strings; a character above 255 says that it was decoded already. */
const decoded = (text: string): string => ([...text].some((c) => c.charCodeAt(0) > 255) ? text : new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));

export function FullWidth(): JSX.Element | null {
  const { t } = useTranslation();
  const last = useLab((s) => s.undo);
  const tab = useLab((s) => s.mobileTab);
  const ready = useLab((s) => s.status === 'ready');
  const [closed, close] = useState<unknown>(null);
  const [pane, setPane] = useState<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pane is looked for again when the screen changes
  useEffect(() => setPane(document.querySelector('[data-pane=terminals]')), [last, tab, ready]);
  if (last === null || closed === last || pane === null || !ready) return null;
  const line = decoded(last.text);
  const marks = fullWidth(line);
  if (marks.length === 0) return null;
  const kinds = [...new Map(marks.map((m) => [m.wide, m])).values()];
  return createPortal(
    <div className={css['notice']} role="status" data-testid="fullwidth">
      <Icon name="warn" />
      <div>
        <p><b>{t('wide.title', { n: marks.length })}</b> <code>{[...line].map((c, i) => {
          const mark = marks.find((m) => m.at === i);
          // biome-ignore lint/suspicious/noArrayIndexKey: characters never move
          return mark === undefined ? c : <mark key={i}>{c}</mark>;
        })}</code></p>
        <ul>{kinds.map((m) => <li key={m.wide}>{t(`wide.${m.wide}`, { char: m.char === '\u3000' ? '　' : m.char, ascii: m.ascii })}</li>)}</ul>
        <div className="row" style={{ gap: 6, marginTop: 6 }}><button type="button" className="btn sm" onClick={() => { close(last); insertText(last.host, toBytes(halved(line, marks))); }}><Icon name="term" small />{t('wide.again')}</button></div>
      </div>
      <button type="button" className="ib sm" aria-label={t('app.close')} onClick={() => close(last)}><Icon name="close" small /></button>
    </div>,
    pane,
  );
}
