// An exam on the page: the start, the clock, handing in, and the end with points by step.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PASS } from '../../lesson/exam';
import { clock, clockOf, endExam, startExam } from '../exam';
import { words } from '../i18n/i18n';
import { StateGlyph } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { download } from '../persist';
import { session } from '../session';
import { lessonHash } from '../route';
import { useLab } from '../store';
import { checkNow, journalText, lesson } from '../work';
import css from './exam.module.css';

/** Time left, on every screen of an exam; told by voice in the last ten and the last five minutes. */
export function ExamClock(): JSX.Element | null {
  const { t } = useTranslation();
  const exam = useLab((s) => s.exam);
  const [now, setNow] = useState(() => Date.now());
  const going = exam !== null && exam.startedAt > 0 && exam.ended === null;
  useEffect(() => {
    if (!going) return;
    setNow(Date.now());
    const id = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(id);
  }, [going]);
  const c = clockOf(exam, now);
  if (c === null) return null;
  const ms = c.leftMs;
  const soon = c.phase === 'running' ? 0 : ms <= 5 * 60_000 ? 5 : 10;
  return <span className={`pill ${soon === 5 ? 'fail' : soon === 10 ? 'stale' : ''}`} data-testid="exam-clock" role="timer" aria-label={t('exam.left', { time: clock(ms) })}><Icon name="clock" small /><span className="mono">{clock(ms)}</span><span className="vh" role="status">{soon > 0 ? t('exam.soon', { n: soon }) : ''}</span></span>;
}

/** Before the beginning: what an exam is, and the button that starts its clock. */
export function ExamStart(): JSX.Element {
  const { t } = useTranslation();
  const l = lesson();
  return (
    <div className={css['start']}>
      <ul><li>{t('exam.rule1', { n: l.minutes })}</li><li>{t('exam.rule2')}</li><li>{t('exam.rule3')}</li><li>{t('exam.rule4', { n: l.steps.length, points: l.steps.reduce((a, s) => a + s.points, 0) })}</li></ul>
      <button type="button" className="btn p" onClick={startExam}><Icon name="flag" small />{t('exam.start')}</button>
    </div>
  );
}

/** Questions nobody has answered yet. */
const unanswered = (): number => lesson().steps.flatMap((s) => s.questions).filter((q) => session().lab.answers()[q.id] === undefined).length;

/** Why a step gave no points, in the words of an exam. */
function came(state: string, step: string, steps: readonly { step: string; state: string }[]): string {
  const s = lesson().steps.find((x) => x.id === step);
  if (state !== 'blocked' || s === undefined) return words(state === 'passed' ? 'exam.right' : 'exam.wrong');
  return words(s.needs.some((n) => steps.find((x) => x.step === n)?.state !== 'passed') ? 'exam.before' : s.questions.length > 0 ? 'exam.unanswered' : 'exam.notDone');
}

/** The button that hands in; it asks once more. */
export function HandIn(): JSX.Element {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const end = (): void => { endExam(); checkNow(); };
  const button = <button type="button" className="btn sm p" aria-expanded={sure} onClick={() => setSure(true)}>{t('exam.handIn')}</button>;
  if (!sure) return button;
  const open = unanswered();
  return (
    <div className={css['sure']} role="alertdialog" aria-labelledby="exam-sure" onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); setSure(false); } }}>
      <p id="exam-sure">{open > 0 && <b>{t('exam.open', { n: open })}</b>}{t('exam.sure')}</p>
      <div className="row">
        {/* biome-ignore lint/a11y/noAutofocus: it was just asked for, and a second Enter must not hand in */}
        <button type="button" className="btn sm" autoFocus onClick={() => setSure(false)}>{t('exam.notYet')}</button><button type="button" className="btn sm p" onClick={end}>{t('exam.yes')}</button>
      </div>
    </div>
  );
}

/** The end: points by step, the time it took, and what can be done now. */
export function ExamEnd({ again }: { again?: () => void }): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const exam = useLab((s) => s.exam);
  const seed = useLab((s) => s.seed);
  const [gone, go] = useState(false);
  const box = useRef<HTMLDialogElement>(null);
  const over = exam !== null && exam.record !== null && !gone && (again !== undefined || exam.closed !== true);
  const seen = (): void => useLab.setState((s) => (s.exam === null ? {} : { exam: { ...s.exam, closed: true } }));
  useEffect(() => { const e = box.current; if (over && e && !e.open) e.showModal(); }, [over]);
  if (!over || exam.record === null) return null;
  const { score, startedAt, endedAt, ended } = exam.record;
  const l = lesson();
  const own = l.words[i18n.language === 'zh' ? 'zh' : 'en'];
  const line = l.pass ?? PASS;
  const next = 1 + Math.floor(Math.random() * 99_999);
  return (
    <dialog className={css['end']} ref={box} onClose={() => { go(true); seen(); again?.(); }} aria-labelledby="exam-end">
      <span className="eyebrow"><Icon name="flag" small />{own.title}</span>
      <h1 id="exam-end">{t(ended === 'time' ? 'exam.timeUp' : 'exam.ended')}</h1>
      <p className={css['score']}><b>{score.got}</b> / {score.total}<span className={`pill ${score.passed ? 'ok' : 'fail'}`} data-testid="exam-verdict"><StateGlyph state={score.passed ? 'passed' : 'failed'} size={14} />{t(score.passed ? 'exam.passed' : 'exam.failed', { line })}</span><span className="muted">{t('exam.took', { time: clock(endedAt - startedAt) })}</span></p>
      <table className="dt auto"><thead><tr><th>{t('exam.step')}</th><th>{t('exam.result')}</th><th className="r">{t('exam.points')}</th></tr></thead>
        <tbody>{score.steps.map((s) => <tr key={s.step} data-exam-step={s.step} data-passed={s.state === 'passed'}><td>{own.steps[s.step]?.title ?? s.step}</td><td><span className="row" style={{ gap: 6 }}><StateGlyph state={s.state} size={16} />{came(s.state, s.step, score.steps)}</span></td><td className="r">{s.got} / {s.points}</td></tr>)}</tbody></table>
      <p className="muted" style={{ fontSize: 12.5, marginTop: 12 }}>{t('exam.after')}</p>
      <div className={css['foot']}>
        <button type="button" className="btn p" onClick={() => box.current?.close()}>{t('exam.review')}</button>
        <a className="btn" href={lessonHash(l.id, next)} onClick={seen}>{t('exam.retake')}</a>
        <button type="button" className="btn q" onClick={() => download(`${l.id}.${seed}.lvslab.json`, journalText())}><Icon name="down2" small />{t('save.download')}</button>
        <span className="sp" /><a className="btn q" href="#/" onClick={seen}>{t('app.backToCourse')}</a>
      </div>
    </dialog>
  );
}
