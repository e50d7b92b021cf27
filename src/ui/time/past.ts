// The lab as it was, while an instant before now is shown: panes read it instead of the live one, terminals show what came later dimmed.
import type { LabLike } from '../engine';
import type { TermRef } from '../store';

/** Cursors of rewound terminals lie above those of live ones, so that a screen knows that it must begin anew. */
const CURSOR = 2 ** 46;
/** Later output that is shown dimmed at most, bytes. */
const LATER = 6000;

export class Past {
  /** The rewound lab; null while the present is shown. */
  lab: LabLike | null = null;
  private at: number | null = null;
  private cursor = CURSOR;
  private shown = new Map<string, { signature: string; cursor: number; bytes: string; fresh: boolean }>();

  /** Shows `live` as it was at `at`; null shows the present. True when that changed anything. */
  show(live: LabLike, at: number | null): boolean {
    if (at === this.at) return false;
    this.at = at;
    this.lab = at === null ? null : live.rewound(at, { near: this.lab });
    for (const s of this.shown.values()) s.fresh = false;
    if (at === null) this.shown.clear();
    return true;
  }

  /** Hands the rewound lab over to somebody who goes on with it. */
  take(): LabLike | null {
    const { lab } = this;
    this.lab = null;
    this.at = null;
    this.shown.clear();
    return lab;
  }

  /** Output of a terminal for a screen that has read up to `from`; null while the present is shown. */
  output(live: LabLike, t: TermRef, from: number): { bytes: string; next: number } | null {
    if (this.lab === null) return null;
    const key = `${t.host}/${t.tty}`;
    let s = this.shown.get(key);
    if (s === undefined || !s.fresh) {
      const then = this.lab.terminalOutput(t.host, t.tty, 0).bytes;
      const all = live.terminalOutput(t.host, t.tty, 0).bytes;
      const later = all.startsWith(then) ? all.slice(then.length) : '';
      const signature = `${then.length} ${all.length}`;
      if (s?.signature === signature) s.fresh = true;
      else {
        s = { signature, cursor: ++this.cursor, bytes: `\x1bc${then}${dimmed(later)}`, fresh: true };
        this.shown.set(key, s);
      }
    }
    return from === s.cursor ? { bytes: '', next: from } : { bytes: s.bytes, next: s.cursor };
  }
}

/** What comes later, in a dim colour, as far as it is plain text; a program that paints the screen ends it. */
export function dimmed(later: string): string {
  const painted = later.search(/\x1b(?!\[[0-9;]*[mKCD]|\[\?2004[hl])|\x0c/);
  const plain = (painted < 0 ? later : later.slice(0, painted)).slice(0, LATER).replace(/\x1b\[[0-9;]*m/g, '');
  return `\x1b[?25l\x1b[2m${plain}\x1b[0m`;
}
