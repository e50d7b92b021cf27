// The words of the course in both languages, with where each is met first.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GLOSSARY, type Term } from '../../lesson/glossary';
import { Icon } from '../parts/icons';
import { lessonHash } from '../route';
import css from './catalogue.module.css';
import { useCourse } from './course';
import { Frame } from './Frame';

export function Glossary(): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const other = lang === 'zh' ? 'en' : 'zh';
  const course = useCourse();
  const [text, setText] = useState('');
  const q = text.trim().toLowerCase();
  const list = GLOSSARY.filter((g: Term) => [g.zh, g.en, ...g.also, g.means.zh, g.means.en].some((x) => x.toLowerCase().includes(q)));
  return (
    <Frame here="glossary">
      <div className={css['bar']}><h1 className={css['h1']}>{t('catalog.glossary')}</h1><span className="sp" /><label className={css['search']}><Icon name="search" small /><input type="search" value={text} onChange={(e) => setText(e.target.value)} placeholder={t('catalog.searchTerms')} aria-label={t('catalog.searchTerms')} /></label></div>
      {list.length === 0 && <p className="muted" role="status">{t('catalog.noneFound', { text })}</p>}
      <dl className={css['terms']}>{list.map((g) => {
        const place = course?.index.terms[g.id];
        const lesson = course?.index.cards.find((c) => c.id === place?.lesson);
        return (
          <div key={g.id} className={css['term']} data-term={g.id}>
            <dt><b>{g[lang]}</b>{g[other] !== g[lang] && <span lang={other === 'zh' ? 'zh-CN' : 'en'}>{g[other]}</span>}</dt>
            <dd><p>{g.means[lang]}</p><p className={css['meta']}>{g.also.length > 0 && <span>{t('catalog.also', { names: g.also.join('、') })}</span>}{lesson && <a href={lessonHash(lesson.id)}>{t('catalog.place', { title: lesson.title[lang] })}</a>}</p></dd>
          </div>
        );
      })}</dl>
    </Frame>
  );
}
