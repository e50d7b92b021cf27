// The lesson: its words, its steps with their states, the current step opened, hints one by one, and why a check failed.
import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { words as words_ } from '../i18n/i18n';
import { ModeGlyph, StateGlyph } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import { checkNow, lesson, nextHint, resetLab, undo } from '../work';
import { keepPin } from '../lab/geometry';
import { Blocks } from './Blocks';
import { ExamEnd, ExamStart, HandIn } from './Exam';
import { Questions } from './Questions';
import { Sandbox } from './Sandbox';
import { asked, Step } from './Step';
import css from './lesson.module.css';

export function LessonPanel({ drawer = false, pin = false, alone = false }: { /** It is all there is: it cannot be folded. */ alone?: boolean; /** It lies over the panes. */ drawer?: boolean; /** It may be pinned beside them. */ pin?: boolean }): JSX.Element {
  const { t, i18n } = useTranslation();
  const l = lesson();
  const words = l.words[i18n.language === 'zh' ? 'zh' : 'en'];
  const steps = useLab((s) => s.steps);
  const current = useLab((s) => s.currentStep);
  const hints = useLab((s) => s.hints);
  const checking = useLab((s) => s.checking);
  const undoWhat = useLab((s) => s.undo);
  const readOnly = useLab((s) => s.readOnly);
  const pinned = useLab((s) => s.lessonPinned);
  const [menu, setMenu] = useState(false);
  const done = steps.filter((s) => s.state === 'passed').length;
  const at = steps.findIndex((s) => s.id === current);
  const now = steps[at];
  const own = words.steps[current];
  const total = own?.hints.length ?? 0;
  const given = Math.min(hints[current] ?? 0, total);
  const first = useRef(current);
  useEffect(() => { if (first.current === current) return; first.current = ''; document.querySelector(`[data-step="${CSS.escape(current)}"]`)?.scrollIntoView({ block: 'nearest', behavior: 'smooth' }); }, [current]);
  // A step that has just failed shows what happened at once: its top comes to the top of the panel.
  const failedNow = now?.state === 'failed' && !checking && now.checks.some((c) => c.state === 'failed' && !asked(now.id).some((q) => q.key === c.key));
  useEffect(() => {
    if (!failedNow) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    document.querySelector(`[data-step="${CSS.escape(current)}"]`)?.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' });
  }, [failedNow, current]);
  // A hint just taken is seen wherever the panel stood.
  const hintList = useRef<HTMLDivElement>(null);
  const had = useRef({ step: current, given });
  useEffect(() => {
    const more = had.current.step === current && given > had.current.given;
    had.current = { step: current, given };
    if (more) hintList.current?.lastElementChild?.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }, [current, given]);
  const all = done === steps.length && steps.length > 0;
  const exam = useLab((s) => s.exam);
  const waiting = exam !== null && exam.startedAt === 0;
  const going = exam !== null && exam.startedAt > 0 && exam.ended === null;
  const checkingStep = useLab((s) => s.checkingStep);
  const [result, showResult] = useState(false);
  const sandbox = l.kind === 'sandbox';
  const counted = l.kind !== 'guided' && exam === null;
  const points = l.steps.reduce((a, s) => a + s.points, 0);
  const got = l.steps.filter((s) => steps.find((x) => x.id === s.id)?.state === 'passed').reduce((a, s) => a + s.points, 0);
  return (
    <section className="pane" aria-label={t('lesson.pane')} data-pane="lesson" style={{ height: '100%' }} onKeyDown={drawer ? (e) => { if (e.key === 'Escape') useLab.setState({ lessonOpen: false }); } : undefined}>
      <div className="ph">
        <span className="eyebrow">{l.mode && <ModeGlyph mode={l.mode} />} {l.mode ? `${t(`mode.${l.mode}`)} · ` : ''}{sandbox ? t('catalog.sandbox') : <>{l.kind === 'guided' ? '' : `${words_(`kind.${l.kind}`)} · `}{t('catalog.minutes', { n: l.minutes })}</>}</span>
        <span className="sp" />
        {(pin || pinned) && <button type="button" className={`ib sm ${pinned ? 'on' : ''}`} aria-pressed={pinned} aria-label={t('lesson.pin')} title={t('lesson.pin')} onClick={() => { keepPin(!pinned); useLab.setState({ lessonPinned: !pinned, lessonOpen: true }); }}><Icon name="pin" /></button>}
        {!alone && <button type="button" className="ib sm" aria-label={t('lesson.collapse')} title={t('lesson.collapse')} onClick={() => useLab.setState({ lessonOpen: false })}><Icon name={drawer ? 'close' : 'sidebar'} /></button>}
      </div>
      {sandbox ? <Sandbox /> : <div className="lesson">
        <h1>{words.title}</h1>
        <Blocks blocks={words.intro} mode={l.mode} />
        {waiting ? <ExamStart /> : <ol className="steps">{steps.map((s) => <Step key={s.id} step={s} now={s.id === current} title={words.steps[s.id]?.title ?? s.id}>{s.id === current && own && <><Blocks blocks={own.blocks} mode={l.mode} />{asked(s.id).length > 0 && <Questions questions={asked(s.id)} checks={s.checks} />}</>}</Step>)}</ol>}
        {counted && points > 0 && <p className={css['all']}>{t('lesson.score', { got, all: points })}</p>}
        {exam?.record && <p className={css['all']}><b>{t('lesson.score', { got: exam.record.score.got, all: exam.record.score.total })}</b><button type="button" className="btn sm" onClick={() => showResult(true)}>{t('exam.again')}</button></p>}
        {result && <ExamEnd again={() => showResult(false)} />}
        {all && exam === null && <p className={css['all']} role="status"><StateGlyph state="passed" size={18} />{t('lesson.complete')}</p>}
        {own && (
          <div className={given > 0 ? css['hints'] : undefined} aria-live="polite" ref={hintList}>{own.hints.slice(0, given).map((h, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: hints never move
            <div key={i} className={css['hint']}><div className="row" style={{ marginBottom: 3 }}><Icon name="bulb" /><b style={{ fontSize: 13, fontWeight: 600 }}>{t('lesson.hintN', { n: i + 1, total })}</b><span className="sp" /><span className="dim" style={{ fontSize: 12 }}>{t(`lesson.hint${Math.min(3, i + 1) as 1 | 2 | 3}`)}</span></div><div style={{ fontSize: 13, lineHeight: 1.6 }}><Blocks blocks={h} mode={l.mode} /></div></div>
          ))}</div>
        )}
      </div>}
      {checkingStep !== '' && <p className={css['checking']}><StateGlyph state="running" size={14} />{t('lesson.checkingNow', { step: words.steps[checkingStep]?.title ?? checkingStep })}</p>}
      <div className="foot" style={{ position: 'relative' }}>
        {exam === null && !sandbox && <button type="button" className="btn q sm" disabled={total === 0 || given >= total} title={`${t('lesson.nextHint')}  Alt H`} onClick={nextHint}><Icon name="bulb" />{t('lesson.hint')} <span className="dim">{given} / {total}</span></button>}
        <button type="button" className="btn q sm" aria-label={t('lesson.undo')} disabled={undoWhat === null || readOnly} title={undoWhat === null ? t('lesson.undoNone') : t('lesson.undoWhat', undoWhat)} onClick={() => void undo()}><Icon name="undo" /><span className="w">{t('lesson.undo')}</span></button>
        <button type="button" className="ib sm" aria-label={t('lesson.reset')} title={t('lesson.reset')} aria-haspopup="menu" aria-expanded={menu} disabled={readOnly} onClick={() => setMenu(!menu)}><Icon name="reset" small /></button>
        {menu && <ResetMenu close={() => setMenu(false)} />}
        <span className="sp" />
        {going ? <HandIn /> : waiting || sandbox ? null : exam !== null && exam.record === null ? <span className="dim row" style={{ gap: 6, fontSize: 12.5 }} role="status"><StateGlyph state="running" size={16} />{t('exam.grading')}</span> : now !== undefined && now.state === 'passed' && at < steps.length - 1 ? (
          <button type="button" className="btn sm p" onClick={() => useLab.setState({ currentStep: steps[at + 1]!.id })}>{t('lesson.next')}<Icon name="right" small /></button>
        ) : (
          <button type="button" className="btn sm" disabled={checking} onClick={checkNow} title="Ctrl Enter">{t('lesson.recheck')}</button>
        )}
      </div>
      <div className="vh" role="status" aria-live="polite">{now && !going && !waiting ? t('keys.choice', { what: words.steps[current]?.title ?? '', value: t(`state.${now.state}`) }) : ''}</div>
    </section>
  );
}

