// Where the lab touches shells, units and power: one place, so that the rest of this floor knows no shell.
import { crashHost, powerOn } from '../host/boot';
import type { Host } from '../host/host';
import { listUnits, unitEnablement } from '../host/unit';
import type { Tty } from '../host/tty';
import type { Bytes } from '../lib/text';
import { shellInput as feedShell } from '../shell/interactive';
import { Shell } from '../shell/shell';
import type { HostView } from './views';

export { rebootHost } from '../host/boot';

export { openShell } from '../shell/interactive';

/** Nobody is behind a terminal: its host is off or has not come up yet. */
const nobodyThere = (host: Host, tty: Tty): boolean => !host.running && tty.shellPid === 0;

/** True when the shell of a terminal sits at its prompt. */
export function shellAtPrompt(host: Host, tty: number): boolean {
  const t = host.ttys[tty];
  return t !== undefined && t.foreground === 0 && !nobodyThere(host, t);
}

/** The line last entered at a terminal's shell, as its history keeps it; '' when it keeps none. */
export function enteredLine(host: Host, tty: number): Bytes {
  const shell = host.procs.get(host.ttys[tty]?.shellPid ?? 0)?.shell;
  return shell instanceof Shell ? (shell.history.at(-1) ?? '') : '';
}

/** Typed bytes go to the shell's line editor at its prompt, else to the line discipline. */
export function shellInput(host: Host, tty: number, bytes: Bytes, cooked: (host: Host, tty: Tty, bytes: Bytes) => void): void {
  const t = host.ttys[tty]!;
  if (nobodyThere(host, t)) return;
  if (shellAtPrompt(host, tty)) {
    t.input += bytes;
    feedShell(host, tty);
  } else cooked(host, t, bytes);
}

/** Switches a host off as if its plug were pulled, or on again. */
export function powerHost(host: Host, on: boolean): void {
  if (on) powerOn(host);
  else crashHost(host);
}

/** Units for the inspector. */
export function unitViews(host: Host): HostView['units'] {
  return listUnits(host)
    .filter((u) => u.name.endsWith('.service'))
    .map((u) => ({ name: u.name, active: u.active, enabled: unitEnablement(host, u.name) === 'enabled' }));
}
