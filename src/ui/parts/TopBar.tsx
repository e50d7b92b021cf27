// The bar on top of every screen: where you are, how far, whether it is saved, language and theme.
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, setLanguage } from '../i18n/i18n';
import { setTheme, theme } from '../prefs';
import { useLab } from '../store';
import { Icon, Logo } from './icons';

/** `search`: the palette is for finding lessons, commands and terms here, and is called so. */
export function TopBar({ children, search = false }: { children: ReactNode; search?: boolean }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <header className="top">
      <a className="logo" href="#/" aria-label={t('app.name')} style={{ color: 'inherit', textDecoration: 'none' }}><Logo /><span className="wide">{t('app.name')}</span></a>
      {children}
      <button type="button" className="btn q" onClick={() => useLab.setState({ palette: true })} aria-label={t(search ? 'catalog.find' : 'app.palette')} aria-keyshortcuts="Control+K"><Icon name="search" /><span className="wide">{t(search ? 'catalog.find' : 'app.palette')}</span><kbd className="wide">Ctrl K</kbd></button>
      <span className="vr wide" />
      <span className="seg" role="group" aria-label={t('app.language')}>{(['zh', 'en'] as Language[]).map((l) => <button key={l} type="button" lang={l === 'zh' ? 'zh-CN' : 'en'} className={i18n.language === l ? 'on' : ''} aria-pressed={i18n.language === l} onClick={() => void setLanguage(l)}>{l === 'zh' ? '中' : 'EN'}</button>)}</span>
      <button type="button" className="ib" aria-label={t('app.theme')} title={t('app.theme')} onClick={() => setTheme(theme() === 'dark' ? 'light' : 'dark')}><Icon name="sun" /></button>
    </header>
  );
}

/** Saved, saving, or not kept. */
export function Saved(): JSX.Element {
  const { t } = useTranslation();
  const saved = useLab((s) => s.saved);
  return <span className="dim row wide" style={{ fontSize: 12, gap: 5, marginRight: 6 }} role="status">{saved === 'no' ? <Icon name="warn" small /> : <Icon name="check" small />}{t(saved === 'saved' ? 'app.saved' : saved === 'saving' ? 'app.saving' : 'app.notSaved')}</span>;
}
