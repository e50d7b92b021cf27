// The time line: one mark a packet by its shape, long pauses folded with their length.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { selectFrame } from '../actions';
import type { FrameView } from '../engine';
import { shapeMarkup, shapeOf } from '../parts/glyphs';
import { useView } from '../session';
import { useLab } from '../store';
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

export function Scrub(): JSX.Element {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [w, setW] = useState(300);
  const selected = useLab((s) => s.selected);
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
    return marks(trace.frames(Math.max(1, end - room), end), w);
  }, [w, selected]);
  const current = list.find((m) => m.f.id === selected) ?? (selected === null ? list[list.length - 1] : undefined);
  const pick = (x: number): void => {
    const near = list.reduce<Mark | null>((a, b) => (a === null || Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a), null);
    if (near) { selectFrame(near.f.id); useLab.setState({ paused: true }); }
  };
  const id = current?.f.id ?? 0;
  return (
    <div ref={box} className={css['scrub']} role="slider" tabIndex={0} aria-label={t('dock.timeline')} aria-valuemin={list[0]?.f.id ?? 0} aria-valuemax={list[list.length - 1]?.f.id ?? 0} aria-valuenow={id} aria-valuetext={current ? `#${id} ${current.f.proto} ${current.f.info}` : ''}
      onClick={(e) => pick(e.clientX - e.currentTarget.getBoundingClientRect().left)}
      onKeyDown={(e) => { const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0; if (d !== 0 && id > 0) { selectFrame(Math.max(1, id + d)); useLab.setState({ paused: true }); e.preventDefault(); } }}>
      <svg aria-hidden="true">
        <path d={`M0 21H${w}`} stroke="var(--line-2)" strokeWidth="2" />
        {current && <path d={`M0 21H${current.x}`} stroke="var(--ink-3)" strokeWidth="2" />}
        {list.map((m) => m.fold !== '' && (
          <g key={`f${m.f.id}`} transform={`translate(${m.x - FOLD - 4} 0)`}><rect x="0" y="12" width={FOLD - 10} height="18" fill="var(--bg-1)" /><path d="M4 17l4 8M9 17l4 8" stroke="var(--line-3)" strokeWidth="1.2" /><text x="18" y="25" fontSize="11" fill="var(--ink-3)" fontFamily="var(--font-mono)">{m.fold}</text></g>
        ))}
        {list.map((m) => <g key={m.f.id} transform={`translate(${m.x} 21)`} opacity={current && m.f.id > current.f.id ? 0.55 : 1} dangerouslySetInnerHTML={{ __html: m.f.drop !== null ? shapeMarkup('rst', 0.92) : shapeMarkup(shapeOf(m.f), 0.92) }} />)}
        {current && <><path d={`M${current.x} 5V37`} stroke="var(--ink-1)" strokeWidth="2" strokeLinecap="round" /><circle cx={current.x} cy="6" r="4" fill="var(--ink-1)" /></>}
      </svg>
    </div>
  );
}

