// The host inspector: tables of the selected host at the shown instant, each with the command that prints the same. A pin keeps it on one host.
import { type JSX, lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostView } from '../engine';
import { Icon, roleIcon } from '../parts/icons';
import { useView } from '../session';
import { type InspectorTab, useLab } from '../store';
import { Ipvs } from './Ipvs';
import { Sysctl } from './Sysctl';
import { Arp, Conns, Interfaces, Routes, Services } from './tables';
import { Firewall, Logs } from './Texts';
import css from './inspector.module.css';

const Files = lazy(() => import('./Files'));
const TABS: InspectorTab[] = ['interfaces', 'routes', 'arp', 'sysctl', 'ipvs', 'conns', 'firewall', 'files', 'services', 'logs'];

export function Inspector(): JSX.Element {
  const { t, i18n } = useTranslation();
  const selected = useLab((s) => s.host);
  const pinned = useLab((s) => s.pinned);
  const tab = useLab((s) => s.tab);
  const host = pinned || selected;
  const view = useView((lab) => lab.hostView(host), [host], true);
  const tabs = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whichever tab was chosen is brought into sight
  useEffect(() => { tabs.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }, [tab]);
  const pad = i18n.language === 'en' ? '0 6px' : '0 8px';
  return (
    <section className={css['inspector']} aria-label={t('inspect.pane')} data-pane="inspector">
      <div className={`ph ${css['head']}`}>
        <span className="row" style={{ gap: 6 }}><Icon name={roleIcon(view.role)} /><b className="mono" style={{ fontSize: 12.5 }}>{host}</b></span>
        <button type="button" className={`ib sm ${pinned ? 'on' : ''}`} aria-pressed={pinned !== ''} aria-label={t('inspect.pin', { host })} title={t('inspect.pin', { host })} onClick={() => useLab.setState({ pinned: pinned ? '' : host })}><Icon name="pin" small /></button>
        <div className={`tabs ${css['tabs']}`} role="tablist" aria-label={t('inspect.pane')} ref={tabs}>
          {TABS.map((k) => (
            <button key={k} type="button" role="tab" aria-selected={k === tab} tabIndex={k === tab ? 0 : -1} className={`tab ${k === tab ? 'on' : ''}`} style={{ padding: pad }} onClick={() => useLab.setState({ tab: k })}
              onKeyDown={(e) => { const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0; if (d) { const n = TABS[(TABS.indexOf(k) + d + TABS.length) % TABS.length]!; useLab.setState({ tab: n }); (e.currentTarget.parentElement?.children[TABS.indexOf(n)] as HTMLElement).focus(); } }}>{t(`inspect.${k}`)}</button>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled by keyboard */}
      <div className={css['body']} role="tabpanel" aria-label={t(`inspect.${tab}`)} tabIndex={0} key={`${host}/${tab}`}><Body tab={tab} v={view} /></div>
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
    case 'firewall': return <Firewall host={v.name} running={v.running} />;
    case 'services': return <Services v={v} />;
    case 'logs': return <Logs host={v.name} />;
    default: return <Suspense fallback={null}><Files key={v.name} host={v.name} /></Suspense>;
  }
}
