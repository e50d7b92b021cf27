// Plays one demonstration on a fork of the learner's lab: time goes packet by packet, stands at questions, and the learner's lab stands meanwhile.
import type { Demo, DemoChoice, Moment, StageView } from '../../lesson/demo';
import { type DemoEvent, DemoPlay } from '../../lesson/demo_play';
import { create } from 'zustand';
import { goLive } from '../actions';
import type { LabLike } from '../engine';
import { Flights } from '../flights';
import { warp } from '../prefs';
import { maybeSession, session } from '../session';
import { type Speed, useLab } from '../store';

export interface Asked { at: Moment; ask: { zh: string; en: string }; choices: DemoChoice[]; missed: boolean }
/** What was done and said so far. */
export type Told =
  | { kind: 'act'; host: string; text: string }
  /** What the newest act printed. */
  | { kind: 'out'; text: string }
  | { kind: 'say'; zh: string; en: string }
  /** A question with what the viewer said: a choice's number, or own words. */
  | { kind: 'asked'; ask: { zh: string; en: string }; choices: DemoChoice[]; said: string };

export interface DemoState {
  id: string;
  demo: Demo | null;
  state: 'playing' | 'paused' | 'asking' | 'ended';
  asked: Asked | null;
  told: Told[];
  camera: string[];
  views: { view: StageView; host: string }[];
  /** First frame of the newest act, and of the whole demonstration. */
  actFrame: number;
  firstFrame: number;
}
const none: DemoState = { id: '', demo: null, state: 'ended', asked: null, told: [], camera: [], views: [], actFrame: 0, firstFrame: 0 };
export const useDemo = create<DemoState>()(() => none);

/** One hop's time on the screen, ms. */
const HOP: Record<Speed, number> = { slow: 1100, normal: 600, real: 200 };
/** Packets of one act that take their full time; after them each goes faster, so that thirty requests take half a minute and not six. */
const CALM = 30;
/** How fast silence (a wait, a timeout) runs away: the longer it has lasted, the faster, per ms of the screen. */
const HURRY = 1 / 500;
const SLICE_MS = 8;
const TEXT_LIMIT = 1200;

export class Player {
  private readonly play: DemoPlay;
  readonly stage: LabLike;
  private readonly air: Flights;
  private raf = 0;
  private last = performance.now();
  private readonly warp = warp();
  private slow = 0;
  /** Reading time left before things go on, ms. */
  private hold = 0;
  /** Until a further frame has left: for one step. */
  private stepTo = 0;
  /** The newest frame and when it was seen. */
  private heard = { frames: 0, at: 0 };
  private readonly speed: Speed;
  /** The command of the newest act, to send again. */
  private lastRun: { host: string; command: string } | null = null;
  private queue: { host: string; command: string }[] = [];
  private readonly off: () => void;

  constructor(readonly demo: Demo, private readonly broken: (e: unknown) => void) {
    const s = session();
    this.stage = s.lab.fork();
    this.play = new DemoPlay(this.stage, demo);
    this.air = new Flights(this.stage);
    this.speed = useLab.getState().speed;
    s.checker = this.stage;
    s.stage = { lab: this.stage, list: () => this.air.list };
    useDemo.setState({ ...none, id: demo.id, demo, state: 'playing', actFrame: this.play.actFrame, firstFrame: this.play.actFrame });
    useLab.setState((x) => ({ shown: 'checker', demo: demo.id, selected: null, paused: false, stopped: null, speed: x.speed === 'real' ? 'normal' : x.speed, version: x.version + 1, slowVersion: x.slowVersion + 1, frameCount: this.stage.trace().frameCount(), now: this.stage.now() }));
    // Whoever goes back to the own lab ends the demonstration.
    this.off = useLab.subscribe((x) => { if (x.shown !== 'checker' || maybeSession()?.checker !== this.stage) this.close(); });
    this.raf = requestAnimationFrame(this.tick);
  }

  /** Ends it; the learner's lab goes on where it stood. */
  close(): void {
    cancelAnimationFrame(this.raf);
    this.off();
    if (player === this) player = null;
    useDemo.setState(none);
    if (useLab.getState().demo === this.demo.id) {
      const s = maybeSession(); // null when the lesson was left meanwhile
      useLab.setState({ demo: '', speed: this.speed });
      if (s === null) return;
      s.stage = null;
      if (s.checker === this.stage) s.checker = null;
      if (useLab.getState().shown === 'checker') goLive();
    }
  }

  /** Play or pause; at a question, go on without a word. */
  toggle(): void {
    const s = useDemo.getState().state;
    if (s === 'asking') this.say('');
    else if (s === 'playing') useDemo.setState({ state: 'paused' });
    else if (s === 'paused') { this.hold = 0; useLab.setState({ selected: null }); useDemo.setState({ state: 'playing' }); }
  }

  /** One packet further, then stand. */
  step(): void {
    if (useDemo.getState().state === 'asking' || useDemo.getState().state === 'ended') return;
    this.hold = 0;
    this.stepTo = this.stage.trace().frameCount() + 1;
    useLab.setState({ selected: null });
    useDemo.setState({ state: 'playing' });
  }

  /** What the viewer expects; the demonstration shows the rest. */
  say(said: string): void {
    const { asked, told } = useDemo.getState();
    if (asked === null) return;
    useDemo.setState({ asked: null, state: 'playing', told: asked.ask.en === '' ? told : [...told, { kind: 'asked', ask: asked.ask, choices: asked.choices, said }] });
  }

