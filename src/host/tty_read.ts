// Reading a terminal, and what typed bytes do while a program runs. Linux counterpart: drivers/tty/n_tty.c.
// While a shell sits at its prompt (`tty.foreground === 0`) the shell floor edits the line itself and takes `tty.input` as typed.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { type Op, type Process, SIG } from './process';
import type { Tty } from './tty';
import { waitOn } from './wait';

/** read(2) of a terminal: a finished line (or what ^D pushed) in canonical mode, any bytes in raw mode; '' for end of file. */
export function* readCooked(p: Process, ttyIndex: number, max: number): Op<Bytes> {
  const tty = p.host.ttys[ttyIndex]!;
  for (;;) {
    if (tty.input !== '') {
      const nl = tty.canonical ? tty.input.indexOf('\n') : -1;
      const end = Math.min(max, nl < 0 ? tty.input.length : nl + 1);
      const out = tty.input.slice(0, end);
      tty.input = tty.input.slice(end);
      return out;
    }
    if (tty.eof) {
      tty.eof = false;
      return '';
    }
    yield* waitOn(p, [tty.readQueue]);
  }
}

/** Raw mode: keys go to the program as typed; what stands in the unfinished line can be read now. Gives back what `cookedMode` wants. */
export function rawMode(host: Host, tty: Tty): TtyMode {
  const was: TtyMode = { canonical: tty.canonical, echo: tty.echo, isig: tty.isig, icrnl: tty.icrnl };
  tty.canonical = tty.echo = tty.isig = tty.icrnl = false;
  tty.input += tty.line;
  tty.line = '';
  if (tty.input !== '') host.wake(tty.readQueue);
  return was;
}

/** Puts a terminal back as it was. */
export function restoreMode(tty: Tty, was: TtyMode): void {
  tty.canonical = was.canonical;
  tty.echo = was.echo;
  tty.isig = was.isig;
  tty.icrnl = was.icrnl;
}

/** What termios holds of a terminal here. */
export interface TtyMode {
  canonical: boolean;
  echo: boolean;
  isig: boolean;
  icrnl: boolean;
}

/** Typed bytes reach the line discipline: echo, editing, signals. The shell floor calls it unless its prompt is active. */
export function ttyTyped(host: Host, tty: Tty, bytes: Bytes): void {
  for (const ch of bytes) typed(host, tty, ch);
  if (tty.input !== '' || tty.eof) host.wake(tty.readQueue);
}

/** Keys of the default `stty`: VINTR ^C, VQUIT ^\, VSUSP ^Z, VEOF ^D, VERASE DEL (and ^H), VKILL ^U, VWERASE ^W. */
const SIGNALS: Readonly<Record<string, number>> = { '\x03': SIG.INT, '\x1c': SIG.QUIT, '\x1a': SIG.TSTP };

function typed(host: Host, tty: Tty, ch: Bytes): void {
  const signal = tty.isig ? SIGNALS[ch] : undefined;
  if (signal !== undefined) {
    if (tty.echo) tty.show(caret(ch));
    tty.line = '';
    tty.input = '';
    for (const q of [...host.procs.values()]) if (q.pgid === tty.foreground && q.tty === tty.index && q.state !== 'Z') host.kill(q, signal);
    return;
  }
  if (!tty.canonical) {
    tty.input += ch === '\r' && tty.icrnl ? '\n' : ch;
    if (tty.echo) tty.show(shown(ch));
    return;
  }
  switch (ch) {
    case '\r':
    case '\n':
      tty.input += `${tty.line}\n`;
      tty.line = '';
      if (tty.echo) tty.show('\n');
      return;
    case '\x04':
      if (tty.line === '') tty.eof = true;
      else tty.input += tty.line;
      tty.line = '';
      return;
    case '\x7f':
    case '\b':
      erase(tty, 1);
      return;
    case '\x15':
      erase(tty, tty.line.length);
      return;
    case '\x17': {
      const kept = tty.line.replace(/[^\s]+\s*$|\s+$/, '');
      erase(tty, tty.line.length - kept.length);
      return;
    }
    default:
      if (ch === tty.eol2) {
        tty.input += tty.line + ch;
        tty.line = '';
        if (tty.echo) tty.show(shown(ch));
        return;
      }
      if (tty.line.length >= 4095) return;
      tty.line += ch;
      if (tty.echo) tty.show(shown(ch));
  }
}

/** Takes characters (whole UTF-8 sequences) off the end of the line and the screen. */
function erase(tty: Tty, bytes: number): void {
  for (let left = bytes; left > 0 && tty.line !== ''; ) {
    let n = 1;
    while (n < tty.line.length && (tty.line.charCodeAt(tty.line.length - n) & 0xc0) === 0x80) n++;
    const gone = tty.line.slice(-n);
    tty.line = tty.line.slice(0, -n);
    left -= n;
    // A wide character takes two columns, a control character is shown as ^X.
    const columns = n >= 3 ? 2 : gone < ' ' && gone !== '\t' ? 2 : 1;
    if (tty.echo) tty.show('\b \b'.repeat(columns));
  }
}

const caret = (ch: Bytes): Bytes => `^${String.fromCharCode(ch.charCodeAt(0) ^ 64)}`;
const shown = (ch: Bytes): Bytes => (ch < ' ' && ch !== '\t' && ch !== '\n' && ch !== '\r' ? caret(ch) : ch === '\r' ? '\n' : ch);
