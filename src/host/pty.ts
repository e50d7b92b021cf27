// Pseudo-terminals: a terminal whose screen and keyboard are a program's. Linux counterpart: drivers/tty/pty.c, /dev/ptmx.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { killGroup } from './syscall';
import type { Tty } from './tty';
import { SIG } from './process';

/** Opens a pseudo-terminal for whoever sits at `from` and came by `session`; numbers are used again, as /dev/pts does. */
export function openPty(host: Host, from: Bytes, session: Bytes, cols: number, rows: number): Tty {
  const tty = fresh(host.ttys.find(isFree) ?? host.newTty());
  tty.pty = true;
  tty.cols = cols;
  tty.rows = rows;
  tty.roomQueue = host.newQueue();
  tty.master = { host, queue: host.newQueue(), from, session };
  return tty;
}

const isFree = (t: Tty): boolean => t.pty && t.master === null;

/** A terminal with a screen, with the number `wanted` unless that is taken; numbers left out on the way are free for pseudo-terminals. */
export function screenTty(host: Host, wanted: number): Tty {
  // A record from elsewhere may ask for any number.
  const most = Math.min(wanted, host.ttys.length + 32);
  while (host.ttys.length < most) host.newTty().pty = true;
  const at = host.ttys[wanted];
  const tty = at !== undefined && isFree(at) ? fresh(at) : host.newTty();
  tty.pty = false;
  return tty;
}

function fresh(tty: Tty): Tty {
  tty.input = tty.line = '';
  tty.eof = false;
  tty.canonical = tty.echo = tty.isig = tty.icrnl = true;
  tty.output = [];
  tty.outputBytes = tty.shown = 0;
  tty.foreground = tty.shellPid = 0;
  tty.editor = null;
  tty.away = '';
  return tty;
}

/** The terminal that is really shown at terminal `index` of a host: the far end of the ssh sessions opened there, one inside the other. */
export function shownThere(host: Host, index: number): { host: Host; tty: number } {
  let at = { host, tty: index };
  for (let hops = 0; hops < 16; hops++) {
    const away = at.host.ttys[at.tty]?.away ?? '';
    const far = away === '' ? undefined : (host.world.hosts as Host[]).flatMap((h) => h.ttys.filter((t) => t.master?.session === away).map((t) => ({ host: h, tty: t.index })))[0];
    if (far === undefined) break;
    at = far;
  }
  return at;
}

/** Somebody waits for keys at terminal `index`, or at the far end of what is shown there. */
export function readsKeys(host: Host, index: number): boolean {
  const at = shownThere(host, index);
  const queue = at.host.ttys[at.tty]?.readQueue;
  return queue !== undefined && [...at.host.procs.values()].some((q) => q.state === 'S' && q.waiting.includes(queue));
}

/** The program behind has gone: who is left on the terminal is hung up. */
export function closePty(host: Host, tty: Tty): void {
  tty.master = null;
  host.wake(tty.roomQueue);
  const groups = new Set([...host.procs.values()].filter((q) => q.tty === tty.index && q.state !== 'Z').map((q) => q.pgid));
  for (const pgid of groups) killGroup(host, pgid, SIG.HUP);
  tty.eof = true;
  host.wake(tty.readQueue);
}
