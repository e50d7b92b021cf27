// Puts a lesson's first page on the screen and keeps what is done on it until the lab stands: keys go to the lab in order, a click is done again on the
// lab's own button, the focus stays where it was. The page's markup is made when the app is built (markup.tsx); nothing here needs a library.
import pages from 'virtual:first-pages';
import { dockHeight, keptPin, keptPreset, lessonBeside, lessonWidth, sizesOf, terminalWidth } from '../lab/geometry';
import { loadWork } from '../persist';
import { termSize } from '../prefs';
import { type Echo, echoed, keyBytes, textBytes } from './typed';
import './first.css';

/** Who takes the bytes typed at a host. */
type Sink = (host: string, bytes: string) => void;

let page: HTMLElement | null = null;
let ahead: { host: string; bytes: string }[] = [];
let sink: Sink | null = null;
let clicked: HTMLElement | null = null;

/** Shows a lesson's first page, if it has one and nothing was typed into the lesson yet; resolves when it is known. */
export async function showFirst(id: string, seed: number, lang: string): Promise<void> {
  const key = `${id}.${lang}`;
  const read = Object.hasOwn(pages, key) ? pages[key] : undefined;
  if (read === undefined) return;
  // Work that cannot be read is the lab's to speak of.
  const [html, work] = await Promise.all([read(), loadWork(id, seed).catch(() => null)]);
  if (work?.journal.includes('"bytes"')) return;
  page = document.createElement('div');
  page.id = 'first';
  page.innerHTML = html.default;
  size(page);
  for (const term of page.querySelectorAll<HTMLElement>('[data-first]')) listen(term);
  page.addEventListener('click', (e) => { clicked = (e.target as Element).closest('button') ?? clicked; });
  behind(true);
  document.body.append(page);
  addEventListener('hashchange', leaveFirst);
}

/** What is being drawn behind the first page is not there yet: not for keys, not for screen readers, and no frame paints it. */
function behind(it: boolean): void {
  const root = document.getElementById('root')!;
  root.inert = it;
  root.style.visibility = it ? 'hidden' : '';
}

/** The lab's own sizes for this window. */
function size(el: HTMLElement): void {
  const w = window.innerWidth;
  const h = window.innerHeight;
  const preset = keptPreset();
  const side = lessonWidth(w, true, keptPin());
  const share = sizesOf(w < 1280 ? 'middle.narrow' : 'middle', preset)?.['terminals'];
  const vars = {
    side: `${side}px`, dock: `${dockHeight(h, preset)}px`, type: `${termSize()}px`, topo: `${w < 600 ? 200 : Math.max(260, Math.min(432, Math.round(h * 0.37)))}px`,
    terms: `${share === undefined ? terminalWidth(w, side, preset) : ((w - side) * share) / 100}px`,
  };
  for (const [name, value] of Object.entries(vars)) el.style.setProperty(`--first-${name}`, value);
  if (w < 900) el.dataset['shape'] = 'stack';
  el.toggleAttribute('data-two', w >= 900 && h >= 760);
  el.toggleAttribute('data-rail', !lessonBeside(w, keptPin()));
}

/** Takes a terminal's keys, and shows them as the line discipline of a tty would whose shell does not read yet. */
function listen(term: HTMLElement): void {
  const host = term.dataset['first']!;
  const area = term.querySelector('textarea')!;
  const shown = term.querySelector('b')!;
  let echo: Echo = { done: '', line: '' };
  const typed = (bytes: string, text: string): void => {
    if (sink === null) ahead.push({ host, bytes });
    else sink(host, bytes);
    echo = echoed(echo, text);
    shown.textContent = echo.done + echo.line;
  };
  area.addEventListener('keydown', (e) => {
    const bytes = e.isComposing ? null : keyBytes(e);
    if (bytes === null) return;
    e.preventDefault();
    typed(bytes, bytes);
  });
  // Letters, what an input method made of them, what was pasted.
  const take = (): void => {
    if (area.value !== '') typed(textBytes(area.value), area.value);
    area.value = '';
  };
  area.addEventListener('input', (e) => { if (!(e as InputEvent).isComposing) take(); });
  area.addEventListener('compositionend', take);
}

/** Does a first page stand? */
export const firstStands = (): boolean => page !== null;

/** The lab stands: it gets what was typed, and what is still typed here while its screens are being drawn. */
export function handOver(to: Sink): void {
  sink = to;
  for (const k of ahead) to(k.host, k.bytes);
  ahead = [];
}

/** Takes the page away. Gives the host whose terminal had the focus, or ''. */
export function leaveFirst(): string {
  if (page === null) return '';
  const host = document.activeElement?.closest<HTMLElement>('#first [data-first]')?.dataset['first'] ?? '';
  page.remove();
  page = null;
  sink = null;
  ahead = [];
  removeEventListener('hashchange', leaveFirst);
  behind(false);
  if (clicked !== null) [...document.getElementById('root')!.querySelectorAll('button')].find((b) => b.ariaLabel === clicked!.ariaLabel && b.textContent === clicked!.textContent)?.click();
  clicked = null;
  return host;
}
