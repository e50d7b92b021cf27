// The commands of the course: option, meaning, an example that runs in the sandbox, and the lesson that teaches it.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Entry, REFERENCE } from '../../lesson/reference';
import { Icon } from '../parts/icons';
import { lessonHash, tryHash } from '../route';
import css from './catalogue.module.css';
import { useCourse } from './course';
import { Frame } from './Frame';

export function Reference(): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const course = useCourse();
  const [text, setText] = useState('');
  const q = text.trim().toLowerCase();
  const matches = (e: Entry): boolean => [e.option, e.example, e.means.zh, e.means.en].some((x) => x.toLowerCase().includes(q));
  return (
    <Frame here="reference">
      <div className={css['bar']}><h1 className={css['h1']}>{t('catalog.reference')}</h1><span className="sp" /><label className={css['search']}><Icon name="search" small /><input type="search" value={text} onChange={(e) => setText(e.target.value)} placeholder={t('catalog.searchCommands')} aria-label={t('catalog.searchCommands')} /></label></div>
      <p className="muted" style={{ marginBottom: 8 }}>{t('catalog.referenceLead')}</p>
      {!REFERENCE.some((g) => g.entries.some(matches)) && <p className="muted" role="status">{t('catalog.noneFound', { text })}</p>}
      {REFERENCE.map((g) => {
        const list = g.entries.filter(matches);
        return list.length > 0 && (
          <section key={g.id} className={css['group']} aria-label={g.title[lang]}>
            <h2>{g.title[lang]}</h2>
            <dl>{list.map((e) => {
              const lesson = course?.index.cards.find((c) => c.id === e.lesson);
              return (
                <div key={e.option} className={css['entry']}>
                  <dt><code>{e.option}</code></dt>
                  <dd><p>{e.means[lang]}{lesson && <> <a href={lessonHash(lesson.id)}>{lesson.title[lang]}</a></>}</p>
                    <a className={css['try']} href={tryHash(e.host, e.example)} title={t('catalog.try')}><span className="dim">{e.host}#</span> {e.example}<Icon name="term" small /></a></dd>
                </div>
              );
            })}</dl>
          </section>
        );
      })}
    </Frame>
  );
}
