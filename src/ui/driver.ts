// Real time to virtual time. Slow and Normal let one hop last 700 or 220 ms while a packet flies and run at wall speed otherwise;
// above 12 packets in flight, while a typed session's segment is under way, and at Real, virtual time is wall time. Slices are short, so the page never misses a frame.
import type { LabLike } from './engine';
import { type Flight, Flights } from './flights';
import { warp } from './prefs';
import { type TermRef, useLab } from './store';
import { Passing } from './time/pass';

export const HOP_MS = { slow: 700, normal: 220, real: 0 } as const;
const SLICE_MS = 8;
/** What clock and checks together may take of a frame. */
const SPARE_MS = 11;
/** The slice while somebody types, and until they have rested this long: an echo waits for no more. */
const TYPING_SLICE_MS = 3;
const TYPING_MS = 400;
/** The slice of a frame that has an echo to show, or panes to draw for somebody who types; and of one that draws panes for anybody else. */
const ECHO_SLICE_MS = 1;
const DRAWING_SLICE_MS = 4;
/** More packets than this since the list was drawn fill it several times. */
const RACING = 64;
const BUNDLE = 12;
/** Checks wait while keys come faster than this. */
const QUIET_MS = 120;
const IDLE_MS = 600_000;
export class Driver {
  private readonly air: Flights;
  private readonly warp = warp();
  private raf = 0;
  private last = 0;
  private touched = performance.now();
  private stepTo = 0;
  private lastSlow = 0;
  private dead = false;

  constructor(
    readonly lab: LabLike,
    private readonly hooks: { /** After each slice, every frame. */ frame(now: number): void; /** Our own mistakes. */ broken(e: unknown): void; spare(budgetMs: number): void; /** So much time was let pass, us. */ passed(us: number): void },
  ) {
    this.air = new Flights(lab);
    this.raf = requestAnimationFrame(this.tick);
    document.addEventListener('visibilitychange', this.visibility);
    for (const e of ['keydown', 'pointerdown', 'wheel'] as const) window.addEventListener(e, this.touch, { passive: true, capture: true });
  }

  get flights(): Flight[] { return this.air.list; }

  stop(): void {
    this.dead = true;
    cancelAnimationFrame(this.raf);
    document.removeEventListener('visibilitychange', this.visibility);
    for (const e of ['keydown', 'pointerdown', 'wheel'] as const) window.removeEventListener(e, this.touch, { capture: true });
  }

  /** Runs what is due at this very instant (a typed key's echo) without waiting for the next frame. `typist`: the host where a key was typed that ends no line; '' otherwise. */
  kick(typist = ''): void {
    const until = this.lab.now();
    const before = this.lab.trace().frameCount();
    const end = performance.now() + SLICE_MS;
    this.lab.advanceSlice(until, () => performance.now() > end);
    if (typist !== '') this.air.key(typist, before);
  }

  /** A key was typed: its echo comes first, panes after. Checks wait until the keys rest, or until one of them ends a line (`ended`). */
  typed(ended: boolean): void {
    const before = this.keyAt;
    this.keyAt = performance.now();
    this.echo = true;
    this.checksFrom = ended ? this.keyAt : this.keyAt + QUIET_MS;
    // For one who types on, the panes follow four times a second.
    const soon = this.keyAt + 24;
    this.drawAfter = Math.max(this.drawAfter, ended || this.keyAt - before > 250 ? soon : Math.min(this.keyAt + 90, Math.max(soon, this.drawnAt + 250)));
  }

  /** Lets the clock run until one more frame has left a host, then pauses. */
  stepPacket(): void {
    this.stepTo = this.lab.trace().frameCount() + 1;
  }

  private readonly passing = new Passing();

  /** Lets so much time pass at once (us), or all that the commands on these terminals take. */
  pass(what: number | readonly TermRef[]): void {
    if (typeof what === 'number') this.passing.more(this.lab, what);
    else this.passing.untilIdle(this.lab, what);
    useLab.setState({ passing: this.passing.active });
  }

  /** Ends that where it is. */
  stopPassing(): void {
    this.passing.stop();
    useLab.setState({ passing: false });
  }

  private touch = (): void => {
    this.touched = performance.now();
    if (useLab.getState().stopped === 'idle') useLab.setState({ stopped: null });
  };

  private visibility = (): void => {
    useLab.setState({ stopped: document.hidden ? 'hidden' : null });
    this.last = performance.now();
  };

  private tick = (t: number): void => {
    if (this.dead) return;
    try {
      const dt = Math.min(100, Math.max(0, t - this.last));
      this.last = t;
      const s = useLab.getState();
      if (s.stopped === null && performance.now() - this.touched > IDLE_MS) useLab.setState({ stopped: 'idle' });
      const begin = performance.now();
      const typing = begin - this.keyAt < TYPING_MS;
      const draws = t >= this.drawAfter && this.due(t);
      this.slice = typing ? (this.echo || draws ? ECHO_SLICE_MS : TYPING_SLICE_MS) : draws ? DRAWING_SLICE_MS : SLICE_MS;
      this.echo = false;
      if (this.drew) {
        // What the panes cost with layout and paint shows in how late the next frame comes.
        this.drew = false;
        this.drawAfter = Math.max(this.drawAfter, t + 4 * Math.min(100, dt - 20));
      }
      if (s.stopped === null && s.status === 'ready') {
        if (this.passing.active && (s.shown !== 'mine' || s.selected !== null || s.at !== null)) this.stopPassing();
        if (this.passing.active) this.runPassing();
        else if (this.stepTo > 0) this.runStep();
        else if (!s.paused && s.shown === 'mine' && s.selected === null && s.at === null) this.run(s.speed === 'real' ? dt * this.warp : dt, s.speed === 'real' ? 0 : HOP_MS[s.speed]);
      }
      if (begin > this.checksFrom) this.hooks.spare(Math.max(2, SPARE_MS - (performance.now() - begin)));
      const now = this.lab.now();
      this.air.expire();
      const version = this.lab.version();
      const frameCount = this.lab.trace().frameCount();
      if (s.shown === 'mine' && t >= this.drawAfter) this.panes(t, version, now, frameCount);
      this.hooks.frame(now);
    } catch (e) {
      this.stop();
      this.hooks.broken(e);
      return;
    }
    this.raf = requestAnimationFrame(this.tick);
  };

