// What went wrong with a reply, on the drawing: the way it should have gone, and at the asker what it waited for beside what it got.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowAccount, FrameView } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { arrow } from './pieces';
import type { Box } from './layout';
import { short } from './model';
import type { Point } from './paths';
import { crosses } from './routes';
import { crossed, type Spot, spot } from './spot';
import css from './topology.module.css';

/** The dotted arc from the server that replied to the host that should have had the reply, and where its words stand. */
export interface Arc { line: Point[]; words: Box; left: boolean }

/** From the edge of `from` that faces up or down to the side of `to`, bent once; the words stand outside of the bend. */
export function arcOf(from: Box, to: Box, others: readonly Box[], lines: number): Arc {
  const fx = from.x + from.w / 2;
  const tx = to.x + to.w / 2;
  const right = fx > tx;
  const level = Math.abs(from.y - to.y) < 60 || Math.abs(fx - tx) < 60;
  const b: Point = level ? [tx, to.y] : [right ? to.x + to.w : to.x, to.y + Math.min(to.h / 2, 34)];
  const bent = (a: Point, c: Point): Point[] => Array.from({ length: 25 }, (_, i): Point => {
    const t = i / 24;
    const u = 1 - t;
    return [u * u * a[0] + 2 * u * t * c[0] + t * t * b[0], u * u * a[1] + 2 * u * t * c[1] + t * t * b[1]];
  });
  let c: Point = level ? [(fx + tx) / 2, Math.min(from.y, to.y) - 70] : [fx, b[1]];
  let line = bent([fx, level ? Math.min(from.y, to.y) : from.y > to.y ? from.y : from.y + from.h], c);
  // A card of the same column stands over it: out at the side that faces the other host instead.
  if (!level && others.some((o) => line.some((p, i) => i > 0 && crosses(line[i - 1]!, p, o)))) {
    const x = right ? from.x : from.x + from.w;
    c = [x + (right ? -34 : 34), b[1]];
    line = bent([x, from.y + 14], c);
  }
  const w = 168;
  return { line, left: !right, words: { x: right ? Math.max(b[0] + 14, fx - w - 14) : Math.min(b[0] - 14 - w, fx + 14), y: Math.max(4, c[1] - 10 - lines * 18), w, h: lines * 18 } };
}

export function InsteadLine({ arc }: { arc: Arc }): JSX.Element {
  const d = `M${arc.line.map((p) => `${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join('L')}`;
  return <g data-testid="instead"><path d={d} fill="none" stroke="var(--ink-3)" strokeWidth="1.8" strokeDasharray="2 6" strokeLinecap="round" /><path d={arrow(arc.line)} fill="none" stroke="var(--ink-3)" strokeWidth="1.8" /></g>;
}

export function InsteadNote({ arc, account, asked }: { arc: Arc; account: FlowAccount; asked: string }): JSX.Element {
  const { t } = useTranslation();
  return <div className="note" style={{ left: arc.words.x, top: arc.words.y, width: arc.words.w }}>{t('topo.insteadNote', { director: account.instead?.path[1] ?? '', vip: short(asked) })}</div>;
}

const named = (reason: string): string => (hasWords(`drop.${reason}`) ? words(`drop.${reason}`) : '');
/** About as wide as a text of 12 px is drawn. */
const widthOf = (text: string): number => [...text].reduce((n, c) => n + (c > '\u2e7f' ? 12.4 : 6.6), 0);
/** The box is no wider than this; a longer reason takes a second line. */
const WIDEST = 300;

/** What the box says: all; who dropped it and why; or only who. */
type DiedForm = 'full' | 'why' | 'who';
const DIED_FORMS: readonly DiedForm[] = ['full', 'why', 'who'];

/** Px of the box that says why a packet died. */
function diedSize(form: DiedForm, host: string, reason: string, mismatch: FlowAccount['mismatch'], frame: FrameView | null): [number, number] {
  if (form === 'who') return [widthOf(words('topo.dropped', { host })) * 1.1 + 30, 36];
  const line = widthOf(named(reason)) + reason.length * 6.9 + 44;
  const h = line > WIDEST ? 76 : 58;
  return form === 'full' && mismatch !== null && mismatch.frame === frame?.id ? [Math.max(264, Math.min(WIDEST, line)), h + 44] : [Math.max(150, Math.min(WIDEST, line)), h];
}

/** What the box says and where it stands: all of it where that covers no lane. */
export function diedSpot(size: readonly [number, number], host: string, reason: string, mismatch: FlowAccount['mismatch'], frame: FrameView | null, taken: readonly Box[], points: readonly Point[], lanes: readonly Point[], near: Point): { form: DiedForm; where: Spot } {
  return DIED_FORMS.map((form) => {
    const [w, h] = diedSize(form, host, reason, mismatch, frame);
    const where = spot(size, w, h, taken, points, near);
    return { form, where, over: where.covers + crossed({ x: where.x, y: where.y, w: w * where.k, h: h * where.k }, lanes) * 100 };
  }).reduce((a, b) => (a.over <= b.over ? a : b));
}

/** Where a packet died: at whose host, and why; a reply from a stranger shows the two ends that do not fit. */
export function Died({ form, host, reason, mismatch, frame, where }: { form: DiedForm; host: string; reason: string; mismatch: FlowAccount['mismatch']; frame: FrameView; /** A place for a box of `diedSize`. */ where: Spot }): JSX.Element {
  const { t } = useTranslation();
  const odd = form === 'full' && mismatch !== null && mismatch.frame === frame.id ? mismatch : null;
  const [width] = diedSize(form, host, reason, mismatch, frame);
  return (
    <div className={css['drop']} style={{ left: where.x, top: where.y, width, transform: `scale(${where.k})`, transformOrigin: '0 0' }}>
      <b className="fail" title={`${named(reason)} ${reason}`}>{t('topo.dropped', { host })}</b>{form !== 'who' && <><br />{named(reason)} <code>{reason}</code></>}
      {odd !== null && <dl className={css['ends']}><dt>{t('flow.waiting')}</dt><dd>{odd.waiting.ip}:{odd.waiting.port} → :{odd.at}</dd><dt>{t('flow.received')}</dt><dd><b className="fail">{odd.received.ip}</b>:{odd.received.port} → :{odd.at}</dd></dl>}
    </div>
  );
}
