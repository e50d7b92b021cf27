// The dock: transport and time line above, packet list and kernel trace below.
import { type JSX, memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { firstPacket, goLive, selectFrame, setSpeed, stepPacket, togglePause } from '../actions';
import type { FrameView } from '../engine';
import { modeOf, shapeMarkup, shapeOf } from '../parts/glyphs';
import { Icon } from '../parts/icons';
import { hasWords, words } from '../i18n/i18n';
import { useView } from '../session';
import { useLab } from '../store';
import { asSeen, useCause } from '../told';
import { Branches, BranchHere, PassTime, UndoRedo } from '../time/TimeButtons';
import { receivers, shortMac, topoModel, type TopoModel } from '../topology/model';
import { parseFilter } from './filter';
import { FilterHelp } from './FilterHelp';
import { PacketTools, Side } from './Side';
import { Scrub } from './Scrub';
import { Spoken } from './Spoken';
import css from './dock.module.css';

const ROW = 24;
/** Frames the engine keeps at most, and how many a filter looks at before the page breathes. */
const KEPT = (1 << 17) - 1;
const PASS = 2000;
/** Frames that may still be on their way: whether they die, and in which conversation they are, is not known yet. */
const OPEN = 64;
export const seconds = (us: number): string => (us / 1e6).toFixed(6);

export function Transport({ small = false }: { small?: boolean }): JSX.Element {
  const { t } = useTranslation();
  const paused = useLab((s) => s.paused || s.stopped !== null);
  const stopped = useLab((s) => s.stopped);
  const selected = useLab((s) => s.selected);
  const shown = useLab((s) => s.shown);
  const demo = useLab((s) => s.demo);
  const passing = useLab((s) => s.passing);
  const speed = useLab((s) => s.speed);
  const clock = useLab((s) => s.now); // a lab in which nothing happens has a clock too
  const now = useView((lab) => { const { selected: id, shown: whose, at } = useLab.getState(); const f = id === null || whose === 'mine' ? null : lab.trace().frame(id); return (whose === 'mine' ? null : at) ?? f?.at ?? lab.now(); }, [selected, clock]);
  const between = useLab((s) => s.at);
  const live = selected === null && between === null && shown === 'mine';
  return (
    <>
      <div className="row" style={{ gap: 0 }}>
        {!small && <button type="button" className="ib" aria-label={t('dock.first')} title={t('dock.first')} onClick={firstPacket}><Icon name="start" /></button>}
        <button type="button" className="ib" aria-label={t('dock.back')} title={`${t('dock.back')}  ,`} onClick={() => stepPacket(-1)}><Icon name="back" /></button>
        <button type="button" className="ib on" aria-label={paused ? t('dock.play') : t('dock.pause')} title={`${paused ? t('dock.play') : t('dock.pause')}  Space`} onClick={() => (live ? togglePause() : goLive())}><Icon name={paused || !live ? 'play' : 'pause'} /></button>
        <button type="button" className="ib" aria-label={t('dock.next')} title={`${t('dock.next')}  .`} onClick={() => stepPacket(1)}><Icon name="next" /></button>
      </div>
      {/* A checker's run is over: nothing can be done to it, and no packet of it flies. */}
      {shown === 'mine' && <PassTime />}
      {!small && shown === 'mine' && <UndoRedo />}
      {!small && (shown === 'mine' || demo !== '') && <span className={`seg ${live || demo !== '' ? '' : css['idle']}`} role="group" aria-label={t('dock.speed')}>{(['slow', 'normal', 'real'] as const).map((k) => <button key={k} type="button" className={speed === k ? 'on' : ''} aria-pressed={speed === k} onClick={() => setSpeed(k)}>{t(`dock.${k}`)}</button>)}</span>}
      <span className="mono" style={{ fontSize: 12.5, minWidth: small ? 84 : 96, textAlign: 'right' }} data-testid="clock">{seconds(now)}{small ? '' : ' s'}</span>
      <Scrub />
      {!live ? (
        <>
          {!small && <span className="pill stale"><Icon name="replay" small />{demo !== '' ? t('demo.pill') : shown === 'checker' ? t('dock.checker') : t('dock.replay')}</span>}
          {!small && <BranchHere />}
          <button type="button" className="btn sm" onClick={goLive}>{demo !== '' ? t('demo.leave') : shown === 'checker' ? t('dock.leaveChecker') : t('dock.backToLive')}{!small && <kbd>L</kbd>}</button>
        </>
      ) : passing ? <span className="pill run" role="status"><Icon name="ahead" small />{t('time.passing')}</span> : stopped !== null ? <span className="pill stale" role="status">{t(`dock.${stopped}`)}</span> : paused ? <span className="pill">{t('dock.paused')}</span> : <span className="pill run"><span style={{ width: 6, height: 6, borderRadius: 3, background: 'currentColor' }} />{t('dock.live')}</span>}
      {!small && <Branches />}
      <Spoken />
    </>
  );
}

export function FilterBox(): JSX.Element {
  const { t } = useTranslation();
  const text = useLab((s) => s.filter);
  const parsed = useMemo(() => parseFilter(text), [text]);
  const bad = 'error' in parsed ? t(`filter.${parsed.error.key}`, { token: parsed.error.token }) : '';
  return (
    <span className={css['filterBox']}>
      <label className={css['filter']} style={bad ? { borderColor: 'var(--fail)' } : {}}>
        <Icon name="filter" small />
        <input id="packet-filter" value={text} spellCheck={false} aria-label={t('dock.filter')} aria-invalid={bad !== ''} placeholder={t('dock.filterHint')} onChange={(e) => useLab.setState({ filter: e.target.value })} onKeyDown={(e) => { if (e.key === 'Escape') { useLab.setState({ filter: '' }); e.currentTarget.blur(); } }} />
        {bad !== '' && <span className={css['bad']} role="alert">{bad}</span>}
      </label>
      <FilterHelp />
    </span>
  );
}

export function Dock({ alone = false, fold }: { /** The packet list has the whole width; what the kernel did stands elsewhere. */ alone?: boolean; /** Whether the list is folded into the bar, and the button that changes it. */ fold: { folded: boolean; toggle(): void } }): JSX.Element {
  const { t } = useTranslation();
  const wide = useLab((s) => s.dockWide);
  return (
    <section className={`pane dock ${css['dock']}`} aria-label={t('dock.pane')} data-pane="packets" style={{ height: '100%' }}>
      <div className="ph" style={{ height: 42 }}>
        <Transport /><FilterBox /><PacketTools />
        <button type="button" className="ib sm" style={{ flex: 'none' }} aria-expanded={!fold.folded} aria-label={t(fold.folded ? 'dock.showList' : 'dock.foldList')} title={t(fold.folded ? 'dock.showList' : 'dock.foldList')} onClick={fold.toggle}><span style={{ display: 'grid', ...(fold.folded ? { transform: 'scaleY(-1)' } : {}) }}><Icon name="down" small /></span></button>
      </div>
      {!fold.folded && (
        <div className={css['split']} style={alone || wide ? { gridTemplateColumns: '1fr' } : {}}>
          {(!wide || alone) && <PacketList />}
          {!alone && <Side wide={wide} />}
        </div>
      )}
    </section>
  );
}

/** Numbers of the frames that pass the filter; grows with the trace. */
function useMatches(): { ids: number[] | null; total: number; first: number } {
  const filter = useLab((s) => s.filter);
  const told = useCause();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what may be told is looked at anew
  const parsed = useMemo(() => parseFilter(filter), [filter, told]);
  /** What was found among frames whose fate is known (up to `upTo`), and among the few on their way, which are looked at again. */
  const cache = useRef<{ key: unknown; ids: number[]; open: number[]; upTo: number; read: number }>({ key: null, ids: [], open: [], upTo: 0, read: 0 });
  const [pass, setPass] = useState(0);
  const found = useView((lab) => {
    const trace = lab.trace();
    const total = trace.frameCount();
    let first = Math.max(1, total - KEPT);
    // A fork counts on from its origin but holds only its own frames.
    if (total > 0 && trace.frame(first) === null) first = trace.frames(first)[0]?.id ?? total + 1;
    if ('error' in parsed || filter.trim() === '') return { ids: null, total, first };
    const c = cache.current;
    if (c.key !== parsed || total < c.upTo) { c.key = parsed; c.ids = []; c.open = []; c.upTo = first - 1; c.read = c.upTo; }
    const to = Math.min(total, c.upTo + PASS);
    if (to > c.upTo) {
      const list = trace.frames(c.upTo + 1, to);
      const settled = list.find((f) => f.id > total - OPEN && f.to.length === 0 && f.drop === null)?.id ?? to + 1;
      const found = list.filter((f) => parsed.test(asSeen(f, told))).map((f) => f.id);
      if (settled > c.upTo + 1) c.ids = [...c.ids, ...found.filter((id) => id < settled)];
      c.open = found.filter((id) => id >= settled);
      c.upTo = settled - 1;
      c.read = to;
    }
    return { ids: c.open.length === 0 ? c.ids : [...c.ids, ...c.open], total, first };
  }, [parsed, filter, pass], 'dock');
  const more = found.ids !== null && cache.current.read < found.total;
  useEffect(() => {
    if (!more) return;
    const next = setTimeout(() => setPass((n) => n + 1), 0);
    return () => clearTimeout(next);
  });
  return found;
}

export function PacketList(): JSX.Element {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  /** Where it is scrolled to; the state only draws anew when somebody scrolls. */
  const top = useRef(0);
  const [, scrolled] = useState(0);
  const [height, setHeight] = useState(150);
  const selected = useLab((s) => s.selected);
  const shown = useLab((s) => s.shown);
  const { ids, total, first } = useMatches();
  const told = useCause();
  const model = useView((lab) => topoModel(lab), [], true);
  const count = ids === null ? (total === 0 ? 0 : Math.max(0, total - first + 1)) : ids.length;
  // Whoever follows stands at the end: the rows there are drawn at once, not first those before and these once it has scrolled.
  const at = stick.current && selected === null ? Math.max(0, (count + 1) * ROW - height) : top.current;
  // A row that scrolls out is filled anew for one that comes in.
  const slots = Math.ceil(height / ROW) + 14;
  const from = Math.max(0, Math.floor(at / ROW) - 6);
  const to = Math.min(count, Math.ceil((at + height) / ROW) + 6);
  const rows = useView((lab) => {
    if (count === 0) return [];
    const trace = lab.trace();
    return ids === null ? trace.frames(first + from, first + to - 1) : ids.slice(from, to).map((id) => trace.frame(id)).filter((f): f is FrameView => f !== null);
  }, [ids, from, to, count], 'dock');
  const before = useLab((s) => s.selected === null && s.at !== null); // an instant before the first packet
  const current = before ? 0 : (selected ?? total);

  useEffect(() => {
    const el = box.current!;
    const watch = new ResizeObserver(() => setHeight(el.clientHeight));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const el = box.current;
    if (el && stick.current && selected === null) el.scrollTop = el.scrollHeight;
  }, [count, selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls
  useEffect(() => {
    const el = box.current;
    if (!el || selected === null) return;
    const at = (ids === null ? selected - first : ids.indexOf(selected)) * ROW + ROW;
    if (at < ROW) return;
    if (at - ROW < el.scrollTop) el.scrollTop = at - ROW;
    else if (at + ROW > el.scrollTop + el.clientHeight) el.scrollTop = at + ROW - el.clientHeight;
  }, [selected, shown]);

  const pick = (by: number): void => {
    const list = ids;
    const now = list === null ? current : Math.max(0, list.indexOf(current));
    selectFrame(list === null ? Math.min(total, Math.max(1, now + by)) : (list[Math.min(list.length - 1, Math.max(0, now + by))] ?? null));
  };
  return (
    <div className={css['list']} ref={box} role="grid" aria-rowcount={count + 1} aria-activedescendant={rows.some((f) => f.id === current) ? `packet-${current}` : undefined} aria-label={t('dock.pane')} tabIndex={0} onScroll={(e) => { const el = e.currentTarget; top.current = el.scrollTop; stick.current = el.scrollTop + el.clientHeight > el.scrollHeight - 30; if (!stick.current || selected !== null) scrolled((n) => n + 1); }}
      onKeyDown={(e) => {
        if (e.key === 'ArrowDown') { pick(1); e.preventDefault(); } else if (e.key === 'ArrowUp') { pick(-1); e.preventDefault(); } else if (e.key === 'Home') { if (ids === null) firstPacket(); else selectFrame(ids[0] ?? null); e.preventDefault(); } else if (e.key === 'End') { selectFrame(null); stick.current = true; e.preventDefault(); }
      }}>
      <div className={`${css['row']} ${css['head']}`} role="row" aria-rowindex={1}><span className="r" role="columnheader">{t('dock.no')}</span><span role="columnheader">{t('dock.time')}</span><span role="columnheader">{t('dock.hop')}</span><span role="columnheader">{t('dock.src')}</span><span role="columnheader">{t('dock.dst')}</span><span role="columnheader">{t('dock.proto')}</span><span role="columnheader">{t('dock.info')}</span></div>
      {count === 0 ? (
        <p className={css['empty']}>{ids === null ? t('dock.empty') : <>{t('dock.noneMatch', { total })} <button type="button" className="btn sm" onClick={() => useLab.setState({ filter: '' })}>{t('dock.clear')}</button></>}</p>
      ) : (
        <div style={{ height: count * ROW, position: 'relative' }} role="rowgroup">
          <div style={{ position: 'absolute', top: from * ROW, left: 0, right: 0 }}>{rows.map((f, i) => <Row key={(from + i) % slots} at={from + i + 2} f={asSeen(f, told)} on={f.id === current} hop={hopText(f, model)} />)}<svg className={css['shapes']} style={{ height: rows.length * ROW }} aria-hidden="true" dangerouslySetInnerHTML={{ __html: rows.map((f, i) => shapeMarkup(shapeOf(asSeen(f, told)), 0.93, 6.5, i * ROW + ROW / 2)).join('') }} /></div>
        </div>
      )}
    </div>
  );
}

/** From whom to whom: '*' for everybody, the sender itself for what never left it. */
function hopText(f: FrameView, model: TopoModel): string {
  const to = f.dmac === 'ff:ff:ff:ff:ff:ff' ? ['*'] : receivers(f, model);
  return `${f.from} → ${f.segment === '' ? f.from : (to[0] ?? '?')}${to.length > 1 ? '…' : ''}`;
}

/** The class of a cell whose text may not fit (`room`: letters of its column). The others are not clipped: each clip is a layer, and a list has a hundred cells. */
const cut = (text: string, room: number): string => (text.length > room ? css['cut']! : '');

/** A frame's row. What it was on the wire never changes; what became of it may. */
const Row = memo(function Row({ f, at, on, hop }: { f: FrameView; /** Its place in the whole list, the head being 1. */ at: number; on: boolean; hop: string }): JSX.Element {
  const arp = f.proto === 'ARP';
  const mode = modeOf(f.mode);
  const rst = f.flags.includes('RST');
  const src = arp ? shortMac(f.smac) : f.src;
  const dst = arp ? shortMac(f.dmac) : f.dst;
  return (
    <div role="row" id={`packet-${f.id}`} aria-rowindex={at} aria-selected={on} className={`${css['row']} ${on ? css['on'] : ''} ${f.drop !== null ? css['warn'] : ''}`} onClick={() => selectFrame(f.id)}>
      <span role="gridcell" className="r dim">{f.id}</span><span role="gridcell" className={`dim ${cut(seconds(f.at), 10)}`}>{seconds(f.at)}</span>
      <span role="gridcell" className={cut(hop, 17)}>{hop}</span>
      <span role="gridcell" className={cut(src, 13)} title={arp ? f.smac : ''}>{src}</span><span role="gridcell" className={cut(dst, 16)} title={arp ? f.dmac : ''}>{dst}</span>
      <span role="gridcell" className={cut(f.proto, 4)}><span className={css['pg']}>{f.proto}</span></span>
      <span role="gridcell" className={`${css['info']} ${mode || f.drop !== null ? css['cut'] : cut(f.info, 25)}`} title={rst ? words('dock.rstMeans') : undefined}>{mode && <span className="pill" style={{ height: 17, padding: '0 6px', color: `var(--m-${mode})` }}>{f.mode}</span>}<span className={rst ? 'fail' : ''}>{f.info}</span>{f.drop !== null && <span className={css['why']}>{words('dock.dropped', { reason: hasWords(`drop.${f.drop}`) ? words(`drop.${f.drop}`) : f.drop })}</span>}</span>
    </div>
  );
}, (a, b) => a.f.id === b.f.id && a.at === b.at && a.on === b.on && a.hop === b.hop && a.f.drop === b.f.drop && a.f.mode === b.f.mode && a.f.info === b.f.info);

