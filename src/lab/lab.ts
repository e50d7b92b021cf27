// THE API of a lab: create it from a topology, let time pass, type, act, look, fork, save, take back.
import type { Host } from '../host/host';
import type { Page } from '../host/page';
import { readsKeys, screenTty } from '../host/pty';
import { ttyTyped } from '../host/tty_read';
import { SysError } from '../lib/errno';
import { hash32 } from '../lib/rng';
import type { Steps } from '../lib/steps';
import type { Bytes } from '../lib/text';
import { DROP_REASONS } from '../kernel/drop_reason';
import { setCarrier } from '../kernel/ipv4/devinet';
import { ipVsServiceOrders } from '../kernel/ipvs/ip_vs_ctl';
import { Halted, type World } from '../kernel/world';
import { bootingWorld, passing } from './boot';
import { browse } from './browser';
import { Capture } from './capture';
import { Checkpoints, type Open } from './checkpoints';
import { configureCable, putFile } from './configure';
import { editorDoes, editorOf } from './editor';
import { type ExecOptions, type ExecResult, execLine, executingLine, type Ran, type Started, startLine } from './exec';
import { generatorsLive, worldFork } from './fork';
import { type Action, answersOf, effective, type Entry, type Journal, lastUndo, lastUndoable, newJournal, printJournal, touchedFrom, type TypedEntry, undoable } from './journal';
import { ledgerOf, type Ledger } from './ledger';
import { enteredLine, openShell, powerHost, rebootHost, shellAtPrompt, shellInput, unitViews } from './doors';
import { pcapOf } from './pcap';
import { type RelevantAlso, relevantOf, relevantSteps } from './relevant';
import type { CapturePoint } from './scenario';
import type { Topology } from './topology';
import { TraceReader, type TraceView } from './trace';
import { answersArpFor, type HostView, hostParts, hostView, type LinkView, sysctlFind } from './views';

export interface LabOptions {
  seed: number;
  /** Wall clock at virtual time 0, seconds since 1970; default 2026-01-01 08:00 in China. */
  epoch?: number;
  zone?: string;
  /** Opens a terminal on every host (default). */
  terminals?: boolean;
  /** Lines typed before the learner arrives. */
  start?: readonly { host: string; line: string }[];
  /** Lesson the journal belongs to. */
  lesson?: string;
}

/** A replayed command whose output differs from what the journal recorded. */
export interface Difference { seq: number; host: string; tty: number; shown: string }

const DEFAULT_EPOCH = 1_767_225_600;
/** Command lines run beside the terminals that are remembered. */
const ERRANDS = 200;
/** Cursor of a terminal: generation above, bytes shown below. */
const GENERATION = 2 ** 36;

