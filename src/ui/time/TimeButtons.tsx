// Buttons of time travel: take back and do again, go on from the instant shown, and the other ways the work went.
import { type JSX, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { hasWords, words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import { branchHere, broke, redo, switchBranch, undo } from '../work';
import css from './time.module.css';

/** A command or the words of an action. */
const named = (d: { text: string; host: string } | null): { text: string; host: string } => ({ host: d?.host ?? '', text: d === null ? '' : hasWords(`time.do.${d.text}`) ? words(`time.do.${d.text}`) : d.text });

export function UndoRedo(): JSX.Element {
  const { t } = useTranslation();
  const back = useLab((s) => s.undo);
  const again = useLab((s) => s.redo);
  const readOnly = useLab((s) => s.readOnly || s.shown !== 'mine');
  return (
    <span className="row" style={{ gap: 0 }}>
      <button type="button" className="ib" aria-label={t('time.undo')} disabled={back === null || readOnly} title={back === null ? t('lesson.undoNone') : `${t('time.undoWhat', named(back))}  Ctrl Alt Z`} onClick={() => void undo().catch(broke)}><Icon name="undo" /></button>
      <button type="button" className="ib" aria-label={t('time.redo')} disabled={again === null || readOnly} title={again === null ? t('time.redoNone') : `${t('time.redoWhat', named(again))}  Ctrl Alt Y`} onClick={() => void redo().catch(broke)}><span className={css['mirror']}><Icon name="undo" /></span></button>
    </span>
  );
}

/** Shown while an instant before now is looked at. */
export function BranchHere(): JSX.Element | null {
  const { t } = useTranslation();
  const mine = useLab((s) => s.shown === 'mine' && !s.readOnly);
  return mine ? <button type="button" className="btn sm" aria-label={t('time.branch')} title={t('time.branchTitle')} style={{ flex: 'none' }} onClick={branchHere}><Icon name="branch" small /><span className={css['wide']}>{t('time.branch')}</span></button> : null;
}

/** The ways left behind, to go back to. */
export function Branches(): JSX.Element | null {
  const { t } = useTranslation();
  const list = useLab((s) => s.branches);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (e: Event): void => { if (!(e.target as HTMLElement).closest(`.${css['menu']}`) && !button.current!.contains(e.target as Node)) setOpen(false); };
    const escape = (e: KeyboardEvent): void => { if (e.key === 'Escape') { setOpen(false); button.current?.focus(); } };
    document.querySelector<HTMLElement>(`.${css['menu']} button`)?.focus();
    window.addEventListener('pointerdown', away);
    window.addEventListener('keydown', escape);
    return () => { window.removeEventListener('pointerdown', away); window.removeEventListener('keydown', escape); };
  }, [open]);
  if (list.length === 0) return null;
  const place = button.current?.getBoundingClientRect();
  return (
    <>
      <button ref={button} type="button" className="btn sm" style={{ flex: 'none' }} aria-haspopup="menu" aria-expanded={open} title={t('time.waysTitle')} onClick={() => setOpen(!open)}><Icon name="branch" small />{t('time.ways', { n: list.length })}</button>
      {open && place !== undefined && createPortal(
        // Over everything: panes cut off what leaves them.
        <div className={css['menu']} style={{ right: window.innerWidth - place.right, bottom: window.innerHeight - place.top + 4 }} role="menu" aria-label={t('time.waysTitle')}>
          {list.map((b, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a way is known by its place
            <button key={n} type="button" role="menuitem" onClick={() => { setOpen(false); void switchBranch(n).catch(broke); }}>
              <b>{t('time.way', { n: n + 1 })}</b><span className="dim">{t('time.wayWhat', { commands: b.commands, seconds: (b.left / 1e6).toFixed(1) })}</span>{b.last !== '' && <code>{b.last}</code>}
            </button>
          ))}
        </div>, document.body,
      )}
    </>
  );
}
