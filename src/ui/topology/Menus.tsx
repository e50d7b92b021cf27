// Menus of the topology: what can be done to a host, and to the cable behind one of its cards. By right click, Shift F10 or the menu key.
import { type JSX, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { enterLine, showTerm, termOf } from '../actions';
import { Icon } from '../parts/icons';
import { useLab } from '../store';
import { act } from '../work';
import type { View } from './graph';
import type { Box } from './layout';
import type { LinkModel, NodeModel } from './model';
import css from './topology.module.css';

interface Place { box: Box; view: View; size: [number, number]; close(): void }

/** A menu beside a thing of the drawing, inside the pane whatever the zoom; arrow keys walk it, Escape closes it. */
function Menu({ label, rows, place, children }: { label: string; rows: number; place: Place; children: ReactNode }): JSX.Element {
  const { box, view, size, close } = place;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector('button')?.focus(), []);
  const height = Math.min(size[1] - 12, 12 + rows * 32);
  const below = view.y + (box.y + box.h) * view.k + 4;
  const left = Math.max(6, Math.min(view.x + box.x * view.k, size[0] - 258));
  const above = view.y + box.y * view.k - height - 4;
  const top = below + height <= size[1] ? below : above >= 6 ? above : Math.max(6, size[1] - height - 6);
  const keys = (e: KeyboardEvent): void => {
    const all = [...(ref.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const by = e.key === 'ArrowDown' || e.key === 'ArrowRight' ? 1 : e.key === 'ArrowUp' || e.key === 'ArrowLeft' ? -1 : 0;
    if (e.key === 'Escape' || e.key === 'Tab') close();
    else if (by !== 0) all[(at + by + all.length) % all.length]?.focus();
    else if (e.key === 'Home') all[0]?.focus();
    else if (e.key === 'End') all.at(-1)?.focus();
    else { e.stopPropagation(); return; }
    e.preventDefault();
    e.stopPropagation();
  };
  return <div ref={ref} className={css['menu']} role="menu" aria-label={label} style={{ left, top, maxHeight: height }} onPointerDown={(e) => e.stopPropagation()} onKeyDown={keys}>{children}</div>;
}

export function NodeMenu({ n, place, cable }: { n: NodeModel; place: Place; cable(dev: string): void }): JSX.Element {
  const { t } = useTranslation();
  const { name } = n;
  const go = (f: () => void) => (): void => { place.close(); f(); };
  const servers = n.running ? n.services : [];
  const browser = n.running && n.role !== 'real-server' && n.role !== 'director';
  return (
    <Menu label={t('topo.actions', { host: name })} rows={3 + n.links.length * 2 + servers.length + (browser ? 1 : 0)} place={place}>
      <button type="button" role="menuitem" onClick={go(() => showTerm(termOf(name)))}><Icon name="term" small />{t('topo.openTerminal')}</button>
      {browser && <button type="button" role="menuitem" onClick={go(() => useLab.setState({ browser: name }))}><Icon name="globe" small />{t('browser.open')}</button>}
      {n.links.map((l) => <button key={l.dev} type="button" role="menuitem" onClick={go(() => act({ do: l.carrier ? 'unplug' : 'plug', host: name, iface: l.dev }))}><Icon name="gateway" small />{t(l.carrier ? 'topo.unplug' : 'topo.plug')} {l.dev}</button>)}
      {n.links.map((l) => <button key={`q${l.dev}`} type="button" role="menuitem" onClick={() => cable(l.dev)}><Icon name="warn" small />{t('topo.impair', { dev: l.dev })}</button>)}
      {servers.map((x) => <button key={x.name} type="button" role="menuitem" title={`systemctl ${x.up ? 'stop' : 'start'} ${x.name}`} onClick={go(() => enterLine(name, `systemctl ${x.up ? 'stop' : 'start'} ${x.name}`))}><Icon name={x.up ? 'pause' : 'play'} small />{t(x.up ? 'topo.stopService' : 'topo.startService', { name: x.name })}</button>)}
      <button type="button" role="menuitem" onClick={go(() => act({ do: 'power', host: name, on: !n.running }))}><Icon name="reset" small />{t(n.running ? 'topo.powerOff' : 'topo.powerOn')}</button>
      <button type="button" role="menuitem" onClick={go(() => act({ do: 'reset', host: name }))}><Icon name="undo" small />{t('lesson.resetHost', { host: name })}</button>
    </Menu>
  );
}

const LOSS = [0, 0.01, 0.1, 0.3, 1];
const DELAY = [0, 10, 100, 500];
const RATE = [0, 10, 1];

/** Plug, and quality: what is lost, how late, how fast. */
export function CableMenu({ host, l, place }: { host: string; l: LinkModel; place: Place }): JSX.Element {
  const { t } = useTranslation();
  const row = (name: string, now: number, list: readonly number[], text: (n: number) => string, set: (n: number) => void): JSX.Element => (
    <div className={css['choice']} role="group" aria-label={name}>
      <span>{name}</span>
      {list.map((n) => <button key={n} type="button" role="menuitemradio" aria-checked={n === now} className={n === now ? css['chosen'] : ''} onClick={() => set(n)}>{text(n)}</button>)}
    </div>
  );
  const impair = { do: 'impair', host, iface: l.dev } as const;
  return (
    <Menu label={t('topo.cable', { host, dev: l.dev })} rows={5} place={place}>
      <p className={css['menuTitle']}>{t('topo.cable', { host, dev: l.dev })}</p>
      <button type="button" role="menuitem" onClick={() => { act({ do: l.carrier ? 'unplug' : 'plug', host, iface: l.dev }); place.close(); }}><Icon name="gateway" small />{t(l.carrier ? 'topo.unplug' : 'topo.plug')} {l.dev}</button>
      {row(t('topo.loss'), l.loss, LOSS, (n) => `${n * 100}%`, (loss) => act({ ...impair, loss }))}
      {row(t('topo.delay'), l.delayMs, DELAY, (n) => `${n} ms`, (delayMs) => act({ ...impair, delayMs }))}
      {row(t('topo.rate'), l.rateMbit, RATE, (n) => (n === 0 ? t('topo.noLimit') : `${n} Mbit`), (rateMbit) => act({ ...impair, rateMbit }))}
    </Menu>
  );
}
