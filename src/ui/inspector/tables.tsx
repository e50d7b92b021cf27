// Tables of a host: cards, routes, neighbours, connections and sockets, services. Each names the command that prints the same.
import { type JSX, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { enterLine } from '../actions';
import type { HostView } from '../engine';
import { session } from '../session';
import { useLab } from '../store';
import { Empty, Table, V } from './fresh';
import css from './inspector.module.css';

export function Interfaces({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  return (
    <Table command="ifconfig" host={v.name}>
      <table className="dt auto"><thead><tr><th>{t('inspect.name')}</th><th>{t('inspect.state')}</th><th>{t('inspect.address')}</th><th>{t('inspect.mac')}</th><th className="r">{t('inspect.rxtx')}</th></tr></thead>
        <tbody>{v.interfaces.map((i) => (
          <tr key={i.name}><td>{i.name}</td><td>{i.up ? (i.carrier || i.segment === null ? t('inspect.up') : <span className="fail">{t('inspect.unplugged')}</span>) : <span className="dim">{t('inspect.down')}</span>}</td>
            <td>{i.addresses.length === 0 ? <span className="dim">-</span> : i.addresses.map((a) => <div key={a.address + a.label}><V>{a.address}</V>{a.label !== i.name && a.label !== '' ? <span className="dim"> {a.label}</span> : null}</div>)}</td><td className="dim">{i.name === 'lo' ? '' : i.mac}</td><td className="r"><V>{i.rxPackets}</V> / <V>{i.txPackets}</V></td></tr>
        ))}</tbody></table>
    </Table>
  );
}

export function Routes({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const rows = v.routes.filter((r) => r.table === 'main');
  if (rows.length === 0) return <Empty>{t('inspect.noRoutes')}</Empty>;
  return (
    <Table command="ip route" host={v.name}>
      <table className="dt auto"><thead><tr><th>{t('inspect.dest')}</th><th>{t('inspect.via')}</th><th>{t('inspect.dev')}</th><th /></tr></thead>
        <tbody>{rows.map((r) => <tr key={r.text}><td><V>{r.dst}</V></td><td>{r.gateway || <span className="dim">-</span>}</td><td>{r.dev}</td><td className="dim">{[r.proto === 'boot' ? '' : `proto ${r.proto}`, r.scope === 'global' ? '' : `scope ${r.scope}`, r.metric ? `metric ${r.metric}` : ''].filter(Boolean).join(' ')}</td></tr>)}</tbody></table>
    </Table>
  );
}

export function Arp({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  if (v.arp.length === 0) return <Empty>{t('inspect.noArp')}</Empty>;
  return (
    <Table command="ip neigh" host={v.name}>
      <table className="dt auto"><thead><tr><th>{t('inspect.address')}</th><th>{t('inspect.mac')}</th><th>{t('inspect.dev')}</th><th>{t('inspect.state')}</th></tr></thead>
        <tbody>{v.arp.map((a) => <tr key={`${a.ip}/${a.dev}`}><td>{a.ip}</td><td>{a.mac === '' ? <span className="fail">-</span> : <V>{a.mac}</V>}</td><td>{a.dev}</td><td className={a.state === 'FAILED' ? 'fail' : 'dim'}><V>{a.state}</V></td></tr>)}</tbody></table>
    </Table>
  );
}

const clock = (ms: number): string => `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

/** Connections IPVS keeps and the host's sockets. Their clocks are read anew each second, also while nothing else happens. */
export function Conns({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const second = useLab((s) => Math.floor(s.now / 1_000_000));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second of the lab has passed
  const now = useMemo(() => session().view().hostView(v.name), [v, second]);
  const rows = now.ipvs.connections.slice(0, 200);
  return (
    <>
      {rows.length === 0 ? <Empty>{t('inspect.noConns')}</Empty> : (
        <Table command="ipvsadm -Lnc" host={v.name}>
          <table className="dt auto"><thead><tr><th>{t('dock.proto')}</th><th>{t('inspect.expires')}</th><th>{t('inspect.state')}</th><th>{t('inspect.client')}</th><th>{t('inspect.virtual')}</th><th>{t('inspect.server')}</th></tr></thead>
            <tbody>{rows.map((c) => <tr key={`${c.client}${c.virtual}${c.server}`}><td>{c.proto}</td><td>{clock(c.expiresMs)}</td><td><V>{c.state}</V></td><td><V>{c.client}</V></td><td>{c.virtual}</td><td>{c.server}</td></tr>)}</tbody></table>
        </Table>
      )}
      {now.sockets.length > 0 && (
        <Table command="netstat -antu" host={v.name}>
          <h3 className={css['sub']}>{t('inspect.sockets')}</h3>
          <table className="dt auto"><thead><tr><th>{t('dock.proto')}</th><th>{t('inspect.state')}</th><th>{t('inspect.local')}</th><th>{t('inspect.peer')}</th><th>{t('inspect.process')}</th></tr></thead><tbody>{now.sockets.slice(0, 100).map((s) => <tr key={`${s.proto}${s.local}${s.peer}`}><td>{s.proto}</td><td><V>{s.state}</V></td><td>{s.local}</td><td>{s.peer}</td><td className="dim">{s.process}</td></tr>)}</tbody></table>
        </Table>
      )}
    </>
  );
}

/** Units, with the commands that start, stop and enable them. */
export function Services({ v }: { v: HostView }): JSX.Element {
  const { t } = useTranslation();
  const off = useLab((s) => s.readOnly || s.shown !== 'mine') || !v.running;
  if (v.units.length === 0) return <Empty>{t('inspect.noUnits')}</Empty>;
  const bare = (name: string): string => name.replace(/\.service$/, '');
  const deed = (verb: 'start' | 'stop' | 'enable' | 'disable', name: string): JSX.Element => <button type="button" className={css['deed']} disabled={off} title={`systemctl ${verb} ${bare(name)}`} onClick={() => enterLine(v.name, `systemctl ${verb} ${bare(name)}`)}>{t(`inspect.${verb}`)}</button>;
  return (
    <Table command="systemctl list-units" host={v.name}>
      <table className="dt auto"><thead><tr><th>{t('inspect.unit')}</th><th>{t('inspect.state')}</th><th>{t('inspect.enabled')}</th><th /></tr></thead>
        <tbody>{v.units.map((u) => { const on = u.active.startsWith('active'); return <tr key={u.name}><td>{u.name}</td><td className={on ? 'ok' : u.active.startsWith('failed') ? 'fail' : 'dim'}><V>{u.active}</V></td><td><V>{u.enabled ? t('inspect.yes') : t('inspect.no')}</V></td><td>{deed(on ? 'stop' : 'start', u.name)}{deed(u.enabled ? 'disable' : 'enable', u.name)}</td></tr>; })}</tbody></table>
    </Table>
  );
}
