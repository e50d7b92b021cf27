// The selected packet taken apart: layers and fields, and the bytes that each field is.
import { type JSX, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layersOf } from '../engine';
import { words } from '../i18n/i18n';
import { useView } from '../session';
import { useLab } from '../store';
import css from './flow.module.css';

const SHOWN_BYTES = 2048;

export function Details(): JSX.Element {
  const { t } = useTranslation();
  const selected = useLab((s) => s.selected);
  const [over, setOver] = useState<{ from: number; to: number } | null>(null);
  const data = useView((lab) => {
    const id = selected ?? lab.trace().frameCount();
    const bytes = id > 0 ? lab.trace().bytes(id) : null;
    return bytes === null ? null : { id, bytes, layers: layersOf(bytes) };
  }, [selected], selected === null);
  if (data === null) return <section className={css['bytes']}><p className="muted">{t('bytes.none')}</p></section>;
  return (
    <section className={css['bytes']} aria-label={t('bytes.title', { id: data.id })}>
      {data.layers.map((l, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: layers stay in their order
        <details key={n} className={css['layer']} open={l.name !== 'eth' || data.layers.length < 3}>
          <summary onMouseEnter={() => setOver(l)} onMouseLeave={() => setOver(null)}>{words(`layer.${l.name}`)} <span className="dim">{t('bytes.count', { n: l.to - l.from })}</span></summary>
          <dl>
            {l.fields.map((f) => (
              <div key={f.key} className={css['field']} data-on={over?.from === f.from && over.to === f.to ? '' : undefined} onMouseEnter={() => setOver(f)} onMouseLeave={() => setOver(null)}>
                <dt>{words(`field.${f.key}`)}</dt><dd>{f.value}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
      <Hex bytes={data.bytes} over={over} />
    </section>
  );
}

function Hex({ bytes, over }: { bytes: Uint8Array; over: { from: number; to: number } | null }): JSX.Element {
  const { t } = useTranslation();
  const rows: JSX.Element[] = [];
  const end = Math.min(bytes.length, SHOWN_BYTES);
  for (let at = 0; at < end; at += 16) {
    const part = Array.from(bytes.subarray(at, Math.min(end, at + 16)));
    const hit = (i: number): string => (over !== null && at + i >= over.from && at + i < over.to ? css['hit']! : '');
    rows.push(
      <div key={at}><span className={css['off']}>{at.toString(16).padStart(4, '0')}  </span>
        {part.map((b, i) => <i key={`${at + i}`} className={hit(i)}>{b.toString(16).padStart(2, '0')}{i === 7 ? '  ' : ' '}</i>)}{' '.repeat((16 - part.length) * 3 + (part.length < 9 ? 2 : 1))}
        {part.map((b, i) => <i key={`${at + i}`} className={hit(i)}>{b >= 32 && b < 127 ? String.fromCharCode(b) : '·'}</i>)}</div>,
    );
  }
  return <div className={css['hex']} role="img" aria-label={t('bytes.hex', { n: bytes.length })}>{rows}{bytes.length > end && <div className={css['off']}>… {t('bytes.count', { n: bytes.length })}</div>}</div>;
}
