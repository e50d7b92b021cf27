// The terminals pane: a tab a host, splits, and the editor over a pane while vim or nano runs there.
import { type DragEvent, type JSX, lazy, Suspense, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel } from 'react-resizable-panels';
import { addTerm, dropTerm, resizeTerminals, setSplit, showTerm, type Side } from '../actions';
import { Icon } from '../parts/icons';
import { Divider } from '../parts/Divider';
import { InTurn } from '../parts/InTurn';
import { instant, paneCount, session, useView } from '../session';
import { type Split, termKey, type TermRef, useLab } from '../store';
import { LaterPill } from '../time/LaterPill';
import css from './terminal.module.css';

// Fetched while nothing else is to do, so that no key typed after `vim FILE` meets a terminal that is about to be covered.
const editor = (): Promise<typeof import('../editor/Editor')> => import('../editor/Editor');
const Editor = lazy(editor);
setTimeout(() => void editor().catch(() => {}), 4000);
const SPLITS: { id: Split; icon: 'single' | 'rows' | 'cols' | 'grid' }[] = [{ id: 'single', icon: 'single' }, { id: 'rows', icon: 'rows' }, { id: 'cols', icon: 'cols' }, { id: 'grid', icon: 'grid' }];

export function Terminals({ touch = false }: { touch?: boolean }): JSX.Element {
  const { t } = useTranslation();
  const split = useLab((s) => (touch ? 'single' : s.split));
  const panes = useLab((s) => s.panes);
  const terms = useLab((s) => s.terms);
  const focusPane = useLab((s) => s.focusPane);
  const unseen = useLab((s) => s.unseen);
  const host = useLab((s) => s.host);
  const readOnly = useLab((s) => s.readOnly);
  const n = touch ? 1 : paneCount({ split, panes });
  // With room for one pane it is the one in use, whichever place it has in a wide window's split.
  const base = touch ? Math.max(0, Math.min(focusPane, panes.length - 1)) : 0;
  const shown = panes.slice(base, base + n);
  const active = shown[Math.min(focusPane, n - 1)];
  const [find, setFind] = useState(false);
  const pane = (i: number, head: boolean): JSX.Element => (shown[i] ? <InTurn key={`pane${i}`}><TermPane at={base + i} term={shown[i]} head={head} /></InTurn> : <div />);
  return (
    <section className="pane" aria-label={t('terminal.pane')} data-pane="terminals" style={{ height: '100%' }}>
      <div className="ph" style={{ paddingLeft: 4 }}>
        <div className={`tabs ${css['tabs']}`} role="tablist" aria-label={t('terminal.tabs')}>
          {terms.map((x) => {
            const front = split === 'rows' ? shown[0] : active;
            const on = front !== undefined && termKey(x) === termKey(front);
            return (
              <button key={termKey(x)} type="button" role="tab" aria-selected={on} tabIndex={on ? 0 : -1} className={`tab m ${on ? 'on' : ''}`} onClick={() => showTerm(x)} draggable={!touch} onDragStart={(e) => { e.dataTransfer.setData(DRAG, termKey(x)); e.dataTransfer.effectAllowed = 'move'; }}
                onKeyDown={(e) => { const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0; if (d) { const k = terms[(terms.indexOf(x) + d + terms.length) % terms.length]!; showTerm(k, false); (e.currentTarget.parentElement?.children[terms.indexOf(k)] as HTMLElement | undefined)?.focus(); } }}>
                {unseen[termKey(x)] && <span className={css['dot']} />}{x.host}{x.tty > 0 ? <span className="dim">{x.tty + 1}</span> : null}
              </button>
            );
          })}
        </div>
        <button type="button" className="ib sm" aria-label={t('terminal.addOn', { host: active?.host ?? host })} title={t('terminal.addOn', { host: active?.host ?? host })} disabled={readOnly} onClick={() => addTerm(active?.host ?? host)}><Icon name="plus" /></button>
        <LaterPill />
        <span className="sp" />
        <button type="button" className={`ib sm ${find ? 'on' : ''}`} aria-label={t('terminal.find')} title={t('terminal.find')} onClick={() => setFind(!find)}><Icon name="search" /></button>
        {!touch && SPLITS.map((s) => <button key={s.id} type="button" className={`ib sm ${split === s.id ? 'on' : ''}`} aria-pressed={split === s.id} aria-label={t(`terminal.${s.id}`)} title={t(`terminal.${s.id}`)} onClick={() => setSplit(s.id)}><Icon name={s.icon} /></button>)}
      </div>
      <Said />
      {find && active && <Find term={active} close={() => setFind(false)} />}
      <div style={{ flex: 1, minHeight: 0 }}>
        {n <= 1 ? pane(0, false) : split === 'cols' ? (
          <Group orientation="horizontal" key="cols"><Panel minSize={200}>{pane(0, true)}</Panel><Divider vertical /><Panel minSize={200}>{pane(1, true)}</Panel></Group>
        ) : split === 'grid' ? (
          <Group orientation="vertical" key="grid">
            <Panel minSize={80}><Group orientation="horizontal"><Panel minSize={160}>{pane(0, true)}</Panel>{n > 1 && <Divider vertical />}{n > 1 && <Panel minSize={160}>{pane(1, true)}</Panel>}</Group></Panel>
            {n > 2 && <Divider />}
            {n > 2 && <Panel minSize={80}><Group orientation="horizontal"><Panel minSize={160}>{pane(2, true)}</Panel>{n > 3 && <Divider vertical />}{n > 3 && <Panel minSize={160}>{pane(3, true)}</Panel>}</Group></Panel>}
          </Group>
        ) : (
          <Group orientation="vertical" key="rows"><Panel minSize={80} defaultSize="57%">{pane(0, false)}</Panel><Divider /><Panel minSize={80}>{pane(1, true)}</Panel></Group>
        )}
      </div>
    </section>
  );
}

