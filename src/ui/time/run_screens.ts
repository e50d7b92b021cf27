// What the terminals show while another run is looked at (a checker's, a demonstration's): the command lines that were run there, host by host, and what
// they printed; never the learner's own lines, which that run has nothing to do with.
import { utf8Encode } from '../../lab/text';
import type { LabLike } from '../engine';
import type { TermRef } from '../store';
import { dimmed } from './past';

/** Cursors lie above those of live terminals and of the past, so that a screen knows that it must begin anew. */
const CURSOR = 2 ** 47;

/** Words of the screens: what stands on the first line of a host's, and where nothing was run. */
export interface RunWords { head(host: string): string; none(host: string): string }

export class RunScreens {
  private cursor = CURSOR;
  private shown = new Map<string, { signature: string; cursor: number; bytes: string }>();

  constructor(private readonly words: RunWords) {}

  /** Output for a screen that has read up to `from`: the run at the instant shown (`then`), with what `whole` printed later dimmed. */
  output(then: LabLike, whole: LabLike, t: TermRef, from: number): { bytes: string; next: number } {
    const key = `${t.host}/${t.tty}`;
    const now = this.text(then, t);
    const all = then === whole ? now : this.text(whole, t);
    const signature = `${now}\0${all}`;
    let s = this.shown.get(key);
    if (s?.signature !== signature) {
      const later = all.startsWith(now) ? all.slice(now.length) : '';
      s = { signature, cursor: ++this.cursor, bytes: `\x1bc${now}${later === '' ? '\x1b[?25l' : dimmed(later)}` };
      this.shown.set(key, s);
    }
    return from === s.cursor ? { bytes: '', next: from } : { bytes: s.bytes, next: s.cursor };
  }

  /** A host's command lines with what they printed. Nothing was typed there, so there is no prompt: the time, the host and the line. */
  private text(run: LabLike, t: TermRef): string {
    const mine = t.tty === 0 ? run.ran().filter((r) => r.host === t.host) : [];
    const head = `${utf8Encode(mine.length === 0 ? this.words.none(t.host) : this.words.head(t.host))}\r\n`;
    return head + mine.map((r) => `${(r.at / 1e6).toFixed(6)} s ${t.host}# \x1b[1m${utf8Encode(r.line)}\x1b[0m\r\n${ended(r.printed().replace(/\r?\n/g, '\r\n'))}`).join('');
  }
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\r\n`);
