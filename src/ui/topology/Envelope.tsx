// The envelope: a frame as nested labels, Ethernet > IP > TCP. The layer a host touched is loud, with the old value struck through.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrameView } from '../engine';
import { modeOf, Shape, shapeOf } from '../parts/glyphs';
import type { Box } from './layout';
import { short } from './model';
import type { Point } from './paths';
import { crossed, type Spot, spot } from './spot';
import css from './topology.module.css';

type Field = FrameView['changed'][number]['field'];
const lastOctet = (mac: string): string => `…:${mac.slice(-2)}`;

/** Px of the whole, and of the short form. */
const FULL_W = 246;
const COMPACT: readonly [number, number] = [196, 70];

/** How much of the envelope there is room for, and where: all, three lines, or its label, before it covers hosts or lanes. */
export function envelopeSpot(size: readonly [number, number], height: number, taken: readonly Box[], points: readonly Point[], lanes: readonly Point[]): Spot & { form: 'full' | 'short' | 'label'; box: Box } {
  const full = spot(size, FULL_W, height, taken, points);
  const boxed = (form: 'full' | 'short' | 'label', at: Spot, w: number, h: number): Spot & { form: 'full' | 'short' | 'label'; box: Box } => ({ ...at, form, box: { x: at.x, y: at.y, w: w * at.k, h: h * at.k } });
  if (full.covers === 0 && full.k >= 0.8) return boxed('full', full, FULL_W, height);
  const under = (s: Spot & { box: Box }): number => s.covers + crossed(s.box, lanes) * 100;
  const short = boxed('short', spot(size, ...COMPACT, taken, points), ...COMPACT);
  if (under(short) === 0) return short;
  const label = boxed('label', spot(size, ...LABEL, taken, points), ...LABEL);
  return under(label) < under(short) ? label : short;
}

/** Px of the label alone. */
const LABEL: readonly [number, number] = [150, 26];

/** Only its outside, where not even three lines have room beside the lanes: what it is and how it was rewritten. */
export function EnvelopeLabel({ frame: f }: { frame: FrameView }): JSX.Element {
  const { t } = useTranslation();
  const mode = modeOf(f.mode);
  return (
    <div className={`env ${mode === 'dr' ? 'dr' : mode === 'nat' ? 'natc' : mode === 'tun' ? css['tun']! : ''}`} style={{ position: 'relative', width: LABEL[0], padding: '4px 8px' }} title={mode === null ? undefined : t('topo.rewritten', { host: f.from })}>
      <div className="l" style={{ marginBottom: 0 }}><span className="row" style={{ gap: 5 }}><Shape kind={shapeOf(f)} size={11} />{f.proto} {f.flags.replace('SYN, ACK', 'SYN-ACK')}</span>{mode !== null && <span className="st">{f.mode}</span>}</div>
    </div>
  );
}

/** The same in three lines, for panes without room: who sent it, from where to where, what changed. */
export function ShortEnvelope({ frame: f, macs }: { frame: FrameView; macs: boolean }): JSX.Element {
  const { t } = useTranslation();
  const mode = modeOf(f.mode);
  const old = (field: Field): string | null => f.changed.find((c) => c.field === field)?.before ?? null;
  const end = (field: 'src' | 'dst' | 'smac' | 'dmac', now: string, print: (s: string) => string): JSX.Element => {
    const was = old(field);
    // Every hop writes both MACs anew; in DR alone the destination's is the point.
    return was === null || (field.endsWith('mac') && mode !== 'dr') ? <span>{print(now)}</span> : <><u>{print(now)}</u> <s>{print(was)}</s></>;
  };
  const arp = f.proto === 'ARP';
  return (
    <div className={`env ${mode === 'dr' ? 'dr' : mode === 'nat' ? 'natc' : mode === 'tun' ? css['tun']! : ''}`} style={{ position: 'relative', width: COMPACT[0], padding: '5px 8px' }}>
      <div className="l" style={{ marginBottom: 0 }}><span className="row" style={{ gap: 5 }}><Shape kind={shapeOf(f)} size={11} />{f.proto} {f.flags.replace('SYN, ACK', 'SYN-ACK')}</span><span className={mode === null ? '' : 'st'}>{t(mode === null ? 'topo.built' : 'topo.rewritten', { host: f.from })}</span></div>
      {arp ? <div style={{ whiteSpace: 'normal' }}>{f.info}</div> : <div className="nw">{end('src', f.src, short)} → {end('dst', f.dst, short)}{f.dport > 0 ? `:${f.dport}` : ''}</div>}
      {macs && !arp && <div className="nw dim">MAC {end('smac', f.smac, lastOctet)} → {end('dmac', f.dmac, lastOctet)}</div>}
    </div>
  );
}

