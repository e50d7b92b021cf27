// Pieces of the topology pane: lanes of hops, the envelope's connector, host cards.
import { type JSX, type KeyboardEvent, memo, type PointerEvent, useRef } from 'react';
import { words } from '../i18n/i18n';
import { selectHost, showTerm, termOf } from '../actions';
import type { FrameView } from '../engine';
import { SHAPE_COLOR, shapeOf } from '../parts/glyphs';
import { Icon, roleIcon } from '../parts/icons';
import type { Hop } from './exchange';
import { type Box, headHeight } from './layout';
import { edge } from './spot';
import { type NodeModel, short, type TopoModel } from './model';
import { along, cut, lengthOf, pathText, type Point } from './paths';
import type { Lines, Way } from './ways';
import css from './topology.module.css';

export const modeColour = (f: FrameView | null): string => (f?.mode === 'MAC' ? 'var(--m-dr)' : f?.mode === 'IPIP' ? 'var(--m-tun)' : f?.mode ? 'var(--m-nat)' : 'var(--line-3)');

/** A dotted line from a packet to the label that opens it. */
export function Connector({ from, box, colour }: { from: Point; box: Box; colour: string }): JSX.Element {
  const to = edge(box, from);
  return <svg style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }} aria-hidden="true"><path d={`M${from[0]} ${from[1]}L${to[0]} ${to[1]}`} stroke={colour} strokeWidth="1.2" strokeDasharray="2 3" /></svg>;
}

/** The cables as lines; drawn again only when they are others. */
export const Links = memo(function Links({ model, lines }: { model: TopoModel; lines: Lines }): JSX.Element {
  return (
    <>
      {model.nodes.flatMap((n) => n.links.map((l) => {
        const line = lines.link(n.name, l.segment);
        const ok = l.up && l.carrier && n.running;
        return line && <path key={`${n.name}/${l.dev}`} className="lk" d={pathText(line)} strokeDasharray={ok ? undefined : '3 5'} opacity={ok ? 1 : 0.7} />;
      }))}
    </>
  );
});

export function HopLines({ hop, current, ways: list, flying }: { hop: Hop; current: FrameView | null; ways: Way[]; flying: boolean }): JSX.Element {
  const c = hop.frame.drop !== null || shapeOf(hop.frame) === 'rst' ? 'var(--p-rst)' : SHAPE_COLOR[shapeOf(hop.frame)];
  const mine = hop.frame.id === current?.id;
  return (
    <>
      {list.map((w) => {
        if (hop.ahead) return <g key={w.host} opacity=".75"><path className="fl" stroke={c} strokeWidth="2" strokeDasharray="2 6" d={pathText(w.line)} /><path fill="none" stroke={c} strokeWidth="2" d={arrow(w.line)} /></g>;
        if (mine) {
          const [done, todo] = cut(w.line, flying ? 0 : w.rest);
          return <g key={w.host}><path className="fl" stroke={c} strokeDasharray={hop.reply ? '9 5' : undefined} d={pathText(done)} />{hop.frame.drop === null && <path className="fl" stroke={c} strokeDasharray="2 6" opacity=".75" d={pathText(todo)} />}</g>;
        }
        return <path key={w.host} className="fl" stroke={c} strokeDasharray={hop.reply ? '9 5' : undefined} d={pathText(w.line)} />;
      })}
    </>
  );
}

/** An arrowhead at the end of a lane. */
export function arrow(line: Point[]): string {
  const [x, y] = along(line, 1);
  const [px, py] = along(line, Math.max(0, 1 - 9 / Math.max(10, lengthOf(line))));
  const a = Math.atan2(y - py, x - px);
  const p = (turn: number): string => `${(x - 8 * Math.cos(a + turn)).toFixed(1)} ${(y - 8 * Math.sin(a + turn)).toFixed(1)}`;
  return `M${p(0.55)}L${x.toFixed(1)} ${y.toFixed(1)}L${p(-0.55)}`;
}

const LONG_PRESS_MS = 550;

/** What can be done to cards; the same object all the time. */
export interface NodeDeeds { key(e: KeyboardEvent, name: string): void; menu(name: string): void; drag(name: string, dx: number, dy: number): void }

