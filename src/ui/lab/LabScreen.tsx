// The lab: lesson, terminals, topology with inspector, dock. Wide screens show all of it in one of three presets, narrow ones stack it.
import { type JSX, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, type GroupProps, Panel, usePanelRef } from 'react-resizable-panels';
import { setPreset } from '../actions';
import { Dock } from '../dock/Dock';
import { Details } from '../dock/Details';
import { FlowTrace } from '../dock/FlowTrace';
import { Inspector } from '../inspector/Inspector';
import { LessonPanel, LessonRail } from '../lesson/LessonPanel';
import { sealed } from '../exam';
import { Divider } from '../parts/Divider';
import { Icon } from '../parts/icons';
import { InTurn } from '../parts/InTurn';
import { ExamClock } from '../lesson/Exam';
import { Saved, TopBar } from '../parts/TopBar';
import { useLab } from '../store';
import { Terminals } from '../terminal/Terminals';
import { lesson } from '../work';
import { dockHeight, keepSizes, lessonBeside, lessonWidth, NARROW, type Preset, PRESETS, sizesOf, terminalWidth } from './geometry';
import { Notices } from './Notices';
import { Topology } from './panes';
import { Stacked } from './Stacked';
import css from './lab.module.css';

/** Shares of a group of panes, remembered for each preset from the first time that somebody drags a divider: until then the window decides. */
function remembered(id: string, preset: Preset): Pick<GroupProps, 'id' | 'defaultLayout' | 'onLayoutChanged'> {
  const layout = sizesOf(id, preset);
  return { id: `${preset}.${id}`, ...(layout ? { defaultLayout: layout } : {}), onLayoutChanged: (l, how) => { if (how.isUserInteraction || sizesOf(id, preset) !== undefined) keepSizes(id, preset, l); } };
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
  return w < 900 ? <Stacked w={w} h={h} /> : <Wide w={w} h={h} />;
}

function Crumbs(): JSX.Element {
  const { t, i18n } = useTranslation();
  const l = lesson();
  const steps = useLab((s) => s.steps);
  const done = steps.filter((s) => s.state === 'passed').length;
  const quiet = useLab((s) => sealed(s.exam)); // nothing is judged yet
  return (
    <>
      <span className="vr" />
      <nav className="crumb" aria-label={t('app.here')}><a href="#/" style={{ color: 'inherit' }}>{t('app.course')}</a><Icon name="right" small /><b>{l.words[i18n.language === 'zh' ? 'zh' : 'en'].title}</b></nav>
      {steps.length > 0 && !quiet && <span className="row" style={{ marginLeft: 10 }}><span className="bar" style={{ width: 88 }}><i style={{ width: `${(done / steps.length) * 100}%` }} /></span><span className="dim" style={{ fontSize: 12 }} data-testid="progress">{t('lesson.progress', { done, total: steps.length })}</span></span>}
      <ExamClock />
      <span className="sp" />
      <Presets />
      <Saved />
    </>
  );
}

/** Lower than this the dock shows no list. */
const FOLDED = 90;
const MODIFIERS = ['Alt', 'Control', 'Shift', 'Meta'];
const GLYPH = { learn: 'sidebar', trace: 'replay', terminal: 'grid' } as const;

function Presets(): JSX.Element {
  const { t } = useTranslation();
  const preset = useLab((s) => s.preset);
  return <span className="seg" role="group" aria-label={t('layout.title')}>{PRESETS.map((p) => <button key={p} type="button" className={p === preset ? 'on' : ''} aria-pressed={p === preset} aria-label={t(`layout.${p}`)} title={`${t(`layout.${p}`)}  Alt \\`} onClick={() => setPreset(p)}><Icon name={GLYPH[p]} small /><span className="wide">{t(`layout.${p}`)}</span></button>)}</span>;
}

