// What is shown instead of a screen that cannot be: an address without a page, a lesson that did not pass its checks.
import { type JSX, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Card } from '../../lesson/course_index';
import { lessonHash } from '../route';
import { useTitle } from '../title';
import css from './parts.module.css';
import { TopBar } from './TopBar';

/** A page in words, with a way back. */
export function Trouble({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <>
      <TopBar><span className="sp" /></TopBar>
      <main className={css['trouble']}>
        <div role="alert"><h1>{title}</h1>{children}</div>
        <nav className="row" aria-label={t('catalog.ways')}><a className="btn p" href="#/">{t('app.backToCourse')}</a><a className="btn" href="#/sandbox">{t('catalog.sandbox')}</a><a className="btn q" href="#/reference">{t('catalog.reference')}</a></nav>
      </main>
    </>
  );
}

/** An address that names nothing; lessons called alike are offered. */
export function NoSuchPage({ address, lesson }: { address: string; lesson?: string }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const [near, setNear] = useState<{ id: string; title: string }[]>([]);
  useEffect(() => {
    let gone = false;
    // A lesson called nearly so; else those that share the longest part of the wrong name.
    const parts = (lesson ?? '').split('-').filter((p) => p.length > 2).sort((a, b) => b.length - a.length);
    if (lesson !== undefined) void Promise.all([import('virtual:course/_index'), import('../../lesson/nearest')]).then(([{ default: index }, { nearest }]) => {
      const best = nearest(lesson, index.cards.map((c: Card) => c.id));
      const found: Card[] = best !== null ? index.cards.filter((c: Card) => c.id === best) : parts.map((p) => index.cards.filter((c: Card) => c.id.includes(p))).find((l) => l.length > 0) ?? [];
      if (!gone) setNear(found.slice(0, 4).map((c) => ({ id: c.id, title: c.title[lang] })));
    }).catch(() => {}); // the page stands without it
    return () => { gone = true; };
  }, [lesson, lang]);
  return (
    <Trouble title={t(lesson === undefined ? 'app.noPage' : 'app.noLesson')}>
      <p className="muted">{t('app.noPageWhy')} <code>{address}</code></p>
      {near.length > 0 && <><p style={{ marginTop: 14 }}>{t('app.near')}</p><ul>{near.map((n) => <li key={n.id}><a href={lessonHash(n.id)}>{n.title}</a></li>)}</ul></>}
    </Trouble>
  );
}

/** A lesson whose files did not pass their checks. */
export function BrokenLesson({ problems }: { problems: string[] }): JSX.Element {
  const { t } = useTranslation();
  return <Trouble title={t('app.brokenLesson')}><p className="muted">{t('app.brokenWhy')}</p>{problems.map((p) => <pre key={p} className="mono">{p}</pre>)}</Trouble>;
}
