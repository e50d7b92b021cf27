// Kernel settings: those a learner of clusters looks at, any other by search; changed ones marked, and what all and the interface come to together.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostView } from '../engine';
import { Icon } from '../parts/icons';
import { useView } from '../session';
import { useCause } from '../told';
import { Table, V } from './fresh';
import css from './inspector.module.css';

type Row = HostView['sysctl'][number];
const differsFrom = (s: Row): boolean => s.default !== '' && s.value !== s.default;
/** Settings where the larger of all and the interface is in force; for the others either one switches it on. */
const LARGER = /\.(arp_ignore|arp_announce|rp_filter|arp_notify)$/;

export function Sysctl({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const told = useCause();
  const isChanged = (s: Row): boolean => told && differsFrom(s);
  const [find, setFind] = useState('');
  const [only, setOnly] = useState(false);
  const changed = only && told;
  const wanted = find.trim();
  const more = useView((lab) => (wanted.length < 2 || changed ? [] : lab.sysctlFind(v.name, wanted)), [v.name, wanted, changed], true);
  const watched = v.sysctl.filter((s) => (wanted === '' || s.key.includes(wanted)) && (!changed || isChanged(s)));
  const known = new Set(v.sysctl.map((s) => s.key));
  const rows = [...watched, ...more.filter((s) => !known.has(s.key))].slice(0, 300);
  const allOf = (s: Row): Row | undefined => v.sysctl.find((x) => x.key === s.key.replace(/^(net\.ipv4\.conf\.)[^.]+/, '$1all'));
  const dev = (s: Row): string => s.key.split('.')[3] ?? '';
  const formula = (s: Row): string => `${s.effective} = ${LARGER.test(s.key) ? `max(all ${allOf(s)?.value}, ${dev(s)} ${s.value})` : `all ${allOf(s)?.value} | ${dev(s)} ${s.value}`}`;
  const why = (s: Row): string => {
    const all = allOf(s);
    if (s.effective === undefined || all === undefined) return '';
    return t(LARGER.test(s.key) ? 'inspect.effMax' : 'inspect.effOr', { v: s.effective, all: all.value, own: s.value });
  };
  const differs = (s: Row): boolean => told && s.effective !== undefined && (s.effective !== s.value || isChanged(s) || (allOf(s) !== undefined && isChanged(allOf(s)!)));
  return (
    <>
      <div className="row" style={{ padding: '8px 0', gap: 12 }}>
        <label className={css['find']}><Icon name="search" small /><input value={find} onChange={(e) => setFind(e.target.value)} placeholder={t('inspect.search')} aria-label={t('inspect.search')} /></label>
        {told && <label className="row muted" style={{ gap: 6, fontSize: 12 }}><input type="checkbox" checked={changed} onChange={(e) => setOnly(e.target.checked)} />{t('inspect.changedOnly')}</label>}
      </div>
      <Table command={wanted === '' ? 'sysctl -a' : `sysctl -a | grep ${wanted}`} host={v.name}>
        <table className="dt auto"><thead><tr><th>{t('inspect.key')}</th><th>{t('inspect.value')}</th><th>{t('inspect.default')}</th><th>{t('inspect.inForce')}</th></tr></thead>
          <tbody>{rows.map((s) => <tr key={s.key} className={isChanged(s) ? css['changed'] : ''}><td>{s.key}</td><td><V bold={isChanged(s)}>{s.value}</V></td><td className="dim">{told ? s.default : ''}</td><td className="dim" title={told ? why(s) : ''}>{s.effective !== undefined && differs(s) ? formula(s) : (told ? (s.effective ?? '') : '')}</td></tr>)}</tbody></table>
        {rows.some((s) => s.effective !== undefined) && <p className={css['same']}>{t('inspect.effNote')}</p>}
      </Table>
    </>
  );
}
