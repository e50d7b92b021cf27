// What a screen reader hears of the packets: each one stepped to, in a sentence; while the clock runs only that some have come, once they have stopped coming.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrameView } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { useView } from '../session';
import { useLab } from '../store';
import { asSeen, useCause } from '../told';
import { receivers, topoModel, type TopoModel } from '../topology/model';

/** Packets have stopped coming when none has for this long; and nothing is said more often, ms. */
const QUIET_MS = 1500;
const SELDOM_MS = 8000;

/** A packet's hop in a sentence. */
export function hopSentence(f: FrameView, model: TopoModel): string {
  const isTcp = f.proto === 'TCP' || f.proto === 'HTTP';
  const what = isTcp ? `${f.proto} ${f.flags.replace('SYN, ACK', 'SYN-ACK')}` : `${f.proto} ${f.info.replace(/ {2,}/g, ' ')}`;
  const to = f.segment === '' ? f.from : f.dmac === 'ff:ff:ff:ff:ff:ff' ? words('dock.everybody') : (receivers(f, model)[0] ?? '?');
  const ends = isTcp || f.proto === 'UDP' ? words('dock.saidEnds', { src: f.src, dst: f.dst, port: f.dport }) : '';
  const mode = f.mode === null ? '' : words('dock.saidMode', { host: f.from, mode: f.mode });
  const drop = f.drop === null ? '' : words('dock.saidDrop', { reason: hasWords(`drop.${f.drop}`) ? words(`drop.${f.drop}`) : f.drop });
  return words('dock.said', { n: f.id, what, from: f.from, to }) + ends + mode + drop;
}

export function Spoken(): JSX.Element {
  const { t } = useTranslation();
  const selected = useLab((s) => s.selected);
  const count = useLab((s) => s.frameCount);
  const live = useLab((s) => s.selected === null && s.at === null && s.shown === 'mine');
  const told = useCause();
  const hop = useView((lab) => {
    const f = selected === null ? null : asSeen(lab.trace().frame(selected), told);
    return f === null ? '' : hopSentence(f, topoModel(lab));
  }, [selected, told]);
  const [burst, setBurst] = useState('');
  const heard = useRef({ count, at: 0 });
  useEffect(() => {
    if (!live) { heard.current.count = count; setBurst(''); return; }
    if (count <= heard.current.count) { heard.current.count = count; return; }
    const now = performance.now();
    const timer = setTimeout(() => {
      setBurst(t('dock.saidNew', { n: count - heard.current.count }));
      heard.current = { count, at: performance.now() };
    }, Math.max(QUIET_MS, heard.current.at + SELDOM_MS - now));
    return () => clearTimeout(timer);
  }, [count, live, t]);
  return <div className="vh" role="status" aria-live="polite" data-testid="spoken">{hop !== '' ? hop : burst}</div>;
}
