// Quick deeds by name, and the list of keys.
import { type JSX, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { goLive, passTime, resetLayout, setPreset, setSpeed, setSplit, showTerm, stepPacket, termOf, togglePause } from '../actions';
import { setLanguage } from '../i18n/i18n';
import { keep, projector, screenReader, setProjector, setTheme, termSize, theme } from '../prefs';
import { maybeSession } from '../session';
import { PRESETS, useLab } from '../store';
import { download } from '../persist';
import { checkNow, journalText, nextHint, undo } from '../work';
import { Icon, type IconName } from './icons';
import css from './parts.module.css';

interface Deed { name: string; icon: IconName; keys?: string; run(): void }

export function Palette(): JSX.Element | null {
  const open = useLab((s) => s.palette);
  const help = useLab((s) => s.help);
  // Escape closes it wherever the focus is.
  useEffect(() => {
    if (!open && !help) return;
    const key = (e: KeyboardEvent): void => { if (e.key === 'Escape') { close(); e.preventDefault(); e.stopPropagation(); } };
    window.addEventListener('keydown', key, true);
    return () => window.removeEventListener('keydown', key, true);
  }, [open, help]);
  return open ? <List /> : help ? <Help /> : null;
}

const close = (): void => useLab.setState({ palette: false, help: false });

function List(): JSX.Element {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const deeds = useMemo<Deed[]>(() => {
    const lab = maybeSession();
    const page: Deed[] = [
      { name: t('app.theme'), icon: 'sun', run: () => setTheme(theme() === 'dark' ? 'light' : 'dark') },
      { name: i18n.language === 'zh' ? 'English' : '中文', icon: 'book', run: () => void setLanguage(i18n.language === 'zh' ? 'en' : 'zh') },
      { name: t('app.backToCourse'), icon: 'list', run: () => { location.hash = '#/'; } },
      { name: t('keys.title'), icon: 'list', keys: '?', run: () => useLab.setState({ help: true }) },
    ];
    if (lab === null) return page;
    return [
      ...lab.lab.hostNames().map((h, i): Deed => ({ name: `${t('keys.terminals')}: ${h}`, icon: 'term', keys: i < 9 ? `Alt ${i + 1}` : '', run: () => showTerm(termOf(h)) })),
      { name: t('lesson.recheck'), icon: 'check', keys: 'Ctrl Enter', run: checkNow },
      { name: t('lesson.nextHint'), icon: 'bulb', keys: 'Alt H', run: nextHint },
      { name: t('lesson.undo'), icon: 'undo', keys: 'Ctrl Alt Z', run: () => void undo() },
      { name: t('keys.playPause'), icon: 'pause', keys: 'Space', run: togglePause },
      { name: t('dock.back'), icon: 'back', keys: ',', run: () => stepPacket(-1) },
      { name: t('dock.next'), icon: 'next', keys: '.', run: () => stepPacket(1) },
      { name: t('keys.live'), icon: 'play', keys: 'L', run: goLive },
      { name: t('time.passSeconds', { n: 10 }), icon: 'ahead', keys: 'Ctrl Alt .', run: () => passTime(10e6) },
      { name: t('time.passMinutes', { n: 1 }), icon: 'ahead', keys: 'Ctrl Alt Shift .', run: () => passTime(60e6) },
      { name: t('time.passMinutes', { n: 15 }), icon: 'ahead', run: () => passTime(900e6) },
      { name: t('time.passCommands'), icon: 'ahead', run: () => passTime('commands') },
      ...(['slow', 'normal', 'real'] as const).map((k): Deed => ({ name: `${t('dock.speed')}: ${t(`dock.${k}`)}`, icon: 'clock', run: () => setSpeed(k) })),
      ...PRESETS.map((p): Deed => ({ name: `${t('layout.title')}: ${t(`layout.${p}`)}`, icon: 'grid', keys: 'Alt \\', run: () => setPreset(p) })),
      { name: t('layout.reset'), icon: 'reset', run: resetLayout },
      { name: t('terminal.reader'), icon: 'speaker', run: () => { keep('screenReader', screenReader() ? '0' : '1'); for (const s of lab.screens.values()) s.setScreenReader(screenReader()); } },
      { name: t('layout.projector'), icon: 'expand', run: () => { setProjector(!projector()); for (const s of lab.screens.values()) s.setSize(termSize()); } },
      ...(['single', 'rows', 'cols', 'grid'] as const).map((k): Deed => ({ name: t(`terminal.${k}`), icon: k, run: () => setSplit(k) })),
      { name: t('save.download'), icon: 'down2', run: () => download(`${useLab.getState().lessonId}.lvslab.json`, journalText()) },
      { name: t('dock.filter'), icon: 'filter', keys: '/', run: () => setTimeout(() => document.getElementById('packet-filter')?.focus(), 0) },
      ...page,
    ];
  }, [t, i18n.language]);
  const found = deeds.filter((d) => d.name.toLowerCase().includes(text.trim().toLowerCase()));
  const run = (d: Deed | undefined): void => { if (d) { close(); d.run(); } };
  return (
    <div className={css['modal']} role="dialog" aria-modal="true" aria-label={t('app.palette')} onPointerDown={(e) => { if (e.target === e.currentTarget) close(); }}>
      <div className={css['sheet']}>
        {/* biome-ignore lint/a11y/noAutofocus: it was just asked for */}
        <input autoFocus value={text} placeholder={t('keys.search')} aria-label={t('keys.search')} onChange={(e) => { setText(e.target.value); setAt(0); }} onKeyDown={(e) => {
          if (e.key === 'Escape') close();
          else if (e.key === 'ArrowDown') { setAt(Math.min(found.length - 1, at + 1)); e.preventDefault(); } else if (e.key === 'ArrowUp') { setAt(Math.max(0, at - 1)); e.preventDefault(); } else if (e.key === 'Enter') run(found[at]);
          e.stopPropagation();
        }} />
        <ul className={css['list']} role="listbox">{found.length === 0 ? <li>{t('keys.nothing')}</li> : found.map((d, i) => <li key={d.name} role="option" aria-selected={i === at} onPointerMove={() => setAt(i)} onClick={() => run(d)}><Icon name={d.icon} />{d.name}<span className="sp" />{d.keys ? <kbd>{d.keys}</kbd> : null}</li>)}</ul>
      </div>
    </div>
  );
}

function Help(): JSX.Element {
  const { t } = useTranslation();
  const ref = useRef<HTMLDivElement>(null);
  // Whoever was there before gets the focus back.
  useLayoutEffect(() => { const before = document.activeElement as HTMLElement | null; ref.current?.focus(); return () => before?.focus(); }, []);
  const rows: [string, string][] = [
    ['Ctrl K', t('keys.palette')], ['Ctrl Enter', t('keys.recheck')], ['Alt 1..9', t('keys.focusHost')], ['Alt T / Alt G', `${t('keys.terminals')} / ${t('keys.graph')}`], ['Alt H', t('keys.hint')], ['Ctrl Alt Z', t('keys.undo')], ['Ctrl Alt Shift Z', t('keys.redo')], ['Ctrl Alt . / Ctrl Alt Shift .', t('keys.pass')],
    ['Alt \\', t('keys.layout')], ['Alt R', t('keys.read')], ['Ctrl Shift + / -', t('keys.size')], ['F6 / Shift F6', t('keys.cycle')], ['Esc Esc', t('keys.leave')], ['Space', t('keys.playPause')], [', .', t('keys.step')], ['[ ]', t('keys.flow')],
    ['Home / End', t('keys.ends')], ['L', t('keys.live')], ['/', t('keys.filter')], ['Enter', t('keys.open')], ['← ↑ ↓ →', t('keys.arrows')], ['Shift F10', t('keys.menu')], ['?', t('keys.help')],
  ];
  return (
    <div className={css['modal']} role="dialog" aria-modal="true" aria-label={t('keys.title')} onPointerDown={(e) => { if (e.target === e.currentTarget) close(); }}>
      <div className={css['sheet']} ref={ref} tabIndex={-1} onKeyDown={(e) => { if (e.key === 'Escape') close(); e.stopPropagation(); }}>
        <div className="ph"><h2>{t('keys.title')}</h2><span className="sp" /><button type="button" className="ib sm" aria-label={t('app.close')} onClick={close}><Icon name="close" small /></button></div>
        <div className={css['keys']}>{rows.map(([k, what]) => <div key={k} style={{ display: 'contents' }}><span><kbd>{k}</kbd></span><span>{what}</span></div>)}</div>
      </div>
    </div>
  );
}