function ResetMenu({ close }: { close(): void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  // The keyboard goes into the menu, and back where it came from.
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector('button')?.focus();
    return () => before?.focus();
  }, []);
  const key = (e: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    if (e.key === 'Escape' || e.key === 'Tab') close();
    else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') items[(at + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const { t } = useTranslation();
  const host = useLab((s) => s.host);
  useEffect(() => { const on = (): void => close(); const id = setTimeout(() => window.addEventListener('pointerdown', on), 0); return () => { clearTimeout(id); window.removeEventListener('pointerdown', on); }; }, [close]);
  return (
    <div className={css['menu']} role="menu" aria-label={t('lesson.reset')} ref={box} onKeyDown={key} onPointerDown={(e) => e.stopPropagation()}>
      <p className="dim" style={{ fontSize: 11.5, padding: '4px 9px' }}>{t('lesson.resetConfirm')}</p>
      <button type="button" role="menuitem" onClick={() => { resetLab(host); close(); }}>{t('lesson.resetHost', { host })}</button>
      <button type="button" role="menuitem" onClick={() => { resetLab(); close(); }}>{t('lesson.resetAll')}</button>
    </div>
  );
}

/** The lesson folded to a rail of step glyphs. */
export function LessonRail(): JSX.Element {
  const { t, i18n } = useTranslation();
  const steps = useLab((s) => s.steps);
  const current = useLab((s) => s.currentStep);
  const open = useLab((s) => s.lessonOpen);
  const words = lesson().words[i18n.language === 'zh' ? 'zh' : 'en'];
  const now = steps.find((s) => s.id === current);
  return (
    <section className={`pane ${css['rail']}`} aria-label={t('lesson.outline')} data-pane="lesson">
      <button type="button" className="ib sm" aria-label={t('lesson.expand')} title={t('lesson.expand')} onClick={() => useLab.setState({ lessonOpen: true })}><Icon name="sidebar" /></button>
      {steps.map((s) => <button key={s.id} type="button" data-tick={s.id} data-state={s.state} className={s.id === current ? css['railNow'] : undefined} aria-current={s.id === current ? 'step' : undefined} title={words.steps[s.id]?.title} aria-label={t('keys.choice', { what: words.steps[s.id]?.title ?? s.id, value: t(`state.${s.state}`) })} onClick={() => useLab.setState({ currentStep: s.id, lessonOpen: true })}><StateGlyph state={s.state} /></button>)}
      {!open && <div className="vh" role="status" aria-live="polite">{now ? t('keys.choice', { what: words.steps[current]?.title ?? '', value: t(`state.${now.state}`) }) : ''}</div>}
    </section>
  );
}
