// The course: where you left off, its lessons in order, what to look at again, and the ways to sandbox, commands and terms.
import { type CSSProperties, type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Card as CardData } from '../../lesson/course_index';
import { modeOf, ModeGlyph, StateGlyph } from '../parts/glyphs';
import { Icon, lessonIcon } from '../parts/icons';
import { download, dropWork, type SavedWork } from '../persist';
import { workText } from '../record';
import { lessonHash } from '../route';
import { OpenRecord } from './OpenRecord';
import css from './catalogue.module.css';
import { type Course, hintsOf, isDone, useCourse, type Work } from './course';
import { Frame, Search } from './Frame';
import { Mini } from './Mini';
import { findLessons } from './search';

type Lang = 'zh' | 'en';
const useLang = (): Lang => (useTranslation().i18n.language === 'zh' ? 'zh' : 'en');

export function Catalogue(): JSX.Element {
  const { t } = useTranslation();
  const course = useCourse();
  const cards = course?.index.cards ?? [];
  const work: Work = course?.work ?? new Map();
  const done = (c: CardData): boolean => isDone(c, work);
  const newest = cards.filter((c) => work.has(c.id) && !done(c)).sort((a, b) => work.get(b.id)!.savedAt - work.get(a.id)!.savedAt)[0];
  const now = newest ?? cards.find((c) => !done(c) && c.track === 'core') ?? cards[0];
  return (
    <Frame here="course" refused={course?.refused ?? false}>
      <section className={css['hero']} aria-labelledby="hero">
        <div><h1 id="hero">{t('catalog.hero1')}<br />{t('catalog.hero2')}</h1><p className="muted" style={{ fontSize: 15, lineHeight: 1.7, marginTop: 12, maxWidth: 440 }}>{t('catalog.lead')}</p></div>
        {course && now && <Continue card={now} course={course} />}
      </section>
      {course === null ? <div className={css['grid']} style={{ marginTop: 60 }} aria-busy="true">{[0, 1, 2, 3].map((i) => <div key={i} className={`${css['card']} ${css['ghost']}`} />)}</div> : cards.length === 0 ? <p className="muted" style={{ marginTop: 30 }}>{t('catalog.empty')}</p> : <Ladder course={course} now={now} />}
      {course && <Below course={course} />}
      {course && course.index.problems.length > 0 && <div role="alert" style={{ marginTop: 20 }}><b className="fail">{t('catalog.problems')}</b>{course.index.problems.map((p) => <pre key={p} className="mono" style={{ fontSize: 12, whiteSpace: 'pre-wrap' }}>{p}</pre>)}</div>}
    </Frame>
  );
}

function Ladder({ course, now }: { course: Course; now: CardData | undefined }): JSX.Element {
  const { t } = useTranslation();
  const lang = useLang();
  const [text, setText] = useState('');
  const [coreOnly, setCoreOnly] = useState(false);
  const { index: { cards, chapters }, work } = course;
  const done = (c: CardData): boolean => isDone(c, work);
  const found = findLessons(text, cards).filter((c) => !coreOnly || c.track === 'core');
  const minutes = found.reduce((a, c) => a + c.minutes, 0);
  return (
    <section style={{ marginTop: 34 }} aria-label={t('catalog.ladder')}>
      <div className={css['bar']}>
        <h2>{t('catalog.ladder')}</h2><span className="dim">{t('catalog.done', { total: cards.length, done: cards.filter(done).length })} · {t('catalog.hours', { n: Math.round(minutes / 30) / 2 })}</span>
        <span className="sp" />
        <label className={css['core']}><input type="checkbox" checked={coreOnly} onChange={(e) => setCoreOnly(e.target.checked)} />{t('catalog.coreOnly')}</label>
        <Search text={text} set={setText} words={t('catalog.search')} />
      </div>
      <p className={found.length === 0 ? 'muted' : 'vh'} style={found.length === 0 ? { marginTop: 20 } : {}} role="status">{found.length === 0 ? t('catalog.noneFound', { text }) : text === '' ? '' : t('keys.found', { n: found.length })}</p>
      <div className={css['chapters']}>{chapters.map((ch, k) => {
        const list = found.filter((c) => c.chapter === ch.id);
        if (list.length === 0) return null;
        return (
          <section key={ch.id} className={css['chapter']} aria-label={ch[lang]}>
            <div className={css['name']}><span className="mono dim" style={{ fontSize: 12 }}>{String(k + 1).padStart(2, '0')}</span><h3>{ch[lang]}</h3><span className="dim" style={{ fontSize: 12 }}>{t('catalog.chapter', { done: list.filter(done).length, total: list.length })} · {t('catalog.minutes', { n: list.reduce((a, c) => a + c.minutes, 0) })}</span></div>
            <ul className={css['grid']}>{list.map((c, i) => <LessonCard key={c.id} c={c} n={cards.indexOf(c) + 1} work={work} now={c === now} first={i === 0} walked={i > 0 && done(list[i - 1]!)} />)}</ul>
          </section>
        );
      })}</div>
    </section>
  );
}

