// The lab on narrow screens: topology, then transport, then one of lesson, terminal, packets, host.
import { type JSX, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PacketList, Transport } from '../dock/Dock';
import { Inspector } from '../inspector/Inspector';
import { LessonPanel } from '../lesson/LessonPanel';
import { ExamClock } from '../lesson/Exam';
import { StateGlyph } from '../parts/glyphs';
import { Icon, Logo } from '../parts/icons';
import { InTurn } from '../parts/InTurn';
import { useLab } from '../store';
import { KeyRow } from '../terminal/KeyRow';
import { Terminals } from '../terminal/Terminals';
import { lesson, nextHint, undo } from '../work';
import { Notices } from './Notices';
import { Topology } from './panes';
import css from './lab.module.css';

export function Stacked({ w, h }: { w: number; h: number }): JSX.Element {
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
  const exam = useLab((s) => s.exam);
  const waiting = exam !== null && exam.startedAt === 0;
  const hints = exam === null && l.kind !== 'sandbox';
  const first = waiting || l.kind === 'quiz';
  // Where reading comes before typing, the words are what is seen first.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each lesson
  useEffect(() => { if (first) useLab.setState({ mobileTab: 'lesson' }); }, [l.id]);
  const topo = phone ? (tall ? 420 : 200) : Math.max(260, Math.min(432, Math.round(h * 0.37)));
  return (
    <div className={css['stack']}>
      <header className="top" style={{ height: 54 }}>
        <a href="#/" className="ib" style={{ width: 44, height: 44 }} aria-label={t('app.backToCourse')}><Icon name="menu" /></a>
        {!phone && <Logo />}
        {tab === 'lesson' ? <b className={css['title']}>{words.title}</b> : <h1 className={css['title']} style={{ fontSize: 'inherit' }}>{words.title}</h1>}<span className="sp" /><ExamClock />
        {hints && <button type="button" className="btn q" style={{ height: 44 }} aria-label={t('lesson.nextHint')} onClick={() => { nextHint(); useLab.setState({ mobileTab: 'lesson' }); }}><Icon name="bulb" />{phone ? null : t('lesson.hint')}</button>}
        <button type="button" className="ib" style={{ width: 44, height: 44 }} aria-label={t('lesson.undo')} disabled={undoWhat === null} onClick={() => void undo()}><Icon name="undo" /></button>
        <MiniPrefs />
      </header>
      <Notices />
      <main className={css['stackMain']}>
      {step && !waiting && (
        <button type="button" className={css['now']} onClick={() => useLab.setState({ mobileTab: 'lesson' })}>
          <StateGlyph state={step.state} size={24} label={t(`state.${step.state}`)} />
          <span style={{ flex: 1, minWidth: 0 }}><span className="row"><b style={{ fontWeight: 600, fontSize: 15 }}>{words.steps[step.id]?.title ?? step.id}</b><span className="sp" /><span className="dim nw" style={{ fontSize: 12.5 }}>{t('lesson.stepOf', { n: at + 1, total: steps.length })}</span></span>{failed && <span className="muted" style={{ fontSize: 13, display: 'block' }}>{failed.title}</span>}</span>
          <Icon name="down" />
        </button>
      )}
      <div className="bar" aria-hidden="true" style={{ borderRadius: 0, height: 3, flex: 'none' }}><i style={{ width: `${steps.length === 0 ? 0 : (done / steps.length) * 100}%` }} /></div>
      <div style={{ height: topo, flex: 'none', position: 'relative' }} className={`${css['topo']} ${phone && !tall ? css['strip'] : ''}`}><InTurn><Topology /></InTurn>{phone && <button type="button" className={`btn sm ${css['more']}`} aria-label={t('topo.expand')} onClick={() => setTall(!tall)}><Icon name="expand" small /></button>}</div>
      <section className={css['tl']}><Transport small /></section>
      <div className={css['mt']} role="tablist">{(['lesson', 'terminal', 'packets', 'host'] as const).map((k) => <button key={k} type="button" role="tab" aria-selected={tab === k} className={tab === k ? css['on'] : ''} onClick={() => useLab.setState({ mobileTab: k })}><Icon name={k === 'lesson' ? 'book' : k === 'terminal' ? 'term' : k === 'packets' ? 'list' : 'server'} />{t(`tabs.${k}`)}{k === 'packets' && frames > 0 && !phone ? <i>{frames}</i> : null}</button>)}</div>
      <div className={css['body']} role="tabpanel" aria-label={t(`tabs.${tab}`)}>{tab === 'lesson' ? <LessonPanel alone /> : tab === 'packets' ? <PacketList /> : tab === 'host' ? <Inspector /> : <InTurn><Terminals touch /></InTurn>}</div>
      {tab === 'terminal' && <KeyRow />}
      </main>
    </div>
  );
}

function MiniPrefs(): JSX.Element {
  const { t } = useTranslation();
  return <button type="button" className="ib" style={{ width: 44, height: 44 }} aria-label={t('app.palette')} onClick={() => useLab.setState({ palette: true })}><Icon name="search" /></button>;
}
