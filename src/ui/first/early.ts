// Terminals that stand before the engine has come. They show what the engine itself printed while the page was built; keys typed into them are kept
// and reach the lab, in order, when it stands. The lab's session then takes the screens over.
import { termKey, type TermRef } from '../store';
import { TermScreen } from '../terminal/xterm';

interface Early { screen: TermScreen; text: string }
const early = new Map<string, Early>();
let ahead: { term: TermRef; bytes: string }[] = [];
/** The terminal that had the focus when the lab stood: it keeps it while it changes hands. */
let focused = '';

/** The screen of a host's first terminal, made on first use. */
export function earlyScreen(host: string, text: string, label: string): TermScreen {
  const term = { host, tty: 0 };
  const key = termKey(term);
  const had = early.get(key);
  if (had !== undefined) return had.screen;
  const screen = new TermScreen({
    type: (bytes) => { ahead.push({ term, bytes }); },
    resize: () => {},
    output: (from) => ({ bytes: text.slice(from), next: text.length }),
    readOnly: () => false,
    key: () => false,
    follow: () => null,
  }, label);
  early.set(key, { screen, text });
  return screen;
}

/** The lab stands: remembers where the learner types. */
export function noteFocus(): void {
  focused = document.activeElement?.closest<HTMLElement>('[data-terminal]')?.dataset['terminal'] ?? '';
}

/** Hands a screen over to the lab's session; null when none stood. */
export function takeEarly(key: string): (Early & { focused: boolean }) | null {
  const e = early.get(key);
  if (e === undefined) return null;
  early.delete(key);
  return { ...e, focused: focused === key };
}

/** What was typed before the lab stood, once. */
export function takeTyped(): { term: TermRef; bytes: string }[] {
  const out = ahead;
  ahead = [];
  return out;
}

/** Forgets what nobody took. */
export function dropEarly(): void {
  for (const e of early.values()) e.screen.dispose();
  early.clear();
  ahead = [];
  focused = '';
}
