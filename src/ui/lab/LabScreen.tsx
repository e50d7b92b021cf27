// The lab: lesson, terminals, topology with inspector, dock. Wide screens show all of it, narrow ones stack it.
import { type JSX, lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, type Layout, Panel } from 'react-resizable-panels';
import { Dock, PacketList, Transport } from '../dock/Dock';
import { Inspector } from '../inspector/Inspector';
import { LessonPanel, LessonRail } from '../lesson/LessonPanel';
import { Divider } from '../parts/Divider';
import { StateGlyph } from '../parts/glyphs';
import { Icon, Logo } from '../parts/icons';
import { Saved, TopBar } from '../parts/TopBar';
import { keep, kept } from '../prefs';
import { useLab } from '../store';
import { KeyRow } from '../terminal/KeyRow';
import { Terminals } from '../terminal/Terminals';
import { lesson, nextHint, undo } from '../work';
import { Notices } from './Notices';
import css from './lab.module.css';

// The drawing's library is large and the terminals must not wait for it.
const Drawing = lazy(() => import('../topology/Topology').then((m) => ({ default: m.Topology })));
const Topology = (): JSX.Element => <Suspense fallback={<section className="pane" style={{ flex: 1, height: '100%' }}><div className="ph" /><div className="topo" /></section>}><Drawing /></Suspense>;

/** Sizes of a group of panes, remembered. */
function remembered(id: string): { defaultLayout?: Layout; onLayoutChanged(l: Layout): void } {
  const text = kept(`panes.${id}`);
  let layout: Layout | undefined;
  try { layout = text === null ? undefined : (JSON.parse(text) as Layout); } catch { layout = undefined; }
  return { ...(layout ? { defaultLayout: layout } : {}), onLayoutChanged: (l) => keep(`panes.${id}`, JSON.stringify(l)) };
}

function useSize(): { w: number; h: number } {
  const [size, set] = useState({ w: window.innerWidth, h: window.innerHeight });
  useEffect(() => {
    const on = (): void => set({ w: window.innerWidth, h: window.innerHeight });
    window.addEventListener('resize', on);
    return () => window.removeEventListener('resize', on);
  }, []);
  return size;
}

export function LabScreen(): JSX.Element {
  const { w, h } = useSize();
  return w < 900 ? <Stacked w={w} /> : <Wide w={w} h={h} />;
}

function Crumbs(): JSX.Element {
  const { t, i18n } = useTranslation();
  const l = lesson();
  const steps = useLab((s) => s.steps);
  const done = steps.filter((s) => s.state === 'passed').length;
  return (
    <>
      <span className="vr" />
      <nav className="crumb"><a href="#/" style={{ color: 'inherit' }}>{t('app.course')}</a><Icon name="right" small /><b>{l.words[i18n.language === 'zh' ? 'zh' : 'en'].title}</b></nav>
      <span className="row" style={{ marginLeft: 10 }}><span className="bar" style={{ width: 88 }}><i style={{ width: `${steps.length === 0 ? 0 : (done / steps.length) * 100}%` }} /></span><span className="dim" style={{ fontSize: 12 }} data-testid="progress">{t('lesson.progress', { done, total: steps.length })}</span></span>
      <span className="sp" />
      <Saved />
    </>
  );
}

function Wide({ w, h }: { w: number; h: number }): JSX.Element {
  const { t } = useTranslation();
  const open = useLab((s) => s.lessonOpen);
  const drawer = w < 1280;
  const low = h < 760;
  // Above 80 columns the rest belongs to the topology.
  const [right, setRight] = useState<'graph' | 'host'>('graph');
  const side = drawer ? 0 : open ? 328 : 48;
  const term = Math.max(430, Math.min(640, (w - side) * 0.5));
  return (
    <>
      <TopBar><Crumbs /></TopBar>
      <Notices />
      <main className={css['main']}>
        <div className={css['lesson']} style={{ width: drawer ? 48 : side }}>{!drawer && open ? <LessonPanel /> : <LessonRail />}</div>
        {drawer && open && <div className={css['drawer']}><LessonPanel drawer /></div>}
        <div className={css['rest']}>
          <Group orientation="vertical" id="dock" key={low ? 'low' : 'high'} {...(low ? {} : remembered('dock'))}>
            <Panel id="top" minSize={200}>
              <Group orientation="horizontal" id="middle" key={drawer ? 'narrow' : 'wide'} {...remembered(drawer ? 'middle-narrow' : 'middle')}>
                <Panel id="terminals" minSize={300} defaultSize={`${((term / (w - (drawer ? 48 : side))) * 100).toFixed(2)}%`}><Terminals /></Panel>
                <Divider vertical />
                <Panel id="graph" minSize={300}>
                  {low ? (
                    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
                      <div className={`ph ${css['switch']}`} style={{ height: 30 }}><div className="tabs">{(['graph', 'host'] as const).map((k) => <button key={k} type="button" className={`tab ${right === k ? 'on' : ''}`} onClick={() => setRight(k)}>{k === 'graph' ? t('topo.pane') : t('inspect.pane')}</button>)}</div></div>
                      <div style={{ flex: 1, minHeight: 0 }}>{right === 'graph' ? <Topology /> : <Inspector />}</div>
                    </div>
                  ) : (
                    <Group orientation="vertical" id="right" {...remembered('right')}>
                      <Panel id="topology" minSize={260}><Topology /></Panel>
                      <Divider />
                      <Panel id="inspector" minSize={80} defaultSize={242} groupResizeBehavior="preserve-pixel-size"><Inspector /></Panel>
                    </Group>
                  )}
                </Panel>
              </Group>
            </Panel>
            <Divider />
            <Panel id="packets" minSize={low ? 42 : 90} defaultSize={low ? 42 : 222} groupResizeBehavior="preserve-pixel-size"><Dock /></Panel>
          </Group>
        </div>
      </main>
    </>
  );
}

