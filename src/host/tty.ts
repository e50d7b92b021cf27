// A terminal as the kernel sees it: line discipline, foreground process group, and the bytes shown. Linux counterpart: drivers/tty/n_tty.c.
import type { Bytes } from '../lib/text';

/** Output kept for a screen that attaches later (about 10,000 lines). */
export const TTY_KEEP = 1 << 20;

/** Pieces of output are joined up to this many bytes. */
const PIECE = 4096;

/** What a pane edits: the file in front, the files of the command line and which of them is the newest shown. `viewOnly`: -R. `failed`: the message says that what was asked for was not done. `hadLast`, `quitMore`: vim's own, about `:q` with files left. */
export interface EditorPane {
  pid: number; path: Bytes; text: Bytes; flavour: 'vim' | 'nano'; readOnly: boolean; message: Bytes; queue: number;
  args: readonly Bytes[]; at: number; viewOnly: boolean; failed: boolean; hadLast: boolean; quitMore: boolean;
}

/** One terminal of a host. */
export class Tty {
  rows = 24;
  cols = 80;
  /** Foreground process group; 0 when the shell sits at its prompt. */
  foreground = 0;
  /** Typed bytes nobody has read yet. */
  input: Bytes = '';
  /** Cooked mode: lines are edited by the kernel and echoed. Raw programs (vim, watch, less) switch both off. */
  canonical = true;
  echo = true;
  /** ^C ^\\ ^Z make signals (vim and less switch it off). */
  isig = true;
  /** A typed CR reads as NL. */
  icrnl = true;
  /** A key that ends a line beside Return (termios' VEOL2); '' for none. */
  eol2: Bytes = '';
  /** The line being typed in cooked mode. */
  line: Bytes = '';
  /** An end-of-file (^D) waits to be read. */
  eof = false;
  /** Everything shown, newest last, cut at TTY_KEEP from the front; `shown` counts all bytes ever shown. */
  output: Bytes[] = [];
  outputBytes = 0;
  shown = 0;
  /** Woken when input can be read. */
  readQueue: number;
  /** Pid of the interactive shell that owns it; 0 when none. */
  shellPid = 0;
  /** Root is logged in here whenever the host is up; false for a terminal that a program alone was given. */
  getty = false;
  /** A full-screen program wants an editor pane: path it edits, and who waits for save/quit. */
  editor: EditorPane | null = null;

  /** Session whose far end is shown here while keys go there (ssh); '' when none is. */
  away: Bytes = '';
  /** The program behind a pseudo-terminal (sshd), where its user sits and by which session; null for a screen of the lab and for a pseudo-terminal nobody holds. */
  master: { readonly host: { wake(queue: number): void }; readonly queue: number; readonly from: Bytes; readonly session: Bytes } | null = null;
  /** A pseudo-terminal, see host/pty.ts. */
  pty = false;
  /** Woken when the program behind a pseudo-terminal has taken its output. */
  roomQueue = 0;

  constructor(readonly index: number, readQueue: number) {
    this.readQueue = readQueue;
  }

  /** Shows bytes; NL becomes CR NL as ONLCR does. */
  show(bytes: Bytes): void {
    if (bytes === '') return;
    // Split and join: a replacement for each of thousands of lines would cost the collector a tenth of a second.
    const cooked = bytes.includes('\r\n') ? bytes.replace(/\r?\n/g, '\r\n') : bytes.split('\n').join('\r\n');
    // Short pieces grow together, so that a megabyte of one-letter lines is a few hundred pieces and dropping the oldest stays cheap.
    const last = this.output.length - 1;
    if (last >= 0 && this.output[last]!.length + cooked.length <= PIECE) this.output[last] += cooked;
    else this.output.push(cooked);
    this.outputBytes += cooked.length;
    this.shown += cooked.length;
    while (this.output.length > 1 && this.outputBytes - this.output[0]!.length > TTY_KEEP) this.outputBytes -= this.output.shift()!.length;
    if (this.master !== null) this.master.host.wake(this.master.queue);
  }

  /** Takes what was shown, as the program behind a pseudo-terminal reads it. */
  take(): Bytes {
    const all = this.output.join('');
    this.output = [];
    this.outputBytes = 0;
    return all;
  }

  /** What was shown after the first `from` bytes (less, where the front was cut). */
  since(from: number): Bytes {
    let start = this.shown - this.outputBytes;
    if (from >= this.shown) return '';
    const parts: Bytes[] = [];
    for (const piece of this.output) {
      const end = start + piece.length;
      if (end > from) parts.push(from > start ? piece.slice(from - start) : piece);
      start = end;
    }
    return parts.join('');
  }
}