/** One frame opened. `macs` false leaves the Ethernet layer out. */
export function Envelope({ frame: f, macs, vips }: { frame: FrameView; macs: boolean; vips: Set<string> }): JSX.Element {
  const { t } = useTranslation();
  const mode = modeOf(f.mode);
  const old = (field: Field): string | null => f.changed.find((c) => c.field === field)?.before ?? null;
  const value = (field: Field, now: string, print: (s: string) => string): JSX.Element => {
    const was = old(field);
    return was === null ? <><span>{now}</span><span className="dim">{vips.has(now) ? 'VIP' : ''}</span></> : <><u>{now}</u><s>{print(was)}</s></>;
  };
  const loud = (fields: Field[]): boolean => fields.some((x) => old(x) !== null);
  const arp = f.proto === 'ARP';
  const ipChanged = loud(['src', 'dst', 'sport', 'dport']);
  const rewritten = t('topo.rewritten', { host: f.from });
  const outer = f.changed.find((c) => c.field === 'outer');
  const port = (field: 'sport' | 'dport', now: number): JSX.Element => (old(field) !== null ? <u>{now}</u> : <>{now}</>);
  const inside = arp ? (
    <div className="in"><div className="l"><span>ARP</span></div><div style={{ whiteSpace: 'normal' }}>{f.info}</div></div>
  ) : (
    <div className="in">
      <div className="l"><span>{t('topo.ip')}</span>{mode !== null && <span className={ipChanged ? 'st' : ''}>{ipChanged ? rewritten : t('topo.unchanged')}</span>}</div>
      <div className="kv"><i>src</i>{value('src', f.src, short)}<i>dst</i>{value('dst', f.dst, short)}</div>
      <div className="in">
        <div className="row" style={{ gap: 7 }}>
          <Shape kind={shapeOf(f)} size={12} />
          {f.sport > 0 || f.dport > 0 ? <span>{f.proto === 'HTTP' ? 'HTTP' : f.proto} {port('sport', f.sport)} → {port('dport', f.dport)}</span> : <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{f.proto} {f.info.replace(/ {2}.*/, '')}</span>}
          <span className="sp" /><b style={{ fontWeight: 600 }}>{f.flags.replace('SYN, ACK', 'SYN-ACK')}</b>
        </div>
      </div>
    </div>
  );
  const kind = mode === 'dr' ? 'dr' : mode === 'nat' ? 'natc' : mode === 'tun' ? css['tun']! : '';
  return (
    <div key={f.id} className={`env ${kind} ${mode !== null ? css['stamp'] : ''}`} style={{ position: 'relative' }}>
      {macs && (
        <>
          <div className="l"><span>{t('topo.frame')}</span><span className={mode === 'dr' ? 'st' : ''}>{mode === 'dr' ? rewritten : t('topo.built', { host: f.from })}</span></div>
          <div className="kv">
            {mode === 'dr' ? <><i>src</i>{value('smac', f.smac, lastOctet)}<i>dst</i>{value('dmac', f.dmac, lastOctet)}</> : <><i>src</i><span className="dim">{f.smac}</span><span /><i>dst</i><span className="dim">{f.dmac}</span><span /></>}
          </div>
        </>
      )}
      {outer ? <div className="in"><div className="l"><span>{t('topo.outer')}</span><span className="st">{rewritten}</span></div><u>{outer.after}</u></div> : null}
      {inside}
    </div>
  );
}
