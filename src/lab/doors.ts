// Where the lab touches shells, units and power: one place, so that the rest of this floor knows no shell.
import type { Host } from '../host/host';
import type { Tty } from '../host/tty';
import type { Bytes } from '../lib/text';
import type { HostView } from './views';

/** Opens a shell on a terminal. */
export function openShell(_host: Host, _tty: number): void {}
const feedShell = (_host: Host, _tty: number): void => {};

/** True when the shell of a terminal sits at its prompt. */
export const shellAtPrompt = (host: Host, tty: number): boolean => host.ttys[tty]?.foreground === 0;

/** Typed bytes go to the shell's line editor at its prompt, else to the line discipline. */
export function shellInput(host: Host, tty: number, bytes: Bytes, cooked: (host: Host, tty: Tty, bytes: Bytes) => void): void {
  const t = host.ttys[tty]!;
  if (shellAtPrompt(host, tty)) {
    t.input += bytes;
    feedShell(host, tty);
  } else cooked(host, t, bytes);
}

/** Switches a host off as if its plug were pulled, or on again. */
export function powerHost(_host: Host, _on: boolean): void {}

/** Units for the inspector. */
export function unitViews(_host: Host): HostView['units'] {
  return [];
}
