// The keyboard map. A focused terminal owns every key except those that are marked as the page's own.
import { firstPacket, goLive, lastPacket, nextPreset, passTime, readLast, resizeTerminals, showTerm, stepFlow, stepPacket, termOf, togglePause } from './actions';
import { maybeSession } from './session';
import { useLab } from './store';
import { checkNow, nextHint, redo, undo } from './work';

let lastEscape = 0;
const PANES = ['lesson', 'terminals', 'topology', 'inspector', 'packets', 'kernel'];

/** Keys that are the page's everywhere, also in a terminal. True when it took the key. */
export function pageKey(e: KeyboardEvent): boolean {
  if (maybeSession() === null) return false;
  if (e.ctrlKey && !e.altKey && !e.shiftKey && e.code === 'KeyK' && !inEditor()) { useLab.setState({ palette: true }); return true; }
  if (e.ctrlKey && e.key === 'Enter') { checkNow(); return true; }
  if (e.altKey && !e.ctrlKey && /^Digit[1-9]$/.test(e.code)) {
    const host = maybeSession()!.lab.hostNames()[Number(e.code.slice(5)) - 1];
    if (host !== undefined) showTerm(termOf(host));
    return true;
  }
  if (e.altKey && !e.ctrlKey && e.code === 'KeyH') { nextHint(); return true; }
  if (e.altKey && !e.ctrlKey && e.code === 'KeyT') { const s = useLab.getState(); const t = s.panes[s.focusPane]; if (t) showTerm(t); return true; }
  if (e.altKey && !e.ctrlKey && e.code === 'KeyG') { document.querySelector<HTMLElement>('[data-pane=topology] [data-host]')?.focus(); return true; }
  if (e.ctrlKey && e.altKey && e.code === 'KeyZ') { void (e.shiftKey ? redo() : undo()); return true; }
  if (e.ctrlKey && e.altKey && e.code === 'Period') { passTime(e.shiftKey ? 60e6 : 10e6); return true; }
  if (e.ctrlKey && e.altKey && e.code === 'KeyY') { void redo(); return true; }
  if (e.altKey && !e.ctrlKey && e.code === 'Backslash') { nextPreset(); return true; }
  if (e.altKey && !e.ctrlKey && e.code === 'KeyR') { readLast(); return true; }
  if (e.ctrlKey && e.shiftKey && (e.code === 'Equal' || e.code === 'Minus') && inTerminal()) { resizeTerminals(e.code === 'Equal' ? 0.5 : -0.5); return true; }
  if (e.key === 'F6') { cycle(e.shiftKey ? -1 : 1); return true; }
  if (e.key === 'Escape' && inTerminal()) {
    const now = performance.now();
    if (now - lastEscape < 400) { (document.activeElement as HTMLElement | null)?.blur(); lastEscape = 0; return false; } // the shell gets both: after one alone it would take the next key as Meta
    lastEscape = now;
  }
  return false;
}

const inTerminal = (): boolean => document.activeElement?.closest('[data-terminal],[data-editor]') !== null && document.activeElement?.closest('[data-terminal],[data-editor]') !== undefined;

/** Editors keep Ctrl K: nano cuts a line with it. */
const inEditor = (): boolean => document.activeElement?.closest('[data-editor]') != null;

function cycle(by: number): void {
  // A pane may stand inside another: the inner one counts.
  const at = PANES.findLastIndex((p) => document.activeElement?.closest(`[data-pane=${p}]`));
  for (let i = 1; i <= PANES.length; i++) {
    const pane = document.querySelector<HTMLElement>(`[data-pane=${PANES[(at + by * i + PANES.length * 2) % PANES.length]}]`);
    const target = pane?.querySelector<HTMLElement>('.xterm-helper-textarea, button:not([disabled]):not([tabindex="-1"]), [tabindex="0"], input, a');
    if (target) { target.focus(); return; }
  }
}

/** Keys outside terminals and inputs. */
export function freeKey(e: KeyboardEvent): void {
  if (e.defaultPrevented) return; // a terminal has given it to the page already
  if (pageKey(e)) { e.preventDefault(); return; }
  const el = e.target as HTMLElement;
  if (maybeSession() === null || el.closest('input,textarea,select,[contenteditable],[data-terminal],[data-editor]') || e.ctrlKey || e.altKey || e.metaKey) return;
  const onButton = el.closest('button,a,[role=grid],[role=slider]') !== null;
  switch (e.key) {
    case ' ': if (onButton) return; togglePause(); break;
    case ',': stepPacket(-1); break;
    case '.': stepPacket(1); break;
    case '[': stepFlow(-1); break;
    case ']': stepFlow(1); break;
    case 'l': case 'L': goLive(); break;
    case '/': document.getElementById('packet-filter')?.focus(); break;
    case '?': useLab.setState({ help: true }); break;
    case 'Home': if (onButton) return; firstPacket(); break;
    case 'End': if (onButton) return; lastPacket(); break;
    default: return;
  }
  e.preventDefault();
}

