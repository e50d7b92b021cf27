// What stands on the stage beside the topology while a demonstration plays: tables, tiles and meters read from the fork at the shown instant.
import { type JSX, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StageView } from '../../lesson/demo';
import { modeOf } from '../parts/glyphs';
import { useView } from '../session';
import { exchange } from '../topology/exchange';
import { serverColours } from '../browser/colours';
import { topoModel } from '../topology/model';
import css from './demo.module.css';
import { playerNow, useDemo } from './player';

const LAST = (ip: string): string => ip.split(':')[0]!;

/** Host that owns an address, or the address. */
function useOwner(): (ip: string) => string {
  const byIp = useView((lab) => topoModel(lab).byIp, [], true);
  return (ip) => byIp.get(LAST(ip)) ?? LAST(ip);
}

export function Views({ views }: { views: { view: StageView; host: string }[] }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className={css['stage']} role="region" aria-label={t('demo.stage')} data-testid="stage">
      {views.map((v) => <section key={`${v.view} ${v.host}`} className={css['view']} data-view={v.view}><Titled view={v.view} host={v.host} /></section>)}
    </div>
  );
}

function Titled({ view, host }: { view: StageView; host: string }): JSX.Element | null {
  const { t } = useTranslation();
  switch (view) {
    case 'arp': return <><h3>{t('demo.arp', { host })}</h3><Arp host={host} /></>;
    case 'ipvs': return <><h3>{t('demo.ipvs', { host })}</h3><Ipvs host={host} /></>;
    case 'connections': return <><h3>{t('demo.connections', { host })}</h3><Connections host={host} /></>;
    case 'weights': return <><h3>{t('demo.weights', { host })}</h3><Weights host={host} /></>;
    case 'stacks': return <><h3>{t('demo.stacks')}</h3><Stacks host={host} /></>;
    case 'rows': return <><h3>{t('demo.rows')}</h3><Rows /></>;
    case 'tiles': return <><h3>{t('demo.tiles')}</h3><Tiles /></>;
    case 'bytes': return <><h3>{t('demo.bytes')}</h3><Bytes /></>;
    default: return null;
  }
}

