// Quick deeds by name; what is typed also finds lessons, commands and terms.
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { goLive, passTime, resetLayout, setPreset, setSpeed, setSplit, showTerm, stepPacket, termOf, togglePause } from '../actions';
import type { Card } from '../../lesson/course_index';
import { findCommands, rankLessons, findTerms } from '../catalogue/search';
import { setLanguage } from '../i18n/i18n';
import { keep, projector, screenReader, setProjector, setTheme, termSize, theme } from '../prefs';
import { maybeSession } from '../session';
import { PRESETS } from '../lab/geometry';
import { useLab } from '../store';
import { download } from '../persist';
import { checkNow, journalText, nextHint, undo } from '../work';
import { lessonHash, lookUpHash, SANDBOX } from '../route';
import { Help } from './Help';
import { Icon, type IconName, lessonIcon } from './icons';
import css from './parts.module.css';
import { Sheet } from './Sheet';

interface Deed { name: string; icon: IconName; keys?: string; /** Said beside the name: what it means, or where it is. */ also?: string; mono?: boolean; run(): void }
/** Most that is found of a kind. */
const MOST = 6;

export function Palette(): JSX.Element | null {
  const open = useLab((s) => s.palette);
  const help = useLab((s) => s.help);
  return open ? <List /> : help ? <Help close={close} /> : null;
}

const close = (): void => useLab.setState({ palette: false, help: false });

