// A lab's panes when it opens: each is drawn in a task of its own, so that keys and the clock of the page never wait for all of them at once.
import { type JSX, type ReactNode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Panes whose turn has not come, and who waits for the last of them. */
let waiting: (() => void)[] = [];
let after: (() => void)[] = [];
let opening = false;
const channel = new MessageChannel();
/** The next turn is on its way. */
let asked = false;
channel.port1.onmessage = () => {
  const [turn, ...rest] = waiting;
  // What is drawn may itself hold panes that wait: they come next.
  waiting = [];
  if (turn !== undefined) flushSync(turn);
  waiting.push(...rest);
  if (waiting.length > 0) channel.port2.postMessage(null);
  else {
    asked = opening = false;
    const told = after;
    after = [];
    for (const f of told) f();
  }
};

/** From now on panes come in turn, until none waits any more: a lab is about to be drawn. */
export function openInTurn(): void {
  opening = true;
}

/** Calls `f` when every pane stands; at once when all do. */
export function whenAllStand(f: () => void): void {
  if (opening) after.push(f);
  else f();
}

/** Its children, when their turn has come; at once in a lab that stands. */
export function InTurn({ children }: { children: ReactNode }): JSX.Element {
  const [on, set] = useState(() => !opening);
  useEffect(() => {
    if (on) return;
    const turn = (): void => set(true);
    waiting.push(turn);
    if (!asked) { asked = true; channel.port2.postMessage(null); }
    return () => { waiting = waiting.filter((t) => t !== turn); };
  }, [on]);
  return on ? <>{children}</> : <div style={{ height: '100%', minHeight: 0 }} />;
}
