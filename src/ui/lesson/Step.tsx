// One step of a lesson: its state, its words when it is the current one, and why a check of it failed.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../lesson/question';
import { replayRun } from '../actions';
import { sealed } from '../exam';
import { StateGlyph } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { Prose } from '../parts/Words';
import { type CheckShown, type StepShown, useLab } from '../store';
import { ShowWhy, WhoBroke } from '../time/WhoBroke';
import { explain, lesson, nextHint, runOf, toldOf } from '../work';
import css from './lesson.module.css';

/** Questions of a step. */
export const asked = (id: string): Question[] => lesson().steps.find((s) => s.id === id)?.questions ?? [];

export function Step({ step, now, title, children }: { step: StepShown; now: boolean; title: string; children: React.ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation();
  const failed = now && step.state === 'failed';
  // A question shows its own result.
  const rows = step.checks.filter((c) => !asked(step.id).some((q) => q.key === c.key));
  const bad = failed ? rows.filter((c) => c.state === 'failed') : [];
  const quiet = useLab((s) => sealed(s.exam));
  const running = useLab((s) => s.checkingStep === step.id);
  const points = lesson().kind === 'guided' ? 0 : (lesson().steps.find((s) => s.id === step.id)?.points ?? 0);
  const words = lesson().words[i18n.language === 'zh' ? 'zh' : 'en'];
  const open = step.state === 'blocked' && step.waits.length === 0 && asked(step.id).length > 0;
  const look = failed ? 'bad' : now ? 'now' : step.state === 'passed' || step.state === 'stale' ? 'done' : 'todo';
  return (
    <li className={`step ${look}`} data-step={step.id} data-state={step.state} aria-current={now ? 'step' : undefined}>
      <StateGlyph state={running ? 'running' : step.state} label={open ? t('lesson.unanswered') : t(`state.${running ? 'running' : step.state}`)} />
      <h2 className={css['head']}><button type="button" className="t" aria-expanded={now} style={{ textAlign: 'left', ...(now ? { fontWeight: 600 } : {}) }} onClick={() => useLab.setState({ currentStep: step.id })}>{title}{' '}{step.state === 'stale' && <span className="pill stale" style={{ marginLeft: 6 }}>{t('lesson.stale')}</span>}{points > 0 && <span className="dim nw" style={{ marginLeft: 8, fontSize: 12, fontWeight: 400 }}>{t('lesson.points', { n: points })}</span>}</button></h2>
      {now && <div className="b">
        {step.state === 'stale' && <p className={css['state']}>{step.touched.length > 0 ? t('lesson.touched', { hosts: step.touched.join(t('catalog.comma')) }) : t('lesson.touchedAny')}</p>}
        {step.waits.length > 0 && <p className={css['state']}>{t('lesson.waits')}{step.waits.map((w) => <button key={w} type="button" className="plink" style={{ fontFamily: 'var(--font-ui)', whiteSpace: 'normal', textAlign: 'left' }} onClick={() => useLab.setState({ currentStep: w })}>{words.steps[w]?.title ?? w}</button>)}</p>}
        {open && <p className={css['state']}>{t('lesson.unanswered')}</p>}
        {bad.length > 0 && <Checks checks={bad} />}
        {/* The same element whether something failed or not: an answer half given stays. */}
        <div className={bad.length > 0 ? css['task'] : undefined}>{children}</div>
        {!quiet && <Checks checks={rows.filter((c) => !bad.includes(c))} />}</div>}
    </li>
  );
}

function Checks({ checks }: { checks: CheckShown[] }): JSX.Element {
  return <>{checks.map((c, i) => (c.state === 'failed' ? <Failed key={c.key} c={c} first={i === 0} again={checks.slice(0, i).some((x) => x.state === 'failed' && explain(x).why === explain(c).why)} /> : <div key={c.key} className="chk"><StateGlyph state={c.state} size={16} /><span className={c.state === 'passed' ? '' : 'dim'}><Prose text={c.title} /></span></div>))}</>;
}

function Failed({ c, again, first }: { c: CheckShown; again: boolean; first: boolean }): JSX.Element {
  const { t } = useTranslation();
  const words = explain(c);
  const exam = useLab((s) => s.exam !== null);
  useLab((s) => s.hints); // each hint lets more be said of a broken cluster
  const why = toldOf(c)?.why ?? true;
  const run = why ? runOf(c.key) : null;
  const frame = c.frames.find((f) => run !== null && run.run.trace().frame(f)?.from === c.host) ?? c.frames[c.frames.length - 1];
  return (
    <div className={css['failed']} role="group">
      <div className="chk"><StateGlyph state="failed" size={16} /><span style={{ color: 'var(--ink-1)' }}><Prose text={words.what || c.title} /> {frame !== undefined && run !== null && <button type="button" className="plink" onClick={() => replayRun(run, frame)}>#{frame}</button>}</span></div>
      {words.why !== '' && !again && <div className={css['why']}><b>{t('lesson.why')}</b><p><Prose text={words.why} /></p></div>}
      {c.expected !== '' && words.what !== '' && <dl className={css['compare']}><dt>{t('lesson.expected')}</dt><dd><Prose text={c.expected} /></dd>{c.actual !== words.what && <><dt>{t('lesson.actual')}</dt><dd className="fail"><Prose text={c.actual} /></dd></>}</dl>}
      <div className="row" style={{ margin: '10px 0 12px', gap: 6, flexWrap: 'wrap' }}>
        {run !== null && frame !== undefined && <button type="button" className="btn sm p" onClick={() => replayRun(run, frame)}><Icon name="replay" small />{t('lesson.replay')}</button>}
        {run !== null && frame !== undefined && <ShowWhy show={() => replayRun(run, frame)} />}
        {first && !exam && <button type="button" className="btn sm" onClick={nextHint}><Icon name="bulb" small />{t('lesson.hintButton')}</button>}
        {!exam && why && <WhoBroke check={c.key} />}
      </div>
    </div>
  );
}