function List(): JSX.Element {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [cards, setCards] = useState<Card[]>([]);
  const list = useRef<HTMLDivElement>(null);
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  useEffect(() => { void import('virtual:course/_index').then((m) => setCards(m.default.cards)); }, []);
  const deeds = useMemo<Deed[]>(() => {
    const lab = maybeSession();
    const { lessonId, exam } = useLab.getState();
    const steps = lab !== null && useLab.getState().steps.length > 0;
    const go = (hash: string) => (): void => { location.hash = hash; };
    const onOff = (name: string, on: boolean): string => t(on ? 'keys.isOn' : 'keys.isOff', { name });
    const page: Deed[] = [
      ...(lab === null || lessonId !== SANDBOX ? [{ name: t('catalog.sandbox'), icon: 'flask', run: go('#/sandbox') } as const] : []),
      { name: t('catalog.reference'), icon: 'term', run: go('#/reference') },
      { name: t('catalog.glossary'), icon: 'book', run: go('#/glossary') },
      { name: t('app.theme'), icon: 'sun', run: () => setTheme(theme() === 'dark' ? 'light' : 'dark') },
      { name: i18n.language === 'zh' ? 'English' : '中文', icon: 'globe', run: () => void setLanguage(i18n.language === 'zh' ? 'en' : 'zh') },
      { name: t('app.backToCourse'), icon: 'list', run: go('#/') },
      { name: t('keys.title'), icon: 'list', keys: '?', run: () => useLab.setState({ help: true }) },
    ];
    if (lab === null) return page;
    return [
      ...lab.lab.hostNames().map((h, i): Deed => ({ name: t('keys.terminalOf', { host: h }), icon: 'term', keys: i < 9 ? `Alt ${i + 1}` : '', run: () => showTerm(termOf(h)) })),
      ...(steps && exam === null ? [{ name: t('lesson.recheck'), icon: 'check', keys: 'Ctrl Enter', run: checkNow }, { name: t('lesson.nextHint'), icon: 'bulb', keys: 'Alt H', run: nextHint }] as const : []),
      { name: t('lesson.undo'), icon: 'undo', keys: 'Ctrl Alt Z', run: () => void undo() },
      { name: t('keys.playPause'), icon: 'pause', keys: 'Space', run: togglePause },
      { name: t('dock.back'), icon: 'back', keys: ',', run: () => stepPacket(-1) },
      { name: t('dock.next'), icon: 'next', keys: '.', run: () => stepPacket(1) },
      { name: t('keys.live'), icon: 'play', keys: 'L', run: goLive },
      { name: t('time.passSeconds', { n: 10 }), icon: 'ahead', keys: 'Ctrl Alt .', run: () => passTime(10e6) },
      { name: t('time.passMinutes', { n: 1 }), icon: 'ahead', keys: 'Ctrl Alt Shift .', run: () => passTime(60e6) },
      { name: t('time.passMinutes', { n: 15 }), icon: 'ahead', run: () => passTime(900e6) },
      { name: t('time.passCommands'), icon: 'ahead', run: () => passTime('commands') },
      ...(['slow', 'normal', 'real'] as const).map((k): Deed => ({ name: t('keys.choice', { what: t('dock.speed'), value: t(`dock.${k}`) }), icon: 'clock', run: () => setSpeed(k) })),
      ...PRESETS.map((p): Deed => ({ name: t('keys.choice', { what: t('layout.title'), value: t(`layout.${p}`) }), icon: 'grid', keys: 'Alt \\', run: () => setPreset(p) })),
      { name: t('layout.reset'), icon: 'reset', run: resetLayout },
      { name: onOff(t('terminal.reader'), screenReader()), icon: 'speaker', run: () => { keep('screenReader', screenReader() ? '0' : '1'); for (const s of lab.screens.values()) s.setScreenReader(screenReader()); } },
      { name: onOff(t('layout.projector'), projector()), icon: 'expand', run: () => { setProjector(!projector()); for (const s of lab.screens.values()) s.setSize(termSize()); } },
      ...(['single', 'rows', 'cols', 'grid'] as const).map((k): Deed => ({ name: t(`terminal.${k}`), icon: k, run: () => setSplit(k) })),
      { name: t('save.download'), icon: 'down2', run: () => download(`${useLab.getState().lessonId}.lvslab.json`, journalText()) },
      { name: t('dock.filter'), icon: 'filter', keys: '/', run: () => setTimeout(() => document.getElementById('packet-filter')?.focus(), 0) },
      ...page,
    ];
  }, [t, i18n.language]);
  const groups = useMemo<{ title: string; deeds: Deed[] }[]>(() => {
    const words = text.trim().toLowerCase().split(/\s+/).filter((w) => w !== '');
    const go = (hash: string) => (): void => { location.hash = hash; };
    const own = { title: t('keys.deeds'), deeds: deeds.filter((d) => words.every((w) => d.name.toLowerCase().includes(w))) };
    if (words.length === 0) return [own];
    const lessons = rankLessons(text, cards);
    return [
      own,
      { title: t('keys.lessons'), deeds: lessons.slice(0, MOST).map((c): Deed => ({ name: c.title[lang], also: t('catalog.minutes', { n: c.minutes }), icon: c.kind === 'exam' ? 'flag' : lessonIcon(c.id, c.kind), run: go(lessonHash(c.id)) })) },
      { title: t('catalog.reference'), deeds: findCommands(text).slice(0, MOST).map((e): Deed => ({ name: e.option, mono: true, also: e.means[lang], icon: 'term', run: go(lookUpHash('reference', e.option)) })) },
      { title: t('catalog.glossary'), deeds: findTerms(text).slice(0, MOST).map((g): Deed => ({ name: g[lang], also: g.means[lang], icon: 'book', run: go(lookUpHash('glossary', g[lang])) })) },
    ].filter((g) => g.deeds.length > 0);
  }, [text, deeds, cards, t, lang]);
  const found = groups.flatMap((g) => g.deeds);
  const run = (d: Deed | undefined): void => { if (d) { close(); setTimeout(d.run, 0); } }; // after the focus is back where it was
  const move = (to: number): void => {
    setAt(to);
    requestAnimationFrame(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
  };
  const option = (d: Deed, i: number): JSX.Element => (
    <div key={i} id={`deed-${i}`} role="option" tabIndex={-1} aria-selected={i === at} className={css['deed']} onPointerMove={() => setAt(i)} onClick={() => run(d)}><Icon name={d.icon} /><span className={d.mono ? 'mono nw' : 'nw'}>{d.name}</span>{d.also !== undefined && <span className={css['also']}>{d.also}</span>}<span className="sp" />{d.keys ? <kbd>{d.keys}</kbd> : null}</div>
  );
  let n = 0;
  return (
    <Sheet label={t('app.palette')} close={close}>
      <div className={css['ask']}><Icon name="search" />
        {/* biome-ignore lint/a11y/noAutofocus: it was just asked for */}
        <input autoFocus role="combobox" aria-expanded="true" aria-controls="deeds" aria-autocomplete="list" aria-activedescendant={found.length > 0 ? `deed-${at}` : undefined} value={text} placeholder={t('keys.search')} aria-label={t('keys.search')} autoComplete="off" spellCheck={false} onChange={(e) => { setText(e.target.value); setAt(0); }} onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          const to = e.key === 'ArrowDown' ? (at + 1) % Math.max(1, found.length) : e.key === 'ArrowUp' ? (at + found.length - 1) % Math.max(1, found.length) : e.key === 'PageDown' ? Math.min(found.length - 1, at + 8) : e.key === 'PageUp' ? Math.max(0, at - 8) : null;
          if (to !== null) { move(to); e.preventDefault(); } else if (e.key === 'Enter') { e.preventDefault(); run(found[at]); }
        }} />
      </div>
      <div className={css['list']} id="deeds" role="listbox" aria-label={t('app.palette')} ref={list}>{groups.map((g) => (
        <div key={g.title} role="group" aria-label={g.title}>{text.trim() !== '' && <div className={css['kind']} aria-hidden="true">{g.title}</div>}{g.deeds.map((d) => option(d, n++))}</div>
      ))}</div>
      {found.length === 0 && <p className={css['none']}>{t('keys.nothing')}</p>}
      <span className="vh" role="status">{text.trim() === '' ? '' : t('keys.found', { n: found.length })}</span>
    </Sheet>
  );
}
