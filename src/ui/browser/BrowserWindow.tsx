// A small browser on a host: address, reload, keep-alive or not. The page is a real connection of that host in the lab; its frame carries the colour of
// the server that answered. When the same server answers again and again it says whether the kept connection is why.
import { type JSX, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { utf8Decode } from '../../lab/text';
import type { LabLike } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { Icon } from '../parts/icons';
import { keep, kept } from '../prefs';
import { useView } from '../session';
import { useLab } from '../store';
import { topoModel } from '../topology/model';
import { act } from '../work';
import { serverColours } from './colours';
import css from './browser.module.css';

type Page = NonNullable<ReturnType<LabLike['page']>>;
/** Frames looked at for the answer's sender, at most. */
const LOOK_BACK = 4000;

/** The host whose answer the browser got: the first to send it. */
function serverOf(lab: LabLike, p: Page): string {
  const trace = lab.trace();
  const last = trace.frameCount();
  let found = '';
  for (let id = last; id > Math.max(0, last - LOOK_BACK); id--) {
    const f = trace.frame(id);
    if (f === null || f.at < p.begunAt) break;
    if (f.dport === p.localPort && f.data.startsWith('HTTP/1.')) found = f.from;
  }
  return found;
}

export function BrowserWindow({ size }: { size: [number, number] }): JSX.Element | null {
  const host = useLab((s) => s.browser);
  return host === '' ? null : <Window key={host} host={host} size={size} />;
}

function Window({ host, size }: { host: string; size: [number, number] }): JSX.Element {
  const { t } = useTranslation();
  const readOnly = useLab((s) => s.readOnly || s.shown !== 'mine');
  const page = useView((lab) => { const p = lab.page(host); return p === null ? null : { ...p }; }, [host]);
  const colours = useView((lab) => serverColours(lab), [], true);
  const vip = useView((lab) => { const v = topoModel(lab).vips; return v.size > 0 ? [...v][0]! : ''; }, [], true);
  const [address, setAddress] = useState(() => (page === null ? '' : utf8Decode(page.url)));
  const [keepAlive, setKeep] = useState(kept('browserKeep') !== '0');
  const box = useRef<HTMLInputElement>(null);
  const ended = page !== null && page.state !== 'loading' ? page.loads : 0;
  const server = useView((lab) => { const p = lab.page(host); return p !== null && p.state === 'shown' ? serverOf(lab, p) : ''; }, [ended]);
  // Who answered, load by load, for as long as the window is open.
  const history = useRef<{ load: number; server: string; reused: boolean }[]>([]);
  if (page !== null && ended > 0 && server !== '' && history.current.at(-1)?.load !== ended) history.current = [...history.current.filter((h) => h.load < ended), { load: ended, server, reused: page.reused }].slice(-20);
  let same = 0;
  for (let i = history.current.length - 1; i >= 0 && history.current[i]!.server === server && server !== ''; i--) same++;
  const streak = history.current.slice(-same);
  const keptOn = streak.slice(1).some((h) => h.reused);
  const servers = colours.size;
  useEffect(() => box.current?.focus(), []);
  const go = (url: string): void => { if (url.trim() !== '') act({ do: 'browse', host, url: url.trim(), keepAlive }); };
  const known = server !== '' ? server : (history.current.at(-1)?.server ?? '');
  const colour = page?.state === 'shown' ? colours.get(known) : undefined;
  const [off, setOff] = useState<[number, number]>([0, 0]);
  const held = useRef<[number, number] | null>(null);
  // The drawing's own buttons stay free where there is room for both.
  const above = size[1] >= 300 ? 54 : 12;
  const close = (): void => useLab.setState({ browser: '' });
  return (
    <section className={css['window']} aria-label={t('browser.title', { host })} data-browser={host} style={{ width: Math.min(380, size[0] - 24), bottom: above, maxHeight: size[1] - 12 - above, transform: `translate(${off[0]}px,${off[1]}px)`, borderColor: colour ?? 'var(--line-2)' }} onPointerDown={(e) => e.stopPropagation()} onKeyDown={(e) => { if (e.key === 'Escape') close(); e.stopPropagation(); }}>
      <div className={css['head']} onPointerDown={(e) => { if ((e.target as HTMLElement).closest('button,label')) return; held.current = [e.clientX - off[0], e.clientY - off[1]]; e.currentTarget.setPointerCapture(e.pointerId); }}
        onPointerMove={(e) => { if (held.current) setOff([clamp(e.clientX - held.current[0], 0, size[0] - 120), clamp(e.clientY - held.current[1], 80 - size[1], 60)]); }} onPointerUp={() => { held.current = null; }}>
        <Icon name="globe" small /><b className="mono">{host}</b><span className="sp" />
        <label className={css['keep']}><input type="checkbox" checked={keepAlive} onChange={(e) => { setKeep(e.target.checked); keep('browserKeep', e.target.checked ? '1' : '0'); }} />{t('browser.keep')}</label>
        <button type="button" className="ib sm" aria-label={t('app.close')} onClick={close}><Icon name="close" small /></button>
      </div>
      <form className={css['bar']} onSubmit={(e) => { e.preventDefault(); go(address); }}>
        <button type="button" className="ib sm" aria-label={t('browser.reload')} title={t('browser.reload')} disabled={page === null || readOnly} onClick={() => go(page === null ? address : utf8Decode(page.url))}><Icon name="replay" small /></button>
        <input ref={box} value={address} spellCheck={false} aria-label={t('browser.address')} placeholder={`http://${vip || '192.168.4.253'}/`} readOnly={readOnly} onChange={(e) => setAddress(e.target.value)} />
        <button type="submit" className="btn sm" disabled={readOnly}>{t('browser.go')}</button>
      </form>
      <div className={css['page']} role="status" aria-live="polite" style={colour ? { boxShadow: `inset 4px 0 0 ${colour}` } : {}}>{page === null ? <p className="dim">{t('browser.blank')}</p> : <Shown page={page} />}</div>
      {page !== null && page.state === 'shown' && (
        <div className={css['foot']}>
          {known !== '' && <span className="row" style={{ gap: 5 }}><i style={{ background: colour ?? 'var(--ink-3)' }} />{t('browser.served', { host: known })}</span>}
          <span>{t(page.reused ? 'browser.reused' : 'browser.new')}</span><span className="dim mono">{t('browser.port', { port: page.localPort })}</span>
        </div>
      )}
      {same >= 3 && servers > 1 && <p className={css['note']} role="note"><Icon name="bulb" small /><span>{t(keptOn ? 'browser.sticky' : 'browser.noStick', { n: same, host: server })}</span></p>}
    </section>
  );
}

const clamp = (n: number, lo: number, hi: number): number => Math.min(Math.max(n, lo), hi);

function Shown({ page }: { page: Page }): JSX.Element {
  const { t } = useTranslation();
  if (page.state === 'loading') return <p className="dim">{t('browser.loading', { url: utf8Decode(page.url) })}</p>;
  if (page.state === 'failed') return <p className="fail">{hasWords(`browser.err_${page.error}`) ? words(`browser.err_${page.error}`) : t('browser.err_other', { error: page.error })}</p>;
  const text = utf8Decode(page.body);
  const html = /html/i.test(page.type) || /<\w+[^>]*>/.test(text);
  const doc = html ? new DOMParser().parseFromString(text, 'text/html') : null;
  return <>{page.status !== 200 && <p className="fail mono">{page.status} {utf8Decode(page.reason)}</p>}<pre>{(doc === null ? text : (doc.body.textContent ?? '')).trim()}</pre></>;
}