  /** A command beside the script (a weight is set), then the newest act once more. */
  again(host: string, command: string): void {
    if (command !== '') this.queue.push({ host, command });
    if (this.lastRun !== null) this.queue.push(this.lastRun);
    if (useDemo.getState().state !== 'asking') useDemo.setState({ state: 'playing' });
  }

  private readonly tick = (t: number): void => {
    const dt = Math.min(100, Math.max(0, t - this.last)) * (useLab.getState().speed === 'real' ? this.warp : 1);
    this.last = t;
    try {
      if (useDemo.getState().state === 'playing') this.advance(dt);
      this.air.expire();
      this.tell(t);
    } catch (e) {
      this.close();
      this.broken(e);
      return;
    }
    this.raf = requestAnimationFrame(this.tick);
  };

  private tell(t: number): void {
    const slow = t - this.slow > 120;
    if (slow) this.slow = t;
    const x = useLab.getState();
    const frameCount = this.stage.trace().frameCount();
    const now = this.stage.now();
    if (now !== x.now || frameCount !== x.frameCount || slow) useLab.setState({ now, frameCount, version: x.version + 1, ...(slow ? { slowVersion: x.slowVersion + 1 } : {}) });
  }

  private advance(dt: number): void {
    if (this.hold > 0) { this.hold -= dt; return; }
    const end = performance.now() + SLICE_MS;
    let left = dt;
    while (left > 0.001 && performance.now() < end && useDemo.getState().state === 'playing') {
      if (this.play.busy()) {
        left = this.flow(left);
        if (this.stepTo > 0 && this.stage.trace().frameCount() >= this.stepTo && this.air.list.length > 0) {
          this.stepTo = 0;
          useDemo.setState({ state: 'paused' });
        }
        continue;
      }
      // What is still flying lands before the next thing is told, except at a question: there it hangs in the air.
      const more = this.queue.shift();
      if (more !== undefined) { this.begin(more.host, more.command); continue; }
      this.take(this.play.next());
      if (this.hold > 0) return;
    }
  }

  /** Lets virtual time pass for `left` ms of the screen; what is left of them. */
  private flow(left: number): number {
    const now = this.stage.now();
    const flying = this.air.list.length > 0 && this.air.list.length <= 12;
    const next = this.stage.nextEventAt();
    const frames = this.stage.trace().frameCount();
    if (frames !== this.heard.frames) this.heard = { frames, at: now };
    const hurried = 1 + (Math.max(0, frames - this.play.actFrame - CALM) / 20) ** 2;
    const rate = flying ? (this.air.hopUs / HOP[useLab.getState().speed]) * hurried : Math.max(1000, (now - this.heard.at) * HURRY);
    const to = Math.min(now + left * rate, Math.max(now, next));
    this.play.run(Math.max(now, Math.ceil(to)));
    const moved = this.stage.now() - now;
    this.air.collect(true);
    if (moved > 0) return left - moved / rate;
    if (to >= now + left * rate) return 0; // less than a microsecond to go
    this.play.run(now + 1);
    this.air.collect(true);
    return left - 1 / rate;
  }

  private begin(host: string, command: string): void {
    this.play.extra(host, command);
    useDemo.setState((d) => ({ actFrame: this.play.actFrame, told: [...d.told, { kind: 'act', host, text: command }] }));
    this.hold = 300;
  }

  private take(e: DemoEvent): void {
    const d = useDemo.getState();
    const told = (x: Told): Told[] => [...d.told, x];
    switch (e.kind) {
      case 'acting': {
        const a = e.action;
        if (a.do === 'run') this.lastRun = { host: a.host, command: a.command };
        const text = a.do === 'run' ? a.command : a.do === 'wait' ? `wait ${a.us / 1e6}s` : a.do === 'edit' ? `vim ${a.path}` : a.do === 'reboot' ? 'reboot' : a.do === 'answer' ? '' : `${a.do} ${a.iface}`;
        useDemo.setState({ told: told({ kind: 'act', host: 'host' in a ? a.host : '', text }), actFrame: this.play.actFrame });
        this.hold = 700;
        return;
      }
      case 'acted': {
        if (e.stdout.trim() !== '') useDemo.setState({ told: told({ kind: 'out', text: e.stdout.trimEnd().slice(0, TEXT_LIMIT) }) });
        return;
      }
      case 'camera': useDemo.setState({ camera: e.hosts }); return;
      case 'show': useDemo.setState({ views: e.view === 'none' ? [] : [...d.views.filter((v) => v.view !== e.view || v.host !== e.host), { view: e.view, host: e.host }] }); return;
      case 'say':
        useDemo.setState({ told: told({ kind: 'say', zh: e.text.zh, en: e.text.en }) });
        this.hold = Math.min(5000, 900 + e.text.zh.length * 90);
        return;
      case 'paused':
        if (e.at === 'end' && e.ask.en === '') { this.hold = 500; return; }
        useDemo.setState({ state: 'asking', asked: { at: e.at, ask: e.ask, choices: e.choices, missed: e.missed } });
        return;
      case 'ended': useDemo.setState({ state: 'ended' }); return;
    }
  }
}

let player: Player | null = null;
export const playerNow = (): Player | null => player;

/** Plays a demonstration from its beginning; one that plays is closed. */
export function openDemo(demo: Demo, broken: (e: unknown) => void): void {
  player?.close();
  player = new Player(demo, broken);
}
