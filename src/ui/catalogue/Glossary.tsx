// The words of the course in both languages, with where each is met first.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GLOSSARY, type Term } from '../../lesson/glossary';
import { lessonHash } from '../route';
import css from './catalogue.module.css';
import { useCourse } from './course';
import { Frame, Search } from './Frame';
import { findTerms } from './search';

const langOf = (text: string): string => (/[\u4e00-\u9fff]/.test(text) ? 'zh-CN' : 'en');

/** Other names that say more than the two that stand there already. */
const others = (g: Term): string[] => g.also.filter((x) => x.toLowerCase() !== g.zh.toLowerCase() && x.toLowerCase() !== g.en.toLowerCase());

export function Glossary({ q }: { q: string }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const other = lang === 'zh' ? 'en' : 'zh';
  const course = useCourse();
  const [text, setText] = useState(q);
  const list = text.trim() === '' ? GLOSSARY : findTerms(text);
  return (
    <Frame here="glossary">
      <div className={css['bar']}><h1 className={css['h1']}>{t('catalog.glossary')}</h1><span className="sp" /><Search text={text} set={setText} words={t('catalog.searchTerms')} /></div>
      <p className={css['lead']}>{t('catalog.glossaryLead')}</p>
      <p className={list.length === 0 ? 'muted' : 'vh'} role="status">{list.length === 0 ? t('catalog.noneFound', { text }) : text === '' ? '' : t('keys.found', { n: list.length })}</p>
      <dl className={css['terms']}>{list.map((g) => {
        const place = course?.index.terms[g.id];
        const lesson = course?.index.cards.find((c) => c.id === place?.lesson);
        const also = others(g);
        return (
          <div key={g.id} className={css['term']} data-term={g.id}>
            <dt><b>{g[lang]}</b>{g[other] !== g[lang] && <span lang={langOf(g[other])}>{g[other]}</span>}</dt>
            <dd><p>{g.means[lang]}</p><p className={css['meta']}>{also.length > 0 && <span>{t('catalog.also')}{also.map((x, i) => <span key={x}>{i > 0 ? t('catalog.comma') : ''}<span lang={langOf(x)}>{x}</span></span>)}</span>}{lesson && <a href={lessonHash(lesson.id)}>{t('catalog.place', { title: lesson.title[lang] })}</a>}</p></dd>
          </div>
        );
      })}</dl>
    </Frame>
  );
}
