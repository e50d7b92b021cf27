// One machine: a kernel and the userland on it. Linux counterpart: what `kernel/sched`, `kernel/fork.c` and an installed system are together.
import type { Kernel } from '../kernel/kernel';
import { Ev, type World } from '../kernel/world';
import type { Daemon } from './daemons/daemon';
import { closeFd } from './descriptors';
import type { Image } from './images/image';
import type { NfsClient } from './nfs/client';
import type { Browser } from './page';
import { isExhausted } from '../lib/exhausted';
import { Interrupted, Killed, Process, type Program, SIG, type Wait } from './process';
import { Tty } from './tty';
import type { Units } from './unit';
import type { Vfs } from './vfs';

/** Program names to programs; a frozen object, so that forks share it. */
export interface Programs {
  get(name: string): Program | undefined;
}

/** What is left to say of a process that has ended. */
export interface Ended {
  status: number;
  signal: number;
  unit: string;
  daemon: number;
}

/** fork+exec takes this long, us. */
export const EXEC_US = 1000;

/** A machine. Plain data; behaviour of programs is looked up in the world's frozen program table. */
export class Host {
  procs = new Map<number, Process>();
  ttys: Tty[] = [];
  vfs!: Vfs;
  units!: Units;
  /** Daemons by id, and the last id given. */
  daemons = new Map<number, Daemon>();
  daemonIds = 0;
  /** The NFS client; null while nothing was ever mounted. */
  nfs: NfsClient | null = null;
  /** Names of installed packages. */
  packages = new Set<string>();
  /** The browser opened on it, with its page; null when none is. */
  browser: Browser | null = null;
  /** False while it is switched off or boots. */
  running = true;
  /** Pids a wait queue will wake. */
  private sleepers = new Map<number, number[]>();
  private queues = 0;
  private pids = 300;

  constructor(
    readonly world: World,
    readonly index: number,
    /** Name in the topology; `kernel.hostname` is what `hostname` prints. */
    readonly name: string,
    /** Replaced when the host loses power. */
    public kernel: Kernel,
    readonly image: Image,
    /** All programs this build knows; frozen, shared by every host and fork. */
    readonly programs: Programs,
  ) {}

  /** A new wait queue id of this host. */
  newQueue(): number {
    return ++this.queues;
  }

  newTty(): Tty {
    const tty = new Tty(this.ttys.length, this.newQueue());
    this.ttys.push(tty);
    return tty;
  }

  /** A new process row as a child of `parent` (null: of init): inherits environment, directory, descriptors, terminal. */
  fork(parent: Process | null): Process {
    const p = new Process(this, ++this.pids);
    p.startedAt = this.world.clock.now;
    if (parent !== null) {
      p.ppid = parent.pid;
      p.pgid = parent.pgid;
      p.sid = parent.sid;
      p.uid = parent.uid;
      p.gid = parent.gid;
      p.comm = parent.comm;
      p.argv = parent.argv;
      p.env = new Map(parent.env);
      p.cwd = parent.cwd;
      p.umask = parent.umask;
      p.tty = parent.tty;
      p.ignored = new Set(parent.ignored);
      for (const [fd, file] of parent.fds) {
        file.refs++;
        p.fds.set(fd, file);
      }
    }
    this.procs.set(p.pid, p);
    return p;
  }

  /** Lets `p` run `program`; it first runs after `delay` us (a fork and exec by default). */
  start(p: Process, run: Process['run'], delay = EXEC_US): void {
    p.run = run;
    p.state = 'R';
    this.world.clock.push(this.world.clock.now + delay, Ev.run, this.index, p.pid, null);
  }

  /** Wakes all who sleep on a queue. */
  wake(queue: number): void {
    const pids = this.sleepers.get(queue);
    if (pids === undefined) return;
    this.sleepers.delete(queue);
    for (const pid of pids) this.wakeProcess(pid);
  }

  private wakeProcess(pid: number): void {
    const p = this.procs.get(pid);
    if (p === undefined || p.state !== 'S') return;
    this.leaveQueues(p);
    p.state = 'R';
    this.world.clock.push(this.world.clock.now, Ev.run, this.index, pid, null);
  }

  private leaveQueues(p: Process): void {
    for (const q of p.waiting) {
      const pids = this.sleepers.get(q);
      if (pids === undefined) continue;
      const rest = pids.filter((x) => x !== p.pid);
      if (rest.length === 0) this.sleepers.delete(q);
      else this.sleepers.set(q, rest);
    }
    p.waiting = [];
    p.sleepId++;
  }

  /** Runs a process until it sleeps or ends (handler of Ev.run). */
  resume(pid: number): void {
    const p = this.procs.get(pid);
    if (p === undefined || p.run === null || p.state !== 'R') return;
    const run = p.run;
    let step: IteratorResult<Wait, number>;
    const fatal = this.fatalSignal(p);
    if (fatal === 0 && this.nfs?.holds(p)) return;
    try {
      step = fatal === 0 ? run.next() : run.throw(new Killed(fatal));
    } catch (e) {
      // Memory that ran out is the OOM killer's; a system call broken by a signal that the program had no plan for ends it as that signal would.
      const signal = e instanceof Killed ? e.signal : isExhausted(e) ? SIG.KILL : e instanceof Interrupted ? (p.pending[0] ?? SIG.INT) : 0;
      if (signal === 0) throw e;
      p.signal = signal;
      this.exit(p, 128 + signal);
      return;
    }
    if (!step.done) this.sleepOn(p, step.value);
    // A shell that went back to its prompt has put its generator away and lives on.
    else if (p.run === run && !this.nfs?.settles(p, step.value)) this.exit(p, step.value & 255);
  }

