// A lesson's page before its engine has come: title, steps and terminals with their first prompt, in the places where the lab will draw them.
// The engine, the panes and the course's words are asked for once the prompt stands; what is typed meanwhile is kept (early.ts).
import { type ComponentType, type JSX, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import screens from 'virtual:first-screens';
import type { FirstScreen } from '../../lesson/first_screen';
import { dockHeight, keptPin, keptPreset, lessonWidth, sizesOf, terminalWidth } from '../lab/geometry';
import { Icon } from '../parts/icons';
import { TopBar } from '../parts/TopBar';
import { loadWork } from '../persist';
import { parseRoute } from '../route';
import { useLab } from '../store';
import css from '../terminal/terminal.module.css';
import { dropEarly, earlyScreen } from './early';

interface PageProps { id: string; seed: number; broken(e: unknown): void; quiet: boolean }
type Page = ComponentType<PageProps>;

/** The first screen of a lesson, when nothing was typed into it yet. */
async function firstOf(id: string, seed: number): Promise<FirstScreen | null> {
  const read = Object.hasOwn(screens, id) ? screens[id] : undefined;
  if (read === undefined) return null;
  const [first, work] = await Promise.all([read(), loadWork(id, seed).catch(() => null)]);
  return work?.journal.includes('"bytes"') ? null : first.default;
}
// Asked for while this file's own chunk is still being run, so that the first picture already has it.
const route = parseRoute(location.hash);
let asked: { key: string; first: Promise<FirstScreen | null>; known: FirstScreen | null | 'asking' } | null = route.screen === 'lesson' ? { key: `${route.id}#${route.seed}`, first: firstOf(route.id, route.seed), known: 'asking' } : null;
/** Waits until it is known what this address shows first: the very first picture of the page then has it. */
export async function known(): Promise<void> {
  if (asked !== null) asked.known = await asked.first;
}

export default function FirstPage({ id, seed, broken }: { id: string; seed: number; broken(e: unknown): void }): JSX.Element {
  const { t } = useTranslation();
  const [first, setFirst] = useState<FirstScreen | null | 'asking'>(asked?.key === `${id}#${seed}` ? asked.known : 'asking');
  const [page, setPage] = useState<{ Page: Page } | null>(null);
  const ready = useLab((s) => (s.status === 'ready' || s.status === 'problem') && s.lessonId === id && s.seed === seed);
  useEffect(() => {
    let gone = false;
    void (asked?.key === `${id}#${seed}` ? asked.first : firstOf(id, seed)).then((f) => { if (!gone) setFirst(f); }, (e: unknown) => { if (!gone) broken(e); });
    // What was known when the page was loaded holds for its first lesson only.
    return () => { gone = true; dropEarly(); asked = null; };
  }, [id, seed]);
  const next = (): void => {
    if (page !== null) return;
    // What the lab needs is asked for at once, side by side; whoever comes to need the later ones says when one failed.
    for (const later of [import('../lab/LabScreen'), import('../lab/panes'), import('../../lesson/check'), import('../../lesson/relevant'), import('../../lesson/question'), import('../../lesson/bisect')]) later.catch(() => {});
    void Promise.all([import('../lesson_page'), import('../../lesson/instantiate'), import('../../lesson/topology_of')]).then(([m]) => setPage({ Page: m.default }), broken);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known that there is no first screen
  useEffect(() => { if (first === null) next(); }, [first]);
  const early = typeof first === 'object' && first !== null && !ready;
  return (
    <>
      {early && <Early first={first} shown={next} />}
      {!early && page === null && <><TopBar><span className="sp" /></TopBar><main style={{ padding: 40 }}><p className="dim" role="status">{first === 'asking' ? '' : t('app.loading')}</p></main></>}
      {page !== null && <page.Page id={id} seed={seed} broken={broken} quiet={early} />}
    </>
  );
}

function Early({ first, shown }: { first: FirstScreen; shown(): void }): JSX.Element {
  const { t, i18n } = useTranslation();
  const zh = i18n.language === 'zh';
  const w = window.innerWidth;
  const h = window.innerHeight;
  const title = first.title[zh ? 'zh' : 'en'];
  const director = first.hosts.find((x) => x.role === 'director') ?? first.hosts[0];
  const client = first.hosts.find((x) => x.role === 'client') ?? first.hosts.at(-1);
  const two = h >= 760 && w >= 900 && client !== director;
  const shownOnce = useRef(false);
  const [stands, setStands] = useState(false);
  const painted = (): void => {
    if (shownOnce.current) return;
    shownOnce.current = true;
    setStands(true);
    // Two frames later the prompt is on the glass.
    requestAnimationFrame(() => requestAnimationFrame(shown));
  };
  const term = (host: FirstScreen['hosts'][number] | undefined): JSX.Element => (host ? <Box key={host.name} host={host} label={t('terminal.label', { host: host.name })} painted={painted} /> : <div />);
  const lesson = (
    <section className="pane" style={{ height: '100%' }} aria-label={t('lesson.pane')}>
      <div className="ph"><span className="eyebrow">{t('catalog.minutes', { n: first.minutes })}</span></div>
      <div className="lesson"><h1>{title}</h1><ol className="steps">{first.steps.map((s) => <li key={s.en} className="step todo"><span className="sg" /><span className="t">{zh ? s.zh : s.en}</span></li>)}</ol></div>
    </section>
  );
  const bar = <TopBar><span className="vr" /><nav className="crumb"><a href="#/" style={{ color: 'inherit' }}>{t('app.course')}</a><Icon name="right" small /><b>{title}</b></nav><span className="sp" /><span className="dim" role="status" style={{ fontSize: 12 }}>{t('app.loading')}</span></TopBar>;
  const tabs = <div className="ph" style={{ paddingLeft: 4 }}><div className="tabs">{first.hosts.map((x) => <span key={x.name} className={`tab m ${x === director ? 'on' : ''}`}>{x.name}</span>)}</div></div>;
  const screensOf = (
    <section className="pane" style={{ height: '100%' }} aria-label={t('terminal.pane')}>
      {tabs}
      <div style={{ flex: two ? 57 : 1, minHeight: 0, display: 'flex' }}>{term(director)}</div>
      {two && client && <div className="ph" style={{ height: 30, borderTop: '1px solid var(--line-1)' }}><span className="mono" style={{ fontSize: 12, fontWeight: 500 }}>{client.name}</span></div>}
      {two && <div style={{ flex: 43, minHeight: 0, display: 'flex', background: 'var(--bg-term)' }}>{stands && term(client)}</div>}
    </section>
  );
  if (w < 900) return <>{bar}<main style={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}><div className="topo" style={{ flex: 'none', height: w < 600 ? 200 : 432 }} /><div style={{ flex: 1, minHeight: 0 }}>{screensOf}</div></main></>;
  const side = lessonWidth(w, true, keptPin());
  const preset = keptPreset();
  const middle = sizesOf(w < 1280 ? 'middle.narrow' : 'middle', preset);
  const share = middle?.['terminals'];
  return (
    <>
      {bar}
      <main style={{ flex: 1, minHeight: 0, display: 'flex', background: 'var(--line-1)' }}>
        <div style={{ width: side, flex: 'none', borderRight: '1px solid var(--line-1)' }}>{side > 48 ? lesson : <section className="pane" style={{ height: '100%' }} />}</div>
        <div style={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
          <div style={{ flex: 1, minHeight: 0, display: 'flex' }}>
            <div style={{ flex: 'none', width: share === undefined ? terminalWidth(w, side, preset) : `${share}%`, minWidth: 0 }}>{screensOf}</div>
            <section className="pane" style={{ flex: 1, borderLeft: '1px solid var(--line-1)' }} aria-label={t('topo.pane')}><div className="ph"><h2>{t('topo.pane')}</h2></div><div className="topo" /></section>
          </div>
          <section className="pane" style={{ flex: 'none', height: dockHeight(h, preset), borderTop: '1px solid var(--line-1)' }} />
        </div>
      </main>
    </>
  );
}

function Box({ host, label, painted }: { host: FirstScreen['hosts'][number]; label: string; painted(): void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a host's screen is made once
  useLayoutEffect(() => {
    const el = box.current!;
    const screen = earlyScreen(host.name, host.text, label);
    screen.attach(el);
    screen.pump();
    // An empty screen is drawn once before the prompt is.
    const off = screen.term.onRender(() => { if (screen.digested) { off.dispose(); painted(); } });
    const watch = new ResizeObserver(() => screen.fit());
    watch.observe(el);
    return () => { off.dispose(); watch.disconnect(); if (screen.element.parentElement === el) screen.element.remove(); };
  }, []);
  return <div style={{ flex: 1, minWidth: 0, background: 'var(--bg-term)', display: 'flex' }}><div ref={box} data-terminal={`${host.name}/0`} className={css['screen']} style={{ flex: 1 }} /></div>;
}
