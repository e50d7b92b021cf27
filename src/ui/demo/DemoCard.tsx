// A demonstration in the lesson: its button, and while it plays what was typed and said, the question of a pause, and the controls.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createPortal } from 'react-dom';
import type { Demo } from '../../lesson/demo';
import { Icon } from '../parts/icons';
import { StateGlyph } from '../parts/glyphs';
import { Prose, Words } from '../parts/Words';
import { useLab } from '../store';
import { broke } from '../work';
import css from './demo.module.css';
import { openDemo, playerNow, type Told, useDemo } from './player';
import { Views } from './Views';

export function DemoCard({ demo }: { demo: Demo }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const open = useDemo((s) => s.id === demo.id);
  const restarting = useLab((s) => s.status !== 'ready');
  const box = useRef<HTMLElement>(null);
  const was = useRef(open);
  // What is played is seen from its beginning. A button that has gone leaves the focus to the one in its place.
  useEffect(() => {
    if (open && !was.current) box.current?.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    if (!open && was.current && document.activeElement === document.body) box.current?.querySelector('button')?.focus({ preventScroll: true });
    was.current = open;
  }, [open]);
  return (
    <section className={`${css['card']} ${open ? css['open'] : ''}`} aria-label={t('keys.choice', { what: t('lesson.demo'), value: demo.title[lang] })} data-demo={demo.id} ref={box}>
      <div className={css['head']}><span className="eyebrow"><Icon name="replay" small />{t('lesson.demo')}</span><b role="heading" aria-level={3}>{demo.title[lang]}</b></div>
      {open ? <Playing demo={demo} lang={lang} /> : <><p className={css['note']}>{t('demo.copy')}</p><button type="button" className="btn sm" disabled={restarting} onClick={() => openDemo(demo, broke)}><Icon name="play" small />{t('demo.play')}</button></>}
    </section>
  );
}

function Playing({ demo, lang }: { demo: Demo; lang: 'zh' | 'en' }): JSX.Element {
  const { t } = useTranslation();
  const { state, told, asked, camera, views } = useDemo();
  const list = useRef<HTMLDivElement>(null);
  const foot = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: buttons come and go with the state
  useEffect(() => { if (asked === null && document.activeElement === document.body) foot.current?.querySelector('button')?.focus({ preventScroll: true }); }, [state, asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told last is shown
  useEffect(() => { const e = list.current; if (e) e.scrollTop = e.scrollHeight; }, [told, state]);
  useEffect(() => {
    const key = (e: KeyboardEvent): void => {
      const el = e.target as HTMLElement;
      if (el.closest('input,textarea,select,[contenteditable]') || e.ctrlKey || e.altKey || e.metaKey) return;
      if (e.key === ' ' && el.closest('button,a') === null) playerNow()?.toggle();
      else if (e.key === '.') playerNow()?.step();
      else return;
      e.preventDefault();
      e.stopImmediatePropagation();
    };
    window.addEventListener('keydown', key, true);
    return () => window.removeEventListener('keydown', key, true);
  }, []);
  useEffect(() => () => playerNow()?.close(), []);
  const dim = camera.length === 0 ? '' : `[data-pane=topology] [data-host]{opacity:.32;transition:opacity var(--d-pane)}${camera.map((h) => `[data-pane=topology] [data-host="${h}"]{opacity:1}`).join('')}`;
  const pane = document.querySelector('[data-pane=topology]');
  const wide = window.innerWidth >= 900;
  const stage = views.length > 0 ? <Views views={views} /> : null;
  return (
    <>
      {dim !== '' && <style>{dim}</style>}
      <div className={css['told']} ref={list} role="log" aria-live="polite">{told.map((x, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was told never moves
        <Line key={i} x={x} lang={lang} />
      ))}</div>
      {asked !== null && <Pause key={told.length} lang={lang} />}
      {state === 'ended' && <p className={css['note']} role="status">{t('demo.ended')}</p>}
      <div className={css['foot']} ref={foot}>
        {state === 'ended' ? <button type="button" className="btn sm" onClick={() => openDemo(demo, broke)}><Icon name="replay" small />{t('demo.again')}</button> : state !== 'asking' && (
          <><button type="button" className="btn sm" onClick={() => playerNow()?.toggle()}><Icon name={state === 'playing' ? 'pause' : 'play'} small />{t(state === 'playing' ? 'demo.pause' : 'demo.resume')}</button>
            <button type="button" className="btn q sm" onClick={() => playerNow()?.step()} title="."><Icon name="next" small />{t('demo.step')}</button></>
        )}
        <span className="sp" />
        <button type="button" className="btn q sm" onClick={() => playerNow()?.close()}>{t('demo.close')}</button>
      </div>
      {stage !== null && (wide && pane !== null ? createPortal(stage, pane) : stage)}
    </>
  );
}

function Line({ x, lang }: { x: Told; lang: 'zh' | 'en' }): JSX.Element {
  const { t } = useTranslation();
  if (x.kind === 'say') return <p className={css['say']}><Prose text={x[lang]} /></p>;
  if (x.kind === 'act') return <pre className={css['act']}><span className="dim">{x.host === '' ? '' : `${x.host}# `}</span><Words text={x.text} /></pre>;
  if (x.kind === 'out') return <pre className={css['act']}>{x.text}</pre>;
  const right = x.choices.find((c) => c.right);
  const said = x.choices[Number(x.said)];
  return (
    <div className={css['asked']}>
      <span><Prose text={x.ask[lang]} /></span>
      {x.choices.length > 0 ? right && (said === undefined ? <b>{right[lang]}</b> : <b className="row" style={{ gap: 5, alignItems: 'flex-start' }}><StateGlyph state={said.right ? 'passed' : 'failed'} size={16} />{said.right ? t('demo.right') : t('demo.wrong', { said: said[lang], right: right[lang] })}</b>) : x.said !== '' && <b>{t('demo.youSaid', { said: x.said })}</b>}
    </div>
  );
}

/** A pause: the question, a place to predict, and on. */
function Pause({ lang }: { lang: 'zh' | 'en' }): JSX.Element | null {
  const { t } = useTranslation();
  const asked = useDemo((s) => s.asked);
  const [said, setSaid] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  // Who plays it should see what is asked, wherever the words above have pushed it.
  useEffect(() => {
    if (document.activeElement?.closest('[data-demo]') || document.activeElement === document.body) button.current?.focus({ preventScroll: true });
    button.current?.form?.scrollIntoView({ block: 'nearest' });
  }, []);
  if (asked === null) return null;
  const plain = asked.ask.en === '';
  return (
    <form className={css['pause']} onSubmit={(e) => { e.preventDefault(); playerNow()?.say(said.trim()); }}>
      {asked.missed && <p className="fail">{t('demo.missed')}</p>}
      {!plain && <fieldset><legend><Prose text={asked.ask[lang]} /></legend>
        {asked.choices.length > 0 ? <div className={css['choices']}>{asked.choices.map((c, i) => <label key={c.en} className={said === String(i) ? css['on'] : ''}><input type="radio" name={`demo-${asked.at}`} checked={said === String(i)} onChange={() => setSaid(String(i))} /><span><Prose text={c[lang]} /></span></label>)}</div> : <input type="text" value={said} placeholder={t('demo.predict')} aria-label={t('demo.yours')} onChange={(e) => setSaid(e.target.value)} autoComplete="off" />}
      </fieldset>}
      <button type="submit" className="btn sm p" ref={button}><Icon name="play" small />{plain ? t('demo.resume') : said === '' ? t('demo.skip') : t('demo.show')}</button>
    </form>
  );
}