  /** Puts a process to sleep; for the host's own parts. */
  sleepOn(p: Process, wait: Wait): void {
    p.state = 'S';
    p.waiting = wait.on;
    p.sleepId++;
    for (const q of wait.on) {
      const pids = this.sleepers.get(q);
      if (pids === undefined) this.sleepers.set(q, [p.pid]);
      else pids.push(p.pid);
    }
    if (wait.until !== Number.POSITIVE_INFINITY) this.world.clock.push(wait.until, Ev.timeout, this.index * 65536 + p.sleepId % 65536, p.pid, null);
    if (p.pending.length > 0) this.deliver(p);
  }

  /** A sleep's time is over (handler of Ev.timeout). */
  timeout(sleepIdLow: number, pid: number): void {
    const p = this.procs.get(pid);
    if (p !== undefined && p.state === 'S' && p.sleepId % 65536 === sleepIdLow) this.wakeProcess(pid);
  }

  /** The pending signal that kills `p`, or 0. */
  private fatalSignal(p: Process): number {
    for (const s of p.pending) {
      if (p.caught.has(s)) continue;
      return s;
    }
    return 0;
  }

  /** Sends a signal (kernel/signal.c): ignored, caught, stopping, continuing or killing. */
  kill(p: Process, signal: number): void {
    if (p.state === 'Z' || signal === 0 || p.pid === 1) return;
    if (signal === SIG.CONT) {
      p.pending = p.pending.filter((s) => s !== SIG.TSTP && s !== SIG.STOP);
      if (p.state === 'T') {
        p.state = 'S';
        p.signal = 0;
        this.wakeProcess(p.pid);
      }
      return;
    }
    if (signal !== SIG.KILL && signal !== SIG.STOP) {
      if (p.ignored.has(signal)) return;
      const ignoredByDefault = signal === SIG.CHLD || signal === SIG.WINCH || signal === SIG.URG;
      if (ignoredByDefault && !p.caught.has(signal)) return;
    }
    const stops = signal === SIG.STOP || ((signal === SIG.TSTP || signal === SIG.TTIN || signal === SIG.TTOU) && !p.caught.has(signal));
    if (stops) {
      if (p.state === 'S' || p.state === 'R') {
        this.leaveQueues(p);
        p.state = 'T';
        p.signal = signal;
        p.stopReported = false;
        this.notifyParent(p);
      }
      return;
    }
    if (!p.pending.includes(signal)) p.pending.push(signal);
    this.deliver(p);
  }

  private deliver(p: Process): void {
    if (p.run === null) {
      if (p.daemon !== 0 && p.pending.some((s) => p.caught.has(s))) this.world.clock.push(this.world.clock.now, Ev.processSignal, this.index, p.pid, null);
      // A row without a generator: a daemon, a shell at its prompt, or frozen in a fork. Only what it does not catch ends it.
      if (this.fatalSignal(p) !== 0) {
        p.signal = this.fatalSignal(p);
        this.exit(p, 128 + p.signal);
      }
      return;
    }
    if (p.state === 'T' && p.pending.includes(SIG.KILL)) p.state = 'S';
    if (p.state === 'S') this.wakeProcess(p.pid);
  }

  /** Ends a process: closes descriptors, gives children to init, tells the parent. */
  exit(p: Process, status: number): void {
    if (p.state === 'Z') return;
    this.leaveQueues(p);
    p.run = null;
    p.status = status;
    p.state = 'Z';
    const tty = p.tty >= 0 ? this.ttys[p.tty] : undefined;
    if (tty !== undefined && tty.shellPid === p.pid) {
      tty.shellPid = 0;
      tty.foreground = 0;
      if (this.running) this.world.clock.push(this.world.clock.now, Ev.session, this.index, 1, null);
    }
    if (p.unit !== '' || p.daemon !== 0) {
      const ended: Ended = { status, signal: p.signal, unit: p.unit, daemon: p.daemon };
      this.world.clock.push(this.world.clock.now, Ev.processEnded, this.index, p.pid, ended);
    }
    for (const fd of [...p.fds.keys()]) closeFd(p, fd);
    for (const c of this.procs.values()) {
      if (c.ppid !== p.pid) continue;
      c.ppid = 1;
      if (c.state === 'Z') this.procs.delete(c.pid);
    }
    this.notifyParent(p);
  }

  private notifyParent(p: Process): void {
    const parent = this.procs.get(p.ppid);
    // init reaps whatever becomes its child, and so does a daemon's master
    if (parent === undefined || parent.pid === 1 || parent.daemon !== 0) {
      if (p.state === 'Z') this.procs.delete(p.pid);
      return;
    }
    this.wake(parent.childQueue);
    this.kill(parent, SIG.CHLD);
  }

  /** Power is cut: nothing of userland is left but files. Terminals stay plugged in, with nobody behind them. */
  powerOff(kernel: Kernel): void {
    this.kernel = kernel;
    this.running = false;
    for (const p of this.procs.values()) p.run = null;
    this.procs.clear();
    this.sleepers.clear();
    this.daemons.clear();
    this.nfs?.powerOff();
    this.browser = null;
    this.pids = 300;
    for (const t of this.ttys) {
      t.foreground = 0;
      t.shellPid = 0;
      t.input = '';
      t.line = '';
      t.eof = false;
      t.canonical = t.echo = t.isig = t.icrnl = true;
      t.editor = null;
      t.master = null;
      t.away = '';
    }
  }

  /** The program a name of the image's executables stands for; undefined when this build has none. */
  program(name: string): Program | undefined {
    return this.programs.get(name);
  }
}
