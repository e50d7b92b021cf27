// The topology pane: host cards and switches over links, packets on their lanes, the envelope of the current packet.
import { type JSX, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { selectHost } from '../actions';
import { flowAccount } from '../engine';
import type { Flight } from '../flights';
import { ModeGlyph, shapeMarkup, shapeOf, SHAPE_COLOR } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { keep, kept } from '../prefs';
import { session, useView, useViewWhile } from '../session';
import { asDrawn, asSeen, useCause } from '../told';
import { useLab } from '../store';
import { Envelope, EnvelopeLabel, envelopeSpot, ShortEnvelope } from './Envelope';
import { exchange } from './exchange';
import { Graph, type View } from './graph';
import { type Box, place } from './layout';
import { type NodeModel, receivers, topoModel } from './model';
import { along, lane, lengthOf, type Point } from './paths';
import css from './topology.module.css';
import { BrowserWindow } from '../browser/BrowserWindow';
import { Cables } from './Cables';
import { FlightCanvas } from './canvas';
import { Crowd } from './crowd';
import { CableMenu, NodeMenu } from './Menus';
import { arcOf, Died, diedSpot, InsteadLine, InsteadNote } from './Instead';
import { Cards, Connector, HopLines, Links, modeColour, type NodeDeeds } from './pieces';
import { CROWD, routed } from './routes';
import { LANE, type Lines, ways } from './ways';
import { Twin } from './Twin';

/** Drawn smaller than this, an icon is a speck of five pixels. */
const FAR = 0.3;
const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function Topology(): JSX.Element {
  const { t, i18n } = useTranslation();
  const pane = useRef<HTMLDivElement>(null);
  const cyRef = useRef<HTMLDivElement>(null);
  const world = useRef<HTMLDivElement>(null);
  const many = useRef<HTMLCanvasElement>(null);
  const graph = useRef<Graph | null>(null);
  const viewRef = useRef<View>({ x: 0, y: 0, k: 1 });
  const [size, setSize] = useState<[number, number]>([0, 0]);
  const [moved, setMoved] = useState(0);
  const [view, setView] = useState<View>({ x: 0, y: 0, k: 1 });
  const [hidden, setHidden] = useState(0);
  const [menu, setMenu] = useState<string | null>(null);
  const [cable, setCable] = useState<{ host: string; dev: string } | null>(null);
  const host = useLab((s) => s.host);
  const selected = useLab((s) => s.selected);
  const speed = useLab((s) => s.speed);
  const macs = useLab((s) => s.macs);
  const shown = useLab((s) => s.shown);
  const demo = useLab((s) => s.demo);
  const told = useCause();
  const model = useView((lab) => asDrawn(topoModel(lab), told), [told], true);
  const moving = selected === null && speed !== 'real';
  const current = useViewWhile(moving, (lab) => {
    const trace = lab.trace();
    const id = selected ?? trace.frameCount();
    const f = id > 0 ? trace.frame(id) : null;
    if (f === null || (selected === null && speed === 'real')) return null;
    if (selected === null && f.segment === '') return null;
    return asSeen(f, told);
  }, [selected, speed, told]);
  const hops = useViewWhile(moving, (lab) => (current === null ? [] : exchange(lab.trace(), current).map((h) => ({ ...h, frame: asSeen(h.frame, told) }))), [current?.id, current?.to.length, told]);
  // In NAT a reply can go astray: the drawing shows where it should have gone.
  const account = useViewWhile(moving, (lab) => (told && model.mode === 'nat' && current !== null && current.flags !== '' ? flowAccount(lab, current.id) : null), [current?.id, current?.to.length, told, model.mode]);
  const astray = account?.instead != null && current !== null && current.id >= account.instead.frame ? account.instead : null;
  const waitedFor = useView((lab) => (account === null ? '' : (lab.trace().frame(account.frames[0]!)?.dst ?? '')), [account]);
  const english = i18n.language === 'en';
  const card = english ? 162 : 152;
  const pill = english ? 146 : 150;

  const shape = useMemo(() => model.nodes.map((n) => `${n.name}:${n.segments.join(',')}:${rowsOf(n)}:${n.addresses.length}`).join(';'), [model.nodes]);
  const places = useMemo(
    () => place(model.nodes.map((n) => ({ name: n.name, role: n.role, segments: n.segments, rows: rowsOf(n), lines: n.addresses.length })), model.segments.map((s) => s.name), size[0], size[1], card, pill),
    // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the model
    [shape, size, card, pill],
  );

  useEffect(() => {
    const g = new Graph(cyRef.current!, (v) => {
      viewRef.current = v;
      if (world.current) world.current.style.transform = `translate(${v.x}px,${v.y}px) scale(${v.k})`;
      setView(v);
    }, placesKept(), (moved) => keep(`places.${useLab.getState().lessonId}`, JSON.stringify(moved)));
    graph.current = g;
    const watch = new ResizeObserver(() => { const p = pane.current; if (p) { setSize([p.clientWidth, p.clientHeight]); g.resize(); } });
    watch.observe(pane.current!);
    return () => { watch.disconnect(); g.destroy(); graph.current = null; };
  }, []);

  useLayoutEffect(() => {
    graph.current?.set(places, model.nodes.flatMap((n) => n.segments.map((s) => ({ host: n.name, segment: s, id: `${n.name}>${s}` }))));
    setMoved((x) => x + 1);
  }, [places, model.nodes]);

  const boxOf = useCallback((kind: 'host' | 'segment', name: string): Box | null => graph.current?.box(`${kind}:${name}`) ?? places[kind === 'host' ? 'hosts' : 'segments'].get(name) ?? null, [places]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moved` stands for positions inside the graph
  const lines = useMemo<Lines>(() => {
    const cache = new Map<string, Point[] | null>();
    let boxes: (readonly ['host' | 'segment', string, Box | null])[] | null = null;
    return {
      link(h, s) {
        const key = `${h}>${s}`;
        if (!cache.has(key)) {
          const a = boxOf('host', h);
          const b = boxOf('segment', s);
          boxes ??= places.hosts.size > CROWD ? [] : [...[...places.hosts.keys()].map((n) => ['host', n, boxOf('host', n)] as const), ...[...places.segments.keys()].map((n) => ['segment', n, boxOf('segment', n)] as const)];
          cache.set(key, a && b ? routed(a, b, boxes.flatMap(([kind, n, box]) => (box === null || n === (kind === 'host' ? h : s) ? [] : [box]))) : null);
        }
        return cache.get(key)!;
      },
    };
  }, [moved, places]);

  // Packets on their way: moved by hand each frame, never through React.
  useEffect(() => {
    const crowd = new Crowd(model, lines, new FlightCanvas(() => many.current, () => viewRef.current, () => size));
    const off = session().onDraw((now: number, flights: Flight[]) => {
      const state = useLab.getState();
      const seen = state.speed !== 'real' && state.selected === null && (state.shown === 'mine' || state.demo !== '') && !still();
      crowd.draw(now, seen ? flights : []);
    });
    return () => { off(); crowd.clear(); };
  }, [model, lines, size]);

  const flying = current !== null && selected === null && session().inFlight().some((f) => f.frame.id === current.id);
  const way = current === null ? [] : ways(current, model, lines);
  const died = current?.drop ?? null;
  const at: Point | null = way[0] && !flying ? along(way[0].line, way[0].rest) : null;
  const kind = current === null ? 'tcp' : shapeOf(current);
  const stray = astray?.path.join() ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moved` stands for positions inside the graph, `stray` for the way
  const arc = useMemo(() => {
    const [from, to] = stray === '' ? [] : stray.split(',').map((h) => boxOf('host', h));
    const others = model.nodes.flatMap((n) => (stray.split(',').includes(n.name) ? [] : [boxOf('host', n.name)])).filter((b) => b !== null);
    return from && to ? arcOf(from, to, others, english ? 3 : 2) : null;
  }, [stray, moved, places]);
  const chipH = (macs ? 172 : 118) + (model.mode === 'tun' ? 34 : 0);
  // In a narrow pane it would lie on cards, which say the same in words.
  const legend = size[0] >= 440 && model.nodes.some((n) => n.vips.length > 0);
  // The search takes long among two hundred hosts: only when there is a packet to tell of.
  const nothing = current === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moved` stands for positions inside the graph
  const chip = useMemo(() => {
    if (nothing) return { x: 0, y: 0, k: 1, covers: 0, form: 'short' as const, box: { x: 0, y: 0, w: 0, h: 0 }, taken: [], points: [], lanes: [] };
    const seen = (b: Box): Box => ({ x: view.x + b.x * view.k, y: view.y + b.y * view.k, w: b.w * view.k, h: b.h * view.k });
    const boxes = [...[...places.hosts.keys()].map((n) => boxOf('host', n)), ...[...places.segments.keys()].map((n) => boxOf('segment', n)), arc?.words ?? null].filter((b) => b !== null).map(seen);
    const onScreen = ([x, y]: Point): Point => [view.x + x * view.k, view.y + y * view.k];
    const lanes = model.nodes.flatMap((n) => n.segments.flatMap((s) => lines.link(n.name, s) ?? [])).map(onScreen);
    const points = [...lanes, ...(arc?.line ?? []).map(onScreen)];
    // Buttons: those of the canvas, and on a phone the one that makes the strip taller (Stacked.tsx).
    const phone = window.innerWidth < 600;
    const taken = [...boxes, ...(phone ? [{ x: size[0] - 56, y: 4, w: 52, h: 46 }] : []), ...(phone && size[1] < 300 ? [] : [{ x: 6, y: size[1] - 52, w: 130, h: 46 }]), ...(legend ? [{ x: 10, y: 8, w: 150, h: 46 }] : [])];
    return { ...envelopeSpot(size, chipH, taken, points, lanes), taken, points, lanes };
  }, [places, view, size, moved, arc, legend, chipH, lines, nothing]);
  // In a low pane an envelope without a place of its own would cover the hosts it is about.
  const showEnv = current !== null && hidden !== current.id && way.length > 0 && (selected !== null || hops.length > 0) && (chip.covers < 400 || size[1] >= 400);
  const diedHost = way[0]?.host ?? '';
  // Where there is little room it says less, before it covers a lane.
  const diedAt = died === null || at === null ? null : diedSpot(size, diedHost, died, account?.mismatch ?? null, current, showEnv ? [...chip.taken, chip.box] : chip.taken, chip.points, chip.lanes, [view.x + at[0] * view.k, view.y + at[1] * view.k]);
  const director = model.nodes.find((n) => n.role === 'director')?.name;
  const reply = hops.filter((h) => h.reply);
  const direct = told && model.mode === 'dr' && reply.length === 1 && director !== undefined && reply[0]!.frame.from !== director && receivers(reply[0]!.frame, model)[0] !== director && hops.length === 3;
  const badges: Point[] = at && !flying ? way.map((w) => along(w.line, w.rest)) : [];
  const seg = current && boxOf('segment', current.segment);

  const focusHost = (name: string): void => pane.current?.querySelector<HTMLElement>(`[data-host="${CSS.escape(name)}"]`)?.focus();
  // Before the pane has a size everything would be placed twice.
  const sized = size[0] > 0;
  const deeds = useMemo<NodeDeeds>(() => ({
    key(e, name) {
      const dirs: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const d = dirs[e.key];
      if (d && e.altKey) { graph.current?.drag(`host:${name}`, d[0] * 16, d[1] * 16); setMoved((x) => x + 1); }
      else if (d) {
        const to = graph.current?.neighbour(`host:${name}`, d[0], d[1])?.slice(5);
        if (to) { selectHost(to); focusHost(to); }
      } else if (e.key === 'Enter') selectHost(name);
      else if (e.key === 'ContextMenu' || (e.shiftKey && e.key === 'F10')) setMenu(name);
      else if (e.key === 'Escape') setMenu(null);
      else return;
      e.preventDefault();
    },
    menu: (name) => { setCable(null); setMenu(name); },
    drag: (name, dx, dy) => { graph.current?.drag(`host:${name}`, dx, dy); setMoved((x) => x + 1); },
    // biome-ignore lint/correctness/useExhaustiveDependencies: works on refs and setters alone
  }), []);
  const openCable = useCallback((host: string, dev: string): void => { setMenu(null); setCable({ host, dev }); }, []);
  const menuNode = model.nodes.find((n) => n.name === menu);
  const cableNode = model.nodes.find((n) => n.name === cable?.host);
  const cableLink = cableNode?.links.find((l) => l.dev === cable?.dev);
  const beside = (name: string, close: () => void): { box: Box; view: View; size: [number, number]; close(): void } => ({ box: boxOf('host', name) ?? { x: 0, y: 0, w: 0, h: 0 }, view, size, close });

  return (
    <section className="pane" aria-label={t('topo.pane')} data-pane="topology" style={{ flex: 1, height: '100%' }}>
      <div className="ph">
        <h2>{t('topo.pane')}</h2>
        {model.mode && <span className="pill" style={{ color: `var(--m-${model.mode})` }}><ModeGlyph mode={model.mode} size={14} />{model.mode.toUpperCase()}</span>}
        {shown === 'checker' && <span className="pill stale"><Icon name="replay" small />{demo === '' ? t('dock.checker') : t('demo.pill')}</span>}
        <span className="sp" />
        <span className="seg" role="group" aria-label={t('topo.frame')}>
          <button type="button" className={macs ? 'on' : ''} aria-pressed={macs} onClick={() => useLab.setState({ macs: true })}>{t('topo.macip')}</button>
          <button type="button" className={macs ? '' : 'on'} aria-pressed={!macs} onClick={() => useLab.setState({ macs: false })}>{t('topo.iponly')}</button>
        </span>
      </div>
      <div className="topo" ref={pane} onPointerDown={() => { setMenu(null); setCable(null); }}>
        <div ref={cyRef} className={css['cy']} aria-hidden="true" />
        <div className={css['layer']}>
          <div ref={world} className={`${css['world']} ${view.k < FAR ? css['far'] : ''}`} style={{ transform: `translate(${view.x}px,${view.y}px) scale(${view.k})` }} role="group" aria-label={t('topo.pane')}>
            <svg className={css['svg']} aria-hidden="true">
              {sized && <Links model={model} lines={lines} />}
              {hops.map((h) => <HopLines key={h.frame.id} hop={h} current={current} ways={ways(h.frame, model, lines)} flying={flying} />)}
              {hops.map((h) => {
                const line = ways(h.frame, model, lines)[0]?.line;
                if (!line || h.frame.proto === 'ARP') return null;
                const from = lines.link(h.frame.from, h.frame.segment);
                const own = from ? lane(from, LANE) : line;
                // Not where the packet stands, nor on another number.
                const near = (p: Point): number => Math.min(...badges.map((b) => Math.hypot(b[0] - p[0], b[1] - p[1])), 40);
                const hub = boxOf('segment', h.frame.segment);
                const free = [from && from.length > 12 ? 0.38 : 0.24, 0.2, 0.52, 0.12, 0.66].map((x) => along(own, x)).filter(([x, y]) => hub === null || x < hub.x - 10 || x > hub.x + hub.w + 10 || y < hub.y - 10 || y > hub.y + hub.h + 10);
                const at = (free.length > 0 ? free : [along(own, 0.24)]).reduce((a, b) => (near(a) >= 26 || near(a) >= near(b) ? a : b));
                badges.push(at);
                const c = SHAPE_COLOR[shapeOf(h.frame)];
                return <g key={`n${h.frame.id}`} transform={`translate(${at[0]} ${at[1]})`} opacity={h.ahead ? 0.6 : 1}><circle r="8.5" fill="var(--bg-0)" stroke={c} strokeWidth="1.5" /><text textAnchor="middle" y="4" fontSize="11" fontWeight="600" fontFamily="var(--font-ui)" fill={c}>{h.n}</text></g>;
              })}
              {at && !flying && way.map((w) => {
                const p = along(w.line, w.rest);
                return <g key={w.host} transform={`translate(${p[0]} ${p[1]})`}><circle r={died ? 20 : 18} fill={died ? 'var(--p-rst)' : SHAPE_COLOR[kind]} opacity=".16" /><g dangerouslySetInnerHTML={{ __html: died ? shapeMarkup('rst', 2.2) : shapeMarkup(kind, 1.95) }} /></g>;
              })}
              {hops.map((h, i) => {
                // The first request and the first reply say which lane is which.
                if (h.frame.proto === 'ARP' || hops.findIndex((x) => x.reply === h.reply) !== i || reply.length === 0) return null;
                const w = ways(h.frame, model, lines)[0];
                const own = w && lines.link(w.host, h.frame.segment);
                if (!w || !own || lengthOf(own) < 70) return null;
                const total = lengthOf(w.line);
                const mid = 1 - lengthOf(own) * 0.3 / total;
                const p = along(w.line, mid);
                const q = along(w.line, Math.max(0, mid - 0.03));
                const n = Math.hypot(p[0] - q[0], p[1] - q[1]) || 1;
                const off: Point = [p[0] + ((p[1] - q[1]) / n) * 14, p[1] - ((p[0] - q[0]) / n) * 14];
                return <text key={`l${h.frame.id}`} x={off[0]} y={off[1] + 4} textAnchor={Math.abs(p[0] - q[0]) < Math.abs(p[1] - q[1]) ? (p[1] > q[1] ? 'start' : 'end') : 'middle'} fontSize="11" fontFamily="var(--font-ui)" fill="var(--ink-3)">{t(h.reply ? 'topo.reply' : 'topo.request')}</text>;
              })}
              {arc && <InsteadLine arc={arc} />}
            </svg>
            <canvas ref={many} className={css['many']} aria-hidden="true" />
            {model.segments.map((s) => {
              const b = boxOf('segment', s.name);
              return b && <div key={s.name} className="sw" style={{ left: b.x, top: b.y, minWidth: b.w, justifyContent: 'center' }}><span className="dim" style={{ fontFamily: 'var(--font-ui)' }}>{t('topo.switch')}</span>{s.subnet}</div>;
            })}
            {sized && <Cards model={model} lines={lines} box={boxOf} selected={host} bad={died === null ? '' : way.map((w) => w.host).join(' ')} deeds={deeds} />}
            {sized && <Cables model={model} lines={lines} open={openCable} />}
            {arc && account && <InsteadNote arc={arc} account={account} asked={waitedFor} />}
            {direct && seg && <div className="note" style={{ left: seg.x + 4, top: seg.y + seg.h + 12, width: 250, opacity: reply[0]!.ahead ? 0.75 : 1 }}><b style={{ color: 'var(--ink-1)', fontWeight: 600 }}>{t('topo.directNote', { client: receivers(reply[0]!.frame, model)[0] ?? '' })}</b><br />{t('topo.directWhy', { server: reply[0]!.frame.from, director })}</div>}
          </div>
          {legend && <div className={css['legend']} aria-label={t('topo.legend')}><span className="row" style={{ gap: 6 }}><Icon name="speaker" small />{t('topo.answers')}</span><span className="row" style={{ gap: 6 }}><Icon name="muted" small />{t('topo.silent')}</span></div>}
          {showEnv && at && <Connector from={[view.x + at[0] * view.k, view.y + at[1] * view.k]} box={chip.box} colour={modeColour(current)} />}
          {showEnv && (
            <div className={css['envWrap']} data-testid="envelope" style={{ left: chip.x, top: chip.y, transform: `scale(${chip.k})`, transformOrigin: '0 0' }}>
              {chip.form === 'label' ? <EnvelopeLabel frame={current} /> : chip.form === 'short' ? <ShortEnvelope frame={current} macs={macs} /> : <Envelope frame={current} macs={macs} vips={model.vips} />}
              <button type="button" className={css['hide']} aria-label={t('topo.hidePacket')} onClick={() => setHidden(current.id)}><Icon name="close" size={10} /></button>
            </div>
          )}
          {menuNode && <NodeMenu n={menuNode} place={beside(menuNode.name, () => { setMenu(null); focusHost(menuNode.name); })} cable={(dev) => { setMenu(null); setCable({ host: menuNode.name, dev }); }} />}
          {cableNode && cableLink && <CableMenu host={cableNode.name} l={cableLink} place={beside(cableNode.name, () => { setCable(null); focusHost(cableNode.name); })} />}
          <BrowserWindow size={size} />
          {diedAt !== null && died !== null && current !== null && <Died form={diedAt.form} host={diedHost} reason={died} mismatch={account?.mismatch ?? null} frame={current} where={diedAt.where} />}
        </div>
        <div className="canvtools">
          <button type="button" className="ib sm" aria-label={t('topo.zoomOut')} title={t('topo.zoomOut')} onClick={() => graph.current?.zoom(0.8)}><Icon name="minus" /></button>
          <button type="button" className="ib sm" aria-label={t('topo.zoomIn')} title={t('topo.zoomIn')} onClick={() => graph.current?.zoom(1.25)}><Icon name="plus" /></button>
          <button type="button" className="ib sm" aria-label={t('topo.fit')} title={t('topo.fit')} onClick={() => graph.current?.fit()}><Icon name="expand" /></button>
          {graph.current?.dragged && <button type="button" className="ib sm" aria-label={t('topo.restore')} title={t('topo.restore')} onClick={() => { graph.current?.restore(); setMoved((x) => x + 1); }}><Icon name="reset" /></button>}
        </div>
        <Twin model={model} current={current} />
      </div>
    </section>
  );
}

/** Where this lesson's hosts were dragged. */
function placesKept(): Record<string, { x: number; y: number }> {
  try { return JSON.parse(kept(`places.${useLab.getState().lessonId}`) ?? '{}') as Record<string, { x: number; y: number }>; } catch { return {}; }
}

const rowsOf = (n: NodeModel): number => n.vips.length + (n.vips.length === 0 && n.gateway !== null && n.role === 'real-server' ? 1 : 0);
