// What the course's screens share: the top bar with the ways between them, and the page below it.
import { type JSX, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../parts/icons';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../title';
import css from './catalogue.module.css';

export type Screen = 'course' | 'reference' | 'glossary';

/** A screen of the course was on the page before this one: then the new one takes the focus, or a screen reader would stay on a link that is gone. */
let before = false;

export function Frame({ here, refused = false, children }: { here: Screen; /** The browser keeps nothing. */ refused?: boolean; children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  useTitle(t(`catalog.${here}`));
  useEffect(() => {
    if (before && (document.activeElement === null || document.activeElement === document.body)) main.current?.focus({ preventScroll: true });
    before = true;
  }, []);
  const ways: [Screen | 'sandbox', string, IconName][] = [['course', '#/', 'list'], ['sandbox', '#/sandbox', 'flask'], ['reference', '#/reference', 'term'], ['glossary', '#/glossary', 'book']];
  return (
    <>
      <button type="button" className={`btn ${css['skip']}`} onClick={() => main.current?.focus()}>{t('catalog.skip')}</button>
      <TopBar search>
        <span className="vr wide" />
        <nav className={css['ways']} aria-label={t('catalog.ways')}>{ways.map(([id, href, icon]) => <a key={id} href={href} className={id === here ? css['here'] : ''} aria-current={id === here ? 'page' : undefined}><Icon name={icon} small /><span>{t(`catalog.${id}`)}</span></a>)}</nav>
        <span className="sp" />
      </TopBar>
      {refused && <div className="strip" role="status"><Icon name="warn" /><span>{t('catalog.notKept')}</span></div>}
      <div className={css['page']}><main className={css['main']} ref={main} tabIndex={-1}>{children}</main></div>
    </>
  );
}

/** The field a screen is searched by. */
export function Search({ text, set, words }: { text: string; set(text: string): void; words: string }): JSX.Element {
  return <search className={css['search']}><Icon name="search" small /><input type="search" value={text} onChange={(e) => set(e.target.value)} placeholder={words} aria-label={words} autoComplete="off" spellCheck={false} /></search>;
}
