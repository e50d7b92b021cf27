// Values that mark themselves when they have just changed, and the command that prints a table, ready to be entered.
import { createContext, type JSX, type ReactNode, useContext, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { enterLine } from '../actions';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import css from './inspector.module.css';

/** When the table was opened: what is there from the start is not new. */
const Born = createContext(0);
export function Table({ children, command, host }: { children: ReactNode; command: string; host: string }): JSX.Element {
  const born = useRef(performance.now());
  return <Born.Provider value={born.current}>{children}<Same command={command} host={host} /></Born.Provider>;
}

/** A value; it lights up for a moment when it differs from what stood here before, or appears in an open table. */
export function V({ children, bold = false }: { children: string | number; bold?: boolean }): JSX.Element {
  const born = useContext(Born);
  const was = useRef<{ text: string; n: number } | null>(null);
  const text = String(children);
  if (was.current === null) was.current = { text, n: performance.now() - born > 800 ? 1 : 0 };
  else if (was.current.text !== text) was.current = { text, n: was.current.n + 1 };
  const { n } = was.current;
  return <span key={n} className={n > 0 ? css['fresh'] : ''} data-fresh={n > 0 ? n : undefined}>{bold ? <b>{text}</b> : text}</span>;
}

/** "On the command line: ..." - a click enters it on that host. */
export function Same({ command, host }: { command: string; host: string }): JSX.Element {
  const { t } = useTranslation();
  const readOnly = useLab((s) => s.readOnly || s.shown !== 'mine');
  return <p className={css['same']}>{t('inspect.sameAs')}<button type="button" className={css['command']} disabled={readOnly} title={t('inspect.runOn', { host })} onClick={() => enterLine(host, command)}><code>{command}</code><Icon name="term" small /></button></p>;
}

export function Empty({ children }: { children: ReactNode }): JSX.Element {
  return <p className={css['empty']}>{children}</p>;
}
