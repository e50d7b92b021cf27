// Letting time pass faster than the wall: the same events in the same order, only nobody waits for them. Nothing of it is an entry of the journal: entries say when
// they were made and the record when it ended, so a replay and a grader let the same time pass.
import type { LabLike } from '../engine';
import type { TermRef } from '../store';

/** Waiting for commands lasts no longer than this, us: some never end. */
export const LONGEST_US = 900_000_000;

export class Passing {
  /** Where time shall stand, us; null when nothing passes. */
  to: number | null = null;
  private from = 0;
  /** Ends sooner, once the foreground commands of these terminals have ended. */
  private waits: readonly TermRef[] = [];

  get active(): boolean { return this.to !== null; }

  /** `us` more, on top of what is still to pass. */
  more(lab: LabLike, us: number): void {
    if (this.to === null) this.from = lab.now();
    this.to = (this.to ?? lab.now()) + us;
    this.waits = [];
  }

  /** Until the commands of these terminals have ended. */
  untilIdle(lab: LabLike, terms: readonly TermRef[]): void {
    const busy = terms.filter((t) => lab.terminalBusy(t.host, t.tty));
    if (busy.length === 0) return;
    this.from = lab.now();
    this.to = lab.now() + LONGEST_US;
    this.waits = busy;
  }

  stop(): void { this.to = null; }

  /** Lets time pass until `over` asks for a break; what has passed in all (us) when it is done, else null. */
  run(lab: LabLike, over: () => boolean): number | null {
    if (this.to === null) return null;
    if (this.waits.length === 0) {
      if (!lab.advanceSlice(this.to, over)) return null;
    } else {
      // From event to event, so that it ends at the instant of the prompt.
      while (this.waits.some((t) => lab.terminalBusy(t.host, t.tty)) && lab.now() < this.to) {
        lab.advance(Math.max(1, Math.min(lab.nextEventAt(), this.to) - lab.now()));
        if (over()) return null;
      }
    }
    this.to = null;
    return lab.now() - this.from;
  }
}