function Wide({ w, h }: { w: number; h: number }): JSX.Element {
  const open = useLab((s) => s.lessonOpen);
  const preset = useLab((s) => s.preset);
  const seen = useLab((s) => s.layoutSeen);
  const pinned = useLab((s) => s.lessonPinned);
  const drawer = !lessonBeside(w, pinned);
  const side = lessonWidth(w, open, pinned);
  // An open drawer lies over the terminals: whoever goes on working there sees them.
  const away = drawer && open ? (): void => useLab.setState({ lessonOpen: false }) : undefined;
  const low = h < 760;
  const dock = usePanelRef();
  const [folded, setFolded] = useState(low);
  return (
    <>
      <TopBar><Crumbs /></TopBar>
      <Notices />
      <main className={css['main']} data-preset={preset}>
        <div className={css['lesson']} style={{ width: side }}><InTurn>{!drawer && open ? <LessonPanel /> : <LessonRail />}</InTurn></div>
        {drawer && open && <div className={css['drawer']}><LessonPanel drawer pin={w >= NARROW} /></div>}
        <div className={css['rest']} key={seen} onPointerDownCapture={away} onKeyDownCapture={away && ((e) => { if ((e.target as Element).closest('[data-terminal]') !== null && !MODIFIERS.includes(e.key)) away(); })}>
          <InTurn><Group orientation="vertical" key={`${preset}${low ? 'low' : ''}`} {...remembered(low ? 'dock.low' : 'dock', preset)}>
            <Panel id="top" minSize={low ? 290 : preset === 'trace' ? 342 : 298}>{preset === 'trace' ? <TracePanes w={w - side} h={h} /> : <SidePanes w={w} side={side} h={h} preset={preset} />}</Panel>
            <Divider />
            <Panel id="packets" panelRef={dock} minSize={42} defaultSize={dockHeight(h, preset)} groupResizeBehavior="preserve-pixel-size" onResize={({ inPixels }) => setFolded(inPixels < FOLDED)}><InTurn><Dock fold={{ folded, toggle: () => dock.current?.resize(folded ? 200 : 42) }} alone={preset === 'trace' || w - side < 1000} /></InTurn></Panel>
          </Group></InTurn>
        </div>
      </main>
    </>
  );
}

/** Learn and Terminal: terminals beside the topology, the inspector under it. When the column is low the inspector is a tab of it. */
function SidePanes({ w, side, h, preset }: { w: number; side: number; h: number; preset: Preset }): JSX.Element {
  const { t } = useTranslation();
  const share = (terminalWidth(w, side, preset) / (w - side)) * 100;
  return (
    <Group orientation="horizontal" key={w < NARROW ? 'narrow' : 'wide'} {...remembered(w < NARROW ? 'middle.narrow' : 'middle', preset)}>
      <Panel id="terminals" minSize={300} defaultSize={`${share.toFixed(2)}%`} groupResizeBehavior="preserve-pixel-size"><InTurn><Terminals /></InTurn></Panel>
      <Divider vertical />
      <Panel id="graph" minSize={260}>
        {h < 760 ? <Tabs names={[t('topo.pane'), t('inspect.pane')]}>{[<InTurn key="g"><Topology /></InTurn>, <Inspector key="i" />]}</Tabs> : (
          <Group orientation="vertical" {...remembered('right', preset)}>
            <Panel id="topology" minSize={260}><InTurn><Topology /></InTurn></Panel>
            <Divider />
            <Panel id="inspector" minSize={36} defaultSize={preset === 'terminal' ? 300 : 242} groupResizeBehavior="preserve-pixel-size"><InTurn><Inspector /></InTurn></Panel>
          </Group>
        )}
      </Panel>
    </Group>
  );
}

/** Trace: a large topology over one terminal, and a column that says hop by hop what happened. The column goes first when there is no room. */
function TracePanes({ w, h }: { w: number; h: number }): JSX.Element {
  const { t } = useTranslation();
  const main = (
    <Group orientation="vertical" {...remembered('left', 'trace')}>
      <Panel id="topology" minSize={260}><InTurn><Topology /></InTurn></Panel>
      <Divider />
      <Panel id="terminals" minSize={80} defaultSize={Math.max(110, Math.min(180, h - 560))} groupResizeBehavior="preserve-pixel-size"><InTurn><Terminals /></InTurn></Panel>
    </Group>
  );
  if (w < 800) return main;
  return (
    <Group orientation="horizontal" {...remembered('middle', 'trace')}>
      <Panel id="main" minSize={400}>{main}</Panel>
      <Divider vertical />
      <Panel id="flow" minSize={260} defaultSize={Math.min(520, w * 0.4)} groupResizeBehavior="preserve-pixel-size"><Tabs names={[t('layout.flow'), t('inspect.pane'), t('side.bytes')]}>{[<InTurn key="k"><FlowTrace /></InTurn>, <Inspector key="i" />, <Details key="d" />]}</Tabs></Panel>
    </Group>
  );
}

function Tabs({ names, children }: { names: string[]; children: ReactNode[] }): JSX.Element {
  const [at, setAt] = useState(0);
  return (
    <div className={css['tabbed']}>
      <div className={`ph ${css['switch']}`} style={{ height: 30 }}><div className="tabs" role="tablist">{names.map((n, i) => <button key={n} type="button" role="tab" aria-selected={at === i} className={`tab ${at === i ? 'on' : ''}`} onClick={() => setAt(i)}>{n}</button>)}</div></div>
      <div className={css['tabBody']}>{children[at]}</div>
    </div>
  );
}
