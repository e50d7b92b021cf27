// Full-screen programs: raw terminal, alternate screen, and putting both back. Counterpart: ncurses' initscr/endwin, termios(3).
import type { Op, Process } from '../host/process';
import { write } from '../host/syscall';
import type { Tty } from '../host/tty';

export const ALTERNATE_ON = '\x1b[?1049h\x1b[H\x1b[2J';
export const ALTERNATE_OFF = '\x1b[?1049l';

/** The terminal on a descriptor, or null. */
export function ttyOf(p: Process, fd: number): Tty | null {
  const f = p.fds.get(fd);
  return f?.kind === 'tty' ? (p.host.ttys[f.tty] ?? null) : null;
}

/** Runs `body` with the terminal in raw mode (keys are read one by one, unechoed); puts it back whatever happens. */
export function* inRawMode<T>(tty: Tty, body: () => Op<T>): Op<T> {
  const { canonical, echo } = tty;
  tty.canonical = false;
  tty.echo = false;
  try {
    return yield* body();
  } finally {
    tty.canonical = canonical;
    tty.echo = echo;
  }
}

/** Writes to the terminal. */
export const draw = (p: Process, bytes: string): Op<void> => write(p, 1, bytes);
