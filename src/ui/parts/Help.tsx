// The list of keys: first those that are the page's everywhere, then those a terminal keeps for itself.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons';
import css from './parts.module.css';
import { Sheet } from './Sheet';

export function Help({ close }: { close(): void }): JSX.Element {
  const { t } = useTranslation();
  const everywhere: [string[], string][] = [
    [['Ctrl K'], t('keys.palette')], [['Ctrl Enter'], t('keys.recheck')], [['Alt 1..9'], t('keys.focusHost')], [['Alt T'], t('keys.terminals')], [['Alt G'], t('keys.graph')], [['Alt H'], t('keys.hint')], [['Ctrl Alt Z'], t('keys.undo')],
    [['Ctrl Alt Shift Z'], t('keys.redo')], [['Ctrl Alt .', 'Ctrl Alt Shift .'], t('keys.pass')], [['Alt \\'], t('keys.layout')], [['Alt R'], t('keys.read')], [['F6', 'Shift F6'], t('keys.cycle')],
  ];
  const terminal: [string[], string][] = [[['Esc Esc'], t('keys.leave')], [['Ctrl C'], t('keys.interrupt')], [['Ctrl Shift C', 'Ctrl Shift V'], t('keys.copyPaste')], [['Ctrl Shift +', 'Ctrl Shift -'], t('keys.size')]];
  const outside: [string[], string][] = [
    [['Space'], t('keys.playPause')], [[',', '.'], t('keys.step')], [['[', ']'], t('keys.flow')], [['Home', 'End'], t('keys.ends')], [['L'], t('keys.live')], [['/'], t('keys.filter')], [['Enter'], t('keys.open')], [['← ↑ ↓ →'], t('keys.arrows')],
    [['Shift F10'], t('keys.menu')], [['?'], t('keys.help')],
  ];
  const group = (title: string, rows: [string[], string][]): JSX.Element => (
    <section aria-label={title}><h3>{title}</h3><dl>{rows.map(([keys, what]) => <div key={what}><dt>{keys.map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>)}</dl></section>
  );
  return (
    <Sheet label={t('keys.title')} close={close} wide>
      <div className="ph"><h2>{t('keys.title')}</h2><span className="sp" /><button type="button" className="ib sm" aria-label={t('app.close')} onClick={close}><Icon name="close" small /></button></div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className={css['keys']} tabIndex={0} role="group" aria-label={t('keys.title')}><div>{group(t('keys.everywhere'), everywhere)}</div><div>{group(t('keys.inTerminal'), terminal)}{group(t('keys.outside'), outside)}</div></div>
    </Sheet>
  );
}