/** How many of these entries, which stand in order, have a number up to `seq`. */
function countUpTo(list: readonly Entry[], seq: number): number {
  let lo = 0;
  for (let hi = list.length; lo < hi; ) {
    const mid = (lo + hi) >> 1;
    if (list[mid]!.seq <= seq) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** A key of the line being typed on a terminal. */
const keyOf = (e: Entry, host: string, tty: number): boolean => 'bytes' in e && e.host === host && e.tty === tty && e.command === undefined;

/** What `type` and friends throw for a host that does not exist. */
export class NoSuchHost extends Error {
  readonly key = 'lab.noSuchHost';
  constructor(readonly host: string) {
    super(`no host ${host} in this lab`);
  }
}

export class Lab {
  readonly journal: Journal;
  /** What of the topology could not be set. */
  complaints: string[] = [];
  /** Commands whose replay printed something else than the journal recorded. */
  readonly differences: Difference[] = [];
  private world: World;
  private reader: TraceReader;
  private versions = 1;
  private generation = 0;
  private checkpoints = new Checkpoints();
  private open = new Map<string, Open>();
  private errands: Ran[] = [];
  private replaying = false;
  private seen: { stamp: string; views: Map<string, HostView> } = { stamp: '', views: new Map() };

  private constructor(
    readonly topology: Topology,
    readonly seed: number,
    world: World,
    journal: Journal,
  ) {
    this.world = world;
    this.journal = journal;
    this.reader = new TraceReader(world);
  }

  /** Boots all hosts and lets them settle. */
  static create(topology: Topology, opts: LabOptions): Lab {
    const steps = Lab.creating(topology, opts);
    for (;;) {
      const r = steps.next();
      if (r.done) return r.value;
    }
  }

  /** The same in steps, for a page that must not stand still. */
  static *creating(topology: Topology, opts: LabOptions): Generator<void, Lab> {
    const epoch = opts.epoch ?? DEFAULT_EPOCH;
    const { world, complaints } = yield* bootingWorld(topology, { seed: opts.seed, epoch });
    const lab = new Lab(topology, opts.seed, world, newJournal(topology, opts.seed, epoch, opts.zone ?? 'Asia/Shanghai', opts.lesson ?? ''));
    lab.complaints = complaints;
    for (const s of opts.start ?? []) {
      yield;
      const r = execLine(world, lab.host(s.host), s.line, { timeoutUs: 60_000_000 });
      if (r.stuck || r.timedOut) complaints.push(`${s.host}# ${s.line}: did not end`);
    }
    if (opts.terminals !== false) {
      for (const h of world.hosts as Host[]) openShell(h, h.newTty().index);
      yield* passing(world, 200_000);
      lab.checkpoints.add(0, world, new Map());
    }
    return lab;
  }

  /** A lab with a journal's work done again. Commands that print something else are listed in `differences`. */
  static restore(topology: Topology, saved: Journal, opts: Omit<LabOptions, 'seed'> = {}): Lab {
    const steps = Lab.restoring(topology, saved, opts);
    for (;;) {
      const r = steps.next();
      if (r.done) return r.value;
    }
  }

  /** The same in steps, for a page that must not stand still: yields how many entries are done. */
  static *restoring(topology: Topology, saved: Journal, opts: Omit<LabOptions, 'seed'> = {}): Generator<number, Lab> {
    const boot = Lab.creating(topology, { ...opts, seed: saved.seed, epoch: saved.epoch, zone: saved.zone, lesson: saved.lesson });
    let r = boot.next();
    for (; !r.done; r = boot.next()) yield 0;
    const lab = r.value;
    for (const e of saved.entries) lab.journal.entries.push(e);
    yield 0;
    yield* lab.replaySteps(0, saved.end);
    return lab;
  }

  now(): number {
    return this.world.clock.now;
  }
  version(): number {
    return this.versions;
  }
  hostNames(): string[] {
    return (this.world.hosts as Host[]).map((h) => h.name);
  }
  nextEventAt(): number {
    return this.world.clock.next();
  }

  /** Lets `us` microseconds pass. advance(a + b) equals advance(a); advance(b). */
  advance(us: number): void {
    this.advanceTo(this.world.clock.now + us);
  }

  private advanceTo(until: number): void {
    if (this.world.clock.next() <= until) this.versions++;
    this.world.advance(until);
  }

  /** Runs events until `untilUs` or until `budget()` says stop; true when time stands at `untilUs`. */
  advanceSlice(untilUs: number, budget: () => boolean): boolean {
    const w = this.world;
    let n = 0;
    while (w.step(untilUs)) {
      this.versions++;
      if ((++n & 3) === 0 && budget()) return false;
    }
    if (w.clock.now < untilUs) w.clock.now = untilUs;
    return true;
  }

  /** The host named so. Throws NoSuchHost. */
  private host(name: string): Host {
    const h = (this.world.hosts as Host[]).find((x) => x.name === name);
    if (h === undefined) throw new NoSuchHost(name);
    return h;
  }

  /** Opens one more terminal; its index on that host. */
  openTerminal(host: string): number {
    const tty = this.host(host).ttys.length;
    this.act({ do: 'openTerminal', host, tty });
    return tty;
  }

  /** Typed bytes (UTF-8 byte string) reach a terminal now. */
  type(host: string, tty: number, bytes: Bytes): void {
    const h = this.host(host);
    const t = h.ttys[tty];
    if (t === undefined) throw new NoSuchHost(`${host} tty ${tty}`);
    this.advanceTo(this.now()); // what is due at this instant comes first, in replays too
    const entry: TypedEntry = { seq: this.journal.entries.length + 1, at: this.now(), host, tty, bytes };
    if (/[\r\n]/.test(bytes) && shellAtPrompt(h, tty)) entry.command = true;
    this.beforeEntry(entry);
    this.journal.entries.push(entry);
    this.apply(entry);
  }

  /** Closes the previous command's output and takes a checkpoint when a command begins. */
  private beforeEntry(entry: Entry): void {
    if (!('bytes' in entry) || entry.command === undefined) return;
    this.closeOutput(entry.host, entry.tty);
    if (this.checkpoints.count === 0 || (this.replaying && !this.checkpoints.due(this.world)) || generatorsLive(this.world)) return;
    this.checkpoints.add(entry.seq - 1, this.world, this.open);
  }

  private closeOutput(host: string, tty: number): void {
    const key = `${host} ${tty}`;
    const was = this.open.get(key);
    if (was === undefined) return;
    this.open.delete(key);
    const text = this.host(host).ttys[tty]!.since(was.from);
    const out: [number, number] = [hash32(text), text.length];
    const known = was.entry.out;
    if (known !== undefined && (known[0] !== out[0] || known[1] !== out[1])) this.differences.push({ seq: was.entry.seq, host, tty, shown: text });
    else was.entry.out = out;
  }

  private apply(entry: Entry): void {
    this.versions++;
    if ('undo' in entry) return;
    if ('action' in entry) {
      this.perform(entry.action);
      return;
    }
    const h = this.host(entry.host);
    const t = h.ttys[entry.tty];
    if (t === undefined) return;
    if (entry.command) this.open.set(`${entry.host} ${entry.tty}`, { entry, from: t.shown });
    shellInput(h, entry.tty, entry.bytes, ttyTyped);
    if (entry.command && entry.line === undefined && /[\x00-\x1f\x7f]/.test(this.lineOf(entry))) entry.line = enteredLine(h, entry.tty);
  }

  resize(host: string, tty: number, cols: number, rows: number): void {
    const t = this.host(host).ttys[tty];
    if (t !== undefined && (t.cols !== cols || t.rows !== rows)) this.act({ do: 'resize', host, tty, cols, rows });
  }

  /** The command in the foreground waits for keys (a question, a shell at the other end of ssh). */
  terminalReads(host: string, tty: number): boolean {
    return readsKeys(this.host(host), tty);
  }

  /** Terminals of a host that have a screen, in order; a program's pseudo-terminals (ssh) are not among them. */
  terminals(host: string): number[] {
    return this.host(host).ttys.filter((t) => t.getty).map((t) => t.index);
  }

  /** Bytes shown since the cursor `from` (0 at first). After an undo or reset they begin with a terminal reset. */
  terminalOutput(host: string, tty: number, from: number): { bytes: Bytes; next: number } {
    const t = this.host(host).ttys[tty];
    if (t === undefined) return { bytes: '', next: from };
    const base = this.generation * GENERATION;
    const fresh = from < base || from > base + t.shown;
    const bytes = fresh ? `${from === 0 ? '' : '\x1bc'}${t.since(0)}` : t.since(from - base);
    return { bytes, next: base + t.shown };
  }

  /** A command runs in the foreground (the shell is not at its prompt). */
  terminalBusy(host: string, tty: number): boolean {
    const h = this.host(host);
    return h.ttys[tty] !== undefined && !shellAtPrompt(h, tty);
  }

  terminalEditor(host: string, tty: number): ReturnType<typeof editorOf> {
    return editorOf(this.host(host), tty);
  }
  /** Saves what the editor pane holds (Unicode); the editor's message. */
  editorSave(host: string, tty: number, text: string): string {
    this.act({ do: 'editorSave', host, tty, text });
    return editorOf(this.host(host), tty)?.message ?? '';
  }
  editorQuit(host: string, tty: number): void {
    this.act({ do: 'editorQuit', host, tty, force: true });
  }

  /** Runs a command line as root in /root. Not journalled: for forks, checks and replays. */
  exec(host: string, line: string, opts: ExecOptions = {}): ExecResult {
    this.versions++;
    return execLine(this.world, this.host(host), line, opts, this.noteRan);
  }

  /** The same in steps: time passes between them, and nobody else may move this lab meanwhile. */
  executing(host: string, line: string, opts: ExecOptions = {}): Steps<ExecResult> {
    this.versions++;
    return executingLine(this.world, this.host(host), line, opts, this.noteRan);
  }

  /** Command lines run on this very lab beside its terminals, oldest first, the newest of them. A fork begins without. */
  ran(): readonly Ran[] {
    return this.errands;
  }
  private readonly noteRan = (r: Ran): void => {
    if (this.errands.push(r) > ERRANDS) this.errands.shift();
  };

  /** Lets `us` microseconds pass in steps of a few events. */
  *passing(us: number): Steps<void> {
    const until = this.world.clock.now + us;
    let n = 0;
    while (!this.advanceSlice(until, () => (++n & 3) === 0)) yield;
  }

  /** Does `work` on this fork as far as `at` (us): what would come later stays undone. The trace is that of `whole`, a fork on which the same work was done to its end. */
  asFarAs(at: number, work: Iterator<unknown>, whole: Lab): void {
    this.world.haltAt = at;
    try {
      while (!work.next().done) { /* on to the next step */ }
    } catch (e) {
      if (!(e instanceof Halted)) throw e;
    } finally {
      this.world.haltAt = Number.POSITIVE_INFINITY;
    }
    this.advanceTo(Math.max(at, this.now()));
    this.reader = whole.reader;
    this.versions++;
  }

  /** Starts a command line as `exec` does and lets no time pass: it runs as the clock goes on. */
  begin(host: string, line: string): Started {
    this.versions++;
    return startLine(this.host(host), line, this.noteRan);
  }

  /** Does something to the lab and notes it in the journal. */
  act(action: Action): void {
    this.advanceTo(this.now());
    const entry: Entry = { seq: this.journal.entries.length + 1, at: this.now(), action };
    if ('host' in action && action.host !== undefined) this.host(action.host);
    this.journal.entries.push(entry);
    if (action.do === 'reset') this.rebuild(0);
    else this.apply(entry);
  }

  private perform(a: Action): void {
    switch (a.do) {
      case 'plug':
      case 'unplug': {
        const h = this.host(a.host);
        const dev = h.kernel.devByName(a.iface);
        if (dev !== undefined) setCarrier(h.kernel, dev, a.do === 'plug');
        return;
      }
      case 'impair': {
        const h = this.host(a.host);
        if (h.kernel.devByName(a.iface) !== undefined) configureCable(h.kernel, a.iface, a);
        return;
      }
      case 'browse':
        browse(this.host(a.host), a.url, a.keepAlive);
        return;
      case 'power':
        powerHost(this.host(a.host), a.on);
        return;
      case 'reboot':
        rebootHost(this.host(a.host));
        return;
      case 'editFile':
        try {
          putFile(this.host(a.host), a.path, a.text);
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
        }
        return;
      case 'editorSave':
      case 'editorOpen':
      case 'editorQuit':
        editorDoes(this.host(a.host), a);
        return;
      case 'resize': {
        const t = this.host(a.host).ttys[a.tty];
        if (t !== undefined) {
          t.cols = a.cols;
          t.rows = a.rows;
        }
        return;
      }
      case 'openTerminal': {
        const h = this.host(a.host);
        openShell(h, screenTty(h, a.tty ?? h.ttys.length).index);
        return;
      }
      case 'answer':
      case 'reset':
        return;
    }
  }

  /** Takes back the last entered command or action; null when there is none. */
  undo(): { text: string; host: string } | null {
    const target = lastUndoable(this.journal);
    if (target === null) return null;
    const what = this.nameOf(target);
    this.journal.entries.push({ seq: this.journal.entries.length + 1, at: this.now(), undo: target.seq });
    this.rebuild(touchedFrom(this.journal));
    return what;
  }

  /** Does again what the last undo took back; null when something was done since. */
  redo(): { text: string; host: string } | null {
    const what = this.nextRedo();
    if (what === null) return null;
    this.journal.entries.push({ seq: this.journal.entries.length + 1, at: this.now(), undo: lastUndo(this.journal)!.seq });
    this.rebuild(touchedFrom(this.journal));
    return what;
  }

  /** What `undo` would take back. */
  nextUndo(): { text: string; host: string } | null {
    const e = lastUndoable(this.journal);
    return e === null ? null : this.nameOf(e);
  }
  /** What `redo` would bring back. */
  nextRedo(): { text: string; host: string } | null {
    const u = lastUndo(this.journal);
    return u === null ? null : this.nameOf(this.journal.entries[u.undo - 1]!);
  }

  /** An entry for people: the command line or the kind of action, and its host. */
  private nameOf(e: Entry): { text: string; host: string } {
    if ('bytes' in e) return { text: this.lineOf(e), host: e.host };
    return 'action' in e ? { text: e.action.do, host: 'host' in e.action ? (e.action.host ?? '') : '' } : { text: '', host: '' };
  }

  /** The keys of a command's line as typed, without its Enter. */
  private lineOf(target: TypedEntry): string {
    if (target.line !== undefined) return target.line;
    const parts: string[] = [target.bytes];
    for (let n = target.seq - 1; n >= 1; n--) {
      const e = this.journal.entries[n - 1]!;
      if (!('bytes' in e) || e.host !== target.host || e.tty !== target.tty) continue;
      if (e.command) break;
      parts.unshift(e.bytes);
    }
    return parts.join('').replace(/[\r\n]+$/, '');
  }

  /** Goes back before entry `seq` and does again what is still in force. */
  private rebuild(seq: number): void {
    const until = this.now();
    this.checkpoints.cut(seq);
    const from = this.checkpoints.newest();
    if (from === undefined) return;
    const trace = this.world.trace;
    this.world = worldFork(from.world);
    this.world.trace.adopt(trace);
    this.reader = new TraceReader(this.world);
    this.open = new Map(from.open);
    this.generation++;
    this.replayFrom(from.seq, until);
  }

  /**
   * This lab as it was at `at` (us): another lab, made from the newest checkpoint by doing the journal again; this one does not move. `entries` says how many
   * of the entries in force count (default: all up to `at`). Its `trace()` is this lab's and knows what came later too. `near`, a lab that this gave before and
   * that nobody has touched since, is used up to go on from there when that is shorter.
   */
  rewound(at: number, opts: { near?: Lab | null; entries?: number } = {}): Lab {
    const kept = effective(this.journal);
    let n = opts.entries ?? kept.length;
    while (n > 0 && kept[n - 1]!.at > at) n--;
    const from = this.checkpoints.before(at, n === 0 ? 0 : n < kept.length ? kept[n]!.seq - 1 : this.journal.entries.length);
    if (from === undefined) throw new Error('a lab without terminals has no past');
    const { near } = opts;
    const usable = near !== undefined && near !== null && near.rewoundOf === this.reader && near.now() <= at && near.journal.entries.length <= n && near.now() >= from.world.clock.now;
    const past = usable ? near : this.pastFrom(from.world, from.open, kept.filter((e) => e.seq <= from.seq));
    past.replaying = true;
    for (let i = past.journal.entries.length; i < n; i++) {
      const e: Entry = { ...kept[i]!, seq: i + 1 };
      past.advanceTo(Math.max(e.at, past.now()));
      past.beforeEntry(e);
      past.journal.entries.push(e);
      past.apply(e);
    }
    past.advanceTo(Math.max(at, past.now()));
    past.replaying = false;
    past.versions++;
    return past;
  }
  /** Of a rewound lab: the reader of the lab it was made of. */
  private rewoundOf: TraceReader | null = null;

  private pastFrom(world: World, open: ReadonlyMap<string, Open>, done: readonly Entry[]): Lab {
    const j = newJournal(this.topology, this.seed, this.journal.epoch, this.journal.zone, this.journal.lesson);
    const past = new Lab(this.topology, this.seed, worldFork(world), j);
    done.forEach((e, i) => void j.entries.push({ ...e, seq: i + 1 }));
    for (const [key, o] of open) past.open.set(key, { entry: j.entries[done.indexOf(o.entry)] as TypedEntry, from: o.from });
    past.rewoundOf = past.reader = this.reader;
    return past;
  }

  /** Makes a lab that `rewound` gave a lab of its own: it goes on from its instant, with only what was in force by then in its journal. This lab keeps what it is. */
  branch(past: Lab): Lab {
    if (past.rewoundOf !== this.reader) throw new Error('not a rewound lab of this one');
    const kept = effective(this.journal);
    past.checkpoints = this.checkpoints.upTo(past.now(), (seq) => kept.filter((e) => e.seq <= seq).length);
    past.rewoundOf = null;
    past.world.trace.adopt(this.world.trace.copy());
    past.reader = new TraceReader(past.world);
    past.generation = this.generation + 1;
    return past;
  }

  /** Entered commands and actions in force, oldest first. `entry` counts the entries in force before it; `began` is when its first key was typed. */
  deeds(): { host: string; text: string; at: number; began: number; entry: number }[] {
    const kept = effective(this.journal);
    const out: { host: string; text: string; at: number; began: number; entry: number }[] = [];
    kept.forEach((e, n) => {
      if (!undoable(e)) return;
      let first = n;
      if ('bytes' in e) while (first > 0 && keyOf(kept[first - 1]!, e.host, e.tty)) first--;
      out.push({ ...this.nameOf(e), at: e.at, began: kept[first]!.at, entry: first });
    });
    return out;
  }

  private replayFrom(seq: number, until: number): void {
    for (const _ of this.replaySteps(seq, until)) { /* all at once */ }
  }

  private *replaySteps(seq: number, until: number): Generator<number, void> {
    this.replaying = true;
    try {
      const kept = effective(this.journal);
      for (let n = countUpTo(kept, seq); n < kept.length; n++) {
        const e = kept[n]!;
        this.advanceTo(Math.max(e.at, this.now()));
        this.beforeEntry(e);
        this.apply(e);
        yield e.seq;
      }
      if (until > this.now()) this.advanceTo(until);
    } finally {
      this.replaying = false;
    }
    this.versions++;
  }

  /** A copy that shares nothing with this lab; its trace is empty, running programs stay behind. */
  fork(): Lab {
    const lab = new Lab(this.topology, this.seed, worldFork(this.world), newJournal(this.topology, this.seed, this.journal.epoch, this.journal.zone, this.journal.lesson));
    return lab;
  }

  /** One fork for each order in which this host's IPVS services could have been listed, with the accidents (`serviceHash`) that give it. */
  forksByServiceOrder(host: string): { hashes: number[]; lab: Lab }[] {
    return ipVsServiceOrders(this.host(host).kernel).map((hashes) => {
      const lab = this.fork();
      lab.host(host).kernel.serviceHash = hashes[0]!;
      return { hashes, lab };
    });
  }

  /** The journal as text, with the time it was saved at. */
  snapshot(): string {
    this.journal.end = this.now();
    return printJournal(this.journal);
  }

  trace(): TraceView {
    return this.reader;
  }
  /** A capture at one interface from now on. Throws NoSuchHost. */
  capture(point: CapturePoint): Capture {
    return new Capture(this.world, point, this.host(point.host).index);
  }

  /** Frames as a capture file that Wireshark reads; the lost ones are left out. */
  pcap(frames: readonly number[]): Uint8Array {
    return pcapOf(frames.flatMap((id) => {
      const bytes = this.reader.bytes(id);
      return bytes === null ? [] : [{ at: this.reader.frame(id)!.at, bytes }];
    }), this.world.epoch);
  }

  links(): LinkView[] {
    return this.world.kernels.flatMap((k, n) =>
      k.devs.filter((d) => d.segment >= 0).map((d) => ({ host: (this.world.hosts[n] as Host).name, iface: d.name, segment: this.world.segments[d.segment]!.name, up: d.up, plugged: d.carrier })),
    );
  }
  topologyView(): { segments: { name: string; subnet: string }[]; hosts: { name: string; role: string }[] } {
    return { segments: this.world.segments.map((s) => ({ name: s.name, subnet: s.subnet })), hosts: this.topology.hosts.map((h) => ({ name: h.name, role: h.role ?? '' })) };
  }
  /** A snapshot; the same object until the lab moves, so never to be changed. */
  hostView(name: string): HostView {
    const stamp = `${this.versions} ${this.world.clock.now}`;
    if (this.seen.stamp !== stamp) this.seen = { stamp, views: new Map() };
    let v = this.seen.views.get(name);
    if (v === undefined) {
      const h = this.host(name);
      const made = hostView(h, this.topology.hosts.find((x) => x.name === name), []);
      // Units are read from files, which few who look at a host want.
      let units: HostView['units'] | null = null;
      Object.defineProperty(made, 'units', { enumerable: true, configurable: true, get: () => (units ??= unitViews(h)) });
      v = made;
      this.seen.views.set(name, v);
    }
    return v;
  }
  /** The same for who looks at one thing: each part is made when asked for, as the host stands then. */
  look(name: string): ReturnType<typeof hostParts> {
    return hostParts(this.host(name));
  }
  /** Programs run that a fork would leave behind. */
  programsRun(): boolean {
    return generatorsLive(this.world);
  }
  /** Is the host up? */
  running(name: string): boolean {
    return this.host(name).running;
  }
  /** Would this host answer ARP questions for `vip` from its cables, as its settings stand? */
  /** Settings of a host by a part of their name. */
  sysctlFind(host: string, text: string, limit = 100): HostView['sysctl'] {
    return sysctlFind(this.host(host).kernel, text, limit);
  }

  /** Delay of the cable behind a card, us. */
  cableDelay(host: string, dev: string): number {
    return this.host(host).kernel.devByName(dev)?.delayUs ?? 0;
  }

  /** The page in the browser of a host; null when none was opened. */
  page(host: string): Page | null {
    return this.host(host).browser?.page ?? null;
  }

  answersArpFor(host: string, vip: string): boolean {
    return answersArpFor(this.host(host).kernel, vip);
  }
  /** Content of a file as Unicode-agnostic bytes; null when it cannot be read. */
  readFile(host: string, path: string): Bytes | null {
    const v = this.host(host).vfs;
    try {
      const f = v.open(null, path, { read: true }, 0);
      return f.kind === 'inode' ? (f.snapshot ?? v.data(f.ino)) : null;
    } catch (e) {
      if (e instanceof SysError) return null;
      throw e;
    }
  }
  /** Mode bits and attributes of a file; null when there is none. */
  fileInfo(host: string, path: string): { mode: number; attrs: string; type: string; uid: number } | null {
    const v = this.host(host).vfs;
    try {
      const found = v.lookup(null, path);
      const s = v.stat(null, path);
      return { mode: s.mode & 0o7777, attrs: found.node.inode?.attrs ?? '', type: s.type, uid: s.uid };
    } catch (e) {
      if (e instanceof SysError) return null;
      throw e;
    }
  }
  /** Commands entered at prompts so far, undone ones left out. */
  commands(): { host: string; text: string; at: number }[] {
    return effective(this.journal)
      .filter((e) => 'bytes' in e && e.command === true)
      .map((e) => ({ host: (e as { host: string }).host, text: this.lineOf(e as TypedEntry), at: e.at }));
  }
  /** The newest answer to each quiz question, by its id. */
  answers(): Record<string, string> {
    return answersOf(this.journal);
  }
  /** What of the lab a check may look at, as a hash: see relevant.ts. */
  relevant(also: RelevantAlso = {}): string {
    return relevantOf(this.world, also);
  }
  /** The same in steps, a host each. */
  relevantSteps(also: RelevantAlso = {}): Generator<void, string> {
    return relevantSteps(this.world, also);
  }
  /** Accounts for every frame copy. */
  ledger(): Ledger {
    return ledgerOf(this.world, DROP_REASONS);
  }
}
