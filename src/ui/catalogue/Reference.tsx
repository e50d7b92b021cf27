// The commands of the course: option, meaning, an example that runs in the sandbox, and the lesson that teaches it.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Entry, REFERENCE } from '../../lesson/reference';
import { Icon } from '../parts/icons';
import { lessonHash, tryHash } from '../route';
import css from './catalogue.module.css';
import { useCourse } from './course';
import { Frame, Search } from './Frame';
import { isCommand } from './search';

export function Reference({ q }: { q: string }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const course = useCourse();
  const [text, setText] = useState(q);
  const matches = (e: Entry): boolean => isCommand(text, e);
  const found = REFERENCE.flatMap((g) => g.entries).filter(matches).length;
  return (
    <Frame here="reference">
      <div className={css['bar']}><h1 className={css['h1']}>{t('catalog.reference')}</h1><span className="sp" /><Search text={text} set={setText} words={t('catalog.searchCommands')} /></div>
      <p className={css['lead']}>{t('catalog.referenceLead')}</p>
      <p className={found === 0 ? 'muted' : 'vh'} role="status">{found === 0 ? t('catalog.noneFound', { text }) : text === '' ? '' : t('keys.found', { n: found })}</p>
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
                  <dd><p>{e.means[lang]}</p><a className={css['try']} href={tryHash(e.host, e.example)} title={t('catalog.try')}><span className="dim">{e.host}#</span><span>{e.example}</span><Icon name="term" small /><span className="vh">{t('catalog.try')}</span></a></dd>
                  <dd className={css['taught']}>{lesson && <a href={lessonHash(lesson.id)}><Icon name="book" small /><span><span className="vh">{t('catalog.taught')}</span>{lesson.title[lang]}</span></a>}</dd>
                </div>
              );
            })}</dl>
          </section>
        );
      })}
    </Frame>
  );
}