function Find({ term, close }: { term: TermRef; close(): void }): JSX.Element {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <form className={css['find']} onSubmit={(e) => { e.preventDefault(); void session().screen(term).find(text); }} onKeyDown={(e) => { if (e.key === 'Escape') close(); else if (e.key === 'Enter' && e.shiftKey) { e.preventDefault(); void session().screen(term).find(text, true); } }}>
      {/* biome-ignore lint/a11y/noAutofocus: it was just asked for */}
      <input autoFocus className={css['input']} value={text} aria-label={t('terminal.find')} placeholder={t('terminal.find')} onChange={(e) => { setText(e.target.value); void session().screen(term).find(e.target.value, false, true); }} />
      <button type="button" className="btn sm" onClick={() => void session().screen(term).find(text, true)}>{t('terminal.findPrevious')}</button>
      <button type="submit" className="btn sm">{t('terminal.findNext')}</button>
      <button type="button" className="ib sm" aria-label={t('terminal.smaller')} onClick={() => resizeTerminals(-0.5)}>A-</button>
      <button type="button" className="ib sm" aria-label={t('terminal.bigger')} onClick={() => resizeTerminals(0.5)}>A+</button>
      <button type="button" className="ib sm" aria-label={t('app.close')} onClick={close}><Icon name="close" small /></button>
    </form>
  );
}

function Said(): JSX.Element {
  const said = useLab((s) => s.said);
  return <div className="vh" role="status" aria-live="polite" style={{ whiteSpace: 'pre' }}>{said}</div>;
}

