// Keys a touch keyboard lacks, above it: they type into the terminal in view.
import { type JSX, useState } from 'react';
import { session } from '../session';
import { useLab } from '../store';
import css from './terminal.module.css';

const KEYS: [string, string][] = [['Esc', '\x1b'], ['Tab', '\t'], ['|', '|'], ['-', '-'], ['/', '/'], ['~', '~'], ['↑', '\x1b[A'], ['↓', '\x1b[B'], ['←', '\x1b[D'], ['→', '\x1b[C']];

export function KeyRow(): JSX.Element {
  const [ctrl, setCtrl] = useState(false);
  const send = (bytes: string): void => {
    const s = useLab.getState();
    const t = s.panes[Math.min(s.focusPane, 0)] ?? s.panes[0];
    if (!t) return;
    session().type(t, bytes);
    session().screen(t).focus();
  };
  return (
    <div className={css['keys']} role="toolbar" aria-label="keys">
      {KEYS.slice(0, 2).map(([label, bytes]) => <button key={label} type="button" onClick={() => send(bytes)}>{label}</button>)}
      <button type="button" aria-pressed={ctrl} onClick={() => setCtrl(!ctrl)}>Ctrl</button>
      {ctrl && ['C', 'D', 'L', 'R', 'A', 'E', 'X', 'O'].map((k) => <button key={k} type="button" onClick={() => { send(String.fromCharCode(k.charCodeAt(0) - 64)); setCtrl(false); }}>^{k}</button>)}
      {KEYS.slice(2).map(([label, bytes]) => <button key={label} type="button" onClick={() => send(bytes)}>{label}</button>)}
    </div>
  );
}
