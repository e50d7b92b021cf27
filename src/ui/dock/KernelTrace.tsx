// "What the lvs51 kernel did": the decisions behind the selected packet, in plain words first; kernel names on demand.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { selectFrame } from '../actions';
import type { FrameView, StepView, TraceView } from '../engine';
import { useView } from '../session';
import { useLab } from '../store';
import { topoModel } from '../topology/model';
import { rich, stepName, stepWords } from './steps';
import { NotYet } from './NotYet';
import { useCause } from '../told';
import css from './dock.module.css';

/** Function of the kernel that a step models. */
const KERNEL: Record<string, string> = {
  receive: 'ip_rcv', routeLocal: 'ip_route_input', routeForward: 'ip_forward', routeOutput: 'ip_route_output', routeNone: 'fib_lookup', neighbour: 'neigh_resolve', neighbourWait: 'arp_solicit', ipvsSchedule: 'ip_vs_schedule', ipvsConn: 'ip_vs_conn_in_get',
  ipvsNoDest: 'ip_vs_leave', ipvsDnat: 'ip_vs_nat_xmit', ipvsSnat: 'handle_response', ipvsDr: 'ip_vs_dr_xmit', ipvsTun: 'ip_vs_tunnel_xmit', socket: 'tcp_v4_rcv', noSocket: 'inet_lookup', netfilter: 'nf_hook', drop: 'kfree_skb_reason', icmpError: 'icmp_send', arpAnswer: 'arp_process', arpSilent: 'arp_ignore', arpLearn: 'neigh_update', nfNat: 'nf_nat_packet', decap: 'ipip_rcv', martian: 'ip_mc_source', rpFilter: 'fib_validate_source',
};
const HOT = new Set(['ipvsSchedule', 'ipvsConn', 'ipvsDnat', 'ipvsSnat', 'ipvsDr', 'ipvsTun', 'nfNat']);
const BAD = new Set(['drop', 'noSocket', 'ipvsNoDest', 'routeNone', 'martian', 'rpFilter']);

interface Group { host: string; from: number; to: number; steps: StepView[]; spent: number }

/** Steps that made a frame (at its sender) and what its receivers did with it, host by host. */
export function groups(trace: TraceView, f: FrameView): Group[] {
  const out: Group[] = [];
  const add = (host: string, from: number, to: number, steps: StepView[]): void => {
    if (steps.length > 0) out.push({ host, from, to, steps, spent: Math.max(0, steps[steps.length - 1]!.at - steps[0]!.at) });
  };
  if (f.cause > 0) {
    const why = trace.frame(f.cause);
    const at = [...trace.steps(f.cause).filter((s) => s.host === f.from), ...trace.steps(f.id).filter((s) => s.host === f.from && s.kind !== 'receive')];
    const arp = why !== null && why.proto === 'ARP' && f.proto !== 'ARP';
    if (!arp || at.length > 0) add(f.from, f.cause, f.id, at);
  } else add(f.from, 0, f.id, trace.steps(f.id).filter((s) => s.host === f.from));
  const others = new Map<string, StepView[]>();
  for (const s of trace.steps(f.id)) if (s.host !== f.from && s.host !== '') others.set(s.host, [...(others.get(s.host) ?? []), s]);
  const ranked = [...others].filter(([, list]) => !list.some((s) => s.kind === 'drop' && (s.args['reason'] === 'OTHERHOST' || s.args['reason'] === 'ARP_NOT_FOR_US')));
  for (const [host, list] of ranked) add(host, f.id, 0, list);
  return out;
}

export const KernelTrace = (): JSX.Element => (useCause() ? <Decisions /> : <NotYet />);

function Decisions(): JSX.Element {
  const { t } = useTranslation();
  const selected = useLab((s) => s.selected);
  const [names, setNames] = useState(false);
  const model = useView((lab) => topoModel(lab), [], true);
  const data = useView((lab) => {
    const trace = lab.trace();
    // A packet that has just left has no decisions yet: while following, the newest that has some is shown.
    for (let id = selected ?? trace.frameCount(), n = 0; id > 0 && n < (selected === null ? 6 : 1); id--, n++) {
      const f = trace.frame(id);
      const found = f === null ? [] : groups(trace, f);
      if (found.length > 0) return found;
    }
    return [];
  }, [selected], 'dock');
  return (
    <aside className={css['trace']} data-pane="kernel" aria-live="off">
      {data.length === 0 && <p className="muted" style={{ fontSize: 12 }}>{t('dock.noSteps')}</p>}
      {data.map((g, i) => (
        <div key={`${g.host}${g.from}${g.to}`} className={css['group']}>
          <div className={css['title']}><b style={{ fontWeight: 600 }}>{t('dock.kernel', { host: g.host })}</b>
            {g.from > 0 && <button type="button" className="plink" onClick={() => selectFrame(g.from)}>#{g.from}{g.to > 0 ? ` → #${g.to}` : ''}</button>}
            <span className="sp" />{i === 0 && <button type="button" className="dim" style={{ fontSize: 11 }} aria-pressed={names} onClick={() => setNames(!names)}>{t('dock.kernelNames')}</button>}{g.spent > 0 && <span className="dim" style={{ fontSize: 11.5 }}>{Math.round(g.spent)} µs</span>}</div>
          <ol className="trace">{g.steps.slice(0, 24).map((s) => (
            <li key={s.n} className={BAD.has(s.kind) && !(s.kind === 'drop' && s.args['reason'] === 'ARP_IGNORED') ? 'bad' : HOT.has(s.kind) ? 'hot' : ''}><span className="k" title={KERNEL[s.kind]} style={names ? {} : { fontFamily: 'var(--font-ui)' }}>{names ? (KERNEL[s.kind] ?? s.kind) : stepName(s)}</span><span>{rich(stepWords(s, model))}</span></li>
          ))}</ol>
        </div>
      ))}
    </aside>
  );
}