function Arp({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const rows = useView((lab) => { const m = topoModel(lab); return lab.hostView(host).arp.map((a) => ({ ...a, owner: m.byMac.get(a.mac)?.host ?? '' })); }, [host]);
  // What a row said before it said this.
  const before = useRef(new Map<string, { mac: string; owner: string; was: { mac: string; owner: string } | null }>());
  for (const r of rows) {
    const b = before.current.get(r.ip);
    if (b?.mac !== r.mac) before.current.set(r.ip, { mac: r.mac, owner: r.owner, was: b === undefined || b.mac === '' || /^(00:){5}00$/.test(b.mac) ? null : { mac: b.mac, owner: b.owner } });
  }
  if (rows.length === 0) return <p className="dim" style={{ fontSize: 12 }}>{t('demo.arpEmpty')}</p>;
  return (
    <table><thead><tr><th>IP</th><th>MAC</th><th /><th>{t('demo.state')}</th></tr></thead>
      <tbody>{rows.map((r) => {
        const was = before.current.get(r.ip)?.was ?? null;
        return <tr key={`${r.ip} ${r.mac}`} className={was !== null ? css['flip'] : ''}><td>{r.ip}</td><td>{r.mac === '' || r.state === 'INCOMPLETE' ? '—' : r.mac}{was !== null && <> <s>{was.owner || was.mac}</s></>}</td><td><b>{r.owner}</b></td><td className="muted">{r.state}</td></tr>;
      })}</tbody></table>
  );
}

function Ipvs({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const owner = useOwner();
  const services = useView((lab) => lab.hostView(host).ipvs.services, [host]);
  return (
    <table><thead><tr><th>{t('inspect.server')}</th><th>{t('inspect.forward')}</th><th>{t('inspect.weight')}</th><th>{t('inspect.active')}</th><th>{t('inspect.inact')}</th></tr></thead>
      <tbody>{services.flatMap((s) => [
        <tr key={`${s.address}:${s.port}`}><td colSpan={5}>{s.fwmark > 0 ? `FWM ${s.fwmark}` : `${s.proto} ${s.address}:${s.port}`} {s.scheduler}</td></tr>,
        ...s.servers.map((d) => <tr key={`${s.address}:${s.port} ${d.address}:${d.port}`} className={s.next?.address === d.address && s.next.port === d.port ? css['next'] : ''}><td>{s.next?.address === d.address && s.next.port === d.port ? '▸ ' : '  '}{owner(d.address)}</td><td>{d.forward}</td><td>{d.weight}</td><td>{d.active}</td><td>{d.inactive}</td></tr>),
      ])}</tbody></table>
  );
}

function Connections({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const owner = useOwner();
  const list = useView((lab) => lab.hostView(host).ipvs.connections.slice(0, 12), [host]);
  const most = useRef(new Map<string, number>());
  if (list.length === 0) return <p className="dim" style={{ fontSize: 12 }}>{t('demo.noConnections')}</p>;
  return (
    <table><thead><tr><th>{t('inspect.client')}</th><th>{t('inspect.server')}</th><th>{t('demo.state')}</th><th>{t('demo.left')}</th><th /></tr></thead>
      <tbody>{list.map((c) => {
        const key = `${c.client} ${c.virtual} ${c.state}`;
        const top = Math.max(most.current.get(key) ?? 0, c.expiresMs);
        most.current.set(key, top);
        return <tr key={`${c.client} ${c.virtual} ${c.server}`}><td>{c.client}</td><td>{owner(c.server)}</td><td key={c.state} className={css['flip']}>{c.state}</td><td>{clock(c.expiresMs)}</td><td style={{ width: 80 }}><div className={css['track']}><i style={{ width: `${(c.expiresMs / Math.max(1, top)) * 100}%` }} /></div></td></tr>;
      })}</tbody></table>
  );
}
const clock = (ms: number): string => { const s = Math.ceil(ms / 1000); return `${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`; };

function Weights({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const owner = useOwner();
  const services = useView((lab) => lab.hostView(host).ipvs.services, [host]);
  const [draft, setDraft] = useState<Record<string, number>>({});
  const FLAG: Record<string, string> = { Masq: '-m', Tunnel: '-i', Route: '-g', Local: '-g' };
  return (
    <>{services.flatMap((s) => s.servers.map((d) => {
      const name = owner(d.address);
      const of = s.fwmark > 0 ? `-f ${s.fwmark}` : `${s.proto === 'UDP' ? '-u' : '-t'} ${s.address}:${s.port}`;
      const key = `${of} ${d.address}`;
      const put = (): void => {
        const weight = draft[key];
        if (weight !== undefined && weight !== d.weight) playerNow()?.again(host, `ipvsadm -e ${of} -r ${d.address}:${d.port} ${FLAG[d.forward]} -w ${weight}`);
      };
      return <label key={key} className={css['slider']}><span>{name}</span><input type="range" min={0} max={10} value={draft[key] ?? d.weight} aria-label={t('demo.weight', { server: name })} onChange={(e) => setDraft({ ...draft, [key]: Number(e.target.value) })} onPointerUp={put} onKeyUp={put} onBlur={put} /><b>{draft[key] ?? d.weight}</b></label>;
    }))}
      <button type="button" className="btn sm" style={{ marginTop: 6 }} onClick={() => playerNow()?.again(host, '')}>{t('demo.resend')}</button></>
  );
}

function Stacks({ host }: { host: string }): JSX.Element {
  const owner = useOwner();
  const servers = useView((lab) => lab.hostView(host).ipvs.services.flatMap((s) => s.servers), [host]);
  return <div className={css['stacks']}>{servers.map((d) => <div key={`${d.address}:${d.port}`} className={css['stack']}><b>{d.active}</b><div className={css['pile']}>{Array.from({ length: Math.min(20, d.active) }, (_, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: one is like another
    <i key={i} />
  ))}</div><span>{owner(d.address)}</span><span className="dim">w {d.weight}</span></div>)}</div>;
}

function Rows(): JSX.Element {
  const { t } = useTranslation();
  const from = useDemo((s) => s.actFrame);
  const hops = useView((lab) => {
    const trace = lab.trace();
    const first = trace.frames(from, from + 60).find((f) => f.proto !== 'ARP');
    return first === undefined ? [] : exchange(trace, first).map((h) => h.frame);
  }, [from]);
  return (
    <table><thead><tr><th>#</th><th>{t('demo.segment')}</th><th>{t('demo.source')}</th><th>{t('demo.target')}</th><th /></tr></thead>
      <tbody>{hops.map((f, i) => {
        const mode = modeOf(f.mode);
        const changed = (k: string): string => (f.changed.some((c) => c.field === k) && mode !== null ? `var(--m-${mode})` : 'inherit');
        return <tr key={f.id}><td>{i + 1}</td><td className="muted">{f.segment}</td><td style={{ color: changed('src'), fontWeight: changed('src') === 'inherit' ? 400 : 600 }}>{f.src}:{f.sport}</td><td style={{ color: changed('dst'), fontWeight: changed('dst') === 'inherit' ? 400 : 600 }}>{f.dst}:{f.dport}</td><td>{f.mode !== null && mode !== null && <span className="pill" style={{ color: `var(--m-${mode})` }}>{f.mode}</span>}</td></tr>;
      })}</tbody></table>
  );
}

function Tiles(): JSX.Element {
  const { t } = useTranslation();
  const first = useDemo((s) => s.firstFrame);
  const newest = useDemo((s) => s.actFrame);
  // Where weights are moved, only what came after counts.
  const weighted = useDemo((s) => s.views.some((v) => v.view === 'weights'));
  const from = weighted ? newest : first;
  const [served, colours] = useView((lab) => {
    const colour = serverColours(lab);
    // A page's first frame as its server sent it, counted once it is out of the server.
    const seen = new Set<string>();
    const list = lab.trace().frames(from).filter((f) => {
      if (!f.data.startsWith('HTTP/1.') || !colour.has(f.from) || f.to.length === 0) return false;
      const key = `${f.from} ${f.dst}:${f.dport} ${f.seq}`;
      return seen.has(key) ? false : seen.add(key) !== undefined;
    }).map((f) => f.from);
    return [list, colour] as const;
  }, [from], true);
  if (served.length === 0) return <p className="dim" style={{ fontSize: 12 }}>{t('demo.noTiles')}</p>;
  const counts = [...colours.keys()].map((h) => [h, served.filter((x) => x === h).length] as const);
  return (
    <>
      {/* biome-ignore lint/suspicious/noArrayIndexKey: tiles never move */}
      <div className={css['tiles']} role="img" aria-label={served.join(', ')}>{served.map((h, i) => <span key={i} className={css['tile']} style={{ background: colours.get(h) }}>{h.replace(/^\D+/, '') || h}</span>)}</div>
      <div className={css['count']}>{counts.map(([h, n]) => <span key={h}><code>{h}</code> {n}</span>)}</div>
    </>
  );
}

function Bytes(): JSX.Element {
  const { t } = useTranslation();
  const base = useRef<Map<string, number> | null>(null);
  const links = useView((lab) => lab.hostNames().flatMap((h) => lab.hostView(h).interfaces.filter((i) => i.segment !== null).map((i) => ({ host: h, dev: i.name, n: i.rxBytes + i.txBytes }))));
  base.current ??= new Map(links.map((l) => [`${l.host} ${l.dev}`, l.n]));
  const rows = links.map((l) => ({ ...l, n: l.n - (base.current!.get(`${l.host} ${l.dev}`) ?? 0) }));
  const top = Math.max(1, ...rows.map((r) => r.n));
  return <>{rows.map((r) => <div key={`${r.host} ${r.dev}`} className={css['meter']} title={t('demo.bytesOf', { host: r.host, dev: r.dev, n: r.n })}><span>{r.host} {r.dev}</span><div className={css['track']}><i style={{ width: `${(r.n / top) * 100}%` }} /></div><span>{r.n}</span></div>)}</>;
}
