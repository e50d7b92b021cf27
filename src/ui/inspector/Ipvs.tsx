// IPVS services with their servers, and the scheduler under the microscope: whom it would pick next, by which rule, with which numbers.
import { type JSX, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { HostView } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { ModeGlyph, modeOf } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { useView } from '../session';
import { useLab } from '../store';
import { useNext } from '../told';
import { short, topoModel } from '../topology/model';
import { Empty, Table, V } from './fresh';
import css from './inspector.module.css';

type Service = HostView['ipvs']['services'][number];

export function Ipvs({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const names = useView((lab) => topoModel(lab).byIp, [], true);
  const selected = useView((lab) => { const id = useLab.getState().selected ?? lab.trace().frameCount(); const f = id > 0 ? lab.trace().frame(id) : null; return f?.mode ? f : null; }, [], true);
  const [deep, setDeep] = useState(false);
  const told = useNext();
  if (v.ipvs.services.length === 0) return <Empty><Trans i18nKey="inspect.noIpvs" components={{ c: <code /> }} /></Empty>;
  const dr = v.ipvs.services.some((s) => s.servers.some((d) => d.forward === 'Route'));
  const nat = v.ipvs.services.some((s) => s.servers.some((d) => d.forward === 'Masq'));
  return (
    <div className={css['ipvs']}>
      <Table command="ipvsadm -Ln" host={v.name}>
        {v.ipvs.services.map((s) => {
          const sum = s.servers.reduce((n, d) => n + d.conns, 0);
          const next = s.next === null ? null : (names.get(s.next.address) ?? s.next.address);
          return (
            <div key={`${s.proto}${s.address}:${s.port}/${s.fwmark}`}>
              <div className="row">
                <b className="mono" style={{ fontSize: 12.5 }}>{s.fwmark > 0 ? `FWM ${s.fwmark}` : `${s.address}:${s.port}`}</b><span className="pill">{s.proto}</span>
                <button type="button" className={`pill ${css['lens']}`} aria-expanded={deep} title={t('inspect.microscope')} onClick={() => setDeep(!deep)}><Icon name="search" size={11} />{s.scheduler}</button>
                {s.persistent > 0 && <span className="pill">persistent {s.persistent}</span>}<span className="sp" />
                {next !== null && !told && <span className="dim" style={{ fontSize: 12 }} data-testid="next-kept">{t('inspect.next')}{t('inspect.nextKept')}</span>}
                {next !== null && told && <span className="dim" style={{ fontSize: 12 }}>{t('inspect.next')}<b className="mono" style={{ color: 'var(--ink-1)', fontWeight: 500 }}><V>{next}</V></b></span>}
              </div>
              <table className="dt auto" style={{ margin: '4px -8px 0', width: 'calc(100% + 16px)' }}>
                <thead><tr><th>{t('inspect.server')}</th><th>{t('inspect.forward')}</th><th className="r">{t('inspect.weight')}</th><th className="r">{t('inspect.active')}</th><th className="r">{t('inspect.inact')}</th><th className={css['assigned']}>{t('inspect.assigned')}</th></tr></thead>
                <tbody>{s.servers.map((d) => {
                  const mode = modeOf(d.forward);
                  const on = selected !== null && selected.from === v.name && (names.get(d.address) === undefined ? selected.dst === d.address : selected.to[0]?.host === names.get(d.address) || selected.dst === d.address);
                  return <tr key={`${d.address}:${d.port}`} className={on ? 'on' : ''}><td>{names.get(d.address) ?? d.address} <span className={`dim ${css['addr']}`}>{short(d.address)}:{d.port}</span></td><td title={t(`mode.${d.forward}`)}><span className="row" style={{ gap: 5 }}>{mode && <ModeGlyph mode={mode} size={13} />}{t(`mode.${d.forward}`)}</span></td><td className="r"><V>{d.weight}</V></td><td className="r"><V bold={d.active > 0}>{d.active}</V></td><td className="r"><V>{d.inactive}</V></td><td className={css['assigned']}><div className="row"><div className={`bar ${css['share']}`}><i style={{ width: `${sum === 0 ? 0 : (d.conns / sum) * 100}%` }} /></div><V>{d.conns}</V></div></td></tr>;
                })}</tbody>
              </table>
              {deep && <Microscope s={s} names={names} told={told} />}
            </div>
          );
        })}
        {(dr || nat) && <p className="muted" style={{ fontSize: 12, lineHeight: 1.6 }}>{t(dr ? 'inspect.drNote' : 'inspect.natNote', { host: v.name })}</p>}
      </Table>
    </div>
  );
}

const number = (n: number): string => (Number.isFinite(n) ? (Number.isInteger(n) ? String(n) : n.toFixed(2)) : '∞');

/** The rule in a sentence, the numbers it compares, and who comes next. */
function Microscope({ s, names, told }: { s: Service; names: Map<string, string>; /** Whether it may say who comes next. */ told: boolean }): JSX.Element {
  const { t } = useTranslation();
  const keys = [...new Set(s.rule.candidates.flatMap((c) => Object.keys(c.numbers)))];
  const remembered = told ? Object.entries(s.rule.state) : [];
  const rule = `sched.${s.scheduler}`;
  return (
    <div className={css['microscope']} data-testid="microscope">
      <p>{hasWords(rule) ? words(rule) : s.scheduler}</p>
      <table className="dt auto"><thead><tr><th>{t('inspect.server')}</th>{keys.map((k) => <th key={k} className="r">{hasWords(`sched.n_${k}`) ? words(`sched.n_${k}`) : k}</th>)}<th>{t('inspect.verdict')}</th></tr></thead>
        <tbody>{s.rule.candidates.map((c) => {
          const picked = told && s.next !== null && s.next.address === c.address && s.next.port === c.port;
          return <tr key={`${c.address}:${c.port}`} className={picked ? 'on' : ''}><td>{names.get(c.address) ?? c.address}</td>{keys.map((k) => <td key={k} className="r"><V>{c.numbers[k] === undefined ? '-' : number(c.numbers[k])}</V></td>)}<td>{picked ? <b>{t('inspect.picked')}</b> : told && c.skipped !== '' ? <span className="dim">{hasWords(`sched.skip_${c.skipped}`) ? words(`sched.skip_${c.skipped}`) : c.skipped}</span> : ''}</td></tr>;
        })}</tbody></table>
      {remembered.length > 0 && <p className="dim mono" style={{ fontSize: 11.5 }}>{remembered.map(([k, n]) => `${hasWords(`sched.n_${k}`) ? words(`sched.n_${k}`) : k} = ${number(n)}`).join('   ')}</p>}
      {s.persistent > 0 && <p className="dim" style={{ fontSize: 12 }}>{t('inspect.persistNote', { s: s.persistent })}</p>}
    </div>
  );
}
