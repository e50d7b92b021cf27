// What the course's screens share: the top bar with the ways between them, and the page below it.
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../parts/icons';
import { TopBar } from '../parts/TopBar';
import css from './catalogue.module.css';

export type Screen = 'course' | 'reference' | 'glossary';

export function Frame({ here, children }: { here: Screen; children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const ways: [Screen | 'sandbox', string, IconName][] = [['course', '#/', 'list'], ['sandbox', '#/sandbox', 'branch'], ['reference', '#/reference', 'term'], ['glossary', '#/glossary', 'book']];
  return (
    <>
      <TopBar>
        <span className="vr wide" />
        <nav className={css['ways']} aria-label={t('catalog.ways')}>{ways.map(([id, href, icon]) => <a key={id} href={href} className={id === here ? css['here'] : ''} aria-current={id === here ? 'page' : undefined} aria-label={t(`catalog.${id}`)}><Icon name={icon} small /><span>{t(`catalog.${id}`)}</span></a>)}</nav>
        <span className="sp" />
      </TopBar>
      <div className={css['page']}><main className={css['main']}>{children}</main></div>
    </>
  );
}
