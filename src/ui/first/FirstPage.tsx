// A lesson's page before any of the lab's scripts: title, steps and terminals with their first prompt, in the places where the lab will draw them.
// Drawn once for each lesson and language while the app is built (markup.tsx), put on the screen and made to take keys by page.ts.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirstScreen } from '../../lesson/first_screen';
import { Icon } from '../parts/icons';
import { TopBar } from '../parts/TopBar';

type Host = FirstScreen['hosts'][number];

export function FirstPage({ first }: { first: FirstScreen }): JSX.Element {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'zh' ? 'zh' : 'en';
  // The two that the lab shows first (Session.begin).
  const director = first.hosts.find((x) => x.role === 'director') ?? first.hosts[0];
  const client = first.hosts.find((x) => x.role === 'client') ?? first.hosts.at(-1);
  return (
    <>
      <TopBar><span className="vr" /><nav className="crumb" aria-label={t('app.here')}><a href="#/" style={{ color: 'inherit' }}>{t('app.course')}</a><Icon name="right" small /><b>{first.title[lang]}</b></nav><span className="sp" /><span className="dim" role="status" style={{ fontSize: 12 }}>{t('app.loading')}</span></TopBar>
      <header className="top first-head"><a href="#/" className="ib" aria-label={t('app.backToCourse')}><Icon name="menu" /></a><b>{first.title[lang]}</b></header>
      <main data-reads={first.reads || undefined}>
        {first.steps[0] && <div className="first-step"><b>{first.steps[0][lang]}</b><span className="sp" /><span className="dim nw">{t('lesson.stepOf', { n: 1, total: first.steps.length })}</span></div>}
        <section className="pane first-lesson" aria-label={t('lesson.pane')}>
          <div className="ph"><span className="eyebrow">{t('catalog.minutes', { n: first.minutes })}</span></div>
          <div className="lesson"><h1>{first.title[lang]}</h1><ol className="steps">{first.steps.map((s) => <li key={s.en} className="step todo"><span className="sg" /><span className="t">{s[lang]}</span></li>)}</ol></div>
        </section>
        <section className="pane first-terms" aria-label={t('terminal.pane')}>
          <div className="ph" style={{ paddingLeft: 4 }}><div className="tabs" role="tablist" aria-label={t('terminal.tabs')}>{first.hosts.map((x) => <button key={x.name} type="button" role="tab" aria-selected={x === director} className={`tab m ${x === director ? 'on' : ''}`}>{x.name}</button>)}</div></div>
          {director && <Screen host={director} />}
          {client && client !== director && <div className="first-second"><div className="ph"><span className="mono">{client.name}</span></div><Screen host={client} /></div>}
        </section>
        <section className="pane first-topo" aria-label={t('topo.pane')}><div className="ph"><h2>{t('topo.pane')}</h2></div><div className="topo" /></section>
        <section className="pane first-dock" />
      </main>
    </>
  );
}

const PROMPT = /^(\[\w+@)([\w.-]+)( [^\]]{1,80}\][#$] )$/;

/** One terminal: what the host printed, what is typed, the cursor. Its text area takes the keys. */
function Screen({ host }: { host: Host }): JSX.Element {
  const { t } = useTranslation();
  const lines = host.text.split('\r\n');
  const p = PROMPT.exec(lines.at(-1) ?? '');
  return (
    <div className="first-term" data-first={host.name}>
      <textarea aria-label={t('terminal.label', { host: host.name })} rows={1} autoComplete="off" autoCorrect="off" autoCapitalize="off" spellCheck={false} />
      <pre aria-hidden="true">{lines.slice(0, -1).map((l) => `${l}\n`).join('')}{p === null ? lines.at(-1) : <><span className="pr">{p[1]}</span>{p[2]}<span className="pr">{p[3]}</span></>}<b /><i /></pre>
    </div>
  );
}