function Continue({ card, course }: { card: CardData; course: Course }): JSX.Element {
  const { t } = useTranslation();
  const lang = useLang();
  const work: (SavedWork & { seed: number }) | undefined = course.work.get(card.id);
  const at = Math.max(0, card.steps.findIndex((s) => s.id === work?.current));
  const step = card.steps[at];
  const mode = modeOf(card.id);
  const chapter = course.index.chapters.find((c) => c.id === card.chapter);
  const siblings = course.index.cards.filter((c) => c.chapter === card.chapter);
  const n = siblings.indexOf(card) + 1;
  const again = async (): Promise<void> => {
    if (work === undefined || !window.confirm(t('catalog.restartConfirm'))) return;
    download(`${card.id}.lvslab.json`, workText(work.seed, work));
    await dropWork(card.id, work.seed);
    location.hash = lessonHash(card.id, work.seed);
  };
  return (
    <section className={css['cont']} aria-label={t(work ? 'catalog.continue' : 'catalog.begin')}>
      <div className={css['tx']}>
        <span className="eyebrow">{mode && <ModeGlyph mode={mode} />} {chapter?.[lang]} · {n} / {siblings.length}</span>
        <h2 className={css['ctitle']}>{card.title[lang]}</h2>
        <p className="muted" style={{ margin: '6px 0 14px', fontSize: 12.5 }}>{work && step ? t('catalog.stepN', { n: at + 1, title: step[lang] }) : t('catalog.minutes', { n: card.minutes })}</p>
        <span className="sp" />
        <div className="row"><a className="btn p" style={{ height: 36, padding: '0 16px', textDecoration: 'none' }} href={lessonHash(card.id, work?.seed ?? 0)}><Icon name="play" small />{t(work ? 'catalog.continue' : 'catalog.begin')}</a>{work && <button type="button" className="btn q" style={{ height: 36 }} onClick={() => void again()}>{t('catalog.restart')}</button>}</div>
      </div>
      <div className={css['mini']}><Mini mode={mode ?? 'dr'} /></div>
    </section>
  );
}

