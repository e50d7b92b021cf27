// Buttons of time travel: take back and do again, go on from the instant shown, and the other ways the work went.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { passTime, stopPassing } from '../actions';
import { hasWords, words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import { branchHere, broke, redo, switchBranch, undo } from '../work';
import { Popup } from './Popup';
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

/** Skips waiting: so much time, or until what runs has ended. While time passes the same button stops it. */
export function PassTime(): JSX.Element {
  const { t } = useTranslation();
  const off = useLab((s) => s.readOnly || s.shown !== 'mine');
  const busy = useLab((s) => Object.values(s.busy).some((x) => x));
  const passing = useLab((s) => s.passing);
  if (passing) return <button type="button" className="ib on" aria-label={t('time.passStop')} title={t('time.passStop')} onClick={stopPassing}><Icon name="ahead" /></button>;
  const item = (name: string, what: number | 'commands', close: () => void, keys = ''): JSX.Element => (
    <button key={name} type="button" role="menuitem" disabled={what === 'commands' && !busy} className={css['pass']} onClick={() => { close(); passTime(what); }}><span>{name}</span>{keys !== '' && <kbd>{keys}</kbd>}</button>
  );
  return (
    <Popup className="ib" label={t('time.pass')} title={`${t('time.passTitle')}  Ctrl Alt .`} face={<Icon name="ahead" />} width={300} disabled={off}>
      {(close) => [item(t('time.passSeconds', { n: 10 }), 10e6, close, 'Ctrl Alt .'), item(t('time.passMinutes', { n: 1 }), 60e6, close, 'Ctrl Alt Shift .'), item(t('time.passMinutes', { n: 15 }), 900e6, close), item(t('time.passCommands'), 'commands', close)]}
    </Popup>
  );
}

/** The ways left behind, to go back to. */
export function Branches(): JSX.Element | null {
  const { t } = useTranslation();
  const list = useLab((s) => s.branches);
  if (list.length === 0) return null;
  return (
    <Popup className="btn sm" label={t('time.ways', { n: list.length })} title={t('time.waysTitle')} face={<><Icon name="branch" small />{t('time.ways', { n: list.length })}</>}>
      {(close) => list.map((b, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a way is known by its place
        <button key={n} type="button" role="menuitem" onClick={() => { close(); void switchBranch(n).catch(broke); }}>
          <b>{t('time.way', { n: n + 1 })}</b><span className="dim">{t('time.wayWhat', { commands: b.commands, seconds: (b.left / 1e6).toFixed(1) })}</span>{b.last !== '' && <code>{b.last}</code>}
        </button>
      ))}
    </Popup>
  );
}
