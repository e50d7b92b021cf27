// The time line: one mark a packet by its shape, long pauses folded with their length.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { firstPacket, lastPacket, rewindTo, selectFrame } from '../actions';
import type { FrameView } from '../engine';
import { shapeMarkup, shapeOf } from '../parts/glyphs';
import { session, useView } from '../session';
import { useLab } from '../store';
import { asSeen, useCause } from '../told';
import css from './dock.module.css';

const STEP = 17;
const FOLD = 106;
const LONG_US = 4000;
const pause = (us: number): string => (us >= 1e6 ? `${(us / 1e6).toFixed(2)} s` : `${(us / 1e3).toFixed(1)} ms`);

interface Mark { f: FrameView; x: number; fold: string }

/** Places marks right to left from frame `end` until `w` px are used, then left to right. */
export function marks(list: FrameView[], w: number): Mark[] {
  const out: Mark[] = [];
  let x = 14;
  for (const [i, f] of list.entries()) {
    const before = list[i - 1];
    const gap = before === undefined ? 0 : f.at - before.at;
    const fold = gap > LONG_US ? pause(gap) : '';
    if (before !== undefined) x += fold !== '' ? FOLD + 16 : STEP;
    out.push({ f, x, fold });
  }
  const over = (out[out.length - 1]?.x ?? 0) - (w - 16);
  return over <= 0 ? out : out.map((m) => ({ ...m, x: m.x - over })).filter((m) => m.x > -8);
}

/** The instant at a place of the line: between two marks time runs evenly. */
export function timeAt(list: readonly Mark[], x: number): number {
  const after = list.findIndex((m) => m.x > x);
  const a = list[after < 0 ? list.length - 1 : Math.max(0, after - 1)];
  const b = after < 0 ? undefined : list[after];
  if (a === undefined) return 0;
  if (b === undefined || b === a || x < a.x) return b === a || x < a.x ? Math.max(0, a.f.at - 1) : a.f.at + (x - a.x) * 20_000;
  return Math.round(a.f.at + ((x - a.x) / (b.x - a.x)) * (b.f.at - a.f.at));
}

/** The place of an instant; undefined when it lies before the marks. */
function placeOf(list: readonly Mark[], at: number): number | undefined {
  const n = list.findLastIndex((m) => m.f.at <= at);
  const a = list[n];
  const b = list[n + 1];
  if (a === undefined) return list[0] === undefined ? undefined : Math.max(2, list[0].x - STEP / 2);
  if (b === undefined) return a.x + Math.min(STEP, (at - a.f.at) / 20_000);
  return b.f.at === a.f.at ? a.x : a.x + ((at - a.f.at) / (b.f.at - a.f.at)) * (b.x - a.x);
}

export function Scrub(): JSX.Element {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [w, setW] = useState(300);
  const selected = useLab((s) => s.selected);
  const at = useLab((s) => s.at);
  const told = useCause();
  useEffect(() => {
    const watch = new ResizeObserver(() => setW(box.current?.clientWidth ?? 300));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  const list = useView((lab) => {
    const trace = lab.trace();
    const total = trace.frameCount();
    const room = Math.ceil(w / STEP);
    const end = selected === null ? total : Math.min(total, Math.max(selected + 4, room));
    return marks(trace.frames(Math.max(1, end - room), end).map((f) => asSeen(f, told)), w);
  }, [w, selected, told], 'dock');
  const current = list.find((m) => m.f.id === selected) ?? (selected === null && at === null ? list[list.length - 1] : undefined);
  const head = at === null ? current?.x : placeOf(list, at);
  const dragging = useRef(false);
  const pick = (x: number): void => {
    const near = list.reduce<Mark | null>((a, b) => (a === null || Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a), null);
    if (near === null) return;
    if (Math.abs(near.x - x) <= STEP / 2 || (useLab.getState().shown !== 'mine' && (session().again === null || useLab.getState().demo !== ''))) selectFrame(near.f.id);
    else rewindTo(timeAt(list, x));
  };
  const id = current?.f.id ?? 0;
  const place = (e: React.PointerEvent): number => e.clientX - e.currentTarget.getBoundingClientRect().left;
  return (
    <div ref={box} className={css['scrub']} role="slider" tabIndex={0} aria-label={t('dock.timeline')} aria-valuemin={list[0]?.f.id ?? 0} aria-valuemax={list[list.length - 1]?.f.id ?? 0} aria-valuenow={id} aria-valuetext={current ? `#${id} ${current.f.proto} ${current.f.info}` : ''}
      onPointerDown={(e) => { dragging.current = true; e.currentTarget.setPointerCapture(e.pointerId); pick(place(e)); }}
      onPointerMove={(e) => { if (dragging.current) pick(place(e)); }}
      onPointerUp={() => { dragging.current = false; }}
      onKeyDown={(e) => {
        const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
        const second = e.key === 'PageUp' ? 1e6 : e.key === 'PageDown' ? -1e6 : 0;
        if (d !== 0 && id > 0) selectFrame(Math.max(1, id + d));
        else if (second !== 0) rewindTo(session().view().now() + second);
        else if (e.key === 'Home') firstPacket();
        else if (e.key === 'End') lastPacket();
        else return;
        e.preventDefault();
      }}>
      <svg aria-hidden="true">
        <path d={`M0 21H${w}`} stroke="var(--line-2)" strokeWidth="2" />
        {head !== undefined && <path d={`M0 21H${head}`} stroke="var(--ink-3)" strokeWidth="2" />}
        {list.map((m) => m.fold !== '' && m.x > FOLD + 4 && (
          <g key={`f${m.f.id}`} transform={`translate(${m.x - FOLD - 4} 0)`}><rect x="0" y="12" width={FOLD - 10} height="18" fill="var(--bg-1)" /><path d="M4 17l4 8M9 17l4 8" stroke="var(--line-3)" strokeWidth="1.2" /><text x="18" y="25" fontSize="11" fill="var(--ink-3)" fontFamily="var(--font-mono)">{m.fold}</text></g>
        ))}
        {list.map((m) => <g key={m.f.id} opacity={current && m.f.id > current.f.id ? 0.55 : undefined} dangerouslySetInnerHTML={{ __html: shapeMarkup(m.f.drop !== null ? 'rst' : shapeOf(m.f), 0.92, m.x, 21) }} />)}
        {head !== undefined && <><path d={`M${head} 5V37`} stroke="var(--ink-1)" strokeWidth="2" strokeLinecap="round" /><circle cx={head} cy="6" r="4" fill="var(--ink-1)" /></>}
      </svg>
    </div>
  );
}