  /** Was something left to draw in the last frame, or will be by now? */
  private due(t: number): boolean {
    const s = useLab.getState();
    return s.shown === 'mine' && (this.lab.version() !== s.version || this.dockDue(t, this.lab.version(), this.lab.trace().frameCount()) || (t - this.lastSlow > 250 && this.lab.version() !== this.lastVersion));
  }

  /** Packets that race by are read by nobody: then their panes follow four times a second, and once a second beside somebody who types. */
  private dockDue(t: number, version: number, frameCount: number): boolean {
    if (version === this.dock.version && frameCount === this.dock.frameCount) return false;
    return frameCount - this.dock.frameCount < RACING || t - this.dock.at > (t - this.keyAt < TYPING_MS ? 1000 : 250);
  }

  /** Draws one group of panes, the one that has waited longest: never all of them in one frame. */
  private panes(t: number, version: number, now: number, frameCount: number): void {
    const s = useLab.getState();
    const slow = t - this.lastSlow > 250 && (this.lastVersion !== version || now - this.lastNow > 1e6);
    const fast = version !== s.version || frameCount !== s.frameCount || Math.abs(now - s.now) > 50_000 || (this.flights.length > 0 && now !== s.now);
    const dock = this.dockDue(t, version, frameCount);
    // Tables nobody reads fast are due for a quarter of a second already.
    if (slow && (!fast || this.lastSlow + 250 <= this.lastFast) && (!dock || this.lastSlow + 250 <= this.dock.at)) {
      this.lastSlow = t;
      this.lastVersion = version;
      this.lastNow = now;
      this.draw(t, () => useLab.setState({ slowVersion: s.slowVersion + 1 }));
    } else if (dock && (!fast || this.dock.at < this.lastFast)) {
      this.dock = { at: t, version, frameCount };
      this.draw(t, () => useLab.setState({ dockVersion: s.dockVersion + 1 }));
    } else if (fast) {
      this.lastFast = t;
      this.draw(t, () => useLab.setState({ version, now, frameCount }));
    }
  }
  private lastFast = 0;
  /** What the packet panes were drawn from, and when. */
  private dock = { at: 0, version: -1, frameCount: -1 };
  private lastVersion = 0;
  /** Countdowns go on though nothing happens: the instant the slow panes were drawn last. */
  private lastNow = 0;
  /** Panes are drawn anew no sooner than this: they take a quarter of the time at most, so that keys and packets stay smooth under load. */
  private drawAfter = 0;
  private keyAt = 0;
  /** A key's echo waits for the next frame. */
  private echo = false;
  private checksFrom = 0;
  private slice = SLICE_MS;
  /** Panes were drawn in the last frame. */
  private drew = false;
  private drawnAt = 0;

  /** Lets the panes draw (they do so in a microtask) and notes what it cost. */
  private draw(t: number, tell: () => void): void {
    const began = performance.now();
    this.drew = true;
    this.drawnAt = began;
    tell();
    queueMicrotask(() => { const cost = performance.now() - began; this.drawAfter = t + Math.max(cost < 4 ? 0 : 30, cost * 4); });
  }

  private run(dtMs: number, hopMs: number): void {
    const end = performance.now() + this.slice;
    const over = (): boolean => performance.now() > end;
    let left = dtMs;
    while (left > 0.001 && !over()) {
      const now = this.lab.now();
      const flying = hopMs > 0 && this.flights.length <= BUNDLE && this.air.short > 0 && !this.air.typing;
      const rate = flying ? this.air.hopUs / hopMs : 1000; // virtual us a real ms
      const reach = now + left * rate;
      const next = hopMs > 0 ? Math.min(reach, Math.max(now, this.lab.nextEventAt())) : reach;
      if (hopMs > 0) this.lab.advance(Math.max(0, Math.ceil(next) - now));
      else if (!this.lab.advanceSlice(Math.floor(reach), over)) { this.collect(hopMs); return; }
      const moved = this.lab.now() - now;
      left -= moved / rate;
      const had = this.flights.length;
      this.collect(hopMs);
      if (moved === 0 && this.flights.length === had) {
        if (next >= reach) break; // less than a microsecond to go: keep it for the next frame
        this.lab.advance(1);
        left -= 1 / rate;
      }
    }
  }

  private runPassing(): void {
    const end = performance.now() + SLICE_MS;
    const passed = this.passing.run(this.lab, () => performance.now() > end);
    this.collect(0);
    if (passed === null) return;
    useLab.setState({ passing: false });
    this.hooks.passed(passed);
  }

  private runStep(): void {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const at = this.lab.nextEventAt();
      if (!Number.isFinite(at)) { this.stepTo = 0; return; }
      this.lab.advance(Math.max(1, at - this.lab.now()));
      if (this.lab.trace().frameCount() >= this.stepTo) {
        this.stepTo = 0;
        this.collect(1);
        return;
      }
    }
  }

  private collect(hopMs: number): void {
    this.air.collect(hopMs > 0);
  }
}
