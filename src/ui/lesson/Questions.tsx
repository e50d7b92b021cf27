// Quiz questions of a step: choose, order, match, type or predict; the result stands under the answer with the author's words about it.
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Choice, Form, Question } from '../../lesson/question';
import { replayRun } from '../actions';
import { StateGlyph } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { Prose } from '../parts/Words';
import { session } from '../session';
import { type CheckShown, useLab } from '../store';
import { answer, explain, judgedAnswer, runOf } from '../work';
import { Order } from './Order';
import css from './question.module.css';

const split = (given: string): string[] => given.split(',').map((x) => x.trim()).filter((x) => x !== '');

/** What the learner has answered, as the journal says. */
function useGiven(id: string): string {
  const version = useLab((s) => s.slowVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the journal
  return useMemo(() => session().lab.answers()[id] ?? '', [id, version]);
}

export function Questions({ questions, checks }: { questions: Question[]; checks: CheckShown[] }): JSX.Element {
  return <div className={css['list']}>{questions.map((q, i) => <Asked key={q.id} q={q} n={i + 1} total={questions.length} check={checks.find((c) => c.key === q.key)} />)}</div>;
}

/** Nothing chosen yet. */
function empty(form: Form): string {
  if (form.kind === 'order') return form.items.map((x) => x.id).join(',');
  return '';
}

/** Whether an answer can be given: every gap filled. */
function complete(form: Form, draft: string): boolean {
  if (form.kind === 'match') return form.left.every((l) => split(draft).some((p) => p.startsWith(`${l.id}=`)));
  if (form.kind === 'slots') return draft.split(',').filter((x) => x !== '').length === form.slots;
  return draft.trim() !== '';
}

function Asked({ q, n, total, check }: { q: Question; n: number; total: number; check: CheckShown | undefined }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  const given = useGiven(q.id);
  const readOnly = useLab((s) => s.readOnly);
  const sealed = useLab((s) => s.exam !== null && s.exam.ended === null);
  const [draft, setDraft] = useState(given === '' ? empty(q.form) : given);
  useEffect(() => { if (given !== '') setDraft(given); }, [given]);
  const judged = given !== '' && draft === given && judgedAnswer(q.key, q.id) === given;
  const waiting = given !== '' && draft === given && !judged && !sealed;
  const locked = readOnly;
  const can = !locked && complete(q.form, draft) && (draft !== given || given === '');
  const name = `q-${q.id}`;
  const send = (): void => { if (can) answer(q.id, draft.trim()); };
  return (
    <form className={css['card']} data-question={q.id} data-state={judged ? check?.state : 'open'} onSubmit={(e) => { e.preventDefault(); send(); }}>
      <fieldset disabled={locked}>
        <legend>
          <span className="eyebrow">{q.predict ? <Icon name="bulb" small /> : null}{t(q.predict ? 'quiz.predict' : 'quiz.question')}{total > 1 ? ` ${n} / ${total}` : ''}</span>
          <span className={css['ask']}><Prose text={q.ask === null ? t('quiz.above') : q.ask[lang]} /></span>
        </legend>
        <Answer form={q.form} draft={draft} set={setDraft} lang={lang} name={name} />
      </fieldset>
      <div className={css['foot']}>
        <button type="submit" className={`btn sm ${can ? 'p' : ''}`} disabled={!can}>{t(given === '' ? 'quiz.answer' : 'quiz.again')}</button>
        {q.form.kind === 'choice' && q.form.many && <span className="dim" style={{ fontSize: 12 }}>{t('quiz.many')}</span>}
        {sealed && given !== '' && draft === given && <span className="dim row" style={{ fontSize: 12.5, gap: 5 }} role="status"><Icon name="check" small />{t('quiz.kept')}</span>}
        {waiting && <span className="dim row" style={{ fontSize: 12.5, gap: 6 }}><StateGlyph state="running" size={16} />{t('state.running')}</span>}
      </div>
      <div role="status" aria-live="polite">{judged && !sealed && check !== undefined && <Result q={q} check={check} given={given} lang={lang} />}</div>
    </form>
  );
}

function Result({ q, check, given, lang }: { q: Question; check: CheckShown; given: string; lang: 'zh' | 'en' }): JSX.Element | null {
  const { t } = useTranslation();
  if (check.state !== 'passed' && check.state !== 'failed' && check.state !== 'stale') return null;
  const right = check.state !== 'failed';
  const run = right ? null : runOf(check.key);
  const words = right ? q.explain[given]?.[lang] : explain(check).why;
  const frame = check.frames[0];
  return (
    <div className={`${css['result']} ${right ? '' : css['wrong']}`}>
      <StateGlyph state={right ? 'passed' : 'failed'} size={18} />
      <div><b>{t(right ? 'quiz.right' : q.predict ? 'quiz.otherwise' : 'quiz.wrong')}</b>{words && <p><Prose text={words} /></p>}
        {run !== null && frame !== undefined && <button type="button" className="btn sm" style={{ marginTop: 8 }} onClick={() => replayRun(run, frame)}><Icon name="replay" small />{t('quiz.watch')}</button>}
      </div>
    </div>
  );
}

function Answer({ form, draft, set, lang, name }: { form: Form; draft: string; set(x: string): void; lang: 'zh' | 'en'; name: string }): JSX.Element {
  const { t } = useTranslation();
  switch (form.kind) {
    case 'choice': {
      const chosen = form.many ? split(draft) : [draft];
      const pick = (id: string): void => set(form.many ? form.options.filter((o) => (o.id === id) !== chosen.includes(o.id)).map((o) => o.id).join(',') : id);
      return <div className={css['options']}>{form.options.map((o) => <label key={o.id} className={chosen.includes(o.id) ? css['on'] : ''}><input type={form.many ? 'checkbox' : 'radio'} name={name} value={o.id} checked={chosen.includes(o.id)} onChange={() => pick(o.id)} /><Words c={o} lang={lang} /></label>)}</div>;
    }
    case 'order': {
      const ids = split(draft);
      return <Order items={form.items.map((c) => ({ id: c.id, text: c[lang] }))} ids={ids.length === form.items.length ? ids : form.items.map((i) => i.id)} set={(x) => set(x.join(','))} />;
    }
    case 'match': {
      const said = new Map(split(draft).map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]));
      const put = (left: string, right: string): void => {
        if (right === '') said.delete(left);
        else said.set(left, right);
        set(form.left.flatMap((l) => (said.has(l.id) ? [`${l.id}=${said.get(l.id)!}`] : [])).join(','));
      };
      return <div className={`${css['pairs']} ${form.left.some((l) => l[lang].length > 9) ? css['long'] : ''}`}>{form.left.map((l) => <label key={l.id}><Words c={l} lang={lang} /><Select left={l.id} value={said.get(l.id) ?? ''} options={form.right} lang={lang} set={(r) => put(l.id, r)} empty={t('quiz.choose')} /></label>)}</div>;
    }
    case 'slots': {
      const slots = draft.split(',');
      const put = (i: number, v: string): void => set(Array.from({ length: form.slots }, (_, k) => (k === i ? v : (slots[k] ?? ''))).join(','));
      return <div className={css['pairs']}>{Array.from({ length: form.slots }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
        <label key={i}><span>{form.slots === 1 ? t('quiz.nextOne') : t('quiz.nth', { n: i + 1 })}</span><Select value={slots[i] ?? ''} options={form.options} lang={lang} set={(v) => put(i, v)} empty={t('quiz.choose')} /></label>
      ))}</div>;
    }
    case 'prints':
      return <div className={css['text']}><code><span className="dim">{form.on}# </span>{form.run}</code><input type="text" value={draft} onChange={(e) => set(e.target.value)} aria-label={t('quiz.yours')} autoComplete="off" spellCheck={false} /></div>;
    default:
      return <div className={css['text']}><input type="text" value={draft} onChange={(e) => set(e.target.value)} aria-label={t('quiz.yours')} autoComplete="off" spellCheck={false} /></div>;
  }
}

/** An option's words; hosts, addresses and commands in the terminal's face. */
function Words({ c, lang }: { c: Choice; lang: 'zh' | 'en' }): JSX.Element {
  return <span className={c.zh === c.en && /^[\x20-\x7e]+$/.test(c.zh) ? 'mono' : ''}><Prose text={c[lang]} /></span>;
}

function Select({ value, options, lang, set, empty: none, left }: { left?: string; value: string; options: Choice[]; lang: 'zh' | 'en'; set(v: string): void; empty: string }): JSX.Element {
  return <select data-left={left} value={value} onChange={(e) => set(e.target.value)}><option value="">{none}</option>{options.map((o) => <option key={o.id} value={o.id}>{o[lang]}</option>)}</select>;
}
