// Why: one packet and its reply hop by hop, what the asker waited for and what it got, the way the reply should have gone, and all of it in one paragraph.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { selectFrame } from '../actions';
import type { FlowHop, StepView } from '../engine';
import { flowAccount } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { sentence } from '../lessons';
import { Icon, roleIcon } from '../parts/icons';
import { useView } from '../session';
import { useLab } from '../store';
import { short, topoModel, type TopoModel } from '../topology/model';
import { rich, stepName, stepWords } from './steps';
import { NotYet } from './NotYet';
import { useCause } from '../told';
import css from './flow.module.css';

const seconds = (us: number): string => (us / 1e6).toFixed(6);
/** Steps that a better line of the card says already. */
const SAID = new Set(['receive', 'routeOutput', 'routeForward']);

export const FlowTrace = (): JSX.Element => (useCause() ? <Hops /> : <NotYet />);

function Hops(): JSX.Element {
  const { t, i18n } = useTranslation();
  const selected = useLab((s) => s.selected);
  const model = useView((lab) => topoModel(lab), [], true);
  const { account, first } = useView((lab) => {
    const trace = lab.trace();
    const id = selected ?? trace.frameCount();
    const found = id > 0 ? flowAccount(lab, id) : null;
    return { account: found, first: found === null ? null : trace.frame(found.frames[0]!) };
  }, [selected], selected === null);
  if (account === null || first === null) return <section className={css['flow']} data-pane="why"><p className="muted" style={{ fontSize: 12.5 }}>{t('flow.none')}</p></section>;
  const { mismatch, instead, routes } = account;
  return (
    <section className={css['flow']} data-pane="why" aria-label={t('flow.title')}>
      <p className={css['said']} lang={i18n.language}>{rich(account.words.map((w) => sentence(w)).join(i18n.language === 'zh' ? '' : ' '))}</p>
      <p className={css['ends']}>{first.proto === 'ARP' ? `${first.src} → ${first.dst}` : `${short(first.src)}${first.sport > 0 ? `:${first.sport}` : ''} → ${short(first.dst)}${first.dport > 0 ? `:${first.dport}` : ''}`}</p>
      <ol className={css['hops']}>
        {account.hops.map((h) => (
          <Hop key={`${h.host} ${h.in} ${h.out[0] ?? ''}`} h={h} model={model} on={selected !== null && (h.in === selected || h.out.includes(selected))}>
            {mismatch !== null && h.host === mismatch.host && h.in === mismatch.frame && (
              <dl className={css['ends2']}><dt>{t('flow.waiting')}</dt><dd>{mismatch.waiting.ip}:{mismatch.waiting.port} → :{mismatch.at}</dd><dt>{t('flow.received')}</dt><dd className="fail">{mismatch.received.ip}:{mismatch.received.port} → :{mismatch.at}</dd></dl>
            )}
            {instead !== null && h.out.includes(instead.frame) && <p className={css['instead']}><Icon name="warn" small />{t('flow.instead')} <code>{instead.path.join(' → ')}</code></p>}
          </Hop>
        ))}
      </ol>
      {routes !== null && (
        <div className={css['routes']}>
          <div className="row"><b>{t('flow.routes', { host: routes.host })}</b><span className="sp" /><code className="dim">ip route</code></div>
          <pre>{routes.lines.map((l) => <span key={l.text} className={l.used ? css['used'] : ''}>{l.text}{l.used && <span className="vh"> ({t('flow.used')})</span>}{'\n'}</span>)}</pre>
        </div>
      )}
    </section>
  );
}

function Hop({ h, model, on, children }: { h: FlowHop; model: TopoModel; on: boolean; children?: React.ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const role = model.nodes.find((n) => n.name === h.host)?.role;
  const bad = (s: StepView): boolean => h.tone === 'bad' && (s.kind === 'drop' || s.kind === 'noSocket' || s.kind === 'ipvsNoDest' || s.kind === 'routeNone' || s.kind === 'martian' || s.kind === 'rpFilter');
  const steps = h.steps.filter((s) => !SAID.has(s.kind) || (s.kind !== 'receive' && h.route === ''));
  return (
    <li className={`${css['hop']} ${css[h.tone]} ${on ? css['on'] : ''}`}>
      <div className={css['head']}>
        <Icon name={h.host === '' ? 'gateway' : roleIcon(role)} small /><b>{h.host === '' ? t('flow.cable') : h.host}</b>
        <span className={css['links']}>{h.in > 0 && <button type="button" className="plink" onClick={() => selectFrame(h.in)}>#{h.in}</button>}{h.in > 0 && h.out.length > 0 && <span className="dim">→</span>}{h.out.map((f) => <button key={f} type="button" className="plink" onClick={() => selectFrame(f)}>#{f}</button>)}</span>
        <span className="sp" /><span className="dim mono">{seconds(h.at)}</span>
      </div>
      <ol className="trace">
        {steps.map((s) => <li key={s.n} className={bad(s) ? 'bad' : s.kind.startsWith('ipvs') ? 'hot' : ''}><span className="k" style={{ fontFamily: 'var(--font-ui)' }}>{stepName(s)}</span><span>{rich(stepWords(s, model))}</span></li>)}
        {h.route !== '' && <li className={h.tone === 'odd' ? css['odd1'] : ''}><span className="k" style={{ fontFamily: 'var(--font-ui)' }}>{words('whyName.routeOutput')}</span><code>{h.route}</code></li>}
        {h.out.length === 0 && steps.length === 0 && <li><span className="k" /><span>{hasWords('flow.nothing') ? words('flow.nothing') : ''}</span></li>}
      </ol>
      {children}
    </li>
  );
}