function Stacked({ w }: { w: number }): JSX.Element {
  const { t, i18n } = useTranslation();
  const tab = useLab((s) => s.mobileTab);
  const steps = useLab((s) => s.steps);
  const current = useLab((s) => s.currentStep);
  const frames = useLab((s) => s.frameCount);
  const undoWhat = useLab((s) => s.undo);
  const [tall, setTall] = useState(false);
  const l = lesson();
  const words = l.words[i18n.language === 'zh' ? 'zh' : 'en'];
  const at = Math.max(0, steps.findIndex((s) => s.id === current));
  const step = steps[at];
  const done = steps.filter((s) => s.state === 'passed').length;
  const failed = step?.checks.find((c) => c.state === 'failed');
  const phone = w < 600;
  const topo = phone ? (tall ? 420 : 200) : 432;
  return (
    <div className={css['stack']}>
      <header className="top" style={{ height: 54 }}>
        <a href="#/" className="ib" style={{ width: 44, height: 44 }} aria-label={t('app.backToCourse')}><Icon name="menu" /></a>
        {!phone && <Logo />}
        <b className={css['title']}>{words.title}</b><span className="sp" />
        <button type="button" className="btn q" style={{ height: 44 }} onClick={() => { nextHint(); useLab.setState({ mobileTab: 'lesson' }); }}><Icon name="bulb" />{phone ? null : t('lesson.hint')}</button>
        <button type="button" className="ib" style={{ width: 44, height: 44 }} aria-label={t('lesson.undo')} disabled={undoWhat === null} onClick={() => void undo()}><Icon name="undo" /></button>
        <MiniPrefs />
      </header>
      <Notices />
      {step && (
        <button type="button" className={css['now']} onClick={() => useLab.setState({ mobileTab: 'lesson' })}>
          <StateGlyph state={step.state} size={24} label={t(`state.${step.state}`)} />
          <span style={{ flex: 1, minWidth: 0 }}><span className="row"><b style={{ fontWeight: 600, fontSize: 15 }}>{words.steps[step.id]?.title ?? step.id}</b><span className="sp" /><span className="dim nw" style={{ fontSize: 12.5 }}>{t('lesson.stepOf', { n: at + 1, total: steps.length })}</span></span>{failed && <span className="muted" style={{ fontSize: 13, display: 'block' }}>{failed.title}</span>}</span>
          <Icon name="down" />
        </button>
      )}
      <div className="bar" style={{ borderRadius: 0, height: 3, flex: 'none' }}><i style={{ width: `${steps.length === 0 ? 0 : (done / steps.length) * 100}%` }} /></div>
      <div style={{ height: topo, flex: 'none', position: 'relative' }} className={css['topo']}><Topology />{phone && <button type="button" className={`btn sm ${css['more']}`} aria-label={t('topo.expand')} onClick={() => setTall(!tall)}><Icon name="expand" small /></button>}</div>
      <section className={css['tl']}><Transport small /></section>
      <nav className={css['mt']} role="tablist">{(['lesson', 'terminal', 'packets', 'host'] as const).map((k) => <button key={k} type="button" role="tab" aria-selected={tab === k} className={tab === k ? css['on'] : ''} onClick={() => useLab.setState({ mobileTab: k })}><Icon name={k === 'lesson' ? 'book' : k === 'terminal' ? 'term' : k === 'packets' ? 'list' : 'server'} />{t(`tabs.${k}`)}{k === 'packets' && frames > 0 && !phone ? <i>{frames}</i> : null}</button>)}</nav>
      <div className={css['body']}>{tab === 'lesson' ? <LessonPanel /> : tab === 'packets' ? <PacketList /> : tab === 'host' ? <Inspector /> : <Terminals touch />}</div>
      {tab === 'terminal' && <KeyRow />}
    </div>
  );
}

function MiniPrefs(): JSX.Element {
  const { t } = useTranslation();
  return <button type="button" className="ib" style={{ width: 44, height: 44 }} aria-label={t('app.palette')} onClick={() => useLab.setState({ palette: true })}><Icon name="search" /></button>;
}
