// Plays a demonstration on a fork of a lab, event by event, so that a page can show every instant between a question and its answer.
import type { Started } from '../lab/exec';
import type { Lab } from '../lab/lab';
import { utf8Decode } from '../lab/text';
import type { Demo, DemoChoice, DemoLine, Moment, StageView } from './demo';
import { type LabAction, playAction } from './labfile';

/** A command of a demonstration that does not end by itself is left running after this long. */
const LONGEST_US = 60_000_000;
/** What settles after an act's end. */
const GRACE_US = 100_000;

/** Where a demonstration has come to. Times are virtual us of the fork. */
export type DemoEvent =
  | { kind: 'acting'; line: number; action: LabAction }
  | { kind: 'acted'; line: number; stdout: string; status: number }
  /** `frame` is the one the moment is about, 0 for 'end' or when it never came (`missed`). */
  | { kind: 'paused'; line: number; at: Moment; ask: { zh: string; en: string }; choices: DemoChoice[]; frame: number; missed: boolean }
  | { kind: 'camera'; line: number; hosts: string[] }
  | { kind: 'show'; line: number; view: StageView; host: string }
  | { kind: 'say'; line: number; text: { zh: string; en: string } }
  | { kind: 'ended' };

/** The first frame from `from` on that is such a moment; 0 when there is none. */
export function momentFrame(lab: Lab, from: number, at: Moment): number {
  const http = (f: { data: string }, reply: boolean): boolean => f.data !== '' && f.data.startsWith('HTTP/1.') === reply;
  for (const f of lab.trace().frames(from)) {
    const arp = f.proto === 'ARP';
    const yes =
      at === 'arp-request' ? arp && /^(?:Who has|ARP Announcement)/.test(f.info)
      : at === 'arp-reply' ? arp && f.info.includes(' is at ')
      : at === 'syn' ? f.flags === 'SYN'
      : at === 'syn-ack' ? f.flags === 'SYN, ACK'
      : at === 'rst' ? f.flags.includes('RST')
      : at === 'icmp' ? f.proto === 'ICMP'
      : at === 'request' ? http(f, false) || f.info.startsWith('Echo (ping) request')
      : at === 'reply' ? http(f, true) || f.info.startsWith('Echo (ping) reply')
      : at === 'rewritten' ? f.mode !== null
      : at === 'drop' ? f.drop !== null
      : false;
    if (yes) return f.id;
  }
  return 0;
}

/** An act under way: what it started, when it is over. */
interface Act { line: number; started: Started | null; until: number; over: boolean }

/**
 * One playing of a demonstration on `stage`, a fork the caller made. `next` goes to the next line when nothing is under way; `run` lets virtual time pass and
 * stops at once when an act is over or the moment of the coming pause has come.
 */
export class DemoPlay {
  private at = 0;
  private act: Act | null = null;
  /** First frame the next pause may be about. */
  private looked: number;
  private scanned = { line: -1, to: 0 };
  /** Frame of the pause before, when it was about a drop. */
  private dropped = 0;
  /** First frame of the newest act. */
  actFrame: number;

  constructor(readonly stage: Lab, readonly demo: Demo) {
    this.looked = this.actFrame = stage.trace().frameCount() + 1;
  }

  private line(): DemoLine | undefined {
    return this.demo.lines[this.at];
  }

  /** True while time must pass (`run`) before `next` has something to say. */
  busy(): boolean {
    if (this.act === null || this.act.over) return false;
    const l = this.line();
    // Lines that do not wait come while the act goes on.
    if (l?.kind === 'camera' || l?.kind === 'say' || l?.kind === 'show') return false;
    return !(l?.kind === 'pause' && l.at !== 'end' && this.came(l.at));
  }

  /** First frame a pause may be about: the frame of the pause before may still be dropped. */
  private first(at: Moment): number {
    return at === 'drop' && this.dropped === 0 ? Math.max(this.actFrame, this.looked - 1) : this.looked;
  }

  /** Whether the moment waited for has come; frames already looked at are not looked at again, except for their end. */
  private came(at: Moment): boolean {
    const count = this.stage.trace().frameCount();
    const first = this.first(at);
    if (this.scanned.line !== this.at || at === 'drop') this.scanned = { line: this.at, to: first - 1 };
    if (count === this.scanned.to) return false;
    const from = Math.max(first, this.scanned.to + 1);
    this.scanned.to = count;
    const found = momentFrame(this.stage, from, at);
    if (found !== 0) this.scanned.to = found - 1;
    return found !== 0;
  }

  /** Lets time pass up to `untilUs`; true when it stopped before because `next` has something to say. */
  run(untilUs: number): boolean {
    while (this.busy()) {
      const act = this.act!;
      const now = this.stage.now();
      if (act.started?.ended() && act.until > now + GRACE_US) act.until = now + GRACE_US;
      const to = Math.min(this.stage.nextEventAt(), act.until, untilUs);
      if (to > now) this.stage.advance(to - now);
      else this.stage.advance(0);
      if (this.stage.now() >= act.until) act.over = true;
      else if (to >= untilUs) return false;
    }
    return true;
  }

  /** The next thing that happens; call it when `busy` is false. */
  next(): DemoEvent {
    const l = this.line();
    if (this.act?.over && !(l?.kind === 'pause' && l.at !== 'end')) {
      const { line, started } = this.act;
      this.act = null;
      const r = started?.result();
      return { kind: 'acted', line, stdout: utf8Decode(r?.stdout ?? ''), status: r?.status ?? 0 };
    }
    if (l === undefined) return { kind: 'ended' };
    this.at++;
    if (l.kind === 'camera') return { kind: 'camera', line: l.line, hosts: l.hosts };
    if (l.kind === 'say') return { kind: 'say', line: l.line, text: l.text };
    if (l.kind === 'show') return { kind: 'show', line: l.line, view: l.view, host: l.host };
    if (l.kind === 'pause') {
      const frame = l.at === 'end' ? 0 : momentFrame(this.stage, this.first(l.at), l.at);
      if (frame !== 0) {
        this.looked = frame + 1;
        this.dropped = l.at === 'drop' ? frame : 0;
      }
      return { kind: 'paused', line: l.line, at: l.at, ask: l.ask, choices: l.choices, frame, missed: l.at !== 'end' && frame === 0 };
    }
    this.looked = this.actFrame = this.stage.trace().frameCount() + 1;
    this.begin(l.action);
    return { kind: 'acting', line: l.action.line, action: l.action };
  }

  private begin(a: LabAction): void {
    const now = this.stage.now();
    if (a.do === 'run') this.act = { line: a.line, started: this.stage.begin(a.host, a.command), until: now + LONGEST_US, over: false };
    else if (a.do === 'wait') this.act = { line: a.line, started: null, until: now + a.us, over: false };
    else {
      playAction(this.stage, a);
      this.act = { line: a.line, started: null, until: this.stage.now() + GRACE_US, over: false };
    }
  }

  /** Runs a command on the stage as a further act (a slider moved, requests sent again). */
  extra(host: string, command: string): void {
    this.looked = this.actFrame = this.stage.trace().frameCount() + 1;
    this.begin({ line: 0, do: 'run', host, command, optional: '' });
  }
}

/** All events of a demonstration at once (for tests and proofs). */
export function* playDemo(stage: Lab, demo: Demo): Generator<DemoEvent, void> {
  const play = new DemoPlay(stage, demo);
  for (;;) {
    play.run(Number.MAX_SAFE_INTEGER);
    const e = play.next();
    if (e.kind === 'ended') return;
    yield e;
  }
}
