// The course: where you left off, and its lessons in order.
import { type CSSProperties, type JSX, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { courseCards } from '../lessons';
import type { CardShown } from '../lesson/shown';
import { ModeGlyph, StateGlyph } from '../parts/glyphs';
import { Icon, lessonIcon } from '../parts/icons';
import { TopBar } from '../parts/TopBar';
import { allWork, download, dropWork, type SavedWork } from '../persist';
import { lessonHash } from '../route';
import css from './catalogue.module.css';
import { Mini } from './Mini';

type Work = Map<string, SavedWork & { seed: number }>;

export function Catalogue(): JSX.Element {
  const { t, i18n } = useTranslation();
  const [cards, setCards] = useState<CardShown[] | null>(null);
  const [problems, setProblems] = useState<string[]>([]);
  const [work, setWork] = useState<Work>(new Map());
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  useEffect(() => {
    let gone = false;
    void Promise.all([courseCards(), allWork()]).then(([c, w]) => { if (!gone) { setCards(c.cards); setProblems(c.problems); setWork(w); } });
    return () => { gone = true; };
  }, []);
  const done = (c: CardShown): boolean => c.steps.length > 0 && (work.get(c.id)?.passed.length ?? 0) >= c.steps.length;
  const newest = [...work].filter(([id]) => cards?.some((c) => c.id === id && !done(c))).sort((a, b) => b[1].savedAt - a[1].savedAt)[0]?.[0];
  const now = cards?.find((c) => c.id === newest) ?? cards?.find((c) => !done(c)) ?? cards?.[0];
  const finished = cards?.filter(done).length ?? 0;
  return (
    <>
      <TopBar><span className="vr" /><nav className="crumb"><b>{t('app.course')}</b></nav><span className="sp" /></TopBar>
      <div className={css['page']}>
        <main className={css['main']}>
          <section className={css['hero']}>
            <div><h1>{t('catalog.hero1')}<br />{t('catalog.hero2')}</h1><p className="muted" style={{ fontSize: 15, lineHeight: 1.7, marginTop: 12, maxWidth: 440 }}>{t('catalog.lead')}</p></div>
            {now && <Continue card={now} work={work.get(now.id)} lang={lang} n={(cards?.indexOf(now) ?? 0) + 1} total={cards?.length ?? 0} />}
          </section>
          <section style={{ marginTop: 34 }}>
            <div className="row" style={{ flexWrap: 'wrap' }}><h2 style={{ fontSize: 15, fontWeight: 620 }}>{t('catalog.ladder')}</h2>{cards && <span className="dim" style={{ fontSize: 12.5, marginLeft: 6 }}>{t('catalog.done', { total: cards.length, done: finished })}</span>}<span className="sp" /><span className="dim" style={{ fontSize: 12.5 }}>{t('catalog.order')}</span></div>
            {cards === null ? <div className={css['grid']} aria-busy="true">{[0, 1].map((i) => <div key={i} className={`${css['card']} ${css['ghost']}`} />)}</div> : cards.length === 0 ? <p className="muted" style={{ marginTop: 16 }}>{t('catalog.empty')}</p> : (
              <div className={css['chapters']}>{chaptersOf(cards).map((list, k) => (
                <section key={list[0]!.id} className={css['chapter']} aria-label={list[0]!.chapter[lang]}>
                  <div className={css['name']}><span className="mono dim" style={{ fontSize: 12 }}>{String(k + 1).padStart(2, '0')}</span><h3>{list[0]!.chapter[lang]}</h3><span className="dim" style={{ fontSize: 12 }}>{t('catalog.chapter', { done: list.filter(done).length, total: list.length })}</span></div>
                  <div className={css['grid']}>{list.map((c, i) => <Card key={c.id} c={c} n={cards.indexOf(c) + 1} lang={lang} work={work.get(c.id)} now={c === now} done={done(c)} first={i === 0} walked={i > 0 && done(list[i - 1]!)} />)}</div>
                </section>
              ))}</div>
            )}
            {problems.length > 0 && <div role="alert" style={{ marginTop: 20 }}><b className="fail">{t('catalog.problems')}</b>{problems.map((p) => <pre key={p} className="mono" style={{ fontSize: 12, whiteSpace: 'pre-wrap' }}>{p}</pre>)}</div>}
          </section>
        </main>
      </div>
    </>
  );
}

/** Lessons by chapter, in the course's order. */
function chaptersOf(cards: CardShown[]): CardShown[][] {
  const out: CardShown[][] = [];
  for (const c of cards) {
    const last = out.at(-1);
    if (last?.[0]?.chapter.en === c.chapter.en && last[0].chapter.zh === c.chapter.zh) last.push(c);
    else out.push([c]);
  }
  return out;
}

function Continue({ card, work, lang, n, total }: { card: CardShown; work: (SavedWork & { seed: number }) | undefined; lang: 'zh' | 'en'; n: number; total: number }): JSX.Element {
  const { t } = useTranslation();
  const at = Math.max(0, card.steps.findIndex((s) => s.id === work?.current));
  const step = card.steps[at];
  const again = async (): Promise<void> => {
    if (work === undefined || !window.confirm(t('catalog.restartConfirm'))) return;
    download(`${card.id}.lvslab.json`, work.journal);
    await dropWork(card.id, work.seed);
    location.hash = lessonHash(card.id, work.seed);
  };
  return (
    <div className={css['cont']}>
      <div className={css['tx']}>
        <span className="eyebrow">{card.mode && <ModeGlyph mode={card.mode} />} {card.chapter[lang]} · {n} / {total}</span>
        <b className={css['ctitle']}>{card.title[lang]}</b>
        <p className="muted" style={{ marginTop: 6, fontSize: 12.5 }}>{work && step ? t('catalog.stepN', { n: at + 1, title: step[lang] }) : t('catalog.minutes', { n: card.minutes })}</p>
        <span className="sp" />
        <div className="row"><a className="btn p" style={{ height: 36, padding: '0 16px', textDecoration: 'none' }} href={lessonHash(card.id, work?.seed ?? 0)}><Icon name="play" small />{t(work ? 'catalog.continue' : 'catalog.begin')}</a>{work && <button type="button" className="btn q" style={{ height: 36 }} onClick={() => void again()}>{t('catalog.restart')}</button>}</div>
      </div>
      <div className={css['mini']}><Mini mode={card.mode ?? 'dr'} /></div>
    </div>
  );
}

function Card({ c, n, lang, work, now, done, first, walked }: { c: CardShown; n: number; lang: 'zh' | 'en'; work: (SavedWork & { seed: number }) | undefined; now: boolean; done: boolean; first: boolean; walked: boolean }): JSX.Element {
  const { t } = useTranslation();
  const passed = work?.passed.length ?? 0;
  return (
    <a className={`${css['card']} ${now ? css['now'] : ''}`} href={lessonHash(c.id, work?.seed ?? 0)} style={{ '--wire': walked ? 'var(--ink-2)' : 'var(--line-2)' } as CSSProperties} data-first={first} data-walked={walked}>
      {now && <svg className={css['marker']} width="28" height="20" aria-hidden="true"><rect x="1.1" y="1.1" width="25.8" height="17.8" rx="5" fill="var(--bg-0)" stroke="var(--ink-1)" strokeWidth="2.2" /><rect x="8" y="6" width="12" height="8" rx="2" fill="var(--ink-1)" /></svg>}
      <span className="row" style={{ alignItems: 'flex-start' }}>{c.mode ? <ModeGlyph mode={c.mode} size={40} /> : <span className={css['glyph']}><Icon name={lessonIcon(c.id)} size={34} /></span>}<span className="sp" /><span className="mono dim" style={{ fontSize: 12 }}>{String(n).padStart(2, '0')}</span></span>
      <b>{c.title[lang]}</b><p>{c.lead[lang]}</p>
      <span className="row" style={{ marginTop: 'auto', gap: 3 }}>
        {done ? <><StateGlyph state="passed" size={16} /><span className="muted" style={{ fontSize: 12, marginLeft: 4 }}>{t('catalog.finished')}</span></> : c.steps.map((s) => <i key={s.id} className={`${css['seg']} ${work?.passed.includes(s.id) ? css['full'] : ''}`} />)}
        <span className="sp" /><span className="dim" style={{ fontSize: 12 }}>{passed > 0 && !done ? `${passed} / ${c.steps.length}` : t('catalog.minutes', { n: c.minutes })}</span>
      </span>
    </a>
  );
}