const Node = memo(function Node({ n, x, y, w, selected, bad, deeds }: { n: NodeModel; x: number; y: number; w: number; selected: boolean; bad: boolean; deeds: NodeDeeds }): JSX.Element {
  const from = useRef<[number, number] | null>(null);
  // A finger that rests opens the menu, as a right click does.
  const rest = useRef(0);
  const down = (e: PointerEvent): void => { if (e.pointerType === 'touch') rest.current = window.setTimeout(() => { from.current = null; deeds.menu(n.name); }, LONG_PRESS_MS); if (e.button === 0) { from.current = [e.clientX, e.clientY]; (e.currentTarget as HTMLElement).setPointerCapture(e.pointerId); } };
  const move = (e: PointerEvent): void => {
    const p = from.current;
    if (p === null || Math.hypot(e.clientX - p[0], e.clientY - p[1]) < 3) return;
    clearTimeout(rest.current);
    deeds.drag(n.name, e.clientX - p[0], e.clientY - p[1]);
    from.current = [e.clientX, e.clientY];
  };
  const sentence = words('topo.twinHost', { host: n.name, role: words(`role.${n.role || 'client'}`), addresses: n.addresses.map((a) => a.ip).join(', '), vip: n.vips.map((v) => words(v.answers ? 'topo.twinVipYes' : 'topo.twinVipNo', { vip: v.ip })).join('') + n.services.map((x) => words(x.up ? 'topo.twinServiceUp' : 'topo.twinServiceDown', { name: x.name })).join('') });
  return (
    <button type="button" data-host={n.name} className={`node ${css['card']} ${selected ? 'sel' : ''} ${bad ? 'bad' : ''} ${n.running ? '' : css['off']}`} style={{ left: x, top: y, width: w }} aria-label={sentence} aria-pressed={selected}
      onClick={() => selectHost(n.name)} onDoubleClick={() => showTerm(termOf(n.name))} onContextMenu={(e) => { e.preventDefault(); deeds.menu(n.name); }} onKeyDown={(e) => deeds.key(e, n.name)}
      onPointerDown={down} onPointerMove={move} onPointerUp={() => { from.current = null; clearTimeout(rest.current); }} onPointerCancel={() => { from.current = null; clearTimeout(rest.current); }}>
      <span className="nm" style={{ height: headHeight(n.running ? n.addresses.length : 1) - 1 }}>
        <span className={`gl ${css['glyph']}`}><Icon name={roleIcon(n.role)} />{n.running && n.services.map((x) => <i key={x.name} className={x.up ? css['svcUp'] : css['svcDown']} title={words(x.up ? 'topo.serviceUp' : 'topo.serviceDown', { name: x.name })} />)}</span>
        <span style={{ minWidth: 0, flex: 1 }}><b>{n.name}</b>{n.running ? n.addresses.slice(0, 2).map((a) => <span key={a.ip + a.dev} className="ip">{a.ip}</span>) : <span className="ip">{words('topo.down')}</span>}</span>
      </span>
      {n.vips.map((v) => <span key={v.ip + v.label} className="vip"><Icon name={v.answers ? 'speaker' : 'muted'} small />{short(v.ip)} <span className="dim">{v.label}</span><span className={css['word']}>{words(v.answers ? 'topo.answer' : 'topo.noanswer')}</span></span>)}
      {n.vips.length === 0 && n.gateway !== null && n.role === 'real-server' && <span className="vip"><Icon name="gateway" small /><span className="dim">{words('topo.gateway')}</span> {short(n.gateway)}</span>}
    </button>
  );
});

/** The hosts' cards; looked at again only when a host, the drawing or what stands out has changed. */
export const Cards = memo(function Cards({ model, box, selected, bad, deeds }: { model: TopoModel; /** Others when something was moved. */ lines: Lines; box(kind: 'host', name: string): Box | null; selected: string; /** Hosts at which the packet died, with blanks between. */ bad: string; deeds: NodeDeeds }): JSX.Element {
  const died = bad.split(' ');
  return (
    <>
      {model.nodes.map((n) => {
        const b = box('host', n.name);
        return b && <Node key={n.name} n={n} x={b.x} y={b.y} w={b.w} selected={selected === n.name} bad={died.includes(n.name)} deeds={deeds} />;
      })}
    </>
  );
});