function TermPane({ at, term, head }: { at: number; term: TermRef; head: boolean }): JSX.Element {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<Side | null>(null);
  const key = termKey(term);
  const busy = useLab((s) => s.busy[key] ?? false);
  const shown = useLab((s) => s.shown);
  const readOnly = useLab((s) => s.readOnly);
  // An editor of now stands over no instant before it, and over no other run; what is unsaved in it stays.
  const elsewhere = useLab((s) => s.shown !== 'mine' || instant(s) !== '');
  const info = useView((lab) => {
    const v = lab.look(term.host);
    const i = v.interfaces.find((x) => x.name !== 'lo' && x.addresses.length > 0);
    return { address: i?.addresses[0]?.address.split('/')[0] ?? '', running: v.running };
  }, [term.host], true);
  const editor = useView((_lab, s) => { const e = s.lab.terminalEditor(term.host, term.tty); return e === null ? null : { pid: e.pid }; }, [key, busy]);
  // In the same breath as the pane appears: a terminal that moves keeps its keys.
  useLayoutEffect(() => {
    const screen = session().screen(term);
    const el = box.current!;
    screen.attach(el);
    let timer = 0;
    const watch = new ResizeObserver(() => { clearTimeout(timer); timer = window.setTimeout(() => screen.fit(), 60); });
    watch.observe(el);
    const focus = (): void => useLab.setState({ focusPane: at });
    el.addEventListener('focusin', focus);
    return () => { watch.disconnect(); clearTimeout(timer); el.removeEventListener('focusin', focus); if (screen.element.parentElement === el) screen.element.remove(); };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the terminal
  }, [key, at]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a tab; the split buttons do the same by keyboard
    <div className={css['pane']} onDragOver={(e) => { if (!e.dataTransfer.types.includes(DRAG)) return; e.preventDefault(); setOver(sideOf(e)); }} onDragLeave={(e) => { if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setOver(null); }}
      onDrop={(e) => { const what = useLab.getState().terms.find((x) => termKey(x) === e.dataTransfer.getData(DRAG)); setOver(null); if (what === undefined) return; e.preventDefault(); dropTerm(what, at, sideOf(e)); }}>
      {over !== null && <div className={css['drop']} style={{ inset: SIDES[over] }} aria-hidden="true">{t('terminal.dropHere')}</div>}
      {head && (
        <div className="ph" style={{ height: 30, ...(at > 0 ? { borderTop: 0 } : {}) }}>
          <span className="mono" style={{ fontSize: 12, fontWeight: 500 }}>{term.host}{term.tty > 0 ? ` ${term.tty + 1}` : ''}</span><span className="dim" style={{ fontSize: 11.5 }}>{info.address}</span>
          <span className="sp" />
          {busy && editor === null && <span className="pill run">{t('terminal.running')}</span>}
          {shown === 'checker' && <span className="pill stale">{t('terminal.readonly')}</span>}
          <button type="button" className="ib sm" aria-label={t('terminal.close')} title={t('terminal.close')} onClick={() => closePane(at)}><Icon name="close" small /></button>
        </div>
      )}
      <div className={`${css['screen']} ${readOnly ? css['dimmed'] : ''}`} ref={box} data-terminal={key} style={{ flex: 1 }} />
      {!info.running && <div className={css['down']}>{t('terminal.hostDown', { host: term.host })}</div>}
      {editor !== null && <Suspense fallback={<div className={css['cover']}>{t('editor.loading')}</div>}><div className={css['cover']} style={{ ...(head ? { top: 30 } : {}), ...(elsewhere ? { display: 'none' } : {}) }}><Editor key={editor.pid} term={term} /></div></Suspense>}
    </div>
  );
}

const DRAG = 'application/x-lvslab-terminal';
const SIDES: Record<Side, string> = { left: '0 50% 0 0', right: '0 0 0 50%', top: '0 0 50% 0', bottom: '50% 0 0 0', middle: '0' };

/** Which edge of a pane a drag is over. */
function sideOf(e: DragEvent<HTMLElement>): Side {
  const r = e.currentTarget.getBoundingClientRect();
  const x = (e.clientX - r.left) / r.width;
  const y = (e.clientY - r.top) / r.height;
  if (Math.abs(x - 0.5) < 0.22 && Math.abs(y - 0.5) < 0.22) return 'middle';
  return Math.abs(x - 0.5) > Math.abs(y - 0.5) ? (x < 0.5 ? 'left' : 'right') : y < 0.5 ? 'top' : 'bottom';
}

function closePane(at: number): void {
  const s = useLab.getState();
  const panes = [...s.panes];
  const [gone] = panes.splice(at, 1);
  if (gone) panes.push(gone);
  const n = paneCount(s);
  useLab.setState({ panes, focusPane: 0, split: n > 2 ? (n === 3 ? 'rows' : 'grid') : 'single' });
}