function LessonCard({ c, n, work, now, first, walked }: { c: CardData; n: number; work: Work; now: boolean; first: boolean; walked: boolean }): JSX.Element {
  const { t } = useTranslation();
  const lang = useLang();
  const w = work.get(c.id);
  const passed = c.steps.filter((s) => w?.passed.includes(s.id)).length;
  const done = isDone(c, work);
  const mode = modeOf(c.id);
  const hints = hintsOf(c, work);
  return (
    <li><a className={`${css['card']} ${now ? css['now'] : ''}`} href={lessonHash(c.id, w?.seed ?? 0)} aria-labelledby={`card-${c.id}`} aria-describedby={`lead-${c.id} state-${c.id}`} style={{ '--wire': walked ? 'var(--ink-2)' : 'var(--line-2)' } as CSSProperties} data-first={first} data-walked={walked} data-lesson={c.id}>
      {now && <svg className={css['marker']} width="28" height="20" aria-hidden="true"><rect x="1.1" y="1.1" width="25.8" height="17.8" rx="5" fill="var(--bg-0)" stroke="var(--ink-1)" strokeWidth="2.2" /><rect x="8" y="6" width="12" height="8" rx="2" fill="var(--ink-1)" /></svg>}
      <span className="row" style={{ alignItems: 'flex-start' }}>{mode ? <ModeGlyph mode={mode} size={34} /> : <span className={css['glyph']}><Icon name={lessonIcon(c.id, c.kind)} size={30} /></span>}<span className="sp" />{c.track === 'optional' && <span className="pill">{t('catalog.optional')}</span>}{c.kind !== 'guided' && c.kind !== 'exam' && <span className="pill">{t(`kind.${c.kind}`)}</span>}<span className="mono dim" style={{ fontSize: 12 }}>{String(n).padStart(2, '0')}</span></span>
      <b id={`card-${c.id}`}>{c.title[lang]}</b><p id={`lead-${c.id}`}>{c.lead[lang]}</p>
      <span className="row" id={`state-${c.id}`} style={{ marginTop: 'auto', gap: 3 }}>
        {done ? <><StateGlyph state="passed" size={16} /><span className="muted" style={{ fontSize: 12, marginLeft: 4 }}>{t('catalog.finished')}{hints > 0 ? ` · ${t('catalog.hints', { n: hints })}` : ''}</span></> : c.steps.map((s) => <i key={s.id} className={`${css['seg']} ${w?.passed.includes(s.id) ? css['full'] : ''}`} />)}
        <span className="sp" /><span className="dim nw" style={{ fontSize: 12 }}>{passed > 0 && !done ? `${passed} / ${c.steps.length}` : t('catalog.minutes', { n: c.minutes })}</span>
      </span>
    </a></li>
  );
}

/** Below the ladder: the sandbox, the homework, and the finished lesson that needed most hints. */
function Below({ course }: { course: Course }): JSX.Element {
  const { t } = useTranslation();
  const lang = useLang();
  const { index, work } = course;
  const home = index.cards.find((c) => c.chapter === 'homework' && !isDone(c, work));
  const again = index.cards.filter((c) => isDone(c, work) && hintsOf(c, work) > 0).sort((a, b) => hintsOf(b, work) - hintsOf(a, work)).slice(0, 3);
  return (
    <section className={css['below']} aria-label={t('catalog.more')}>
      <a className={css['strip']} href="#/sandbox"><span className={css['sic']}><Icon name="flask" /></span><span><b>{t('catalog.sandbox')}</b><span>{t('catalog.sandboxLead')}</span></span><span className="btn sm">{t('catalog.open')}</span></a>
      {home && <a className={css['strip']} href={lessonHash(home.id, work.get(home.id)?.seed ?? 0)}><span className={css['sic']}><Icon name="send" /></span><span><b>{home.title[lang]}</b><span>{t('catalog.homework', { done: home.steps.filter((s) => work.get(home.id)?.passed.includes(s.id)).length, total: home.steps.length })}</span></span><span className="btn sm">{t(work.has(home.id) ? 'catalog.continue' : 'catalog.begin')}</span></a>}
      {again.map((c) => <a key={c.id} className={css['strip']} href={lessonHash(c.id, (work.get(c.id)?.seed ?? 0) + 1)} data-review={c.id}><span className={css['sic']}><Icon name="clock" /></span><span><b>{t('catalog.again', { title: c.title[lang] })}</b><span>{t('catalog.againLead', { n: hintsOf(c, work) })}</span></span><span className="btn sm">{t('catalog.minutes', { n: c.minutes })}</span></a>)}
      <OpenRecord lessons={index.cards.map((c) => c.id)} />
    </section>
  );
}
