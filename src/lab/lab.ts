// THE API of a lab: create it from a topology, let time pass, type, act, look, fork, save, take back.
import type { Host } from '../host/host';
import { ttyTyped } from '../host/tty_read';
import { SysError } from '../lib/errno';
import { hash32 } from '../lib/rng';
import type { Bytes } from '../lib/text';
import { DROP_REASONS } from '../kernel/drop_reason';
import { setCarrier } from '../kernel/ipv4/devinet';
import type { World } from '../kernel/world';
import { bootWorld } from './boot';
import { Capture } from './capture';
import { putFile } from './configure';
import { editorOf, quitEditor, saveEditor } from './editor';
import { type ExecOptions, type ExecResult, execLine, type Started, startLine } from './exec';
import { generatorsLive, worldFork } from './fork';
import { type Action, answersOf, effective, type Entry, type Journal, lastUndoable, newJournal, printJournal, type TypedEntry } from './journal';
import { ledgerOf, type Ledger } from './ledger';
import { openShell, powerHost, rebootHost, shellAtPrompt, shellInput, unitViews } from './doors';
import { type RelevantAlso, relevantOf } from './relevant';
import type { CapturePoint } from './scenario';
import type { Topology } from './topology';
import { TraceReader, type TraceView } from './trace';
import { answersArpFor, type HostView, hostView, type LinkView } from './views';

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

interface Checkpoint { seq: number; world: World; open: Map<string, Open> }
interface Open { entry: TypedEntry; from: number }

const DEFAULT_EPOCH = 1_767_225_600;
const CHECKPOINTS = 8;
/** Cursor of a terminal: generation above, bytes shown below. */
const GENERATION = 2 ** 36;

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
  private checkpoints: Checkpoint[] = [];
  private open = new Map<string, Open>();
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
    const epoch = opts.epoch ?? DEFAULT_EPOCH;
    const { world, complaints } = bootWorld(topology, { seed: opts.seed, epoch });
    const lab = new Lab(topology, opts.seed, world, newJournal(topology, opts.seed, epoch, opts.zone ?? 'Asia/Shanghai', opts.lesson ?? ''));
    lab.complaints = complaints;
    for (const s of opts.start ?? []) {
      const r = execLine(world, lab.host(s.host), s.line, { timeoutUs: 60_000_000 });
      if (r.stuck || r.timedOut) complaints.push(`${s.host}# ${s.line}: did not end`);
    }
    if (opts.terminals !== false) {
      for (const h of world.hosts as Host[]) openShell(h, h.newTty().index);
      world.advance(world.clock.now + 200_000);
      lab.checkpoints.push({ seq: 0, world: worldFork(world), open: new Map() });
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
    const lab = Lab.create(topology, { ...opts, seed: saved.seed, epoch: saved.epoch, zone: saved.zone, lesson: saved.lesson });
    lab.journal.entries.push(...saved.entries);
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
    while (w.clock.next() <= untilUs) {
      w.step();
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
    this.act({ do: 'openTerminal', host });
    return this.host(host).ttys.length - 1;
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
    if (!generatorsLive(this.world) && this.checkpoints.length > 0 && !this.replaying) {
      this.checkpoints.push({ seq: this.journal.entries.length, world: worldFork(this.world), open: new Map(this.open) });
      if (this.checkpoints.length > CHECKPOINTS) this.checkpoints.splice(1, 1);
    }
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
  }

  resize(host: string, tty: number, cols: number, rows: number): void {
    const t = this.host(host).ttys[tty];
    if (t !== undefined && (t.cols !== cols || t.rows !== rows)) this.act({ do: 'resize', host, tty, cols, rows });
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

  terminalEditor(host: string, tty: number): { path: string; text: string; flavour: 'vim' | 'nano'; readOnly: boolean; message: string } | null {
    return editorOf(this.host(host), tty);
  }
  /** Saves what the editor pane holds (Unicode); the editor's message. */
  editorSave(host: string, tty: number, text: string): string {
    this.act({ do: 'editorSave', host, tty, text });
    return editorOf(this.host(host), tty)?.message ?? '';
  }
  editorQuit(host: string, tty: number): void {
    this.act({ do: 'editorQuit', host, tty });
  }

  /** Runs a command line as root in /root. Not journalled: for forks, checks and replays. */
  exec(host: string, line: string, opts: ExecOptions = {}): ExecResult {
    this.versions++;
    return execLine(this.world, this.host(host), line, opts);
  }

  /** Starts a command line as `exec` does and lets no time pass: it runs as the clock goes on. */
  begin(host: string, line: string): Started {
    this.versions++;
    return startLine(this.host(host), line);
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
        saveEditor(this.host(a.host), a.tty, a.text, a.force ?? false);
        return;
      case 'editorQuit':
        quitEditor(this.host(a.host), a.tty);
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
        openShell(h, h.newTty().index);
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
    const typed = 'bytes' in target ? this.lineOf(target) : 'action' in target ? target.action.do : '';
    this.journal.entries.push({ seq: this.journal.entries.length + 1, at: this.now(), undo: target.seq });
    const kept = new Set(effective(this.journal).map((e) => e.seq));
    const firstGone = this.journal.entries.find((e) => !kept.has(e.seq))!.seq;
    this.rebuild('action' in target && target.action.do === 'reset' ? 0 : Math.min(firstGone, target.seq));
    return { text: typed, host: 'host' in target ? target.host : 'action' in target && 'host' in target.action ? (target.action.host ?? '') : '' };
  }

  /** The keys of a command's line as typed, without its Enter. */
  private lineOf(target: TypedEntry): string {
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
    while (this.checkpoints.length > 1 && this.checkpoints.at(-1)!.seq >= seq) this.checkpoints.pop();
    const from = this.checkpoints.at(-1);
    if (from === undefined) return;
    const trace = this.world.trace;
    this.world = worldFork(from.world);
    this.world.trace.adopt(trace);
    this.reader = new TraceReader(this.world);
    this.open = new Map(from.open);
    this.generation++;
    this.replayFrom(from.seq, until);
  }

  private replayFrom(seq: number, until: number): void {
    for (const _ of this.replaySteps(seq, until)) { /* all at once */ }
  }

  private *replaySteps(seq: number, until: number): Generator<number, void> {
    this.replaying = true;
    try {
      for (const e of effective(this.journal)) {
        if (e.seq <= seq) continue;
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
  /** Programs run that a fork would leave behind. */
  programsRun(): boolean {
    return generatorsLive(this.world);
  }
  /** Is the host up? */
  running(name: string): boolean {
    return this.host(name).running;
  }
  /** Would this host answer ARP questions for `vip` from its cables, as its settings stand? */
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
  /** Accounts for every frame copy. */
  ledger(): Ledger {
    return ledgerOf(this.world, DROP_REASONS);
  }
}
