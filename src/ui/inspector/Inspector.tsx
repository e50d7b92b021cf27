// The host inspector: tables of the selected host at the shown instant, each with the command that prints the same.
import { type JSX, lazy, Suspense, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { HostView } from '../engine';
import { ModeGlyph, modeOf } from '../parts/glyphs';
import { Icon, roleIcon } from '../parts/icons';
import { useView } from '../session';
import { type InspectorTab, useLab } from '../store';
import { topoModel, short } from '../topology/model';
import css from './inspector.module.css';

const Files = lazy(() => import('./Files'));
const TABS: InspectorTab[] = ['interfaces', 'routes', 'arp', 'sysctl', 'ipvs', 'conns', 'files', 'services'];

export function Inspector(): JSX.Element {
  const { t, i18n } = useTranslation();
  const host = useLab((s) => s.host);
  const tab = useLab((s) => s.tab);
  const view = useView((lab) => lab.hostView(host), [host], true);
  const pad = i18n.language === 'en' ? '0 7px' : '0 9px';
  return (
    <section className={css['inspector']} aria-label={t('inspect.pane')} data-pane="inspector">
      <div className="ph" style={{ overflowX: 'auto', scrollbarWidth: 'none' }}>
        <span className="row" style={{ gap: 6 }}><Icon name={roleIcon(view.role)} /><b className="mono" style={{ fontSize: 12.5 }}>{host}</b></span>
        <span className="vr" />
        <div className="tabs" role="tablist">
          {TABS.map((k) => (
            <button key={k} type="button" role="tab" aria-selected={k === tab} tabIndex={k === tab ? 0 : -1} className={`tab ${k === tab ? 'on' : ''}`} style={{ padding: pad }} onClick={() => useLab.setState({ tab: k })}
              onKeyDown={(e) => { const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0; if (d) { const n = TABS[(TABS.indexOf(k) + d + TABS.length) % TABS.length]!; useLab.setState({ tab: n }); (e.currentTarget.parentElement?.children[TABS.indexOf(n)] as HTMLElement).focus(); } }}>{t(`inspect.${k}`)}</button>
          ))}
        </div>
      </div>
      <div className={css['body']} role="tabpanel"><Body tab={tab} v={view} /></div>
    </section>
  );
}

function Body({ tab, v }: { tab: InspectorTab; v: HostView }): JSX.Element {
  switch (tab) {
    case 'interfaces': return <Interfaces v={v} />;
    case 'routes': return <Routes v={v} />;
    case 'arp': return <Arp v={v} />;
    case 'sysctl': return <Sysctl v={v} />;
    case 'ipvs': return <Ipvs v={v} />;
    case 'conns': return <Conns v={v} />;
    case 'services': return <Services v={v} />;
    default: return <Suspense fallback={null}><Files key={v.name} host={v.name} /></Suspense>;
  }
}

function Same({ command }: { command: string }): JSX.Element {
  const { t } = useTranslation();
  return <p className={css['same']}>{t('inspect.sameAs')}<code>{command}</code></p>;
}

function Empty({ children }: { children: React.ReactNode }): JSX.Element {
  return <p className={css['empty']}>{children}</p>;
}

function Interfaces({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <table className="dt auto"><thead><tr><th>{t('inspect.name')}</th><th>{t('inspect.state')}</th><th>{t('inspect.address')}</th><th>{t('inspect.mac')}</th><th className="r">{t('inspect.rxtx')}</th></tr></thead>
        <tbody>{v.interfaces.map((i) => (
          <tr key={i.name}><td>{i.name}</td><td>{i.up ? (i.carrier || i.segment === null ? t('inspect.up') : <span className="fail">{t('inspect.unplugged')}</span>) : <span className="dim">{t('inspect.down')}</span>}</td>
            <td>{i.addresses.length === 0 ? <span className="dim">-</span> : i.addresses.map((a) => <div key={a.address + a.label}>{a.address}{a.label !== i.name && a.label !== '' ? <span className="dim"> {a.label}</span> : null}</div>)}</td><td className="dim">{i.name === 'lo' ? '' : i.mac}</td><td className="r">{i.rxPackets} / {i.txPackets}</td></tr>
        ))}</tbody></table>
      <Same command="ifconfig" />
    </>
  );
}

function Routes({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const rows = v.routes.filter((r) => r.table === 'main');
  if (rows.length === 0) return <Empty>{t('inspect.noRoutes')}</Empty>;
  return (
    <>
      <table className="dt auto"><thead><tr><th>{t('inspect.dest')}</th><th>{t('inspect.via')}</th><th>{t('inspect.dev')}</th><th /></tr></thead>
        <tbody>{rows.map((r) => <tr key={r.text}><td>{r.dst}</td><td>{r.gateway || <span className="dim">-</span>}</td><td>{r.dev}</td><td className="dim">{[r.proto === 'boot' ? '' : `proto ${r.proto}`, r.scope === 'global' ? '' : `scope ${r.scope}`, r.metric ? `metric ${r.metric}` : ''].filter(Boolean).join(' ')}</td></tr>)}</tbody></table>
      <Same command="ip route" />
    </>
  );
}

function Arp({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  if (v.arp.length === 0) return <Empty>{t('inspect.noArp')}</Empty>;
  return (
    <>
      <table className="dt auto"><thead><tr><th>{t('inspect.address')}</th><th>{t('inspect.mac')}</th><th>{t('inspect.dev')}</th><th>{t('inspect.state')}</th></tr></thead>
        <tbody>{v.arp.map((a) => <tr key={`${a.ip}/${a.dev}`}><td>{a.ip}</td><td>{a.mac || <span className="fail">-</span>}</td><td>{a.dev}</td><td className={a.state === 'FAILED' ? 'fail' : 'dim'}>{a.state}</td></tr>)}</tbody></table>
      <Same command="ip neigh" />
    </>
  );
}

const isChanged = (s: HostView['sysctl'][number]): boolean => s.default !== '' && s.value !== s.default;

function Sysctl({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const [changed, setChanged] = useState(false);
  const rows = v.sysctl.filter((s) => (find === '' || s.key.includes(find.trim())) && (!changed || isChanged(s))).slice(0, 300);
  return (
    <>
      <div className="row" style={{ padding: '8px 0', gap: 12 }}>
        <label className={css['find']}><Icon name="search" small /><input value={find} onChange={(e) => setFind(e.target.value)} placeholder={t('inspect.search')} aria-label={t('inspect.search')} /></label>
        <label className="row muted" style={{ gap: 6, fontSize: 12 }}><input type="checkbox" checked={changed} onChange={(e) => setChanged(e.target.checked)} />{t('inspect.changedOnly')}</label>
      </div>
      <table className="dt auto"><thead><tr><th>{t('inspect.key')}</th><th>{t('inspect.value')}</th><th>{t('inspect.default')}</th><th /></tr></thead>
        <tbody>{rows.map((s) => <tr key={s.key} className={isChanged(s) ? css['changed'] : ''}><td>{s.key}</td><td>{isChanged(s) ? <b>{s.value}</b> : s.value}</td><td className="dim">{s.default}</td><td className="dim">{s.effective !== undefined && s.effective !== s.value ? t('inspect.effective', { v: s.effective }) : ''}</td></tr>)}</tbody></table>
      <Same command={find.trim() ? `sysctl -a | grep ${find.trim()}` : 'sysctl -a'} />
    </>
  );
}

function Ipvs({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const names = useView((lab) => topoModel(lab).byIp, [], true);
  const selected = useView((lab) => { const id = useLab.getState().selected ?? lab.trace().frameCount(); const f = id > 0 ? lab.trace().frame(id) : null; return f?.mode ? f : null; }, [], false);
  if (v.ipvs.services.length === 0) return <Empty><Trans i18nKey="inspect.noIpvs" components={{ c: <code /> }} /></Empty>;
  const dr = v.ipvs.services.some((s) => s.servers.some((d) => d.forward === 'Route'));
  const nat = v.ipvs.services.some((s) => s.servers.some((d) => d.forward === 'Masq'));
  return (
    <div className={css['ipvs']}>
      {v.ipvs.services.map((s) => {
        const sum = s.servers.reduce((n, d) => n + d.conns, 0);
        const next = s.next === null ? null : (names.get(s.next.address) ?? s.next.address);
        return (
          <div key={`${s.proto}${s.address}:${s.port}/${s.fwmark}`}>
            <div className="row"><b className="mono" style={{ fontSize: 12.5 }}>{s.fwmark > 0 ? `FWM ${s.fwmark}` : `${s.address}:${s.port}`}</b><span className="pill">{s.proto}</span><span className="pill">{s.scheduler}</span>{s.persistent > 0 && <span className="pill">persistent {s.persistent}</span>}<span className="sp" />{next !== null && <span className="dim" style={{ fontSize: 12 }}>{t('inspect.next')}<b className="mono" style={{ color: 'var(--ink-1)', fontWeight: 500 }}>{next}</b></span>}</div>
            <table className="dt auto" style={{ margin: '4px -8px 0', width: 'calc(100% + 16px)' }}>
              <thead><tr><th>{t('inspect.server')}</th><th>{t('inspect.forward')}</th><th className="r">{t('inspect.weight')}</th><th className="r">{t('inspect.active')}</th><th className="r">{t('inspect.inact')}</th><th style={{ width: 150 }}>{t('inspect.assigned')}</th></tr></thead>
              <tbody>{s.servers.map((d) => {
                const mode = modeOf(d.forward);
                const on = selected !== null && selected.from === v.name && (names.get(d.address) === undefined ? selected.dst === d.address : selected.to[0]?.host === names.get(d.address) || selected.dst === d.address);
                return <tr key={`${d.address}:${d.port}`} className={on ? 'on' : ''}><td>{names.get(d.address) ?? d.address} <span className="dim">{short(d.address)}:{d.port}</span></td><td title={t(`mode.${d.forward}`)}><span className="row" style={{ gap: 5 }}>{mode && <ModeGlyph mode={mode} size={13} />}{t(`mode.${d.forward}`)}</span></td><td className="r">{d.weight}</td><td className="r">{d.active > 0 ? <b>{d.active}</b> : d.active}</td><td className="r">{d.inactive}</td><td><div className="row"><div className="bar" style={{ flex: 1 }}><i style={{ width: `${sum === 0 ? 0 : (d.conns / sum) * 100}%` }} /></div>{d.conns}</div></td></tr>;
              })}</tbody>
            </table>
          </div>
        );
      })}
      {(dr || nat) && <p className="muted" style={{ fontSize: 12, lineHeight: 1.6 }}>{t(dr ? 'inspect.drNote' : 'inspect.natNote', { host: v.name })}</p>}
      <Same command="ipvsadm -Ln" />
    </div>
  );
}

const clock = (ms: number): string => `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

function Conns({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const rows = v.ipvs.connections.slice(0, 200);
  return (
    <>
      {rows.length === 0 ? <Empty>{t('inspect.noConns')}</Empty> : (
        <><table className="dt auto"><thead><tr><th>{t('dock.proto')}</th><th>{t('inspect.expires')}</th><th>{t('inspect.state')}</th><th>{t('inspect.client')}</th><th>{t('inspect.virtual')}</th><th>{t('inspect.server')}</th></tr></thead>
          <tbody>{rows.map((c) => <tr key={`${c.client}${c.virtual}${c.server}`}><td>{c.proto}</td><td>{clock(c.expiresMs)}</td><td>{c.state}</td><td>{c.client}</td><td>{c.virtual}</td><td>{c.server}</td></tr>)}</tbody></table><Same command="ipvsadm -Lnc" /></>
      )}
      {v.sockets.length > 0 && <><h3 className={css['sub']}>{t('inspect.sockets')}</h3><table className="dt auto"><thead><tr><th>{t('dock.proto')}</th><th>{t('inspect.state')}</th><th>{t('inspect.local')}</th><th>{t('inspect.peer')}</th><th>{t('inspect.process')}</th></tr></thead><tbody>{v.sockets.slice(0, 100).map((s) => <tr key={`${s.proto}${s.local}${s.peer}`}><td>{s.proto}</td><td>{s.state}</td><td>{s.local}</td><td>{s.peer}</td><td className="dim">{s.process}</td></tr>)}</tbody></table></>}
    </>
  );
}

function Services({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  if (v.units.length === 0) return <Empty>{t('inspect.noUnits')}</Empty>;
  return (
    <>
      <table className="dt auto"><thead><tr><th>{t('inspect.unit')}</th><th>{t('inspect.state')}</th><th>{t('inspect.enabled')}</th></tr></thead>
        <tbody>{v.units.map((u) => <tr key={u.name}><td>{u.name}</td><td className={u.active.startsWith('active') ? 'ok' : u.active.startsWith('failed') ? 'fail' : 'dim'}>{u.active}</td><td>{u.enabled ? t('inspect.yes') : <span className="dim">{t('inspect.no')}</span>}</td></tr>)}</tbody></table>
      <Same command="systemctl list-units" />
    </>
  );
}
