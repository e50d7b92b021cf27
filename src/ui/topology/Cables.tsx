// Cables as things to point at: a focusable handle on each, with its state, what was made worse, and how much travels on it now.
import { type JSX, type KeyboardEvent, memo, useRef } from 'react';
import type { LabLike } from '../engine';
import { words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { useView } from '../session';
import type { LinkModel, TopoModel } from './model';
import { along, lengthOf, type Point } from './paths';
import type { Lines } from './ways';
import css from './topology.module.css';

/** Packets and bytes a second of virtual time, both directions. */
export interface Rate { packets: number; bytes: number }
interface Sample { at: number; packets: number; bytes: number; rate: Rate }
const NONE: Rate = { packets: 0, bytes: 0 };
/** Rates are measured over at least this much virtual time, us. */
const SPAN = 500_000;

/** Rates by 'host/dev', measured between readings. */
export function useRates(): (host: string, dev: string) => Rate {
  const samples = useRef<{ lab: LabLike | null; map: Map<string, Sample> }>({ lab: null, map: new Map() });
  useView((lab) => {
    const now = lab.now();
    if (samples.current.lab !== lab) samples.current = { lab, map: new Map() };
    const { map } = samples.current;
    for (const host of lab.hostNames()) {
      for (const i of lab.look(host).interfaces) {
        if (i.segment === null) continue;
        const key = `${host}/${i.name}`;
        const was = map.get(key);
        const packets = i.rxPackets + i.txPackets;
        const bytes = i.rxBytes + i.txBytes;
        if (was === undefined || now < was.at || packets < was.packets) map.set(key, { at: now, packets, bytes, rate: NONE });
        else if (now - was.at >= SPAN) {
          const s = (now - was.at) / 1e6;
          map.set(key, { at: now, packets, bytes, rate: packets === was.packets ? NONE : { packets: (packets - was.packets) / s, bytes: (bytes - was.bytes) / s } });
        }
      }
    }
    return now;
  }, [], true);
  return (host, dev) => samples.current.map.get(`${host}/${dev}`)?.rate ?? NONE;
}

const digits = (n: number): string => (n >= 9.5 ? String(Math.round(n)) : n.toFixed(1));
/** 1234 B/s as '1.2 kB/s'. */
export const bytesText = (n: number): string => (n >= 1e6 ? `${digits(n / 1e6)} MB/s` : n >= 1e3 ? `${digits(n / 1e3)} kB/s` : `${Math.round(n)} B/s`);

export const Cables = memo(function Cables({ model, lines, open }: { model: TopoModel; lines: Lines; open(host: string, dev: string): void }): JSX.Element {
  const rate = useRates();
  return (
    <>
      {model.nodes.flatMap((n) => n.links.map((l) => {
        const line = lines.link(n.name, l.segment);
        const r = rate(n.name, l.dev);
        return line && <Cable key={`${n.name}/${l.dev}`} host={n.name} l={l} line={line} subnet={model.segments.find((s) => s.name === l.segment)?.subnet ?? l.segment} packets={r.packets} bytes={r.bytes} open={open} />;
      }))}
    </>
  );
});

/** One cable's handle, drawn again only when something about it has changed. */
const Cable = memo(function Cable({ host, l, line, subnet, packets, bytes, open }: { host: string; l: LinkModel; line: Point[]; subnet: string; packets: number; bytes: number; open(host: string, dev: string): void }): JSX.Element {
  const [x, y] = along(line, Math.min(0.5, 26 / Math.max(1, lengthOf(line))));
  const [rx, ry] = along(line, 0.45);
  const said = sentence(host, l, subnet, { packets, bytes });
  const keys = (e: KeyboardEvent): void => {
    if (e.key !== 'ContextMenu' && !(e.shiftKey && e.key === 'F10')) return;
    open(host, l.dev);
    e.preventDefault();
  };
  return (
    <div>
      <button type="button" data-link={`${host}/${l.dev}`} className={`${css['cable']} ${l.carrier && !worse(l) ? '' : css['odd']}`} style={{ left: x - 11, top: y - 11 }} aria-haspopup="menu" aria-label={said} title={said}
        onClick={() => open(host, l.dev)} onContextMenu={(e) => { e.preventDefault(); open(host, l.dev); }} onKeyDown={keys}>
        <Icon name={l.carrier ? (worse(l) ? 'warn' : 'gateway') : 'close'} size={12} />
      </button>
      {worse(l) && l.carrier && <span className={css['worse']} style={{ left: x - 8, top: y - 30 }}>{worseText(l)}</span>}
      {packets > 0 && lengthOf(line) > 90 && <span className={css['rate']} style={{ left: rx, top: ry + 9 }} aria-hidden="true"><i>{words('topo.rateText', { n: digits(packets), bytes: bytesText(bytes) })}</i></span>}
    </div>
  );
});

const worse = (l: LinkModel): boolean => l.loss > 0 || l.delayMs > 0 || l.rateMbit > 0;
const worseText = (l: LinkModel): string => [l.loss > 0 ? `${Math.round(l.loss * 1000) / 10}%` : '', l.delayMs > 0 ? `+${l.delayMs} ms` : '', l.rateMbit > 0 ? `${l.rateMbit} Mbit/s` : ''].filter((x) => x !== '').join(' ');

/** A cable in a sentence. */
export function sentence(host: string, l: LinkModel, subnet: string, r: Rate): string {
  const state = words(!l.carrier ? 'topo.unplugged' : l.up ? 'topo.up' : 'topo.linkDown');
  const more = [l.loss > 0 ? words('topo.twinLoss', { n: Math.round(l.loss * 1000) / 10 }) : '', l.delayMs > 0 ? words('topo.twinDelay', { n: l.delayMs }) : '', l.rateMbit > 0 ? words('topo.twinRate', { n: l.rateMbit }) : '', r.packets > 0 ? words('topo.twinTraffic', { n: digits(r.packets), bytes: bytesText(r.bytes) }) : ''].join('');
  return words('topo.twinLink', { host, dev: l.dev, segment: subnet, state }) + more;
}
